/** What the watch over the interaction is shown of a therapy; one record, filled in each cycle. */
import type { GaitView } from '../safety/gait-view.ts';
import type { Jolt } from '../safety/jolt.ts';
import type { Therapy } from '../therapy/therapy.ts';

export type GaitSeen = { -readonly [K in keyof GaitView]: GaitView[K] };

export const createGaitSeen = ({ desired }: Therapy, groundNm: GaitView['groundNm'], measured: GaitView['measured']): GaitSeen => ({
  phase: 0,
  blend: 0,
  guidanceLeft: 0,
  guidanceRight: 0,
  freeLeft: 0,
  freeRight: 0,
  freeJoint: -1,
  changing: false,
  jolt: 0,
  groundNm,
  planned: desired.joints,
  measured,
});

export function seeGait(seen: GaitSeen, therapy: Therapy, { share }: Pick<Jolt, 'share'>): GaitView {
  seen.phase = therapy.clock.phase;
  seen.blend = therapy.expected;
  seen.freeJoint = therapy.assessment?.joint ?? -1;
  seen.guidanceLeft = therapy.guidanceOf('left');
  seen.guidanceRight = therapy.guidanceOf('right');
  seen.freeLeft = therapy.freeOf('left');
  seen.freeRight = therapy.freeOf('right');
  seen.changing = therapy.changing === true;
  seen.jolt = share;
  return seen;
}
