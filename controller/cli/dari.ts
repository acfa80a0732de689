/** `dari COMMAND`: one command line for everything. Each command is loaded only when it is called. */
import { DariError } from '../../protocols/errors.ts';
import { helpOf, parseCommandArguments } from './arguments.ts';
import type { Command } from './command.ts';

const commands: Readonly<Record<string, { summary: string; load: () => Promise<Command> }>> = {
  start: { summary: "the station with the therapist's screen, on the simulator or on real ports", load: async () => (await import('./start.ts')).startCommand },
  stop: { summary: 'stops the robot of a running station, from anywhere on this machine', load: async () => (await import('./stop.ts')).stopCommand },
  sim: { summary: 'the virtual robot alone, on pseudo-terminals', load: async () => (await import('./sim.ts')).simCommand },
  ports: { summary: 'the serial ports of this machine', load: async () => (await import('./ports.ts')).portsCommand },
  drives: { summary: 'what the drives of a robot tell of themselves', load: async () => (await import('./drives.ts')).drivesCommand },
  prove: { summary: "lets the drives' watchdogs trip, before a patient is in the robot", load: async () => (await import('./prove.ts')).proveCommand },
  run: { summary: 'a scripted session without a screen', load: async () => (await import('./run.ts')).runCommand },
  assess: { summary: 'guided assessments of a simulated patient', load: async () => (await import('./assess.ts')).assessCommand },
  replay: { summary: 're-runs the decisions of a recorded session', load: async () => (await import('./replay.ts')).replayCommand },
  trajectory: { summary: 'makes a movement that was shown in a recorded session ready to be replayed', load: async () => (await import('./trajectory.ts')).trajectoryCommand },
  metrics: { summary: 'computes measures of movement from a table of measurements', load: async () => (await import('./metrics.ts')).metricsCommand },
  bench: { summary: 'measures this machine', load: async () => (await import('./bench/bench.ts')).benchCommand },
  fuzz: { summary: 'random and mutated bytes into every codec and drive', load: async () => (await import('./fuzz/fuzz.ts')).fuzzCommand },
  faults: { summary: 'does to a robot what must never hurt anybody', load: async () => (await import('./faults/faults.ts')).faultsCommand },
  docs: { summary: 'writes the documents that are made from the code', load: async () => (await import('./docs.ts')).docsCommand },
  doctor: { summary: 'checks whether this machine is fit to run a robot', load: async () => (await import('./doctor.ts')).doctorCommand },
};

const EXIT_USAGE = 2;

/** Runs one command and sets the exit code: 0 done, 1 failed, 2 wrong usage. */
export async function main(words: readonly string[]): Promise<void> {
  try {
    process.exitCode = await dispatch(words);
  } catch (error) {
    process.exitCode = error instanceof DariError && error.code === 'usage' ? EXIT_USAGE : 1;
    const text = error instanceof DariError ? String(error) : error instanceof Error ? (error.stack ?? error.message) : String(error);
    process.stderr.write(`${text}\n`);
  }
}

async function dispatch(words: readonly string[]): Promise<number> {
  const [name, ...rest] = words;
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    process.stdout.write(overview());
    return name === undefined ? EXIT_USAGE : 0;
  }
  const entry = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (entry === undefined) throw new DariError('usage', `There is no command "${name}". Commands: ${Object.keys(commands).join(', ')}.`);
  const command = await entry.load();
  if (rest.includes('--help') || rest.includes('-h')) {
    process.stdout.write(helpOf(command));
    return 0;
  }
  return command.run(parseCommandArguments(command, rest));
}

function overview(): string {
  const rows = Object.entries(commands).map(([name, entry]) => `  ${name.padEnd(10)}${entry.summary}`);
  return ['dari COMMAND [options]', '', ...rows, '', 'dari COMMAND --help says more.', ''].join('\n');
}
