/**
 * One arm in its device: what the law of the training mode asks, τ_gravity + τ_friction on top. The device's own weight and its friction
 * stay compensated, and that of the arm as far as its law says: an arm that is let go would fall. Standing, the posture is held with a
 * firmness of its own.
 */
import { createArmChain } from '../estimation/arm-dynamics.ts';
import type { JointMotion } from '../estimation/device-model.ts';
import type { DrivenChain } from '../estimation/driven-chain.ts';
import { frictionTorque } from '../estimation/leg-dynamics.ts';
import type { OneArm } from '../../protocols/arm-profile.ts';
import { clamp, minimumJerk, mix } from '../../protocols/math.ts';
import type { ArmProfile, RangeRad } from '../../protocols/profile.ts';
import type { Intent } from '../../protocols/session-log.ts';
import type { SessionSetup, Side } from '../../protocols/supervision.ts';
import type { TrainingMode } from '../../protocols/training-mode.ts';
import { degToRad } from '../../protocols/units.ts';
import { ARM_TUNING, createArmLane, followTwin, weighRoles, wishedRad, type ArmLane } from './arm-lane.ts';
import type { ArmProgram, Pace } from './arm-program.ts';
import { ArmRole, movesAlone } from './arm-roles.ts';
import { mixPoints } from './gait-reference.ts';
import { catchTorqueNm, endTorqueNm } from './end-of-range.ts';
import type { LawLimb } from './laws/law.ts';
import { lead } from './recovery.ts';
import type { ShownArm } from './shown-arm.ts';
import { SmoothValue, type Blend } from './smooth.ts';
import { holdingShare, opposingMostNm, softer, yieldingNm, yieldingShare, yieldSpeed } from './soften.ts';
import { BRAKE_LEAD_SEC, type MeasuredJoint, type Task } from './therapy.ts';
import { lawOf, TrainingLaws, type LawName, type LeadSum } from './training-laws.ts';

/** Own values. */
const HELD_FIRMNESS = 0.8; // of full stiffness: carries the arm, yields to a push
const FIRM_UP_SEC = 0.1; // what a law asks becomes a firm posture while the arm stops
const SWEPT_RAD_PER_SEC = degToRad(20); // slower, an arm no longer goes with who pushes it
/** Of a joint's speed limit, while the arm comes to where it should be. */
const APPROACH_SHARE = 0.3;
/** Peak of a minimum-jerk movement over its mean. */
const STEEPEST = 1.875;

/** What goes on, the same for both arms. */
export interface ArmCourse {
  readonly task: Task;
  readonly taskSec: number;
  readonly blend: Blend;
  /** Of gravity compensation and firmness, 0 … 1. */
  readonly power: number;
  /** Of the repetition. */
  readonly phase: number;
  readonly pace: Pace;
  /** What somebody showed; null: nothing. */
  readonly shownArm: ShownArm | null;
  /** How far the pattern is that, 0 … 1. */
  readonly shown: Blend;
  /** Of a stop: how long it takes, and at least. */
  readonly stopSec: number;
  readonly brakeSec: number;
}

export class TrainedArm {
  readonly side: Side;
  readonly lanes: readonly ArmLane[];
  readonly role: ArmRole;
  readonly #strength = new SmoothValue();
  readonly #laws: TrainingLaws;
  readonly #limb: LawLimb;
  readonly #standing = { blend: 0, firmness: HELD_FIRMNESS, transparentCarriedShare: 1, strength: 0, elapsedSec: 0 };
  /** An arm that leads the other is carried; one that is only let go, as far as the therapist says. */
  readonly #carried = new SmoothValue();
  #law: LawName = 'guided';
  /** Device with the arm in it, and without. */
  readonly #chain: DrivenChain;
  readonly #device: DrivenChain;
  #twin: TrainedArm | null = null;
  #softness = 0;
  #yields = false;
  readonly #measuredRad: Float64Array;
  readonly #planRad: Float64Array;
  readonly #planRadPerSec: Float64Array;
  readonly #planRadPerSec2: Float64Array;
  readonly #gravityNm: Float64Array;
  readonly #deviceGravityNm: Float64Array;
  readonly #inertiaNm: Float64Array;

  constructor(
    profile: ArmProfile,
    arm: OneArm,
    setup: SessionSetup | null,
    permitted: readonly RangeRad[],
    private readonly program: ArmProgram,
    private readonly course: ArmCourse,
    seen: readonly JointMotion[],
  ) {
    const vector = (): Float64Array => new Float64Array(arm.places.length);
    this.side = arm.side;
    this.role = new ArmRole(arm.side);
    this.lanes = arm.places.flatMap((index) => {
      const joint = profile.joints[index];
      return joint === undefined ? [] : [createArmLane(joint, index, permitted[index], program, this.role)];
    });
    this.#chain = createArmChain(profile, arm, setup, setup?.heightM, seen);
    this.#device = createArmChain(profile, arm, null, setup?.heightM, seen);
    this.#limb = { joints: this.lanes, place: { phase: 0, cyclesPerSec: 0, cyclesPerSec2: 0 } };
    this.#laws = new TrainingLaws(this.lanes.length, this.#device, ARM_TUNING);
    this.#measuredRad = vector();
    this.#planRad = vector();
    this.#planRadPerSec = vector();
    this.#planRadPerSec2 = vector();
    this.#gravityNm = vector();
    this.#deviceGravityNm = vector();
    this.#inertiaNm = vector();
  }

  /** Two arms that train together know each other. */
  pairWith(twin: TrainedArm): void {
    this.#twin = twin;
  }

  /** How far the arm is led now, 0 … 1; softness is not counted. */
  get led(): number {
    return this.#laws.led;
  }

  /** How far it moves as it likes, 0 … 1. */
  get free(): number {
    return Math.max(this.#laws.free, this.role.leads.value);
  }

  get recovered(): boolean {
    for (const { measured, permitted } of this.lanes) if (!(measured.positionRad >= permitted.min && measured.positionRad <= permitted.max)) return false;
    return true;
  }

  /** Somebody pushes, and a joint still moves. */
  get swept(): boolean {
    if (this.#yields) for (const { measured } of this.lanes) if (Math.abs(measured.velocityRadPerSec) > SWEPT_RAD_PER_SEC) return true;
    return false;
  }

  /** None of its joints comes later than the others. */
  get inTime(): boolean {
    for (const { timing } of this.lanes) if (timing.value !== 0 || timing.perSec !== 0) return false;
    return true;
  }

  measure(joints: readonly MeasuredJoint[]): void {
    for (const lane of this.lanes) lane.measured = joints[lane.index] ?? lane.measured;
  }

  /** The drives were off. */
  beginAnew(intent: Intent): void {
    this.#strength.reset(this.#wantedStrength(intent));
    this.#carried.reset(this.#wantedCarried(intent));
    this.#standing.blend = 0;
    this.#law = this.#lawIn(intent.mode);
    this.#laws.begin(this.#law);
    for (const lane of this.lanes) {
      const { positionRad } = lane.measured;
      lane.restRad = this.course.task === 'recover' ? positionRad : clamp(positionRad, lane.bounds.min, lane.bounds.max);
      lane.stop.begin(lane.restRad, 0);
      lane.romScale.reset(intent.romScale[lane.index] ?? 1);
      lane.offsetRad.reset(intent.offsetRad[lane.index] ?? 0);
      lane.timing.reset(intent.timingShare[lane.index] ?? 0);
    }
  }

  /** From the posture that it is held in. */
  beginTraining(mode: TrainingMode): void {
    this.role.begin(mode);
    this.#law = this.#lawIn(mode);
    for (const lane of this.lanes) {
      lane.restRad = lane.plan.positionRad;
      lane.own.reset(lane.measured.positionRad, lane.measured.velocityRadPerSec);
      lane.following.reset(lane.restRad, 0);
      this.#refer(lane);
    }
    this.lanes.forEach((lane, i) => {
      const twin = this.#twin?.lanes[i];
      if (twin !== undefined) lane.following.reset(wishedRad(lane, twin, this.role.parallel.value), 0);
    });
  }

  /** While it trains. @param fadeSec of the change */
  changeMode(mode: TrainingMode, fadeSec: number): void {
    const led = this.role.leads.value > 0;
    this.role.change(mode, fadeSec);
    this.#law = this.#lawIn(mode);
    if (this.role.isToLead && !led) for (const { own, measured } of this.lanes) own.reset(measured.positionRad, measured.velocityRadPerSec);
  }

  /** How long the arm takes at least to where a mode wants it. */
  approachSec(mode: TrainingMode): number {
    let longestSec = 0;
    for (let i = 0; i < this.lanes.length; i++) {
      const lane = this.lanes[i];
      if (lane === undefined) continue;
      const wayRad = Math.abs(this.#wantedRad(lane, this.#twin?.lanes[i], mode) - lane.plan.positionRad);
      longestSec = Math.max(longestSec, (STEEPEST * wayRad) / (APPROACH_SHARE * degToRad(lane.profile.speedLimitDegPerSec)));
    }
    return longestSec;
  }

  /** Where the arm is, not where it should have been: whoever is guided little is not pulled back to the pattern. @returns how fast its fastest joint is, rad/s */
  beginStop(before: Task): number {
    let fastest = 0;
    for (let i = 0; i < this.lanes.length; i++) {
      const lane = this.lanes[i];
      if (lane === undefined) continue;
      const { plan, measured, stop } = lane;
      const led = before === 'train' ? clamp(this.#laws.leads[i]?.stiffnessShare ?? 0, 0, 1) : 1;
      const share = this.course.task === 'brake' ? 0 : led;
      const velocityRadPerSec = mix(measured.velocityRadPerSec, plan.velocityRadPerSec, share);
      stop.begin(mix(measured.positionRad, plan.positionRad, share), velocityRadPerSec);
      fastest = Math.max(fastest, Math.abs(velocityRadPerSec));
    }
    return fastest;
  }

  /** Before the clock of the exercise goes on. */
  follow(intent: Intent, elapsedSec: number): void {
    this.#strength.follow(this.#wantedStrength(intent), elapsedSec);
    this.#carried.follow(this.#wantedCarried(intent), elapsedSec);
    for (const lane of this.lanes) {
      lane.romScale.follow(intent.romScale[lane.index] ?? 1, elapsedSec);
      lane.offsetRad.follow(intent.offsetRad[lane.index] ?? 0, elapsedSec);
      // A movement that stops for the person stops in all joints.
      lane.timing.follow(intent.mode === 'triggered' ? 0 : (intent.timingShare[lane.index] ?? 0), elapsedSec);
    }
    this.role.advance(elapsedSec);
  }

  /** After it. @param yields somebody pushes, or the arm is asked to give way */
  advance(yields: boolean, elapsedSec: number): void {
    const { task, blend, phase, pace } = this.course;
    const standing = this.#standing;
    standing.blend = Math.max(blend.value, standing.blend - elapsedSec / FIRM_UP_SEC);
    standing.strength = this.#strength.value;
    standing.transparentCarriedShare = this.#carried.value;
    standing.elapsedSec = elapsedSec;
    this.#limb.place.phase = phase;
    this.#limb.place.cyclesPerSec = pace.perSec;
    this.#yields = yields;
    this.#softness = softer(this.#softness, yields && task !== 'brake', elapsedSec);
  }

  /** Toward its range, while a button is held. */
  leadIn(elapsedSec: number): void {
    for (const lane of this.lanes) lead(lane, elapsedSec);
  }

  /** Fills the references of its joints, and their plans. */
  plan(referenceRad: Float64Array, elapsedSec: number): void {
    for (let i = 0; i < this.lanes.length; i++) {
      const lane = this.lanes[i];
      if (lane === undefined) continue;
      this.#refer(lane);
      this.#track(lane, this.#twin?.lanes[i], elapsedSec);
      referenceRad[lane.index] = mix(lane.reference.positionRad, lane.following.positionRad, this.role.follows.value);
      this.#planOf(lane);
      this.#measuredRad[i] = lane.measured.positionRad;
      this.#planRad[i] = lane.plan.positionRad;
      this.#planRadPerSec[i] = lane.plan.velocityRadPerSec;
      this.#planRadPerSec2[i] = lane.plan.accelerationRadPerSec2;
    }
  }

  /** Fills the commands of its joints. */
  drive(interactionNm: ArrayLike<number>): void {
    this.#chain.inertia(this.#planRad, this.#planRadPerSec, this.#planRadPerSec2, this.#inertiaNm);
    this.#chain.gravity(this.#measuredRad, this.#gravityNm);
    this.#device.gravity(this.#measuredRad, this.#deviceGravityNm);
    this.#laws.act(this.#limb, this.#law, this.#standing);
    for (let i = 0; i < this.lanes.length; i++) {
      const lane = this.lanes[i];
      const led = this.#laws.leads[i];
      if (lane === undefined || led === undefined) continue;
      const wholeNm = this.#gravityNm[i] ?? 0;
      lane.gravityNm = mix(this.#deviceGravityNm[i] ?? 0, wholeNm, led.weightShare);
      lane.uncarriedNm = wholeNm - lane.gravityNm;
      this.#driveJoint(lane, led, this.#inertiaNm[i] ?? 0, interactionNm[lane.index] ?? Number.NaN);
    }
  }

  /** An arm that a person leads is not felt, unless it shall be. */
  #lawIn(mode: TrainingMode): LawName {
    return this.role.wantedIn(mode).leads === 1 && !movesAlone(mode) ? 'transparent' : lawOf(mode);
  }

  #wantedCarried(intent: Intent): number {
    return intent.mode === 'transparent' ? this.#wantedStrength(intent) : 1;
  }

  #wantedStrength({ guidanceLeft, guidanceRight }: Intent): number {
    return clamp(this.side === 'left' ? guidanceLeft : guidanceRight, 0, 1);
  }

  #wantedRad(lane: ArmLane, twin: ArmLane | undefined, mode: TrainingMode): number {
    const wanted = this.role.wantedIn(mode);
    if (wanted.leads === 1) return lane.plan.positionRad;
    if (wanted.follows === 1 && twin !== undefined) return wishedRad(lane, twin, wanted.parallel);
    return mode === 'replay' && this.course.shownArm !== null ? lane.shownReference.positionRad : lane.programRad;
  }

  #refer(lane: ArmLane): void {
    lane.scale.scale = lane.romScale.value;
    lane.scale.scalePerSec = lane.romScale.perSec;
    lane.scale.offsetRad = lane.offsetRad.value;
    lane.scale.offsetRadPerSec = lane.offsetRad.perSec;
    lane.scale.timing = lane.timing.value;
    lane.scale.timingPerSec = lane.timing.perSec;
    const { phase, pace, shownArm, shown } = this.course;
    lane.programRad = this.program.at(lane.index, phase, pace, lane.scale, lane.bounds, lane.reference).positionRad;
    if (shownArm === null) return;
    shownArm.at(lane.index, phase, pace, lane.scale, lane.bounds, lane.shownReference);
    mixPoints(lane.reference, lane.shownReference, shown);
  }

  #track(lane: ArmLane, twin: ArmLane | undefined, elapsedSec: number): void {
    if (twin !== undefined) followTwin(lane, twin, this.role.parallel, elapsedSec);
    const { own, measured } = lane;
    if (this.role.isToLead) own.follow(measured.positionRad, measured.velocityRadPerSec, elapsedSec);
    else own.follow(own.positionRad, 0, elapsedSec);
  }

  /** Where the joint should be: on its way to the pattern, along it, or where it stops. */
  #planOf(lane: ArmLane): void {
    const { plan, bounds, restRad, reference } = lane;
    const { task, blend, taskSec, stopSec, brakeSec } = this.course;
    if (task === 'recover') {
      plan.positionRad = restRad;
      plan.velocityRadPerSec = plan.accelerationRadPerSec2 = 0;
    } else if (task === 'train') {
      plan.positionRad = reference.positionRad;
      plan.velocityRadPerSec = reference.velocityRadPerSec;
      plan.accelerationRadPerSec2 = reference.accelerationRadPerSec2;
      weighRoles(plan, lane.following, lane.own, this.role);
      const { value: b, perSec: bPerSec } = blend;
      const swing = plan.positionRad - restRad;
      plan.accelerationRadPerSec2 = b * plan.accelerationRadPerSec2 + 2 * bPerSec * plan.velocityRadPerSec;
      plan.velocityRadPerSec = b * plan.velocityRadPerSec + bPerSec * swing;
      plan.positionRad = restRad + b * swing;
    } else {
      const leadSec = task === 'brake' ? BRAKE_LEAD_SEC : 0;
      lane.stop.at(taskSec + leadSec, Math.max(stopSec, brakeSec), plan);
      if (task !== 'brake') plan.positionRad = clamp(plan.positionRad, bounds.min, bounds.max);
    }
  }

  #driveJoint(lane: ArmLane, led: LeadSum, inertiaNm: number, personNm: number): void {
    const { command, plan, profile, measured, gravityNm } = lane;
    const softness = this.#softness;
    const power = minimumJerk(this.course.power);
    const stopping = this.course.task === 'brake';
    const standing = 1 - this.#standing.blend;
    const firm = 1 - softness;
    command.positionRad = mix(led.positionRad, measured.positionRad, softness);
    command.velocityRadPerSec = mix(led.velocityRadPerSec, yieldSpeed(personNm), softness);
    command.stiffnessNmPerRad = power * firm * led.stiffnessShare * profile.stiffnessNmPerRad;
    command.dampingNmsPerRad = power * mix(firm * led.dampingShare, 1, Math.max(standing, softness)) * profile.dampingNmsPerRad;
    const springNm = command.stiffnessNmPerRad * (command.positionRad - measured.positionRad) + command.dampingNmsPerRad * (command.velocityRadPerSec - measured.velocityRadPerSec);
    const aheadNm = inertiaNm + profile.rotorInertiaKgM2 * plan.accelerationRadPerSec2;
    const movingNm = power * ((stopping ? 1 : firm * led.carriedShare) * aheadNm + firm * led.torqueNm);
    const pullingNm = this.#yields ? springNm + movingNm : springNm;
    const limited = holdingShare(pullingNm, profile.interactionLimitNm, stopping);
    // Standing, the joint's friction is welcome: only the friction of a wanted movement is compensated.
    const speed = mix(mix(measured.velocityRadPerSec, plan.velocityRadPerSec, firm * led.carriedShare * limited), plan.velocityRadPerSec, standing);
    const endNm = (1 - firm * led.stiffnessShare) * (endTorqueNm(profile, lane.bounds, measured) + catchTorqueNm(profile, lane.bounds, measured, lane.uncarriedNm, personNm));
    const carryingNm = power * (gravityNm + frictionTorque(profile, speed) + endNm);
    const mostNm = opposingMostNm(profile.interactionLimitNm, !stopping);
    const held = this.#yields ? limited * yieldingShare(limited * pullingNm, carryingNm, personNm, mostNm) : limited;
    if (stopping) lane.stop.drag((1 - held) * (measured.positionRad - command.positionRad));
    command.stiffnessNmPerRad *= held;
    command.dampingNmsPerRad *= held;
    command.torqueNm = (this.#yields && !stopping ? yieldingNm(carryingNm, personNm, mostNm) : carryingNm) + (this.#yields ? held : 1) * movingNm;
  }
}
