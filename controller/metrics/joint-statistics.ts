/** Means over the strides of one joint, in bounded memory whatever the length of the session. */
import type { JointMetrics } from '../../protocols/api.ts';
import type { JointKind } from '../../protocols/profile.ts';
import { radToDeg } from '../../protocols/units.ts';
import { rootMeanSquareDifference } from './deviation.ts';
import { peakOf, rangeOf } from './gait-variables.ts';
import { resample } from './sampling.ts';
import type { JointChannels } from './leg-strides.ts';
import { logDimensionlessJerk, sparc } from './smoothness.ts';
import { jointBiofeedback, strideCurveDeg } from './stride-figures.ts';
import { CURVE_POINTS, type Stride } from './strides.ts';
import { FAMILIARISATION_TRIALS } from './variability.ts';
import { addWork, noWork, type Work } from './work.ts';

/** Smoothness is measured at this rate, whatever the control rate, so that sessions compare. */
const SMOOTHNESS_RATE_HZ = 100;
/** Curves kept for the overlay. */
const SHOWN_STRIDES = 60;

/**
 * - ROM: largest minus smallest angle of a stride; peak: largest flexion.
 * - tracking: RMS of measured minus reference angle over a stride.
 * - work: ∫ joint torque sensor × joint velocity over a stride; positive when the robot drives the limb.
 * - SPARC and LDLJ: of the joint's signed angular velocity over a stride at 100 Hz (own: a stride neither starts nor
 *   ends at rest, so the numbers compare strides with strides only).
 * - biofeedback: mean and standard deviation over the strides after those of familiarisation.
 */
export class JointStatistics {
  readonly #rom = new Mean();
  readonly #peak = new Mean();
  readonly #tracking = new Mean();
  readonly #positive = new Mean();
  readonly #negative = new Mean();
  readonly #net = new Mean();
  readonly #sparc = new Mean();
  readonly #ldlj = new Mean();
  readonly #stanceFeedback = new Scatter();
  readonly #swingFeedback = new Scatter();
  readonly #curveSum = new Float64Array(CURVE_POINTS);
  readonly curves = new EvenSample<number[]>(SHOWN_STRIDES);
  strides = 0;

  constructor(private readonly kind: JointKind) {}

  /** @returns the robot's work on the limb in this stride */
  add(stride: Stride, channels: JointChannels): Work {
    this.strides++;
    const curveDeg = strideCurveDeg(stride, channels);
    curveDeg.forEach((deg, i) => (this.#curveSum[i] = (this.#curveSum[i] ?? 0) + deg));
    this.curves.add(curveDeg);
    this.#rom.add(rangeOf(curveDeg));
    this.#peak.add(peakOf(curveDeg));
    this.#tracking.add(radToDeg(rootMeanSquareDifference(channels.position, channels.reference)));
    const work = this.#addWork(stride, channels);
    if (this.strides > FAMILIARISATION_TRIALS) this.#addBiofeedback(stride, channels);
    const count = Math.floor((stride.endSec - stride.startSec) * SMOOTHNESS_RATE_HZ) + 1;
    const range = { startSec: stride.startSec, endSec: stride.startSec + (count - 1) / SMOOTHNESS_RATE_HZ };
    const velocity = resample(stride.timeSec, channels.velocity, range, count);
    this.#sparc.add(sparc(velocity, SMOOTHNESS_RATE_HZ));
    this.#ldlj.add(logDimensionlessJerk(velocity, SMOOTHNESS_RATE_HZ));
    return work;
  }

  #addBiofeedback(stride: Stride, channels: JointChannels): void {
    const { stanceNm, swingNm } = jointBiofeedback(stride, this.kind, channels);
    this.#stanceFeedback.add(stanceNm);
    this.#swingFeedback.add(swingNm);
  }

  #addWork(stride: Stride, { torque, velocity }: JointChannels): Work {
    const work = noWork();
    const power = (i: number): number => (torque[i] ?? 0) * (velocity[i] ?? 0);
    // From the first sample inside the stride to the first one after it, so that strides tile the walk.
    for (let i = 2; i < stride.timeSec.length; i++) addWork(work, power(i - 1), power(i), (stride.timeSec[i] ?? 0) - (stride.timeSec[i - 1] ?? 0));
    this.#positive.add(work.positiveJ);
    this.#negative.add(work.negativeJ);
    this.#net.add(work.netJ);
    return work;
  }

  /** Mean angle over the gait cycle, degrees; empty without a stride. */
  meanCurveDeg(): number[] {
    return this.strides === 0 ? [] : Array.from(this.#curveSum, (sum) => sum / this.strides);
  }

  metrics(jointId: string): JointMetrics {
    return {
      jointId,
      strides: this.strides,
      romDeg: this.#rom.value,
      peakDeg: this.#peak.value,
      trackingRmsDeg: this.#tracking.value,
      positiveWorkJPerStride: this.#positive.value,
      negativeWorkJPerStride: this.#negative.value,
      netWorkJPerStride: this.#net.value,
      sparc: this.#sparc.value,
      ldlj: this.#ldlj.value,
      stanceFeedbackNm: this.#stanceFeedback.mean,
      stanceFeedbackSdNm: this.#stanceFeedback.deviation,
      swingFeedbackNm: this.#swingFeedback.mean,
      swingFeedbackSdNm: this.#swingFeedback.deviation,
    };
  }
}

export class Mean {
  #sum = 0;
  #count = 0;

  add(value: number | null): void {
    if (value === null) return;
    this.#sum += value;
    this.#count++;
  }

  /** null before the first value. */
  get value(): number | null {
    return this.#count === 0 ? null : this.#sum / this.#count;
  }
}

/** Mean and standard deviation (n − 1) of values that are not kept (B. P. Welford, Technometrics 4:419, 1962). */
export class Scatter {
  #mean = 0;
  #squares = 0;
  #count = 0;

  add(value: number | null): void {
    if (value === null) return;
    const off = value - this.#mean;
    this.#mean += off / ++this.#count;
    this.#squares += off * (value - this.#mean);
  }

  /** null before the first value. */
  get mean(): number | null {
    return this.#count === 0 ? null : this.#mean;
  }

  /** null before the second. */
  get deviation(): number | null {
    return this.#count < 2 ? null : Math.sqrt(this.#squares / (this.#count - 1));
  }
}

/** Keeps at most twice `size` of the values that pass, evenly spaced over all of them. */
export class EvenSample<T> {
  #kept: T[] = [];
  #step = 1;
  #seen = 0;

  constructor(private readonly size: number) {}

  add(value: T): void {
    if (this.#seen % this.#step === 0) this.#kept.push(value);
    this.#seen++;
    if (this.#kept.length < 2 * this.size) return;
    this.#kept = this.#kept.filter((_, i) => i % 2 === 0);
    this.#step *= 2;
  }

  /** Up to `size` values, evenly chosen, in order. */
  values(): T[] {
    const total = this.#kept.length;
    if (total <= this.size) return [...this.#kept];
    return Array.from({ length: this.size }, (_, i) => this.#kept[Math.floor((i * total) / this.size)]).filter((value): value is T => value !== undefined);
  }
}
