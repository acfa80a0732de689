/**
 * The numbers of a session, from its log: fed row by row and event by event, in memory that does not grow with its
 * length, but for an assessment, which is short and looked at as a whole. Station and command line use the same code, so a session has one set of numbers.
 */
import type { MeasuredStop, SessionMetrics, StrideCurves, TimelineEvent } from '../../protocols/api.ts';
import { isArm, isDriven, sensedJointsOf, type RobotProfile } from '../../protocols/profile.ts';
import { fieldOffset, layoutOf, type CycleLayout, type SessionEvent } from '../../protocols/session-log.ts';
import { supervisorStates, type GaitParameters, type SessionSetup } from '../../protocols/supervision.ts';
import { modesOf, trainingModes } from '../../protocols/training-mode.ts';
import { US_PER_S } from '../../protocols/units.ts';
import { SessionAssessment } from './assessments/session-assessment.ts';
import { GameFigures } from './game-figures.ts';
import { cadenceOfStride } from './gait-variables.ts';
import { activeTimeSec, dosePerMin } from './headline.ts';
import { JointStatistics, Mean } from './joint-statistics.ts';
import { LegStrides, type LegStride } from './leg-strides.ts';
import { PlateSteps } from './plate-steps.ts';
import { referenceCurves } from './reference-curve.ts';
import { ReachFigures } from './reach-figures.ts';
import { SensedRanges } from './sensed-ranges.ts';
import { CURVE_POINTS } from './strides.ts';

export interface SessionSummary {
  /** @param start index of the row's first number in `rows` */
  row(rows: Float64Array, start: number): void;
  event(event: SessionEvent): void;
  result(): SessionReport;
}

export interface SessionReport {
  readonly metrics: SessionMetrics;
  readonly curves: StrideCurves[];
  readonly events: TimelineEvent[];
}

export const createSessionSummary = (profile: RobotProfile, setup: SessionSetup): SessionSummary => new RunningSummary(profile, setup);

const RUNNING = supervisorStates.indexOf('running');
const stopStates: ReadonlySet<number> = new Set([supervisorStates.indexOf('stopped'), supervisorStates.indexOf('emergency')]);
/** A page of events that nobody could read to its end. */
const MAX_EVENTS = 10_000;

class RunningSummary implements SessionSummary {
  readonly #columns: Columns;
  readonly #joints: readonly JointStatistics[];
  readonly #legs: LegStrides;
  /** null: this robot moves. */
  readonly #reach: ReachFigures | null;
  /** null: this robot measures all its joints, or none beside those that it drives. */
  readonly #ranges: SensedRanges | null;
  readonly #plateSteps: PlateSteps | null;
  readonly #assessment: SessionAssessment | null;
  readonly #events: SessionEvent[] = [];
  readonly #strideTime = new Mean();
  readonly #guidance = new Mean();
  readonly #layout: CycleLayout;
  readonly #lastRow: Float64Array;
  #games: GameFigures | null = null;
  #firstUs = Number.NaN;
  #stops = 0;
  #activeSec = 0;
  #previousState = -1;

  constructor(
    private readonly profile: RobotProfile,
    private readonly setup: SessionSetup,
  ) {
    const layout = layoutOf(profile);
    this.#columns = findColumns(layout);
    this.#layout = layout;
    this.#lastRow = new Float64Array(layout.width);
    this.#joints = profile.joints.map(({ kind }) => new JointStatistics(kind));
    this.#reach = isArm(profile) && !isDriven(profile) ? new ReachFigures(profile, setup) : null;
    this.#ranges = isDriven(profile) && sensedJointsOf(profile).length > 0 ? new SensedRanges(profile) : null;
    this.#plateSteps = PlateSteps.of(profile, layout);
    this.#assessment = SessionAssessment.of(profile, setup);
    this.#legs = new LegStrides(profile, setup, (stride) => this.#addStride(stride));
  }

  row(rows: Float64Array, start: number): void {
    const at = this.#columns;
    const take = (offset: number): number => rows[start + offset] ?? Number.NaN;
    const nowUs = take(at.nowUs);
    if (Number.isNaN(this.#firstUs)) this.#firstUs = nowUs;
    const state = take(at.state);
    if (state !== this.#previousState && stopStates.has(state) && !stopStates.has(this.#previousState)) this.#stops++;
    this.#previousState = state;
    if (state === RUNNING) this.#guidance.add((take(at.guidanceLeft) + take(at.guidanceRight)) / 2);
    this.#legs.row(rows, start);
    this.#reach?.row(rows, start);
    this.#ranges?.row(rows, start);
    this.#plateSteps?.row(rows, start);
    this.#assessment?.row(rows, start);
    this.#lastRow.set(rows.subarray(start, start + this.#lastRow.length));
  }

  event(event: SessionEvent): void {
    if (event.game !== undefined) {
      this.#games ??= new GameFigures();
      this.#games.take(event.game);
      return;
    }
    if (this.#events.length < MAX_EVENTS) this.#events.push(event);
  }

  #addStride(stride: LegStride): void {
    const strideTimeSec = stride.endSec - stride.startSec;
    this.#strideTime.add(strideTimeSec);
    const works = stride.joints.flatMap(({ index, channels }) => this.#joints[index]?.add(stride, channels) ?? []);
    this.#activeSec += activeTimeSec(works, strideTimeSec);
  }

  result(): SessionReport {
    const at = this.#columns;
    const last = (offset: number): number => (Number.isNaN(this.#firstUs) ? 0 : (this.#lastRow[offset] ?? 0));
    const walkTimeSec = last(at.walkTimeUs) / US_PER_S;
    const distanceM = last(at.distanceM);
    const strideTimeSec = this.#strideTime.value;
    const steps = last(at.stepsLeft) + last(at.stepsRight);
    const durationSec = (last(at.nowUs) - (this.#firstUs || 0)) / US_PER_S;
    const metrics: SessionMetrics = {
      steps,
      distanceM,
      durationSec,
      upTimeSec: last(at.upTimeUs) / US_PER_S,
      walkTimeSec,
      activeTimeSec: this.#activeSec,
      dosePerMin: dosePerMin(steps, durationSec),
      cadenceStepsPerMin: strideTimeSec === null ? null : cadenceOfStride(strideTimeSec),
      strideTimeSec,
      meanSpeedMps: walkTimeSec > 0 ? distanceM / walkTimeSec : null,
      ...(this.#plateSteps === null ? {} : { stepLengthLeftM: this.#plateSteps.lengthM.left, stepLengthRightM: this.#plateSteps.lengthM.right }),
      meanGuidance: this.#guidance.value,
      settings: this.#settings(),
      stops: this.#stops,
      measuredStops: this.#events.flatMap((event) => measuredStop(event, this.#firstUs || 0)),
      joints: this.#joints.map((joint, j) => joint.metrics(this.profile.joints[j]?.id ?? '')),
      ...(this.#ranges === null ? {} : { sensedJoints: this.#ranges.result() }),
      ...(this.#reach === null ? {} : { reach: this.#reach.result() }),
      ...(this.#assessment === null ? {} : { assessment: this.#assessment.result() }),
      ...(this.#games === null ? {} : { games: this.#games.result() }),
    };
    return { metrics, curves: this.#curves(), events: this.#events.map((event) => toTimeline(event, this.#firstUs || 0)) };
  }

  #curves(): StrideCurves[] {
    const references = referenceCurves(this.profile, this.setup, this.#lastParameters());
    return this.profile.joints.map(({ id }, j) => {
      const [joint, reference] = [this.#joints[j], references[j]];
      return {
        jointId: id,
        referenceDeg: reference?.meanDeg ?? [],
        referenceSdDeg: Array.from({ length: CURVE_POINTS }, () => reference?.sdDeg ?? 0),
        meanDeg: joint?.meanCurveDeg() ?? [],
        stridesDeg: joint?.curves.values() ?? [],
        strideCount: joint?.strides ?? 0,
      };
    });
  }

  #settings(): NonNullable<SessionMetrics['settings']> {
    const { mode = modesOf(this.profile)[0], speedMps, guidance, unloadingKg = null } = this.setup.parameters;
    if (Number.isNaN(this.#firstUs)) return { mode, speedMps, guidance, unloadingKg };
    const last = (key: (typeof columnKeys)[number]): number => this.#lastRow[this.#columns[key]] ?? 0;
    return { mode: trainingModes[last('mode')] ?? modesOf(this.profile)[0], speedMps: last('speedMps'), guidance: { left: last('guidanceLeft'), right: last('guidanceRight') }, unloadingKg: this.profile.bodyWeightSupport === undefined ? null : last('unloadingKg') };
  }

  /** As last set; before the first cycle as the session began. */
  #lastParameters(): Pick<GaitParameters, 'mode' | 'speedMps' | 'romScale' | 'offsetRad' | 'timingShare'> {
    if (Number.isNaN(this.#firstUs)) return this.setup.parameters;
    const perJoint = (key: 'romScale' | 'offsetRad' | 'timingShare'): number[] => this.profile.joints.map((_, j) => this.#lastRow[fieldOffset(this.#layout, key, j)] ?? 0);
    return { mode: trainingModes[this.#lastRow[this.#columns.mode] ?? 0], speedMps: this.#lastRow[this.#columns.speedMps] ?? 0, romScale: perJoint('romScale'), offsetRad: perJoint('offsetRad'), timingShare: perJoint('timingShare') };
  }
}

const columnKeys = [
  'nowUs',
  'state',
  'mode',
  'speedMps',
  'guidanceLeft',
  'guidanceRight',
  'unloadingKg',
  'stepsLeft',
  'stepsRight',
  'distanceM',
  'walkTimeUs',
  'upTimeUs',
] as const;
type Columns = Readonly<Record<(typeof columnKeys)[number], number>>;

const findColumns = (layout: CycleLayout): Columns => Object.fromEntries(columnKeys.map((key) => [key, fieldOffset(layout, key)])) as Columns;

function measuredStop({ atUs, cause, reason, stop }: SessionEvent, firstUs: number): MeasuredStop[] {
  return stop === undefined ? [] : [{ atSec: (atUs - firstUs) / US_PER_S, cause: cause ?? null, jointId: reason ?? null, ...stop }];
}

function toTimeline(event: SessionEvent, firstUs: number): TimelineEvent {
  return {
    atSec: (event.atUs - firstUs) / US_PER_S,
    kind: event.kind,
    subject: event.subject,
    oldValue: event.oldValue ?? null,
    newValue: event.newValue ?? null,
    cause: event.cause ?? null,
    actor: event.actor ?? null,
    reason: event.reason ?? null,
    ...(event.stop === undefined ? {} : { stop: event.stop }),
  };
}
