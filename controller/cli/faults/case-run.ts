/** One case: the fault is done to a session as it stands, and what follows is watched for at most three seconds. */
import { createRandom } from '../../../protocols/random.ts';
import type { RobotProfile } from '../../../protocols/profile.ts';
import { actions, type SupervisorState } from '../../../protocols/supervision.ts';
import { US_PER_MS } from '../../../protocols/units.ts';
import type { LockstepRig } from '../lockstep-rig.ts';
import type { Course } from './course.ts';
import type { CourseRun } from './course-run.ts';
import { createJudge } from './create-judge.ts';
import type { Judge } from './judge.ts';
import type { Bench, Mode } from './lockstep/fault.ts';
import type { Demand } from './oracle.ts';
import type { Case, PlannedFault } from './plan.ts';

export interface CaseResult {
  readonly case: number;
  /** It could be seen, so it had to be detected. */
  readonly exposed: boolean;
  /** From the onset; null: never. */
  readonly detectMs: number | null;
  readonly stopMs: number | null;
  readonly excursionDeg: number;
  readonly torqueNm: number;
  readonly cuffNm: number;
  readonly cause: string;
  readonly findings: readonly string[];
  readonly simulatedMs: number;
  /** Of the gait at the onset, 0 … 1. */
  readonly phase: number;
}

const ACTOR = 'campaign';
const ACKNOWLEDGE_EVERY_US = 250 * US_PER_MS;

const statesOf: Readonly<Record<Mode, readonly SupervisorState[]>> = {
  ready: ['ready'],
  arming: ['armed'],
  hold: ['armed'],
  starting: ['running'],
  walk100: ['running'],
  walk60: ['running'],
  walk30: ['running'],
  walk0: ['running'],
  pathControl: ['running'],
  assistStiffness: ['running'],
  assistTorque: ['running'],
  transparent: ['running'],
  resist: ['running'],
  pausing: ['paused'],
  paused: ['paused'],
  stopping: ['stopping'],
};

/** @returns whether the robot is in the mode that the plan meant; otherwise the case says nothing */
export const isInMode = (rig: LockstepRig, mode: Mode): boolean => statesOf[mode].includes(rig.loop.cycle.output.state);

export async function runCase(session: CourseRun, profile: RobotProfile, course: Course, planned: Case): Promise<CaseResult> {
  const run = new RunningCase(session, profile, course, planned);
  await run.toTheEnd();
  return run.result();
}

interface ActiveFault extends PlannedFault {
  readonly onsetUs: number;
}

class RunningCase {
  readonly #judge: Judge;
  readonly #bench: Bench;
  readonly #faults: readonly ActiveFault[];
  readonly #waiting: ActiveFault[];
  readonly #startUs: number;
  readonly #phase: number;
  readonly #demand: Demand;
  readonly #rig: LockstepRig;
  readonly #session: CourseRun;
  #liftedUs: number | null = null;
  #acknowledgedUs = -Infinity;
  #decidedCause = 'none';

  constructor(
    session: CourseRun,
    profile: RobotProfile,
    course: Course,
    private readonly planned: Case,
  ) {
    const { rig } = session;
    this.#session = session;
    this.#rig = rig;
    this.#phase = rig.loop.cycle.output.phase;
    this.#startUs = rig.nowUs;
    this.#faults = planned.faults.map((fault) => ({ ...fault, onsetUs: this.#startUs + fault.afterCycles * rig.periodUs + planned.afterMs * US_PER_MS }));
    this.#waiting = [...this.#faults];
    this.#demand = demandOf(this.#faults);
    this.#judge = createJudge(session, profile, course, this.#faults, this.#demand);
    this.#bench = { profile, rig, random: createRandom(planned.seed), breach: (finding) => this.#judge.breach(finding) };
    rig.onMoved = () => this.#moved();
  }

  async toTheEnd(): Promise<void> {
    for (let cycle = 0; !this.#isOver(); cycle++) {
      for (const fault of this.#faults) if (this.#liftedUs === null && cycle > fault.afterCycles) fault.variant.each?.(this.#bench, cycle - fault.afterCycles);
      this.#inject();
      this.#liftWhenStopped();
      this.#acknowledge();
      this.#judge.beforeCycle(this.#bench);
      const decidedUs = this.#rig.nowUs;
      await this.#rig.cycle();
      this.#judge.afterCycle(decidedUs);
      if (this.#decidedCause === 'none') this.#decidedCause = this.#rig.loop.cycle.output.cause;
    }
    if (this.#liftedUs === null) this.#lift();
    this.#rig.onMoved = this.#session.watchMoved;
    this.#judge.conclude();
  }

  result(): CaseResult {
    const { detectedUs, stoppedUs, worst, findings, exposed } = this.#judge;
    const sinceOnset = (us: number | null): number | null => (us === null ? null : (us - this.#demand.onsetUs) / US_PER_MS);
    return {
      case: this.planned.index,
      exposed,
      detectMs: sinceOnset(detectedUs),
      stopMs: sinceOnset(stoppedUs),
      excursionDeg: worst.excursionDeg,
      torqueNm: worst.torqueNm,
      cuffNm: worst.cuffNm,
      cause: this.#decidedCause,
      findings,
      simulatedMs: (this.#rig.nowUs - this.#startUs) / US_PER_MS,
      phase: this.#phase,
    };
  }

  #moved(): void {
    this.#judge.moved();
    this.#inject();
  }

  /** A fault comes at any millisecond of a cycle, not only when the loop is about to look. */
  #inject(): void {
    for (let fault = this.#waiting[0]; fault !== undefined && fault.onsetUs <= this.#rig.nowUs; fault = this.#waiting[0]) {
      this.#waiting.shift();
      fault.variant.inject(this.#bench);
    }
  }

  #liftWhenStopped(): void {
    const { liftFromUs } = this.#judge;
    if (this.#liftedUs === null && liftFromUs !== null && this.#rig.nowUs >= liftFromUs && this.#allInjected()) this.#lift();
  }

  /** By a person who has taken the controls, again and again until it is possible; whether anybody does is the judge's. */
  #acknowledge(): void {
    const { loop, nowUs, halted } = this.#rig;
    if (this.#liftedUs === null || nowUs < Math.max(this.#liftedUs + this.#judge.pace.acknowledgeUs, this.#acknowledgedUs + ACKNOWLEDGE_EVERY_US)) return;
    this.#acknowledgedUs = nowUs;
    this.#judge.acknowledged();
    const { state } = loop.cycle.output;
    if (halted || (state !== 'stopped' && state !== 'emergency')) return;
    this.#rig.takeControl();
    loop.operator.command(this.#rig.epoch, 'acknowledge', ACTOR, nowUs);
  }

  #lift(): void {
    this.#liftedUs = this.#rig.nowUs;
    for (const { variant } of this.#faults) variant.lift?.(this.#bench);
    this.#session.hand.lendAgain();
    this.#judge.lifted();
  }

  #allInjected(): boolean {
    return this.#waiting.length === 0;
  }

  #isOver(): boolean {
    const { nowUs } = this.#rig;
    const elapsedUs = nowUs - this.#startUs;
    const { longestUs, nothingUs, watchUs } = this.#judge.pace;
    if (elapsedUs >= longestUs) return true;
    if (this.planned.long) return false;
    if (this.#liftedUs !== null && nowUs - this.#liftedUs >= watchUs) return true;
    const { wanted, withinMs } = this.#demand.variant;
    return (wanted === 'none' || !Number.isFinite(withinMs)) && this.#judge.detectedUs === null && elapsedUs >= nothingUs;
  }
}

/** Of two faults the worse action must follow; of two that want the same, the one that comes to it surely. */
function demandOf(faults: readonly ActiveFault[]): Demand {
  const severity = ({ variant }: ActiveFault): number => actions.indexOf(variant.wanted) + (Number.isFinite(variant.withinMs) ? 0.5 : 0);
  const worst = faults.reduce((a, b) => (severity(b) > severity(a) ? b : a));
  return { variant: worst.variant, onsetUs: worst.onsetUs, timed: faults.length === 1 };
}

