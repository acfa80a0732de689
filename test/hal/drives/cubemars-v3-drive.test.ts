import { describe, expect, test } from 'vitest';
import type { DriveProfileOf } from '../../../protocols/drive-profile.ts';
import { bareCubemarsV3 } from '../../../sim/drives/cubemars-v3-drive.ts';
import { frame, hex, i32 } from '../../sim/drives/servo-bench.ts';
import { createLineRig, torqueAfterSilenceNm } from './line-rig.ts';

const ak = (changes: Partial<DriveProfileOf<'cubemars-v3'>> = {}): DriveProfileOf<'cubemars-v3'> => ({ ...bareCubemarsV3(7), ...changes });
const RELEASE = hex(frame(0xaa, 0xbb, [0x47, 0, 0, 0, 0]));
const ASK_ALL = 'AA 01 45 18 61 BB';
const ASK_STATUS = hex(frame(0xaa, 0xbb, [0x13, 0x00, 0x03, 0x80, 0xa3]));
const readings = [
  { statusBytes: 85, positionType: 'float' },
  { statusBytes: 85, positionType: 'microDegrees' },
  { statusBytes: 73, positionType: 'float' },
  { statusBytes: 73, positionType: 'microDegrees' },
] as const;

async function enabled(changes: Partial<DriveProfileOf<'cubemars-v3'>> = {}) {
  const rig = createLineRig([ak(changes)]);
  await rig.enable();
  return rig;
}

describe('what it sends', () => {
  test('a release and a full status first', async () => {
    const rig = createLineRig([ak()], { power: false });
    await rig.ticks(2);
    expect(hex(rig.sent)).toBe(`${RELEASE} ${ASK_ALL}`);
  });

  test('released: a current of 0 and a short status; enabled: the impedance at the joint and the status, 36 bytes', async () => {
    const rig = await enabled({ direction: -1, zeroOffsetDeg: 90 });
    rig.set(0, { positionRad: 0.5, velocityRadPerSec: 0.25, stiffnessNmPerRad: 60, dampingNmsPerRad: 2.5, torqueNm: 1.43 });
    rig.sent.length = 0;
    await rig.tick();
    rig.advance(1_000);
    const positionMilliRad = Math.round(1_000 * -(0.5 - Math.PI / 2));
    expect(hex(rig.sent)).toBe(`${hex(frame(0xaa, 0xbb, [0x60, ...[positionMilliRad, -250, -1_000, 60_000, 2_500].flatMap(i32)]))} ${ASK_STATUS}`);
    expect(rig.protocol.cost).toEqual({ requestBytes: 36, replyBytes: 28 });
    rig.command.enable = false;
    rig.sent.length = 0;
    await rig.tick();
    expect(hex(rig.sent)).toBe(`${RELEASE} ${ASK_STATUS}`);
  });

  test('gains of a current where the profile says so, and never above what it calls stable', async () => {
    const rig = await enabled({ gainUnit: 'amperePerRad', stiffnessMaxNmPerRad: 143 });
    rig.set(0, { stiffnessNmPerRad: 1_000, dampingNmsPerRad: 1.43 });
    rig.sent.length = 0;
    await rig.tick();
    expect(hex(rig.sent.slice(0, 26))).toBe(hex(frame(0xaa, 0xbb, [0x60, ...[0, 0, 0, 100_000, 1_000].flatMap(i32)])));
  });

  test('a command without meaning releases', async () => {
    const rig = await enabled();
    rig.set(0, { positionRad: NaN });
    rig.sent.length = 0;
    await rig.tick();
    expect(hex(rig.sent)).toBe(`${RELEASE} ${ASK_STATUS}`);
    await rig.ticks(3);
    expect(rig.virtual.drives[0]!.energised).toBe(false);
  });
});

describe.each(readings)('with a drive that reads its manual as $statusBytes bytes and $positionType', (reading) => {
  test.each([{ direction: 1 }, { direction: -1 }] as const)('direction $direction: it comes up disabled, obeys an impedance and is released again', async ({ direction }) => {
    const rig = await enabled({ ...reading, direction, zeroOffsetDeg: 30 });
    rig.set(0, { positionRad: 0.3, stiffnessNmPerRad: 60, dampingNmsPerRad: 5 });
    await rig.ticks(500);
    expect(rig.loads[0]!.position).toBeCloseTo(0.3, 2);
    expect(rig.joint().motorPositionRad).toBeCloseTo(0.3, 2);
    expect(rig.link.stats.bytesDiscarded).toBe(0);
    rig.command.enable = false;
    await rig.ticks(3);
    expect([rig.joint().driveState, rig.virtual.drives[0]!.energised]).toEqual(['disabled', false]);
    expect(rig.notices).toEqual([]);
  });

  test.each(readings.filter((other) => other !== reading))('a profile that reads it as $statusBytes bytes and $positionType is refused, saying what to correct', async (other) => {
    const rig = createLineRig([ak(other)], { deviceDrives: [ak(reading)] });
    rig.loads[0]!.position = 0.5;
    rig.loads[0]!.held = true;
    await rig.until(() => rig.drives[0]!.refusal !== null);
    expect(rig.drives[0]!.refusal).toMatch(other.statusBytes === reading.statusBytes ? /positionType/ : /statusBytes/);
    await rig.ticks(10);
    expect(rig.joint().driveState).toBe('absent');
  });
});

test('where the maker’s tool has set a timeout a pause releases it, and it stays so until disarmed and armed again', async () => {
  const rig = await enabled({ watchdog: 'proof' });
  rig.loads[0]!.held = true;
  rig.set(0, { torqueNm: 4 });
  await rig.ticks(20);
  expect(rig.joint().motorTorqueNm).toBeCloseTo(4, 1);
  rig.advance(150_000);
  expect([rig.virtual.drives[0]!.energised, rig.loads[0]!.torqueNm]).toEqual([false, 0]);
  await rig.ticks(2);
  // The first reply after the pause shows it.
  expect(rig.joint().motorTorqueNm).toBeCloseTo(0);
  await rig.ticks(30);
  expect([rig.joint().driveState, rig.virtual.drives[0]!.energised]).toEqual(['disabled', false]);
});

test('where it has none it goes on alone, and is told to release once it is heard again', async () => {
  const rig = await enabled();
  rig.loads[0]!.held = true;
  rig.set(0, { torqueNm: 4 });
  await rig.ticks(20);
  rig.advance(150_000);
  expect(rig.virtual.drives[0]!.energised).toBe(true);
  await rig.ticks(3);
  expect([rig.joint().driveState, rig.virtual.drives[0]!.energised]).toEqual(['disabled', false]);
});

test('a drive that restarts in mid-run is not enabled and does not move', async () => {
  const rig = await enabled();
  rig.set(0, { positionRad: 0.2, stiffnessNmPerRad: 60, dampingNmsPerRad: 3 });
  await rig.ticks(100);
  rig.virtual.drives[0]!.reset(rig.clock.nowUs());
  await rig.until(() => rig.joint().driveState === 'absent');
  await rig.until(() => rig.joint().driveState === 'disabled');
  await rig.ticks(50);
  expect([rig.joint().driveState, rig.loads[0]!.torqueNm]).toEqual(['disabled', 0]);
});

test.each(['ignoresCommands', 'wrongMode'] as const)('a drive whose torque is not that of its impedance (%s) is found within 100 ms', async (fault) => {
  const rig = await enabled();
  rig.loads[0]!.held = true;
  rig.virtual.drives[0]!.faults[fault] = true;
  // A wrong mode goes to the position, the impedance called for pushes away from it.
  rig.set(0, { positionRad: -0.01, torqueNm: 10 });
  const sinceUs = rig.clock.nowUs();
  await rig.until(() => rig.joint().driveState === 'disabled');
  expect(rig.clock.nowUs() - sinceUs).toBeLessThan(100_000);
});

// A kick drove an ankle of 8 rad/s to 8.5: what the drive said was called impossible, and its power was cut while it braked.
test.each([[1.9, true], [2.1, false]])('driven by its limb at %f times the speed that it reaches by itself, it is believed: %s', async (times, believed) => {
  const rig = await enabled({ velocityRangeRadPerSec: 4 });
  rig.loads[0]!.velocity = 4 * times;
  await rig.ticks(3);
  expect([rig.joint().motorVelocityRadPerSec > 4, Number.isFinite(rig.joint().motorPositionRad)]).toEqual([believed, believed]);
});

test('another drive is refused by its id, at the start and when it is swapped', async () => {
  const rig = createLineRig([ak()], { deviceDrives: [ak({ address: 8 })] });
  await rig.until(() => rig.drives[0]!.refusal !== null);
  expect(rig.drives[0]!.refusal).toMatch(/id is 8, the profile says 7/);
  const swapped = await enabled();
  swapped.virtual.drives[0]!.faults.wrongIdentity = true;
  await swapped.ticks(5);
  expect([swapped.joint().driveState, swapped.virtual.drives[0]!.energised]).toEqual(['absent', false]);
});

test('a hot drive is a fault with its code', async () => {
  const rig = createLineRig([ak()], { deviceDrives: [ak({ tempWarnC: 25.5, tempLimitC: 26, continuousTorqueNm: 0.05 })] });
  rig.loads[0]!.held = true;
  await rig.enable();
  rig.set(0, { torqueNm: 40 });
  await rig.ticks(10);
  expect(rig.joint()).toMatchObject({ driveState: 'fault', driveErrorCode: 6 });
});

test.each([
  { name: 'about nothing where the maker’s tool has set one', device: ak({ watchdog: 'proof' }), torqueNm: 0 },
  { name: 'the torque still there where it has not', device: ak({ watchdog: 'hubRelay' }), torqueNm: 4 },
])('the proof of a watchdog: after a meant silence the first reply shows $name', async ({ device, torqueNm }) => {
  const rig = createLineRig([ak({ watchdog: 'proof' })], { deviceDrives: [device] });
  expect(await torqueAfterSilenceNm(rig, 4)).toBeCloseTo(torqueNm, 1);
});
