/** One session: what was done, how it looked, what changed and why, and the recording to replay. */
import { useCallback, useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { SessionDetail, SessionListItem, SessionMetrics, SessionReplay } from '../../protocols/api.ts';
import { profileSchema, type RobotProfile } from '../../protocols/profile.ts';
import { textOf } from '../app/language.ts';
import { AssessmentResults } from '../assessment/assessment-results.tsx';
import { EnteredWalks } from '../assessment/entered-walks.tsx';
import { GameSummary } from '../game/game-summary.tsx';
import { CurvesPanel } from './curves-panel.tsx';
import { EventList } from './event-list.tsx';
import { jointName } from './event-words.ts';
import { HeadlineCards } from './headline-cards.tsx';
import { courseUpTo, earlierSessions } from './headline.ts';
import { IntegrityLine } from './integrity-line.tsx';
import { FailureNotice, Loading } from './notices.tsx';
import { loadEnteredWalks, loadReplay, loadSession } from './records-client.ts';
import { replayEndSec } from './replay-clock.ts';
import { createReplayPlayer } from './replay-player.ts';
import { ReplayStage } from './replay-stage.tsx';
import { SessionHeader } from './session-header.tsx';
import { labelJoint } from './side-comparison.ts';
import { SideTable } from './side-table.tsx';
import { clinicianTexts } from './texts.ts';
import { TimelinePanel } from './timeline-panel.tsx';
import { useLoaded, type Request } from './use-loaded.ts';
import { useSummaryWait } from './use-summary.ts';

const COURSE_LENGTH = 8;

export interface SessionPageProps {
  readonly sessionId: string;
  /** All sessions, to find what this one can be compared with. */
  readonly sessions: readonly SessionListItem[];
}

export function SessionPage({ sessionId, sessions }: SessionPageProps) {
  const [detail, reload] = useLoaded(sessionId, loadSession);
  const status = sessions.find((session) => session.id === sessionId)?.status;
  // The list notices first when a recording ends.
  const statusBefore = useRef(status);
  useEffect(() => {
    if (statusBefore.current === 'recording' && status !== 'recording') reload();
    statusBefore.current = status;
  }, [status, reload]);
  const waiting = useSummaryWait(detail, reload);
  if (detail.phase === 'loading') return <Loading />;
  if (detail.phase === 'failed') return <FailureNotice failure={detail.failure} retry={reload} />;
  return <LoadedSession detail={detail.value} sessions={sessions} waiting={waiting} />;
}

interface LoadedSessionProps {
  readonly detail: SessionDetail;
  readonly sessions: readonly SessionListItem[];
  /** Its numbers are still being worked out. */
  readonly waiting: boolean;
}

function LoadedSession({ detail, sessions, waiting }: LoadedSessionProps) {
  const texts = textOf(clinicianTexts);
  const earlier = useMemo(() => earlierSessions(sessions, detail.session), [sessions, detail]);
  const [chosenId, setChosenId] = useState<string | null | undefined>(undefined);
  const comparedId = chosenId === undefined ? (earlier[0]?.id ?? null) : chosenId;
  const [compared] = useLoaded(comparedId, loadSession);
  const before = comparedId !== null && compared.phase === 'ready' ? compared.value : null;
  const course = useMemo(() => courseUpTo(sessions, detail.session, COURSE_LENGTH), [sessions, detail]);
  const [walks, reloadWalks] = useLoaded(detail.patient.id, loadEnteredWalks);
  const { metrics } = detail;
  return (
    <article class="cl-page" data-testid="session-page">
      <SessionHeader detail={detail} walks={walks.phase === 'ready' ? walks.value : null} earlier={earlier} comparedId={comparedId} onCompare={setChosenId} />
      {metrics === null ? (
        <p class="cl-panel cl-notice" role="status">
          {waiting && <span class="cl-spinner" aria-hidden="true" />}
          {withoutMetrics(detail, waiting)}
        </p>
      ) : (
        <>
          {metrics.assessment === undefined ? (
            <HeadlineCards detail={detail} metrics={metrics} before={before} course={course} nth={earlier.length + 1} />
          ) : (
            <div class="cl-panel cl-note">
              <AssessmentResults outcome={metrics.assessment} sessionId={detail.session.id} patientId={detail.session.patientId} nameOf={jointName} />
            </div>
          )}
          {metrics.games === undefined ? null : (
            <div class="cl-panel cl-note">
              <GameSummary games={metrics.games} />
            </div>
          )}
          <RecordedSession detail={detail} metrics={metrics} before={before} />
        </>
      )}
      <div class="cl-panel cl-note">
        <EnteredWalks patientId={detail.patient.id} birthDate={detail.patient.birthDate} known={walks} reload={reloadWalks} />
      </div>
      {detail.note !== '' && (
        <section class="cl-panel cl-note">
          <h2>{texts.note}</h2>
          <p>{detail.note}</p>
        </section>
      )}
      <IntegrityLine detail={detail} />
    </article>
  );
}

function withoutMetrics(detail: SessionDetail, waiting: boolean): string {
  const { closedOnly } = textOf(clinicianTexts);
  const { status } = detail.session;
  if (status === 'recording' || status === 'lost') return closedOnly[status];
  return waiting ? closedOnly.waiting : closedOnly.noMetrics;
}

interface RecordedSessionProps {
  readonly detail: SessionDetail;
  readonly metrics: SessionMetrics;
  readonly before: SessionDetail | null;
}

/** The parts that share the replay's clock. */
function RecordedSession({ detail, metrics, before }: RecordedSessionProps) {
  const [request, reload] = useLoaded(detail.session.id, useCallback(loadReplay, []));
  const player = useMemo(createReplayPlayer, []);
  useEffect(() => () => player.dispose(), [player]);
  const replay = request.phase === 'ready' && request.value.timeSec.length > 0 ? request.value : null;
  const profile = useMemo(() => (replay === null ? null : profileOf(replay)), [replay]);
  useEffect(() => player.setEnd(replay === null ? metrics.durationSec : replayEndSec(replay)), [player, replay, metrics]);
  const jointSides = useMemo(() => metrics.joints.map((joint) => labelJoint(joint.jointId, profile).side ?? 'left'), [metrics, profile]);
  return (
    <>
      <div class="cl-look">
        <CurvesPanel detail={detail} before={before} />
        {replay !== null && profile !== null ? (
          <ReplayStage player={player} replay={replay} profile={profile} events={detail.events} meanSpeedMps={metrics.meanSpeedMps ?? 0} />
        ) : (
          <ReplayMissing request={request} reload={reload} />
        )}
      </div>
      <TimelinePanel
        player={player}
        events={detail.events}
        durationSec={metrics.durationSec}
        replay={replay}
        jointSides={jointSides}
        softStartSec={profile?.therapy.softStartSec ?? 0}
      />
      <div class="cl-numbers">
        <SideTable detail={detail} metrics={metrics} before={before} />
        <EventList events={detail.events} player={player} />
      </div>
    </>
  );
}

function profileOf(replay: SessionReplay): RobotProfile | null {
  const parsed = profileSchema.safeParse(replay.profile);
  return parsed.success ? parsed.data : null;
}

function ReplayMissing({ request, reload }: { readonly request: Request<SessionReplay>; readonly reload: () => void }) {
  const { replay } = textOf(clinicianTexts);
  return (
    <section class="cl-panel cl-replay" aria-label={replay.title}>
      {request.phase === 'loading' && <Loading />}
      {request.phase === 'failed' && <FailureNotice failure={request.failure} retry={reload} />}
      {request.phase === 'ready' && <p class="cl-notice">{replay.unavailable}</p>}
    </section>
  );
}
