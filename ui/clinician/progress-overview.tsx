/** Every patient at a glance: how much was trained in each session, newest patient first. */
import type { SessionListItem } from '../../protocols/api.ts';
import { formatDate, formatDistance, formatDuration, formatNumber, textOf } from '../app/language.ts';
import { routeHash } from '../app/route.ts';
import { patientCourses, type PatientCourse } from './session-search.ts';
import { StepBars } from './step-bars.tsx';
import { clinicianTexts } from './texts.ts';

export function ProgressOverview({ sessions }: { readonly sessions: readonly SessionListItem[] }) {
  const texts = textOf(clinicianTexts);
  return (
    <section class="cl-overview" aria-labelledby="cl-overview-title">
      <h1 id="cl-overview-title">{texts.chooseTitle}</h1>
      <p class="cl-muted">{texts.chooseDo}</p>
      <div class="cl-courses">
        {patientCourses(sessions).map((course) => (
          <Course key={course.patientId} course={course} />
        ))}
      </div>
    </section>
  );
}

function Course({ course }: { readonly course: PatientCourse }) {
  const texts = textOf(clinicianTexts);
  const latest = course.sessions.at(-1);
  const distance = formatDistance(course.distanceM);
  return (
    <article class="cl-panel cl-course">
      <header>
        <h2>{course.patientName}</h2>
        <span class="cl-muted">{texts.sessionCount(course.sessions.length)}</span>
      </header>
      <p class="cl-caption">{texts.stepsPerSession}</p>
      <StepBars sessions={course.sessions.slice(-12)} currentId={latest?.id ?? null} heightPx={84} labelled />
      <dl class="cl-totals">
        <div>
          <dt>{texts.headline.steps}</dt>
          <dd>{formatNumber(course.sessions.reduce((sum, session) => sum + (session.steps ?? 0), 0))}</dd>
        </div>
        <div>
          <dt>{texts.totals.distance}</dt>
          <dd>
            {distance.value} <small>{distance.unit}</small>
          </dd>
        </div>
        <div>
          <dt>{texts.totals.time}</dt>
          <dd>{formatDuration(course.durationSec)}</dd>
        </div>
        <div>
          <dt>{texts.totals.last}</dt>
          <dd>{latest === undefined ? '–' : formatDate(latest.startedAt)}</dd>
        </div>
      </dl>
      {latest !== undefined && (
        <a class="cl-button" href={routeHash({ room: 'history', sessionId: latest.id })}>
          {texts.openLatest}
        </a>
      )}
    </article>
  );
}
