/** `dari bench`: measures this machine with the real processes, instead of promising figures from another one. */
import { DariError } from '../../../protocols/errors.ts';
import { integerOption } from '../arguments.ts';
import type { Command } from '../command.ts';
import { programPath } from '../install.ts';
import { DEFAULT_PROFILE, loadProfile } from '../profiles.ts';
import { benchLoop, type LoopBenchResult } from './loop-bench.ts';

const BENCHES = ['loop'];
const DEFAULT_SEC = 60;
const SEC_PER_MIN = 60;

export const benchCommand: Command = {
  name: 'bench',
  summary: 'Measures this machine: the control loop against the virtual robot on real pseudo-terminals.',
  usage: 'bench [--only NAME] [--seconds S | --minutes M] [--profile P] [--seed N] [--json]',
  options: [
    { name: 'only', value: 'NAME', help: `one measurement of: ${BENCHES.join(', ')}` },
    { name: 'seconds', value: 'S', help: `how long to measure (${DEFAULT_SEC})` },
    { name: 'minutes', value: 'M', help: 'the same in minutes' },
    { name: 'profile', value: 'P', help: `robot profile, a name or a .json file (${DEFAULT_PROFILE})` },
    { name: 'seed', value: 'N', help: 'seed of the simulator (1)' },
    { name: 'json', help: 'one JSON line for programs' },
  ],
  positionals: 0,
  async run(args) {
    const only = args.options.get('only') ?? 'loop';
    if (!BENCHES.includes(only)) throw new DariError('usage', `There is no measurement "${only}". Choose one of: ${BENCHES.join(', ')}.`);
    const { profile, path: profilePath } = loadProfile(args.options.get('profile'));
    const minutes = integerOption(args, 'minutes', 0);
    const durationSec = minutes > 0 ? minutes * SEC_PER_MIN : integerOption(args, 'seconds', DEFAULT_SEC, 1);
    const programs = { robotProgram: programPath('robot-process'), simulatorProgram: programPath('sim-process') };
    const result = await benchLoop({ profile, profilePath, durationSec, seed: integerOption(args, 'seed', 1), ...programs });
    process.stdout.write(args.options.has('json') ? `${JSON.stringify(result)}\n` : describe(result));
    return 0;
  },
};

function describe(result: LoopBenchResult): string {
  const quantiles = (name: string, { p50, p99, p999, max }: LoopBenchResult['latenessUs']): string =>
    `${name.padEnd(20)}${[p50, p99, p999, max].map((us) => String(us).padStart(9)).join('')}  us`;
  const usage = (name: string, { cpuPercent, rssMb }: LoopBenchResult['controller']): string =>
    `${name.padEnd(20)}${cpuPercent ?? '?'} % of one core, ${rssMb ?? '?'} MB`;
  return [
    `${result.durationSec} s at ${result.rateHz} Hz, ${result.ticks} ticks`,
    `${''.padEnd(20)}${['p50', 'p99', 'p99.9', 'max'].map((head) => head.padStart(9)).join('')}`,
    quantiles('tick lateness', result.latenessUs),
    quantiles('sensor to command', result.sensorToCommandUs),
    quantiles('command to reply', result.commandToReplyUs),
    quantiles('computing', result.computeUs),
    `later than half a period: ${result.lateTicksPercent} %; missed deadlines: ${result.missedDeadlines}`,
    `frames lost: ${result.lostFrames}, dropped: ${result.droppedFrames}; bytes discarded: ${result.discardedBytes}; cycles not recorded: ${result.unrecordedCycles}`,
    `stops: ${result.stops.length === 0 ? 'none' : result.stops.join(', ')}; telemetry ${result.telemetryHz} Hz`,
    usage('controller', result.controller),
    usage('simulator', result.simulator),
    `heap growth: ${result.heapGrowthKb} kB`,
    '',
  ].join('\n');
}
