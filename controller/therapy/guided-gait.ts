/**
 * Gait: what the law of the training mode asks, τ_gravity + τ_friction on top; a leg that is not led at all is transparent,
 * not limp. Every start grows out of the posture that the leg has; standing, the posture is held with a firmness of its own.
 */
import { createLegModel, frictionTorque, gravityTorques, inertiaTorques, jointInertiaKgM2, setJointMotion, torqueOf, type LegModel } from '../estimation/leg-dynamics.ts';
import type { DesiredCommand } from '../../protocols/joints.ts';
import { clamp, minimumJerk, mix } from '../../protocols/math.ts';
import type { GaitProfile, RangeRad } from '../../protocols/profile.ts';
import type { Intent } from '../../protocols/session-log.ts';
import { sides, type SessionSetup, type Side } from '../../protocols/supervision.ts';
import type { TrainingMode } from '../../protocols/training-mode.ts';
import { kgToNewton, kmhToMps, US_PER_MS, US_PER_S } from '../../protocols/units.ts';
import type { WalkCourse } from './assessments/walk-course.ts';
import { BeltPace } from './belt-pace.ts';
import { GaitClock, paceOf } from './gait-clock.ts';
import { evaluateReference, evaluateSeries, mixPoints, speedAmplitude, type GaitPlace } from './gait-reference.ts';
import type { Lead } from './laws/law.ts';
import type { Wishes } from './movement-wish.ts';
import { createJointLane, createLegLane, type JointLane, type LegLane } from './leg-lanes.ts';
import { OwnGait } from './own-gait.ts';
import { PatternStep } from './pattern-step.ts';
import { lead } from './recovery.ts';
import { Blend, SmoothValue } from './smooth.ts';
import { FADE_SEC, lawOf } from './training-laws.ts';
import { TriggeredSteps } from './triggered-steps.ts';
import { holdingShare, inSwing, opposingMostNm, SOFT_DAMPING_NMS_PER_RAD, softer, yieldingNm, yieldingShare, yieldSpeed, type Yielding } from './soften.ts';
import { BRAKE_LEAD_SEC, BRAKE_SHARE, HELD_US, HOLD_SEC, LOWER_SEC, POWER_UP_SEC, type MeasuredJoint, type Task, type Therapy } from './therapy.ts';

/** Own values. */
const HOLD_FIRMNESS = 0.5; // of full stiffness: carries the leg, yields to a push
const BRAKE_FIRMNESS = 0.8; // firmer: the leg has to stand within the stop time
const FIRM_UP_SEC = 0.1; // a soft leg becomes firm while it brakes
/**
 * Damping ratio of a held posture. The drives' own damping reaches a tenth of that; the rest is rendered from the host,
 * which its dead time of three periods allows up to about 1.
 */
const STANDING_DAMPING = 0.7;
/** Steps count once the pattern has half its size. */
const STEP_BLEND = 0.5;
/** A leg that hangs outside its range sinks back there when it is released; as slowly as it was led. Own value. */
const RECOVERED_LOWER_SEC = 10;

export class GuidedGait implements Therapy {
  readonly desired: DesiredCommand;
  readonly clock = new GaitClock();
  /** The pattern as it would be at full blend, per joint in the profile's order, rad. */
  readonly referenceRad: Float64Array;
  task: Task = 'off';
  /** null: the patient walks on no belt of this robot. */
  readonly belt: BeltPace | null;
  /** A stop's end has not come: after it has braked, the posture is held on. */
  holdsOn = false;
  readonly #profile: GaitProfile;
  /** Orthosis with the limb in it, and alone. */
  readonly #model: LegModel;
  readonly #device: LegModel;
  readonly #joints: readonly JointLane[];
  readonly #legs: readonly LegLane[];
  /** null: the feet swing free. */
  readonly #step: PatternStep | null;
  /** null: it has not two legs. */
  readonly #own: OwnGait | null;
  readonly #steps: TriggeredSteps;
  readonly #speed = new SmoothValue();
  readonly #blend = new Blend();
  /** How far the pattern is the one that somebody showed, 0 … 1. */
  readonly #shown = new Blend();
  readonly #brakeSec: number;
  readonly #standing = { blend: 0, firmness: 0, transparentCarriedShare: 0, strength: 0, elapsedSec: 0 };
  /** 0 … 1 of the way from released to fully supporting. */
  #power = 0;
  #firmness = HOLD_FIRMNESS;
  #taskUs = 0;
  #lowerSec = LOWER_SEC;

  /**
   * @param groundNm per joint, what carries the weight that stands on the leg; null: nothing stands on it
   * @param assessment knows its steps; absent: it is a training
   */
  constructor(profile: GaitProfile, setup: SessionSetup | null, permitted: readonly RangeRad[], private readonly groundNm: ArrayLike<number> | null = null, readonly assessment?: WalkCourse) {
    this.#profile = profile;
    this.#model = createLegModel(profile, setup, setup?.heightM);
    this.#device = createLegModel(profile, null, setup?.heightM);
    this.#joints = profile.joints.map((joint, index) => createJointLane(joint, index, permitted[index], profile.therapy.kneeReferenceMinDeg, setup?.trajectory));
    this.#legs = sides.flatMap((side) => createLegLane(side, this.#joints, this.#device));
    this.#step = profile.geometry.ground === undefined || setup === null ? null : new PatternStep(profile, setup.heightM);
    this.#own = createOwnGait(profile, setup, this.#legs);
    this.#steps = new TriggeredSteps({ left: this.#hipOf('left'), right: this.#hipOf('right') }, setup?.trigger);
    this.#brakeSec = (BRAKE_SHARE * profile.stop.maxTimeMs * US_PER_MS) / US_PER_S;
    this.belt = BeltPace.of(profile, this.#brakeSec);
    this.desired = { joints: this.#joints.map((lane) => lane.command), beltSpeedMps: 0, unloadingN: Number.NaN };
    this.referenceRad = new Float64Array(this.#joints.length);
  }

  /** 0 = at rest … 1 = full gait amplitude. */
  get blend(): number {
    return this.#blend.value;
  }

  get expected(): number {
    return this.#blend.value;
  }

  /** The legs step, or stand between steps: belt and feet should go together. */
  get stepping(): boolean {
    return this.task === 'train' || this.task === 'hold' || this.task === 'lower';
  }

  /** Legs and belt can (still) slow down in one phase. */
  get canSlow(): boolean {
    if (this.belt === null) return false;
    return this.task === 'slow' ? this.belt.share > 0 : this.stepping && this.#blend.value > 0;
  }

  /** A stop or a lowering has come to its end: the drives may be released. */
  get finished(): boolean {
    return this.task === 'off' || ((this.task === 'lower' || this.task === 'brake') && this.#power === 0);
  }

  /** Braking or holding after a protective stop: the joints should come to rest and stay. */
  get standing(): boolean {
    return this.task === 'brake' && this.#taskUs <= (this.#brakeSec + HOLD_SEC) * US_PER_S;
  }

  /** How far a leg is led now, 0 … 1; softness is not counted. */
  guidanceOf(side: Side): number {
    for (const leg of this.#legs) if (leg.side === side) return leg.laws.led;
    return 0;
  }

  /** How far a leg moves as it likes, 0 … 1. */
  freeOf(side: Side): number {
    for (const leg of this.#legs) if (leg.side === side) return leg.laws.free;
    return 0;
  }

  /** Every joint stands inside its range. */
  get recovered(): boolean {
    for (const { measured, permitted } of this.#joints) if (!(measured.positionRad >= permitted.min && measured.positionRad <= permitted.max)) return false;
    return true;
  }

  /** Braking for a stop is over: the joints should stand. */
  get braked(): boolean {
    return this.task === 'brake' && this.#taskUs > this.#brakeSec * US_PER_S;
  }

  /** The drives are enabled and give all their support. */
  get supporting(): boolean {
    return this.#power === 1;
  }

  /** Fills `desired`. @param supported the drives are seen to be enabled, so what is commanded is felt */
  update(task: Task, measured: readonly MeasuredJoint[], intent: Intent, elapsedUs: number, supported: boolean, yielding: Yielding): void {
    for (const lane of this.#joints) lane.measured = measured[lane.index] ?? lane.measured;
    if (task !== this.task) this.#begin(task, intent);
    this.#taskUs += elapsedUs;
    const elapsedSec = elapsedUs / US_PER_S;
    this.#advance(task, intent, elapsedUs, supported, yielding);
    if (task === 'recover' && this.#power === 1 && intent.holdAgeUs <= HELD_US) for (const lane of this.#joints) lead(lane, elapsedSec);
    this.#standing.elapsedSec = elapsedSec;
    for (const leg of this.#legs) {
      // A leg that stands keeps its support: a soft stance knee is a fall.
      leg.yields = yielding[leg.side];
      if (task !== 'brake') leg.swings = this.#blend.value >= STEP_BLEND && inSwing(this.#phaseOf(leg.side));
      leg.softness = softer(leg.softness, leg.yields && leg.swings && task !== 'brake', elapsedSec);
      this.#command(leg, intent.mode, yielding.interactionNm);
    }
    this.assessment?.look(task === 'train' && this.#blend.value === 1, this.clock.stepsLeft, elapsedSec, this.belt?.measuredMps ?? 0);
    this.desired.beltSpeedMps = this.stepping ? this.#speed.value * this.#blend.value : 0;
    this.desired.unloadingN = kgToNewton(intent.unloadingKg);
  }

  #begin(task: Task, intent: Intent): void {
    const fromOff = this.task === 'off';
    // A stopped leg is lowered where it is: it goes back to no earlier posture.
    if (this.task === 'brake') for (const lane of this.#joints) lane.restRad = lane.plan.positionRad;
    this.#lowerSec = this.task === 'recover' ? RECOVERED_LOWER_SEC : LOWER_SEC;
    this.task = task;
    this.#taskUs = 0;
    if (task === 'off') this.#power = 0;
    if (task === 'slow') {
      this.belt?.beginSlowing(this.#speed.value * this.#blend.value);
      this.#blend.freeze();
    }
    if (task === 'brake') for (const lane of this.#joints) lane.brake.begin(lane.measured.positionRad, lane.measured.velocityRadPerSec);
    if (!fromOff) return;
    this.#blend.reset();
    this.#shown.reset(intent.mode === 'replay');
    this.#steps.begin(intent.mode === 'triggered', this.clock.phase);
    this.#firmness = HOLD_FIRMNESS;
    this.#speed.reset(kmhToMps(this.#profile.therapy.speedKmh.min));
    for (const leg of this.#legs) {
      leg.guidance.reset(guidanceOf(leg.side, intent));
      leg.laws.begin(lawOf(intent.mode));
    }
    for (const lane of this.#joints) {
      lane.restRad = task === 'recover' ? lane.measured.positionRad : clamp(lane.measured.positionRad, lane.bounds.min, lane.bounds.max);
      lane.romScale.reset(intent.romScale[lane.index] ?? 1);
      lane.offsetRad.reset(intent.offsetRad[lane.index] ?? 0);
      lane.timing.reset(intent.timingShare[lane.index] ?? 0);
    }
  }

  #advance(task: Task, intent: Intent, elapsedUs: number, supported: boolean, wishes: Wishes): void {
    const elapsedSec = elapsedUs / US_PER_S;
    const { softStartSec, softStopSec, speedKmh } = this.#profile.therapy;
    const walking = task === 'train' && this.#power === 1;
    const wishMps = walking ? clamp(intent.speedMps, kmhToMps(speedKmh.min), kmhToMps(speedKmh.max)) : this.#speed.value;
    if (this.belt === null) this.#speed.follow(wishMps, elapsedSec);
    else if (task === 'slow') this.belt.slow(elapsedSec);
    else this.belt.lead(this.#speed, wishMps, walking && this.#blend.value === 1, elapsedSec);
    const growSec = Math.max(softStartSec, this.belt === null ? 0 : this.belt.growSec(this.#speed.value));
    if (task === 'brake') this.#blend.reset();
    else if (walking) this.#blend.advance(true, growSec, elapsedSec);
    else if (task !== 'slow') this.#blend.advance(false, softStopSec, elapsedSec);
    this.#shown.advance(intent.mode === 'replay', FADE_SEC, elapsedSec);
    const share = task === 'slow' ? (this.belt?.share ?? 0) : 1;
    if (this.#step !== null) this.clock.stepM = this.#step.meanM(this.#legs);
    this.#own?.look(elapsedSec, Math.min(this.freeOf('left'), this.freeOf('right')));
    const triggered = intent.mode === 'triggered';
    const listens = walking && this.#blend.value === 1;
    if (this.#blend.value === 0) this.clock.rest();
    else if ((triggered || this.#steps.active) && this.#steps.look(triggered, this.clock.phase, paceOf(this.#speed.value), listens, wishes, elapsedSec)) this.clock.advanceSteps(this.#speed.value, elapsedSec, this.#blend.value >= STEP_BLEND, this.#steps);
    else this.clock.advance(this.#speed.value, elapsedSec, this.#blend.value >= STEP_BLEND, share, this.#own);
    for (const leg of this.#legs) leg.guidance.follow(clamp(guidanceOf(leg.side, intent), 0, 1), elapsedSec);
    for (const lane of this.#joints) {
      lane.romScale.follow(intent.romScale[lane.index] ?? 1, elapsedSec);
      lane.offsetRad.follow(intent.offsetRad[lane.index] ?? 0, elapsedSec);
      lane.timing.follow(intent.timingShare[lane.index] ?? 0, elapsedSec);
    }
    this.#power = clamp(this.#power + this.#powerPerSec(task, supported) * elapsedSec, 0, 1);
    const firm = task === 'brake' ? BRAKE_FIRMNESS : HOLD_FIRMNESS;
    this.#firmness = clamp(firm, this.#firmness - elapsedSec / FIRM_UP_SEC, this.#firmness + elapsedSec / FIRM_UP_SEC);
  }

  #powerPerSec(task: Task, supported: boolean): number {
    if (task === 'hold' || task === 'train' || task === 'recover') return supported ? 1 / POWER_UP_SEC : 0;
    if (task === 'slow') return 0;
    if (task === 'lower') return this.#blend.value === 0 ? -1 / this.#lowerSec : 0;
    return this.standing || this.holdsOn ? 0 : -1 / LOWER_SEC;
  }

  #hipOf(side: Side): number {
    return this.#joints.findIndex(({ profile }) => profile.side === side && profile.kind === 'hip');
  }

  #phaseOf(side: Side): number {
    return side === 'left' ? this.clock.phase : this.clock.phase + 0.5;
  }

  #command(leg: LegLane, mode: TrainingMode, interactionNm: ArrayLike<number>): void {
    const { hip, knee, ankle, motion } = leg;
    leg.place.phase = this.#phaseOf(leg.side);
    leg.place.cyclesPerSec = this.clock.cyclesPerSec;
    leg.place.cyclesPerSec2 = this.clock.cyclesPerSec2;
    for (const lane of leg.joints) {
      this.#plan(lane, leg.place);
      setJointMotion(motion, lane.profile.kind, lane.plan);
    }
    inertiaTorques(this.#model, motion, leg.inertia);
    const ankleRad = ankle === null ? 0 : ankle.measured.positionRad;
    gravityTorques(this.#model, hip.measured.positionRad, knee.measured.positionRad, ankleRad, leg.gravity);
    gravityTorques(this.#device, hip.measured.positionRad, knee.measured.positionRad, ankleRad, leg.deviceGravity);
    this.#standing.blend = this.#blend.value;
    this.#standing.firmness = this.#firmness;
    this.#standing.strength = leg.guidance.value;
    leg.laws.act(leg, lawOf(mode), this.#standing);
    // Transparent means that the device is not felt; the limb's own weight is carried only as far as the law says.
    for (let j = 0; j < leg.joints.length; j++) {
      const lane = leg.joints[j];
      const led = leg.laws.leads[j];
      if (lane === undefined || led === undefined) continue;
      const { kind } = lane.profile;
      lane.gravityNm = mix(torqueOf(kind, leg.deviceGravity), torqueOf(kind, leg.gravity), led.carriedShare) + led.carriedShare * (this.groundNm?.[lane.index] ?? 0);
      lane.inertiaNm = torqueOf(kind, leg.inertia);
      lane.limbInertiaKgM2 = jointInertiaKgM2(this.#model, kind, motion.kneeRad, motion.ankleRad);
      this.#drive(lane, led, leg, interactionNm);
    }
  }

  /** Where the joint should be: on its way between the posture at rest and the pattern. */
  #plan(lane: JointLane, place: GaitPlace): void {
    const { plan, reference, shape } = lane;
    const { kind } = lane.profile;
    shape.offsetRad = lane.offsetRad.value;
    shape.offsetRadPerSec = lane.offsetRad.perSec;
    shape.timing = lane.timing.value;
    shape.timingPerSec = lane.timing.perSec;
    const replays = lane.shown !== null && this.#shown.value > 0;
    if (replays) {
      shape.amplitude = lane.romScale.value;
      shape.amplitudePerSec = lane.romScale.perSec;
      evaluateSeries(lane.shown, place, shape, lane.bounds, lane.shownReference);
    }
    const amplitude = speedAmplitude(kind, this.#speed.value);
    shape.amplitude = lane.romScale.value * amplitude;
    shape.amplitudePerSec = lane.romScale.perSec * amplitude;
    evaluateReference(kind, place, shape, lane.bounds, reference);
    if (replays) mixPoints(reference, lane.shownReference, this.#shown);
    this.referenceRad[lane.index] = reference.positionRad;
    if (this.task === 'brake') {
      lane.brake.at(this.#taskUs / US_PER_S + BRAKE_LEAD_SEC, this.#brakeSec, plan);
      if (this.braked) lane.brake.settle(plan.positionRad, lane.measured, this.#standing.elapsedSec);
      return;
    }
    const { value: b, perSec: bPerSec } = this.#blend;
    const swing = reference.positionRad - lane.restRad;
    plan.positionRad = lane.restRad + b * swing;
    plan.velocityRadPerSec = b * reference.velocityRadPerSec + bPerSec * swing;
    plan.accelerationRadPerSec2 = b * reference.accelerationRadPerSec2 + 2 * bPerSec * reference.velocityRadPerSec;
  }

  #drive(lane: JointLane, led: Lead, { softness, yields, swings }: LegLane, interactionNm: ArrayLike<number>): void {
    const { command, plan, profile, measured, gravityNm, inertiaNm, limbInertiaKgM2 } = lane;
    const power = minimumJerk(this.#power);
    const standing = 1 - this.#blend.value;
    const firm = 1 - softness;
    command.positionRad = mix(led.positionRad, measured.positionRad, softness);
    command.velocityRadPerSec = mix(led.velocityRadPerSec, yieldSpeed(interactionNm[lane.index] ?? 0), softness);
    command.stiffnessNmPerRad = power * firm * led.stiffnessShare * profile.stiffnessNmPerRad;
    command.dampingNmsPerRad = power * mix(firm * led.dampingShare, 1, Math.max(standing, softness)) * profile.dampingNmsPerRad;
    const offRadPerSec = command.velocityRadPerSec - measured.velocityRadPerSec;
    const damping = Math.max(0, 2 * STANDING_DAMPING * Math.sqrt(command.stiffnessNmPerRad * (limbInertiaKgM2 + profile.rotorInertiaKgM2)) - command.dampingNmsPerRad);
    const standingNm = power * (standing * damping + softness * SOFT_DAMPING_NMS_PER_RAD) * offRadPerSec;
    const springNm = command.stiffnessNmPerRad * (command.positionRad - measured.positionRad) + command.dampingNmsPerRad * offRadPerSec + standingNm;
    const rotorNm = profile.rotorInertiaKgM2 * plan.accelerationRadPerSec2;
    const stopping = this.task === 'brake';
    // Walking, the torque of the wanted motion is the limb's own; against a person it is one more torque on him.
    const movingNm = power * (stopping ? inertiaNm + rotorNm : firm * (led.carriedShare * (inertiaNm + rotorNm) + led.torqueNm));
    const opposed = yields && (stopping || swings);
    const pullingNm = opposed ? springNm + movingNm : springNm;
    const limited = holdingShare(pullingNm, profile.interactionLimitNm, stopping);
    // Standing, the joint's friction is welcome: only the friction of a wanted movement is compensated.
    const speed = mix(mix(measured.velocityRadPerSec, plan.velocityRadPerSec, firm * led.carriedShare * limited), plan.velocityRadPerSec, standing);
    const carryingNm = power * (gravityNm + frictionTorque(profile, speed));
    const personNm = interactionNm[lane.index] ?? Number.NaN;
    const mostNm = opposingMostNm(profile.interactionLimitNm, swings);
    const held = opposed ? limited * yieldingShare(limited * pullingNm, carryingNm, personNm, mostNm) : limited;
    if (stopping) lane.brake.drag((1 - held) * (measured.positionRad - command.positionRad));
    command.stiffnessNmPerRad *= held;
    command.dampingNmsPerRad *= held;
    const carriedNm = opposed && swings ? yieldingNm(carryingNm, personNm, mostNm) : carryingNm;
    command.torqueNm = carriedNm + (opposed ? held : 1) * movingNm + held * standingNm;
  }
}

const guidanceOf = (side: Side, intent: Intent): number => (side === 'left' ? intent.guidanceLeft : intent.guidanceRight);

function createOwnGait({ geometry }: GaitProfile, setup: SessionSetup | null, legs: readonly LegLane[]): OwnGait | null {
  const [left, right] = sides.map((side) => legs.find((leg) => leg.side === side));
  const heightM = setup?.heightM ?? 0;
  return left === undefined || right === undefined ? null : new OwnGait({ thighM: geometry.thighFraction * heightM, shankM: geometry.shankFraction * heightM }, { left, right });
}
