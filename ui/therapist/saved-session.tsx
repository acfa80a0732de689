/** After a session: that it is saved, where to find it, and of an assessment what came of it. */
import { language, textOf } from '../app/language.ts';
import { routeHash } from '../app/route.ts';
import { useStation } from '../app/station-context.ts';
import { AssessmentResults } from '../assessment/assessment-results.tsx';
import { assessmentTexts } from '../assessment/texts.ts';
import { loadSession } from '../clinician/records-client.ts';
import { useLoaded } from '../clinician/use-loaded.ts';
import { useSummaryWait } from '../clinician/use-summary.ts';
import type { FinishedSession } from '../state/operator.ts';
import { liveTexts } from './texts.ts';

function Result({ sessionId }: { readonly sessionId: string }) {
  const words = textOf(assessmentTexts);
  const { state } = useStation();
  const [detail, reload] = useLoaded(sessionId, loadSession);
  const waiting = useSummaryWait(detail, reload);
  if (detail.phase === 'loading' || waiting) return <p class="picker-note" role="status">{words.reading}</p>;
  const ready = detail.phase === 'ready' ? detail.value : null;
  const outcome = ready?.metrics?.assessment;
  if (ready === null || outcome === undefined) return <p class="picker-note" role="alert">{words.noResult}</p>;
  const nameOf = (jointId: string): string => state.profile.value?.joints.find(({ id }) => id === jointId)?.name[language.value] ?? jointId;
  return <AssessmentResults outcome={outcome} sessionId={sessionId} patientId={ready.session.patientId} nameOf={nameOf} />;
}

export function SavedSession({ session }: { readonly session: FinishedSession }) {
  const words = textOf(liveTexts);
  return (
    <>
      <div class="session-saved" role="status">
        <svg viewBox="0 0 24 24" width="22" height="22" aria-hidden="true" fill="none" stroke="currentColor" stroke-width="2.4" stroke-linecap="round" stroke-linejoin="round">
          <path d="M5 12.500l4.500 4.500L19 7.500" />
        </svg>
        <strong>{words.sessionSaved}</strong>
        <a href={routeHash({ room: 'history', sessionId: session.id })} data-testid="open-in-history">{words.openInHistory}</a>
      </div>
      {session.assessment ? <Result sessionId={session.id} /> : null}
    </>
  );
}
