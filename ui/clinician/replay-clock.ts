/** The clock of the 3D replay and the reading of a recording at any instant. Pure; the page drives it. */
import type { SessionReplay } from '../../protocols/api.ts';
import type { StrideFigures } from '../../protocols/stride-figures.ts';

export const replaySpeeds = [0.5, 1, 2, 4] as const;
export type ReplaySpeed = (typeof replaySpeeds)[number];

export interface ReplayClock {
  readonly timeSec: number;
  readonly playing: boolean;
  readonly speed: ReplaySpeed;
}

export const stoppedClock: ReplayClock = { timeSec: 0, playing: false, speed: 1 };

export const seekTo = (clock: ReplayClock, timeSec: number, endSec: number): ReplayClock => ({
  ...clock,
  timeSec: Math.min(Math.max(Number.isFinite(timeSec) ? timeSec : 0, 0), endSec),
});

/** Playing from the end starts again at the beginning. */
export function togglePlay(clock: ReplayClock, endSec: number): ReplayClock {
  if (clock.playing) return { ...clock, playing: false };
  return { ...clock, playing: endSec > 0, timeSec: clock.timeSec >= endSec ? 0 : clock.timeSec };
}

/** @param elapsedSec wall time since the last call; a page that slept moves on by a quarter of a second at most */
export function advance(clock: ReplayClock, elapsedSec: number, endSec: number): ReplayClock {
  if (!clock.playing) return clock;
  const timeSec = clock.timeSec + Math.min(Math.max(elapsedSec, 0), 0.25) * clock.speed;
  return timeSec >= endSec ? { ...clock, timeSec: endSec, playing: false } : { ...clock, timeSec };
}

/** Seconds that a key moves the replay by; null: not one of ours. */
export function keyStepSec(key: string, shift: boolean): number | null {
  const steps: Record<string, number> = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -10, PageUp: 10 };
  const step = steps[key];
  if (step === undefined) return null;
  return shift && Math.abs(step) === 1 ? step / 10 : step;
}

export interface ReplaySample {
  /** Index in `supervisorStates`. */
  state: number;
  readonly positionRad: number[];
  readonly referenceRad: number[];
  readonly torqueNm: number[];
}

export const emptySample = (jointCount: number): ReplaySample => ({
  state: 0,
  positionRad: Array.from({ length: jointCount }, () => 0),
  referenceRad: Array.from({ length: jointCount }, () => 0),
  torqueNm: Array.from({ length: jointCount }, () => 0),
});

export const replayEndSec = (replay: SessionReplay): number => replay.timeSec.at(-1) ?? 0;

/** Largest index whose time is not after `timeSec`; 0 before the first. */
export function indexAt(timeSec: readonly number[], atSec: number): number {
  let low = 0;
  let high = timeSec.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((timeSec[middle] ?? Infinity) <= atSec) low = middle;
    else high = middle - 1;
  }
  return Math.max(low, 0);
}

/** What was told of a joint for the stride in which the instant lies; null: in none. */
export function strideAt({ strides }: SessionReplay, jointId: string, atSec: number): StrideFigures['joints'][number] | null {
  for (const { endSec, strideTimeSec, joints } of strides) {
    const joint = atSec <= endSec && atSec > endSec - strideTimeSec ? joints.find((candidate) => candidate.jointId === jointId) : undefined;
    if (joint !== undefined) return joint;
  }
  return null;
}

/** Gaps longer than this are not bridged: what was not recorded is not drawn. */
const LONGEST_BRIDGE_SEC = 0.25;

/** Fills `out` with the recording at `atSec`, linear between two samples. */
export function sampleAt(replay: SessionReplay, atSec: number, out: ReplaySample): ReplaySample {
  const { timeSec } = replay;
  const i = indexAt(timeSec, atSec);
  const from = timeSec[i] ?? 0;
  const span = (timeSec[i + 1] ?? from) - from;
  const share = span > 0 && span <= LONGEST_BRIDGE_SEC ? Math.min(Math.max((atSec - from) / span, 0), 1) : 0;
  out.state = replay.state[i] ?? 0;
  blend(replay.positionRad, i, share, out.positionRad);
  blend(replay.referenceRad, i, share, out.referenceRad);
  blend(replay.torqueNm, i, share, out.torqueNm);
  return out;
}

function blend(columns: readonly (readonly number[])[], i: number, share: number, out: number[]): void {
  for (let joint = 0; joint < out.length; joint++) {
    const a = columns[joint]?.[i] ?? 0;
    const b = columns[joint]?.[i + 1] ?? a;
    out[joint] = a + (b - a) * share;
  }
}
