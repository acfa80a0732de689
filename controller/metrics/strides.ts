/**
 * Cuts a walk into strides. Heel strike comes from the gait phase of the robot (left heel strike at 0, right at 0.5),
 * because an orthosis that leads the leg knows where it is; where it does not lead, its phase is the person's own. Foot
 * contact is not sensed here. Two arms begin a repetition together. A stride counts only when the robot ran at full
 * amplitude all through it.
 */
import type { RobotProfile } from '../../protocols/profile.ts';
import type { Side } from '../../protocols/supervision.ts';
import { MAX_GAP_SEC, resample } from './sampling.ts';

/** Points of a time-normalised stride: 0 … 100 % of the time between two heel strikes. */
export const CURVE_POINTS = 101;

/** The slowest walk, 0.5 km/h, takes 3.3 s per stride; an arm goes through its exercise in up to a minute. */
const MAX_STRIDE_SEC = { gait: 8, arm: 60, footplate: 12 } as const;
const FULL_AMPLITUDE = 0.999;

export interface Stride {
  readonly side: Side;
  readonly startSec: number;
  readonly endSec: number;
  /** Sample times; the first sample is at or before the start, the last at or after the end. */
  readonly timeSec: Float64Array;
  /** One column per channel, in the order in which the collector was given them. */
  readonly channels: readonly Float64Array[];
}

export interface StrideSample {
  timeSec: number;
  /** Of the robot's gait cycle, 0 … 1. */
  phase: number;
  running: boolean;
  /** 0 … 1 of the reference's amplitude. */
  blend: number;
  readonly values: Float64Array;
}

/** Collects the samples of one leg and hands over each whole stride; the views in it are valid during the call. */
export class StrideCollector {
  readonly #time: Float64Array;
  readonly #channels: readonly Float64Array[];
  readonly #capacity: number;
  readonly #shift: number;
  #count = 0;
  #previousPhase = 0;
  /** Negative: no heel strike yet. */
  #startSec = -1;
  #usable = false;

  constructor(
    private readonly side: Side,
    channelCount: number,
    { controlRateHz, class: kind = 'gait' }: Pick<RobotProfile, 'controlRateHz' | 'class'>,
    private readonly onStride: (stride: Stride) => void,
  ) {
    this.#shift = side === 'right' && kind !== 'arm' ? 0.5 : 0;
    this.#capacity = Math.ceil(controlRateHz * MAX_STRIDE_SEC[kind]) + 2;
    this.#time = new Float64Array(this.#capacity);
    this.#channels = Array.from({ length: channelCount }, () => new Float64Array(this.#capacity));
  }

  add(sample: StrideSample): void {
    const phase = (sample.phase + this.#shift) % 1;
    const lastSec = this.#time[this.#count - 1] ?? sample.timeSec;
    const hasRoom = this.#count > 0 && this.#count < this.#capacity;
    const continues = sample.running && hasRoom && sample.timeSec > lastSec && sample.timeSec - lastSec <= MAX_GAP_SEC;
    if (!continues) this.#forget();
    if (!sample.running) return;
    this.#usable &&= sample.blend >= FULL_AMPLITUDE;
    this.#store(sample);
    if (continues && this.#previousPhase - phase > 0.5) this.#heelStrike(lastSec, sample, phase);
    this.#previousPhase = phase;
  }

  #heelStrike(lastSec: number, sample: StrideSample, phase: number): void {
    const share = (1 - this.#previousPhase) / (1 - this.#previousPhase + phase);
    const strikeSec = lastSec + share * (sample.timeSec - lastSec);
    if (this.#startSec >= 0 && this.#usable) {
      const count = this.#count;
      this.onStride({ side: this.side, startSec: this.#startSec, endSec: strikeSec, timeSec: this.#time.subarray(0, count), channels: this.#channels.map((channel) => channel.subarray(0, count)) });
    }
    // The two samples around the heel strike open the next stride.
    for (const column of [this.#time, ...this.#channels]) column.copyWithin(0, this.#count - 2, this.#count);
    this.#count = 2;
    this.#startSec = strikeSec;
    this.#usable = sample.blend >= FULL_AMPLITUDE;
  }

  #store(sample: StrideSample): void {
    this.#time[this.#count] = sample.timeSec;
    this.#channels.forEach((channel, i) => (channel[this.#count] = sample.values[i] ?? 0));
    this.#count++;
  }

  #forget(): void {
    this.#count = 0;
    this.#startSec = -1;
    this.#usable = false;
  }
}

/** A stride's column over 0 … 100 % of its time. */
export const normalise = (stride: Stride, channel: Float64Array): Float64Array => resample(stride.timeSec, channel, stride, CURVE_POINTS);
