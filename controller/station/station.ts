/**
 * The station: starts and watches the robot process, serves the page and the API, owns the records. Everything that is
 * taken is given back in the reverse order, also when the start fails half-way.
 */
import path from 'node:path';
import { DariError } from '../../protocols/errors.ts';
import type { VirtualButton } from '../../protocols/messages.ts';
import { SimulatorChild } from './children/simulator-child.ts';
import { lockFolder } from './folder-lock.ts';
import { listen } from './gateway/http-server.ts';
import { loadStaticPage } from './gateway/static-page.ts';
import { openSqliteStore } from './records/sqlite-store.ts';
import { RunningStation } from './running-station.ts';
import type { StationOptions } from './station-options.ts';
import type { VirtualPrompt } from './virtual-prompts.ts';

export interface Station {
  readonly url: string;
  /**
   * Resolves when the robot is connected and ready for the first time and the files that a killed station left are settled, unless
   * those take long.
   */
  readonly connected: Promise<void>;
  readonly robotPid: number | null;
  readonly simulatorPid: number | null;
  stop(): Promise<void>;
}

/** @throws DariError `addressInUse`, `dataFolder`, `storeFailed`, `simulatorFailed` */
export async function startStation(options: StationOptions): Promise<Station> {
  const closers: (() => void | Promise<void>)[] = [];
  const closeAll = async (): Promise<void> => {
    const failures: unknown[] = [];
    for (let close = closers.pop(); close !== undefined; close = closers.pop()) {
      try {
        await close();
      } catch (error) {
        failures.push(error);
      }
    }
    // One part that cannot be closed must not keep the others open.
    if (failures.length > 0) throw failures[0];
  };
  let stopped: Promise<void> | null = null;
  const stop = (): Promise<void> => (stopped ??= closeAll());
  try {
    const page = loadStaticPage(options.pageFolder);
    const http = await listen(options.port);
    closers.push(() => http.close());
    const lock = lockFolder(options.dataFolder);
    closers.push(() => lock.release());
    await waitForEnd(lock.left?.robotPid ?? null, options);
    const store = openSqliteStore(path.join(options.dataFolder, 'dari.db'));
    closers.push(() => store.close());
    const simulator = await startSimulator(options, closers);
    const running = new RunningStation(options, { http, lock, store, ports: simulator.ports, pressVirtual: simulator.press, seatVirtual: simulator.seat, promptVirtual: simulator.prompt });
    closers.push(() => running.finish());
    running.start(page);
    closers.push(() => running.stopRobot());
    return {
      url: http.url,
      connected: running.connected,
      get robotPid() {
        return running.controller.pid;
      },
      get simulatorPid() {
        return simulator.pid();
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

interface Ports {
  readonly ports: ReadonlyMap<string, string>;
  readonly press: (button: VirtualButton, pressed: boolean) => void;
  /** Of a virtual robot; at a real one people do it. */
  readonly seat: (inside: boolean) => void;
  readonly prompt: (prompt: VirtualPrompt) => void;
  pid(): number | null;
}

async function startSimulator(options: StationOptions, closers: (() => void | Promise<void>)[]): Promise<Ports> {
  const { robot } = options;
  if (robot.kind === 'ports') return { ports: robot.ports, press: refuseVirtual, seat: () => {}, prompt: () => {}, pid: () => null };
  const linkFolder = path.join(options.dataFolder, 'links');
  const simulator = new SimulatorChild({ program: robot.program, profilePath: options.profilePath, seed: robot.seed, patientPath: robot.patientPath, linkFolder }, options);
  const ports = await simulator.start();
  closers.push(() => simulator.stop());
  return { ports, press: (button, pressed) => simulator.press(button, pressed), seat: (inside) => simulator.seat(inside), prompt: (prompt) => simulator.prompt(prompt), pid: () => simulator.pid };
}

function refuseVirtual(): never {
  throw new DariError('notPermittedNow', 'This robot is real, so its buttons are pressed by hand. Use the button on the robot.');
}

const OLD_ROBOT_WAIT_MS = 5_000;
const OLD_ROBOT_POLL_MS = 50;

/** The robot process of a station that was killed stops the robot and seals its file by itself; that takes a moment. */
async function waitForEnd(pid: number | null, options: StationOptions): Promise<void> {
  if (pid === null) return;
  const endUs = options.clock.nowUs() + OLD_ROBOT_WAIT_MS * 1_000;
  while (isAlive(pid)) {
    if (options.clock.nowUs() > endUs) {
      options.log.warn({ robotPid: pid }, 'a process with the number of an earlier robot process is still there');
      return;
    }
    await new Promise<void>((resolve) => void options.scheduler.after(OLD_ROBOT_POLL_MS, resolve));
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
