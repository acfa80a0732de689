/**
 * Walking on footplates: each plate is led along the way of its foot, over level ground, a slope or stairs, τ = G·[K(q_d − q) +
 * B(q̇_d − q̇)] + τ_inertia(q̈_d) + τ_weight + τ_friction, where G grows from a least one with the guidance: a heavy plate that nobody leads
 * would run on and pull the leg straight. What a foot weighs on its plate, as the load cells feel it, is carried at any guidance,
 * and a plate is never let sink under it. Steps grow out of the posture that the plates have, and shrink
 * to it again. The saddle is told what the therapist wants carried.
 */
import { frictionTorque } from '../estimation/leg-dynamics.ts';
import { PlateModel } from '../estimation/plate-dynamics.ts';
import { emptyJointCommand, type DesiredCommand, type JointCommand } from '../../protocols/joints.ts';
import { clamp, minimumJerk } from '../../protocols/math.ts';
import { toRangeRad, type FootplateProfile, type PlateJoint, type RangeRad } from '../../protocols/profile.ts';
import type { Intent } from '../../protocols/session-log.ts';
import { sides, type SessionSetup, type Side } from '../../protocols/supervision.ts';
import { kgToNewton, kmhToMps, US_PER_MS, US_PER_S } from '../../protocols/units.ts';
import { BrakePath } from './brake.ts';
import type { ReferencePoint } from './gait-reference.ts';
import { emptyStep, groundOf, plateBounds, PlateProgram, type PlateWish, type StepShape } from './plate-program.ts';
import { lead } from './recovery.ts';
import { Blend, SmoothValue } from './smooth.ts';
import { holdingShare, inSwing, opposingMostNm, softer, yieldingNm, yieldingShare, yieldSpeed, type Yielding } from './soften.ts';
import { BRAKE_LEAD_SEC, BRAKE_SHARE, HELD_US, HOLD_SEC, LOWER_SEC, POWER_UP_SEC, type MeasuredJoint, type PatternClock, type Task, type Therapy } from './therapy.ts';

/** Own values. */
const HELD_FIRMNESS = 0.8; // of full stiffness: carries the foot, yields to a push; upward it is the least of any guidance
const LEAST_FIRMNESS = 0.3; // at no guidance, forward and in pitch
const FIRM_UP_SEC = 0.1; // a soft plate becomes firm while it stops
/** Body height while nobody is entered. */
const UNKNOWN_HEIGHT_M = 1.75;
/** Steps count once they have half their size. */
const STEP_BLEND = 0.5;
/** Other ground comes within so long: legs that were led level are not lifted by a whole stair at once, and what is usual of them can be learned on the way. */
const GROUND_SEC = 10;
/** Of body mass, foot and shank (Winter), which go forward and back with the plate. */
const LIMB_SHARE = 0.061;
/** Where each foot is under its hip: one in the middle of its stance, the other of its swing. */
const FIRST_PHASE = 0.3;

interface PlateLane {
  readonly profile: PlateJoint;
  readonly index: number;
  readonly bounds: RangeRad;
  readonly permitted: RangeRad;
  readonly romScale: SmoothValue;
  readonly offsetRad: SmoothValue;
  /** Of the stride: its part of the pattern comes so much later. */
  readonly timing: SmoothValue;
  readonly wish: { -readonly [K in keyof PlateWish]: PlateWish[K] };
  readonly reference: ReferencePoint;
  readonly plan: ReferencePoint;
  readonly brake: BrakePath;
  readonly command: JointCommand;
  /** Posture from which the steps grow and to which they return. */
  restRad: number;
  measured: MeasuredJoint;
}

interface FootLane {
  readonly side: Side;
  readonly foreAft: PlateLane;
  readonly vertical: PlateLane;
  readonly pitch: PlateLane;
  /** These. */
  readonly lanes: readonly PlateLane[];
  readonly guidance: SmoothValue;
  readonly step: StepShape;
  firmness: number;
  /** 0 as guided … 1 soft. */
  softness: number;
  yields: boolean;
  /** It is off the ground; in a stop: it was. */
  swings: boolean;
}

const mix = (from: number, to: number, share: number): number => from + (to - from) * share;

export class PlateWalk implements Therapy {
  readonly desired: DesiredCommand;
  readonly clock: { -readonly [K in keyof PatternClock]: PatternClock[K] } = { phase: FIRST_PHASE, stepsLeft: 0, stepsRight: 0, distanceM: 0 };
  readonly referenceRad: Float64Array;
  readonly belt = null;
  readonly stepping = false;
  readonly canSlow = false;
  task: Task = 'off';
  holdsOn = false;
  readonly #profile: FootplateProfile;
  readonly #program: PlateProgram;
  readonly #model: PlateModel;
  readonly #lanes: readonly PlateLane[];
  readonly #feet: readonly FootLane[];
  readonly #speed = new SmoothValue();
  readonly #slope = new SmoothValue();
  readonly #stairs = new SmoothValue();
  /** On its way to what the mode asks, and that smoothed. */
  readonly #wish = { slope: 0, stairs: 0 };
  readonly #ground = { slope: 0, stairs: 0 };
  readonly #blend = new Blend();
  /** Of both feet's steps, the mean. */
  readonly #mean = emptyStep();
  readonly #brakeSec: number;
  #stridesPerSec = 0;
  #power = 0;
  #taskUs = 0;
  readonly #measuredRad: Float64Array;
  readonly #planRad: Float64Array;
  readonly #planRadPerSec: Float64Array;
  readonly #planRadPerSec2: Float64Array;
  readonly #gravityNm: Float64Array;
  readonly #inertiaNm: Float64Array;

  /** @param loadNm per joint, what carries the feet; null: nobody stands on the plates */
  constructor(profile: FootplateProfile, setup: SessionSetup | null, permitted: readonly RangeRad[], private readonly loadNm: ArrayLike<number> | null) {
    const vector = (): Float64Array => new Float64Array(profile.joints.length);
    this.#profile = profile;
    this.#program = new PlateProgram(profile, setup?.heightM ?? UNKNOWN_HEIGHT_M);
    this.#model = new PlateModel(profile, LIMB_SHARE * (setup?.bodyMassKg ?? 0));
    this.#lanes = profile.joints.map((joint, index) => createLane(joint, index, permitted[index]));
    this.#feet = sides.flatMap((side) => createFoot(side, this.#lanes));
    this.#brakeSec = (BRAKE_SHARE * profile.stop.maxTimeMs * US_PER_MS) / US_PER_S;
    this.desired = { joints: this.#lanes.map((lane) => lane.command), unloadingN: Number.NaN };
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
    return this.task === 'brake' ? this.#taskUs > this.#brakeSec * US_PER_S : this.task === 'lower' && this.#blend.value === 0;
  }

  get supporting(): boolean {
    return this.#power === 1;
  }

  guidanceOf(side: Side): number {
    for (const foot of this.#feet) if (foot.side === side) return foot.guidance.value;
    return 0;
  }

  freeOf(): number {
    return 0;
  }

  update(task: Task, measured: readonly MeasuredJoint[], intent: Intent, elapsedUs: number, supported: boolean, yielding: Yielding): void {
    for (const lane of this.#lanes) lane.measured = measured[lane.index] ?? lane.measured;
    if (task !== this.task) this.#begin(task, intent);
    this.#taskUs += elapsedUs;
    const elapsedSec = elapsedUs / US_PER_S;
    this.#advance(intent, elapsedSec, supported);
    if (task === 'recover' && this.#power === 1 && intent.holdAgeUs <= HELD_US) for (const lane of this.#lanes) lead(lane, elapsedSec);
    for (const foot of this.#feet) this.#planFoot(foot, yielding, elapsedSec);
    this.#model.inertia(this.#planRad, this.#planRadPerSec, this.#planRadPerSec2, this.#inertiaNm);
    this.#model.gravity(this.#measuredRad, this.#gravityNm);
    for (const foot of this.#feet) for (const lane of foot.lanes) this.#drive(lane, foot, yielding.interactionNm);
    this.desired.unloadingN = kgToNewton(intent.unloadingKg);
  }

  #begin(task: Task, intent: Intent): void {
    const fromOff = this.task === 'off';
    // A stopped plate is let go of where it is: it goes back to no earlier posture.
    if (this.task === 'brake') for (const lane of this.#lanes) lane.restRad = lane.plan.positionRad;
    this.task = task;
    this.#taskUs = 0;
    if (task === 'off') this.#power = 0;
    if (task === 'brake') for (const { brake, measured } of this.#lanes) brake.begin(measured.positionRad, measured.velocityRadPerSec);
    if (!fromOff) return;
    const { slope, stairs } = groundOf(intent.mode);
    this.#blend.reset();
    this.#slope.reset((this.#wish.slope = slope));
    this.#stairs.reset((this.#wish.stairs = stairs));
    this.#speed.reset(kmhToMps(this.#profile.therapy.speedKmh.min));
    this.clock.phase = FIRST_PHASE;
    for (const foot of this.#feet) {
      foot.guidance.reset(guidanceOf(foot.side, intent));
      foot.firmness = HELD_FIRMNESS;
    }
    for (const lane of this.#lanes) {
      lane.restRad = task === 'recover' ? lane.measured.positionRad : clamp(lane.measured.positionRad, lane.bounds.min, lane.bounds.max);
      lane.romScale.reset(intent.romScale[lane.index] ?? 1);
      lane.offsetRad.reset(intent.offsetRad[lane.index] ?? 0);
      lane.timing.reset(intent.timingShare[lane.index] ?? 0);
    }
  }

  #advance(intent: Intent, elapsedSec: number, supported: boolean): void {
    const { softStartSec, softStopSec, speedKmh } = this.#profile.therapy;
    const walking = this.task === 'train' && this.#power === 1;
    const { slope, stairs } = groundOf(intent.mode);
    const most = elapsedSec / GROUND_SEC;
    this.#wish.slope = clamp(slope, this.#wish.slope - most, this.#wish.slope + most);
    this.#wish.stairs = clamp(stairs, this.#wish.stairs - most, this.#wish.stairs + most);
    this.#slope.follow(this.#wish.slope, elapsedSec);
    this.#stairs.follow(this.#wish.stairs, elapsedSec);
    this.#ground.slope = this.#slope.value;
    this.#ground.stairs = this.#stairs.value;
    this.#speed.follow(walking ? clamp(intent.speedMps, kmhToMps(speedKmh.min), kmhToMps(speedKmh.max)) : this.#speed.value, elapsedSec);
    for (const lane of this.#lanes) {
      lane.romScale.follow(intent.romScale[lane.index] ?? 1, elapsedSec);
      lane.offsetRad.follow(intent.offsetRad[lane.index] ?? 0, elapsedSec);
      lane.timing.follow(intent.timingShare[lane.index] ?? 0, elapsedSec);
      lane.wish.scale = lane.romScale.value;
      lane.wish.offsetRad = lane.offsetRad.value;
    }
    for (const { side, guidance } of this.#feet) guidance.follow(guidanceOf(side, intent), elapsedSec);
    this.#program.shape(this.#feet, this.#ground, this.#mean);
    if (this.task === 'brake') this.#blend.reset();
    else this.#blend.advance(walking, walking ? softStartSec : softStopSec, elapsedSec);
    this.#step(elapsedSec);
    this.#power = clamp(this.#power + this.#powerPerSec(supported) * elapsedSec, 0, 1);
    for (const foot of this.#feet) {
      const led = this.task === 'train' ? mix(HELD_FIRMNESS, mix(LEAST_FIRMNESS, 1, foot.guidance.value), this.#blend.value) : HELD_FIRMNESS;
      foot.firmness = clamp(led, foot.firmness - elapsedSec / FIRM_UP_SEC, foot.firmness + elapsedSec / FIRM_UP_SEC);
    }
  }

  /** On along the stride. A strike counts as a step as long as it has grown to. */
  #step(elapsedSec: number): void {
    const { clock } = this;
    this.#stridesPerSec = this.#blend.value > 0 ? this.#program.stridesPerSec(this.#speed.value, this.#mean) : 0;
    const before = clock.phase;
    const after = before + this.#stridesPerSec * elapsedSec;
    clock.phase = after - Math.floor(after);
    if (this.#blend.value < STEP_BLEND) return;
    const [left, right] = [after >= 1, before < 0.5 && after >= 0.5];
    if (left) clock.stepsLeft++;
    if (right) clock.stepsRight++;
    if (left || right) clock.distanceM += this.#blend.value * this.#mean.stepM;
  }

  #powerPerSec(supported: boolean): number {
    if (this.task === 'hold' || this.task === 'train' || this.task === 'recover') return supported ? 1 / POWER_UP_SEC : 0;
    const stands = this.task === 'lower' ? !this.braked : this.standing;
    return stands || this.holdsOn ? 0 : -1 / LOWER_SEC;
  }

  #planFoot(foot: FootLane, yielding: Yielding, elapsedSec: number): void {
    const phase = foot.side === 'left' ? this.clock.phase : (this.clock.phase + 0.5) % 1;
    // A foot that stands keeps its plate: a soft one is a fall.
    foot.yields = yielding[foot.side];
    if (this.task !== 'brake') foot.swings = this.#blend.value >= STEP_BLEND && inSwing(phase);
    foot.softness = softer(foot.softness, foot.yields && foot.swings && this.task !== 'brake', elapsedSec);
    for (const lane of foot.lanes) this.#plan(lane, phase, foot.step);
  }

  /** Where the joint should be: on its way between the posture at rest and the pattern, or where it stops. */
  #plan(lane: PlateLane, phase: number, step: Readonly<StepShape>): void {
    const { plan, reference, profile, bounds, timing, index } = lane;
    const own = phase - timing.value;
    this.#program.at(profile.kind, own - Math.floor(own), this.#stridesPerSec - timing.perSec, step, bounds, reference);
    this.referenceRad[index] = reference.positionRad;
    if (this.task === 'brake') lane.brake.at(this.#taskUs / US_PER_S + BRAKE_LEAD_SEC, this.#brakeSec, plan);
    else {
      const { value: b, perSec: bPerSec } = this.#blend;
      const swing = reference.positionRad - lane.restRad;
      plan.positionRad = lane.restRad + b * swing;
      plan.velocityRadPerSec = b * reference.velocityRadPerSec + bPerSec * swing;
      plan.accelerationRadPerSec2 = b * reference.accelerationRadPerSec2 + 2 * bPerSec * reference.velocityRadPerSec;
    }
    this.#measuredRad[index] = lane.measured.positionRad;
    this.#planRad[index] = plan.positionRad;
    this.#planRadPerSec[index] = plan.velocityRadPerSec;
    this.#planRadPerSec2[index] = plan.accelerationRadPerSec2;
  }

  #drive(lane: PlateLane, { softness, yields, swings, firmness: led }: FootLane, interactionNm: ArrayLike<number>): void {
    const { command, plan, profile, measured, index } = lane;
    const power = minimumJerk(this.#power);
    const stopping = this.task === 'brake';
    const firmness = (profile.kind === 'vertical' ? Math.max(led, HELD_FIRMNESS) : led) * (1 - softness);
    command.positionRad = mix(plan.positionRad, measured.positionRad, softness);
    command.velocityRadPerSec = mix(plan.velocityRadPerSec, yieldSpeed(interactionNm[index] ?? 0), softness);
    command.stiffnessNmPerRad = power * firmness * profile.stiffnessNmPerRad;
    command.dampingNmsPerRad = power * mix(firmness, 1, Math.max(1 - this.#blend.value, softness)) * profile.dampingNmsPerRad;
    const springNm = command.stiffnessNmPerRad * (command.positionRad - measured.positionRad) + command.dampingNmsPerRad * (command.velocityRadPerSec - measured.velocityRadPerSec);
    const movingNm = power * (stopping ? 1 : 1 - softness) * ((this.#inertiaNm[index] ?? 0) + profile.rotorInertiaKgM2 * plan.accelerationRadPerSec2);
    const opposed = yields && (stopping || swings);
    const pullingNm = opposed ? springNm + movingNm : springNm;
    const limited = holdingShare(pullingNm, profile.interactionLimitNm, stopping);
    // Standing, the joint's friction is welcome: only the friction of a wanted movement is compensated.
    const speed = mix(mix(measured.velocityRadPerSec, plan.velocityRadPerSec, firmness * limited), plan.velocityRadPerSec, 1 - this.#blend.value);
    const carryingNm = power * ((this.#gravityNm[index] ?? 0) + (this.loadNm?.[index] ?? 0) + frictionTorque(profile, speed));
    const personNm = interactionNm[index] ?? Number.NaN;
    const mostNm = opposingMostNm(profile.interactionLimitNm, swings);
    const held = opposed ? limited * yieldingShare(limited * pullingNm, carryingNm, personNm, mostNm) : limited;
    if (stopping) lane.brake.drag((1 - held) * (measured.positionRad - command.positionRad));
    command.stiffnessNmPerRad *= held;
    command.dampingNmsPerRad *= held;
    command.torqueNm = (opposed && swings ? yieldingNm(carryingNm, personNm, mostNm) : carryingNm) + (opposed ? held : 1) * movingNm;
  }
}

const guidanceOf = (side: Side, { guidanceLeft, guidanceRight }: Intent): number => clamp(side === 'left' ? guidanceLeft : guidanceRight, 0, 1);

const emptyPoint = (): ReferencePoint => ({ positionRad: 0, velocityRadPerSec: 0, accelerationRadPerSec2: 0 });

function createLane(profile: PlateJoint, index: number, permitted: RangeRad = toRangeRad(profile.softRangeDeg)): PlateLane {
  return {
    profile,
    index,
    bounds: plateBounds(profile, permitted),
    permitted,
    romScale: new SmoothValue(),
    offsetRad: new SmoothValue(),
    timing: new SmoothValue(),
    wish: { scale: 1, offsetRad: 0 },
    reference: emptyPoint(),
    plan: emptyPoint(),
    brake: new BrakePath(),
    command: emptyJointCommand(),
    restRad: 0,
    measured: { positionRad: 0, velocityRadPerSec: 0 },
  };
}

function createFoot(side: Side, all: readonly PlateLane[]): FootLane[] {
  const of = (kind: PlateJoint['kind']): PlateLane | undefined => all.find(({ profile }) => profile.side === side && profile.kind === kind);
  const [foreAft, vertical, pitch] = [of('foreAft'), of('vertical'), of('pitch')];
  if (foreAft === undefined || vertical === undefined || pitch === undefined) return [];
  return [{ side, foreAft, vertical, pitch, lanes: [foreAft, vertical, pitch], guidance: new SmoothValue(), step: emptyStep(), firmness: HELD_FIRMNESS, softness: 0, yields: false, swings: false }];
}
