/** `dari start`: the station, with the simulator or real ports, until it is told to stop. */
import path from 'node:path';
import pino from 'pino';
import packageJson from '../../package.json';
import { systemClock, systemScheduler } from '../../hal/clock.ts';
import { DariError, errorCatalogue, type ErrorCode } from '../../protocols/errors.ts';
import { startStation, type Station } from '../station/station.ts';
import type { StationOptions } from '../station/station-options.ts';
import { readPortsFile } from '../station/ports-file.ts';
import { integerOption } from './arguments.ts';
import type { Command, CommandArguments } from './command.ts';
import { bytesFolder, openDataFolder, sessionsFolder } from './data-folder.ts';
import { pageFolder, programPath } from './install.ts';
import { loadPatient } from './patients.ts';
import { DEFAULT_PROFILE, loadProfile } from './profiles.ts';

const DEFAULT_PORT = 7377;
const DEFAULT_SEED = 1;
const HIGHEST_PORT = 65_535;
/** `npm start` can hand the same Ctrl-C over twice. */
const REPEAT_MS = 1_000;
const LOG_LEVELS: readonly string[] = ['debug', 'info', 'warn', 'error', 'silent'];
const STOP_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export const startCommand: Command = {
  name: 'start',
  summary: "Starts the station: the robot's control and the therapist's screen. Without --ports it drives the simulator.",
  usage: 'start [--profile P] [--port N] [--ports FILE] [--data DIR] [--seed N] [--patient NAME] [--record-bytes DIR]',
  options: [
    { name: 'profile', value: 'P', help: `robot profile: a name or the path of a .json file (default: ${DEFAULT_PROFILE})` },
    { name: 'port', value: 'N', help: `port of the page on this machine, 0 = any free one (default: ${DEFAULT_PORT})` },
    { name: 'ports', value: 'FILE', help: 'JSON file that gives each link of the profile its port: {"links": {"hub": "/dev/ttyUSB0", …}}; made by: dari ports --profile P' },
    { name: 'data', value: 'DIR', help: "where records are kept (default: the user's data folder)" },
    { name: 'record-bytes', value: 'DIR', help: 'write down every byte of every port, to send with a report of trouble' },
    { name: 'seed', value: 'N', help: `seed of the simulator (default: ${DEFAULT_SEED})` },
    { name: 'patient', value: 'NAME', help: 'who sits in the virtual robot: a name or the path of a .json file (default: an average person who does nothing)' },
  ],
  positionals: 0,
  async run(args) {
    let stopping = false;
    const stopped = stopSignal().then(() => (stopping = true));
    const station = await startStation(stationOptions(args)).catch((error: unknown) => {
      // The signal goes to the whole group and ends a simulator that is not listening to its parent yet.
      if (stopping) return null;
      throw error;
    });
    if (station === null) return 0;
    try {
      announce(station).catch((error: unknown) => process.stderr.write(`The page at ${station.url} does not answer: ${String(error)}. Stop Dari and start it again.\n`));
      await stopped;
    } finally {
      await station.stop();
    }
    return 0;
  },
};

function stationOptions(args: CommandArguments): StationOptions {
  const { profile, path: profilePath } = loadProfile(args.options.get('profile'));
  const port = integerOption(args, 'port', DEFAULT_PORT, 0, HIGHEST_PORT);
  const seed = integerOption(args, 'seed', DEFAULT_SEED);
  const portsFile = args.options.get('ports');
  const ports = portsFile === undefined ? null : readPortsFile(path.resolve(portsFile), profile);
  const patient = args.options.get('patient');
  if (patient !== undefined && ports !== null) throw new DariError('usage', 'A simulated patient sits in a virtual robot only. Give either --patient or --ports.');
  const bytes = args.options.get('record-bytes');
  const dataFolder = openDataFolder(args.options.get('data'));
  sessionsFolder(dataFolder);
  return {
    version: packageJson.version,
    profile,
    profilePath,
    dataFolder,
    pageFolder,
    port,
    robotProgram: programPath('robot-process'),
    ...(bytes === undefined ? {} : { bytesFolder: bytesFolder(bytes) }),
    robot: ports === null ? { kind: 'simulator', program: programPath('sim-process'), seed, patientPath: patient === undefined ? undefined : loadPatient(patient, profile).path } : { kind: 'ports', ports },
    clock: systemClock,
    scheduler: systemScheduler,
    log: pino({ level: logLevel(), base: null }, pino.destination({ fd: 2, sync: true })),
    now: () => new Date(),
    onNotice: (code, message) => process.stderr.write(`${Object.hasOwn(errorCatalogue, code) ? `E${errorCatalogue[code as ErrorCode]} ` : ''}${message}\n`),
  };
}

/** @throws DariError `usage` */
function logLevel(): string {
  const level = process.env['DARI_LOG'] ?? 'warn';
  if (!LOG_LEVELS.includes(level)) throw new DariError('usage', `DARI_LOG=${level} is not known. Use one of: ${LOG_LEVELS.join(', ')}.`);
  return level;
}

/** Prints the ready line when the robot is connected and the page answers. */
async function announce(station: Station): Promise<void> {
  await station.connected;
  const answer = await fetch(`${station.url}/`);
  await answer.arrayBuffer();
  if (!answer.ok) throw new Error(`status ${answer.status}`);
  process.stdout.write(`Dari is ready: ${station.url}\n`);
}

/** Resolves at the first signal to stop. A later one than the doubled first does not wait for anything any more. */
function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    let firstMs: number | null = null;
    const onSignal = (): void => {
      const nowMs = performance.now();
      if (firstMs === null) {
        firstMs = nowMs;
        resolve();
      } else if (nowMs - firstMs > REPEAT_MS) process.exit(1);
    };
    for (const signal of STOP_SIGNALS) process.on(signal, onSignal);
  });
}
