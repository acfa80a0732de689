/**
 * Both legs' strides out of a robot's cycle rows, with what the patient adds to each joint. It is the same whether the rows come
 * from the running robot or from a file, so a stride has one set of numbers.
 */
import { emptyActuatorInputs } from '../../protocols/actuator-log.ts';
import type { FootLoads } from '../../protocols/joints.ts';
import type { RobotProfile } from '../../protocols/profile.ts';
import { fieldOffset, layoutOf, type CycleLayout } from '../../protocols/session-log.ts';
import { sides, supervisorStates, type SessionSetup, type Side } from '../../protocols/supervision.ts';
import { US_PER_S } from '../../protocols/units.ts';
import type { InteractionEstimate, SensedJoint } from '../estimation/interaction-torque.ts';
import { createInteractionEstimate } from '../estimation/interaction-estimate.ts';
import { SeenJoints } from './seen-joints.ts';
import { StrideCollector, type Stride, type StrideSample } from './strides.ts';

/** One joint's columns of a stride. */
export interface JointChannels {
  readonly position: Float64Array;
  readonly reference: Float64Array;
  readonly velocity: Float64Array;
  readonly torque: Float64Array;
  /** Of the patient on the robot, Nm. */
  readonly interaction: Float64Array;
}

export interface LegStride extends Stride {
  readonly joints: readonly { readonly index: number; readonly channels: JointChannels }[];
}

/** The order of `JointChannels`; the estimate follows. */
const recordedChannels = ['encoderPositionRad', 'referencePositionRad', 'motorVelocityRadPerSec', 'jointTorqueNm'] as const;
const CHANNELS = recordedChannels.length + 1;
const RUNNING = supervisorStates.indexOf('running');

export class LegStrides {
  readonly #sensed: readonly SensedRow[];
  readonly #seen: SeenJoints;
  readonly #interaction: InteractionEstimate;
  readonly #legs: readonly LegCollector[];
  readonly #columns: { readonly nowUs: number; readonly state: number; readonly phase: number; readonly blend: number };
  readonly #feet = emptyActuatorInputs().feet;
  readonly #cells: readonly { readonly key: keyof FootLoads; readonly at: number }[];
  #firstUs = Number.NaN;

  /** @param onStride the columns in it are valid during the call */
  constructor(profile: RobotProfile, setup: SessionSetup, onStride: (stride: LegStride) => void) {
    const layout = layoutOf(profile);
    const column = (key: string): number => fieldOffset(layout, key);
    this.#columns = { nowUs: column('nowUs'), state: column('state'), phase: column('phase'), blend: column('blend') };
    this.#cells = (['leftHeelN', 'leftForefootN', 'rightHeelN', 'rightForefootN'] as const).map((key) => ({ key, at: column(key) }));
    this.#sensed = profile.joints.map((_, j) => new SensedRow(layout, j));
    this.#seen = new SeenJoints(profile);
    this.#interaction = createInteractionEstimate(profile, setup, this.#seen.joints);
    this.#legs = sides.map((side) => new LegCollector(profile, layout, side, this.#interaction.torqueNm, onStride));
  }

  /** @param start index of the row's first number in `rows` */
  row(rows: Float64Array, start: number): void {
    const { nowUs: nowAt, state, phase, blend } = this.#columns;
    const take = (offset: number): number => rows[start + offset] ?? Number.NaN;
    const nowUs = take(nowAt);
    if (Number.isNaN(this.#firstUs)) this.#firstUs = nowUs;
    for (const joint of this.#sensed) joint.take(rows, start, nowUs);
    this.#seen.row(rows, start);
    for (const cell of this.#cells) this.#feet[cell.key] = take(cell.at);
    this.#interaction.update(this.#sensed, nowUs, this.#feet);
    const timeSec = (nowUs - this.#firstUs) / US_PER_S;
    for (const leg of this.#legs) leg.add(rows, start, { timeSec, phase: take(phase), blend: take(blend), running: take(state) === RUNNING });
  }
}

/** A joint's readings as a row holds them. */
class SensedRow implements SensedJoint {
  positionRad = Number.NaN;
  velocityRadPerSec = Number.NaN;
  motorAtUs = -Infinity;
  motorSequence = -1;
  jointTorqueNm = Number.NaN;
  readonly #position: number;
  readonly #velocity: number;
  readonly #age: number;
  readonly #sequence: number;
  readonly #torque: number;

  constructor(layout: CycleLayout, joint: number) {
    this.#position = fieldOffset(layout, 'motorPositionRad', joint);
    this.#velocity = fieldOffset(layout, 'motorVelocityRadPerSec', joint);
    this.#age = fieldOffset(layout, 'driveAgeUs', joint);
    this.#sequence = fieldOffset(layout, 'driveSequence', joint);
    this.#torque = fieldOffset(layout, 'jointTorqueNm', joint);
  }

  take(rows: Float64Array, start: number, nowUs: number): void {
    this.jointTorqueNm = rows[start + this.#torque] ?? Number.NaN;
    const sequence = rows[start + this.#sequence] ?? 0;
    // Until the drive answers again, its age only says how long ago the same answer was.
    if (sequence === this.motorSequence) return;
    this.motorSequence = sequence;
    this.positionRad = rows[start + this.#position] ?? Number.NaN;
    this.velocityRadPerSec = rows[start + this.#velocity] ?? Number.NaN;
    this.motorAtUs = nowUs - (rows[start + this.#age] ?? Number.NaN);
  }
}

/** The joints of one side, their columns gathered for the stride collector. */
class LegCollector {
  readonly #joints: readonly number[];
  readonly #offsets: Int32Array;
  readonly #collector: StrideCollector;
  readonly #sample: StrideSample;

  constructor(profile: RobotProfile, layout: CycleLayout, side: Side, private readonly interactionNm: Float64Array, onStride: (stride: LegStride) => void) {
    this.#joints = [...profile.joints.keys()].filter((j) => profile.joints[j]?.side === side);
    this.#offsets = Int32Array.from(this.#joints.flatMap((j) => recordedChannels.map((key) => fieldOffset(layout, key, j))));
    const channelCount = this.#joints.length * CHANNELS;
    this.#collector = new StrideCollector(side, channelCount, profile, (stride) => onStride({ ...stride, joints: this.#joints.map((index, i) => ({ index, channels: channelsOf(stride, i) })) }));
    this.#sample = { timeSec: 0, phase: 0, running: false, blend: 0, values: new Float64Array(channelCount) };
  }

  add(rows: Float64Array, start: number, cycle: Omit<StrideSample, 'values'>): void {
    const { values } = Object.assign(this.#sample, cycle);
    let offset = 0;
    for (let i = 0; i < this.#joints.length; i++) {
      const first = i * CHANNELS;
      for (let c = 0; c < recordedChannels.length; c++) values[first + c] = rows[start + (this.#offsets[offset++] ?? 0)] ?? Number.NaN;
      values[first + recordedChannels.length] = this.interactionNm[this.#joints[i] ?? 0] ?? Number.NaN;
    }
    this.#collector.add(this.#sample);
  }
}

const NO_SAMPLES = new Float64Array(0);

function channelsOf({ channels }: Stride, joint: number): JointChannels {
  const [position = NO_SAMPLES, reference = NO_SAMPLES, velocity = NO_SAMPLES, torque = NO_SAMPLES, interaction = NO_SAMPLES] = channels.slice(joint * CHANNELS, (joint + 1) * CHANNELS);
  return { position, reference, velocity, torque, interaction };
}
