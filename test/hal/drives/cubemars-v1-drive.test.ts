import { describe, expect, test } from 'vitest';
import type { DriveProfileOf } from '../../../protocols/drive-profile.ts';
import { bareCubemarsV1 } from '../../../sim/drives/cubemars-v1-drive.ts';
import { frame, hex, i32 } from '../../sim/drives/servo-bench.ts';
import { createLineRig, torqueAfterSilenceNm } from './line-rig.ts';

const ak = (changes: Partial<DriveProfileOf<'cubemars-v1'>> = {}): DriveProfileOf<'cubemars-v1'> => ({ ...bareCubemarsV1(104), ...changes });
const reply = (...payload: number[]): Uint8Array => frame(2, 3, payload);
const RELEASE = hex(frame(2, 3, [6, 0, 0, 0, 0]));
const ASK_ALL = '02 01 04 40 84 03';
/** MOS and motor temperature, Iq, ERPM, error, position, id: bits that the manual names. */
const ASK_STATUS = hex(frame(2, 3, [0x32, 0x00, 0x03, 0x80, 0xa3]));
const all = (length = 73): Uint8Array => reply(4, ...Array.from({ length: length - 1 }, () => 0));
const status = (id: number, positionDeg: number): Uint8Array => reply(0x32, 0x00, 0x03, 0x80, 0xa3, 1, 0x27, 0xfc, 0xdf, ...i32(0), ...i32(0), 0, ...i32(positionDeg * 1e6), id);

describe('what it sends and takes', () => {
  test('a release and a full status first, then a current and a short status in every cycle', async () => {
    const rig = createLineRig([ak()], { power: false });
    await rig.ticks(2);
    expect(hex(rig.sent)).toBe(`${RELEASE} ${ASK_ALL}`);
    rig.sent.length = 0;
    rig.memory.device.write(all());
    await rig.tick();
    expect(hex(rig.sent)).toBe(`${RELEASE} ${ASK_STATUS}`);
    // A motor without a sensor reads −80.1 °C, as in the manual's own example.
    rig.memory.device.write(status(104, -30));
    await rig.tick();
    expect(rig.joint()).toMatchObject({ driveState: 'disabled', driveTempC: 29.5 });
    expect(rig.joint().motorPositionRad).toBeCloseTo((-30 * Math.PI) / 180);
    rig.command.enable = true;
    for (let i = 0; i < 3; i++) {
      rig.memory.device.write(status(104, -30));
      await rig.tick();
    }
    rig.set(0, { torqueNm: 6.3 });
    rig.sent.length = 0;
    await rig.tick();
    expect(hex(rig.sent)).toBe(`${hex(frame(2, 3, [6, ...i32(1_000)]))} ${ASK_STATUS}`);
    expect(rig.protocol.cost).toEqual({ requestBytes: 20, replyBytes: 28 });
  });

  test('a status that is too short is that of another series, another id is another drive', async () => {
    const short = createLineRig([ak()], { power: false });
    await short.ticks(2);
    short.memory.device.write(all(60));
    await short.tick();
    expect(short.drives[0]!.refusal).toMatch(/shorter.*correct the protocol/);
    const other = createLineRig([ak()], { power: false });
    await other.ticks(2);
    other.memory.device.write(all());
    await other.tick();
    other.memory.device.write(status(7, 0));
    await other.tick();
    expect(other.drives[0]!.refusal).toMatch(/id is 7, the profile says 104/);
    expect(other.joint().driveState).toBe('absent');
  });
});

describe('with the virtual drive', () => {
  test.each([{ direction: 1 }, { direction: -1 }] as const)('direction $direction: it comes up disabled, obeys an impedance and is released again', async ({ direction }) => {
    const rig = createLineRig([ak({ direction, zeroOffsetDeg: -15 })]);
    await rig.enable();
    rig.set(0, { positionRad: -0.4, stiffnessNmPerRad: 100, dampingNmsPerRad: 8 });
    await rig.ticks(500);
    expect(rig.loads[0]!.position).toBeCloseTo(-0.4, 2);
    expect(rig.joint().motorPositionRad).toBeCloseTo(-0.4, 2);
    expect(rig.link.stats.bytesDiscarded).toBe(0);
    rig.command.enable = false;
    await rig.ticks(3);
    expect([rig.joint().driveState, rig.virtual.drives[0]!.energised]).toEqual(['disabled', false]);
    expect(rig.notices).toEqual([]);
  });

  test('a pause ends in a release where the maker’s tool has set a timeout, and in nothing where it has not', async () => {
    const energisedAfterPause = async (watchdog: 'proof' | 'hubRelay') => {
      const rig = createLineRig([ak({ watchdog })]);
      rig.loads[0]!.held = true;
      await rig.enable();
      rig.set(0, { torqueNm: 4 });
      await rig.ticks(5);
      rig.advance(150_000);
      return rig.virtual.drives[0]!.energised;
    };
    expect([await energisedAfterPause('proof'), await energisedAfterPause('hubRelay')]).toEqual([false, true]);
  });

  test('a drive that an earlier host left running is released as soon as the link opens', async () => {
    const rig = createLineRig([ak()]);
    rig.loads[0]!.held = true;
    await rig.enable();
    rig.set(0, { torqueNm: 10 });
    await rig.ticks(5);
    rig.memory.device.unplug();
    await rig.ticks(100);
    expect(rig.virtual.drives[0]!.energised).toBe(true);
    rig.memory.device.plug();
    await rig.until(() => rig.joint().driveState === 'disabled');
    expect(rig.virtual.drives[0]!.energised).toBe(false);
  });

  test('a drive that restarts in mid-run is not enabled and does not move', async () => {
    const rig = createLineRig([ak()]);
    rig.loads[0]!.held = true;
    await rig.enable();
    rig.set(0, { torqueNm: 4 });
    await rig.ticks(10);
    rig.virtual.drives[0]!.reset(rig.clock.nowUs());
    await rig.until(() => rig.joint().driveState === 'absent');
    await rig.until(() => rig.joint().driveState === 'disabled');
    await rig.ticks(50);
    expect([rig.joint().driveState, rig.loads[0]!.torqueNm]).toEqual(['disabled', 0]);
  });

  test('another drive is refused by its id', async () => {
    const rig = createLineRig([ak()], { deviceDrives: [ak({ address: 9 })] });
    await rig.until(() => rig.drives[0]!.refusal !== null);
    await rig.ticks(300);
    expect(rig.joint().driveState).toBe('absent');
    expect(rig.notices.map(({ code }) => code)).toContain('driveRefused');
  });
});

test.each([
  { name: 'about nothing where the maker’s tool has set one', device: ak({ watchdog: 'proof' }), torqueNm: 0 },
  { name: 'the torque still there where it has not', device: ak({ watchdog: 'hubRelay' }), torqueNm: 4 },
])('the proof of a watchdog: after a meant silence the first reply shows $name', async ({ device, torqueNm }) => {
  const rig = createLineRig([ak({ watchdog: 'proof' })], { deviceDrives: [device] });
  expect(await torqueAfterSilenceNm(rig, 4)).toBeCloseTo(torqueNm, 1);
});
