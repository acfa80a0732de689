import { describe, expect, test } from 'vitest';
import { createLineProtocol } from '../../../hal/drives/lines.ts';
import type { LineProtocol } from '../../../hal/drives/drive.ts';
import { emptyJointCommand } from '../../../protocols/joints.ts';
import { emptyInputs } from '../../../protocols/session-log.ts';
import { adapterStyles, type AdapterStyle } from '../../../protocols/wire/slcan.ts';
import { bareCia402 } from '../../../sim/drives/cia402-drive.ts';
import { createVirtualLine } from '../../../sim/drives/lines.ts';
import { bareMit } from '../../../sim/drives/mit-drive.ts';
import { jointWith, TestLoad } from './line-rig.ts';

const LINE_STEP_US = 250;
const PERIOD_US = 4_000;
const profiles = [bareCia402(1), { ...bareMit(2), watchdog: 'proof' as const }];

/** The line's two ends without a wire between them. */
function line(style: AdapterStyle) {
  const joints = profiles.map(jointWith);
  const counters = { framesReceived: 0, bytesDiscarded: 0, checksumErrors: 0, framesRefused: 0 };
  const host: LineProtocol = createLineProtocol({ id: 'line', protocol: 'slcan', baud: 921_600 }, joints, counters);
  const loads = profiles.map(() => new TestLoad());
  let nowUs = 0;
  const virtual = createVirtualLine({ id: 'line', protocol: 'slcan', baud: 921_600, adapter: style }, joints.map(({ drive }, i) => ({ drive, joint: loads[i]! })), (bytes) => host.push(bytes, nowUs));
  for (const drive of virtual.drives) drive.setPower(true, 0);
  const inputs = emptyInputs(joints.length, 1);
  const out = new Uint8Array(4_096);
  const say = (end: number): string => {
    const bytes = out.slice(0, end);
    virtual.device.receive(bytes, nowUs);
    return String.fromCharCode(...bytes);
  };
  const run = (durationUs: number): void => {
    for (const end = nowUs + durationUs; nowUs < end; ) {
      nowUs += LINE_STEP_US;
      virtual.device.step(nowUs);
      if (nowUs % 1_000 === 0) for (const drive of virtual.drives) drive.step(nowUs, 0.001);
    }
  };
  const cycle = (enable: boolean): string => {
    run(PERIOD_US);
    for (const drive of host.drives) drive.command(enable, { ...emptyJointCommand(), torqueNm: 2 }, nowUs);
    host.beginCycle(nowUs);
    let end = 0;
    for (let next = host.encode(nowUs, out, end); next !== end; next = host.encode(nowUs, out, end)) end = next;
    const said = say(end);
    for (const drive of host.drives) drive.onSent(nowUs);
    host.drives.forEach((drive, i) => drive.read(inputs.joints[i]!, nowUs));
    return said;
  };
  host.onOpen(0);
  const opening = say(host.encodeOpening(out, 0));
  return { virtual, counters, inputs, cycle, run, opening, farewell: () => say(host.encodeFarewell(out, 0)) };
}

describe.each(adapterStyles)('behind an adapter of the %s kind', (style) => {
  test('drives of both CAN protocols come up, are enabled, and a farewell releases them', () => {
    const { cycle, run, virtual, inputs, farewell, counters } = line(style);
    for (let i = 0; i < 400; i++) cycle(false);
    expect(inputs.joints.map((joint) => joint.driveState)).toEqual(['disabled', 'disabled']);
    for (let i = 0; i < 50; i++) cycle(true);
    expect(inputs.joints.map((joint) => joint.driveState)).toEqual(['enabled', 'enabled']);
    expect(virtual.drives.map((drive) => drive.energised)).toEqual([true, true]);
    expect(farewell()).toBe('t60182B40600000000000\rt0028FFFFFFFFFFFFFFFD\r');
    run(2_000);
    expect(virtual.drives.map((drive) => drive.energised)).toEqual([false, false]);
    expect(counters.bytesDiscarded).toBe(0);
  });
});

describe('the line', () => {
  test('opens at 1 Mbit/s, after ending what an earlier host may have left half said', () => {
    expect(line('lawicel').opening).toBe('\rC\rS8\rO\r');
  });

  test('ends what may be left of a line when nobody has answered for more than a cycle', () => {
    const { cycle, run } = line('lawicel');
    for (let i = 0; i < 400; i++) cycle(false);
    run(PERIOD_US);
    expect(cycle(false)).toMatch(/^\r\r\r\rt0800\r/);
    expect(cycle(false)).toMatch(/^t0800\r/);
  });

  test('each cycle begins with SYNC and the heartbeat, then one frame of each drive', () => {
    const { cycle } = line('lawicel');
    for (let i = 0; i < 400; i++) cycle(false);
    expect(cycle(false)).toBe('t0800\rt77F105\rt201400000000\rt0028FFFFFFFFFFFFFFFD\r');
  });

  test('has no SYNC where no drive wants one', () => {
    const counters = { framesReceived: 0, bytesDiscarded: 0, checksumErrors: 0, framesRefused: 0 };
    const mit = createLineProtocol({ id: 'line', protocol: 'slcan', baud: 921_600 }, [jointWith(profiles[1]!)], counters);
    const both = createLineProtocol({ id: 'line', protocol: 'slcan', baud: 921_600 }, profiles.map(jointWith), counters);
    expect([mit.cost.requestBytes, both.cost.requestBytes]).toEqual([22, 22 + 14 + 6 + 8]);
    mit.onOpen(0);
    mit.beginCycle(0);
    const out = new Uint8Array(64);
    expect(mit.encode(0, out, 0)).toBe(0);
  });

  test('opens the adapter again when no drive has been heard for half a second', () => {
    const { cycle, virtual } = line('lawicel');
    for (let i = 0; i < 400; i++) cycle(false);
    virtual.device.unplugged();
    const said = Array.from({ length: 130 }, () => cycle(false));
    const again = said.findIndex((text) => text.includes('\rC\rS8\rO\r'));
    expect(again).toBeGreaterThan(120);
    for (let i = 0; i < 5; i++) said.push(cycle(false));
    expect(said.slice(again + 1).some((text) => text.includes('\rC\rS8\rO\r'))).toBe(false);
  });
});
