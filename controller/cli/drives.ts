/** `dari drives`: connects a robot disarmed and shows what each drive tells of itself, and how well it is heard. */
import { systemClock, systemScheduler } from '../../hal/clock.ts';
import { createDriveRobotIo } from '../../hal/drive-robot-io.ts';
import { startMetronome } from '../../hal/metronome.ts';
import type { Notice } from '../../hal/notice.ts';
import { transportAt } from '../../hal/transport/at-address.ts';
import { recordRobot, type RobotRecording } from '../../hal/transport/recording.ts';
import { DariError } from '../../protocols/errors.ts';
import type { RobotProfile } from '../../protocols/profile.ts';
import { US_PER_S } from '../../protocols/units.ts';
import { integerOption } from './arguments.ts';
import { MonitorInProcess } from '../robot/monitor-in-process.ts';
import type { Command } from './command.ts';
import { bytesFolder } from './data-folder.ts';
import { DriveWatch, robotIsWell, type DriveReport, type LinkReport, type RobotReport } from './drive-report.ts';
import { programUrl } from './install.ts';
import { DEFAULT_PROFILE, loadProfile } from './profiles.ts';
import { robotPorts } from './robot-ports.ts';

const DEFAULT_SECONDS = 3;
const LONGEST_SECONDS = 86_400;
const WATCH_EVERY_MS = 1_000;
const CLEAR_SCREEN = '\u001B[2J\u001B[H';

export const drivesCommand: Command = {
  name: 'drives',
  summary: 'Connects a robot disarmed and shows each drive: who it is, its watchdog, how well it is heard. No motor moves.',
  usage: 'drives [--profile P] (--ports FILE | --sim) [--seconds N] [--watch] [--record-bytes DIR] [--json]',
  options: [
    { name: 'profile', value: 'P', help: `robot profile, a name or a .json file (${DEFAULT_PROFILE})` },
    { name: 'ports', value: 'FILE', help: 'JSON file that gives each link of the profile its port; made by: dari ports --profile P' },
    { name: 'sim', help: 'the virtual robot instead' },
    { name: 'seconds', value: 'N', help: `how long to look (${DEFAULT_SECONDS}; with --watch until Ctrl-C)` },
    { name: 'watch', help: 'show it again every second' },
    { name: 'record-bytes', value: 'DIR', help: 'write down every byte of every port, to send with a report of trouble' },
    { name: 'json', help: 'one JSON line per report, for programs' },
  ],
  positionals: 0,
  async run(args) {
    const { profile, path: profilePath } = loadProfile(args.options.get('profile'));
    const json = args.options.has('json');
    const watch = args.options.has('watch');
    const lastsMs = 1_000 * integerOption(args, 'seconds', watch ? LONGEST_SECONDS : DEFAULT_SECONDS, 1, LONGEST_SECONDS);
    const robot = await robotPorts(args, profile, profilePath);
    try {
      const last = await look(profile, robot.ports, args.options.get('record-bytes'), { lastsMs, everyMs: watch ? WATCH_EVERY_MS : lastsMs }, (report) => {
        if (json) process.stdout.write(`${JSON.stringify(report)}\n`);
        else process.stdout.write(`${watch && process.stdout.isTTY ? CLEAR_SCREEN : ''}${describeRobot(report)}\n`);
      });
      return robotIsWell(last) ? 0 : 1;
    } finally {
      await robot.close();
    }
  },
};

async function look(profile: RobotProfile, ports: ReadonlyMap<string, string>, folder: string | undefined, times: { lastsMs: number; everyMs: number }, show: (report: RobotReport) => void): Promise<RobotReport> {
  const baudOf = new Map(profile.links.map((link) => [link.id, link.baud]));
  const factories = new Map([...ports].map(([id, address]) => [id, transportAt(address, baudOf.get(id) ?? 0)]));
  const complain = (error: DariError): void => void process.stderr.write(`${String(error)}\n`);
  const recording: RobotRecording =
    folder === undefined
      ? { factories, close: async () => {} }
      : await recordRobot({ profile, factories, folder: bytesFolder(folder), startedAt: new Date().toISOString(), clock: systemClock, scheduler: systemScheduler, onTrouble: complain });
  let onNotice: (notice: Notice) => void = () => {};
  const io = createDriveRobotIo({ profile, factories: recording.factories, clock: systemClock, scheduler: systemScheduler, onNotice: (notice) => onNotice(notice), guard: new MonitorInProcess(profile) });
  const drives = new DriveWatch(profile, io, ports);
  onNotice = (notice) => drives.notice(notice);
  io.start();
  const metronome = startMetronome({ periodUs: US_PER_S / profile.controlRateHz, workerUrl: programUrl('metronome'), onTick: (_scheduledUs, latenessUs) => drives.tick(systemClock.nowUs(), latenessUs) });
  try {
    for await (const _ of pauses(times)) show(drives.report(systemClock.nowUs()));
    const last = drives.report(systemClock.nowUs());
    show(last);
    return last;
  } finally {
    await metronome.stop();
    await io.close();
    await recording.close();
  }
}

/** One step after each pause but the last; a signal to stop ends them early. */
async function* pauses({ lastsMs, everyMs }: { lastsMs: number; everyMs: number }): AsyncGenerator<void> {
  const stopped = new AbortController();
  const stop = (): void => stopped.abort();
  for (const signal of STOP_SIGNALS) process.once(signal, stop);
  try {
    for (let leftMs = lastsMs; leftMs > 0; leftMs -= everyMs) {
      await new Promise<void>((resolve) => {
        systemScheduler.after(Math.min(everyMs, leftMs), resolve);
        stopped.signal.addEventListener('abort', () => resolve());
      });
      if (stopped.signal.aborted) return;
      if (leftMs > everyMs) yield;
    }
  } finally {
    for (const signal of STOP_SIGNALS) process.off(signal, stop);
  }
}

const STOP_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export function describeRobot(report: RobotReport): string {
  const lines = report.links.flatMap((link) => [describeLink(link, report.controlRateHz), ...report.drives.filter((drive) => drive.link === link.link).flatMap(describeDrive), ...describeHub(report, link.link)]);
  return [`${report.profile}, ${report.seconds.toFixed(1)} s at ${report.controlRateHz} Hz, disarmed`, ...lines].join('\n');
}

function describeLink(link: LinkReport, controlRateHz: number): string {
  const wire = `${(link.measured * 100).toFixed(0)} % of the wire used, ${(link.utilisation * 100).toFixed(0)} % planned at ${controlRateHz} Hz, at most ${Math.floor(link.highestHz)} Hz`;
  const counts = `${link.checksumErrors} checksum errors, ${link.bytesDiscarded} bytes discarded, ${link.framesRefused} frames not taken`;
  const head = `${link.link}  ${link.protocol}  ${link.port}  ${link.baud} baud  ${link.up ? 'open' : 'not open'}`;
  return [head, `    ${wire}; ${counts}`, ...(link.trouble === null ? [] : [`    ! ${link.trouble}`])].join('\n');
}

function describeDrive(drive: DriveReport): string[] {
  const { identity, roundTripMs } = drive;
  const who = identity === null ? 'does not say who it is' : [identity.model, identity.firmware, identity.serialNumber].filter((part) => part !== '').join(', ');
  const heard = drive.ageMs === null ? 'not heard' : `${drive.hz.toFixed(0)} Hz, age ${drive.ageMs.toFixed(1)} ms`;
  const trip = roundTripMs === null ? '' : `, round trip ${roundTripMs.p50.toFixed(2)} ms (at most ${roundTripMs.max.toFixed(2)})`;
  const rows = [
    `  ${drive.name}: ${drive.model}, address ${drive.address}, ${drive.state}${drive.errorCode === 0 ? '' : ` (error ${drive.errorCode})`}; ${who}`,
    `    watchdog ${drive.watchdogMs} ms (${WATCHDOG_WORDS[drive.watchdog] ?? drive.watchdog}); ${heard}${trip}; ${drive.retries} retries, ${drive.refused} refused`,
  ];
  return drive.refusal === null ? rows : [...rows, `    ! Not used: ${drive.refusal}`];
}

const WATCHDOG_WORDS: Readonly<Record<string, string>> = { readBack: 'set and read back', proof: 'to be proven before fitting', hubRelay: "the hub's enable relay" };

function describeHub(report: RobotReport, link: string): string[] {
  return report.hubs
    .filter((hub) => hub.link === link)
    .map((hub) => {
      const who = hub.firmware === null ? 'has not said who it is' : `firmware ${hub.firmware}, calibration ${hub.calibration ?? ''}`;
      return `  Sensor hub: ${who}; ${hub.ageMs === null ? 'not heard' : `age ${hub.ageMs.toFixed(1)} ms`}; E-stop line ${hub.estopClosed ? 'closed' : 'open'}, drives ${hub.enableRelayClosed ? 'have power' : 'have no power'}`;
    });
}
