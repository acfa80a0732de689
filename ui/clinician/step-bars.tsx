/** Steps of a row of sessions as bars on one scale from zero; the one in question is filled. */
import type { SessionListItem } from '../../protocols/api.ts';
import { formatNumber, textOf } from '../app/language.ts';
import { shortDate } from './figures.ts';
import { clinicianTexts } from './texts.ts';

export interface StepBarsProps {
  /** Oldest first. */
  readonly sessions: readonly SessionListItem[];
  readonly currentId: string | null;
  readonly heightPx: number;
  readonly labelled?: boolean;
}

export function StepBars({ sessions, currentId, heightPx, labelled = false }: StepBarsProps) {
  const texts = textOf(clinicianTexts);
  const most = Math.max(1, ...sessions.map((session) => session.steps ?? 0));
  const now = new Date();
  const words = sessions.map(({ startedAt, steps }) => `${shortDate(startedAt, now)}: ${steps === null ? texts.noSteps : formatNumber(steps)}`);
  return (
    <div class="cl-bars" role="img" aria-label={`${texts.stepsPerSession}. ${words.join(', ')}`} style={{ height: `${heightPx}px` }}>
      {sessions.map((session, i) => (
        <div key={session.id} class="cl-bar" data-current={session.id === currentId} title={words[i]}>
          {labelled && <span>{session.steps === null ? '–' : formatNumber(session.steps)}</span>}
          <i style={{ height: `${Math.max(((session.steps ?? 0) / most) * 100, 2)}%` }} />
        </div>
      ))}
    </div>
  );
}
