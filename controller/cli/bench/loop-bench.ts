/** Measures the control loop as it runs for a patient: real processes, real pseudo-terminals, a session being recorded. */
import { z } from 'zod/mini';
import { systemScheduler } from '../../../hal/clock.ts';
import type { LoopStats } from '../../../protocols/messages.ts';
import type { RobotProfile } from '../../../protocols/profile.ts';
import { US_PER_S } from '../../../protocols/units.ts';
import { processUsage, type ProcessUsage } from './process-usage.ts';
import { RobotRig, type RobotRigOptions } from './robot-rig.ts';
import { Walker } from './walker.ts';

export interface LoopBenchOptions extends RobotRigOptions {
  readonly profile: RobotProfile;
  readonly durationSec: number;
}

interface Usage {
  /** Of one core, over the measured time. */
  readonly cpuPercent: number | null;
  readonly rssMb: number | null;
}

export interface LoopBenchResult {
  readonly bench: 'loop';
  readonly durationSec: number;
  readonly rateHz: number;
  readonly ticks: number;
  readonly lateTicksPercent: number;
  readonly missedDeadlines: number;
  readonly latenessUs: Quantiles;
  readonly sensorToCommandUs: Quantiles;
  readonly commandToReplyUs: Quantiles;
  readonly computeUs: Quantiles;
  /** Frames that left and were not answered, or that the hub numbered and nobody received. */
  readonly lostFrames: number;
  /** Commands that a full queue refused: the one before had not left yet. */
  readonly droppedFrames: number;
  readonly discardedBytes: number;
  readonly unrecordedCycles: number;
  readonly stops: readonly string[];
  readonly telemetryHz: number;
  readonly controller: Usage;
  readonly simulator: Usage;
  readonly simulatorLag: SimulatorLag;
  /** Smallest heap in the last third less that in the first: growth, not the saw-tooth between collections. */
  readonly heapGrowthKb: number;
  readonly heapMb: readonly number[];
}

interface Quantiles {
  readonly p50: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
}

/** The simulator's answer to `{"stats":true}`: how far it runs behind real time, and what its ports lost. */
export const simulatorAnswer = z.object({
  stats: z.object({
    lagUs: z.object({ p50: z.number(), p99: z.number(), max: z.number() }),
    skippedUs: z.number(),
    simulatedUs: z.number(),
    lostBytes: z.record(z.string(), z.number()),
  }),
});

export type SimulatorLag = z.infer<typeof simulatorAnswer>['stats'];

/** Compilation and the first collections belong to the start, not to the run. */
const SETTLE_SEC = 3;
const SAMPLE_SEC = 2;

export async function benchLoop(options: LoopBenchOptions): Promise<LoopBenchResult> {
  const rig = await RobotRig.start(options);
  const walker = new Walker(rig, options.profile);
  try {
    await walker.walk();
    await pause(SETTLE_SEC);
    const before = await mark(rig, true);
    const stopsBefore = walker.stops.length;
    const heapMb: number[] = [];
    for (let sec = SAMPLE_SEC; sec < options.durationSec; sec += SAMPLE_SEC) {
      await pause(SAMPLE_SEC);
      heapMb.push(toMb((await stats(rig, false)).heapUsedBytes));
    }
    await pause(options.durationSec - heapMb.length * SAMPLE_SEC);
    const after = await mark(rig, false);
    const line = rig.simulatorLine();
    rig.control({ stats: true });
    const { stats: simulatorLag } = simulatorAnswer.parse(await line);
    return summarize(options.profile, before, after, { stops: walker.stops.slice(stopsBefore), heapMb, simulatorLag });
  } finally {
    walker.end();
    await rig.stop();
  }
}

interface Mark {
  readonly stats: LoopStats;
  readonly telemetryPackets: number;
  readonly controller: ProcessUsage | null;
  readonly simulator: ProcessUsage | null;
}

async function mark(rig: RobotRig, startOver: boolean): Promise<Mark> {
  return {
    stats: await stats(rig, startOver),
    telemetryPackets: rig.telemetryPackets,
    controller: processUsage(rig.robot.pid ?? 0),
    simulator: processUsage(rig.simulator.pid ?? 0),
  };
}

async function stats(rig: RobotRig, startOver: boolean): Promise<LoopStats> {
  const answer = await rig.request({ type: 'stats', startOver });
  if (answer.type !== 'stats') throw new TypeError(`the robot process answered ${answer.type} instead of its figures`);
  return answer.stats;
}

const pause = (sec: number): Promise<void> => new Promise((resolve) => systemScheduler.after(sec * 1_000, resolve));

function summarize(profile: RobotProfile, before: Mark, after: Mark, run: Pick<LoopBenchResult, 'stops' | 'heapMb' | 'simulatorLag'>): LoopBenchResult {
  const { stats } = after;
  const durationSec = stats.durationUs / US_PER_S;
  const sum = (key: 'bytesDiscarded' | 'framesRefused'): number => stats.links.reduce((total, link, l) => total + link[key] - (before.stats.links[l]?.[key] ?? 0), 0);
  return {
    bench: 'loop',
    durationSec: round(durationSec, 1),
    rateHz: profile.controlRateHz,
    ticks: stats.ticks,
    lateTicksPercent: round((100 * stats.lateTicks) / Math.max(1, stats.ticks), 3),
    missedDeadlines: stats.missedTicks,
    latenessUs: short(stats.lateness),
    sensorToCommandUs: short(stats.sensorToCommand),
    commandToReplyUs: short(stats.commandToReply),
    computeUs: short(stats.compute),
    lostFrames: lostFrames(profile, before.stats, stats),
    droppedFrames: sum('framesRefused'),
    discardedBytes: sum('bytesDiscarded'),
    unrecordedCycles: stats.rowsLost - before.stats.rowsLost,
    telemetryHz: round((after.telemetryPackets - before.telemetryPackets) / durationSec, 1),
    controller: usageBetween(before.controller, after.controller, durationSec),
    simulator: usageBetween(before.simulator, after.simulator, durationSec),
    heapGrowthKb: heapGrowthKb(run.heapMb),
    ...run,
  };
}

/** Every command to a drive is answered by one frame; one cycle of them may be on its way at either end. */
function lostFrames(profile: RobotProfile, before: LoopStats, after: LoopStats): number {
  return profile.links.reduce((total, link, l) => {
    const [from, to] = [before.links[l], after.links[l]];
    if (from === undefined || to === undefined) return total;
    const received = to.framesReceived - from.framesReceived;
    const drives = profile.joints.filter((joint) => joint.drive.link === link.id).length;
    const lost = link.id === profile.hub.link ? after.hubSequence - before.hubSequence - received : to.framesSent - from.framesSent - received;
    return total + Math.max(0, lost - drives);
  }, 0);
}

function usageBetween(before: ProcessUsage | null, after: ProcessUsage | null, durationSec: number): Usage {
  if (before === null || after === null) return { cpuPercent: null, rssMb: null };
  return { cpuPercent: round((100 * (after.cpuSec - before.cpuSec)) / durationSec, 1), rssMb: toMb(after.rssBytes) };
}

function heapGrowthKb(heapMb: readonly number[]): number {
  const third = Math.max(1, Math.floor(heapMb.length / 3));
  if (heapMb.length < 2) return 0;
  return Math.round(1_000 * (Math.min(...heapMb.slice(-third)) - Math.min(...heapMb.slice(0, third))));
}

const short = ({ p50Us, p99Us, p999Us, maxUs }: LoopStats['lateness']): Quantiles => ({ p50: p50Us, p99: p99Us, p999: p999Us, max: maxUs });
const round = (value: number, digits: number): number => Number(value.toFixed(digits));
const toMb = (bytes: number): number => round(bytes / 1e6, 2);
