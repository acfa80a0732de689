/** The virtual robot in real time, one second per second, behind real pseudo-terminals. */
import { mkdirSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { systemClock, systemOriginNs } from '../hal/clock.ts';
import type { RobotProfile } from '../protocols/profile.ts';
import { STEP_US } from './body/body.ts';
import type { Patient } from './body/human.ts';
import type { SimControls } from './controls.ts';
import { LagMeter } from './lag.ts';
import { PENDING, STOP, type PacingThreadData } from './pacing-thread.ts';
import { SimulatedPort } from './port.ts';
import { VirtualRobot } from './virtual-robot.ts';

export interface PortAnnouncement {
  /** The link's id in the profile. */
  readonly name: string;
  readonly path: string;
  readonly protocol: string;
  readonly baud: number;
}

export interface SimulatorOptions {
  readonly profile: RobotProfile;
  /** Folder for one symbolic link per port, named by link id; made when missing. */
  readonly linkDir?: string;
  readonly seed: number;
  readonly patient?: Patient;
  /** The built pacing thread. */
  readonly workerUrl: URL;
  onReady(ports: readonly PortAnnouncement[]): void;
  /** The simulation failed; it has stopped and freed its ports. */
  onFailure?(error: unknown): void;
}

export interface SimulatorStats {
  /** At each wake-up, how late the oldest physics step was made; its bytes left as much later than on a real wire. */
  readonly lagUs: { readonly p50: number; readonly p99: number; readonly max: number };
  /** Real time left out after stalls longer than `CATCH_UP_US`. */
  readonly skippedUs: number;
  readonly simulatedUs: number;
  /** Toward the host: bytes the kernel did not take, by link. */
  readonly lostBytes: Readonly<Record<string, number>>;
}

export interface Simulator {
  stop(): Promise<void>;
  readonly controls: SimControls;
  stats(): SimulatorStats;
}

/** Wake-ups are meant to come this long after a physics step is due: a slightly early one must not miss it. */
const MARGIN_US = 100;
/**
 * After a longer stall of this process the robot's time stands still instead of rushing: hardware does not stall, and
 * a rush would trip the virtual watchdogs on bytes that had been waiting here all along.
 */
const CATCH_UP_US = 20_000;
const AVERAGE_PATIENT: Patient = { bodyMassKg: 75, heightM: 1.8 };

/** @throws DariError `simulatorFailed` when there are no pseudo-terminals or the body cannot be built */
export async function runSimulator(options: SimulatorOptions): Promise<Simulator> {
  const { profile, seed, linkDir } = options;
  const robot = await VirtualRobot.create({ profile, seed, ...(options.patient ?? AVERAGE_PATIENT) });
  if (linkDir !== undefined) mkdirSync(linkDir, { recursive: true });
  const simulator = new RealTimeSimulator(robot, profile.links.map((link) => new SimulatedPort(link.id, linkDir)), options);
  simulator.start();
  options.onReady(
    profile.links.map((link) => ({ name: link.id, path: simulator.pathOf(link.id), protocol: link.protocol, baud: link.baud })),
  );
  return simulator;
}

class RealTimeSimulator implements Simulator {
  readonly #shared = new Int32Array(new SharedArrayBuffer(8));
  readonly #lag = new LagMeter();
  #worker: Worker | null = null;
  /** Real time minus the robot's, which starts with the first beat: whole steps less the margin. */
  #offsetUs: number | null = null;
  #skippedUs = 0;

  constructor(
    private readonly robot: VirtualRobot,
    private readonly ports: readonly SimulatedPort[],
    private readonly options: SimulatorOptions,
  ) {}

  readonly controls: SimControls = {
    estop: (open) => this.robot.setEstop(open),
    patientButton: (pressed) => this.robot.setPatientButton(pressed),
    brake: (engaged) => this.robot.setBrake(engaged),
    unplug: (linkId) => {
      const port = this.#port(linkId);
      port.unplug();
      this.robot.disconnect(linkId);
    },
    plug: (linkId) => this.#plug(this.#port(linkId)),
  };

  start(): void {
    try {
      for (const port of this.ports) this.#plug(port);
    } catch (error) {
      this.#release();
      throw error;
    }
    const workerData: PacingThreadData = { originNs: systemOriginNs, periodUs: STEP_US, shared: this.#shared };
    this.#worker = new Worker(this.options.workerUrl, { workerData });
    this.#worker.on('error', (error) => this.#fail(error));
    this.#worker.on('message', () => this.#onBeat());
  }

  pathOf(linkId: string): string {
    return this.#port(linkId).path ?? '';
  }

  stats(): SimulatorStats {
    return {
      lagUs: { p50: this.#lag.percentileUs(0.5), p99: this.#lag.percentileUs(0.99), max: this.#lag.maxUs },
      skippedUs: this.#skippedUs,
      simulatedUs: this.robot.nowUs,
      lostBytes: Object.fromEntries(this.ports.map((port) => [port.linkId, port.lostBytes])),
    };
  }

  async stop(): Promise<void> {
    const worker = this.#worker;
    if (worker === null) return;
    this.#worker = null;
    const exited = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
    Atomics.store(this.#shared, STOP, 1);
    Atomics.notify(this.#shared, STOP);
    this.#release();
    await exited;
  }

  #onBeat(): void {
    if (this.#worker === null) return;
    Atomics.store(this.#shared, PENDING, 0);
    this.#offsetUs ??= STEP_US * (Math.floor(systemClock.nowUs() / STEP_US) - 1) - MARGIN_US;
    const realUs = this.#realUs();
    const lateUs = realUs - this.robot.nowUs - STEP_US;
    if (lateUs >= 0) this.#lag.add(lateUs);
    // Whole steps, so that beats and physics stay in step.
    const skipUs = STEP_US * Math.ceil(Math.max(0, lateUs - CATCH_UP_US) / STEP_US);
    this.#skippedUs += skipUs;
    this.#offsetUs += skipUs;
    try {
      this.robot.advanceTo(realUs - skipUs);
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Time on the robot's scale, which starts with the first beat. */
  #realUs(): number {
    return this.#offsetUs === null ? 0 : systemClock.nowUs() - this.#offsetUs;
  }

  #plug(port: SimulatedPort): void {
    port.plug((chunk) => this.robot.receive(port.linkId, chunk, this.#realUs()));
    this.robot.connect(port.linkId, (bytes) => port.write(bytes));
  }

  #port(linkId: string): SimulatedPort {
    const port = this.ports.find((candidate) => candidate.linkId === linkId);
    if (port === undefined) throw new RangeError(`the profile has no link "${linkId}"`);
    return port;
  }

  #fail(error: unknown): void {
    void this.stop().then(() => this.options.onFailure?.(error));
  }

  #release(): void {
    for (const port of this.ports) port.unplug();
    this.robot.dispose();
  }
}
