/**
 * The process that alone touches the robot: `--profile FILE --ports JSON --parent-fd N [--simulated]`. It belongs to
 * the station at the far end of that descriptor and ends, in order, when the pipe does; Ctrl-C reaches the station.
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { z } from 'zod/mini';
import { systemClock, systemScheduler } from '../../hal/clock.ts';
import { createDriveRobotIo } from '../../hal/drive-robot-io.ts';
import { startMetronome } from '../../hal/metronome.ts';
import type { Notice } from '../../hal/notice.ts';
import { goAhead } from '../../hal/priority.ts';
import { serialTransport } from '../../hal/transport/serial.ts';
import type { TransportFactory } from '../../hal/transport/transport.ts';
import { DariError } from '../../protocols/errors.ts';
import { parseProfile } from '../../protocols/profile-text.ts';
import type { RobotProfile } from '../../protocols/profile.ts';
import { US_PER_S } from '../../protocols/units.ts';
import { RobotHost } from './robot-host.ts';

const portsSchema = z.record(z.string(), z.string());

interface Settings {
  readonly profile: RobotProfile;
  readonly factories: ReadonlyMap<string, TransportFactory>;
  readonly parentFd: number;
  readonly simulated: boolean;
}

/** @throws DariError when the profile or the ports are wrong */
function readSettings(): Settings {
  const { values } = parseArgs({
    options: { profile: { type: 'string' }, ports: { type: 'string' }, 'parent-fd': { type: 'string' }, simulated: { type: 'boolean' } },
  });
  const parentFd = Number(values['parent-fd']);
  if (values.profile === undefined || values.ports === undefined || !Number.isSafeInteger(parentFd) || parentFd < 3)
    throw new DariError('usage', 'The robot process needs --profile FILE, --ports JSON and --parent-fd N. Start it with: dari start');
  const profile = parseProfile(readFileSync(values.profile, 'utf8'), values.profile);
  const paths = portsSchema.parse(JSON.parse(values.ports));
  const factories = new Map<string, TransportFactory>();
  for (const link of profile.links) {
    const path = paths[link.id];
    if (path !== undefined) factories.set(link.id, () => serialTransport(path, link.baud));
  }
  return { profile, factories, parentFd, simulated: values.simulated ?? false };
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

function startHost({ profile, factories, parentFd, simulated }: Settings): RobotHost {
  let onNotice: (notice: Notice) => void = () => {};
  const io = createDriveRobotIo({ profile, factories, clock: systemClock, scheduler: systemScheduler, onNotice: (notice) => onNotice(notice) });
  const host = new RobotHost({
    profile,
    io,
    parentFd,
    simulated,
    clock: systemClock,
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
    onEnd: (exitCode) => process.exit(exitCode),
    report,
  });
  onNotice = (notice) => host.notice(notice);
  return host;
}

function main(): void {
  goAhead();
  const host = startHost(readSettings());
  // The terminal's signals go to its whole group; the station hears them too and decides.
  for (const signal of ['SIGINT', 'SIGHUP'] as const) process.on(signal, () => {});
  process.on('SIGTERM', () => host.shutdown());
  process.on('uncaughtException', (error) => host.fail(error));
  process.on('unhandledRejection', (error) => host.fail(error));
}

try {
  main();
} catch (error) {
  report(error);
  process.exit(1);
}
