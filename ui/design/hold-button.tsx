/** Press and hold 1–1.5 s, by finger, mouse or keyboard; the filling bar shows how far it is. */
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { holdIdle, holdPress, holdProgress, holdRelease, holdTick, type HoldState } from './hold-press.ts';
import { listenForPress } from './press.ts';
import './hold-button.css';

export interface HoldButtonProps {
  readonly label: string;
  /** The readable summary of what the hold will do. */
  readonly summary?: ComponentChildren;
  readonly holdMs?: number;
  readonly disabled?: boolean;
  readonly tone?: 'accent' | 'quiet';
  readonly testId?: string;
  readonly onHold: () => void;
}

export const HOLD_MS = 1_000;

/** Drives the state machine from frames and paints the progress straight onto the element. */
function createHold(element: HTMLElement, holdMs: number, onHold: () => void): { press(): void; release(): void } {
  let state: HoldState = holdIdle;
  let frame = 0;
  const paint = (nowMs: number): void => {
    element.style.setProperty('--held', String(holdProgress(state, nowMs, holdMs)));
    element.dataset['phase'] = state.phase;
  };
  const step = (): void => {
    const nowMs = performance.now();
    const before = state.phase;
    state = holdTick(state, nowMs, holdMs);
    paint(nowMs);
    if (before === 'holding' && state.phase === 'fired') onHold();
    if (state.phase === 'holding') frame = requestAnimationFrame(step);
  };
  return {
    press() {
      state = holdPress(state, performance.now());
      if (state.phase === 'holding') {
        cancelAnimationFrame(frame);
        step();
      }
    },
    release() {
      cancelAnimationFrame(frame);
      state = holdRelease();
      paint(performance.now());
    },
  };
}

export function HoldButton(props: HoldButtonProps) {
  const { label, summary, holdMs = HOLD_MS, disabled = false, tone = 'accent', testId } = props;
  const button = useRef<HTMLButtonElement>(null);
  const onHold = useRef(props.onHold);
  onHold.current = props.onHold;
  useEffect(() => {
    const element = button.current;
    if (element === null || disabled) return undefined;
    const hold = createHold(element, holdMs, () => onHold.current());
    return listenForPress(element, hold, { window, document });
  }, [disabled, holdMs]);
  return (
    <button ref={button} type="button" class="hold-button" data-tone={tone} disabled={disabled} data-testid={testId} onContextMenu={(event) => event.preventDefault()}>
      <span class="hold-fill" aria-hidden="true" />
      <span class="hold-label">{label}</span>
      {summary === undefined ? null : <span class="hold-summary">{summary}</span>}
    </button>
  );
}
