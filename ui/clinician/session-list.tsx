/** The left column: all sessions, newest first, by day, searchable by patient. */
import { useRef, useState } from 'preact/hooks';
import type { SessionListItem } from '../../protocols/api.ts';
import { formatNumber, formatTime, language, textOf } from '../app/language.ts';
import { routeHash } from '../app/route.ts';
import { FailureNotice, Loading } from './notices.tsx';
import { byDay, matchPatient } from './session-search.ts';
import { StatusBadge } from './status-badge.tsx';
import { clinicianTexts } from './texts.ts';
import type { Request } from './use-loaded.ts';

export interface SessionListProps {
  readonly sessions: Request<readonly SessionListItem[]>;
  readonly selectedId: string | null;
  readonly reload: () => void;
}

export function SessionList({ sessions, selectedId, reload }: SessionListProps) {
  const texts = textOf(clinicianTexts);
  const [query, setQuery] = useState('');
  const list = useRef<HTMLDivElement>(null);
  const shown = sessions.phase === 'ready' ? matchPatient(sessions.value, query) : [];
  const any = sessions.phase === 'ready' && sessions.value.length > 0;
  return (
    <nav class="cl-list" aria-label={texts.sessions}>
      <div class="cl-list-head">
        <h2>{texts.sessions}</h2>
        <span class="cl-muted" role="status">
          {sessions.phase === 'ready' ? texts.found(shown.length) : ''}
        </span>
        <button type="button" class="cl-icon-button" onClick={reload} aria-label={texts.refresh} title={texts.refresh}>
          <RefreshIcon />
        </button>
      </div>
      <input
        type="search"
        class="cl-search"
        placeholder={texts.search}
        aria-label={texts.search}
        value={query}
        onInput={(event) => setQuery(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'ArrowDown') moveFocus(list.current, event, 1);
        }}
      />
      <div class="cl-rows" ref={list} onKeyDown={(event) => onArrow(list.current, event)}>
        {sessions.phase === 'loading' && <Loading />}
        {sessions.phase === 'failed' && <FailureNotice failure={sessions.failure} retry={reload} />}
        {byDay(shown, language.value).map(({ day, sessions: ofDay }) => (
          <section key={day} aria-label={day}>
            <h3>{day}</h3>
            <ul>
              {ofDay.map((session) => (
                <li key={session.id}>
                  <SessionRow session={session} selected={session.id === selectedId} />
                </li>
              ))}
            </ul>
          </section>
        ))}
        {any && shown.length === 0 && (
          <div class="cl-notice cl-notice-small">
            <p>{texts.noMatch(query)}</p>
            <button type="button" class="cl-button" onClick={() => setQuery('')}>
              {texts.clearSearch}
            </button>
          </div>
        )}
      </div>
    </nav>
  );
}

function SessionRow({ session, selected }: { readonly session: SessionListItem; readonly selected: boolean }) {
  const texts = textOf(clinicianTexts);
  return (
    <a
      class="cl-row"
      data-testid="session-row"
      data-session-id={session.id}
      href={routeHash({ room: 'history', sessionId: session.id })}
      aria-current={selected ? 'page' : undefined}
    >
      <strong>{session.patientName}</strong>
      <span class="cl-row-steps">{session.steps !== null && texts.steps(formatNumber(session.steps))}</span>
      <span class="cl-row-meta">
        <span>{formatTime(session.startedAt)}</span>
        {session.simulated && <span title={texts.simulatedMeaning}>{texts.simulated}</span>}
      </span>
      <StatusBadge status={session.status} />
    </a>
  );
}

const RefreshIcon = () => (
  <svg viewBox="0 0 20 20" width="16" height="16" aria-hidden="true">
    <path
      d="M16 10a6 6 0 1 1-1.8-4.3M16 3v3.4h-3.4"
      fill="none"
      stroke="currentColor"
      stroke-width="1.8"
      stroke-linecap="round"
      stroke-linejoin="round"
    />
  </svg>
);

function onArrow(list: HTMLElement | null, event: KeyboardEvent): void {
  if (event.key === 'ArrowDown') moveFocus(list, event, 1);
  if (event.key === 'ArrowUp') moveFocus(list, event, -1);
}

function moveFocus(list: HTMLElement | null, event: KeyboardEvent, by: number): void {
  if (list === null) return;
  const rows = [...list.querySelectorAll<HTMLElement>('.cl-row')];
  const current = rows.findIndex((row) => row === document.activeElement);
  const next = rows[current < 0 ? 0 : Math.min(Math.max(current + by, 0), rows.length - 1)];
  next?.focus();
  event.preventDefault();
}
