/**
 * The process that alone touches the robot:
 * `--profile FILE --ports JSON --parent-fd N [--simulated] [--record-bytes DIR]`.
 * It belongs to the station at the far end of that descriptor and ends, in order, when the pipe does; Ctrl-C reaches the
 * station.
 */
import { randomInt } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { z } from 'zod/mini';
import { systemClock, systemScheduler } from '../../hal/clock.ts';
import { createDriveRobotIo } from '../../hal/drive-robot-io.ts';
import { startMetronome } from '../../hal/metronome.ts';
import type { Notice } from '../../hal/notice.ts';
import { goAhead } from '../../hal/priority.ts';
import { transportAt } from '../../hal/transport/at-address.ts';
import { recordRobot, type RobotRecording } from '../../hal/transport/recording.ts';
import type { TransportFactory } from '../../hal/transport/transport.ts';
import { DariError } from '../../protocols/errors.ts';
import { parseProfile } from '../../protocols/profile-text.ts';
import type { RobotProfile } from '../../protocols/profile.ts';
import { createRandom } from '../../protocols/random.ts';
import { US_PER_S } from '../../protocols/units.ts';
import { inlineCycles } from './inlining.ts';
import { MonitorClient } from './monitor-client.ts';
import { RobotHost } from './robot-host.ts';

/** A stuck disk must not keep the process. */
const RECORDERS_END_MS = 500;
const portsSchema = z.record(z.string(), z.string());

interface Settings {
  readonly profile: RobotProfile;
  readonly factories: ReadonlyMap<string, TransportFactory>;
  readonly parentFd: number;
  readonly simulated: boolean;
  /** Where every byte of every link is written down. */
  readonly bytesFolder: string | undefined;
}

/** @throws DariError when the profile or the ports are wrong */
function readSettings(): Settings {
  const { values } = parseArgs({
    options: { profile: { type: 'string' }, ports: { type: 'string' }, 'parent-fd': { type: 'string' }, simulated: { type: 'boolean' }, 'record-bytes': { type: 'string' } },
  });
  const parentFd = Number(values['parent-fd']);
  if (values.profile === undefined || values.ports === undefined || !Number.isSafeInteger(parentFd) || parentFd < 3)
    throw new DariError('usage', 'The robot process needs --profile FILE, --ports JSON and --parent-fd N. Start it with: dari start');
  const profile = parseProfile(readFileSync(values.profile, 'utf8'), values.profile);
  const ports = portsSchema.parse(JSON.parse(values.ports));
  const factories = new Map<string, TransportFactory>();
  for (const link of profile.links) {
    const port = ports[link.id];
    if (port !== undefined) factories.set(link.id, transportAt(port, link.baud));
  }
  return { profile, factories, parentFd, simulated: values.simulated ?? false, bytesFolder: values['record-bytes'] };
}

const report = (error: unknown): void => {
  const text = error instanceof DariError ? String(error) : error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`${text}\n`);
};

function usage(): { heapUsedBytes: number; rssBytes: number; cpuUs: number } {
  const { heapUsed, rss } = process.memoryUsage();
  const { user, system } = process.cpuUsage();
  return { heapUsedBytes: heapUsed, rssBytes: rss, cpuUs: user + system };
}

async function recordBytes({ profile, factories, bytesFolder }: Settings): Promise<RobotRecording> {
  if (bytesFolder === undefined) return { factories, close: async () => {} };
  return recordRobot({ profile, factories, folder: bytesFolder, startedAt: new Date().toISOString(), clock: systemClock, scheduler: systemScheduler, onTrouble: report });
}

async function startHost(settings: Settings): Promise<RobotHost> {
  const { profile, parentFd, simulated } = settings;
  const recording = await recordBytes(settings);
  let onNotice: (notice: Notice) => void = () => {};
  const guard = new MonitorClient({ profile, workerUrl: new URL('./monitor-thread.js', import.meta.url), onCrash: report });
  const io = createDriveRobotIo({ profile, factories: recording.factories, clock: systemClock, scheduler: systemScheduler, onNotice: (notice) => onNotice(notice), guard });
  const host = new RobotHost({
    profile,
    io,
    parentFd,
    simulated,
    clock: systemClock,
    random: createRandom(randomInt(2 ** 32)),
    scheduler: systemScheduler,
    recorderUrl: new URL('./recorder-thread.js', import.meta.url),
    pipeUrl: new URL('./pipe-thread.js', import.meta.url),
    pid: process.pid,
    usage,
    startTicks: (onTick) =>
      startMetronome({
        periodUs: US_PER_S / profile.controlRateHz,
        workerUrl: new URL('./metronome.js', import.meta.url),
        onTick: (_scheduledUs, latenessUs) => onTick(latenessUs),
      }),
    onEnd: (exitCode) => {
      systemScheduler.after(RECORDERS_END_MS, () => process.exit(exitCode));
      void recording.close().then(() => process.exit(exitCode));
    },
    report,
  });
  onNotice = (notice) => host.notice(notice);
  return host;
}

async function main(): Promise<void> {
  goAhead();
  inlineCycles();
  const host = await startHost(readSettings());
  // The terminal's signals go to its whole group; the station hears them too and decides.
  for (const signal of ['SIGINT', 'SIGHUP'] as const) process.on(signal, () => {});
  process.on('SIGTERM', () => host.shutdown());
  process.on('uncaughtException', (error) => host.fail(error));
  process.on('unhandledRejection', (error) => host.fail(error));
}

main().catch((error: unknown) => {
  report(error);
  process.exit(1);
});
