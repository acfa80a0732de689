/**
 * The virtual robot as a process of its own:
 * `node sim-process.js --profile FILE [--link DIR] [--patient FILE] [--seed N] [--parent-fd 3]`.
 * Prints one JSON line with its ports when they can be opened. With --parent-fd it leaves signals to its parent and ends when
 * that pipe closes; lines read from the pipe are controls, e.g. {"estop":true} (controls.ts has them all). {"stats":true} is answered on stdout with one
 * more JSON line: how far the robot runs behind real time, and what its ports lost.
 */
import { readFileSync } from 'node:fs';
import { Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { goAhead } from '../hal/priority.ts';
import { DariError } from '../protocols/errors.ts';
import { parseProfile } from '../protocols/profile-text.ts';
import { applyControlLine } from './controls.ts';
import { patientOf } from './body/human.ts';
import { parseSimulatedPatient } from './body/simulated-patient.ts';
import { runSimulator, type Simulator } from './simulator.ts';
import { AVERAGE_PATIENT, VirtualRobot } from './virtual-robot.ts';

const complain = (error: unknown): void => {
  process.stderr.write(`sim: ${error instanceof DariError ? error.toString() : String(error)}\n`);
};

const printJson = (value: unknown): void => {
  process.stdout.write(`${JSON.stringify(value)}\n`);
};

function readOptions(): { profileFile: string; patientFile: string | undefined; linkDir: string | undefined; seed: number; parentFd: number | null } {
  const { values } = parseArgs({
    options: {
      profile: { type: 'string' },
      patient: { type: 'string' },
      link: { type: 'string' },
      seed: { type: 'string', default: '1' },
      'parent-fd': { type: 'string' },
      json: { type: 'boolean', default: false },
    },
  });
  if (values.profile === undefined) throw new DariError('usage', 'No profile was named. Give one with --profile FILE.');
  const seed = Number(values.seed);
  if (!Number.isInteger(seed)) throw new DariError('usage', `--seed ${values.seed} is no whole number. Give one, e.g. --seed 1.`);
  return { profileFile: values.profile, patientFile: values.patient, linkDir: values.link, seed, parentFd: values['parent-fd'] === undefined ? null : Number(values['parent-fd']) };
}

/** Resolves when the parent has closed its end, or is gone. */
function listenToParent(fd: number, simulator: Simulator): Promise<void> {
  const pipe = new Socket({ fd, readable: true, writable: false });
  createInterface({ input: pipe }).on('line', (line) => {
    try {
      applyControlLine(line, simulator.controls, () => printJson({ stats: simulator.stats() }));
    } catch (error) {
      complain(error);
    }
  });
  return new Promise((resolve) => {
    pipe.on('error', () => resolve());
    pipe.on('close', () => resolve());
  });
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

const signalled = (): Promise<void> =>
  new Promise((resolve) => {
    for (const signal of SIGNALS) process.on(signal, () => resolve());
  });

async function main(): Promise<void> {
  goAhead();
  const options = readOptions();
  let fail: (error: unknown) => void = () => {};
  const failed = new Promise<never>((_, reject) => (fail = reject));
  // A signal to the group reaches the parent, too, which stops the robot before its simulator.
  if (options.parentFd !== null) for (const signal of SIGNALS) process.on(signal, () => {});
  const profile = parseProfile(readFileSync(options.profileFile, 'utf8'), options.profileFile);
  const patient = options.patientFile === undefined ? AVERAGE_PATIENT : patientOf(parseSimulatedPatient(readFileSync(options.patientFile, 'utf8'), options.patientFile, profile.joints.map(({ id }) => id)));
  const simulator = runSimulator({
    machine: await VirtualRobot.create({ profile, seed: options.seed, ...patient }),
    ...(options.linkDir === undefined ? {} : { linkDir: options.linkDir }),
    workerUrl: new URL('./sim-metronome.js', import.meta.url),
    onReady: (ports) => printJson({ ports }),
    onFailure: (error) => fail(error),
  });
  const ended = options.parentFd === null ? signalled() : listenToParent(options.parentFd, simulator);
  try {
    await Promise.race([ended, failed]);
  } finally {
    await simulator.stop();
  }
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    complain(error);
    process.exit(1);
  },
);
