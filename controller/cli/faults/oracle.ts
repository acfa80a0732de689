/**
 * Judges a case by what is true in the simulator, never by what the controller measured. The limits are stated here once
 * more, from the profile and the patient's range, so that no code judges itself.
 */
import type { RobotProfile } from '../../../protocols/profile.ts';
import { actions, type Action, type SessionSetup } from '../../../protocols/supervision.ts';
import { degToRad, radToDeg, US_PER_MS, US_PER_S } from '../../../protocols/units.ts';
import { emptyTruthRecord, type TruthRecord } from '../../../sim/truth.ts';
import type { LockstepRig } from '../lockstep-rig.ts';
import { CuffJudge } from './cuff-judge.ts';
import type { CuffUsual } from './cuff-usual.ts';
import type { Judge, Pace, Worst } from './judge.ts';
import type { Bench, Exposure, RiskClass, Variant } from './lockstep/fault.ts';
import { WallWork } from './wall-work.ts';

/** R1, class A. */
const RANGE_TOLERANCE_DEG = 1;
const LIMIT_TOLERANCE = 1.1;
/**
 * Own values: a mechanical stop gives way a little (the simulated one by about a degree under 100 Nm). A joint that its
 * drive could have held off the stop, as far as its torque reaches, is not excused by that; one that was let go because
 * nobody knows its place has no wall.
 */
const STOP_TOLERANCE_DEG = { held: 0.5, released: 1.5 };
/** Rounding only. */
const SLACK_NM = 1e-6;
/** Own values: slower than a limb swings in its cuffs, for so long that it is no turning point. */
const REST_RAD_PER_SEC = degToRad(5);
const REST_US = 60_000;
/**
 * Class C: a person who is stronger than what a joint may hold against him moves it, also in a stop. Own values: the motor holds
 * back with what the profile's limits grant against a person, the limb itself pulls with half of that limit, and the joint gives
 * way no faster than a soft one does.
 */
const YIELDING = { motorShare: 0.75, cuffShare: 0.5, radPerSec: 0.35 };
/** Own value: rounding of a drive's frame that asks for none. */
const RELEASED_NM = 0.1;
/** A belt so slow drags nobody. */
const BELT_REST_MPS = 0.02;
/** Hazard F21: at rest, and the rope locked, within a second. */
const LOCKED_US = 1_000_000;
/** Hazard R2: at rest a joint moves no further. */
const REST_DRIFT_RAD = 0.05;
/** Own value: when a drive itself is wrong, a stop may need the next worse action, which comes after the profile's time; and a drift of it must be seen first. */
const LADDER = 2;
/** A held leg is lowered a second after it stands; until then it must not move. */
const HOLD_US = 800_000;
/** Physics steps between two looks at the cuffs. */
const CUFFS_EVERY = 4;
/** Own value: a push that is over is felt for so long; later the cuffs carry the leg in the posture that it was pushed to. */
const AFTER_PUSH_US = 150_000;
/** The truth is looked at once per physics step. */
const STEP_US = 1_250;

/** A fault as it is done. */
export interface Injection {
  readonly variant: Variant;
  readonly onsetUs: number;
}

export interface Demand {
  readonly variant: Variant;
  readonly onsetUs: number;
  /** Two faults at once: the worse action must follow, but each disturbs how the other is seen. */
  readonly timed: boolean;
}

/** Hazard table: a case is at most three simulated seconds. With the stop over, its cause goes away; then the robot is watched for so long again. */
const PACE: Pace = { longestUs: 3 * US_PER_S, nothingUs: US_PER_S, watchUs: 350 * US_PER_MS, acknowledgeUs: Infinity };
const LIFT_AFTER_US = 150 * US_PER_MS;

const severity = (action: Action): number => actions.indexOf(action);

/** Whatever class a pair of faults has, it is the one that excuses more. */
const classOf = (variants: readonly Variant[]): RiskClass => (variants.some(({ riskClass }) => riskClass === 'C') ? 'C' : variants.some(({ riskClass }) => riskClass === 'B') ? 'B' : 'A');

export class Oracle implements Judge {
  readonly pace = PACE;
  readonly findings: string[] = [];
  readonly worst: Worst = { excursionDeg: 0, torqueNm: 0, cuffNm: 0 };
  /** When the wanted action, or a worse one, was first at the drives. */
  detectedUs: number | null = null;
  /** When every joint stood or was released. */
  stoppedUs: number | null = null;
  /** The fault could be seen, so it had to be detected. */
  exposed = false;
  readonly #truth: TruthRecord;
  readonly #startDeg: readonly number[];
  readonly #exposure: Exposure | null;
  readonly #riskClass: RiskClass;
  readonly #pushed: boolean;
  readonly #pushedToUs: number;
  readonly #lapses: boolean;
  readonly #driveLimited: boolean;
  readonly #released: boolean[];
  /** Let go since the action, so that it may come to rest elsewhere. */
  readonly #coasted: boolean[];
  readonly #restRad: number[];
  readonly #mayLetGo: readonly (number | undefined)[];
  readonly #cuffJudge: CuffJudge;
  readonly #wallWork: WallWork;
  /** What the cuffs carried at the onset; while the legs walk, the last stride says it better. */
  readonly #onsetCuffNm: readonly number[];
  readonly #walked: boolean;
  /** At the onset or since. */
  #anyEnergised = false;
  /** Nothing was on that could be stopped. */
  #nothingToStop = false;
  #exposedUs = 0;
  #moves = 0;
  #restSinceUs: number | null = null;

  constructor(
    private readonly rig: LockstepRig,
    private readonly profile: RobotProfile,
    private readonly setup: SessionSetup,
    private readonly injections: readonly Injection[],
    private readonly demand: Demand,
    /** null: nobody knows what is usual. */
    private readonly cuffs: CuffUsual | null,
  ) {
    const variants = injections.map(({ variant }) => variant);
    this.#truth = emptyTruthRecord(profile.joints.length);
    this.#riskClass = classOf(variants);
    this.#pushed = variants.some(({ pushed }) => pushed === true);
    this.#pushedToUs = Math.max(...injections.map(({ variant, onsetUs }) => onsetUs + (variant.pushedMs ?? (variant.pushed === true ? Infinity : 0)) * US_PER_MS)) + AFTER_PUSH_US;
    this.#mayLetGo = variants.map(({ letsGo }) => letsGo);
    this.#lapses = variants.some(({ lapses }) => lapses === true);
    this.#driveLimited = variants.some(({ riskClass, unchecked }) => riskClass === 'B' || unchecked === true);
    this.#exposure = demand.variant.exposure?.() ?? null;
    this.#look();
    this.#startDeg = profile.joints.map((_, j) => Math.max(0, this.#beyondDeg(j)));
    this.#released = profile.joints.map(() => false);
    this.#coasted = profile.joints.map(() => false);
    this.#restRad = profile.joints.map(() => Number.NaN);
    this.#cuffJudge = new CuffJudge(profile, setup.permittedRangeRad);
    this.#wallWork = new WallWork(profile, setup.permittedRangeRad);
    this.#onsetCuffNm = [...this.#truth.cuffTorqueNm];
    this.#walked = rig.loop.cycle.output.state === 'running';
    this.#anyEnergised = !this.#allReleased();
  }

  get liftFromUs(): number | null {
    return this.stoppedUs === null ? null : this.stoppedUs + LIFT_AFTER_US;
  }

  breach(finding: string): void {
    if (this.findings.length < 5 && !this.findings.includes(finding)) this.findings.push(finding);
  }

  /** After every physics step. */
  moved(): void {
    this.#look();
    if (!this.#anyEnergised && !this.#allReleased()) this.#comeOn();
    this.profile.joints.forEach((_, j) => this.#judgeJoint(j));
    this.#noticeRest();
  }

  /** Before a cycle, with what the one before commanded. */
  beforeCycle(bench: Bench): void {
    if (this.detectedUs !== null || this.rig.nowUs < this.demand.onsetUs) return;
    const { variant, onsetUs, timed } = this.demand;
    const counts = this.#exposure?.counts(bench) ?? true;
    if (counts) {
      this.#exposedUs += this.rig.periodUs;
      this.exposed = true;
    }
    if (variant.wanted === 'none' || !timed || !Number.isFinite(variant.withinMs)) return;
    const spentUs = this.#exposure === null ? this.rig.nowUs - onsetUs : this.#exposedUs;
    // What the coming cycle decides is in time when the time runs out in it.
    if (spentUs > variant.withinMs * US_PER_MS + this.rig.periodUs / 2) this.breach(`not at the drives in time (${variant.wanted} within ${variant.withinMs.toFixed(0)} ms)`);
    else if (counts && (this.#exposure?.exhausted?.(bench) ?? false)) this.breach(`not at the drives in time (${variant.wanted} within the commanded travel)`);
  }

  /** After a cycle: what its decision says. */
  afterCycle(decidedUs: number): void {
    const { action, cause } = this.rig.loop.cycle.output;
    const { wanted } = this.demand.variant;
    const said = !this.rig.halted && severity(action) >= severity(wanted);
    if (wanted === 'none') {
      if (severity(action) >= severity('hold')) this.breach(`stopped (${action}, ${cause}) although nothing must happen`);
    } else if (this.detectedUs === null && decidedUs >= this.demand.onsetUs && (said || this.#allReleased())) {
      this.detectedUs = decidedUs;
      this.#nothingToStop = !said && !this.#anyEnergised;
    }
  }

  /** Drives whose arming was under way come on before the fault can be known: that is no stop, and nothing comes on again. */
  #comeOn(): void {
    this.#anyEnergised = true;
    if (!this.#nothingToStop) return;
    this.#nothingToStop = false;
    this.detectedUs = this.stoppedUs = this.#restSinceUs = null;
    this.#released.fill(false);
  }

  /** Whoever lifts or acknowledges changes nothing in what must stand still. */
  lifted(): void {}

  acknowledged(): void {}

  /** At the end of a case. */
  conclude(): void {
    this.rig.robot.robot.fillTruth(this.#truth);
    for (const { variant, onsetUs } of this.injections) this.#judgeLost(variant, onsetUs);
    // Of a drive that has failed itself, nothing can be asked.
    if (!this.#driveLimited) for (const finding of this.#cuffJudge.findings()) this.breach(finding);
    const { variant } = this.demand;
    const stopping = this.detectedUs !== null && severity(variant.wanted) >= severity('protectiveStop') && this.#truth.nowUs - this.detectedUs > LOCKED_US;
    if (stopping && this.profile.bodyWeightSupport !== undefined && !this.#truth.supportLocked) this.breach('the support was not locked');
    if (stopping && this.#truth.beltMps > BELT_REST_MPS) this.breach('the belt still ran a second after the stop');
    if (variant.wanted === 'none' || !Number.isFinite(variant.withinMs) || !this.exposed) return;
    if (this.detectedUs === null) this.breach(`never at the drives (${variant.wanted})`);
    else if (severity(variant.wanted) >= severity('protectiveStop') && this.stoppedUs === null && !this.#pushed) this.breach('neither at rest nor released at the end');
    else if (this.stoppedUs !== null && this.stoppedUs - this.detectedUs > this.#ladder() * this.profile.stop.maxTimeMs * US_PER_MS && severity(variant.wanted) >= severity('protectiveStop') && !this.#pushed)
      this.breach(`at rest only ${((this.stoppedUs - this.detectedUs) / US_PER_MS).toFixed(0)} ms after the stop began`);
  }

  #ladder(): number {
    return this.#riskClass === 'A' ? 1 : LADDER;
  }

  /** Cuff torques change slowly and cost more than all the rest: where nobody pushes, once per cycle is enough. */
  #look(): void {
    const { robot } = this.rig.robot;
    if (this.#pushed || this.#moves++ % CUFFS_EVERY === 0) {
      robot.fillTruth(this.#truth);
      return;
    }
    const truth = this.#truth;
    truth.nowUs = robot.nowUs;
    for (let j = 0; j < truth.positionRad.length; j++) {
      truth.positionRad[j] = robot.body.positionRad(j);
      truth.velocityRadPerSec[j] = robot.body.velocityRadPerSec(j);
      truth.motorTorqueNm[j] = robot.body.motorTorqueNm(j);
      truth.energised[j] = Number(robot.energised(j));
    }
  }

  #judgeJoint(j: number): void {
    const joint = this.profile.joints[j];
    if (joint === undefined) return;
    const { worst } = this;
    const torqueNm = Math.abs(this.#truth.motorTorqueNm[j] ?? Number.NaN);
    const cuffNm = Math.abs(this.#truth.cuffTorqueNm[j] ?? Number.NaN);
    const beyondDeg = this.#beyondDeg(j);
    worst.excursionDeg = Math.max(worst.excursionDeg, beyondDeg);
    worst.torqueNm = Math.max(worst.torqueNm, torqueNm);
    worst.cuffNm = Math.max(worst.cuffNm, cuffNm);
    if (this.#pushed && this.#truth.nowUs >= this.demand.onsetUs && this.#truth.nowUs <= this.#pushedToUs) this.#cuffJudge.look(j, this.#truth, this.#usualNm(j));
    const allowedNm = this.#driveLimited ? joint.drive.peakTorqueNm : joint.torqueLimitNm * LIMIT_TOLERANCE;
    if (!(torqueNm <= allowedNm + SLACK_NM)) this.breach(`the motor of ${joint.id} made more than ${allowedNm.toFixed(0)} Nm`);
    if (this.#riskClass === 'A') {
      const energised = this.#truth.energised[j] === 1;
      const allowedDeg = (this.#startDeg[j] ?? 0) + RANGE_TOLERANCE_DEG;
      // A drive that obeys has let go only because it was told to, which excuses nothing.
      if (!(beyondDeg <= allowedDeg)) this.breach(`${joint.id} was more than ${allowedDeg.toFixed(1)}° outside the permitted range${energised ? '' : ', released'}`);
      const speedDegPerSec = Math.abs(radToDeg(this.#truth.velocityRadPerSec[j] ?? Number.NaN));
      if (energised && !(speedDegPerSec <= joint.speedLimitDegPerSec * LIMIT_TOLERANCE)) this.breach(`${joint.id} was faster than ${(joint.speedLimitDegPerSec * LIMIT_TOLERANCE).toFixed(0)} °/s`);
    } else {
      const positionDeg = radToDeg(this.#truth.positionRad[j] ?? Number.NaN);
      const { min, max } = joint.mechanicalStopDeg;
      const coasts = this.#mayLetGo.includes(j) && this.#letsGo(j);
      const heldOff = this.#riskClass === 'C' && !this.#driveLimited && !coasts && !this.#wallWork.spent(j, this.#truth);
      const toleranceDeg = heldOff ? STOP_TOLERANCE_DEG.held : STOP_TOLERANCE_DEG.released;
      if (!(positionDeg >= min - toleranceDeg && positionDeg <= max + toleranceDeg)) this.breach(`${joint.id} went past its mechanical stop`);
    }
    this.#judgeStillness(j, joint.id);
  }

  /** R2: what has let go stays so, and what is held stays where it is. */
  #judgeStillness(j: number, id: string): void {
    if (severity(this.demand.variant.wanted) < severity('protectiveStop') || this.#truth.nowUs < this.demand.onsetUs) return;
    const energised = this.#truth.energised[j] === 1;
    // R2 speaks of after a stop: a drive that misses commands lets go and follows the next one, which brakes while the stop goes on.
    if (!energised) this.#released[j] = this.#lapses ? this.stoppedUs !== null : this.detectedUs !== null || (this.#anyEnergised && Number.isFinite(this.demand.variant.withinMs));
    else if (this.#released[j] === true) this.breach(`the drive of ${id} was energised again`);
    if (this.detectedUs === null) return;
    if (this.#letsGo(j)) this.#coasted[j] = true;
    if (this.#yields(j)) this.#restRad[j] = this.#truth.positionRad[j] ?? Number.NaN;
    const restRad = this.#restRad[j] ?? Number.NaN;
    const held = energised && this.#coasted[j] !== true && this.stoppedUs !== null && this.#truth.nowUs - this.detectedUs < HOLD_US;
    if (held && !this.#pushed && Math.abs((this.#truth.positionRad[j] ?? Number.NaN) - restRad) > this.#ladder() * REST_DRIFT_RAD) this.breach(`${id} moved after the stop`);
  }

  #noticeRest(): void {
    if (this.detectedUs === null || this.stoppedUs !== null) return;
    let rest = this.demand.variant.belt !== true || this.#truth.beltMps < BELT_REST_MPS;
    for (let j = 0; j < this.#restRad.length; j++) {
      const moves = !this.#letsGo(j) && !this.#yields(j) && Math.abs(this.#truth.velocityRadPerSec[j] ?? Number.NaN) > REST_RAD_PER_SEC;
      if (moves) rest = false;
    }
    if (!rest) this.#restSinceUs = null;
    else {
      this.#restSinceUs ??= this.#truth.nowUs;
      if (this.#truth.nowUs - this.#restSinceUs < REST_US && !this.#allReleased()) return;
      this.stoppedUs = Math.max(this.#restSinceUs, this.detectedUs);
      for (let j = 0; j < this.#restRad.length; j++) this.#restRad[j] = this.#truth.positionRad[j] ?? Number.NaN;
    }
  }

  /** A stop lets the phase stand: what was usual in it then excuses what the cuffs of a standing leg carry, and never adds to it. */
  #usualNm(j: number): number {
    const { phase, state } = this.rig.loop.cycle.output;
    const usualNm = (this.#walked ? this.cuffs?.torqueNm(phase, j) : undefined) ?? this.#onsetCuffNm[j] ?? 0;
    if (!this.#walked || state === 'running') return usualNm;
    const carriedNm = this.#truth.cuffTorqueNm[j] ?? Number.NaN;
    return Math.abs(carriedNm - usualNm) < Math.abs(carriedNm) ? usualNm : 0;
  }

  #judgeLost({ lost }: Variant, onsetUs: number): void {
    if (lost === undefined) return;
    for (const j of lost.joints) {
      const wentOnUs = (this.#truth.lastTorqueUs[j] ?? 0) - onsetUs;
      if (wentOnUs > lost.withinMs * US_PER_MS + STEP_US) this.breach(`the drive of ${this.profile.joints[j]?.id ?? j} made torque for ${(wentOnUs / US_PER_MS).toFixed(0)} ms; ${lost.withinMs} are allowed`);
    }
  }

  /** What failed may coast (class B, or a joint that nobody knows the place of): an enabled drive that makes no torque has let go too. */
  #letsGo(j: number): boolean {
    return this.#truth.energised[j] !== 1 || ((this.#riskClass === 'B' || this.#mayLetGo.includes(j)) && Math.abs(this.#truth.motorTorqueNm[j] ?? Number.NaN) < RELEASED_NM);
  }

  /** The limb drives the joint on, and the drive holds back with what it may. */
  #yields(j: number): boolean {
    const limitNm = this.profile.joints[j]?.interactionLimitNm ?? Number.NaN;
    const velocityRadPerSec = this.#truth.velocityRadPerSec[j] ?? Number.NaN;
    const direction = Math.sign(velocityRadPerSec);
    const [drivingNm, backNm] = [direction * (this.#truth.cuffTorqueNm[j] ?? Number.NaN), -direction * (this.#truth.motorTorqueNm[j] ?? Number.NaN)];
    return this.#truth.energised[j] === 1 && Math.abs(velocityRadPerSec) <= YIELDING.radPerSec && drivingNm >= YIELDING.cuffShare * limitNm && backNm >= YIELDING.motorShare * limitNm;
  }

  #allReleased(): boolean {
    for (const energised of this.#truth.energised) if (energised === 1) return false;
    return true;
  }

  #beyondDeg(j: number): number {
    const range = this.setup.permittedRangeRad[j];
    const positionRad = this.#truth.positionRad[j] ?? Number.NaN;
    return range === undefined ? Number.NaN : radToDeg(Math.max(range.min - positionRad, positionRad - range.max));
  }
}
