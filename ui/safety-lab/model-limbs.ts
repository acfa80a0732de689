/**
 * The simplest limbs that drives can move: the controller's own model of them with rotors, friction, brakes and mechanical
 * stops. Made so that a person pushes the controller's model by exactly what the slider says.
 */
import type { JointCommand } from '../../protocols/joints.ts';
import { clamp } from '../../protocols/math.ts';
import { toRangeRad, type JointProfile, type RangeRad } from '../../protocols/profile.ts';
import { degToRad } from '../../protocols/units.ts';
import type { LimbModel } from '../../controller/estimation/limb-model.ts';
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
  /** What it was told; null: it makes a torque of the command itself, all the time. */
  #torqueNm: number | null = null;

  constructor(readonly profile: JointProfile) {
    // It hangs.
    this.positionRad = degToRad(clamp(0, profile.softRangeDeg.min, profile.softRangeDeg.max));
    this.stopsRad = toRangeRad(profile.mechanicalStopDeg);
  }

  /** A command comes. A drive that knows no impedance is told the torque that the host made of it. */
  hear(push: Push): void {
    this.#torqueNm = this.profile.drive.setPoint === 'impedance' ? null : this.#askedNm(push);
  }

  /** @returns what reaches the limb when nothing accelerates */
  drive(push: Push, stepSec: number): number {
    const { drive, coulombFrictionNm, viscousFrictionNmsPerRad } = this.profile;
    const { velocityRadPerSec: speed } = this;
    const { powered, patientTorqueNm } = push;
    this.torqueNm = powered ? clamp(this.#torqueNm ?? this.#askedNm(push), -drive.peakTorqueNm, drive.peakTorqueNm) : 0;
    this.patientNm += (patientTorqueNm - this.patientNm) * (stepSec / MUSCLE_RISE_SEC);
    return this.torqueNm - (coulombFrictionNm * speed) / Math.hypot(speed, SMOOTHING_RAD_PER_SEC) - viscousFrictionNmsPerRad * speed;
  }

  #askedNm({ command, believedRad, believedRadPerSec }: Push): number {
    return driveTorqueNm(command, { positionRad: Number.isNaN(believedRad) ? this.positionRad : believedRad, velocityRadPerSec: Number.isNaN(believedRadPerSec) ? this.velocityRadPerSec : believedRadPerSec, trusted: true });
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

/** The joints of all limbs, in the profile's order. */
export class ModelLimbs {
  readonly #positionRad: Float64Array;
  readonly #speeds: Float64Array;
  readonly #accelerations: Float64Array;
  readonly #gravityNm: Float64Array;
  readonly #motionNm: Float64Array;
  readonly #passedNm: Float64Array;
  readonly #noSpeed: Float64Array;
  /** What each joint's acceleration asks of all, rotors included; then its Cholesky factor, row by row. */
  readonly #inertia: readonly Float64Array[];

  constructor(
    public model: LimbModel,
    private readonly joints: readonly ModelJoint[],
  ) {
    const vector = (): Float64Array => new Float64Array(joints.length);
    this.#positionRad = vector();
    this.#speeds = vector();
    this.#accelerations = vector();
    this.#gravityNm = vector();
    this.#motionNm = vector();
    this.#passedNm = vector();
    this.#noSpeed = vector();
    this.#inertia = joints.map(vector);
  }

  /** @param pushes one per joint */
  advance(pushes: readonly Push[], braked: boolean, seconds: number): void {
    this.#look();
    this.#weigh();
    pushes.forEach((push, j) => this.joints[j]?.hear(push));
    for (let step = 0; step < STEPS_PER_CYCLE; step++) this.#step(pushes, braked, seconds / STEPS_PER_CYCLE);
  }

  #look(): void {
    this.joints.forEach(({ positionRad, velocityRadPerSec }, j) => {
      this.#positionRad[j] = positionRad;
      this.#speeds[j] = velocityRadPerSec;
    });
  }

  /** In a cycle it changes little. */
  #weigh(): void {
    const radPerSec2 = this.#accelerations;
    this.#inertia.forEach((row, j) => {
      radPerSec2.fill(0)[j] = 1;
      this.model.inertia(this.#positionRad, this.#noSpeed, radPerSec2, row);
      row[j] = (row[j] ?? 0) + (this.joints[j]?.profile.rotorInertiaKgM2 ?? 0);
    });
    factorise(this.#inertia);
  }

  #step(pushes: readonly Push[], braked: boolean, stepSec: number): void {
    const radPerSec2 = this.#accelerations.fill(0);
    this.#look();
    this.model.gravity(this.#positionRad, this.#gravityNm);
    this.model.inertia(this.#positionRad, this.#speeds, radPerSec2, this.#motionNm);
    this.joints.forEach((joint, j) => {
      const push = pushes[j];
      const passedNm = push === undefined ? 0 : joint.drive(push, stepSec);
      this.#passedNm[j] = passedNm;
      radPerSec2[j] = passedNm + joint.patientNm - (this.#gravityNm[j] ?? 0) - (this.#motionNm[j] ?? 0);
    });
    if (braked) radPerSec2.fill(0);
    else solve(this.#inertia, radPerSec2);
    this.joints.forEach((joint, j) => joint.move(braked ? (this.#gravityNm[j] ?? 0) - joint.patientNm : (this.#passedNm[j] ?? 0), radPerSec2[j] ?? 0, braked, stepSec));
  }
}

/** The lower triangle of a positive definite matrix becomes its Cholesky factor. */
function factorise(rows: readonly Float64Array[]): void {
  for (let i = 0; i < rows.length; i++)
    for (let j = 0; j <= i; j++) {
      const [row, other] = [rows[i], rows[j]];
      if (row === undefined || other === undefined) continue;
      let sum = row[j] ?? 0;
      for (let k = 0; k < j; k++) sum -= (row[k] ?? 0) * (other[k] ?? 0);
      row[j] = i === j ? Math.sqrt(sum) : sum / (other[j] ?? 1);
    }
}

/** @param rows Cholesky factor @param values right side; becomes the solution */
function solve(rows: readonly Float64Array[], values: Float64Array): void {
  const at = (i: number, j: number): number => rows[i]?.[j] ?? 0;
  const count = rows.length;
  for (let i = 0; i < count; i++) {
    let sum = values[i] ?? 0;
    for (let k = 0; k < i; k++) sum -= at(i, k) * (values[k] ?? 0);
    values[i] = sum / at(i, i);
  }
  for (let i = count - 1; i >= 0; i--) {
    let sum = values[i] ?? 0;
    for (let k = i + 1; k < count; k++) sum -= at(k, i) * (values[k] ?? 0);
    values[i] = sum / at(i, i);
  }
}
