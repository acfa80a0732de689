/** A station at work: wires the robot process, the records and the people's pages to each other. */
import { randomBytes } from 'node:crypto';
import { statfs } from 'node:fs/promises';
import path from 'node:path';
import { getRequestListener } from '@hono/node-server';
import type { SessionReplay } from '../../protocols/api.ts';
import type { WalkEntry } from '../../protocols/entered-walk.ts';
import { DariError } from '../../protocols/errors.ts';
import type { StationStatus, VirtualButton } from '../../protocols/messages.ts';
import type { StopFigures } from '../../protocols/stop-figures.ts';
import { isDriven } from '../../protocols/profile.ts';
import type { PreparationNews } from '../../protocols/preparation.ts';
import type { Cause, SupervisorState } from '../../protocols/supervision.ts';
import { telemetryChannels, telemetryTimeUs } from '../../protocols/telemetry.ts';
import { ControllerLink, type ControllerNews } from './children/controller-link.ts';
import { handleClientMessage } from './control-desk.ts';
import { enterWalk } from './entered-walks.ts';
import type { FolderLock } from './folder-lock.ts';
import { createHttpApp } from './gateway/http.ts';
import type { HttpServer } from './gateway/http-server.ts';
import { openSocketGateway, type SocketGateway } from './gateway/socket.ts';
import type { StaticPage } from './gateway/static-page.ts';
import { LeaseKeeper } from './lease-keeper.ts';
import { proposalFor } from './proposals.ts';
import type { RecordStore } from './records/store.ts';
import { replaySessionFile, settleSessionFile, shownMovementOf, summariseSessionFile } from './session-files.ts';
import { SessionFinisher } from './session-finisher.ts';
import { SessionService } from './session-service.ts';
import type { StationOptions } from './station-options.ts';
import { knownTrajectories, makeTrajectory } from './trajectories.ts';
import { VirtualPrompts, type VirtualPrompt } from './virtual-prompts.ts';

export interface StationParts {
  readonly http: HttpServer;
  readonly lock: FolderLock;
  readonly store: RecordStore;
  readonly ports: ReadonlyMap<string, string>;
  /** @throws DariError when the hardware is real, or there is no virtual robot at the moment */
  readonly pressVirtual: (button: VirtualButton, pressed: boolean) => void;
  readonly seatVirtual: (inside: boolean) => void;
  readonly promptVirtual: (prompt: VirtualPrompt) => void;
}

type EventNews = Extract<ControllerNews, { type: 'event' }>['event'];

const SETTLE_WAIT_MS = 2_500;

export class RunningStation {
  readonly controller: ControllerLink;
  readonly connected: Promise<void>;
  readonly #lease: LeaseKeeper;
  readonly #sessions: SessionService;
  readonly #finisher: SessionFinisher;
  readonly #clients = new Set<string>();
  readonly #prompts: VirtualPrompts;
  readonly #startedUs: number;
  #gateway: SocketGateway | null = null;
  #controllerState: StationStatus['controller'] = 'starting';
  #interrupted = false;
  #robotState: SupervisorState = 'connecting';
  #preparation: PreparationNews | null = null;
  #blockers: readonly Cause[] | null = null;
  /** The controller's clock, as of its newest telemetry: the one time of all events. */
  #loopUs = 0;
  #onConnected: () => void = () => {};
  #onSettled: () => void = () => {};
  #cancelSettleWait: () => void = () => {};
  #recording: Promise<void> = Promise.resolve();

  constructor(
    private readonly options: StationOptions,
    private readonly parts: StationParts,
  ) {
    const { profile, dataFolder, clock, log } = options;
    const { store } = parts;
    this.#prompts = new VirtualPrompts(profile, parts.promptVirtual);
    this.#startedUs = clock.nowUs();
    const robotConnected = new Promise<void>((resolve) => (this.#onConnected = resolve));
    const settled = new Promise<void>((resolve) => (this.#onSettled = resolve));
    this.connected = Promise.all([robotConnected, settled]).then(() => {});
    const wallTime = (): string => options.now().toISOString();
    const changed = (): void => this.#tellStatus();
    this.controller = new ControllerLink(
      { program: options.robotProgram, arguments: this.#robotArguments() },
      {
        running: () => this.#setController('running'),
        lost: (reason) => this.#controllerLost(reason),
        news: (message) => this.#news(message),
        telemetry: (packet) => this.#telemetry(packet),
      },
      options,
    );
    const { controller } = this;
    this.#lease = new LeaseKeeper({ store, controller, clock, log, ttlUs: profile.watchdogs.leaseMs * 1_000, wallTime, changed, isConnected: (id) => this.#clients.has(id), tell: (id, message) => this.#gateway?.send(id, message) });
    this.#sessions = new SessionService({ profile, dataFolder, simulated: this.#simulated, store, controller, log, wallTime, changed: () => this.#sessionChanged(), newSessionId: () => newRecordId(options.now()), freeBytes: () => freeBytes(dataFolder), finishable: () => void this.#finisher.run() });
    this.#finisher = new SessionFinisher({
      store,
      dataFolder,
      log,
      files: { settle: settleSessionFile, summarise: summariseSessionFile },
      activeSessionId: () => this.#sessions.activeId,
      finished: (id) => this.#gateway?.broadcast({ type: 'event', event: { atUs: this.#loopUs, kind: 'session', subject: 'finished', newValue: id } }),
    });
  }

  start(page: StaticPage): void {
    const { options, parts } = this;
    const app = createHttpApp({
      page,
      store: parts.store,
      health: () => this.#health(),
      stopRobot: () => this.controller.stopRobot('the address /api/stop'),
      replay: (id, rateHz) => this.#replay(id, rateHz),
      proposal: (patientId) => proposalFor(parts.store, options.profile, patientId),
      trajectories: (patientId) => knownTrajectories({ store: parts.store, profile: options.profile }, patientId),
      onFailure: (error) => options.log.error({ error: error instanceof Error ? error.stack : String(error) }, 'a request failed'),
    });
    const listener = getRequestListener(app.fetch);
    parts.http.serve((request, response) => void listener(request, response));
    this.#gateway = this.#openGateway();
    this.controller.start();
    this.#cancelSettleWait = options.scheduler.after(SETTLE_WAIT_MS, this.#onSettled);
    void this.#finisher.run(this.#onSettled);
  }

  /** No new requests; the robot stops, its file is sealed and noted. */
  async stopRobot(): Promise<void> {
    this.#cancelSettleWait();
    this.#gateway?.close();
    this.#gateway = null;
    await this.controller.stop();
    await this.#recording;
  }

  finish(): Promise<void> {
    return this.#finisher.stop();
  }

  get #simulated(): boolean {
    return this.options.robot.kind === 'simulator';
  }

  #robotArguments(): string[] {
    const { profilePath, bytesFolder } = this.options;
    const ports = JSON.stringify(Object.fromEntries(this.parts.ports));
    return ['--profile', profilePath, '--ports', ports, ...(this.#simulated ? ['--simulated'] : []), ...(bytesFolder === undefined ? [] : ['--record-bytes', bytesFolder])];
  }

  #openGateway(): SocketGateway {
    const { options } = this;
    const { pressVirtual, seatVirtual } = this.parts;
    const entering = { store: this.parts.store, now: () => options.now(), newId: () => newRecordId(options.now()) };
    const desk = { lease: this.#lease, sessions: this.#sessions, controller: this.controller, pressVirtual, seatVirtual, makeTrajectory: (sessionId: string, name: string) => this.#makeTrajectory(sessionId, name), enterWalk: (patientId: string, entry: WalkEntry, actor: string) => enterWalk(entering, patientId, entry, actor), newSeed: () => randomBytes(4).readUInt32LE(), log: options.log };
    const channels = telemetryChannels(options.profile).map(({ name, unit }) => ({ name, unit }));
    return openSocketGateway({
      server: this.parts.http.server,
      clock: options.clock,
      welcome: (clientId) => {
        this.#clients.add(clientId);
        return { type: 'welcome', clientId, stationVersion: options.version, profile: options.profile, channels, status: this.#status() };
      },
      handle: (clientId, message) => handleClientMessage(desk, clientId, message),
      gone: (clientId) => {
        this.#clients.delete(clientId);
        this.#lease.clientGone(clientId);
      },
    });
  }

  #status(): StationStatus {
    const told = { ...(this.#preparation === null ? {} : { preparation: this.#preparation }), ...(this.#blockers === null ? {} : { blockers: [...this.#blockers] }), ...(this.#interrupted ? { interrupted: true as const } : {}) };
    return { controller: this.#controllerState, simulated: this.#simulated, lease: this.#lease.status, session: this.#sessions.current, ...told };
  }

  #tellStatus(): void {
    this.#gateway?.broadcast({ type: 'status', status: this.#status() });
  }

  #sessionChanged(): void {
    // A robot that moves nothing has no self-test: a new session tells that its patient has been looked after.
    if (!isDriven(this.options.profile) && this.#controllerState === 'running' && this.#sessions.current !== null) this.#interrupted = false;
    this.#tellStatus();
  }

  #setInterrupted(interrupted: boolean): void {
    if (interrupted === this.#interrupted) return;
    this.#interrupted = interrupted;
    this.#tellStatus();
  }

  #health(): Record<string, unknown> {
    const { options } = this;
    const uptimeSec = Math.floor((options.clock.nowUs() - this.#startedUs) / 1_000_000);
    return { status: 'ok', version: options.version, uptimeSec, controller: this.#controllerState, robot: this.#robotState, simulated: this.#simulated, sessionOpen: this.#sessions.current !== null, clients: this.#gateway?.clientCount ?? 0 };
  }

  async #replay(id: string, rateHz: number): Promise<SessionReplay> {
    const session = await this.parts.store.session(id);
    if (session === null) throw new DariError('sessionUnknown', `There is no session "${id}". Choose one from the list of sessions.`);
    if (session.status === 'recording') throw new DariError('logUnreadable', 'This session is still being recorded. End it, then replay it.');
    if (session.status === 'lost') throw new DariError('logUnreadable', 'The recording of this session was lost; there is nothing to replay.');
    return replaySessionFile(path.join(this.options.dataFolder, ...session.logPath.split('/')), rateHz);
  }

  #makeTrajectory(sessionId: string, name: string): Promise<void> {
    const { options } = this;
    return makeTrajectory({ store: this.parts.store, profile: options.profile, dataFolder: options.dataFolder, wallTime: () => options.now().toISOString(), newId: () => newRecordId(options.now()), shownMovement: shownMovementOf }, sessionId, name);
  }

  #telemetry(packet: Uint8Array): void {
    this.#loopUs = telemetryTimeUs(packet) ?? this.#loopUs;
    this.#prompts.look(packet, this.#sessions.current?.setup ?? null);
    this.#gateway?.broadcastTelemetry(packet);
  }

  #setController(state: StationStatus['controller']): void {
    this.#controllerState = state;
    this.#describeUs();
    this.#tellStatus();
  }

  /** A full disk must not take the robot's control with it. */
  #describeUs(): void {
    try {
      this.parts.lock.describe({ pid: process.pid, url: this.parts.http.url, robotPid: this.controller.pid });
    } catch (error) {
      this.options.log.warn({ error: String(error) }, 'the note beside the lock could not be written');
    }
  }

  #controllerLost(reason: string): void {
    this.options.log.info({ reason }, 'the robot process ended');
    this.#robotState = 'connecting';
    this.#preparation = null;
    this.#blockers = null;
    if (this.#sessions.current !== null) this.#setInterrupted(true);
    this.#lease.drop();
    this.#recording = this.#recording.then(() => this.#sessions.onControllerLost());
    this.#setController('lost');
  }

  /** A disk that is full takes nothing from the stop itself. */
  #keepStop({ cause = 'none', reason }: EventNews, figures: StopFigures): void {
    const { options, parts } = this;
    const stop = { sessionId: this.#sessions.activeId, profileId: options.profile.id, measuredAt: options.now().toISOString(), cause, jointId: reason ?? null, figures };
    this.#recording = this.#recording
      .then(() => parts.store.addStop(stop))
      .catch((error: unknown) => options.log.error({ error: String(error), ...stop }, 'a stop could not be kept'));
  }

  #news(message: ControllerNews): void {
    const { options } = this;
    if (message.type === 'state') {
      this.#robotState = message.state;
      // Who begins it has said that nobody is in the robot.
      if (message.state === 'selfTest') this.#setInterrupted(false);
      if (message.state === 'idle' || message.state === 'ready') this.#onConnected();
    } else if (message.type === 'preparation') {
      const { type: _, ...news } = message;
      this.#preparation = news;
      this.#tellStatus();
    } else if (message.type === 'readiness') {
      this.#blockers = message.blockers;
      this.#tellStatus();
    } else if (message.type === 'sessionClosed') {
      // After what came before it; a controller that ends right away is noticed after it.
      this.#recording = this.#recording.then(() => this.#sessions.onClosed(message));
    } else if (message.type === 'stride') {
      this.#gateway?.broadcast(message);
    } else if (message.type === 'challenge') {
      this.#lease.challenge(message.epoch, message.challenge);
    } else if (message.type === 'event') {
      if (message.event.kind === 'lease' && message.event.subject === 'expired') this.#lease.drop();
      if (message.event.stop !== undefined) this.#keepStop(message.event, message.event.stop);
      this.#gateway?.broadcast(message);
    } else {
      options.log.info({ code: message.code, notice: message.message }, 'notice');
      options.onNotice(message.code, message.message);
      this.#gateway?.broadcast({ type: 'event', event: { atUs: this.#loopUs, kind: 'link', subject: message.code, reason: message.message.slice(0, 200) } });
    }
  }
}

/** Readable and sortable; the random part keeps two in one second apart. */
const newRecordId = (at: Date): string => `${at.toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-')}-${randomBytes(3).toString('hex')}`;

async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}
