/** What the same patient reached before in the same assessment on the same robot, to stand beside a result. Pure. */
import type { AssessmentOutcome, KnownAssessment, ToldResult } from '../../protocols/assessment-outcome.ts';
import { sameSettings } from './conditions.ts';

export interface EarlierResult {
  readonly sessionId: string;
  readonly startedAt: string;
  readonly value: number;
  readonly atLeast: boolean;
  /** From then to now; null: nothing is told now, or one of both is only a lower bound. */
  readonly change: number | null;
  readonly otherSettings: boolean;
}

/** Own value: the newest ones; the others are in the history. */
const MOST = 3;

/** Those before a session, newest first, of the same robot, and simulated only beside simulated. */
export function earlierThan(known: readonly KnownAssessment[], sessionId: string, { kind, joint }: AssessmentOutcome): KnownAssessment[] {
  const own = known.find((assessment) => assessment.sessionId === sessionId);
  if (own === undefined) return [];
  return known
    .filter(({ startedAt, profileId, simulated, outcome }) => startedAt < own.startedAt && profileId === own.profileId && simulated === own.simulated && outcome.kind === kind && outcome.joint === joint)
    .sort((a, b) => (a.startedAt < b.startedAt ? 1 : -1));
}

export function earlierOf(result: ToldResult, before: readonly KnownAssessment[]): EarlierResult[] {
  const found = before.flatMap(({ sessionId, startedAt, outcome }) => {
    const then = outcome.results.find(({ name, joint, direction }) => name === result.name && joint === result.joint && direction === result.direction);
    if (then === undefined || then.value === null) return [];
    const change = result.value === null || result.atLeast || then.atLeast ? null : result.value - then.value;
    return [{ sessionId, startedAt, value: then.value, atLeast: then.atLeast, change, otherSettings: !sameSettings(result, then) }];
  });
  return found.slice(0, MOST);
}
