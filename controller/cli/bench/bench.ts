/** `dari bench`: measures this machine with the real programs, instead of promising figures from another one. */
import { DariError } from '../../../protocols/errors.ts';
import { integerOption } from '../arguments.ts';
import type { Command, CommandArguments } from '../command.ts';
import { programPath, programUrl } from '../install.ts';
import { DEFAULT_PROFILE, loadProfile, THREE_BUSES } from '../profiles.ts';
import { benchAssist } from './assist-bench.ts';
import { benchBiofeedback } from './biofeedback-bench.ts';
import { benchBuses, requireThatItFits, type BusesBenchResult, type BusesPhase } from './buses-bench.ts';
import { benchCodecs, type CodecsBenchResult } from './codecs-bench.ts';
import { benchLoop, type LoopBenchResult } from './loop-bench.ts';
import { benchGait } from './gait-bench.ts';
import { benchPhysics } from './physics-bench.ts';
import { describeReached, type Reached } from './reached.ts';
import { benchSafety, type SafetyBenchResult } from './safety-bench.ts';
import { benchTransparent } from './transparent-bench.ts';

const DEFAULT_BENCH = 'loop';
const DEFAULT_SEC = 60;
const SEC_PER_MIN = 60;

/** For programs and for people. */
interface Measured {
  readonly result: object;
  readonly text: string;
  readonly failed?: boolean;
}

const benches: Readonly<Record<string, (args: CommandArguments) => Promise<Measured>>> = {
  loop: async (args) => {
    const { profile, path: profilePath } = loadProfile(args.options.get('profile'));
    const result = await benchLoop({ profile, profilePath, ...runOptions(args) });
    return { result, text: describeLoop(result) };
  },
  buses: async (args) => {
    const { profile, path: profilePath } = loadProfile(args.options.get('profile') ?? THREE_BUSES);
    requireThatItFits(profile);
    const result = await benchBuses({ profile, profilePath, metronomeUrl: programUrl('metronome'), ...runOptions(args) });
    return { result, text: describeBuses(result) };
  },
  codecs: async () => {
    const result = benchCodecs();
    return { result, text: describeCodecs(result) };
  },
  safety: async (args) => {
    const result = benchSafety(loadProfile(args.options.get('profile')).profile);
    return { result, text: describeSafety(result) };
  },
  physics: async () => barred(await benchPhysics()),
  gait: async () => barred(await benchGait()),
  transparent: async () => barred(await benchTransparent()),
  assist: async (args) => barred(await benchAssist(loadProfile(args.options.get('profile')).profile)),
  biofeedback: async (args) => barred(await benchBiofeedback(loadProfile(args.options.get('profile')).profile)),
};
/** Figures that have bars: the command fails when one is missed. */
const barred = (reached: readonly Reached[]): Measured => ({ result: { reached }, text: describeReached(reached), failed: reached.some(({ met }) => !met) });
const names = Object.keys(benches).join(', ');

export const benchCommand: Command = {
  name: 'bench',
  summary: 'Measures this machine: the control loop against the virtual robot on real pseudo-terminals, drives of several protocols at once, the wire formats, the decisions alone; or, in lock-step, what docs/numbers.md tells.',
  usage: 'bench [--only NAME] [--seconds S | --minutes M] [--profile P] [--seed N] [--json]',
  options: [
    { name: 'only', value: 'NAME', help: `one measurement of: ${names} (${DEFAULT_BENCH})` },
    { name: 'seconds', value: 'S', help: `how long to measure (${DEFAULT_SEC}); for loop and buses` },
    { name: 'minutes', value: 'M', help: 'the same in minutes' },
    { name: 'profile', value: 'P', help: `robot profile, a name or a .json file (${DEFAULT_PROFILE}; for buses one with three protocols)` },
    { name: 'seed', value: 'N', help: 'seed of the simulator (1)' },
    { name: 'json', help: 'one JSON line for programs' },
  ],
  positionals: 0,
  async run(args) {
    const only = args.options.get('only') ?? DEFAULT_BENCH;
    const bench = Object.hasOwn(benches, only) ? benches[only] : undefined;
    if (bench === undefined) throw new DariError('usage', `There is no measurement "${only}". Choose one of: ${names}.`);
    const { result, text, failed = false } = await bench(args);
    process.stdout.write(args.options.has('json') ? `${JSON.stringify(result)}\n` : text);
    return failed ? 1 : 0;
  },
};

function runOptions(args: CommandArguments): { durationSec: number; seed: number; robotProgram: string; simulatorProgram: string } {
  const minutes = integerOption(args, 'minutes', 0);
  const durationSec = minutes > 0 ? minutes * SEC_PER_MIN : integerOption(args, 'seconds', DEFAULT_SEC, 1);
  return { durationSec, seed: integerOption(args, 'seed', 1), robotProgram: programPath('robot-process'), simulatorProgram: programPath('sim-process') };
}

function describeBuses(result: BusesBenchResult): string {
  const links = result.links.map(({ link, protocol, baud, utilisation, highestHz }) => `${link.padEnd(14)}${protocol.padEnd(14)}${baud} baud, ${(100 * utilisation).toFixed(0)} % used, at most ${highestHz} Hz`);
  return [`${result.protocols.join(', ')} at ${result.rateHz} Hz for ${result.durationSec} s: ${result.lostFrames} frames lost, ${result.droppedFrames} dropped, ${result.discardedBytes} bytes discarded`, ...links, ...result.phases.flatMap(describePhase), `stops: ${result.stops.length === 0 ? 'none' : result.stops.join(', ')}; simulator behind real time: p99 ${result.simulatorLag.lagUs.p99} us, worst ${result.simulatorLag.lagUs.max} us`, ''].join('\n');
}

function describePhase(phase: BusesPhase): string[] {
  const { p50, p99, max } = phase.latenessUs;
  const drives = phase.drives.map(({ joint, protocol, requests, unanswered, roundTripUs }) => `  ${joint.padEnd(12)}${protocol.padEnd(14)}${requests} requests, ${unanswered} unanswered; round trip p50 ${roundTripUs.p50} us, p99 ${roundTripUs.p99} us, worst ${roundTripUs.max} us`);
  return [`${phase.phase}: ${phase.durationSec} s, ${phase.heldHz} Hz held, ${phase.missedDeadlines} deadlines missed; ticks late p50 ${p50} us, p99 ${p99} us, worst ${max} us`, ...drives];
}

function describeCodecs({ codecs }: CodecsBenchResult): string {
  const head = `${'protocol'.padEnd(14)}${''.padEnd(8)}${'ns/frame'.padStart(10)}${'frames/s'.padStart(12)}${'bytes/frame'.padStart(13)}\n`;
  const row = (codec: CodecsBenchResult['codecs'][number]): string =>
    `${codec.protocol.padEnd(14)}${codec.direction.padEnd(8)}${String(codec.nsPerFrame).padStart(10)}${String(codec.framesPerSec).padStart(12)}${String(codec.bytesPerFrame).padStart(13)}\n`;
  return head + codecs.map(row).join('');
}

const describeSafety = ({ joints, cycles, stops, cycleUs: { p50, p99, max }, bytesPerCycle }: SafetyBenchResult): string =>
  `${cycles} decisions for ${joints} joints: p50 ${p50} us, p99 ${p99} us, worst ${max} us; ${bytesPerCycle} bytes per cycle; stop: ${stops}\n`;

function describeLoop(result: LoopBenchResult): string {
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
