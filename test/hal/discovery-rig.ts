/** A port of virtual time with a virtual device at its end, which hears only who speaks at its own baud rate. */
import { ManualClock, ManualScheduler } from '../../hal/clock.ts';
import { identifyPort } from '../../hal/discovery.ts';
import type { AddressHints, PortAnswer } from '../../hal/identify/inquiry.ts';
import { createMemoryLink } from '../../hal/transport/memory.ts';
import type { ByteTransport } from '../../hal/transport/transport.ts';
import type { DriveProfile, LinkProtocol } from '../../protocols/drive-profile.ts';
import { linkProtocolOf } from '../../protocols/drive-profile.ts';
import type { SendBytes, VirtualDevice, VirtualDrive } from '../../sim/drives/device.ts';
import { createVirtualLine } from '../../sim/drives/lines.ts';
import { PacedLine } from '../../sim/pacing.ts';
import { TestLoad } from './drives/line-rig.ts';

const LINE_STEP_US = 250;
const BOOT_US = 3_000_000;
const LONGEST_US = 60_000_000;

export interface Bench {
  readonly answer: PortAnswer | null;
  /** Virtual time that the questions took. */
  readonly tookMs: number;
  readonly drives: readonly VirtualDrive[];
  readonly loads: readonly TestLoad[];
  /** What was sent, by baud rate. */
  readonly sent: ReadonlyMap<number, readonly number[]>;
}

interface Place {
  readonly baud: number;
  readonly device: (send: SendBytes) => { readonly device: VirtualDevice; readonly drives: readonly VirtualDrive[] };
  readonly loads?: readonly TestLoad[];
}

export function driveBench(drives: readonly DriveProfile[], baud: number): Place {
  const protocol: LinkProtocol = linkProtocolOf(drives[0]!);
  const loads = drives.map(() => new TestLoad());
  return { baud, loads, device: (send) => createVirtualLine({ id: 'line', protocol, baud }, drives.map((drive, i) => ({ drive: { ...drive, link: 'line' }, joint: loads[i]! })), send) };
}

/** Asks at the port, with or without being told the speed; each device boots first. */
export async function ask({ baud, device: create, loads = [] }: Place, options: { baud?: number; hints?: AddressHints; power?: boolean } = {}): Promise<Bench> {
  const clock = new ManualClock(1_000_000);
  const scheduler = new ManualScheduler(clock);
  const memory = createMemoryLink('port');
  const [toHost, toDevice] = [new PacedLine(baud), new PacedLine(baud)];
  const { device, drives } = create((bytes) => toHost.push(bytes, clock.nowUs()));
  const sent = new Map<number, number[]>();
  let speed = 0;
  memory.device.onBytes = (chunk) => {
    sent.set(speed, [...(sent.get(speed) ?? []), ...chunk]);
    if (speed === baud) toDevice.push(chunk, clock.nowUs());
  };
  const advance = (): void => {
    clock.advanceUs(LINE_STEP_US);
    toDevice.release(clock.nowUs(), (chunk) => device.receive(chunk, clock.nowUs()));
    device.step(clock.nowUs());
    if (clock.nowUs() % 1_000 === 0) for (const drive of drives) drive.step(clock.nowUs(), 1e-3);
    toHost.release(clock.nowUs(), (chunk) => {
      if (speed === baud) memory.device.write(chunk);
    });
    scheduler.runDue();
  };
  if (options.power !== false) for (const drive of drives) drive.setPower(true, clock.nowUs());
  for (let us = 0; us < BOOT_US; us += LINE_STEP_US) advance();
  const openAt = (at: number): ByteTransport => {
    speed = at;
    return memory.factory();
  };
  const done: { answer?: PortAnswer | null } = {};
  const startUs = clock.nowUs();
  const asking = identifyPort(openAt, { scheduler, ...(options.baud === undefined ? {} : { baud: options.baud }), ...(options.hints === undefined ? {} : { hints: options.hints }) }).then((found) => (done.answer = found));
  while (done.answer === undefined && clock.nowUs() - startUs < LONGEST_US) {
    for (let i = 0; i < 8; i++) await Promise.resolve();
    advance();
  }
  await asking;
  return { answer: done.answer ?? null, tookMs: (clock.nowUs() - startUs) / 1_000, drives, loads, sent };
}
