/**
 * Passive motion of an arm: the device leads it from posture to posture, τ = G·[K(q_d − q) + B(q̇_d − q̇) + τ_inertia(q̈_d)] +
 * τ_gravity + τ_friction with the guidance G. At G = 0 the device is transparent: its own weight and its friction stay
 * compensated, and that of the arm too, which would fall. Every start grows out of the posture that the arm has, and every stop ends where the arm is.
 */
import { createArmChain } from '../estimation/arm-dynamics.ts';
import { frictionTorque } from '../estimation/leg-dynamics.ts';
import type { RigidChain } from '../estimation/rigid-chain.ts';
import { emptyJointCommand, type DesiredCommand, type JointCommand } from '../../protocols/joints.ts';
import { clamp, minimumJerk } from '../../protocols/math.ts';
import type { ArmJoint, ArmProfile, RangeRad } from '../../protocols/profile.ts';
import type { Intent } from '../../protocols/session-log.ts';
import type { SessionSetup, Side } from '../../protocols/supervision.ts';
import { degToRad, US_PER_MS, US_PER_S } from '../../protocols/units.ts';
import { armBounds, ArmProgram, UNSCALED, type JointScale } from './arm-program.ts';
import { BrakePath } from './brake.ts';
import { endTorqueNm } from './end-of-range.ts';
import type { ReferencePoint } from './gait-reference.ts';
import { lead } from './recovery.ts';
import { Blend, SLOW_RAD_PER_SEC, SmoothValue } from './smooth.ts';
import { TriggeredMoves, type Wishes } from './triggered-moves.ts';
import { holdingShare, opposingMostNm, softer, yieldingNm, yieldingShare, yieldSpeed, type Yielding } from './soften.ts';
import { BRAKE_LEAD_SEC, BRAKE_SHARE, HELD_US, HOLD_SEC, LOWER_SEC, POWER_UP_SEC, type MeasuredJoint, type PatternClock, type Task, type Therapy } from './therapy.ts';

/** Own values. */
const HELD_FIRMNESS = 0.8; // of full stiffness: carries the arm, yields to a push
const FIRM_UP_SEC = 0.1; // a soft arm becomes firm while it stops
const STOP_WAY_RAD = degToRad(6); // of the fastest joint, when the training pauses
/** Of a joint's speed limit, while the arm comes to the pattern. */
const APPROACH_SHARE = 0.3;
/** Peak of a minimum-jerk movement over its mean. */
const STEEPEST = 1.875;
/** Body height while nobody is entered. */
const UNKNOWN_HEIGHT_M = 1.75;

interface JointLane {
  readonly profile: ArmJoint;
  readonly index: number;
  readonly bounds: RangeRad;
  readonly permitted: RangeRad;
  readonly romScale: SmoothValue;
  readonly offsetRad: SmoothValue;
  readonly timing: SmoothValue;
  readonly scale: { -readonly [K in keyof JointScale]: JointScale[K] };
  readonly reference: ReferencePoint;
  readonly plan: ReferencePoint;
  readonly stop: BrakePath;
  readonly command: JointCommand;
  /** Posture from which the pattern grows. */
  restRad: number;
  measured: MeasuredJoint;
}

const emptyPoint = (): ReferencePoint => ({ positionRad: 0, velocityRadPerSec: 0, accelerationRadPerSec2: 0 });
const mix = (from: number, to: number, share: number): number => from + (to - from) * share;

export class PassiveMotion implements Therapy {
  readonly desired: DesiredCommand;
  readonly clock: { -readonly [K in keyof PatternClock]: PatternClock[K] };
  readonly referenceRad: Float64Array;
  readonly belt = null;
  readonly free = 0;
  readonly stepping = false;
  readonly canSlow = false;
  task: Task = 'off';
  holdsOn = false;
  readonly #profile: ArmProfile;
  readonly #side: Side;
  readonly #program: ArmProgram;
  readonly #moves: TriggeredMoves;
  /** Device with the arm in it. */
  readonly #chain: RigidChain;
  readonly #lanes: readonly JointLane[];
  readonly #speed = new SmoothValue();
  readonly #guidance = new SmoothValue();
  readonly #blend = new Blend();
  readonly #pace = { perSec: 0, perSec2: 0 };
  readonly #brakeSec: number;
  /** Of the repetition. */
  #phase = 0;
  #approachSec = 0;
  #stopSec = 0;
  #power = 0;
  #firmness = HELD_FIRMNESS;
  #softness = 0;
  #yields = false;
  #taskUs = 0;
  readonly #measuredRad: Float64Array;
  readonly #planRad: Float64Array;
  readonly #planRadPerSec: Float64Array;
  readonly #planRadPerSec2: Float64Array;
  readonly #gravityNm: Float64Array;
  readonly #inertiaNm: Float64Array;

  constructor(profile: ArmProfile, setup: SessionSetup | null, permitted: readonly RangeRad[]) {
    const vector = (): Float64Array => new Float64Array(profile.joints.length);
    this.#profile = profile;
    this.#side = profile.joints[0]?.side ?? 'right';
    this.#program = new ArmProgram(profile, setup?.heightM ?? UNKNOWN_HEIGHT_M);
    this.#moves = new TriggeredMoves(this.#program, setup?.trigger);
    this.#chain = createArmChain(profile, setup, setup?.heightM);
    this.#lanes = profile.joints.map((joint, index) => createLane(joint, index, permitted[index]));
    this.#brakeSec = (BRAKE_SHARE * profile.stop.maxTimeMs * US_PER_MS) / US_PER_S;
    this.clock = { phase: this.#sidePhase(), stepsLeft: 0, stepsRight: 0, distanceM: 0 };
    this.desired = { joints: this.#lanes.map((lane) => lane.command) };
    this.referenceRad = vector();
    this.#measuredRad = vector();
    this.#planRad = vector();
    this.#planRadPerSec = vector();
    this.#planRadPerSec2 = vector();
    this.#gravityNm = vector();
    this.#inertiaNm = vector();
  }

  get blend(): number {
    return this.#blend.value;
  }

  get expected(): number {
    return this.#blend.value;
  }

  get finished(): boolean {
    return this.task === 'off' || ((this.task === 'lower' || this.task === 'brake') && this.#power === 0);
  }

  get standing(): boolean {
    return this.task === 'brake' && this.#taskUs <= (this.#brakeSec + HOLD_SEC) * US_PER_S;
  }

  get recovered(): boolean {
    for (const { measured, permitted } of this.#lanes) if (!(measured.positionRad >= permitted.min && measured.positionRad <= permitted.max)) return false;
    return true;
  }

  get braked(): boolean {
    return (this.task === 'brake' || this.task === 'lower') && this.#taskUs > this.#stopSec * US_PER_S;
  }

  get supporting(): boolean {
    return this.#power === 1;
  }

  guidanceOf(side: Side): number {
    return side === this.#side ? this.#guidance.value : 0;
  }

  update(task: Task, measured: readonly MeasuredJoint[], intent: Intent, elapsedUs: number, supported: boolean, yielding: Yielding): void {
    for (const lane of this.#lanes) lane.measured = measured[lane.index] ?? lane.measured;
    if (task !== this.task) this.#begin(task, intent);
    this.#taskUs += elapsedUs;
    const elapsedSec = elapsedUs / US_PER_S;
    this.#advance(intent, elapsedSec, supported, yielding);
    if (task === 'recover' && this.#power === 1 && intent.holdAgeUs <= HELD_US) for (const lane of this.#lanes) lead(lane, elapsedSec);
    this.#yields = yielding[this.#side];
    this.#softness = softer(this.#softness, this.#yields && task !== 'brake', elapsedSec);
    for (const lane of this.#lanes) this.#plan(lane);
    this.#chain.inertia(this.#planRad, this.#planRadPerSec, this.#planRadPerSec2, this.#inertiaNm);
    this.#chain.gravity(this.#measuredRad, this.#gravityNm);
    for (const lane of this.#lanes) this.#drive(lane, yielding.interactionNm);
  }

  #begin(task: Task, intent: Intent): void {
    const before = this.task;
    this.task = task;
    this.#taskUs = 0;
    if (task === 'off') this.#power = 0;
    if (before === 'off') this.#beginAnew(task, intent);
    else if (task === 'train') this.#beginTraining();
    else this.#beginStop(before);
  }

  #beginAnew(task: Task, intent: Intent): void {
    this.#firmness = HELD_FIRMNESS;
    this.#phase = 0;
    this.#stopSec = 0;
    this.#speed.reset(0);
    this.#blend.reset();
    this.#guidance.reset(this.#wantedGuidance(intent));
    for (const lane of this.#lanes) {
      const { positionRad } = lane.measured;
      lane.restRad = task === 'recover' ? positionRad : clamp(positionRad, lane.bounds.min, lane.bounds.max);
      lane.stop.begin(lane.restRad, 0);
      lane.romScale.reset(intent.romScale[lane.index] ?? 1);
      lane.offsetRad.reset(intent.offsetRad[lane.index] ?? 0);
      lane.timing.reset(intent.timingShare[lane.index] ?? 0);
    }
  }

  #beginTraining(): void {
    this.#speed.reset(0);
    this.#pace.perSec = this.#pace.perSec2 = 0;
    this.#approachSec = this.#profile.therapy.softStartSec;
    for (const lane of this.#lanes) {
      lane.restRad = lane.plan.positionRad;
      this.#refer(lane);
      const mostRadPerSec = APPROACH_SHARE * degToRad(lane.profile.speedLimitDegPerSec);
      this.#approachSec = Math.max(this.#approachSec, (STEEPEST * Math.abs(lane.reference.positionRad - lane.restRad)) / mostRadPerSec);
    }
  }

  /** Where the arm is, not where it should have been: whoever is guided little is not pulled back to the pattern. */
  #beginStop(before: Task): void {
    const braking = this.task === 'brake';
    const led = before === 'train' ? this.#firmness : 1;
    let fastest = 0;
    for (const { plan, measured, stop } of this.#lanes) {
      const share = braking ? 0 : led;
      const velocityRadPerSec = mix(measured.velocityRadPerSec, plan.velocityRadPerSec, share);
      stop.begin(mix(measured.positionRad, plan.positionRad, share), velocityRadPerSec);
      fastest = Math.max(fastest, Math.abs(velocityRadPerSec));
    }
    this.#stopSec = braking || fastest === 0 ? this.#brakeSec : clamp((2 * STOP_WAY_RAD) / fastest, this.#brakeSec, this.#profile.therapy.softStopSec);
    this.#speed.reset(0);
    this.#blend.reset();
  }

  #advance(intent: Intent, elapsedSec: number, supported: boolean, wishes: Wishes): void {
    const training = this.task === 'train' && this.#power === 1;
    this.#guidance.follow(this.#wantedGuidance(intent), elapsedSec);
    for (const lane of this.#lanes) {
      lane.romScale.follow(intent.romScale[lane.index] ?? 1, elapsedSec);
      lane.offsetRad.follow(intent.offsetRad[lane.index] ?? 0, elapsedSec);
      // A movement that stops for the person stops in all joints.
      lane.timing.follow(intent.mode === 'triggered' ? 0 : (intent.timingShare[lane.index] ?? 0), elapsedSec);
    }
    if (training) this.#blend.advance(true, this.#approachSec, elapsedSec);
    if (intent.mode !== 'triggered') this.#moves.end();
    if (training && this.#blend.value === 1) this.#turn(intent, elapsedSec, wishes);
    this.#power = clamp(this.#power + this.#powerPerSec(supported) * elapsedSec, 0, 1);
    const led = this.task === 'train' ? mix(HELD_FIRMNESS, this.#guidance.value, this.#blend.value) : HELD_FIRMNESS;
    this.#firmness = clamp(led, this.#firmness - elapsedSec / FIRM_UP_SEC, this.#firmness + elapsedSec / FIRM_UP_SEC);
  }

  /** On along the pattern. */
  #turn(intent: Intent, elapsedSec: number, wishes: Wishes): void {
    const { min, max } = this.#profile.therapy.handSpeedMps;
    this.#speed.follow(clamp(intent.speedMps, min, max), elapsedSec);
    this.#pace.perSec = this.#program.repetitionsPerSec(this.#speed.value);
    this.#pace.perSec2 = this.#program.repetitionsPerSec(this.#speed.perSec);
    const wanted = this.#phase + this.#pace.perSec * elapsedSec;
    const next = intent.mode === 'triggered' && this.#inTime ? this.#moves.limit(this.#phase, wanted, wishes, elapsedSec) : wanted;
    if (next === this.#phase) this.#pace.perSec = this.#pace.perSec2 = 0;
    this.clock.distanceM += (next - this.#phase) * this.#program.wayM;
    this.#phase = next - Math.floor(next);
    this.clock.phase = this.#sidePhase();
    if (next < 1) return;
    if (this.#side === 'left') this.clock.stepsLeft++;
    else this.clock.stepsRight++;
  }

  /** No joint comes later than the others. */
  get #inTime(): boolean {
    for (const { timing } of this.#lanes) if (timing.value !== 0 || timing.perSec !== 0) return false;
    return true;
  }

  /** A repetition of the right arm begins where a right step does. */
  #sidePhase(): number {
    return this.#side === 'left' ? this.#phase : (this.#phase + 0.5) % 1;
  }

  #powerPerSec(supported: boolean): number {
    if (this.task === 'hold' || this.task === 'train' || this.task === 'recover') return supported ? 1 / POWER_UP_SEC : 0;
    const stands = this.task === 'lower' ? !this.braked : this.standing;
    return stands || this.holdsOn ? 0 : -1 / LOWER_SEC;
  }

  #wantedGuidance({ guidanceLeft, guidanceRight }: Intent): number {
    return clamp(this.#side === 'left' ? guidanceLeft : guidanceRight, 0, 1);
  }

  #refer(lane: JointLane): void {
    lane.scale.scale = lane.romScale.value;
    lane.scale.scalePerSec = lane.romScale.perSec;
    lane.scale.offsetRad = lane.offsetRad.value;
    lane.scale.offsetRadPerSec = lane.offsetRad.perSec;
    lane.scale.timing = lane.timing.value;
    lane.scale.timingPerSec = lane.timing.perSec;
    this.#program.at(lane.index, this.#phase, this.#pace, lane.scale, lane.bounds, lane.reference);
    this.referenceRad[lane.index] = lane.reference.positionRad;
  }

  /** Where the joint should be: on its way to the pattern, along it, or where it stops. */
  #plan(lane: JointLane): void {
    const { plan, reference, bounds } = lane;
    this.#refer(lane);
    if (this.task === 'recover') {
      plan.positionRad = lane.restRad;
      plan.velocityRadPerSec = plan.accelerationRadPerSec2 = 0;
    } else if (this.task === 'train') {
      const { value: b, perSec: bPerSec } = this.#blend;
      const swing = reference.positionRad - lane.restRad;
      plan.positionRad = lane.restRad + b * swing;
      plan.velocityRadPerSec = b * reference.velocityRadPerSec + bPerSec * swing;
      plan.accelerationRadPerSec2 = b * reference.accelerationRadPerSec2 + 2 * bPerSec * reference.velocityRadPerSec;
    } else {
      const leadSec = this.task === 'brake' ? BRAKE_LEAD_SEC : 0;
      lane.stop.at(this.#taskUs / US_PER_S + leadSec, Math.max(this.#stopSec, this.#brakeSec), plan);
      if (this.task !== 'brake') plan.positionRad = clamp(plan.positionRad, bounds.min, bounds.max);
    }
    this.#measuredRad[lane.index] = lane.measured.positionRad;
    this.#planRad[lane.index] = plan.positionRad;
    this.#planRadPerSec[lane.index] = plan.velocityRadPerSec;
    this.#planRadPerSec2[lane.index] = plan.accelerationRadPerSec2;
  }

  #drive(lane: JointLane, interactionNm: ArrayLike<number>): void {
    const { command, plan, profile, measured, index } = lane;
    const softness = this.#softness;
    const power = minimumJerk(this.#power);
    const stopping = this.task === 'brake';
    const standing = 1 - this.#blend.value;
    const firmness = this.#firmness * (1 - softness);
    command.positionRad = mix(plan.positionRad, measured.positionRad, softness);
    command.velocityRadPerSec = mix(plan.velocityRadPerSec, yieldSpeed(interactionNm[index] ?? 0), softness);
    command.stiffnessNmPerRad = power * firmness * profile.stiffnessNmPerRad;
    command.dampingNmsPerRad = power * mix(firmness, 1, Math.max(standing, softness)) * profile.dampingNmsPerRad;
    const springNm = command.stiffnessNmPerRad * (command.positionRad - measured.positionRad) + command.dampingNmsPerRad * (command.velocityRadPerSec - measured.velocityRadPerSec);
    const movingNm = power * (stopping ? 1 : firmness) * ((this.#inertiaNm[index] ?? 0) + profile.rotorInertiaKgM2 * plan.accelerationRadPerSec2);
    const pullingNm = this.#yields ? springNm + movingNm : springNm;
    const limited = holdingShare(pullingNm, profile.interactionLimitNm, stopping);
    // Standing, the joint's friction is welcome: only the friction of a wanted movement is compensated.
    const speed = mix(mix(measured.velocityRadPerSec, plan.velocityRadPerSec, firmness * limited), plan.velocityRadPerSec, standing);
    const carryingNm = power * ((this.#gravityNm[index] ?? 0) + frictionTorque(profile, speed) + (1 - firmness) * endTorqueNm(profile, lane.bounds, measured));
    const mostNm = opposingMostNm(profile.interactionLimitNm, !stopping);
    const personNm = interactionNm[index] ?? Number.NaN;
    const held = this.#yields ? limited * yieldingShare(limited * pullingNm, carryingNm, personNm, mostNm) : limited;
    if (stopping) lane.stop.drag((1 - held) * (measured.positionRad - command.positionRad));
    command.stiffnessNmPerRad *= held;
    command.dampingNmsPerRad *= held;
    command.torqueNm = (this.#yields && !stopping ? yieldingNm(carryingNm, personNm, mostNm) : carryingNm) + (this.#yields ? held : 1) * movingNm;
  }
}

function createLane(profile: ArmJoint, index: number, permitted: RangeRad | undefined): JointLane {
  const bounds = armBounds(profile, permitted);
  return {
    profile,
    index,
    bounds,
    permitted: permitted ?? bounds,
    romScale: new SmoothValue(),
    offsetRad: new SmoothValue(),
    timing: new SmoothValue(SLOW_RAD_PER_SEC),
    scale: { ...UNSCALED },
    reference: emptyPoint(),
    plan: emptyPoint(),
    stop: new BrakePath(),
    command: emptyJointCommand(),
    restRad: bounds.min,
    measured: { positionRad: 0, velocityRadPerSec: 0 },
  };
}
