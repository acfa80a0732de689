/** The simplest joint that a drive can move: an inertia with friction between two stops, pushed by drive and patient. */
import type { JointCommand } from '../../protocols/joints.ts';
import { clamp } from '../../protocols/math.ts';
import type { JointProfile, RangeRad } from '../../protocols/profile.ts';
import { toRangeRad } from '../../protocols/profile.ts';
import { degToRad } from '../../protocols/units.ts';
import { driveTorqueNm } from '../../controller/safety/envelope.ts';

/** Own value: a shank with its foot about the knee; it only has to be of the right size. */
const LIMB_INERTIA_KGM2 = 0.4;
/** Own value: soft tissue in its cuffs. */
const LIMB_DAMPING_NMS_PER_RAD = 3;
/** Muscles do not push at once. */
const MUSCLE_RISE_SEC = 0.1;
/** Much faster than the stiffest joint swings. */
const STEPS_PER_CYCLE = 8;

export interface Push {
  /** The drive has power and is told to hold or move. */
  readonly powered: boolean;
  readonly braked: boolean;
  readonly patientTorqueNm: number;
}

export class ModelJoint {
  positionRad: number;
  velocityRadPerSec = 0;
  /** What the drive gives. */
  torqueNm = 0;
  /** What passes from the gear to the limb. */
  jointTorqueNm = 0;
  #patientTorqueNm = 0;
  readonly #stopsRad: RangeRad;
  readonly #inertiaKgM2: number;

  constructor(
    private readonly joint: JointProfile,
    startDeg: number,
  ) {
    this.positionRad = degToRad(startDeg);
    this.#stopsRad = toRangeRad(joint.mechanicalStopDeg);
    this.#inertiaKgM2 = joint.rotorInertiaKgM2 + LIMB_INERTIA_KGM2;
  }

  advance(command: JointCommand, push: Push, seconds: number): void {
    const stepSec = seconds / STEPS_PER_CYCLE;
    const before = this.velocityRadPerSec;
    for (let step = 0; step < STEPS_PER_CYCLE; step++) this.#step(command, push, stepSec);
    this.jointTorqueNm = (LIMB_INERTIA_KGM2 * (this.velocityRadPerSec - before)) / seconds + LIMB_DAMPING_NMS_PER_RAD * this.velocityRadPerSec - this.#patientTorqueNm;
  }

  #step(command: JointCommand, { powered, braked, patientTorqueNm }: Push, stepSec: number): void {
    const { peakTorqueNm } = this.joint.drive;
    this.torqueNm = powered ? clamp(driveTorqueNm(command, { positionRad: this.positionRad, velocityRadPerSec: this.velocityRadPerSec, trusted: true }), -peakTorqueNm, peakTorqueNm) : 0;
    const { viscousFrictionNmsPerRad, coulombFrictionNm } = this.joint;
    this.#patientTorqueNm += (patientTorqueNm - this.#patientTorqueNm) * (stepSec / MUSCLE_RISE_SEC);
    const drivenNm = this.torqueNm + this.#patientTorqueNm - (viscousFrictionNmsPerRad + LIMB_DAMPING_NMS_PER_RAD) * this.velocityRadPerSec;
    const freeRadPerSec = this.velocityRadPerSec + (drivenNm / this.#inertiaKgM2) * stepSec;
    // Dry friction takes speed away, at most all of it.
    const dryRadPerSec = (coulombFrictionNm / this.#inertiaKgM2) * stepSec;
    this.velocityRadPerSec = braked ? 0 : freeRadPerSec - clamp(freeRadPerSec, -dryRadPerSec, dryRadPerSec);
    const nextRad = this.positionRad + this.velocityRadPerSec * stepSec;
    this.positionRad = clamp(nextRad, this.#stopsRad.min, this.#stopsRad.max);
    if (this.positionRad !== nextRad) this.velocityRadPerSec = 0;
  }
}
