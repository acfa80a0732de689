/**
 * The chain of an arm as its driven joints meet it. Outward of them may be joints that are only measured: their segments stand where they were seen
 * last, move in the momentum as fast as they were seen to, and are no motion that anybody plans.
 */
import type { JointMotion } from './device-model.ts';
import type { RigidChain } from './rigid-chain.ts';

/** Torques, angles and speeds are those of the driven joints, in order. Nothing is allocated after construction. */
export class DrivenChain {
  readonly #anglesRad: Float64Array;
  readonly #speeds: Float64Array;
  readonly #accelerations: Float64Array;
  readonly #torquesNm: Float64Array;
  readonly #coriolisNm: Float64Array;

  /** @param count of the driven joints @param seen those outward of them, kept up to date by who measures them */
  constructor(
    private readonly whole: RigidChain,
    readonly count: number,
    private readonly seen: readonly JointMotion[],
  ) {
    const vector = (): Float64Array => new Float64Array(whole.count);
    this.#anglesRad = vector();
    this.#speeds = vector();
    this.#accelerations = vector();
    this.#torquesNm = vector();
    this.#coriolisNm = vector();
  }

  /** @returns torque that holds it there, per joint. Fills `out` */
  gravity(anglesRad: ArrayLike<number>, out: Float64Array): Float64Array {
    this.#pose(anglesRad);
    this.whole.gravity(this.#anglesRad, this.#torquesNm);
    return this.#give(this.#torquesNm, out);
  }

  /** About one joint, all outward of it, kg·m². */
  inertiaKgM2(joint: number, anglesRad: ArrayLike<number>): number {
    this.#pose(anglesRad);
    return this.whole.inertiaKgM2(joint, this.#anglesRad);
  }

  /** Torque that a motion needs, without gravity. Fills `out`. */
  inertia(anglesRad: ArrayLike<number>, speeds: ArrayLike<number>, accelerations: ArrayLike<number>, out: Float64Array): Float64Array {
    this.#pose(anglesRad);
    this.#take(speeds, this.#speeds);
    this.#take(accelerations, this.#accelerations);
    this.#speeds.fill(0, this.count);
    this.whole.inertia(this.#anglesRad, this.#speeds, this.#accelerations, this.#torquesNm);
    return this.#give(this.#torquesNm, out);
  }

  /** Generalised momentum, and what changes it beside torques: the Coriolis part. Fills both. */
  momentum(anglesRad: ArrayLike<number>, speeds: ArrayLike<number>, momentumNms: Float64Array, coriolisNm: Float64Array): void {
    this.#pose(anglesRad);
    this.#take(speeds, this.#speeds);
    for (let i = this.count; i < this.#speeds.length; i++) this.#speeds[i] = this.seen[i - this.count]?.velocityRadPerSec ?? Number.NaN;
    this.whole.momentum(this.#anglesRad, this.#speeds, this.#torquesNm, this.#coriolisNm);
    this.#give(this.#torquesNm, momentumNms);
    this.#give(this.#coriolisNm, coriolisNm);
  }

  #pose(anglesRad: ArrayLike<number>): void {
    this.#take(anglesRad, this.#anglesRad);
    for (let i = this.count; i < this.#anglesRad.length; i++) this.#anglesRad[i] = this.seen[i - this.count]?.positionRad ?? Number.NaN;
  }

  #take(from: ArrayLike<number>, to: Float64Array): void {
    for (let i = 0; i < this.count; i++) to[i] = from[i] ?? Number.NaN;
  }

  #give(from: Float64Array, to: Float64Array): Float64Array {
    for (let i = 0; i < this.count; i++) to[i] = from[i] ?? Number.NaN;
    return to;
  }
}
