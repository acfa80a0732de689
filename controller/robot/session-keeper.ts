/** Opens and closes sessions: the recording first, then the loop, so that no cycle of a session goes unrecorded. */
import { DariError } from '../../protocols/errors.ts';
import type { ToController } from '../../protocols/messages.ts';
import type { RobotProfile } from '../../protocols/profile.ts';
import { SESSION_LOG_VERSION } from '../../protocols/session-log.ts';
import type { SessionSetup } from '../../protocols/supervision.ts';
import type { SealedSession } from '../recording/session-file.ts';
import type { SessionHeader } from '../recording/session-header.ts';
import type { ControlLoop } from './control-loop.ts';
import { checkSetup } from './parameter-check.ts';

export type OpenRequest = Extract<ToController, { type: 'openSession' }>;

export interface ClosedSession extends SealedSession {
  readonly sessionId: string;
}

/** What the keeper needs of the recorder; its thread is elsewhere. */
export interface SessionRecorder {
  open(path: string, header: SessionHeader): Promise<void>;
  begin(): void;
  discard(): void;
  close(): Promise<SealedSession>;
}

export interface SessionKeeperOptions {
  readonly profile: RobotProfile;
  readonly loop: ControlLoop;
  readonly recorder: SessionRecorder;
  readonly simulated: boolean;
  readonly nowUs: () => number;
  /** A session began; null: it is over. */
  readonly onSession: (setup: SessionSetup | null) => void;
}

export class SessionKeeper {
  /** Set from the first thought of a session until its file is sealed. */
  #sessionId: string | null = null;

  constructor(private readonly options: SessionKeeperOptions) {}

  get sessionId(): string | null {
    return this.#sessionId;
  }

  /** @throws DariError: the lease, the setup, a moving robot, an open session, or a file that cannot be made */
  async open(request: OpenRequest): Promise<void> {
    const { loop, profile, recorder, nowUs } = this.options;
    loop.operator.requireLease(request.epoch, nowUs());
    if (this.#sessionId !== null) throw new DariError('sessionRunning', `Session ${this.#sessionId} is open. Close it first.`);
    if (loop.moving) throw new DariError('notPermittedNow', 'The robot is moving. Stop it before a session is opened.');
    checkSetup(profile, request.setup);
    this.#sessionId = request.sessionId;
    try {
      const header = this.#header(request);
      await recorder.open(request.logPath, header);
      try {
        if (loop.latched !== header.latched) throw new DariError('notPermittedNow', `The robot stopped (${loop.latched}) while the session was being opened. Open it again.`);
        recorder.begin();
        loop.openSession(request.setup, { sessionId: request.sessionId, actor: request.actor }, nowUs());
        this.options.onSession(request.setup);
      } catch (error) {
        recorder.discard();
        throw error;
      }
      // The file could be made, so an earlier failure of the disk is over.
      loop.operator.recorderHealthy = true;
    } catch (error) {
      this.#sessionId = null;
      throw error;
    }
  }

  /** @throws DariError `sessionUnknown`, `notPermittedNow` while moving, `diskFull` when the recording had failed */
  async close(): Promise<ClosedSession> {
    this.options.loop.closeSession(this.options.nowUs());
    this.options.onSession(null);
    return this.#seal();
  }

  /** At the end of the process, after the last tick: seals whatever is open. */
  async abandon(): Promise<ClosedSession | null> {
    return this.#sessionId === null ? null : this.#seal();
  }

  async #seal(): Promise<ClosedSession> {
    const sessionId = this.#sessionId ?? '';
    try {
      return { sessionId, ...(await this.options.recorder.close()) };
    } finally {
      this.#sessionId = null;
    }
  }

  #header(request: OpenRequest): SessionHeader {
    const { profile, loop, simulated } = this.options;
    const { sessionId, setup, startedAt } = request;
    return { version: SESSION_LOG_VERSION, sessionId, profile, setup, latched: loop.latched, mode: 'live', seed: null, startedAt, simulated };
  }
}
