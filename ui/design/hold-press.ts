/** Press-and-hold as a pure state machine: what a hold button does at each instant. Times in milliseconds. */

export type HoldPhase = 'idle' | 'holding' | 'fired';

export interface HoldState {
  readonly phase: HoldPhase;
  readonly sinceMs: number;
}

export const holdIdle: HoldState = { phase: 'idle', sinceMs: 0 };

/** A second press (another finger, key repeat) does not restart the hold. */
export const holdPress = (state: HoldState, nowMs: number): HoldState => (state.phase === 'idle' ? { phase: 'holding', sinceMs: nowMs } : state);

/** Letting go, leaving the button or losing the focus all cancel. */
export const holdRelease = (): HoldState => holdIdle;

/** Becomes `fired` once, exactly when the hold lasted long enough; it must be let go before it can fire again. */
export const holdTick = (state: HoldState, nowMs: number, holdMs: number): HoldState =>
  state.phase === 'holding' && nowMs - state.sinceMs >= holdMs ? { phase: 'fired', sinceMs: state.sinceMs } : state;

/** 0 … 1 */
export function holdProgress(state: HoldState, nowMs: number, holdMs: number): number {
  if (state.phase === 'idle') return 0;
  if (state.phase === 'fired') return 1;
  return Math.min(1, Math.max(0, (nowMs - state.sinceMs) / holdMs));
}
