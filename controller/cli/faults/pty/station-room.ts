/**
 * A station as people start it, on the ports of a virtual robot that is not its own, so that whatever happens to the
 * station the robot is still there to tell what is true; and a therapist's page, in a process of its own.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { DariError } from '../../../../protocols/errors.ts';
import type { RobotProfile } from '../../../../protocols/profile.ts';
import type { OperatorCommand, SupervisorState } from '../../../../protocols/supervision.ts';
import { US_PER_MS } from '../../../../protocols/units.ts';
import { systemClock } from '../../../../hal/clock.ts';
import { SimulatorRig } from '../../bench/robot-rig.ts';
import { Preparer } from '../../preparer.ts';
import type { CaseResult, Judge } from './judge.ts';
import { Mischief } from './mischief-maker.ts';
import { Page } from './page.ts';
import { pause, Place } from './place.ts';
import { StallMeter, stopsRobotMs } from './stall-meter.ts';
import { Witness, type Truth } from './witness.ts';

export interface StationRoomOptions {
  readonly profile: RobotProfile;
  readonly profilePath: string;
  readonly simulatorProgram: string;
  readonly seed: number;
  /** The command line itself. */
  readonly dariProgram: string;
  readonly pageProgram: string;
  readonly mischiefProgram: string;
}

/** One with summer time. */
const STATION_TIME_ZONE = 'Europe/Berlin';
const READY_LINE_LIMIT_MS = 30_000;
/** Connecting, booting, being lowered from a stop, and a self-test and homing if need be, all fit in. */
const READY_LIMIT_MS = 60_000;
const LOOK_MS = 20;
const RETRY_MS = 50;
const PREPARATION_ATTEMPTS = 5;

interface Station {
  readonly process: ChildProcess;
  readonly url: string;
  readonly exited: Promise<unknown>;
}

export class StationRoom extends Place {
  sessionId = '';
  /** When it was told that its first cycle is recorded. */
  sessionOpenedUs = Number.NaN;
  readonly #witness: Witness;
  readonly #machine = new StallMeter();
  #station: Station | null = null;
  #therapist: Page | null = null;
  #pressed = false;
  /** It is in a group of its own, so that no Ctrl-C reaches it that is meant for the campaign; it must not outlive that. */
  readonly #endStation = (): void => {
    this.thawStation();
    this.#station?.process.kill('SIGTERM');
  };

  private constructor(
    private readonly options: StationRoomOptions,
    readonly simulator: SimulatorRig,
    readonly mischief: Mischief,
  ) {
    super();
    process.on('exit', this.#endStation);
    this.#witness = new Witness({ control: (order) => simulator.control(order), simulatorLine: () => simulator.line() });
  }

  /** With a robot that is not prepared yet: `bringTo` does it. */
  static async open(options: StationRoomOptions): Promise<StationRoom> {
    const room = new StationRoom(options, await SimulatorRig.start(options), new Mischief(options.mischiefProgram));
    fs.writeFileSync(path.join(room.simulator.folder, 'ports.json'), JSON.stringify({ links: room.simulator.ports }));
    try {
      await room.startStation();
    } catch (error) {
      await room.close();
      throw error;
    }
    return room;
  }

  get prepared(): boolean {
    return this.therapist.status?.preparation?.prepared === true;
  }

  get profile(): RobotProfile {
    return this.options.profile;
  }

  get dataFolder(): string {
    return path.join(this.simulator.folder, 'data');
  }

  get logPath(): string {
    return path.join(this.dataFolder, 'sessions', `${this.sessionId}.mcap`);
  }

  /** Who holds the robot. */
  get therapist(): Page {
    if (this.#therapist === null) throw new TypeError('no page is open');
    return this.#therapist;
  }

  /** The station process, and what it has started. */
  get stationPid(): number {
    return this.#station?.process.pid ?? 0;
  }

  /** null: it does not run */
  get robotPid(): number | null {
    return childOf(this.stationPid, 'robot-process');
  }

  /** On the same data and the same ports; with a page. @throws DariError `controllerFailed` */
  async startStation(): Promise<void> {
    const { dariProgram, profilePath } = this.options;
    const words = ['start', '--profile', profilePath, '--ports', path.join(this.simulator.folder, 'ports.json'), '--data', this.dataFolder, '--port', '0'];
    // The built command line only exports its main; the robot process inherits the mischief by the environment.
    const program = `const { main } = await import(${JSON.stringify(dariProgram)}); await main(${JSON.stringify(words)});`;
    const env = { ...process.env, NODE_OPTIONS: this.mischief.nodeOptions.join(' ').replace('--import ', '--import='), TZ: STATION_TIME_ZONE };
    const child = spawn(process.execPath, ['--input-type=module', '--eval', program], { stdio: ['ignore', 'pipe', 'pipe'], env, detached: true });
    const exited = new Promise((resolve) => child.once('exit', resolve));
    this.#station = { process: child, exited, url: await readyUrl(child) };
    await this.newTherapist();
  }

  /** At a page just opened; whoever had control before is gone. */
  async newTherapist(): Promise<Page> {
    await this.#therapist?.kill();
    this.#pressed = false;
    this.#therapist = await this.openPage();
    return this.#therapist;
  }

  openPage(): Promise<Page> {
    return Page.open(this.options.pageProgram, this.#station?.url ?? '');
  }

  /** Resolves when the station process is gone; its children are another matter. */
  async killStation(): Promise<void> {
    this.#station?.process.kill('SIGKILL');
    await this.#station?.exited;
  }

  /** The station process alone: what it has started runs on. */
  freezeStation(): void {
    this.#station?.process.kill('SIGSTOP');
  }

  thawStation(): void {
    this.#station?.process.kill('SIGCONT');
  }

  /** The button of a hold-to-run motion. */
  letGo(): void {
    this.#pressed = false;
    this.therapist.send({ type: 'letGo', epoch: this.therapist.epoch });
  }

  truth(): Promise<Truth> {
    return this.#witness.truth();
  }

  /** This machine's worst stall since the last call. */
  stallMs(): Promise<number> {
    return this.#machine.worstMs(this.#witness);
  }

  /** Of a case during which this machine stalled for so long: one that this may have spoilt says nothing. */
  result(figures: CaseResult['figures'], { breaches }: Judge, stallMs: number): CaseResult {
    return { figures: { ...figures, stallMs }, breaches, ...(breaches.length > 0 && stallMs >= stopsRobotMs(this.profile) ? { machineStallMs: stallMs } : {}) };
  }

  /**
   * The therapist does what it takes: control, self-test and homing, a session, a person's acknowledgement, commands.
   * @returns whether the robot is there
   */
  async bringTo(state: 'ready' | 'armed' | 'running' | 'homing', limitMs = READY_LIMIT_MS): Promise<boolean> {
    const endUs = systemClock.nowUs() + limitMs * US_PER_MS;
    const preparer = this.#preparer();
    while (systemClock.nowUs() < endUs) {
      const { therapist } = this;
      if (therapist.state === state && (state === 'homing' || therapist.status?.session !== null)) return true;
      const before = therapist.state;
      if (!(await this.#hasControl()) || therapist.status?.controller !== 'running') await pause(RETRY_MS);
      else if (!this.prepared || state === 'homing') await this.#prepare(preparer);
      else if (therapist.status.session === null) await this.#openSession();
      else await this.#lead(state);
      if (therapist.state === before) await pause(LOOK_MS);
    }
    return false;
  }

  get state(): SupervisorState {
    return this.therapist.state;
  }

  get disarmed(): boolean {
    const { state, status } = this.therapist;
    return (state === 'ready' || state === 'idle') && status?.controller === 'running';
  }

  async command(command: OperatorCommand): Promise<boolean> {
    return (await this.#hasControl()) && this.therapist.command(command);
  }

  async close(): Promise<void> {
    this.#machine.end();
    await this.#therapist?.kill();
    this.#endStation();
    process.off('exit', this.#endStation);
    await this.#station?.exited;
    await this.simulator.stop();
    this.mischief.end();
  }

  async #hasControl(): Promise<boolean> {
    const { therapist } = this;
    return (therapist.epoch > 0 && therapist.status?.lease?.epoch === therapist.epoch) || therapist.takeControl();
  }

  #preparer(): Preparer {
    return new Preparer(
      {
        preparation: () => this.therapist.status?.preparation ?? null,
        state: () => this.therapist.state,
        command: (command) => void this.therapist.command(command),
        hold: () => this.#press(),
        endHold: () => this.letGo(),
        estop: (open) => this.simulator.control({ estop: open }),
      },
      PREPARATION_ATTEMPTS,
    );
  }

  /** The page itself goes on holding. */
  #press(): void {
    if (this.#pressed) return;
    this.#pressed = true;
    this.therapist.send({ type: 'press', epoch: this.therapist.epoch });
  }

  /** One look of the person beside the empty robot. A press that ended is begun anew. */
  async #prepare(preparer: Preparer): Promise<void> {
    const { therapist } = this;
    if (therapist.status?.session !== null) {
      await therapist.ask({ type: 'closeSession', epoch: therapist.epoch });
      return;
    }
    if (this.#pressed && therapist.state !== 'homing' && therapist.status.preparation?.status === 'failed') this.letGo();
    if (this.prepared) await therapist.command('prepare');
    if (preparer.look() === 'failed') throw new DariError('notPermittedNow', `The robot could not be prepared (${JSON.stringify(therapist.status.preparation)}). See what the step says.`);
    await pause(LOOK_MS);
    if (this.prepared) this.letGo();
  }

  async #openSession(): Promise<void> {
    const { therapist } = this;
    if (therapist.state === 'stopped' || therapist.state === 'emergency') await therapist.command('acknowledge');
    const patients = (await (await fetch(`${this.#station?.url}/api/patients`)).json()) as { id: string }[];
    const confirmed = { identity: true, side: true, consent: true, geometry: true, alarms: true };
    const answer = await therapist.ask({ type: 'openSession', epoch: therapist.epoch, patientId: patients[0]?.id ?? '', confirmed });
    if (answer.type !== 'done') return;
    this.sessionId = answer.sessionId ?? '';
    this.sessionOpenedUs = systemClock.nowUs();
  }

  async #lead(wanted: 'ready' | 'armed' | 'running' | 'homing'): Promise<void> {
    const { therapist } = this;
    const { state } = therapist;
    if (state === 'stopped' || state === 'emergency') await therapist.command('acknowledge');
    else if (wanted === 'ready' && (state === 'armed' || state === 'running' || state === 'paused')) await therapist.command('disarm');
    else if (wanted !== 'ready' && state === 'ready') await therapist.command('arm');
    else if (wanted === 'running' && state === 'armed') await therapist.command('start');
  }
}

/** @throws DariError `controllerFailed` with what it printed */
function readyUrl(child: ChildProcess): Promise<string> {
  let text = '';
  return new Promise((resolve, reject) => {
    const fail = (): void => reject(new DariError('controllerFailed', `The station was not ready in time. It said:\n${text}`));
    const timer = setTimeout(fail, READY_LINE_LIMIT_MS);
    child.once('exit', fail);
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (chunk: Buffer) => {
        text += chunk.toString('utf8');
        const url = /^Dari is ready: (http:\/\/\S+)$/m.exec(text)?.[1];
        if (url === undefined) return;
        clearTimeout(timer);
        child.off('exit', fail);
        resolve(url);
      });
  });
}

/** A process's child whose command line holds these words, as Linux lists them. */
function childOf(parent: number, words: string): number | null {
  const isIt = (pid: string): boolean => {
    try {
      const [, parentPid] = /\) \S (\d+) /.exec(fs.readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? [];
      return Number(parentPid) === parent && fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(words);
    } catch {
      return false;
    }
  };
  const found = fs.readdirSync('/proc').find((name) => /^\d+$/.test(name) && isIt(name));
  return found === undefined ? null : Number(found);
}
