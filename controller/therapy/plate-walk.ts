/**
 * Walking on footplates: each plate is led along the way of its foot, over level ground, a slope or stairs, τ = G·[K(q_d − q) +
 * B(q̇_d − q̇)] + τ_inertia(q̈_d) + τ_weight + τ_friction, where G grows from a least one with what the law of the mode asks: a heavy
 * plate that nobody leads would run on and pull the leg straight. Step by step, both plates stand until the person begins. What a foot weighs on its plate, as the load cells feel it, is carried at any guidance,
 * and a plate is never let sink under it. Steps grow out of the posture that the plates have, and shrink
 * to it again. The saddle is told what the therapist wants carried.
 */
import { frictionTorque } from '../estimation/leg-dynamics.ts';
import { PlateModel } from '../estimation/plate-dynamics.ts';
import type { DesiredCommand } from '../../protocols/joints.ts';
import { clamp, minimumJerk, mix } from '../../protocols/math.ts';
import type { FootplateProfile, RangeRad } from '../../protocols/profile.ts';
import type { Intent } from '../../protocols/session-log.ts';
import { sides, type SessionSetup, type Side } from '../../protocols/supervision.ts';
import { kgToNewton, kmhToMps, US_PER_MS, US_PER_S } from '../../protocols/units.ts';
import type { GaitPlace } from './gait-reference.ts';
import type { Wishes } from './movement-wish.ts';
import { createFoot, type FootLane, type PlateLane } from './plate-lanes.ts';
import { emptyStep, groundOf, PlateProgram } from './plate-program.ts';
import { lead } from './recovery.ts';
import { Blend, SmoothValue } from './smooth.ts';
import { holdingShare, inSwing, opposingMostNm, softer, yieldingNm, yieldingShare, yieldSpeed, type Yielding } from './soften.ts';
import { BRAKE_LEAD_SEC, BRAKE_SHARE, HELD_US, HOLD_SEC, LOWER_SEC, POWER_UP_SEC, type MeasuredJoint, type PatternClock, type Task, type Therapy } from './therapy.ts';
import { lawOf, type LeadSum } from './training-laws.ts';
import { TriggeredSteps } from './triggered-steps.ts';

/** Own values. */
const HELD_FIRMNESS = 0.8; // of full stiffness: carries the foot, yields to a push; upward it is the least of any guidance
const LEAST_FIRMNESS = 0.3; // at no guidance, forward and in pitch
const FIRM_UP_SEC = 0.05; // a plate that is led little becomes firm while it stops
/** Body height while nobody is entered. */
const UNKNOWN_HEIGHT_M = 1.75;
/** Steps count once they have half their size. */
const STEP_BLEND = 0.5;
/** Other ground comes within so long: legs that were led level are not lifted by a whole stair at once, and what is usual of them can be learned on the way. */
const GROUND_SEC = 10;
/** Where each foot is under its hip: one in the middle of its stance, the other of its swing. */
const FIRST_PHASE = 0.3;

export class PlateWalk implements Therapy {
  readonly desired: DesiredCommand;
  readonly clock: { -readonly [K in keyof PatternClock]: PatternClock[K] } = { phase: FIRST_PHASE, stepsLeft: 0, stepsRight: 0, distanceM: 0 };
  readonly referenceRad: Float64Array;
  readonly belt = null;
  readonly stepping = false;
  readonly canSlow = false;
  task: Task = 'off';
  holdsOn = false;
  changing = false;
  readonly #profile: FootplateProfile;
  readonly #program: PlateProgram;
  readonly #model: PlateModel;
  readonly #lanes: readonly PlateLane[];
  readonly #steps: TriggeredSteps;
  readonly #standing = { blend: 1, firmness: HELD_FIRMNESS, transparentCarriedShare: 1, strength: 0, elapsedSec: 0 };
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
  #stridesPerSec2 = 0;
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
    this.#model = new PlateModel(profile, setup?.bodyMassKg);
    this.#feet = sides.flatMap((side) => createFoot(side, profile.joints, permitted, this.#program));
    this.#lanes = this.#feet.flatMap(({ joints }) => joints).sort((a, b) => a.index - b.index);
    // Who means to step pushes his plate forward; what lifts it is the robot.
    this.#steps = new TriggeredSteps({ left: this.#forwardOf('left'), right: this.#forwardOf('right') }, setup?.trigger);
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
    for (const foot of this.#feet) if (foot.side === side) return foot.laws.led;
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
    this.#advance(intent, elapsedSec, supported, yielding);
    if (task === 'recover' && this.#power === 1 && intent.holdAgeUs <= HELD_US) for (const lane of this.#lanes) lead(lane, elapsedSec);
    for (const foot of this.#feet) this.#planFoot(foot, yielding, elapsedSec);
    this.#model.inertia(this.#planRad, this.#planRadPerSec, this.#planRadPerSec2, this.#inertiaNm);
    this.#model.gravity(this.#measuredRad, this.#gravityNm);
    for (const foot of this.#feet) {
      this.#standing.strength = foot.guidance.value;
      this.#standing.elapsedSec = elapsedSec;
      foot.laws.act(foot, lawOf(intent.mode), this.#standing);
      for (let j = 0; j < foot.joints.length; j++) this.#drive(foot.joints[j], foot.laws.leads[j], foot, yielding.interactionNm);
    }
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
    this.#steps.begin(intent.mode === 'triggered', FIRST_PHASE);
    for (const foot of this.#feet) {
      foot.guidance.reset(guidanceOf(foot.side, intent));
      foot.laws.begin(lawOf(intent.mode));
      foot.trains = 0;
    }
    for (const lane of this.#lanes) {
      lane.restRad = task === 'recover' ? lane.measured.positionRad : clamp(lane.measured.positionRad, lane.bounds.min, lane.bounds.max);
      lane.romScale.reset(intent.romScale[lane.index] ?? 1);
      lane.offsetRad.reset(intent.offsetRad[lane.index] ?? 0);
      lane.timing.reset(intent.timingShare[lane.index] ?? 0);
    }
  }

  #advance(intent: Intent, elapsedSec: number, supported: boolean, wishes: Wishes): void {
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
    this.changing = this.#ground.slope !== slope || this.#ground.stairs !== stairs;
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
    this.#step(intent, elapsedSec, wishes);
    this.#power = clamp(this.#power + this.#powerPerSec(supported) * elapsedSec, 0, 1);
    for (const foot of this.#feet) {
      const trains = this.task === 'train' ? this.#blend.value : 0;
      foot.trains = clamp(trains, foot.trains - elapsedSec / FIRM_UP_SEC, foot.trains + elapsedSec / FIRM_UP_SEC);
    }
  }

  /** On along the stride. A strike counts as a step as long as it has grown to. */
  #step({ mode }: Intent, elapsedSec: number, wishes: Wishes): void {
    const { clock } = this;
    const before = clock.phase;
    const pace = this.#blend.value > 0 ? this.#program.stridesPerSec(this.#speed.value, this.#mean) : 0;
    const triggered = mode === 'triggered';
    const waited = (triggered || this.#steps.active) && this.#steps.look(triggered, before, pace, this.task === 'train' && this.#blend.value === 1, wishes, elapsedSec);
    const after = waited ? this.#steps.next(before, pace, elapsedSec) : before + pace * elapsedSec;
    this.#stridesPerSec = waited && pace > 0 ? this.#steps.perSec : pace;
    this.#stridesPerSec2 = waited && pace > 0 ? this.#steps.perSec2 : 0;
    clock.phase = after - Math.floor(after);
    if (this.#blend.value < STEP_BLEND) return;
    const [left, right] = [after >= 1, before < 0.5 && after >= 0.5];
    if (left) clock.stepsLeft++;
    if (right) clock.stepsRight++;
    if (left || right) clock.distanceM += this.#blend.value * this.#mean.stepM;
  }

  #forwardOf(side: Side): number {
    return this.#lanes.findIndex(({ profile }) => profile.side === side && profile.kind === 'foreAft');
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
    foot.place.phase = phase;
    foot.place.cyclesPerSec = this.#stridesPerSec;
    foot.place.cyclesPerSec2 = this.#stridesPerSec2;
    for (const lane of foot.joints) this.#plan(lane, foot.place);
  }

  /** Where the joint should be: on its way between the posture at rest and the pattern, or where it stops. */
  #plan(lane: PlateLane, place: Readonly<GaitPlace>): void {
    const { plan, reference, index } = lane;
    lane.at(place, reference);
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

  #drive(lane: PlateLane | undefined, led: LeadSum | undefined, { softness, yields, swings, trains }: FootLane, interactionNm: ArrayLike<number>): void {
    if (lane === undefined || led === undefined) return;
    const { command, plan, profile, measured, index } = lane;
    const power = minimumJerk(this.#power);
    const stopping = this.task === 'brake';
    // What the law asks stands on a spring and a damper that lead the plate by any law; upward, only they act.
    const free = profile.kind === 'vertical' ? 0 : trains * (1 - LEAST_FIRMNESS);
    const heldShare = mix(HELD_FIRMNESS, profile.kind === 'vertical' ? Math.max(HELD_FIRMNESS, mix(LEAST_FIRMNESS, 1, led.stiffnessShare)) : LEAST_FIRMNESS, trains);
    const firmness = (heldShare + free * led.stiffnessShare) * (1 - softness);
    const dampedShare = (heldShare + free * led.dampingShare) * (1 - softness);
    const ledRad = plan.positionRad + ((free * led.stiffnessShare) / (heldShare + free * led.stiffnessShare)) * (led.positionRad - plan.positionRad);
    const ledRadPerSec = plan.velocityRadPerSec + ((free * led.dampingShare) / (heldShare + free * led.dampingShare)) * (led.velocityRadPerSec - plan.velocityRadPerSec);
    command.positionRad = mix(ledRad, measured.positionRad, softness);
    command.velocityRadPerSec = mix(ledRadPerSec, yieldSpeed(interactionNm[index] ?? 0), softness);
    command.stiffnessNmPerRad = power * firmness * profile.stiffnessNmPerRad;
    command.dampingNmsPerRad = power * mix(dampedShare, 1, Math.max(1 - this.#blend.value, softness)) * profile.dampingNmsPerRad;
    const springNm = command.stiffnessNmPerRad * (command.positionRad - measured.positionRad) + command.dampingNmsPerRad * (command.velocityRadPerSec - measured.velocityRadPerSec);
    const movingNm = power * (stopping ? 1 : 1 - softness) * ((this.#inertiaNm[index] ?? 0) + profile.rotorInertiaKgM2 * plan.accelerationRadPerSec2 + (profile.kind === 'vertical' ? 0 : trains * led.torqueNm));
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
