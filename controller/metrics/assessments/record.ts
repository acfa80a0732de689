/**
 * What an assessment is evaluated from: the cycles of its session, cut by its steps, and in each of them the torque that the
 * person added. Live, from a log or for a report, it is filled with the same rows.
 */
import { createCuffGive } from '../../estimation/cuff-give.ts';
import { createLimbModel, type LimbModel } from '../../estimation/limb-model.ts';
import type { AssessmentPlan, AssessmentStep } from '../../therapy/assessments/steps.ts';
import { exp } from '../../../protocols/math.ts';
import type { RobotProfile } from '../../../protocols/profile.ts';
import { fieldOffset, layoutOf } from '../../../protocols/session-log.ts';
import { supervisorStates, type SessionSetup } from '../../../protocols/supervision.ts';
import { trainingModes, type TrainingMode } from '../../../protocols/training-mode.ts';
import { US_PER_S } from '../../../protocols/units.ts';
import { SeenJoints } from '../seen-joints.ts';
import { LocalFit } from './local-fit.ts';

const RUNNING = supervisorStates.indexOf('running');
/** Own value: readings on each side of the one that is looked at, some 30 ms. */
const HALF = 8;
/** Own value: readings that lie further apart than the hub's rate allows are not joined. */
const LATE = 1.5;

/** One reading of the sensor hub. Angles of one joint, torques flexion positive. */
export interface AssessmentSample {
  /** Place in the plan. */
  readonly step: number;
  readonly atSec: number;
  /** Of the gait cycle, 0 … 1 from the left heel strike. */
  readonly phase: number;
  readonly angleRad: number;
  readonly radPerSec: number;
  /** What the person adds: the torque that device and relaxed limb need less that of the joint's sensor. */
  readonly personNm: number;
  /** What the robot exerts on the limb through its cuffs. */
  readonly robotNm: number;
  /** Of the limb, whose cuffs give. */
  readonly limbRad: number;
  readonly motorNm: number;
  readonly plannedRadPerSec: number;
  readonly markNm: number;
}

/** A step that was done, from its beginning to its end. */
export interface DoneStep {
  readonly step: AssessmentStep;
  readonly index: number;
  readonly samples: readonly AssessmentSample[];
}

interface Reading {
  readonly sec: number;
  readonly step: number;
  readonly phase: number;
  readonly anglesRad: Float64Array;
  readonly torquesNm: Float64Array;
  /** Of the joints that are only measured. */
  readonly seenRad: Float64Array;
  readonly motorNm: number;
  readonly plannedRadPerSec: number;
  readonly markNm: number;
}

/** Of legs: the same of every stride that is to be compared with others. */
export interface WalkSettings {
  readonly speedMps: number;
  readonly guidance: number;
  readonly unloadingKg: number;
}

/** Per joint. */
interface LimbState {
  readonly angleRad: Float64Array;
  readonly heldNm: Float64Array;
}

export class AssessmentRecord {
  /** Every step of the plan is done. */
  complete = false;
  /** Of the training, in which all of it was done; null: it was changed. */
  mode: TrainingMode | null | undefined;
  /** What the robot was set to at its first step, and whether that was changed later. */
  settings: WalkSettings | null = null;
  settingsChanged = false;
  readonly #columns: Columns;
  readonly #joints: number;
  readonly #seen: SeenJoints;
  /** Where those stood in the reading that is looked at. */
  readonly #seenThen: readonly { positionRad: number; readonly velocityRadPerSec: 0 }[];
  readonly #model: LimbModel;
  readonly #device: LimbModel;
  #readings: Reading[] = [];
  /** null: not looked for yet, or rows have come since. */
  #limb: readonly LimbState[] | null = null;
  #sequence = Number.NaN;
  #step = -1;
  #firstUs = Number.NaN;

  constructor(
    private readonly profile: RobotProfile,
    readonly setup: SessionSetup,
    readonly plan: AssessmentPlan,
  ) {
    this.#columns = findColumns(profile, Math.max(0, plan.joint));
    this.#joints = profile.joints.length;
    this.#seen = new SeenJoints(profile);
    this.#seenThen = this.#seen.joints.map(() => ({ positionRad: 0, velocityRadPerSec: 0 }));
    this.#model = createLimbModel(profile, setup, this.#seenThen);
    this.#device = createLimbModel(profile, null, this.#seenThen);
  }

  row(rows: Float64Array, start: number): void {
    const at = this.#columns;
    const take = (offset: number): number => rows[start + offset] ?? Number.NaN;
    this.#seen.row(rows, start);
    if (Number.isNaN(this.#firstUs)) this.#firstUs = take(at.nowUs);
    const step = take(at.step);
    if (take(at.state) !== RUNNING || step < 0) return;
    // Begun anew: what was broken off before does not count.
    if (step < this.#step) this.#beginAnew();
    this.#step = step;
    this.complete = step >= this.plan.steps.length;
    const mode = trainingModes[take(at.mode)] ?? null;
    this.mode = this.mode === undefined || this.mode === mode ? mode : null;
    if (!this.complete) this.#lookAtSettings({ speedMps: take(at.speed), guidance: (take(at.guidanceLeft) + take(at.guidanceRight)) / 2, unloadingKg: take(at.unloading) });
    const sequence = take(at.hubSequence);
    if (this.complete || sequence === this.#sequence) return;
    this.#sequence = sequence;
    this.#limb = null;
    const perJoint = (first: number): Float64Array => Float64Array.from({ length: this.#joints }, (_, j) => take(first + j * at.jointWidth));
    this.#readings.push({
      sec: (take(at.nowUs) - take(at.hubAgeUs) - this.#firstUs) / US_PER_S,
      step,
      phase: take(at.phase),
      anglesRad: perJoint(at.encoder),
      torquesNm: perJoint(at.torque),
      seenRad: Float64Array.from(this.#seen.joints, ({ positionRad }) => positionRad),
      motorNm: take(at.motor),
      plannedRadPerSec: take(at.planned),
      markNm: take(at.prompt),
    });
  }

  #beginAnew(): void {
    this.#readings = [];
    this.mode = undefined;
    this.settings = null;
    this.settingsChanged = false;
  }

  #lookAtSettings(now: WalkSettings): void {
    this.settings ??= now;
    const { speedMps, guidance, unloadingKg } = this.settings;
    this.settingsChanged ||= now.speedMps !== speedMps || now.guidance !== guidance || now.unloadingKg !== unloadingKg;
  }

  /** In the order in which they were done; one that was broken off is missing. */
  steps(): DoneStep[] {
    return this.stepsOf(this.plan.joint);
  }

  /** The same of any joint. */
  stepsOf(joint: number): DoneStep[] {
    const samples = this.#samples(joint);
    return this.plan.steps.flatMap((step, index) => (index < this.#step ? [{ step, index, samples: samples.filter((sample) => sample.step === index) }] : []));
  }

  #samples(joint: number): AssessmentSample[] {
    const limb = this.#limb ?? this.#limbs();
    this.#limb = limb;
    const fit = new LocalFit(HALF, 1 / this.profile.hub.rateHz);
    const motion = new Motion(this.#joints);
    return this.#readings.map((reading, i) => {
      this.#look(reading);
      for (let j = 0; j < this.#joints; j++) motion.look(fit, j, i, (k) => limb[k]?.angleRad[j] ?? Number.NaN);
      fit.around(i, (k) => limb[k]?.heldNm[joint] ?? Number.NaN);
      const limbNm = motion.neededNm(this.#model, joint) - motion.neededNm(this.#device, joint);
      const whole = (this.#readings[i + HALF]?.sec ?? Number.NaN) - (this.#readings[i - HALF]?.sec ?? Number.NaN) < (LATE * 2 * HALF) / this.profile.hub.rateHz;
      return {
        step: reading.step,
        atSec: reading.sec,
        phase: reading.phase,
        angleRad: reading.anglesRad[joint] ?? Number.NaN,
        radPerSec: motion.speeds[joint] ?? Number.NaN,
        personNm: whole ? limbNm - fit.evened : Number.NaN,
        robotNm: whole ? fit.evened : Number.NaN,
        limbRad: motion.angles[joint] ?? Number.NaN,
        motorNm: reading.motorNm,
        plannedRadPerSec: reading.plannedRadPerSec,
        markNm: reading.markNm,
      };
    });
  }

  #look({ seenRad }: Reading): void {
    this.#seenThen.forEach((joint, k) => (joint.positionRad = seenRad[k] ?? Number.NaN));
  }

  /** Where the limb stands, and what the robot exerts on it: what the robot's own segments do not need of the sensors' torque. */
  #limbs(): LimbState[] {
    const cuffs = createCuffGive(this.profile, this.setup.heightM);
    const fit = new LocalFit(HALF, 1 / this.profile.hub.rateHz);
    const motion = new Motion(this.#joints);
    const giveRad = new Float64Array(this.#joints);
    const share = 1 - exp(-1 / (this.profile.hub.rateHz * cuffs.lagSec));
    return this.#readings.map((reading, i) => {
      this.#look(reading);
      const evened = new Float64Array(this.#joints);
      for (let j = 0; j < this.#joints; j++) {
        motion.look(fit, j, i, (k) => this.#readings[k]?.anglesRad[j] ?? Number.NaN);
        fit.around(i, (k) => this.#readings[k]?.torquesNm[j] ?? Number.NaN);
        evened[j] = fit.evened;
      }
      cuffs.solve(motion.angles, evened.map((torqueNm, j) => motion.neededNm(this.#device, j) - torqueNm));
      const angleRad = motion.angles.map((robotRad, j) => {
        const nowRad = (cuffs.limbRad[j] ?? Number.NaN) - robotRad;
        // A cuff's damper holds back what its spring would give at once.
        const before = giveRad[j] ?? 0;
        giveRad[j] = Number.isFinite(before + nowRad) ? before + share * (nowRad - before) : Number.isFinite(nowRad) ? nowRad : 0;
        return robotRad + (giveRad[j] ?? 0);
      });
      return { angleRad, heldNm: Float64Array.from(cuffs.onLimbNm) };
    });
  }
}

/** Angles, speeds and accelerations of all joints, evened out alike. */
class Motion {
  readonly angles: Float64Array;
  readonly speeds: Float64Array;
  readonly accelerations: Float64Array;
  readonly #gravity: Float64Array;
  readonly #inertia: Float64Array;

  constructor(joints: number) {
    const vector = (): Float64Array => new Float64Array(joints);
    [this.angles, this.speeds, this.accelerations, this.#gravity, this.#inertia] = [vector(), vector(), vector(), vector(), vector()];
  }

  look(fit: LocalFit, joint: number, middle: number, at: (place: number) => number): void {
    fit.around(middle, at);
    this.angles[joint] = fit.evened;
    this.speeds[joint] = fit.slope;
    this.accelerations[joint] = fit.curvature;
  }

  /** Of one joint, Nm. */
  neededNm(model: LimbModel, joint: number): number {
    model.gravity(this.angles, this.#gravity);
    model.inertia(this.angles, this.speeds, this.accelerations, this.#inertia);
    return (this.#gravity[joint] ?? Number.NaN) + (this.#inertia[joint] ?? Number.NaN);
  }
}

type Columns = ReturnType<typeof findColumns>;

function findColumns(profile: RobotProfile, joint: number) {
  const layout = layoutOf(profile);
  const of = (key: string, index = 0): number => fieldOffset(layout, key, index);
  return {
    nowUs: of('nowUs'),
    state: of('state'),
    step: of('assessmentStep'),
    phase: of('phase'),
    mode: of('mode'),
    speed: of('speedMps'),
    guidanceLeft: of('guidanceLeft'),
    guidanceRight: of('guidanceRight'),
    unloading: of('unloadingKg'),
    prompt: of('promptNm'),
    hubSequence: of('hubSequence'),
    hubAgeUs: of('hubAgeUs'),
    encoder: of('encoderPositionRad'),
    torque: of('jointTorqueNm'),
    motor: of('motorTorqueNm', joint),
    planned: of('desiredVelocityRadPerSec', joint),
    jointWidth: layout.joint.length,
  };
}
