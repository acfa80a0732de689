/** The host's MIT drives against virtual ones of each version, and byte for byte. */
import { describe, expect, test } from 'vitest';
import type { MitDriveProfile } from '../../../protocols/drive-profile.ts';
import { bareAkV3 } from '../../../sim/drives/ak-v3-drive.ts';
import { bareMit } from '../../../sim/drives/mit-drive.ts';
import { createLineRig } from './line-rig.ts';

type Rig = ReturnType<typeof createLineRig>;

const classic: MitDriveProfile = { ...bareMit(1), watchdog: 'proof' };
const third: MitDriveProfile = { ...bareAkV3(1), watchdog: 'proof', peakTorqueNm: 12 };
const versions: readonly (readonly [string, MitDriveProfile])[] = [
  ['second version', classic],
  ['manual scaling', { ...classic, scaling: '2^n' }],
  ['6-byte replies', { ...classic, reply: 'short' }],
  ['mini-cheetah', { ...classic, reply: 'busVoltage' }],
  ['third version', third],
  ['third version, uploads slower than the loop', { ...third, v3: { ...third.v3!, uploadHz: 100 } }],
];

const lines = (sent: number[]): string[] => String.fromCharCode(...sent).split('\r').slice(0, -1);

async function nextLines(rig: Rig): Promise<string[]> {
  rig.sent.length = 0;
  await rig.ticks(1);
  return lines(rig.sent);
}

describe.each(versions)('%s', (_name, drive) => {
  test('comes up disabled, obeys an impedance, is released, and nothing is refused or doubled', async () => {
    const rig = createLineRig([drive], { baud: 2_000_000 });
    await rig.enable();
    rig.set(0, { positionRad: 0.3, stiffnessNmPerRad: 60, dampingNmsPerRad: 5 });
    await rig.ticks(800);
    expect(rig.joint().motorPositionRad).toBeCloseTo(0.3, 2);
    expect(rig.loads[0]!.position).toBeCloseTo(0.3, 2);
    rig.command.enable = false;
    await rig.ticks(10);
    expect(rig.joint().driveState).toBe('disabled');
    expect(rig.virtual.drives[0]!.energised).toBe(false);
    expect(rig.notices).toEqual([]);
    expect(rig.drives[0]!.statistics.refused).toBe(0);
  });

  test('lets go when it is left alone for longer than its watchdog, and stays so until disarmed and armed', async () => {
    const rig = createLineRig([drive], { baud: 2_000_000 });
    await rig.enable();
    rig.loads[0]!.held = true;
    rig.set(0, { torqueNm: 5 });
    await rig.ticks(10);
    expect(rig.loads[0]!.torqueNm).toBeCloseTo(5, 1);
    rig.advance(130_000);
    expect(rig.loads[0]!.torqueNm).toBe(0);
    await rig.ticks(20);
    expect(rig.virtual.drives[0]!.energised).toBe(false);
    expect(rig.joint().driveState).toBe('disabled');
  });

  test('after a reset it does not move by itself', async () => {
    const rig = createLineRig([drive], { baud: 2_000_000 });
    await rig.enable();
    rig.set(0, { torqueNm: 2 });
    await rig.ticks(5);
    rig.virtual.drives[0]!.reset(rig.clock.nowUs());
    await rig.ticks(100);
    expect([rig.virtual.drives[0]!.energised, rig.joint().driveState]).toEqual([false, 'disabled']);
  });
});

test('the frames of the second version: exit as a poll, enter, then set-points (TMotorCANControl, bgkatz/motorcontrol)', async () => {
  const rig = createLineRig([{ ...classic, scaling: '2^n' }]);
  await rig.until(() => rig.joint().driveState === 'disabled');
  expect(await nextLines(rig)).toEqual(['t0018FFFFFFFFFFFFFFFD']);
  rig.command.enable = true;
  expect(await nextLines(rig)).toEqual(['t0018FFFFFFFFFFFFFFFC']);
  await rig.until(() => rig.joint().driveState === 'enabled');
  rig.set(0, { positionRad: 0.3, stiffnessNmPerRad: 10, dampingNmsPerRad: 0.5 });
  expect(await nextLines(rig)).toEqual(['t00188312800051199800']);
  rig.set(0, { torqueNm: NaN });
  expect(await nextLines(rig)).toEqual(['t0018FFFFFFFFFFFFFFFD']);
  expect(rig.joint().driveState).not.toBe('fault');
});

test('the frames of the third version: 0 A while released, then set-points of 29 bits in its layout', async () => {
  const rig = createLineRig([{ ...third, address: 0x68, velocityRangeRadPerSec: 50, torqueRangeNm: 65, positionRangeRad: 12.5 }], { baud: 2_000_000 });
  await rig.until(() => rig.joint().driveState === 'disabled');
  expect(await nextLines(rig)).toEqual(['T00000168400000000']);
  rig.command.enable = true;
  expect(await nextLines(rig)).toEqual(['T0000086880000007FFF7FF7FF']);
  await rig.until(() => rig.joint().driveState === 'enabled');
  rig.set(0, { velocityRadPerSec: 6, dampingNmsPerRad: 2 });
  // Manual V3.0.1, section 4.2
  expect(await nextLines(rig)).toEqual(['T0000086880006667FFF8F57FF']);
});

test('an upload that the drive cannot mean is refused and counted, and told as none', async () => {
  const rig = createLineRig([third], { baud: 2_000_000 });
  await rig.enable();
  const before = rig.joint().motorPositionRad;
  rig.loads[0]!.position = 20;
  await rig.ticks(10);
  expect(rig.joint().motorPositionRad).toBeNaN();
  expect(rig.joint().driveAgeUs).toBeGreaterThan(30_000);
  expect(rig.drives[0]!.statistics.refused).toBeGreaterThan(10);
  rig.loads[0]!.position = before;
  await rig.ticks(10);
  expect(rig.joint().motorPositionRad).toBeCloseTo(before, 2);
});

test('two third-version drives with one address are told by their uploads', async () => {
  const rig = createLineRig([third], { baud: 2_000_000, deviceDrives: [third, third] });
  await rig.ticks(600);
  expect(rig.notices.map(({ code }) => code)).toContain('driveDoubled');
});
