import { describe, expect, test } from 'vitest';
import { createLineProtocol } from '../../../hal/drives/lines.ts';
import type { DriveProfileOf } from '../../../protocols/drive-profile.ts';
import { bareVesc } from '../../../sim/drives/vesc-drive.ts';
import { bytesOf, frame, hex, i32 } from '../../sim/drives/servo-bench.ts';
import { createLineRig, jointWith, torqueAfterSilenceNm } from './line-rig.ts';

const vesc = (changes: Partial<DriveProfileOf<'vesc'>> = {}): DriveProfileOf<'vesc'> => ({ ...bareVesc(7), watchdogMs: 100, ...changes });
const f32 = (value: number): number[] => [...new Uint8Array(new Float32Array([value]).buffer)].reverse();
const reply = (...payload: number[]): Uint8Array => frame(2, 3, payload);

/** 20 rad/s × gear 9 × 21 pole pairs. */
const ERPM_MAX = (20 * 9 * 21 * 60) / (2 * Math.PI);
const RELEASE = hex(frame(2, 3, [6, 0, 0, 0, 0]));
const ASK_FIRMWARE = '02 01 00 00 00 03';
/** FET and motor temperature, Iq, ERPM, fault, position, id, status. */
const ASK_STATUS = hex(frame(2, 3, [0x32, 0x00, 0x23, 0x80, 0xa3]));
const firmware = (major: number, hardware: string): Uint8Array => reply(0, major, 5, ...Array.from(hardware, (letter) => letter.charCodeAt(0)), 0, ...Array.from({ length: 12 }, (_, i) => i), 0, 0, 1, 0, 0, 0, 0, 0, 0);
const limits = (currentScale: number, erpm: number): Uint8Array => reply(91, ...[currentScale, 1, -erpm, erpm, 0.005, 0.95, -1e6, 1e6, -60, 99].flatMap(f32), 42, ...f32(9), ...f32(0));
const status = (values: { tempC?: number; currentA?: number; erpm?: number; fault?: number; positionDeg?: number; id?: number; status?: number } = {}): Uint8Array => {
  const i16 = (value: number): number[] => i32(value).slice(2);
  const { tempC = 30, currentA = 0, erpm = 0, fault = 0, positionDeg = 0, id = 7, status: bits = 0 } = values;
  return reply(0x32, 0x00, 0x23, 0x80, 0xa3, ...i16(250), ...i16(10 * tempC), ...i32(100 * currentA), ...i32(erpm), fault, ...i32(1e6 * positionDeg), id, bits);
};

/** A host alone with our bytes. */
async function hostAlone(changes: Partial<DriveProfileOf<'vesc'>> = {}) {
  const rig = createLineRig([vesc(changes)], { power: false });
  const say = async (...frames: readonly Uint8Array[]) => {
    for (const bytes of frames) rig.memory.device.write(bytes);
    await rig.tick();
  };
  const setUp = async () => {
    await rig.ticks(2);
    await say(firmware(6, '60_MK6'));
    await say(limits(1, 50_000));
    await say(reply(48));
    await say(limits(1, ERPM_MAX));
  };
  return { ...rig, say, setUp, drive: rig.drives[0]! };
}

describe('what it sends', () => {
  test('first a release and the question who it is, again every 100 ms while nobody answers', async () => {
    const { ticks, sent } = await hostAlone();
    await ticks(2);
    expect(hex(sent)).toBe(`${RELEASE} ${ASK_FIRMWARE}`);
    sent.length = 0;
    await ticks(50);
    expect(hex(sent)).toBe(`${ASK_FIRMWARE} ${ASK_FIRMWARE}`);
  });

  test('then its limits: only the speed is brought down to the profile, not stored, and read back', async () => {
    const { ticks, tick, say, sent, drive } = await hostAlone();
    await ticks(2);
    sent.length = 0;
    await say(firmware(6, '60_MK6'));
    expect(hex(sent)).toBe(hex(frame(2, 3, [91])));
    sent.length = 0;
    await say(limits(0.5, 50_000));
    expect(hex(sent)).toBe(hex(frame(2, 3, [48, 0, 0, 1, 0, ...[0.5, 1, -ERPM_MAX, ERPM_MAX, 0.005, 0.95, -1e6, 1e6, -60, 99].flatMap(f32)])));
    await say(reply(48));
    expect(drive.refusal).toBeNull();
    sent.length = 0;
    await say(limits(0.5, ERPM_MAX));
    await tick();
    expect(hex(sent.slice(0, 20))).toBe(`${RELEASE} ${ASK_STATUS}`);
    expect(drive.identity).toEqual({ model: '60_MK6', firmware: '6.05', serialNumber: '000102030405060708090a0b' });
  });

  test('enabled: a current for the impedance and a status request, 20 bytes a cycle', async () => {
    const rig = await hostAlone({ direction: -1 });
    await rig.setUp();
    for (let i = 0; i < 3; i++) await rig.say(status());
    rig.command.enable = true;
    for (let i = 0; i < 3; i++) await rig.say(status());
    expect(rig.joint().driveState).toBe('enabled');
    rig.set(0, { positionRad: 0.1, stiffnessNmPerRad: 40, dampingNmsPerRad: 1, torqueNm: 2 });
    rig.sent.length = 0;
    await rig.say(status());
    // (40 × 0.1 + 2) Nm ÷ 0.8 Nm/A, the other way round.
    expect(hex(rig.sent)).toBe(`${hex(frame(2, 3, [6, ...i32(-7_500)]))} ${ASK_STATUS}`);
    expect(rig.protocol.cost).toEqual({ requestBytes: 20, replyBytes: 29 });
    rig.set(0, { torqueNm: NaN });
    rig.sent.length = 0;
    await rig.say(status());
    expect(hex(rig.sent)).toBe(`${RELEASE} ${ASK_STATUS}`);
  });

  test('enabled, and with no torque to make: the least current that does not release it', async () => {
    const rig = await hostAlone();
    await rig.setUp();
    for (let i = 0; i < 3; i++) await rig.say(status());
    rig.command.enable = true;
    rig.set(0, { stiffnessNmPerRad: 0, dampingNmsPerRad: 0, torqueNm: 0 });
    for (let i = 0; i < 4; i++) await rig.say(status());
    rig.sent.length = 0;
    await rig.say(status());
    expect(hex(rig.sent)).toBe(`${hex(frame(2, 3, [6, ...i32(50)]))} ${ASK_STATUS}`);
    rig.command.enable = false;
    rig.sent.length = 0;
    await rig.say(status());
    expect(hex(rig.sent)).toBe(`${RELEASE} ${ASK_STATUS}`);
  });
});

describe('what it concludes', () => {
  test('position is that of the nearer half turn, speed and torque are the joint’s', async () => {
    const rig = await hostAlone({ direction: -1, zeroOffsetDeg: 10 });
    await rig.setUp();
    await rig.say(status({ positionDeg: 340, erpm: 1_000, currentA: 5, tempC: 41 }));
    expect(rig.joint()).toMatchObject({ driveState: 'disabled', driveErrorCode: 0, driveTempC: 41, driveSequence: 1 });
    expect(rig.joint().motorPositionRad).toBeCloseTo((30 * Math.PI) / 180);
    expect(rig.joint().motorVelocityRadPerSec).toBeCloseTo((-1_000 * 2 * Math.PI) / 60 / 21 / 9);
    expect(rig.joint().motorTorqueNm).toBeCloseTo(-4);
  });

  test('values that it cannot have are refused and counted, and told as none', async () => {
    const rig = await hostAlone({ positionRangeRad: 1 });
    await rig.setUp();
    await rig.say(status({ positionDeg: 10 }));
    for (const impossible of [{ positionDeg: 90 }, { erpm: 90_000 }, { currentA: 200 }]) {
      await rig.say(status(impossible));
      expect(rig.joint().motorPositionRad).toBeNaN();
    }
    expect(rig.joint().driveSequence).toBe(4);
    await rig.say(status({ tempC: 2_000, fault: 3 }));
    expect(rig.drive.statistics.refused).toBe(4);
    expect(rig.joint()).toMatchObject({ driveErrorCode: 0, driveTempC: 30, driveSequence: 4 });
    expect(rig.joint().motorPositionRad).toBeCloseTo((10 * Math.PI) / 180);
  });

  test('a timed out drive and one behind its kill switch are not enabled, a fault is one with its code', async () => {
    const rig = await hostAlone();
    await rig.setUp();
    for (let i = 0; i < 3; i++) await rig.say(status());
    rig.command.enable = true;
    for (let i = 0; i < 5; i++) await rig.say(status({ status: 1 }));
    expect(rig.joint().driveState).toBe('disabled');
    for (let i = 0; i < 5; i++) await rig.say(status({ status: 2 }));
    expect(rig.joint().driveState).toBe('disabled');
    for (let i = 0; i < 5; i++) await rig.say(status());
    expect(rig.joint().driveState).toBe('enabled');
    await rig.say(status({ fault: 4 }));
    expect(rig.joint()).toMatchObject({ driveState: 'fault', driveErrorCode: 4 });
    for (let i = 0; i < 5; i++) await rig.say(status());
    expect(rig.joint().driveState).toBe('disabled');
  });

  test('a released drive that still makes torque is enabled, whatever it was told', async () => {
    const rig = await hostAlone();
    await rig.setUp();
    for (let i = 0; i < 3; i++) await rig.say(status({ currentA: 10 }));
    expect(rig.joint().driveState).toBe('enabled');
  });
});

describe('what it refuses, with a reason', () => {
  test('another hardware', async () => {
    const { ticks, say, drive, joint, notices, tick, sent } = await hostAlone();
    await ticks(2);
    await say(firmware(6, '75_300'));
    expect(drive.refusal).toMatch(/75_300.*60_MK6.*Connect the right controller/);
    sent.length = 0;
    await ticks(300);
    await tick();
    expect(sent).toEqual([]);
    expect(joint().driveState).toBe('absent');
    expect(notices.map(({ code }) => code)).toContain('driveRefused');
  });

  test.each([
    { name: 'old firmware', answers: [firmware(5, '60_MK6')], reason: /5\.5 is too old.*VESC Tool/ },
    { name: 'firmware that tells no hardware', answers: [reply(0, 3, 40)], reason: null },
    { name: 'a current limit of 0', answers: [firmware(6, '60_MK6'), limits(0, 50_000)], reason: /limits.*VESC Tool/ },
    { name: 'a speed limit that is no number', answers: [firmware(6, '60_MK6'), limits(1, NaN)], reason: /limits.*VESC Tool/ },
    { name: 'a speed limit that was not taken', answers: [firmware(6, '60_MK6'), limits(1, 50_000), reply(48), limits(1, 50_000)], reason: /did not take its speed limit/ },
  ])('$name', async ({ answers, reason }) => {
    const { ticks, say, drive, joint } = await hostAlone();
    await ticks(2);
    for (const answer of answers) await say(answer);
    expect(drive.refusal ?? '').toMatch(reason ?? /^$/);
    expect(joint().driveState).toBe('absent');
  });

  test('another id in the status; it is released and asked no more until the link opens again', async () => {
    const rig = await hostAlone();
    await rig.setUp();
    await rig.say(status({ id: 8 }));
    expect(rig.drive.refusal).toMatch(/id is 8, the profile says 7/);
    rig.sent.length = 0;
    await rig.tick();
    expect(hex(rig.sent)).toBe(RELEASE);
    expect(rig.joint().driveState).toBe('absent');
  });

  test('two drives on one link: its frames carry no address', () => {
    const counters = { framesReceived: 0, bytesDiscarded: 0, checksumErrors: 0, framesRefused: 0 };
    expect(() => createLineProtocol({ id: 'line', protocol: 'vesc', baud: 115_200 }, [vesc(), vesc({ address: 8 })].map(jointWith), counters)).toThrow(/leads to one drive/);
  });
});

describe('with the virtual drive', () => {
  test.each([{ direction: 1 }, { direction: -1 }] as const)('direction $direction: it comes up disabled, obeys an impedance and is released again', async ({ direction }) => {
    const rig = createLineRig([vesc({ direction, zeroOffsetDeg: 20 })], { baud: 115_200 });
    await rig.enable();
    rig.set(0, { positionRad: 0.3, stiffnessNmPerRad: 60, dampingNmsPerRad: 5 });
    await rig.ticks(500);
    expect(rig.joint().motorPositionRad).toBeCloseTo(0.3, 2);
    expect(rig.loads[0]!.position).toBeCloseTo(0.3, 2);
    expect(rig.link.stats.bytesDiscarded).toBe(0);
    rig.command.enable = false;
    await rig.ticks(3);
    expect([rig.joint().driveState, rig.virtual.drives[0]!.energised]).toEqual(['disabled', false]);
    expect(rig.notices).toEqual([]);
  });

  test('a command pause longer than its watchdog releases it, and it stays so until disarmed and armed again', async () => {
    const rig = createLineRig([vesc()]);
    rig.loads[0]!.held = true;
    await rig.enable();
    rig.set(0, { torqueNm: 4 });
    await rig.ticks(20);
    expect(rig.loads[0]!.torqueNm).toBeCloseTo(4);
    rig.advance(120_000);
    expect([rig.virtual.drives[0]!.energised, rig.loads[0]!.torqueNm]).toEqual([false, 0]);
    await rig.ticks(30);
    expect([rig.joint().driveState, rig.virtual.drives[0]!.energised]).toEqual(['disabled', false]);
  });

  test('a drive that restarts in mid-run is not enabled and does not move', async () => {
    const rig = createLineRig([vesc({ watchdogMs: 1_000 })]);
    rig.loads[0]!.held = true;
    await rig.enable();
    rig.set(0, { torqueNm: 4 });
    await rig.ticks(10);
    rig.virtual.drives[0]!.reset(rig.clock.nowUs());
    await rig.ticks(30);
    expect(rig.joint().driveState).toBe('absent');
    await rig.until(() => rig.joint().driveState === 'disabled');
    await rig.ticks(50);
    expect([rig.joint().driveState, rig.loads[0]!.torqueNm]).toEqual(['disabled', 0]);
  });

  test.each(['ignoresCommands', 'wrongMode'] as const)('a drive whose current does not follow (%s) is found within 100 ms', async (fault) => {
    const rig = createLineRig([vesc()]);
    rig.loads[0]!.held = true;
    await rig.enable();
    rig.virtual.drives[0]!.faults[fault] = true;
    rig.set(0, { torqueNm: 10 });
    const sinceUs = rig.clock.nowUs();
    await rig.until(() => rig.joint().driveState === 'disabled');
    expect(rig.clock.nowUs() - sinceUs).toBeLessThan(100_000);
  });

  test('a torque that swings is obeyed, not doubted', async () => {
    const rig = createLineRig([vesc()]);
    await rig.enable();
    for (let i = 0; i < 500; i++) {
      rig.set(0, { torqueNm: 12 * Math.sin(i / 3) });
      await rig.tick();
      expect(rig.joint().driveState).toBe('enabled');
    }
  });

  test('a drive that comes back with its link stays released until it is disarmed and armed again', async () => {
    const rig = createLineRig([vesc()]);
    await rig.enable();
    rig.memory.device.unplug();
    await rig.ticks(30);
    expect(rig.joint().driveState).toBe('absent');
    rig.memory.device.plug();
    await rig.until(() => rig.joint().driveState === 'disabled');
    await rig.ticks(50);
    expect(rig.virtual.drives[0]!.energised).toBe(false);
    rig.command.enable = false;
    await rig.tick();
    await rig.enable();
  });

  test('another drive behind the same plug is refused', async () => {
    const rig = createLineRig([vesc()]);
    await rig.enable();
    rig.memory.device.unplug();
    rig.virtual.drives[0]!.faults.wrongIdentity = true;
    await rig.ticks(30);
    rig.memory.device.plug();
    await rig.until(() => rig.drives[0]!.refusal !== null);
    await rig.ticks(20);
    expect(rig.joint().driveState).toBe('absent');
  });

  test('a hot drive is a fault with its code, and released', async () => {
    const rig = createLineRig([vesc()], { deviceDrives: [vesc({ tempWarnC: 25.5, tempLimitC: 26, continuousTorqueNm: 0.05 })] });
    rig.loads[0]!.held = true;
    await rig.enable();
    rig.set(0, { torqueNm: 40 });
    await rig.ticks(10);
    expect(rig.joint()).toMatchObject({ driveState: 'fault', driveErrorCode: 6 });
    expect(rig.virtual.drives[0]!.energised).toBe(false);
  });

  test('bit errors cost single answers, never a wrong value', async () => {
    const rig = createLineRig([vesc()]);
    rig.loads[0]!.held = true;
    await rig.enable();
    const before = rig.joint().driveSequence;
    for (let i = 0; i < 100; i++) {
      rig.memory.device.write(bytesOf(['02 18 32 00', '03 02 00 05', '02 02 03', 'FF 02 01 04 40'][i % 4]!));
      await rig.tick();
      expect(rig.joint().motorPositionRad).toBeCloseTo(0);
    }
    expect(rig.joint().driveSequence - before).toBeGreaterThan(90);
  });
});

test.each([
  { name: 'about nothing where its watchdog works', device: vesc(), torqueNm: 0 },
  { name: 'the torque still there where it does not', device: vesc({ watchdogMs: 1_000 }), torqueNm: 4 },
])('the proof of its watchdog: after a meant silence the first reply shows $name', async ({ device, torqueNm }) => {
  const rig = createLineRig([vesc()], { deviceDrives: [device] });
  expect(await torqueAfterSilenceNm(rig, 4)).toBeCloseTo(torqueNm, 1);
});
