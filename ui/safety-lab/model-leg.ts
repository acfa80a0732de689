/**
 * The simplest leg that two drives can move: the double pendulum of the controller's own leg model with rotors, friction,
 * brakes and mechanical stops. Made so that a person pushes the controller's model by exactly what the slider says.
 */
import type { JointCommand } from '../../protocols/joints.ts';
import { clamp } from '../../protocols/math.ts';
import { toRangeRad, type JointProfile, type RangeRad } from '../../protocols/profile.ts';
import { degToRad } from '../../protocols/units.ts';
import { gravityTorques, inertiaTorques, noLegMotion, noLegTorques, type LegModel } from '../../controller/estimation/leg-dynamics.ts';
import { driveTorqueNm } from '../../controller/safety/envelope.ts';

/** Muscles do not push at once. */
const MUSCLE_RISE_SEC = 0.1;
/** Dry friction is smoothed around standstill, as the controller takes it. */
const SMOOTHING_RAD_PER_SEC = 0.1;
/** Much faster than the stiffest joint swings. */
const STEPS_PER_CYCLE = 8;

/** What acts on one joint in a cycle. */
export interface Push {
  command: JointCommand;
  /** The drive has power and is told to hold or move. */
  powered: boolean;
  braked: boolean;
  patientTorqueNm: number;
  /** Where the drive believes that its joint is, since it closes its loop on that; NaN: where it is. */
  believedRad: number;
  believedRadPerSec: number;
}

export class ModelJoint {
  positionRad: number;
  velocityRadPerSec = 0;
  /** What the drive gives. */
  torqueNm = 0;
  /** Between gear and limb. */
  jointTorqueNm = 0;
  /** What the patient gives by now. */
  patientNm = 0;
  readonly stopsRad: RangeRad;

  constructor(readonly profile: JointProfile) {
    // It hangs.
    this.positionRad = degToRad(clamp(0, profile.softRangeDeg.min, profile.softRangeDeg.max));
    this.stopsRad = toRangeRad(profile.mechanicalStopDeg);
  }

  /** @returns what reaches the limb when nothing accelerates */
  drive({ command, powered, patientTorqueNm, believedRad, believedRadPerSec }: Push, stepSec: number): number {
    const { drive, coulombFrictionNm, viscousFrictionNmsPerRad } = this.profile;
    const { velocityRadPerSec: speed } = this;
    const believed = { positionRad: Number.isNaN(believedRad) ? this.positionRad : believedRad, velocityRadPerSec: Number.isNaN(believedRadPerSec) ? speed : believedRadPerSec, trusted: true };
    this.torqueNm = powered ? clamp(driveTorqueNm(command, believed), -drive.peakTorqueNm, drive.peakTorqueNm) : 0;
    this.patientNm += (patientTorqueNm - this.patientNm) * (stepSec / MUSCLE_RISE_SEC);
    return this.torqueNm - (coulombFrictionNm * speed) / Math.hypot(speed, SMOOTHING_RAD_PER_SEC) - viscousFrictionNmsPerRad * speed;
  }

  /** @param passedNm of `drive` */
  move(passedNm: number, radPerSec2: number, braked: boolean, stepSec: number): void {
    this.jointTorqueNm = passedNm - this.profile.rotorInertiaKgM2 * radPerSec2;
    this.velocityRadPerSec = braked ? 0 : this.velocityRadPerSec + radPerSec2 * stepSec;
    const nextRad = this.positionRad + this.velocityRadPerSec * stepSec;
    this.positionRad = clamp(nextRad, this.stopsRad.min, this.stopsRad.max);
    if (this.positionRad !== nextRad) this.velocityRadPerSec = 0;
  }
}

export class ModelLeg {
  readonly #motion = noLegMotion();
  readonly #gravity = noLegTorques();
  readonly #bias = noLegTorques();

  constructor(
    public model: LegModel,
    readonly hip: ModelJoint,
    readonly knee: ModelJoint,
  ) {}

  advance(hip: Push, knee: Push, seconds: number): void {
    for (let step = 0; step < STEPS_PER_CYCLE; step++) this.#step(hip, knee, seconds / STEPS_PER_CYCLE);
  }

  #step(hip: Push, knee: Push, stepSec: number): void {
    const { model } = this;
    const motion = this.#motion;
    motion.hipRad = this.hip.positionRad;
    motion.kneeRad = this.knee.positionRad;
    motion.hipRadPerSec = this.hip.velocityRadPerSec;
    motion.kneeRadPerSec = this.knee.velocityRadPerSec;
    gravityTorques(model, motion.hipRad, motion.kneeRad, motion.ankleRad, this.#gravity);
    inertiaTorques(model, motion, this.#bias);
    const hipPassedNm = this.hip.drive(hip, stepSec);
    const kneePassedNm = this.knee.drive(knee, stepSec);
    const hipNm = hipPassedNm + this.hip.patientNm - this.#gravity.hipNm - this.#bias.hipNm;
    const kneeNm = kneePassedNm + this.knee.patientNm - this.#gravity.kneeNm - this.#bias.kneeNm;
    const along = model.couplingKgM2 * Math.cos(motion.kneeRad);
    const hipKgM2 = model.thighInertiaKgM2 + model.shankInertiaKgM2 + 2 * along + this.hip.profile.rotorInertiaKgM2;
    const kneeKgM2 = model.shankInertiaKgM2 + this.knee.profile.rotorInertiaKgM2;
    const acrossKgM2 = -(model.shankInertiaKgM2 + along);
    // A joint in its brake does not accelerate, and the other one feels nothing of it.
    const determinant = hipKgM2 * kneeKgM2 - (hip.braked || knee.braked ? 0 : acrossKgM2 * acrossKgM2);
    const coupledKgM2 = hip.braked || knee.braked ? 0 : acrossKgM2;
    const hipRadPerSec2 = hip.braked ? 0 : (kneeKgM2 * hipNm - coupledKgM2 * kneeNm) / determinant;
    const kneeRadPerSec2 = knee.braked ? 0 : (hipKgM2 * kneeNm - coupledKgM2 * hipNm) / determinant;
    this.hip.move(hip.braked ? this.#gravity.hipNm - this.hip.patientNm : hipPassedNm, hipRadPerSec2, hip.braked, stepSec);
    this.knee.move(knee.braked ? this.#gravity.kneeNm - this.knee.patientNm : kneePassedNm, kneeRadPerSec2, knee.braked, stepSec);
  }
}
