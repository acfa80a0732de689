/** Which stretch of time the plots show, as a pure state: following the newest sample, or held at a place. */
import { clamp } from '../../protocols/math.ts';

export type PlotWindow = { readonly mode: 'live'; readonly spanSec: number } | { readonly mode: 'held'; readonly fromSec: number; readonly toSec: number };

export const MIN_SPAN_SEC = 1;
export const MAX_SPAN_SEC = 120;
export const FIRST_SPAN_SEC = 12;

export const liveWindow = (spanSec = FIRST_SPAN_SEC): PlotWindow => ({ mode: 'live', spanSec: clamp(spanSec, MIN_SPAN_SEC, MAX_SPAN_SEC) });

export const spanOf = (window: PlotWindow): number => (window.mode === 'live' ? window.spanSec : window.toSec - window.fromSec);

/** Absolute loop time of both ends. */
export const windowEnds = (window: PlotWindow, nowSec: number): { readonly fromSec: number; readonly toSec: number } =>
  window.mode === 'live' ? { fromSec: nowSec - window.spanSec, toSec: nowSec } : window;

export function hold(window: PlotWindow, nowSec: number): PlotWindow {
  return window.mode === 'held' ? window : { mode: 'held', ...windowEnds(window, nowSec) };
}

/** @param factor above 1 shows more time  @param aroundSec stays where it is on the screen (held only) */
export function zoom(window: PlotWindow, factor: number, aroundSec: number): PlotWindow {
  const spanSec = clamp(spanOf(window) * factor, MIN_SPAN_SEC, MAX_SPAN_SEC);
  if (window.mode === 'live') return { mode: 'live', spanSec };
  const share = clamp((aroundSec - window.fromSec) / Math.max(1e-9, spanOf(window)), 0, 1);
  return { mode: 'held', fromSec: aroundSec - share * spanSec, toSec: aroundSec + (1 - share) * spanSec };
}

export const select = (fromSec: number, toSec: number): PlotWindow => {
  const middle = (fromSec + toSec) / 2;
  const half = Math.max(MIN_SPAN_SEC, Math.abs(toSec - fromSec)) / 2;
  return { mode: 'held', fromSec: middle - half, toSec: middle + half };
};
