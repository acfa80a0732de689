/** The robot that a command is to talk to: behind the ports of a file, or the virtual one in a process of its own. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import pino from 'pino';
import { systemClock, systemScheduler } from '../../hal/clock.ts';
import { DariError } from '../../protocols/errors.ts';
import type { RobotProfile } from '../../protocols/profile.ts';
import { SimulatorChild } from '../station/children/simulator-child.ts';
import { readPortsFile } from '../station/ports-file.ts';
import type { CommandArguments } from './command.ts';
import { programPath } from './install.ts';

export interface RobotPorts {
  /** Addresses by link id. */
  readonly ports: ReadonlyMap<string, string>;
  close(): Promise<void>;
}

/** @throws DariError `usage` when neither or both are given, and what is wrong with the file or the simulator */
export async function robotPorts(args: CommandArguments, profile: RobotProfile, profilePath: string): Promise<RobotPorts> {
  const file = args.options.get('ports');
  if ((file === undefined) === !args.options.has('sim')) throw new DariError('usage', 'Give the ports of the robot with --ports FILE, or take the virtual one with --sim.');
  if (file !== undefined) return { ports: readPortsFile(path.resolve(file), profile), close: async () => {} };
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'dari-robot-'));
  const log = pino({ level: 'silent' });
  const simulator = new SimulatorChild({ program: programPath('sim-process'), profilePath, seed: 1, linkFolder: path.join(folder, 'links') }, { clock: systemClock, scheduler: systemScheduler, log });
  const close = async (): Promise<void> => {
    await simulator.stop();
    fs.rmSync(folder, { recursive: true, force: true });
  };
  try {
    return { ports: await simulator.start(), close };
  } catch (error) {
    await close();
    throw error;
  }
}
