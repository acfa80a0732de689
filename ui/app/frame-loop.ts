/** One animation-frame loop for everything that follows live values; nothing here passes through the virtual DOM. */
import { useEffect, useRef } from 'preact/hooks';

type FrameListener = (nowMs: number) => void;

const listeners = new Set<FrameListener>();
let running = false;

function run(nowMs: number): void {
  if (listeners.size === 0) {
    running = false;
    return;
  }
  for (const listener of listeners) listener(nowMs);
  requestAnimationFrame(run);
}

/** @param everyMs calls at most this often; 0 = every frame. @returns ends it */
export function onFrame(listener: FrameListener, everyMs = 0): () => void {
  let lastMs = -Infinity;
  const paced: FrameListener = (nowMs) => {
    // Half a frame of slack, or 50 ms would become 66.
    if (nowMs - lastMs < everyMs - 8) return;
    lastMs = nowMs;
    listener(nowMs);
  };
  listeners.add(paced);
  if (!running) {
    running = true;
    requestAnimationFrame(run);
  }
  return () => {
    listeners.delete(paced);
  };
}

/** Follows frames while the component is shown; always calls the newest closure. */
export function useFrame(listener: FrameListener, everyMs = 0): void {
  const newest = useRef(listener);
  newest.current = listener;
  useEffect(() => onFrame((nowMs) => newest.current(nowMs), everyMs), [everyMs]);
}

/** Writes text only when it changed: the browser then has nothing to lay out. */
export function setText(element: HTMLElement | null, text: string): void {
  if (element !== null && element.textContent !== text) element.textContent = text;
}
