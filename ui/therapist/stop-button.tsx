/**
 * STOP: one tap, acts as soon as it is touched, no dialog, always the same corner, the only white block on the screen.
 * It is not an emergency stop and does not look like one. It says what was observed, not what was asked for.
 */
import { textOf } from '../app/language.ts';
import { useStation } from '../app/station-context.ts';
import type { StopPhase } from '../state/stop-request.ts';
import type { LiveTexts } from './text-keys.ts';
import { liveTexts } from './texts.ts';
import './stop-button.css';

const phaseText = (words: LiveTexts): Readonly<Record<StopPhase, string>> => ({
  idle: words.stopSecond,
  requested: words.stopRequested,
  braking: words.stopBraking,
  standing: words.stopStanding,
  unconfirmed: words.stopUnconfirmed,
});

export function StopButton() {
  const words = textOf(liveTexts);
  const { state, operator } = useStation();
  const linkUp = state.link.value === 'up' || state.link.value === 'waiting';
  const { phase } = state.stop.value;
  const second = linkUp ? phaseText(words)[phase] : words.stopNoLink;
  const press = (event: PointerEvent): void => {
    if (event.button === 0) operator.stop();
  };
  const key = (event: KeyboardEvent): void => {
    if ((event.key === 'Enter' || event.key === ' ') && !event.repeat) operator.stop();
  };
  return (
    <button
      type="button"
      class="stop-button"
      data-testid="stop"
      data-phase={phase}
      data-link={linkUp ? 'up' : 'down'}
      aria-keyshortcuts="Escape"
      aria-label={[words.stop, second].filter((part) => part !== '').join(', ')}
      onPointerDown={press}
      onKeyDown={key}
    >
      <span class="stop-word">{words.stop}</span>
      <span class="stop-second" data-testid="stop-phase" aria-live="assertive">{second}</span>
    </button>
  );
}
