/**
 * The device is not felt: its weight and friction are carried as in every mode, and a share of what it takes to move it is
 * given by the acceleration that is seen. The whole of it would feed the noise of the speeds back.
 */
import { clamp } from '../../../protocols/math.ts';
import { setLead, type LawJoint, type LawLimb, type LawMoment, type TrainingLaw } from './law.ts';

/** Own values. */
const FILTER_SEC = 0.015;
/** A speed that jumps with a reading that came late is no such acceleration. */
const MOST_RAD_PER_SEC2 = 40;

/** A device alone, without the rotors of its drives. */
export interface DeviceInertia {
  /** Torque that a motion of its joints needs, without gravity. Fills `outNm`. */
  inertia(anglesRad: ArrayLike<number>, radPerSec: ArrayLike<number>, radPerSec2: ArrayLike<number>, outNm: Float64Array): void;
}

export class TransparentLaw implements TrainingLaw {
  readonly led = 0;
  readonly free = 1;
  readonly #seenRad: Float64Array;
  readonly #seenRadPerSec: Float64Array;
  readonly #seenRadPerSec2: Float64Array;
  readonly #movingNm: Float64Array;

  /** @param compensatedShare of what it takes to move the device */
  constructor(
    private readonly device: DeviceInertia,
    joints: number,
    private readonly compensatedShare: number,
  ) {
    this.#seenRad = new Float64Array(joints);
    this.#seenRadPerSec = new Float64Array(joints).fill(Number.NaN);
    this.#seenRadPerSec2 = new Float64Array(joints);
    this.#movingNm = new Float64Array(joints);
  }

  begin(): void {
    this.#seenRadPerSec.fill(Number.NaN);
    this.#seenRadPerSec2.fill(0);
  }

  act({ joints }: LawLimb, { elapsedSec }: LawMoment): void {
    for (let j = 0; j < joints.length; j++) this.#look(j, joints[j], elapsedSec);
    this.device.inertia(this.#seenRad, this.#seenRadPerSec, this.#seenRadPerSec2, this.#movingNm);
    for (let j = 0; j < joints.length; j++) {
      const joint = joints[j];
      if (joint === undefined) continue;
      const movingNm = (this.#movingNm[j] ?? 0) + joint.profile.rotorInertiaKgM2 * (this.#seenRadPerSec2[j] ?? 0);
      setLead(joint.lead, joint.plan.positionRad, joint.plan.velocityRadPerSec, 0, 0, 0, this.compensatedShare * movingNm);
    }
  }

  #look(j: number, joint: LawJoint | undefined, elapsedSec: number): void {
    if (joint === undefined) return;
    const { positionRad, velocityRadPerSec } = joint.measured;
    const raw = (velocityRadPerSec - (this.#seenRadPerSec[j] ?? Number.NaN)) / elapsedSec;
    const before = this.#seenRadPerSec2[j] ?? 0;
    this.#seenRad[j] = positionRad;
    this.#seenRadPerSec[j] = velocityRadPerSec;
    if (Number.isFinite(raw)) this.#seenRadPerSec2[j] = before + (clamp(raw, -MOST_RAD_PER_SEC2, MOST_RAD_PER_SEC2) - before) * Math.min(1, elapsedSec / FILTER_SEC);
  }
}
