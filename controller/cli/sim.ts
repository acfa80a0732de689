/** `dari sim`: the virtual robot, or bare drives, alone: for people who want to test a host of their own. */
import { fstatSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { isatty } from 'node:tty';
import { goAhead } from '../../hal/priority.ts';
import { DariError } from '../../protocols/errors.ts';
import { BareDrives, bareKindNames, isBareKind, mostBareDrives } from '../../sim/bare-drives.ts';
import { applyControlLine } from '../../sim/controls.ts';
import type { Machine } from '../../sim/machine.ts';
import { patientOf } from '../../sim/body/human.ts';
import { runSimulator, type PortAnnouncement, type Simulator } from '../../sim/simulator.ts';
import { integerOption } from './arguments.ts';
import type { Command, CommandArguments } from './command.ts';
import { programUrl } from './install.ts';
import { loadPatient } from './patients.ts';
import { DEFAULT_PROFILE, loadProfile } from './profiles.ts';

const STDIN = 0;
/** What the slowest and the fastest serial ports can do. */
const BAUD_RANGE = [1_200, 12_000_000] as const;

export const simCommand: Command = {
  name: 'sim',
  summary: 'Runs the virtual robot, or bare drives, on pseudo-terminals until it is stopped (Ctrl-C).',
  usage: 'sim [--profile P | --drive PROTOCOL [--count N] [--baud B]] [--patient NAME] [--link DIR] [--seed N] [--json]',
  options: [
    { name: 'profile', value: 'P', help: `robot profile, a name or a .json file (${DEFAULT_PROFILE})` },
    { name: 'drive', value: 'PROTOCOL', help: `bare drives instead of a robot: ${bareKindNames.join(', ')}` },
    { name: 'count', value: 'N', help: 'how many bare drives, numbered from 1 (1)' },
    { name: 'baud', value: 'B', help: 'baud rate of their ports (what the product is delivered with)' },
    { name: 'patient', value: 'NAME', help: 'who sits in the robot: a name or the path of a .json file (an average person who does nothing)' },
    { name: 'link', value: 'DIR', help: 'also put a link to each port into this folder' },
    { name: 'seed', value: 'N', help: 'seed of sensor noise and faults (1)' },
    { name: 'json', help: 'one JSON line with the ports; lines on stdin are controls, e.g. {"stats":true}' },
  ],
  positionals: 0,
  async run(args) {
    const json = args.options.has('json');
    const linkDir = args.options.get('link');
    const machine = await machineOf(args);
    goAhead();
    let fail: (error: unknown) => void = () => {};
    const failed = new Promise<never>((_, reject) => (fail = reject));
    const stopped = stopSignal();
    const simulator = runSimulator({
      machine,
      ...(linkDir === undefined ? {} : { linkDir }),
      workerUrl: programUrl('sim-metronome'),
      onReady: json ? (ports) => printJson({ ports }) : printPorts,
      onFailure: (error) => fail(error),
    });
    const deafen = json && stdinIsOurs() ? listenToStdin(simulator) : () => {};
    try {
      await Promise.race([stopped, failed]);
    } finally {
      deafen();
      await simulator.stop();
    }
    return 0;
  },
};

/** @throws DariError `usage`, or what is wrong with the profile */
async function machineOf(args: CommandArguments): Promise<Machine> {
  const seed = integerOption(args, 'seed', 1);
  const kind = args.options.get('drive');
  if (kind === undefined) return robotOf(args, seed);
  for (const name of ['profile', 'patient']) if (args.options.has(name)) throw new DariError('usage', `Bare drives belong to no robot, and nobody sits in them. Give either --${name} or --drive.`);
  if (!isBareKind(kind)) throw new DariError('usage', `There is no drive "${kind}". Choose one of: ${bareKindNames.join(', ')}.`);
  const count = integerOption(args, 'count', 1, 1, mostBareDrives(kind));
  return new BareDrives({ kind, count, seed, ...(args.options.has('baud') ? { baud: integerOption(args, 'baud', 0, ...BAUD_RANGE) } : {}) });
}

async function robotOf(args: CommandArguments, seed: number): Promise<Machine> {
  const named = args.options.get('patient');
  for (const name of ['count', 'baud']) if (args.options.has(name)) throw new DariError('usage', `--${name} is for bare drives. Name their protocol with --drive: ${bareKindNames.join(', ')}.`);
  const { profile } = loadProfile(args.options.get('profile'));
  // The physics engine is large; bare drives do without it.
  const { AVERAGE_PATIENT, VirtualRobot } = await import('../../sim/virtual-robot.ts');
  return VirtualRobot.create({ profile, seed, ...(named === undefined ? AVERAGE_PATIENT : patientOf(loadPatient(named, profile).patient)) });
}

function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}

function printPorts(ports: readonly PortAnnouncement[]): void {
  for (const port of ports) process.stdout.write(`${port.name}  ${port.path}  ${port.protocol}  ${port.baud} baud\n`);
}

/** Carries out each line; its end does not end the simulator. @returns stops listening */
function listenToStdin(simulator: Simulator): () => void {
  const lines = createInterface({ input: process.stdin });
  process.stdin.on('error', () => lines.close());
  lines.on('line', (line) => {
    if (line.trim() === '') return;
    try {
      applyControlLine(line, simulator.controls, () => printJson({ stats: simulator.stats() }));
    } catch (error) {
      process.stderr.write(`${error instanceof DariError ? error.toString() : error instanceof Error ? error.message : String(error)}\n`);
    }
  });
  return () => {
    lines.close();
    process.stdin.destroy();
  };
}

/** A pipe, or a terminal in whose foreground we are: reading from the background would stop us (SIGTTIN). */
function stdinIsOurs(): boolean {
  if (isatty(STDIN)) return inForeground();
  try {
    const stat = fstatSync(STDIN);
    return stat.isFIFO() || stat.isSocket();
  } catch {
    return false;
  }
}

/** Fields of /proc/self/stat after the name in brackets: state, ppid, pgrp, session, tty_nr, tpgid (man 5 proc). */
function inForeground(): boolean {
  const text = readFileSync('/proc/self/stat', 'utf8');
  const [, , group, , , foreground] = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return group === foreground;
}

function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve());
  });
}
