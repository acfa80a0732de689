/**
 * An assessment as the robot step sees it: the class's own therapy powers up, recovers and brakes for a stop; between start and
 * end the procedure leads the joints. Held joints are a spring and a damper around their point, τ = K(q_d − q) + B(q̇_d − q̇) +
 * τ_inertia(q̈_d) + τ_gravity + τ_friction; the free one is transparent, the limb's own weight carried, and held off the ends of
 * its range. A pause ends the assessment: what was measured by then is incomplete.
 */
import type { JointMotion } from '../../estimation/device-model.ts';
import { createLimbModel, type LimbModel } from '../../estimation/limb-model.ts';
import { frictionTorque } from '../../estimation/leg-dynamics.ts';
import type { AssessmentProgress } from '../../../protocols/assessment.ts';
import { emptyJointCommand, type DesiredCommand, type JointCommand } from '../../../protocols/joints.ts';
import { clamp, minimumJerk } from '../../../protocols/math.ts';
import type { JointProfile, RangeRad, RobotProfile } from '../../../protocols/profile.ts';
import type { Intent } from '../../../protocols/session-log.ts';
import type { SessionSetup, Side } from '../../../protocols/supervision.ts';
import { kgToNewton, US_PER_S } from '../../../protocols/units.ts';
import type { BeltPace } from '../belt-pace.ts';
import { BrakePath } from '../brake.ts';
import { endTorqueNm } from '../end-of-range.ts';
import type { ReferencePoint } from '../gait-reference.ts';
import { holdingShare, softer, yieldSpeed, type Yielding } from '../soften.ts';
import { LOWER_SEC, type MeasuredJoint, type PatternClock, type Task, type Therapy } from '../therapy.ts';
import type { AssessmentPlan } from './steps.ts';
import { Procedure, type HoldsNm } from './procedure.ts';

/** Own values. */
const FIRM_SEC = 0.3; // a joint becomes firm or free
const STOP_SEC = 0.4; // when it is paused or let down in the middle of a movement
const HELD_DAMPING = 0.7; // ratio; what the drive does not give itself is rendered from the host, whose dead time allows about 1
const TRIM_SEC = 0.4; // in which a held joint is led back to where it should stand
const FREE_DAMPING = 0.2; // of the drive's

interface Lane {
  readonly profile: JointProfile;
  readonly range: RangeRad;
  readonly command: JointCommand;
  readonly stop: BrakePath;
  readonly plan: ReferencePoint;
  /** 0 free … 1 held. */
  firmness: number;
  /** What a lasting push is met with beside the spring, so that the joint stands where it should. */
  trimNm: number;
  measured: MeasuredJoint;
}

const NO_CLOCK: PatternClock = { phase: 0, stepsLeft: 0, stepsRight: 0, distanceM: 0 };

export class AssessmentMotion implements Therapy {
  readonly desired: DesiredCommand;
  readonly clock = NO_CLOCK;
  readonly referenceRad: Float64Array;
  readonly stepping = false;
  readonly canSlow = false;
  task: Task = 'off';
  holdsOn = false;
  readonly #procedure: Procedure;
  readonly #model: LimbModel;
  readonly #lanes: readonly Lane[];
  readonly #softness = { left: 0, right: 0 };
  /** The procedure has begun, and nothing has stopped the robot since. */
  #own = false;
  #interrupted = false;
  #power = 0;
  #taskSec = 0;
  readonly #measuredRad: Float64Array;
  readonly #planRad: Float64Array;
  readonly #planRadPerSec: Float64Array;
  readonly #planRadPerSec2: Float64Array;
  readonly #gravityNm: Float64Array;
  readonly #inertiaNm: Float64Array;

  /**
   * @param training what moves the robot when no assessment is made
   * @param holdsNm what the envelope will let pass
   * @param seen the joints that the profile only measures, in its order and kept up to date
   */
  constructor(
    profile: RobotProfile,
    setup: SessionSetup,
    plan: AssessmentPlan,
    permitted: readonly RangeRad[],
    private readonly training: Therapy,
    holdsNm: HoldsNm,
    seen: readonly JointMotion[],
  ) {
    const vector = (): Float64Array => new Float64Array(profile.joints.length);
    this.#procedure = new Procedure(profile, plan, holdsNm);
    this.#model = createLimbModel(profile, setup, seen);
    this.#lanes = profile.joints.map((joint, j) => createLane(joint, permitted[j]));
    this.desired = { joints: this.#lanes.map(({ command }) => command) };
    this.referenceRad = vector();
    this.#measuredRad = vector();
    this.#planRad = vector();
    this.#planRadPerSec = vector();
    this.#planRadPerSec2 = vector();
    this.#gravityNm = vector();
    this.#inertiaNm = vector();
  }

  get assessment(): AssessmentProgress {
    return this.#procedure;
  }

  get belt(): BeltPace | null {
    return this.training.belt;
  }

  get blend(): number {
    return 0;
  }

  get #measures(): boolean {
    return this.#own && this.task === 'train' && !this.#interrupted;
  }

  get expected(): number {
    return this.#measures ? this.#procedure.expected : 0;
  }

  get finished(): boolean {
    return this.#own ? this.task === 'lower' && this.#power === 0 : this.training.finished;
  }

  get standing(): boolean {
    return !this.#own && this.training.standing;
  }

  get recovered(): boolean {
    return this.training.recovered;
  }

  get braked(): boolean {
    return this.#own ? this.task === 'lower' && this.#taskSec > STOP_SEC : this.training.braked;
  }

  get supporting(): boolean {
    return this.#own ? this.#power === 1 : this.training.supporting;
  }

  guidanceOf(side: Side): number {
    return this.#own ? 1 : this.training.guidanceOf(side);
  }

  /** What the person was asked for is wanted: up to the joint's interaction limit nothing of it is held against him. */
  freeOf(side: Side): number {
    return this.#measures && this.#procedure.plan.side === side ? this.#procedure.free : 0;
  }

  update(task: Task, measured: readonly MeasuredJoint[], intent: Intent, elapsedUs: number, supported: boolean, yielding: Yielding): void {
    const elapsedSec = elapsedUs / US_PER_S;
    for (let j = 0; j < this.#lanes.length; j++) this.#look(j, measured[j]);
    const before = this.task;
    this.task = task;
    const leads = task === 'train' || ((task === 'hold' || task === 'lower') && this.#own);
    if (!leads || !(this.#own || this.training.supporting)) {
      this.#own = false;
      this.training.holdsOn = this.holdsOn;
      this.training.update(task === 'train' ? 'hold' : task, measured, intent, elapsedUs, supported, yielding);
      this.#follow();
      return;
    }
    if (!this.#own) this.#begin();
    else if (task !== before && before === 'train') this.#interrupt();
    this.#taskSec = task === before ? this.#taskSec + elapsedSec : 0;
    this.#advance(elapsedSec, measured, yielding);
    this.#command(yielding, elapsedSec);
    if (this.training.belt === null) return;
    this.desired.beltSpeedMps = 0;
    this.desired.unloadingN = kgToNewton(intent.unloadingKg);
  }

  #look(j: number, seen: MeasuredJoint | undefined): void {
    const lane = this.#lanes[j];
    if (lane === undefined) return;
    lane.measured = seen ?? lane.measured;
    this.#measuredRad[j] = lane.measured.positionRad;
  }

  /** What the training asks for is asked for. */
  #follow(): void {
    const { desired, referenceRad } = this.training;
    for (let j = 0; j < this.#lanes.length; j++) {
      const [from, to] = [desired.joints[j], this.#lanes[j]?.command];
      if (from === undefined || to === undefined) continue;
      to.positionRad = from.positionRad;
      to.velocityRadPerSec = from.velocityRadPerSec;
      to.stiffnessNmPerRad = from.stiffnessNmPerRad;
      to.dampingNmsPerRad = from.dampingNmsPerRad;
      to.torqueNm = from.torqueNm;
      this.referenceRad[j] = referenceRad[j] ?? 0;
    }
    if (desired.beltSpeedMps !== undefined) this.desired.beltSpeedMps = desired.beltSpeedMps;
    if (desired.unloadingN !== undefined) this.desired.unloadingN = desired.unloadingN;
  }

  #begin(): void {
    this.#own = true;
    this.#interrupted = false;
    this.#power = 1;
    this.#softness.left = this.#softness.right = 0;
    this.#procedure.begin((j) => this.#lanes[j]?.command.positionRad ?? 0);
    for (const lane of this.#lanes) lane.trimNm = 0;
    for (const lane of this.#lanes) lane.firmness = clamp(lane.command.stiffnessNmPerRad / lane.profile.stiffnessNmPerRad, 0, 1);
  }

  #interrupt(): void {
    if (!this.#interrupted) for (const { stop, plan } of this.#lanes) stop.begin(plan.positionRad, plan.velocityRadPerSec);
    this.#interrupted = true;
  }

  #advance(elapsedSec: number, measured: readonly MeasuredJoint[], { interactionNm }: Yielding): void {
    if (this.#measures) this.#procedure.update(measured, interactionNm, elapsedSec, this.#gravityNm);
    const lowered = this.task === 'lower' && this.braked && !this.holdsOn;
    if (lowered) this.#power = Math.max(0, this.#power - elapsedSec / LOWER_SEC);
    for (let j = 0; j < this.#lanes.length; j++) {
      const [lane, point] = [this.#lanes[j], this.#procedure.points[j]];
      if (lane === undefined || point === undefined) continue;
      if (this.#interrupted) lane.stop.at(this.task === 'train' ? STOP_SEC : this.#taskSec, STOP_SEC, lane.plan);
      else copy(point, lane.plan);
      const firm = this.#measures && this.#procedure.isFree(j) ? 0 : 1;
      lane.firmness = clamp(firm, lane.firmness - elapsedSec / FIRM_SEC, lane.firmness + elapsedSec / FIRM_SEC);
      this.#planRad[j] = this.referenceRad[j] = lane.plan.positionRad;
      this.#planRadPerSec[j] = lane.plan.velocityRadPerSec;
      this.#planRadPerSec2[j] = lane.plan.accelerationRadPerSec2;
    }
  }

  #command(yielding: Yielding, elapsedSec: number): void {
    this.#softness.left = softer(this.#softness.left, yielding.left, elapsedSec);
    this.#softness.right = softer(this.#softness.right, yielding.right, elapsedSec);
    this.#model.gravity(this.#measuredRad, this.#gravityNm);
    this.#model.inertia(this.#planRad, this.#planRadPerSec, this.#planRadPerSec2, this.#inertiaNm);
    for (let j = 0; j < this.#lanes.length; j++) this.#drive(j, yielding.interactionNm[j] ?? 0, elapsedSec);
  }

  #drive(j: number, personNm: number, elapsedSec: number): void {
    const lane = this.#lanes[j];
    if (lane === undefined) return;
    const { command, plan, profile, measured } = lane;
    const softness = this.#softness[profile.side];
    const power = minimumJerk(this.#power);
    const firm = lane.firmness * (1 - softness);
    command.positionRad = plan.positionRad;
    command.velocityRadPerSec = plan.velocityRadPerSec * (1 - softness) + yieldSpeed(personNm) * softness;
    command.stiffnessNmPerRad = power * firm * profile.stiffnessNmPerRad;
    command.dampingNmsPerRad = power * Math.max(firm, softness, FREE_DAMPING) * profile.dampingNmsPerRad;
    const offRadPerSec = command.velocityRadPerSec - measured.velocityRadPerSec;
    const inertiaKgM2 = this.#model.inertiaKgM2(j, this.#measuredRad) + profile.rotorInertiaKgM2;
    const missingNms = Math.max(0, 2 * HELD_DAMPING * Math.sqrt(command.stiffnessNmPerRad * inertiaKgM2) - command.dampingNmsPerRad);
    const offNm = command.stiffnessNmPerRad * (plan.positionRad - measured.positionRad);
    const springNm = lane.trimNm + offNm + command.dampingNmsPerRad * offRadPerSec + missingNms * offRadPerSec;
    // Held against a push there is no pattern to go on with: as firmly as in a stop.
    const held = holdingShare(springNm, profile.interactionLimitNm, true);
    // Integrated only as far as it may be held, and forgotten by a joint that gives way.
    lane.trimNm = firm * held * (lane.trimNm + (offNm * elapsedSec) / TRIM_SEC);
    command.stiffnessNmPerRad *= held;
    command.dampingNmsPerRad *= held;
    // Standing, friction is welcome; that of a wanted movement, and of the person's own, is compensated.
    const friction = frictionTorque(profile, firm * plan.velocityRadPerSec + (1 - firm) * measured.velocityRadPerSec);
    const movingNm = firm * ((this.#inertiaNm[j] ?? 0) + profile.rotorInertiaKgM2 * plan.accelerationRadPerSec2);
    command.torqueNm = power * ((this.#gravityNm[j] ?? 0) + friction + movingNm + (1 - firm) * endTorqueNm(profile, lane.range, measured)) + power * held * lane.trimNm + held * missingNms * offRadPerSec;
  }
}

function copy(from: ReferencePoint, to: ReferencePoint): void {
  to.positionRad = from.positionRad;
  to.velocityRadPerSec = from.velocityRadPerSec;
  to.accelerationRadPerSec2 = from.accelerationRadPerSec2;
}

const createLane = (profile: JointProfile, range: RangeRad | undefined): Lane => ({
  profile,
  range: range ?? { min: -Infinity, max: Infinity },
  command: emptyJointCommand(),
  stop: new BrakePath(),
  plan: { positionRad: 0, velocityRadPerSec: 0, accelerationRadPerSec2: 0 },
  firmness: 1,
  trimNm: 0,
  measured: { positionRad: 0, velocityRadPerSec: 0 },
});
