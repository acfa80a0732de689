/** The replay's clock as signals: what moves at frame rate subscribes to it without re-rendering the page. */
import { computed, signal, type ReadonlySignal } from '@preact/signals';
import { advance, seekTo, stoppedClock, togglePlay, type ReplayClock, type ReplaySpeed } from './replay-clock.ts';

export interface ReplayPlayer {
  readonly clock: ReadonlySignal<ReplayClock>;
  readonly timeSec: ReadonlySignal<number>;
  readonly playing: ReadonlySignal<boolean>;
  readonly endSec: ReadonlySignal<number>;
  setEnd(endSec: number): void;
  toggle(): void;
  seek(timeSec: number): void;
  seekBy(seconds: number): void;
  setSpeed(speed: ReplaySpeed): void;
  dispose(): void;
}

export function createReplayPlayer(): ReplayPlayer {
  const clock = signal<ReplayClock>(stoppedClock);
  const endSec = signal(0);
  let frame = 0;
  let lastMs = 0;
  const step = (nowMs: number): void => {
    clock.value = advance(clock.peek(), (nowMs - lastMs) / 1000, endSec.peek());
    lastMs = nowMs;
    frame = clock.peek().playing ? requestAnimationFrame(step) : 0;
  };
  const seek = (timeSec: number): void => {
    clock.value = seekTo(clock.peek(), timeSec, endSec.peek());
  };
  return {
    clock,
    endSec,
    timeSec: computed(() => clock.value.timeSec),
    playing: computed(() => clock.value.playing),
    setEnd(value) {
      endSec.value = value;
      seek(clock.peek().timeSec);
    },
    toggle() {
      clock.value = togglePlay(clock.peek(), endSec.peek());
      cancelAnimationFrame(frame);
      if (!clock.peek().playing) return;
      lastMs = performance.now();
      frame = requestAnimationFrame(step);
    },
    seek,
    seekBy: (seconds) => seek(clock.peek().timeSec + seconds),
    setSpeed(speed) {
      clock.value = { ...clock.peek(), speed };
    },
    dispose() {
      cancelAnimationFrame(frame);
      clock.value = { ...clock.peek(), playing: false };
    },
  };
}
