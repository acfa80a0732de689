/** Tells the station of each change of the supervisor, and only of changes. */
import { distinctUntilChanged, map, type Observable } from 'rxjs';
import type { FromController } from '../../protocols/messages.ts';
import type { Cycle } from './control-loop.ts';

export type StateNews = Extract<FromController, { type: 'state' }>;

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
