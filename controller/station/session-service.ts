/**
 * The session of the moment: its row stands in the store before the robot hears of it, and it is over when the file is
 * sealed and the row says so. What a dead controller leaves behind goes to the finisher.
 */
import path from 'node:path';
import type { Patient } from '../../protocols/api.ts';
import { DariError, type ErrorCode } from '../../protocols/errors.ts';
import type { FromController, StationStatus } from '../../protocols/messages.ts';
import type { RobotProfile } from '../../protocols/profile.ts';
import type { SessionPlan } from '../../protocols/session-plan.ts';
import { settingsFor } from '../therapy/assessments/plan.ts';
import type { ControllerRequest } from './children/controller-link.ts';
import type { Log } from './log.ts';
import type { RecordStore } from './records/store.ts';
import { initialSetup, type EnteredSetup, type PlannedSetup } from './session-setup.ts';
import { chosenTrajectory } from './trajectories.ts';

export interface SessionContext {
  readonly profile: RobotProfile;
  readonly dataFolder: string;
  readonly simulated: boolean;
  readonly store: RecordStore;
  readonly controller: { request(message: ControllerRequest): Promise<void>; kill(): void };
  readonly log: Log;
  wallTime(): string;
  newSessionId(): string;
  /** Of the disk that takes the recording. */
  freeBytes(): Promise<number>;
  changed(): void;
  /** There are files to recover or sessions to sum up. */
  finishable(): void;
}

export interface OpenRequest extends EnteredSetup {
  readonly patientId: string;
  readonly epoch: number;
  readonly actor: string;
  readonly plan?: SessionPlan | undefined;
}

type Closed = Extract<FromController, { type: 'sessionClosed' }>;
type Current = NonNullable<StationStatus['session']>;

/** Refused with one of these, the session goes on; with any other, its file is closed though perhaps not sealed. */
const STILL_OPEN: ReadonlySet<ErrorCode> = new Set(['notPermittedNow', 'controllerFailed']);

/** An hour of recording (4.3 MB a minute) and as much again for the records: own value. */
const LEAST_FREE_BYTES = 512 * 1024 * 1024;
const BYTES_PER_MB = 1024 * 1024;

export class SessionService {
  #current: Current | null = null;
  /** Its row may stand already, its file not yet. */
  #openingId: string | null = null;
  #busy = false;
  #onEnd: ((error: DariError | null) => void) | null = null;

  constructor(private readonly context: SessionContext) {}

  get current(): Current | null {
    return this.#current;
  }

  /** The session whose file is being made or written. */
  get activeId(): string | null {
    return this.#current?.sessionId ?? this.#openingId;
  }

  /** @returns the session's id. @throws DariError `sessionRunning`, `patientUnknown`, `trajectoryUnknown`, `diskFull`, or what the controller refuses with */
  open(request: OpenRequest): Promise<string> {
    return this.#exclusively(async () => {
      if (this.#current !== null) throw new DariError('sessionRunning', 'A session is already open. End it first.');
      const patient = await this.context.store.patient(request.patientId);
      if (patient === null) throw new DariError('patientUnknown', `There is no patient "${request.patientId}". Choose one from the list of patients.`);
      await this.#requireSpace();
      return this.#begin(request, patient, await this.#planned(request.plan, patient));
    });
  }

  /** Resolves when the file is sealed and the row says so. @throws DariError `sessionUnknown`, or what the controller refuses with */
  close(note: string | undefined): Promise<string> {
    return this.#exclusively(async () => {
      const current = this.#current;
      if (current === null) throw new DariError('sessionUnknown', 'No session is open. Open one first.');
      const ended = new Promise<DariError | null>((resolve) => (this.#onEnd = resolve));
      try {
        await this.context.controller.request({ type: 'closeSession' });
        const error = await ended;
        if (error !== null) throw error;
      } catch (error) {
        if (error instanceof DariError && !STILL_OPEN.has(error.code)) this.#end(error);
        throw error;
      } finally {
        this.#onEnd = null;
      }
      if (note !== undefined && note !== '') await this.context.store.setNote(current.sessionId, note);
      return current.sessionId;
    });
  }

  /** The file is sealed; by our request, or because the controller ends. */
  async onClosed(message: Closed): Promise<void> {
    const { store, log } = this.context;
    try {
      await store.closeSession(message.sessionId, { status: 'sealed', endedAt: this.context.wallTime(), sha256: message.sha256 });
      log.info({ sessionId: message.sessionId, cycles: message.cycles, bytes: message.bytes }, 'session sealed');
      this.#end(null);
    } catch (error) {
      log.error({ sessionId: message.sessionId, error: String(error) }, 'the end of a session could not be stored; it is stored at the next start');
      this.#end(error instanceof DariError ? error : new DariError('storeFailed', 'The end of the session could not be stored. Its recording is safe and is found at the next start.'));
    }
  }

  /** The file may be cut; its session ends here in any case. */
  onControllerLost(): void {
    this.#end(new DariError('controllerFailed', 'The robot process ended during the session. What was recorded until then is kept; open a new session when the robot is ready.'));
  }

  #end(error: DariError | null): void {
    const had = this.#current !== null;
    this.#current = null;
    this.#onEnd?.(error);
    if (had) this.context.changed();
    this.context.finishable();
  }

  /** Whether it fits the robot, the controller says. */
  async #planned(plan: SessionPlan | undefined, patient: Patient): Promise<PlannedSetup> {
    if (plan === undefined) return {};
    if (plan.kind === 'triggered') return { mode: 'triggered', trigger: plan.trigger };
    if (plan.kind === 'assessment') return { assessment: plan.order, ...settingsFor(plan.order) };
    return { mode: 'replay', trajectory: await chosenTrajectory(this.context, patient.id, plan.trajectoryId) };
  }

  async #begin(request: OpenRequest, patient: Patient, planned: PlannedSetup): Promise<string> {
    const { context } = this;
    const setup = initialSetup(context.profile, patient, request, planned);
    const sessionId = context.newSessionId();
    const startedAt = context.wallTime();
    const logPath = `sessions/${sessionId}.mcap`;
    this.#openingId = sessionId;
    await context.store.openSession({ id: sessionId, patientId: patient.id, profileId: context.profile.id, startedAt, logPath, simulated: context.simulated });
    // From here on a controller that dies ends this session, too.
    this.#current = { sessionId, patientId: patient.id, startedAt, setup };
    try {
      const { epoch, actor } = request;
      await context.controller.request({ type: 'openSession', epoch, sessionId, startedAt, actor, setup, logPath: path.join(context.dataFolder, ...logPath.split('/')) });
    } catch (error) {
      await this.#notBegun(sessionId, error);
      throw error;
    }
    context.changed();
    return sessionId;
  }

  async #requireSpace(): Promise<void> {
    const freeBytes = await this.context.freeBytes();
    if (freeBytes >= LEAST_FREE_BYTES) return;
    throw new DariError('diskFull', `The disk has ${Math.floor(freeBytes / BYTES_PER_MB)} MB left; a session needs ${LEAST_FREE_BYTES / BYTES_PER_MB} MB, so that its recording does not end in the middle. Free some space, then try again.`);
  }

  async #notBegun(sessionId: string, error: unknown): Promise<void> {
    const stillOurs = this.#current?.sessionId === sessionId;
    this.#current = null;
    // Refused is not begun. Without an answer nobody knows: a robot process that does not answer is started anew.
    if (!(error instanceof DariError && error.code === 'controllerFailed')) await this.context.store.discardSession(sessionId);
    else if (stillOurs) this.context.controller.kill();
  }

  async #exclusively<T>(work: () => Promise<T>): Promise<T> {
    if (this.#busy) throw new DariError('sessionRunning', 'A session is just being opened or closed. Wait a moment, then try again.');
    this.#busy = true;
    try {
      return await work();
    } finally {
      this.#busy = false;
      this.#openingId = null;
      this.context.finishable();
    }
  }
}
