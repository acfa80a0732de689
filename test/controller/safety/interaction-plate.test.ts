/** The same watch over footplates: of a push of the leg an axis of a plate feels a part, on which the rest of the body leans. */
import { describe, expect, it } from 'vitest';
import { InteractionWatch } from '../../../controller/safety/interaction.ts';
import { emptyJointCommand } from '../../../protocols/joints.ts';
import { sin } from '../../../protocols/math.ts';
import { emptyIntent } from '../../../protocols/session-log.ts';
import { footplates } from '../../sim/support/profile.ts';

const profile = footplates();
const PERIOD_US = 1e6 / profile.controlRateHz;
const STRIDE_CYCLES = 400;
const NEW = profile.joints.map(() => 1);
const place = (id: string): number => profile.joints.findIndex((joint) => joint.id === id);

/** Who stands on them, whose feet roll, or go along, otherwise in each stride by so much. */
function walker(rollNm = 0, swayNm = 0, steeperNm = 0) {
  const watch = new InteractionWatch(profile.joints);
  const view = { phase: 0, blend: 1, guidanceLeft: 1, guidanceRight: 1, freeLeft: 0, freeRight: 0, freeJoint: -1, changing: false, jolt: 0, groundNm: profile.joints.map(() => 0), planned: profile.joints.map(emptyJointCommand), measured: profile.joints.map(() => ({ velocityRadPerSec: 0.3 })) };
  const torqueNm = new Float64Array(profile.joints.length);
  let cycle = 0;
  const step = (joint = -1, extraNm = 0): boolean => {
    view.phase = ++cycle % STRIDE_CYCLES / STRIDE_CYCLES;
    const otherwise = sin(2 * Math.PI * 0.37 * Math.floor(cycle / STRIDE_CYCLES)) * sin(2 * Math.PI * view.phase);
    profile.joints.forEach(({ kind }, j) => (torqueNm[j] = (15 + steeperNm * Math.min(8, Math.max(0, cycle / STRIDE_CYCLES - 6))) * sin(2 * Math.PI * view.phase) + (kind === 'pitch' ? rollNm * otherwise : kind === 'foreAft' ? swayNm * otherwise : 0) + (j === joint ? extraNm : 0)));
    watch.update(torqueNm, NEW, view, emptyIntent(profile.joints.length), PERIOD_US);
    return watch.joints.some(({ suspected }) => suspected);
  };
  const run = (strides: number): boolean => Array.from({ length: strides * STRIDE_CYCLES }, () => step()).includes(true);
  /** @returns in which cycle a push that rises in ten is found */
  const found = (joint: number, pushNm: number): number => {
    for (let at = 1; at <= 50; at++) if (step(joint, pushNm * Math.min(1, at / 10))) return at;
    return Number.NaN;
  };
  return { view, run, found };
}

describe('in the watch over footplates', () => {
  it.each([
    ['foreAftLeft', 11],
    ['foreAftRight', -11],
  ])('%s is found pushed by %i Nm, though feet roll otherwise in each stride', (id, pushNm) => {
    const one = walker(8);
    expect(one.run(12)).toBe(false);
    expect(one.found(place(id), pushNm)).toBeLessThan(15);
  });

  it.each(profile.joints.map(({ id }, j) => [id, j] as const))('%s is not suspected of a twelfth of what it may be held with', (id, j) => {
    const one = walker();
    expect(one.run(12)).toBe(false);
    expect([id, one.found(j, profile.joints[j]!.interactionLimitNm / 12)]).toEqual([id, Number.NaN]);
  });

  it('who is known to go along otherwise in each stride, by up to 4 Nm, is let go further, to 11 Nm and not to 13', () => {
    for (const [pushNm, suspected] of [[11, false], [13, true]] as const) {
      const one = walker(0, 4);
      expect(one.run(20)).toBe(false);
      expect([pushNm, one.found(place('foreAftLeft'), pushNm) > 0]).toEqual([pushNm, suspected]);
    }
  });

  // The ground needs ten seconds to become a stair, some eight strides: six of a thousand strides ended in a spasm that was none.
  it('ground that becomes a stair is learned as it comes, and a push is found in it and after it', () => {
    const steeper = (changing: boolean, strides: number): ReturnType<typeof walker> & { readonly suspected: boolean } => {
      const one = walker(0, 0, 6);
      one.run(6);
      one.view.changing = changing;
      const suspected = one.run(Math.min(8, strides));
      one.view.changing = false;
      return { ...one, suspected: suspected || one.run(strides - 8) };
    };
    expect([steeper(false, 8).suspected, steeper(true, 8).suspected, steeper(true, 20).suspected]).toEqual([true, false, false]);
    // A steep pattern lets him be early or late by a fiftieth of a stride, here some 8 Nm.
    expect(steeper(true, 20).found(place('foreAftLeft'), 20)).toBeLessThan(15);
    const during = steeper(false, 0);
    during.view.changing = true;
    expect(during.run(4)).toBe(false);
    expect(during.found(place('foreAftLeft'), 40)).toBeLessThan(15);
  });

  it('who is known to roll his feet otherwise is let do so', () => {
    const one = walker(8);
    expect(one.run(12)).toBe(false);
    expect(one.found(place('pitchLeft'), 8)).toBeNaN();
  });
});
