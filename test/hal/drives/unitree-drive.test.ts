import { describe, expect, it } from 'vitest';
import { bareUnitree, UNITREE_BOOT_US } from '../../../sim/drives/unitree-drive.ts';
import { decodeUnitreeCommand, emptyUnitreeCommand, emptyUnitreeReply, encodeUnitreeReply, type UnitreeReply } from '../../../protocols/wire/unitree.ts';
import { createLineRig } from './line-rig.ts';

const BAUD = 4_000_000;
const GEAR = 6.33;
const hex = (data: readonly number[]): string => data.map((byte) => byte.toString(16).padStart(2, '0').toUpperCase()).join(' ');
const rigOf = (...ids: number[]) => createLineRig(ids.map(bareUnitree), { baud: BAUD });

const answer = (values: Partial<UnitreeReply>): Uint8Array => {
  const out = new Uint8Array(16);
  encodeUnitreeReply({ ...emptyUnitreeReply(), ...values }, out, 0);
  return out;
};

describe('a line of GO-M8010-6', () => {
  it('polls a released motor by a lock without gains, byte for byte', async () => {
    const rig = rigOf(1);
    await rig.ticks(3);
    expect(hex(rig.sent.slice(0, 17))).toBe('FE EE 01 00 00 00 00 00 00 00 00 00 00 00 00 C8 26');
  });

  it('enables two motors, and carries the impedance to the rotor', async () => {
    const rig = rigOf(0, 3);
    await rig.enable();
    rig.set(1, { positionRad: 0.4, stiffnessNmPerRad: 80, dampingNmsPerRad: 6, torqueNm: 1 });
    rig.sent.length = 0;
    await rig.ticks(4);
    const frames = Array.from({ length: Math.floor(rig.sent.length / 17) }, (_, i) => Uint8Array.from(rig.sent.slice(17 * i, 17 * i + 17)));
    const command = emptyUnitreeCommand();
    const mine = frames.findLast((frame) => decodeUnitreeCommand(frame, command) && command.id === 3)!;
    expect(decodeUnitreeCommand(mine, command)).toBe(true);
    expect(command.status).toBe(1);
    expect(command.positionRad).toBeCloseTo(0.4 * GEAR, 3);
    expect(command.stiffnessNmPerRad).toBeCloseTo(80 / GEAR ** 2, 2);
    expect(command.dampingNmsPerRad).toBeCloseTo(6 / GEAR ** 2, 2);
    expect(command.torqueNm).toBeCloseTo(1 / GEAR, 2);
    await rig.ticks(750);
    expect(rig.joint(1).motorPositionRad).toBeCloseTo(0.4 + 1 / 80, 2);
    expect(rig.loads[0]!.position).toBeCloseTo(0, 2);
    expect(rig.link.stats.bytesDiscarded).toBe(0);
  });

  it('has one command on the wire at a time, and asks every motor in every cycle', async () => {
    const rig = rigOf(0, 1, 2, 3);
    await rig.enable();
    const before = rig.drives.map((drive) => drive.statistics.replies);
    const retries = rig.drives.map((drive) => drive.statistics.retries);
    await rig.ticks(100);
    rig.drives.forEach((drive, i) => expect(drive.statistics.replies - before[i]!).toBeGreaterThanOrEqual(99));
    expect(rig.drives.map((drive) => drive.statistics.retries)).toEqual(retries);
  });

  it('goes on with the others when one is missing', async () => {
    const rig = createLineRig([bareUnitree(0), bareUnitree(1)], { baud: BAUD, deviceDrives: [bareUnitree(0), bareUnitree(9)] });
    await rig.until(() => rig.joint(0).driveState === 'disabled');
    await rig.ticks(100);
    expect(rig.joint(1).driveState).toBe('absent');
    expect(rig.joint(0).driveAgeUs).toBeLessThan(30_000);
  });

  it('shows a motor that was reset in mid-run as not enabled, and does not start it again by itself', async () => {
    const rig = rigOf(1);
    await rig.enable();
    rig.set(0, { torqueNm: 2 });
    rig.virtual.drives[0]!.reset(rig.clock.nowUs());
    await rig.ticks(Math.ceil(UNITREE_BOOT_US / 4_000) + 50);
    expect(rig.joint(0).driveState).toBe('disabled');
    expect(rig.virtual.drives[0]!.energised).toBe(false);
    await rig.ticks(100);
    expect(rig.virtual.drives[0]!.energised).toBe(false);
    rig.command.enable = false;
    await rig.ticks(2);
    await rig.enable();
    expect(rig.joint(0).driveState).toBe('enabled');
  });

  it('is not fooled by a motor that stays locked when told otherwise', async () => {
    const rig = rigOf(1);
    await rig.ticks(60);
    rig.virtual.drives[0]!.faults.wrongMode = true;
    rig.command.enable = true;
    await rig.ticks(50);
    expect(rig.joint(0).driveState).toBe('disabled');
  });

  it('refuses what the motor cannot be and tells it as none, until the next answer; one to no question is nothing', async () => {
    const rig = rigOf(1);
    await rig.ticks(60);
    const { statistics } = rig.drives[0]!;
    rig.loads[0]!.held = true;
    rig.loads[0]!.position = 50;
    const { driveSequence } = rig.joint(0);
    await rig.ticks(2);
    expect(rig.joint(0).motorPositionRad).toBeNaN();
    expect(rig.joint(0).driveSequence).toBeGreaterThan(driveSequence);
    rig.loads[0]!.position = 0;
    await rig.ticks(2);
    expect(rig.joint(0).motorPositionRad).toBeCloseTo(0, 2);
    const { refused } = statistics;
    rig.advance(2_000);
    rig.memory.device.write(answer({ id: 1, positionRad: 50 * GEAR }));
    await rig.ticks(1);
    expect(statistics.refused).toBeGreaterThan(refused);
    expect(rig.joint(0).motorPositionRad).toBeCloseTo(0, 2);
  });

  it('tells that two motors have one id', async () => {
    const rig = createLineRig([bareUnitree(1)], { baud: BAUD, deviceDrives: [bareUnitree(1), bareUnitree(1)] });
    await rig.ticks(800);
    expect(rig.notices.map((notice) => notice.code)).toContain('driveDoubled');
  });

  it('shows the motor’s error and temperature', async () => {
    const rig = rigOf(1);
    await rig.enable();
    rig.loads[0]!.held = true;
    rig.set(0, { torqueNm: 23 });
    await rig.until(() => rig.joint(0).driveState === 'fault', 30_000);
    expect(rig.joint(0).driveErrorCode).toBe(1);
    expect(rig.joint(0).driveTempC).toBeGreaterThanOrEqual(89);
    expect(rig.loads[0]!.torqueNm).toBe(0);
  });

  it('releases a motor whose command has no meaning', async () => {
    const rig = rigOf(1);
    await rig.enable();
    rig.set(0, { torqueNm: Number.NaN });
    await rig.ticks(3);
    expect(rig.virtual.drives[0]!.energised).toBe(false);
  });

  it('says farewell to everybody at once, which nobody answers', async () => {
    const rig = rigOf(1, 2);
    await rig.enable();
    const end = rig.sent.length;
    await rig.link.close();
    rig.advance(4_000);
    expect(hex(rig.sent.slice(end, end + 3))).toBe('FE EE 0F');
    expect(rig.virtual.drives.some((drive) => drive.energised)).toBe(false);
  });
});
