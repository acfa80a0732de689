/** Runs one long session of a campaign, counts its strides, and notices every stop: without a fault each is a false one. */
import { DariError } from '../../../protocols/errors.ts';
import { createRandom } from '../../../protocols/random.ts';
import { isDriven, sensedJointsOf, type RobotProfile } from '../../../protocols/profile.ts';
import type { Cause } from '../../../protocols/supervision.ts';
import type { CycleSink } from '../../robot/control-loop.ts';
import { emptyTruthRecord, type TruthRecord } from '../../../sim/truth.ts';
import { US_PER_MS } from '../../../protocols/units.ts';
import { prepareRobot } from '../lockstep-preparation.ts';
import { LockstepRig } from '../lockstep-rig.ts';
import { AngleHistory } from './angle-history.ts';
import type { Course, CourseStep } from './course.ts';
import { CuffUsual } from './cuff-usual.ts';
import { LentHand } from './lent-hand.ts';

export interface FalseStop {
  readonly cycle: number;
  readonly cause: Cause;
  /** null: of no joint. */
  readonly joint: string | null;
}

const ACTOR = 'campaign';
/** After a false stop the session goes on: somebody acknowledges now and then until the robot is ready again. */
const ACKNOWLEDGE_EVERY_CYCLES = 250;
/** In which lifted feet come to rest, and until the drives carry them. */
const LIFT_CYCLES = 500;
const HELD_CYCLES = 250;

export class CourseRun {
  readonly falseStops: FalseStop[] = [];
  /** Orders of the course that were refused, with the reason. */
  readonly refused: string[] = [];
  strides = 0;
  readonly cuffs: CuffUsual;
  readonly hand: LentHand;
  readonly angles: AngleHistory;
  /** After every physics step, while no case is judged. */
  readonly watchMoved: () => void;
  readonly #doubted: boolean[];
  readonly #truth: TruthRecord;
  #next = 0;
  #stopped = false;
  #armedCycles = 0;
  #stepsBefore = 0;
  #startCycle = 0;

  private constructor(
    private readonly course: Course,
    private readonly profile: RobotProfile,
    readonly rig: LockstepRig,
    readonly sessionId: string,
  ) {
    this.cuffs = new CuffUsual(profile.joints.length);
    this.hand = new LentHand(rig, profile, course.setup.permittedRangeRad);
    this.angles = new AngleHistory(rig, profile);
    this.watchMoved = isDriven(profile) ? () => {} : () => this.angles.note();
    this.#doubted = sensedJointsOf(profile).map(() => false);
    this.#truth = emptyTruthRecord(profile.joints.length);
  }

  static async open(course: Course, profile: RobotProfile, sessionId: string, sink: CycleSink): Promise<CourseRun> {
    const { seed, bodyMassKg, heightM, muscles, limbMassScale, frictionScale } = course;
    const rig = await LockstepRig.create({ profile, seed, bodyMassKg, heightM, muscles, limbMassScale, frictionScale, sink });
    return new CourseRun(course, profile, rig, sessionId);
  }

  /** The robot is prepared empty; then its patient comes, and his legs come to rest in it, feet that hang too low in a hand. */
  async prepare(): Promise<void> {
    const { rig } = this;
    rig.start();
    await prepareRobot(rig);
    if (this.hand.lend()) for (let i = 0; i < LIFT_CYCLES; i++) await rig.cycle();
  }

  /** From here on its cycles count. */
  begin(): void {
    const { rig } = this;
    this.#startCycle = rig.cycles;
    if (this.course.jittery) rig.beJittery(createRandom(this.course.seed));
    const { springs } = this.course.setup.parameters;
    if (springs !== undefined) rig.robot.robot.setSprings(springs);
    rig.onMoved = this.watchMoved;
    rig.loop.openSession(this.course.setup, { sessionId: this.sessionId, actor: ACTOR }, rig.nowUs);
  }

  get cycles(): number {
    return this.rig.cycles - this.#startCycle;
  }

  /** Does what the course says for this cycle, then runs it. */
  async cycle(): Promise<void> {
    const { rig } = this;
    const { steps } = this.course;
    for (let step = steps[this.#next]; step !== undefined && step.cycle <= this.cycles; step = steps[++this.#next]) this.#perform(step);
    if (this.#stopped && this.cycles % ACKNOWLEDGE_EVERY_CYCLES === 0) this.#try('acknowledge', () => rig.loop.operator.command(rig.epoch, 'acknowledge', ACTOR, rig.nowUs));
    await rig.cycle();
    this.#noteCuffs();
    this.#observe();
    if (!isDriven(this.profile)) this.#observeReadings();
    this.#lendHand();
  }

  /** A limb that hangs outside its range keeps the robot from being armed. */
  #lendHand(): void {
    const { state, readyBlocker } = this.rig.loop.cycle.output;
    this.#armedCycles = state === 'armed' ? this.#armedCycles + 1 : 0;
    if (state === 'ready' && readyBlocker === 'outsideSoftRange') this.hand.lend();
    if (this.#armedCycles >= HELD_CYCLES) this.hand.withdraw();
  }

  #noteCuffs(): void {
    const { state, phase } = this.rig.loop.cycle.output;
    if (state !== 'running') return;
    this.rig.robot.robot.fillTruth(this.#truth);
    this.cuffs.note(phase, this.#truth);
  }

  #perform({ command, guidance, mode }: CourseStep): void {
    const { operator } = this.rig.loop;
    if (command !== undefined) this.#try(command, () => operator.command(this.rig.epoch, command, ACTOR, this.rig.nowUs));
    if (guidance === undefined && mode === undefined) return;
    const { parameters } = operator;
    if (parameters === null) return;
    const change = { epoch: this.rig.epoch, actor: ACTOR, parameters: { ...parameters, ...(mode === undefined ? {} : { mode }), ...(guidance === undefined ? {} : { guidance: { left: guidance, right: guidance } }) } };
    this.#try(mode ?? `guidance ${guidance}`, () => operator.setParameters(change, this.rig.nowUs));
  }

  #try(what: string, attempt: () => unknown): void {
    try {
      attempt();
    } catch (error) {
      if (!(error instanceof DariError)) throw error;
      // While it stands stopped, everything but the acknowledgement is refused, and that until the cause is gone.
      if (!this.#stopped) this.refused.push(`${what} in cycle ${this.cycles}: ${error.message}`);
    }
  }

  #observe(): void {
    const { state, cause, causeJoint, stepsLeft, stepsRight } = this.rig.loop.cycle.output;
    // A stride begins with each left step, a repetition with each of the one arm's.
    const begun = this.profile.class === 'arm' ? stepsLeft + stepsRight : stepsLeft;
    const stopped = state === 'stopped' || state === 'emergency';
    if (stopped && !this.#stopped) this.falseStops.push({ cycle: this.cycles, cause, joint: this.profile.joints[causeJoint]?.id ?? null });
    this.#stopped = stopped;
    if (begun > this.#stepsBefore) this.strides += begun - this.#stepsBefore;
    this.#stepsBefore = begun;
  }

  /** Of a robot that only measures. Without a fault everything is believed; on a computer that is late, everything that is fresh. */
  #observeReadings(): void {
    const { inputs, output } = this.rig.loop.cycle;
    const maxAgeUs = this.profile.watchdogs.inputMaxAgeMs * US_PER_MS;
    this.strides = Math.floor(this.cycles / this.course.strideCycles);
    for (let j = 0; j < this.#doubted.length; j++) {
      const fresh = (inputs.sensed[j]?.ageUs ?? Infinity) <= maxAgeUs;
      const doubted = output.sensed[j]?.trusted !== true && (fresh || !this.course.jittery);
      if (doubted && this.#doubted[j] === false) this.falseStops.push({ cycle: this.cycles, cause: fresh ? 'implausibleInput' : 'sensorSilent', joint: sensedJointsOf(this.profile)[j]?.id ?? null });
      this.#doubted[j] = doubted;
    }
  }

  /** For messages: how far the course is. */
  get state(): string {
    return this.rig.loop.cycle.output.state;
  }

  dispose(): void {
    this.rig.dispose();
  }
}
