/** What was done, in six numbers, each against the patient's previous session and honest about what a change means. */
import type { ComponentChildren } from 'preact';
import type { SessionDetail, SessionListItem, SessionMetrics } from '../../protocols/api.ts';
import { formatDistance, formatDuration, formatNumber, textOf } from '../app/language.ts';
import { stopWords } from './event-words.ts';
import { clockText, earlierMoment, signed } from './figures.ts';
import { headlineChange, headlineIds, headlineValue, type Change, type HeadlineId } from './headline.ts';
import { StepBars } from './step-bars.tsx';
import { clinicianTexts } from './texts.ts';
import { stopsOf } from './timeline.ts';
import { mpsToKmh } from '../../protocols/units.ts';

export interface HeadlineCardsProps {
  readonly detail: SessionDetail;
  readonly metrics: SessionMetrics;
  readonly before: SessionDetail | null;
  /** This patient's sessions up to this one, oldest first. */
  readonly course: readonly SessionListItem[];
  /** How many sessions this patient has had on this robot, this one included. */
  readonly nth: number;
}

export function HeadlineCards({ detail, metrics, before, course, nth }: HeadlineCardsProps) {
  const texts = textOf(clinicianTexts);
  return (
    <section class="cl-headline" aria-label={texts.headlineNumbers}>
      {headlineIds.map((id) => {
        const note = <ChangeNote id={id} change={headlineChange(id, metrics, before?.metrics ?? null)} detail={detail} before={before} />;
        return (
          <article key={id} class="cl-panel cl-card" data-headline={id}>
            <h2>
              {texts.headline[id]}
              {id === 'cadence' && metrics.strideTimeSec !== null && ` · ${texts.strideTime} ${formatNumber(metrics.strideTimeSec, 2)} s`}
            </h2>
            {id === 'steps' && course.length > 1 && <StepBars sessions={course} currentId={detail.session.id} heightPx={26} />}
            <p class="cl-figure">
              <HeadlineFigure id={id} metrics={metrics} />
              {id === 'stops' && <span class="cl-change">{note}</span>}
            </p>
            {id !== 'stops' && <p class="cl-change">{note}</p>}
            <p class="cl-beside">{besideText(id, { detail, metrics, before, nth })}</p>
          </article>
        );
      })}
    </section>
  );
}

function HeadlineFigure({ id, metrics }: { readonly id: HeadlineId; readonly metrics: SessionMetrics }) {
  const value = headlineValue(id, metrics);
  const { stepsPerMin } = textOf(clinicianTexts);
  if (id === 'distanceM') {
    const distance = formatDistance(value);
    return <Figure value={distance.value} unit={distance.unit} />;
  }
  if (id === 'upTimeSec') return <Figure value={formatDuration(value)} />;
  if (id === 'guidance') return <Figure value={formatNumber(value === null ? null : value * 100)} unit="%" />;
  if (id === 'cadence') return <Figure value={formatNumber(value, 1)} unit={stepsPerMin} />;
  return <Figure value={formatNumber(value)} {...(id === 'steps' ? { testId: 'metric-steps' } : {})} />;
}

function Figure({ value, unit, testId }: { readonly value: string; readonly unit?: string; readonly testId?: string }): ComponentChildren {
  return (
    <>
      <b data-testid={testId}>{value}</b>
      {unit !== undefined && <small> {unit}</small>}
    </>
  );
}

interface ChangeNoteProps {
  readonly id: HeadlineId;
  readonly change: Change;
  readonly detail: SessionDetail;
  readonly before: SessionDetail | null;
}

function ChangeNote({ id, change, detail, before }: ChangeNoteProps) {
  const { change: words } = textOf(clinicianTexts);
  if (change.kind === 'first' || before === null) return <span class="cl-muted">{words.first}</span>;
  if (change.kind === 'missing') return <span class="cl-muted">{words.missing}</span>;
  const date = earlierMoment(before.session.startedAt, detail.session.startedAt);
  if (change.kind === 'same') return <span class="cl-muted">{words.same(date)}</span>;
  return (
    <>
      <b class={change.kind === 'counted' && isMoreTraining(id, change.by) ? 'cl-more' : undefined}>{changeFigure(id, change.by)}</b>{' '}
      <span class="cl-muted">{words.since(date)}</span>
    </>
  );
}

/** Green is kept for a larger dose; every other change is stated without a verdict. */
const isMoreTraining = (id: HeadlineId, by: number): boolean => by > 0 && (id === 'steps' || id === 'distanceM' || id === 'upTimeSec');

function changeFigure(id: HeadlineId, by: number): string {
  const { points } = textOf(clinicianTexts);
  if (id === 'upTimeSec') return `${by > 0 ? '+' : '−'}${formatDuration(Math.abs(Math.round(by)))}`;
  if (id === 'distanceM') return Math.abs(by) < 1000 ? `${signed(by)} m` : `${signed(by / 1000, 2)} km`;
  if (id === 'guidance') return `${signed(by * 100)} ${points}`;
  return signed(by, id === 'cadence' ? 1 : 0);
}

interface Beside {
  readonly detail: SessionDetail;
  readonly metrics: SessionMetrics;
  readonly before: SessionDetail | null;
  readonly nth: number;
}

function besideText(id: HeadlineId, { detail, metrics, before, nth }: Beside): string {
  const texts = textOf(clinicianTexts);
  if (id === 'steps') return texts.nthSession(nth);
  if (id === 'distanceM') return texts.meanSpeed(formatNumber(metrics.meanSpeedMps === null ? null : mpsToKmh(metrics.meanSpeedMps), 1));
  if (id === 'upTimeSec') return `${texts.walked} ${formatDuration(metrics.walkTimeSec)}`;
  if (id === 'guidance') return texts.fullGuidance;
  if (id === 'cadence') return headlineChange(id, metrics, before?.metrics ?? null).kind === 'measured' ? texts.change.detectableUnknown : '';
  return stopText(detail, metrics.stops);
}

function stopText(detail: SessionDetail, count: number): string {
  const texts = textOf(clinicianTexts);
  const [first, ...others] = stopsOf(detail.events);
  if (first === undefined) return count === 0 ? texts.noStop : '';
  const more = others.length > 0 ? ` ${texts.andMore(others.length)}` : '';
  return `${clockText(first.atSec)} ${stopWords(first)}${more}`;
}
