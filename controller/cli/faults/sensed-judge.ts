/**
 * Judges a robot that only measures. Nothing there can move a person; the hazard is that a number is believed that is none: it is shown,
 * recorded, played with, and therapy goes by it. So in every cycle each angle that is called trusted must have been true a moment ago. And
 * what is true must be believed, while nothing is wrong with it and again when nothing is any more.
 */
import { sensedJointsOf, type RobotProfile } from '../../../protocols/profile.ts';
import { actions, type Action } from '../../../protocols/supervision.ts';
import { radToDeg, US_PER_MS } from '../../../protocols/units.ts';
import type { LockstepRig } from '../lockstep-rig.ts';
import type { AngleHistory } from './angle-history.ts';
import type { Judge, Pace, Worst } from './judge.ts';
import { ACT_MS, FRAME_MS, periodMsOf, type Measuring, type Variant } from './lockstep/fault.ts';
import type { Injection } from './oracle.ts';

/** Own value: half a step of a servo is 0.04°, and the truth is known once per millisecond, in which a fast hand turns a joint by 0.2°. */
export const BELIEF_TOLERANCE_DEG = 0.25;
/** Own value: a fault stays for so long, and for as long as it takes to come. */
const STAYS_US = 400 * US_PER_MS;
/** Own value: for so long after its end an emergency stop has to stand by itself. */
const STANDS_US = 350 * US_PER_MS;
/** Own value: then a person acknowledges; servos boot, are asked who they are and set up one after the other. */
const BACK_US = 2_000 * US_PER_MS;

/** A servo that nobody reaches lets go by its own watchdog. */
const UNHEARD_MS = 2 * ACT_MS;

const severity = (action: Action): number => actions.indexOf(action);
const nothing: Measuring = {};

/** What must follow an injection, and whether it has. */
interface Demand {
  readonly injection: Injection;
  said: boolean;
}

type Stage = 'faulty' | 'lifted' | 'acknowledged';

export class SensedJudge implements Judge {
  readonly pace: Pace = { longestUs: 2 * (STAYS_US + STANDS_US) + BACK_US, nothingUs: Infinity, watchUs: STANDS_US + BACK_US, acknowledgeUs: STANDS_US };
  readonly findings: string[] = [];
  readonly worst: Worst = { excursionDeg: 0, torqueNm: 0, cuffNm: 0 };
  detectedUs: number | null = null;
  readonly stoppedUs = null;
  readonly exposed: boolean;
  readonly liftFromUs: number;
  readonly #ids: readonly string[];
  readonly #demands: readonly Demand[];
  readonly #windowMs: number;
  readonly #maxAgeUs: number;
  /** From then on nobody can see that they are wrong. */
  readonly #unseenFromUs: readonly number[];
  /** Wrong they may be. */
  readonly #spoilt: readonly boolean[];
  readonly #silenced: readonly boolean[];
  readonly #single: boolean;
  readonly #hubHidden: boolean;
  readonly #energisedMs: Int32Array;
  #decided = -1;
  #stage: Stage = 'faulty';

  constructor(
    private readonly rig: LockstepRig,
    private readonly profile: RobotProfile,
    injections: readonly Injection[],
    private readonly angles: AngleHistory,
  ) {
    const faults = injections.map(({ variant, onsetUs }) => ({ onsetUs, ...(variant.measured ?? nothing) }));
    const joints = sensedJointsOf(profile);
    const silences = (fault: Measuring, j: number): boolean => fault.silences?.includes(j) === true;
    this.#ids = joints.map(({ id }) => id);
    this.#demands = injections.filter(({ variant: { wanted, measured } }) => wanted !== 'none' || measured?.doubted !== undefined).map((injection) => ({ injection, said: false }));
    this.exposed = this.#demands.length > 0;
    this.liftFromUs = Math.max(...injections.map(({ onsetUs }) => onsetUs)) + STAYS_US;
    this.#maxAgeUs = profile.watchdogs.inputMaxAgeMs * US_PER_MS;
    this.#windowMs = profile.watchdogs.inputMaxAgeMs + FRAME_MS + periodMsOf(profile);
    this.#single = faults.length === 1;
    this.#hubHidden = faults.some(({ hidesHub }) => hidesHub === true);
    this.#silenced = joints.map((_, j) => faults.some((fault) => silences(fault, j)));
    this.#spoilt = joints.map((_, j) => faults.some(({ spoils }) => spoils?.joint === j));
    const isUnseen = (fault: Measuring, j: number): boolean =>
      fault.spoils?.joint === j && (fault.spoils.seen === 'never' || (fault.spoils.seen === 'byItsJump' && faults.some((other) => other !== fault && silences(other, j))));
    this.#unseenFromUs = joints.map((_, j) => Math.min(...faults.map((fault) => (isUnseen(fault, j) ? fault.onsetUs : Infinity))));
    this.#energisedMs = new Int32Array(joints.length);
  }

  breach(finding: string): void {
    if (this.findings.length < 5 && !this.findings.includes(finding)) this.findings.push(finding);
  }

  moved(): void {
    this.angles.note();
    const { robot } = this.rig.robot;
    const allowedMs = this.#single ? ACT_MS : UNHEARD_MS;
    for (let j = 0; j < this.#ids.length; j++) {
      const ms = robot.energised(this.profile.joints.length + j) ? (this.#energisedMs[j] ?? 0) + 1 : 0;
      this.#energisedMs[j] = ms;
      if (ms > allowedMs) this.breach(`the servo of ${this.#ids[j] ?? j} kept its torque on for more than ${allowedMs} ms`);
    }
  }

  beforeCycle(): void {}

  afterCycle(decidedUs: number): void {
    const { inputs } = this.rig.loop.cycle;
    // A loop that stands decides nothing.
    if (inputs.cycle === this.#decided) return;
    this.#decided = inputs.cycle;
    for (let j = 0; j < this.#ids.length; j++) this.#judgeJoint(j, decidedUs);
    for (const demand of this.#demands) if (decidedUs >= demand.injection.onsetUs) this.#judgeAnswer(demand, decidedUs);
  }

  lifted(): void {
    this.#stage = 'lifted';
  }

  acknowledged(): void {
    this.#stage = 'acknowledged';
  }

  conclude(): void {
    if (!this.#single || this.#demands.some(({ injection: { variant } }) => variant.measured?.doubted?.until === 'forGood') || this.#unseenFromUs.some(Number.isFinite)) return;
    const { state, cause } = this.rig.loop.cycle.output;
    for (let j = 0; j < this.#ids.length; j++) if (!this.#trusted(j)) this.breach(`${this.#ids[j] ?? j} was not believed again within ${BACK_US / US_PER_MS} ms`);
    if (state !== 'ready') this.breach(`not ready again (${state}, ${cause})`);
  }

  #trusted(j: number): boolean {
    return this.rig.loop.cycle.output.sensed[j]?.trusted === true;
  }

  #judgeJoint(j: number, decidedUs: number): void {
    const id = this.#ids[j] ?? `${j}`;
    const { positionRad, ageUs } = this.rig.loop.cycle.inputs.sensed[j] ?? { positionRad: Number.NaN, ageUs: Infinity };
    if (!this.#trusted(j)) {
      const fresh = ageUs <= this.#maxAgeUs;
      if (this.#spoilt[j] === false && (fresh || this.#silenced[j] === false)) this.breach(`${id} was not believed, although nothing was wrong with it${fresh ? '' : ', and not heard'}`);
      return;
    }
    if (decidedUs >= (this.#unseenFromUs[j] ?? Infinity)) return;
    const deg = radToDeg(positionRad);
    const offDeg = this.angles.offDeg(j, deg, this.#windowMs);
    this.worst.excursionDeg = Math.max(this.worst.excursionDeg, offDeg);
    if (!(offDeg <= BELIEF_TOLERANCE_DEG)) this.breach(`${id} was believed to be at ${deg.toFixed(1)}°, and was at ${this.angles.nowDeg(j).toFixed(1)}°`);
  }

  /** The action that must follow, or the doubt. In a pair one fault may hide the other, and what hides the hub hides the emergency stop. */
  #judgeAnswer(demand: Demand, decidedUs: number): void {
    const { variant, onsetUs } = demand.injection;
    const { doubted } = variant.measured ?? nothing;
    const says = severity(this.rig.loop.cycle.output.action) >= severity(variant.wanted) && (doubted?.joints.every((j) => !this.#trusted(j)) ?? true);
    if (says) {
      demand.said = true;
      this.detectedUs ??= decidedUs;
    } else if (this.#single || (doubted === undefined && !this.#hubHidden)) {
      const withinMs = doubted?.withinMs ?? variant.withinMs;
      // What the coming cycle decides is in time when the time runs out in it.
      const late = (decidedUs - onsetUs) / US_PER_MS > withinMs + periodMsOf(this.profile) / 2;
      if (!demand.said && late) this.breach(`not noticed in time (within ${withinMs.toFixed(0)} ms)`);
      if (demand.said && this.#mustStand(variant)) this.breach(variant.wanted === 'none' ? 'believed again, although it went on' : `${variant.wanted} ended although nobody acknowledged it`);
    }
  }

  #mustStand({ wanted, measured }: Variant): boolean {
    const until = measured?.doubted?.until;
    return until === 'forGood' || (until === 'lifted' && this.#stage === 'faulty') || (wanted !== 'none' && this.#stage !== 'acknowledged');
  }
}
