/** The History room: the list of sessions at the left, one session or every patient's progress beside it. */
import { useCallback, useEffect } from 'preact/hooks';
import type { SessionListItem } from '../../protocols/api.ts';
import { textOf } from '../app/language.ts';
import { routeHash } from '../app/route.ts';
import './clinician.css';
import './session-list.css';
import './session-page.css';
import './headline-cards.css';
import './stride-chart.css';
import './tables.css';
import './replay.css';
import './print.css';
import { EmptyNotice, FailureNotice, Loading } from './notices.tsx';
import { ProgressOverview } from './progress-overview.tsx';
import { loadSessions } from './records-client.ts';
import { SessionList } from './session-list.tsx';
import { SessionPage } from './session-page.tsx';
import { clinicianTexts } from './texts.ts';
import { useLoaded, type Request } from './use-loaded.ts';

const REFRESH_WHILE_RECORDING_MS = 3_000;
/** A session that ended so recently may still be waiting for its numbers. */
const JUST_ENDED_MS = 120_000;

export function ClinicianRoom({ sessionId }: { readonly sessionId: string | null }) {
  const load = useCallback((_key: string, abort: AbortSignal) => loadSessions(abort), []);
  const [sessions, reload] = useLoaded<SessionListItem[]>('all', load);
  useFreshness(sessions, reload);
  return (
    <div class="clinician" data-theme="light">
      <SessionList sessions={sessions} selectedId={sessionId} reload={reload} />
      <div class="cl-main">
        {sessionId === null ? (
          <Overview sessions={sessions} reload={reload} />
        ) : (
          <SessionPage key={sessionId} sessionId={sessionId} sessions={sessions.phase === 'ready' ? sessions.value : []} />
        )}
      </div>
    </div>
  );
}

function Overview({ sessions, reload }: { readonly sessions: Request<SessionListItem[]>; readonly reload: () => void }) {
  const texts = textOf(clinicianTexts);
  if (sessions.phase === 'loading') return <Loading />;
  if (sessions.phase === 'failed') return <FailureNotice failure={sessions.failure} retry={reload} />;
  if (sessions.value.length > 0) return <ProgressOverview sessions={sessions.value} />;
  return (
    <EmptyNotice title={texts.emptyTitle} what={texts.emptyDo}>
      <a class="cl-button cl-button-main" href={routeHash({ room: 'live' })}>
        {texts.toLive}
      </a>
    </EmptyNotice>
  );
}

function isChanging({ status, steps, endedAt }: SessionListItem): boolean {
  if (status === 'recording') return true;
  return steps === null && endedAt !== null && Date.now() - Date.parse(endedAt) < JUST_ENDED_MS;
}

/** The list follows a running session, and is read again when the page comes back into view. */
function useFreshness(sessions: Request<SessionListItem[]>, reload: () => void): void {
  const changing = sessions.phase === 'ready' && sessions.value.some(isChanging);
  useEffect(() => {
    const onVisible = (): void => {
      if (document.visibilityState === 'visible') reload();
    };
    document.addEventListener('visibilitychange', onVisible);
    const timer = changing ? setInterval(reload, REFRESH_WHILE_RECORDING_MS) : undefined;
    return () => {
      document.removeEventListener('visibilitychange', onVisible);
      clearInterval(timer);
    };
  }, [changing, reload]);
}
