/** Tells the station of each change of the supervisor and of the readiness, and only of changes. */
import { distinctUntilChanged, map, type Observable } from 'rxjs';
import type { FromController } from '../../protocols/messages.ts';
import type { Cause } from '../../protocols/supervision.ts';
import { ABSENT } from '../safety/checks.ts';
import { policy } from '../safety/policy.ts';
import type { ControlLoop, Cycle } from './control-loop.ts';

export type StateNews = Extract<FromController, { type: 'state' }>;
export type ReadinessNews = Extract<FromController, { type: 'readiness' }>;

/** Cycles are reused records, so the newest news is kept and compared, and made anew only when something changed. */
export function watchSupervisor(cycle$: Observable<Cycle>): Observable<StateNews> {
  let news: StateNews | null = null;
  return cycle$.pipe(
    map(({ output: { state, action, cause, readyBlocker } }) => {
      if (news === null || news.state !== state || news.action !== action || news.cause !== cause || news.readyBlocker !== readyBlocker)
        news = { type: 'state', state, action, cause, readyBlocker };
      return news;
    }),
    distinctUntilChanged(),
  );
}

const blocks: readonly boolean[] = policy.map(({ blocksArming }) => blocksArming);

/** The robot itself names the first cause; a person wants the whole list. */
export function watchReadiness(loop: Pick<ControlLoop, 'cycle$' | 'findings'>): Observable<ReadinessNews> {
  const present = policy.map(() => false);
  let news: ReadinessNews | null = null;
  return loop.cycle$.pipe(
    map(() => {
      const changed = look(loop.findings, present);
      if (news === null || changed) news = { type: 'readiness', blockers: causesOf(present) };
      return news;
    }),
    distinctUntilChanged(),
  );
}

/** A line without a finding counts as present, as it does in the table. @returns whether something changed */
function look(findings: Int32Array, present: boolean[]): boolean {
  let changed = false;
  for (let line = 0; line < blocks.length; line++) {
    const now = blocks[line] === true && findings[line] !== ABSENT;
    if (now !== present[line]) changed = true;
    present[line] = now;
  }
  return changed;
}

/** Several lines may tell of one cause. */
const causesOf = (present: readonly boolean[]): Cause[] => [...new Set(policy.filter((_, line) => present[line] === true).map(({ cause }) => cause))];
