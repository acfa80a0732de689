/** `dari doctor`: finds out before the therapist does whether this machine is fit to run a robot. */
import fs from 'node:fs';
import os from 'node:os';
import { systemScheduler } from '../../hal/clock.ts';
import { startMetronome } from '../../hal/metronome.ts';
import { latencyTimers, listPorts } from '../../hal/ports.ts';
import { sessionsAreGroups } from '../../hal/priority.ts';
import { COMFORTABLE_SHARE, planWires, type LinkPlan } from '../../hal/wire-plan.ts';
import type { RobotProfile } from '../../protocols/profile.ts';
import type { Command } from './command.ts';
import { openDataFolder } from './data-folder.ts';
import { programUrl } from './install.ts';
import { DEFAULT_PROFILE, loadProfile } from './profiles.ts';

type Verdict = 'ok' | 'warning' | 'fault';

interface Finding {
  readonly check: string;
  readonly verdict: Verdict;
  readonly detail: string;
}

const MEASURE_MS = 3_000;
const FREE_SPACE_BYTES = 2e9;
/** FTDI chips are delivered with 16 ms. */
const LATENCY_MOST_MS = 2;

export const doctorCommand: Command = {
  name: 'doctor',
  summary: 'Checks whether this machine is fit to run a robot.',
  usage: 'doctor [--profile P] [--data DIR] [--json]',
  options: [
    { name: 'profile', value: 'P', help: `robot profile, a name or a .json file (${DEFAULT_PROFILE})` },
    { name: 'data', value: 'DIR', help: "data folder (the user's)" },
    { name: 'json', help: 'one JSON line for programs' },
  ],
  positionals: 0,
  async run(args) {
    const { profile } = loadProfile(args.options.get('profile'));
    const findings = [checkMachine(), checkScheduler(), checkDisk(openDataFolder(args.options.get('data'))), await checkPorts(), ...(await checkLatency()), ...checkWires(profile), await checkTiming(profile)];
    if (args.options.has('json')) process.stdout.write(`${JSON.stringify({ findings })}\n`);
    else for (const { check, verdict, detail } of findings) process.stdout.write(`${verdict.padEnd(8)} ${check}: ${detail}\n`);
    return findings.some((finding) => finding.verdict === 'fault') ? 1 : 0;
  },
};

function checkMachine(): Finding {
  const cores = os.availableParallelism();
  return {
    check: 'machine',
    verdict: cores >= 2 ? 'ok' : 'fault',
    detail: `Node ${process.versions.node}, ${cores} core(s)${cores >= 2 ? '' : '; the control loop needs a second core beside the station'}`,
  };
}

function checkScheduler(): Finding {
  const groups = sessionsAreGroups();
  return {
    check: 'scheduler',
    verdict: groups ? 'warning' : 'ok',
    detail: groups
      ? 'processors are shared out among sessions first (autogroup), so that a busy browser can hold the robot up for tens of milliseconds; set it with: sudo sysctl kernel.sched_autogroup_enabled=0'
      : 'threads are weighed by their own priority',
  };
}

function checkDisk(folder: string): Finding {
  const { bavail, bsize } = fs.statfsSync(folder);
  const freeBytes = bavail * bsize;
  return {
    check: 'disk',
    verdict: freeBytes > FREE_SPACE_BYTES ? 'ok' : 'fault',
    detail: `${(freeBytes / 1e9).toFixed(1)} GB free in ${folder}${freeBytes > FREE_SPACE_BYTES ? '' : '; free at least 2 GB or choose another folder with --data DIR'}`,
  };
}

async function checkPorts(): Promise<Finding> {
  const ports = await listPorts();
  const closed = ports.filter((port) => !mayOpen(port.path)).map((port) => port.path);
  if (closed.length > 0) return { check: 'ports', verdict: 'warning', detail: `no permission for ${closed.join(', ')}; join the group that owns them (often dialout), then sign in again` };
  return { check: 'ports', verdict: 'ok', detail: ports.length === 0 ? 'no serial port; the simulator needs none' : ports.map((port) => port.path).join(', ') };
}

function mayOpen(path: string): boolean {
  try {
    fs.accessSync(path, fs.constants.R_OK | fs.constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** How much of each wire one control cycle takes, and the highest rate that it could carry. */
function checkWires(profile: RobotProfile): Finding[] {
  const plan = planWires(profile);
  const whole: Finding = {
    check: 'wires',
    verdict: plan.fits ? 'ok' : 'fault',
    detail: plan.fits
      ? `${profile.id} runs at ${profile.controlRateHz} Hz; its wires carry at most ${Math.floor(plan.highestHz)} Hz`
      : `${profile.id} cannot run at ${profile.controlRateHz} Hz: its wires carry at most ${Math.floor(plan.highestHz)} Hz. Lower controlRateHz, raise the baud rate in the drives and the profile, or share the drives among more ports`,
  };
  return [...plan.links.map(checkWire), whole];
}

function checkWire({ link, drives, cost, utilisation, highestHz, rateHz }: LinkPlan): Finding {
  const who = drives === 0 ? 'sensor hub' : drives === 1 ? '1 drive' : `${drives} drives`;
  return {
    check: `wire ${link.id}`,
    verdict: utilisation <= COMFORTABLE_SHARE ? 'ok' : utilisation <= 1 ? 'warning' : 'fault',
    detail: `${who} (${link.protocol}, ${link.baud} baud): ${cost.requestBytes} bytes out and ${cost.replyBytes} in take ${(utilisation * 100).toFixed(0)} % at ${rateHz} Hz; at most ${Math.floor(highestHz)} Hz`,
  };
}

/** A USB chip that waits before it hands on what came in makes every exchange that long. */
async function checkLatency(): Promise<Finding[]> {
  const slow = (await latencyTimers()).filter(({ latencyMs }) => latencyMs > LATENCY_MOST_MS);
  return slow.map(({ device, latencyMs }) => ({
    check: `latency ${device}`,
    verdict: 'warning',
    detail: `the USB chip holds answers back for ${latencyMs} ms; set it with: echo 1 | sudo tee /sys/bus/usb-serial/devices/${device}/latency_timer`,
  }));
}

async function checkTiming(profile: RobotProfile): Promise<Finding> {
  const periodUs = 1e6 / profile.controlRateHz;
  const lateness: number[] = [];
  const metronome = startMetronome({ periodUs, workerUrl: programUrl('metronome'), onTick: (_scheduledUs, latenessUs) => lateness.push(latenessUs) });
  await new Promise<void>((resolve) => systemScheduler.after(MEASURE_MS, resolve));
  await metronome.stop();
  const late = lateness.filter((us) => us > periodUs / 2).length / Math.max(1, lateness.length);
  const worstMs = Math.max(...lateness) / 1_000;
  return {
    check: 'timing',
    verdict: lateness.length === 0 ? 'fault' : late < 0.005 ? 'ok' : late < 0.05 ? 'warning' : 'fault',
    detail: `${lateness.length} ticks at ${profile.controlRateHz} Hz, ${(late * 100).toFixed(2)} % later than half a period, worst ${worstMs.toFixed(1)} ms${late < 0.005 ? '' : '; close other programs'}`,
  };
}
