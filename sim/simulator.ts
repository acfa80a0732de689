/** A virtual robot, or drives on a bench, in real time, one second per second, behind real pseudo-terminals. */
import { mkdirSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { systemClock, systemOriginNs } from '../hal/clock.ts';
import { DariError } from '../protocols/errors.ts';
import { machineControls, type SimControls } from './controls.ts';
import { LagMeter } from './lag.ts';
import type { Machine } from './machine.ts';
import { PENDING, STOP, type PacingThreadData } from './pacing-thread.ts';
import { SimulatedPort } from './port.ts';
import type { RobotTruth } from './truth.ts';

export interface PortAnnouncement {
  /** The link's id. */
  readonly name: string;
  readonly path: string;
  readonly protocol: string;
  readonly baud: number;
}

export interface SimulatorOptions {
  /** The simulator disposes of it in the end. */
  readonly machine: Machine;
  /** Folder for one symbolic link per port, named by link id; made when missing. */
  readonly linkDir?: string;
  /** The built pacing thread. */
  readonly workerUrl: URL;
  /** Comes with the first beat: who opens a port then is answered without delay. */
  onReady(ports: readonly PortAnnouncement[]): void;
  /** The simulation failed; it has stopped and freed its ports. */
  onFailure?(error: unknown): void;
}

export interface SimulatorStats {
  /** At each wake-up, how late the oldest step was made; its bytes left as much later than on a real wire. `newMax`: the most since it was asked for last. */
  readonly lagUs: { readonly p50: number; readonly p99: number; readonly max: number; readonly newMax: number };
  /** Real time left out after stalls longer than `CATCH_UP_US`. */
  readonly skippedUs: number;
  readonly simulatedUs: number;
  /** Toward the host: bytes the kernel did not take, by link. */
  readonly lostBytes: Readonly<Record<string, number>>;
  /** Robots only: for judges, who must not believe what the host has measured. */
  readonly truth?: RobotTruth;
}

export interface Simulator {
  stop(): Promise<void>;
  readonly controls: SimControls;
  stats(): SimulatorStats;
}

/** Wake-ups are meant to come this long after a step is due: a slightly early one must not miss it. */
const MARGIN_US = 100;
/**
 * After a longer stall of this process the robot's time stands still instead of rushing: hardware does not stall, and
 * a rush would trip the virtual watchdogs on bytes that had been waiting here all along.
 */
const CATCH_UP_US = 20_000;

/** @throws DariError `simulatorFailed` when there are no pseudo-terminals */
export function runSimulator(options: SimulatorOptions): Simulator {
  const { machine, linkDir } = options;
  if (linkDir !== undefined) makeFolder(linkDir);
  const simulator = new RealTimeSimulator(machine, machine.links.map(({ id }) => new SimulatedPort(id, linkDir)), options);
  simulator.start();
  return simulator;
}

function makeFolder(linkDir: string): void {
  try {
    mkdirSync(linkDir, { recursive: true });
  } catch (cause) {
    throw new DariError('simulatorFailed', `The folder ${linkDir} for the links could not be made. Name one that you may write to.`, { cause });
  }
}

class RealTimeSimulator implements Simulator {
  readonly #shared = new Int32Array(new SharedArrayBuffer(8));
  readonly #lag = new LagMeter();
  #worker: Worker | null = null;
  /** Real time minus the machine's, which goes on with the first beat: whole beats less the margin. */
  #offsetUs: number | null = null;
  #skippedUs = 0;
  readonly controls: SimControls;

  constructor(
    private readonly machine: Machine,
    private readonly ports: readonly SimulatedPort[],
    private readonly options: SimulatorOptions,
  ) {
    this.controls = machineControls(machine, {
      unplug: (linkId) => {
        this.#port(linkId).unplug();
        machine.disconnect(linkId);
      },
      plug: (linkId) => this.#plug(this.#port(linkId)),
    });
  }

  start(): void {
    try {
      for (const port of this.ports) this.#plug(port);
    } catch (error) {
      this.#release();
      throw error;
    }
    const workerData: PacingThreadData = { originNs: systemOriginNs, periodUs: this.machine.beatUs, shared: this.#shared };
    this.#worker = new Worker(this.options.workerUrl, { workerData });
    this.#worker.on('error', (error) => this.#fail(error));
    this.#worker.on('message', () => this.#onBeat());
  }

  pathOf(linkId: string): string {
    return this.#port(linkId).path ?? '';
  }

  stats(): SimulatorStats {
    const truth = this.machine.truth?.();
    return {
      ...(truth === undefined ? {} : { truth }),
      lagUs: { p50: this.#lag.percentileUs(0.5), p99: this.#lag.percentileUs(0.99), max: this.#lag.maxUs, newMax: this.#lag.takeNewMaxUs() },
      skippedUs: this.#skippedUs,
      simulatedUs: this.machine.nowUs,
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
    const { beatUs, nowUs } = this.machine;
    const first = this.#offsetUs === null;
    this.#offsetUs ??= beatUs * (Math.floor(systemClock.nowUs() / beatUs) - 1) - MARGIN_US - nowUs;
    const realUs = this.#realUs();
    const lateUs = realUs - nowUs - beatUs;
    if (lateUs >= 0) this.#lag.add(lateUs);
    // Whole beats, so that they stay in step with the machine.
    const skipUs = beatUs * Math.ceil(Math.max(0, lateUs - CATCH_UP_US) / beatUs);
    this.#skippedUs += skipUs;
    this.#offsetUs += skipUs;
    try {
      this.machine.advanceTo(realUs - skipUs);
      for (const port of this.ports) port.flush();
    } catch (error) {
      this.#fail(error);
      return;
    }
    if (first) this.#announce();
  }

  #announce(): void {
    this.options.onReady(this.machine.links.map((link) => ({ name: link.id, path: this.pathOf(link.id), protocol: link.protocol, baud: link.baud })));
  }

  /** Time on the machine's scale, which goes on with the first beat. */
  #realUs(): number {
    return this.#offsetUs === null ? this.machine.nowUs : systemClock.nowUs() - this.#offsetUs;
  }

  #plug(port: SimulatedPort): void {
    port.plug((chunk) => this.machine.receive(port.linkId, chunk, this.#realUs()));
    this.machine.connect(port.linkId, (bytes) => port.write(bytes));
  }

  #port(linkId: string): SimulatedPort {
    const port = this.ports.find((candidate) => candidate.linkId === linkId);
    if (port === undefined) throw new RangeError(`there is no link "${linkId}"`);
    return port;
  }

  #fail(error: unknown): void {
    void this.stop().then(() => this.options.onFailure?.(error));
  }

  #release(): void {
    for (const port of this.ports) port.unplug();
    this.machine.dispose();
  }
}
