/** Whose session this is and when; what it is compared with; report and export. */
import type { SessionDetail, SessionListItem } from '../../protocols/api.ts';
import type { EnteredWalk } from '../../protocols/entered-walk.ts';
import { formatDate, formatTime, textOf } from '../app/language.ts';
import { shortDate, spanText } from './figures.ts';
import { download, sessionCsv } from './session-csv.ts';
import { StatusBadge } from './status-badge.tsx';
import { clinicianTexts } from './texts.ts';

export interface SessionHeaderProps {
  readonly detail: SessionDetail;
  /** Of the patient, entered by hand; null: not read. */
  readonly walks: readonly EnteredWalk[] | null;
  readonly earlier: readonly SessionListItem[];
  readonly comparedId: string | null;
  readonly onCompare: (id: string | null) => void;
}

export function SessionHeader({ detail, walks, earlier, comparedId, onCompare }: SessionHeaderProps) {
  const texts = textOf(clinicianTexts);
  const { session, patient } = detail;
  return (
    <header class="cl-head">
      <h1>
        {patient.displayName}
        {patient.demo && <span class="cl-tag">{texts.demo}</span>}
        {session.simulated && (
          <span class="cl-tag" title={texts.simulatedMeaning}>
            {texts.simulated}
          </span>
        )}
        <StatusBadge status={session.status} />
      </h1>
      <div class="cl-tools">
        {earlier.length > 0 && detail.metrics !== null && (
          <label class="cl-compare">
            <span class="visually-hidden">{texts.compareWith}</span>
            <select value={comparedId ?? ''} onChange={(event) => onCompare(event.currentTarget.value === '' ? null : event.currentTarget.value)}>
              <option value="">{texts.noComparison}</option>
              {earlier.map((other) => (
                <option key={other.id} value={other.id}>
                  {texts.change.since(`${shortDate(other.startedAt, new Date())}, ${formatTime(other.startedAt)}`)}
                </option>
              ))}
            </select>
          </label>
        )}
        {detail.metrics !== null && (
          <>
            <button type="button" class="cl-button" onClick={() => download(`dari-${session.id}.csv`, sessionCsv(detail, walks))}>
              {texts.exportCsv}
            </button>
            <button type="button" class="cl-button cl-button-main" onClick={() => print()}>
              {texts.print}
            </button>
          </>
        )}
      </div>
      <p>
        <b>{spanText(session.startedAt, session.endedAt)}</b>
        {` · ${texts.born} ${formatDate(patient.birthDate)} · ${patient.recordNumber} · ${patient.diagnosis}`}
      </p>
    </header>
  );
}
