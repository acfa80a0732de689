/** Whether a recording is whole: colour, sign and word, and what it means on hover. */
import type { SessionListItem } from '../../protocols/api.ts';
import { textOf } from '../app/language.ts';
import { clinicianTexts } from './texts.ts';

type Status = SessionListItem['status'];

const signs: Record<Status, string> = {
  recording: 'M10 5a5 5 0 1 0 0 10a5 5 0 0 0 0-10Z',
  sealed: 'm4 10.5 4 4 8-9',
  recovered: 'M5 10a5 5 0 1 1 1.6 3.7M5 16v-3h3',
  lost: 'm5.5 5.5 9 9m0-9-9 9',
};

export function StatusBadge({ status }: { readonly status: Status }) {
  const texts = textOf(clinicianTexts);
  return (
    <span class="cl-status" data-status={status} title={texts.statusMeaning[status]}>
      <svg viewBox="0 0 20 20" width="12" height="12" aria-hidden="true">
        <path
          d={signs[status]}
          fill={status === 'recording' ? 'currentColor' : 'none'}
          stroke="currentColor"
          stroke-width="2.4"
          stroke-linecap="round"
          stroke-linejoin="round"
        />
      </svg>
      {texts.status[status]}
    </span>
  );
}
