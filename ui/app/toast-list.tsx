/** Messages at the foot of the page, away from STOP; read out by screen readers. */
import { liveTexts } from '../therapist/texts.ts';
import { dismissToast, toasts } from '../state/toasts.ts';
import { textOf } from './language.ts';

export function ToastList() {
  const words = textOf(liveTexts);
  return (
    <div class="toasts" role="status" aria-live="polite" aria-label={words.stationMessage}>
      {toasts.value.map((toast) => (
        <div key={toast.id} class="toast" data-tone={toast.tone} data-testid="toast">
          <p>{toast.text}</p>
          <button type="button" aria-label={words.dismiss} onClick={() => dismissToast(toast.id)}>
            <svg viewBox="0 0 24 24" width="18" height="18" aria-hidden="true">
              <path d="M6 6l12 12M18 6L6 18" stroke="currentColor" stroke-width="2.2" stroke-linecap="round" />
            </svg>
          </button>
        </div>
      ))}
    </div>
  );
}
