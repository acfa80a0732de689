/** When an alarm sounds, and what it sounds like: bursts after IEC 60601-1-8, table 3. */
import type { PreparationNews } from '../../protocols/preparation.ts';
import { causePriority } from '../app/causes.ts';
import type { LinkState, Supervision } from '../state/station-state.ts';

/** Low ones are shown and not heard. */
export type AudiblePriority = 'high' | 'medium';

export interface AlarmFacts {
  readonly link: LinkState;
  readonly supervision: Supervision | null;
  readonly sessionOpen: boolean;
  readonly preparation: PreparationNews | undefined;
}

/** The emergency stop that a self-test asks for is no alarm. */
export const estopIsTested = (news: PreparationNews | undefined): boolean => news?.step === 'estop' && (news.status === 'waiting' || news.status === 'running');

export function alarmOf({ link, supervision, sessionOpen, preparation }: AlarmFacts): AudiblePriority | null {
  if (link === 'down') return sessionOpen ? 'high' : null;
  if (link === 'waiting') return sessionOpen ? 'medium' : null;
  if (supervision === null || (supervision.state !== 'stopped' && supervision.state !== 'emergency') || estopIsTested(preparation)) return null;
  const priority = supervision.state === 'emergency' ? 'high' : causePriority(supervision.cause);
  return priority === 'low' ? null : priority;
}

export interface Pulse {
  readonly atSec: number;
  readonly lengthSec: number;
}

/** Pulse length, pause between pulses, and after which pulse a longer pause follows, s. Own values inside the table's. */
const HIGH = { pulseSec: 0.15, pauseSec: 0.1, afterThirdSec: 0.35, afterFifthSec: 0.6 };
const MEDIUM = { pulseSec: 0.2, pauseSec: 0.2 };
/** A burst comes again after this time. */
export const REPEAT_SEC: Readonly<Record<AudiblePriority, number>> = { high: 6, medium: 12 };

/** High: ten pulses, 3 + 2 and again; medium: three. */
export function burst(priority: AudiblePriority): Pulse[] {
  const pulses: Pulse[] = [];
  let atSec = 0;
  for (let n = 1; n <= (priority === 'high' ? 10 : 3); n++) {
    const lengthSec = priority === 'high' ? HIGH.pulseSec : MEDIUM.pulseSec;
    pulses.push({ atSec, lengthSec });
    const pauseSec = priority === 'medium' ? MEDIUM.pauseSec : n % 5 === 3 ? HIGH.afterThirdSec : n % 5 === 0 ? HIGH.afterFifthSec : HIGH.pauseSec;
    atSec += lengthSec + pauseSec;
  }
  return pulses;
}
