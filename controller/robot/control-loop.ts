/**
 * One control cycle after another: read → intent → step → write → row. The cycle itself is plain and synchronous, so
 * the real process (woken by a metronome) and lock-step (called in a loop) run the same code; rxjs only carries the
 * streams around it.
 */
import { map, share, Subject, type Observable } from 'rxjs';
import type { RobotIo } from '../../hal/robot-io.ts';
import { DariError } from '../../protocols/errors.ts';
import type { PermittedCommand, RobotInputs } from '../../protocols/joints.ts';
import type { PreparationNews } from '../../protocols/preparation.ts';
import { jointAt, type RobotProfile } from '../../protocols/profile.ts';
import type { Random } from '../../protocols/random.ts';
import { writeCycleRow } from '../../protocols/cycle-row.ts';
import { layoutOf, inputsOf, emptyIntent, type Intent, type SessionEvent, type StepOutput } from '../../protocols/session-log.ts';
import type { Cause, SessionSetup } from '../../protocols/supervision.ts';
import { degToRad } from '../../protocols/units.ts';
import { GameTable, type GameOrder } from './game-table.ts';
import { Operator, type LeaseChallenge, type Observed } from './operator.ts';
import { Preparation, type RobotPreparation } from './preparation.ts';
import { LiftNews } from './lift-news.ts';
import { StopWatch } from './stop-watch.ts';
import { createRobotStep, relayOrder, type RobotStep } from './robot-step.ts';

/** Takes every cycle's row; valid only during the call. */
export interface CycleSink {
  row(row: Float64Array, start: number): void;
}

export interface ControlLoopOptions {
  readonly profile: RobotProfile;
  readonly io: RobotIo;
  readonly sink: CycleSink;
  /** Makes the challenges of the lease. */
  readonly random: Random;
  /** Tests may bring one of their own. */
  readonly preparation?: RobotPreparation;
  /** Called once when a cycle failed: from then on the drives are released every cycle and nothing else happens. */
  readonly onFailure?: (error: unknown) => void;
}

/** Reused; valid until the next tick. */
export interface Cycle {
  inputs: RobotInputs;
  intent: Intent;
  output: StepOutput;
}

const REST_US = 100_000;
/** Requests to the hub may be lost. Own value: brakes move in less. */
const ASK_AGAIN_US = 100_000;

interface Tick {
  nowUs: number;
  latenessUs: number;
}

export interface SessionMark {
  readonly sessionId: string;
  readonly actor: string;
}

export interface ControlLoop {
  readonly operator: Operator;
  /** The newest cycle; before the first one, a released robot. */
  readonly cycle: Cycle;
  readonly cycle$: Observable<Cycle>;
  /** Changes of state, link, lease, parameters and session, in the order in which they happened. */
  readonly events$: Observable<SessionEvent>;
  /** What the holder of the lease is asked, so that it shows that it is there. */
  readonly challenge$: Observable<LeaseChallenge>;
  /** A stop that stands until a person acknowledges it; a new session's header carries it over. */
  readonly latched: Cause;
  readonly moving: boolean;
  /** Of the newest cycle's checks, one per line of the failsafe table. */
  readonly findings: Int32Array;
  /** Self-test and homing of the empty robot; made anew on every change. */
  readonly preparation: PreparationNews;
  readonly failed: boolean;
  /** Releases the drives now and for good; for the end of the process and for faults outside the cycle. */
  abandon(nowUs: number): void;
  /** Runs one cycle. Never throws: a failure anywhere releases the drives. */
  tick(nowUs: number, latenessUs: number): void;
  /** The next row is the session's first. @throws DariError `sessionRunning`, `notPermittedNow`, `setupInvalid` */
  openSession(setup: SessionSetup, mark: SessionMark, nowUs: number): void;
  /** The row before was the session's last. @throws DariError `sessionUnknown`, `notPermittedNow` while moving */
  closeSession(nowUs: number): void;
  /** A game begins beside the open session; it ends by itself or with it. @throws DariError `notPermittedNow` */
  playGame(order: GameOrder): void;
}

export function createControlLoop(options: ControlLoopOptions): ControlLoop {
  return new CycleRunner(options);
}

class CycleRunner implements ControlLoop {
  readonly operator: Operator;
  readonly cycle: Cycle;
  readonly cycle$: Observable<Cycle>;
  readonly events$: Observable<SessionEvent>;
  readonly challenge$: Observable<LeaseChallenge>;
  failed = false;
  readonly #events = new Subject<SessionEvent>();
  readonly #games: GameTable;
  #setup: SessionSetup | null = null;
  readonly #challenges = new Subject<LeaseChallenge>();
  readonly #ticks = new Subject<Tick>();
  readonly #tick: Tick = { nowUs: 0, latenessUs: 0 };
  readonly #observed: Observed = { state: 'connecting', cause: 'none', readyBlocker: 'none', moving: false };
  readonly #row: Float64Array;
  readonly #linkUp: boolean[];
  readonly #released: PermittedCommand;
  readonly #restSpeedRadPerSec: number;
  readonly #stopWatch: StopWatch;
  readonly #liftNews = new LiftNews();
  readonly #preparation: RobotPreparation;
  #step: RobotStep;
  #session: SessionMark | null = null;
  #cycleNumber = 0;
  #lastMotionUs = -Infinity;
  /** What the hub was last asked for; null: others asked since. */
  #brakesAsked: boolean | null = null;
  #brakesAskedUs = -Infinity;

  constructor(private readonly options: ControlLoopOptions) {
    const { profile } = options;
    this.operator = new Operator(profile, options.random, (event) => this.#events.next(event), (challenge) => this.#challenges.next(challenge));
    this.operator.observe(this.#observed);
    this.#games = new GameTable(profile, (game, atUs) => this.#events.next({ atUs, kind: 'game', subject: game.what, game }));
    this.#row = new Float64Array(layoutOf(profile).width);
    this.#linkUp = profile.links.map(() => false);
    this.#restSpeedRadPerSec = degToRad(profile.stop.restSpeedDegPerSec);
    this.#stopWatch = new StopWatch(profile);
    this.#step = createRobotStep(profile, null, 'none');
    this.#preparation = options.preparation ?? new Preparation(profile, options.io);
    const inputs = inputsOf(profile);
    // A step of its own, never run again: its command stays released whatever happens to the one in use.
    this.#released = createRobotStep(profile, null, 'none').step(inputs, emptyIntent(profile.joints.length)).permitted;
    this.cycle = { inputs, intent: this.operator.intent, output: createRobotStep(profile, null, 'none').step(inputs, this.operator.intent) };
    this.events$ = this.#events.asObservable();
    this.challenge$ = this.#challenges.asObservable();
    this.cycle$ = this.#ticks.pipe(
      map((tick) => this.#run(tick)),
      share(),
    );
    // The cycle runs whether or not someone else listens.
    this.cycle$.subscribe();
  }

  get latched(): Cause {
    return this.#step.latched;
  }

  get moving(): boolean {
    return this.#observed.moving;
  }

  get findings(): Int32Array {
    return this.#step.findings;
  }

  get preparation(): PreparationNews {
    return this.#preparation.news;
  }

  tick(nowUs: number, latenessUs: number): void {
    this.#tick.nowUs = nowUs;
    this.#tick.latenessUs = latenessUs;
    this.#ticks.next(this.#tick);
  }

  openSession(setup: SessionSetup, mark: SessionMark, nowUs: number): void {
    if (this.#session !== null) throw new DariError('sessionRunning', `Session ${this.#session.sessionId} is open. Close it first.`);
    if (this.moving) throw new DariError('notPermittedNow', 'The robot is moving. Stop it before a session is opened.');
    this.operator.openSession(setup);
    this.#step = createRobotStep(this.options.profile, setup, this.#step.latched);
    this.#session = mark;
    this.#setup = setup;
    this.#events.next({ atUs: nowUs, kind: 'session', subject: 'opened', newValue: mark.sessionId, actor: mark.actor });
  }

  closeSession(nowUs: number): void {
    const session = this.#session;
    if (session === null) throw new DariError('sessionUnknown', 'No session is open. Nothing was closed.');
    if (this.moving) throw new DariError('notPermittedNow', 'The robot is moving. Stop it before the session is closed.');
    // Another step would begin released: whoever is held on would fall.
    if (this.options.profile.stop.endsIn !== 'lower' && this.cycle.output.permitted.enable)
      throw new DariError('notPermittedNow', 'The robot holds the patient. Secure the patient and acknowledge the stop, so that the legs are lowered; then close the session.');
    this.#events.next({ atUs: nowUs, kind: 'session', subject: 'closed', newValue: session.sessionId });
    this.operator.closeSession();
    this.#step = createRobotStep(this.options.profile, null, this.#step.latched);
    this.#session = null;
    this.#setup = null;
    this.#games.end();
  }

  playGame(order: GameOrder): void {
    if (this.#setup === null) throw new DariError('notPermittedNow', 'No session is open, so there is nobody to play. Open a session first.');
    this.#games.begin(order, this.#setup);
  }

  abandon(nowUs: number): void {
    this.failed = true;
    this.#release(nowUs);
  }

  #run(tick: Tick): Cycle {
    if (this.failed) {
      this.#release(tick.nowUs);
      return this.cycle;
    }
    try {
      this.#runHealthy(tick);
    } catch (error) {
      this.abandon(tick.nowUs);
      this.options.onFailure?.(error);
    }
    return this.cycle;
  }

  #runHealthy({ nowUs, latenessUs }: Tick): void {
    const { io, sink } = this.options;
    const { cycle } = this;
    cycle.inputs = io.read(this.#cycleNumber++, nowUs, latenessUs);
    cycle.intent = this.operator.fill(nowUs);
    this.#preparation.tell(cycle.intent);
    cycle.output = this.#step.step(cycle.inputs, cycle.intent);
    const written = this.#preparation.cycle(cycle.inputs, cycle.intent, cycle.output, this.#step.findings);
    if (!written) io.write(cycle.output.permitted, nowUs, relayOrder(cycle.output));
    this.#askBrakes(cycle, written);
    writeCycleRow(this.#row, 0, cycle.inputs, cycle.intent, cycle.output);
    sink.row(this.#row, 0);
    this.#noticeLinks(cycle.inputs);
    this.#observe(cycle);
    this.#games.cycle(cycle.inputs, cycle.output.sensed);
  }

  /** As permitted, again until the hub says that it is so. While a preparation is at work, brakes and drives are its own. */
  #askBrakes({ inputs, output }: Cycle, preparing: boolean): void {
    const { io, profile } = this.options;
    if (profile.stop.endsIn !== 'brake') return;
    const { closeBrakes } = output.permitted;
    const due = closeBrakes !== this.#brakesAsked || (inputs.hub.brakeEngaged !== closeBrakes && inputs.nowUs - this.#brakesAskedUs >= ASK_AGAIN_US);
    this.#brakesAsked = preparing ? null : closeBrakes;
    if (preparing || !due) return;
    this.#brakesAskedUs = inputs.nowUs;
    io.requestBrakes(closeBrakes, inputs.nowUs);
  }

  /** The enable relay opens too, so this does not rest on the drives alone. */
  #release(nowUs: number): void {
    try {
      this.options.io.write(this.#released, nowUs, 'open');
      if (this.#released.closeBrakes) this.options.io.requestBrakes(true, nowUs);
    } catch {
      // Nothing is left to tell the drives; their own command watchdogs end it.
    }
  }

  #observe({ inputs, output }: Cycle): void {
    const seen = this.#observed;
    const { state, cause, readyBlocker } = output;
    const sameStop = state === seen.state && cause === seen.cause;
    if (!sameStop) this.#events.next({ atUs: inputs.nowUs, kind: 'state', subject: state, oldValue: seen.state, newValue: state, cause, ...this.#causeJoint(output) });
    const stop = this.#stopWatch.look(this.#step.stopRecord, inputs, output);
    if (stop !== null) this.#events.next(stop);
    const lifted = this.#liftNews.look(inputs, output);
    if (lifted !== null) this.#events.next(lifted);
    seen.state = state;
    seen.cause = cause;
    seen.readyBlocker = readyBlocker;
    if (this.#anyJointMoves(inputs)) this.#lastMotionUs = inputs.nowUs;
    // A swinging leg stands still for a moment at each turn, so rest counts only after a while.
    const comesToRest = output.permitted.enable && inputs.nowUs - this.#lastMotionUs < REST_US;
    seen.moving = state === 'running' || state === 'stopping' || state === 'recovering' || this.#preparation.active || comesToRest || this.#liftNews.moving;
  }

  #causeJoint(output: StepOutput): { reason?: string } {
    const joint = jointAt(this.options.profile, output.causeJoint);
    return joint === undefined ? {} : { reason: joint.id };
  }

  #anyJointMoves(inputs: RobotInputs): boolean {
    for (const joint of inputs.joints) if (Math.abs(joint.motorVelocityRadPerSec) > this.#restSpeedRadPerSec) return true;
    return false;
  }

  #noticeLinks(inputs: RobotInputs): void {
    for (let i = 0; i < inputs.links.length; i++) {
      const up = inputs.links[i]?.up ?? false;
      if (up === this.#linkUp[i]) continue;
      this.#linkUp[i] = up;
      const subject = this.options.profile.links[i]?.id ?? String(i);
      this.#events.next({ atUs: inputs.nowUs, kind: 'link', subject, oldValue: up ? 'down' : 'up', newValue: up ? 'up' : 'down' });
    }
  }
}
