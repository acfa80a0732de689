/** A virtual robot and a robot process on real pseudo-terminals, without a station: for measuring and for tests. */
import { spawn, type ChildProcess } from 'node:child_process';
import fs from 'node:fs';
import { Socket } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { Subject } from 'rxjs';
import { systemClock } from '../../../hal/clock.ts';
import { DariError, errorCatalogue, type ErrorCode } from '../../../protocols/errors.ts';
import { fromControllerSchema, type FromController, type ToController } from '../../../protocols/messages.ts';
import { encodePipeFrame, PIPE_JSON, PIPE_TELEMETRY, PipeReader } from '../../../protocols/pipe.ts';
import type { RobotProfile } from '../../../protocols/profile.ts';
import type { SessionSetup } from '../../../protocols/supervision.ts';
import { telemetryTimeUs } from '../../../protocols/telemetry.ts';
import { paceOf } from '../../../protocols/therapy-limits.ts';
import { degToRad } from '../../../protocols/units.ts';

export interface RobotRigOptions {
  readonly profilePath: string;
  readonly robotProgram: string;
  readonly simulatorProgram: string;
  readonly seed: number;
  /** For the robot process, e.g. `--import FILE`. */
  readonly nodeOptions?: readonly string[];
}

type Without<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;
type Request = Without<Extract<ToController, { requestId: number }>, 'requestId'>;
type Answer = Extract<FromController, { requestId: number }>;

/** How a child ended. */
export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** The virtual robot as a process, with a folder for its ports. */
export class SimulatorRig {
  process: ChildProcess;
  exit: Promise<Exit>;

  private constructor(
    private readonly spawn: () => ChildProcess,
    /** Holds the links to the ports and whatever the rig's user puts there; removed by `stop`. */
    readonly folder: string,
    /** Paths by link id. */
    public ports: Readonly<Record<string, string>> = {},
  ) {
    this.process = spawn();
    this.exit = exitOf(this.process);
  }

  /** @throws DariError `simulatorFailed` */
  static async start({ profilePath, simulatorProgram, seed }: Omit<RobotRigOptions, 'robotProgram'>): Promise<SimulatorRig> {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'dari-rig-'));
    const links = path.join(folder, 'ports');
    fs.mkdirSync(links);
    const rig = new SimulatorRig(() => spawnChild(simulatorProgram, ['--profile', profilePath, '--link', links, '--seed', String(seed), '--json']), folder);
    rig.ports = await portsOf(rig.process);
    return rig;
  }

  /** kill -9: what a robot does that loses its supply. Its ports are gone, and their names with them. */
  async kill(): Promise<void> {
    this.process.kill('SIGKILL');
    await this.exit;
    for (const port of Object.values(this.ports)) fs.rmSync(port, { force: true });
  }

  /** After its end: another one in its place, with the same names. @throws DariError `simulatorFailed` */
  async startAgain(): Promise<void> {
    this.process = this.spawn();
    this.exit = exitOf(this.process);
    this.ports = await portsOf(this.process);
  }

  /** One line of the simulator's controls, e.g. `{ estop: true }`. */
  control(order: object): void {
    pipeOf(this.process).write(`${JSON.stringify(order)}\n`);
  }

  /** Its next JSON line. */
  line(): Promise<unknown> {
    return nextLine(this.process);
  }

  async stop(): Promise<void> {
    pipeOf(this.process).destroy();
    await this.exit;
    fs.rmSync(this.folder, { recursive: true, force: true });
  }
}

export class RobotRig {
  readonly messages$ = new Subject<FromController>();
  telemetryPackets = 0;
  /** What to add to the robot process's times for ours: of all packets' the least, since no packet comes early. */
  robotClockAheadUs = Infinity;
  readonly robotExit: Promise<Exit>;
  readonly #pipe: Socket;
  readonly #waiting = new Map<number, { resolve(answer: Answer): void; reject(error: DariError): void }>();
  #nextRequest = 1;

  private constructor(
    readonly robot: ChildProcess,
    readonly simulatorRig: SimulatorRig,
  ) {
    this.#pipe = pipeOf(robot);
    this.robotExit = exitOf(robot);
    const reader = new PipeReader((kind, payload) => this.#frame(kind, payload));
    this.#pipe.on('data', (chunk: Buffer) => reader.push(chunk));
    // The child's exit says more.
    this.#pipe.on('error', () => {});
    void this.robotExit.then(({ code, signal }) => this.#failAll(`The robot process ended (${signal ?? `exit code ${code}`}).`));
  }

  /** @throws DariError `simulatorFailed` */
  static async start(options: RobotRigOptions): Promise<RobotRig> {
    const simulator = await SimulatorRig.start(options);
    const { robotProgram, profilePath, nodeOptions = [] } = options;
    const robot = spawnChild(robotProgram, ['--profile', profilePath, '--ports', JSON.stringify(simulator.ports), '--simulated'], nodeOptions);
    return new RobotRig(robot, simulator);
  }

  get simulator(): ChildProcess {
    return this.simulatorRig.process;
  }

  /** Removed by `stop`. */
  get folder(): string {
    return this.simulatorRig.folder;
  }

  send(message: ToController): void {
    if (!this.#pipe.destroyed) this.#pipe.write(encodePipeFrame(PIPE_JSON, Buffer.from(JSON.stringify(message))));
  }

  /** @throws DariError what the robot process refused with */
  request(request: Request): Promise<Answer> {
    const requestId = this.#nextRequest++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(requestId, { resolve, reject });
      this.send({ ...request, requestId });
    });
  }

  /** One line of the simulator's controls, e.g. `{ estop: true }`. */
  control(order: object): void {
    this.simulatorRig.control(order);
  }

  /** The next JSON line of the simulator. */
  simulatorLine(): Promise<unknown> {
    return this.simulatorRig.line();
  }

  closePipe(): void {
    this.#pipe.destroy();
  }

  /** Ends both and removes the folder. */
  async stop(): Promise<void> {
    this.closePipe();
    await this.robotExit;
    await this.simulatorRig.stop();
  }

  #frame(kind: number, payload: Uint8Array): void {
    if (kind === PIPE_TELEMETRY) this.#telemetry(payload);
    if (kind !== PIPE_JSON) return;
    const message = fromControllerSchema.parse(JSON.parse(Buffer.from(payload).toString('utf8')));
    this.messages$.next(message);
    if (!('requestId' in message)) return;
    const waiting = this.#waiting.get(message.requestId);
    this.#waiting.delete(message.requestId);
    if (message.type === 'refused') waiting?.reject(new DariError(errorCodeOf(message.code), message.message));
    else waiting?.resolve(message);
  }

  #telemetry(packet: Uint8Array): void {
    this.telemetryPackets++;
    const timeUs = telemetryTimeUs(packet);
    if (timeUs !== null) this.robotClockAheadUs = Math.min(this.robotClockAheadUs, systemClock.nowUs() - timeUs);
  }

  #failAll(reason: string): void {
    for (const waiting of this.#waiting.values()) waiting.reject(new DariError('controllerFailed', `${reason} See the messages above.`));
    this.#waiting.clear();
    this.messages$.complete();
  }
}

/** An average patient with the profile's own ranges and starting values. */
export function typicalSetup(profile: RobotProfile): SessionSetup {
  const { initial: guidance } = profile.therapy.guidance;
  return {
    patientRef: 'bench',
    bodyMassKg: 75,
    heightM: 1.8,
    permittedRangeRad: profile.joints.map(({ softRangeDeg }) => ({ min: degToRad(softRangeDeg.min), max: degToRad(softRangeDeg.max) })),
    parameters: {
      speedMps: paceOf(profile).initial,
      guidance: { left: guidance, right: guidance },
      romScale: profile.joints.map(() => 1),
      offsetRad: profile.joints.map(() => 0),
    },
    confirmed: { identity: true, side: true, consent: true, geometry: true, alarms: true },
  };
}

const STDERR = 2;

const spawnChild = (program: string, args: readonly string[], nodeOptions: readonly string[] = []): ChildProcess =>
  spawn(process.execPath, [...nodeOptions, program, ...args, '--parent-fd', '3'], { stdio: ['ignore', 'pipe', STDERR, 'pipe'] });

function pipeOf(child: ChildProcess): Socket {
  const [, , , pipe] = child.stdio;
  if (pipe instanceof Socket) return pipe;
  throw new TypeError('a child without its pipe');
}

const exitOf = (child: ChildProcess): Promise<Exit> => new Promise((resolve) => child.once('exit', (code, signal) => resolve({ code, signal })));

/** @throws DariError `simulatorFailed` when the simulator ends instead of printing a line of JSON */
function nextLine(simulator: ChildProcess): Promise<unknown> {
  const { stdout } = simulator;
  return new Promise((resolve, reject) => {
    let text = '';
    const onExit = (): void => reject(new DariError('simulatorFailed', 'The virtual robot ended by itself. See the messages above; npm run build may help.'));
    const onData = (chunk: Buffer): void => {
      text += chunk.toString('utf8');
      const end = text.indexOf('\n');
      if (end < 0) return;
      stdout?.off('data', onData);
      simulator.off('exit', onExit);
      resolve(JSON.parse(text.slice(0, end)));
    };
    stdout?.on('data', onData);
    simulator.once('exit', onExit);
  });
}

async function portsOf(simulator: ChildProcess): Promise<Record<string, string>> {
  const { ports } = (await nextLine(simulator)) as { ports: { name: string; path: string }[] };
  return Object.fromEntries(ports.map((port) => [port.name, port.path]));
}

const errorCodeOf = (code: string): ErrorCode => (Object.hasOwn(errorCatalogue, code) ? (code as ErrorCode) : 'controllerFailed');
