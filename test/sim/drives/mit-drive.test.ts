/** Virtual AK drives against frames as others' hosts send them. */
import { describe, expect, test } from 'vitest';
import type { MitDriveProfile } from '../../../protocols/drive-profile.ts';
import { emptyCanFrame, type CanFrame } from '../../../protocols/wire/slcan.ts';
import { AkV3Drive, bareAkV3 } from '../../../sim/drives/ak-v3-drive.ts';
import type { CanNode, VirtualDrive } from '../../../sim/drives/device.ts';
import { bareMit, MitDrive } from '../../../sim/drives/mit-drive.ts';
import { TestLoad } from '../../hal/drives/line-rig.ts';

const classic: MitDriveProfile = { ...bareMit(1), watchdog: 'proof' };
const ENTER = 'FF FF FF FF FF FF FF FC';
const EXIT = 'FF FF FF FF FF FF FF FD';
const ZERO = 'FF FF FF FF FF FF FF FE';
/** bgkatz/motorcontrol: p 0, v 0, kp 0, kd 0, t 0 */
const REST = '7F FF 7F F0 00 00 07 FF';

const bytesOf = (text: string): number[] => (text === '' ? [] : text.split(' ').map((byte) => Number.parseInt(byte, 16)));
const hex = ({ data, length }: CanFrame): string => Array.from(data.subarray(0, length), (byte) => byte.toString(16).padStart(2, '0').toUpperCase()).join(' ');

function bench(make: (load: TestLoad) => CanNode & VirtualDrive) {
  const load = new TestLoad();
  const drive = make(load);
  const heard: { id: number; extended: boolean; text: string }[] = [];
  let nowUs = 0;
  drive.attach((frame) => {
    heard.push({ id: frame.id, extended: frame.extended, text: hex(frame) });
    return true;
  });
  const rig = {
    load,
    drive,
    heard,
    now: () => nowUs,
    say: (id: number, text: string, extended = false): string | undefined => {
      heard.length = 0;
      const frame = emptyCanFrame();
      const bytes = bytesOf(text);
      frame.data.set(bytes);
      drive.onCanFrame(Object.assign(frame, { id, extended, length: bytes.length }), nowUs);
      return heard[0]?.text;
    },
    run: (ms: number, each: () => void = () => {}): void => {
      for (let i = 0; i < ms; i++) {
        each();
        nowUs += 1_000;
        drive.step(nowUs, 0.001);
        load.step(0.001);
      }
    },
  };
  drive.setPower(true, 0);
  rig.run(160);
  return rig;
}

const older = (variant: Partial<MitDriveProfile> = {}) => bench((load) => new MitDrive({ ...classic, ...variant }, load));

describe('a drive of the second version', () => {
  test('answers enter, set-points and exit to id 0, first its own id', () => {
    const rig = older();
    expect(rig.say(1, ENTER)).toBe('01 7F FF 7F F7 FF 19 00');
    expect(rig.heard[0]).toMatchObject({ id: 0, extended: false });
    expect(rig.drive.energised).toBe(true);
    // TMotorCANControl's example for the AK80-9: p 0.3, kp 10, kd 0.5
    rig.run(2_000, () => rig.say(1, '83 12 80 00 51 19 98 00'));
    expect(rig.load.position).toBeCloseTo(0.3, 1);
    rig.say(1, EXIT);
    rig.run(2);
    expect([rig.drive.energised, rig.load.torqueNm]).toEqual([false, 0]);
    expect(rig.say(1, REST)).toMatch(/^01 /);
  });

  test('others\' frames, remote and short ones are not for it', () => {
    const rig = older();
    expect([rig.say(2, ENTER), rig.say(1, ENTER, true), rig.say(1, 'FF FF')]).toEqual([undefined, undefined, undefined]);
  });

  test('older firmware answers with 6 bytes, a mini-cheetah with its bus voltage', () => {
    expect(older({ reply: 'short' }).say(1, ENTER)).toBe('01 7F FF 7F F7 FF');
    expect(older({ reply: 'busVoltage' }).say(1, ENTER)).toBe('01 7F FF 7F F7 FF 4C 00');
  });

  test('zero makes here its 0, also after the next start', () => {
    const rig = older();
    rig.load.position = 1;
    expect(rig.say(1, ZERO)).toBe('01 7F FF 7F F7 FF 19 00');
    rig.drive.reset(rig.now());
    expect(rig.drive.canBitRate).toBe(0);
    rig.run(160);
    expect(rig.say(1, EXIT)).toBe('01 7F FF 7F F7 FF 19 00');
  });

  test('its watchdog releases it; as delivered it has none', () => {
    const guarded = older();
    guarded.say(1, ENTER);
    guarded.run(99);
    expect(guarded.drive.energised).toBe(true);
    guarded.run(3);
    expect(guarded.drive.energised).toBe(false);
    const plain = older({ watchdog: 'hubRelay' });
    plain.say(1, ENTER);
    plain.run(5_000);
    expect(plain.drive.energised).toBe(true);
  });

  test('too hot, it stops with error 1 and enters again only when it is cooler and was told to exit', () => {
    const rig = older({ tempWarnC: 20, tempLimitC: 24 });
    rig.say(1, ENTER);
    rig.run(2);
    expect(rig.say(1, REST)).toBe('01 7F FF 7F F7 FF 19 01');
    rig.say(1, EXIT);
    rig.say(1, ENTER);
    expect(rig.drive.energised).toBe(false);
  });

  test('frozen report, ignored commands and the wrong mode', () => {
    const rig = older();
    rig.say(1, ENTER);
    rig.drive.faults.frozenReport = true;
    rig.load.position = 1;
    expect(rig.say(1, REST)).toBe('01 7F FF 7F F7 FF 19 00');
    rig.drive.faults.frozenReport = false;
    rig.load.position = 0;
    rig.load.held = true;
    rig.drive.faults.ignoresCommands = true;
    rig.run(10, () => rig.say(1, '83 12 80 00 51 19 98 00'));
    expect(Math.abs(rig.load.torqueNm)).toBeLessThan(0.01);
    expect(rig.drive.energised).toBe(true);
    rig.say(1, EXIT);
    expect(rig.drive.energised).toBe(true);
    rig.drive.faults.ignoresCommands = false;
    rig.drive.faults.wrongMode = true;
    rig.run(10, () => rig.say(1, '83 12 80 00 51 19 98 00'));
    expect(Math.abs(rig.load.torqueNm)).toBeLessThan(0.01);
    rig.drive.faults.wrongMode = false;
    rig.run(10, () => rig.say(1, '83 12 80 00 51 19 98 00'));
    expect(rig.load.torqueNm).toBeCloseTo(3, 1);
  });

  test('a reset ends everything: silent while it boots, then released with no set-point', () => {
    const rig = older();
    rig.say(1, ENTER);
    rig.run(5, () => rig.say(1, '83 12 80 00 51 19 98 00'));
    rig.drive.reset(rig.now());
    rig.run(1);
    expect([rig.drive.energised, rig.load.torqueNm, rig.drive.canBitRate]).toEqual([false, 0, 0]);
    rig.run(160);
    rig.say(1, ENTER);
    rig.run(5);
    expect(Math.abs(rig.load.torqueNm)).toBeLessThan(0.01);
  });
});

describe('a drive of the third version', () => {
  const newer = (variant: Partial<ReturnType<typeof bareAkV3>> = {}) => bench((load) => new AkV3Drive({ ...bareAkV3(0x68), watchdog: 'proof', ...variant }, load));

  test('tells its state by itself, 500 times a second, in servo units', () => {
    const rig = newer();
    rig.load.held = true;
    rig.load.position = Math.PI / 2;
    rig.heard.length = 0;
    rig.run(100);
    expect(rig.heard).toHaveLength(50);
    expect(rig.heard.at(-1)).toEqual({ id: 0x2968, extended: true, text: '03 84 00 00 00 00 19 00' });
  });

  test('obeys MIT frames of 29 bits without being entered (manual: kd 2, 6 rad/s)', () => {
    const rig = newer({ positionRangeRad: 12.5, velocityRangeRadPerSec: 50, torqueRangeNm: 65 });
    rig.run(1_500, () => rig.say(0x868, '00 06 66 7F FF 8F 57 FF', true));
    expect(rig.load.velocity).toBeCloseTo((6 * 2) / 2.5, 1);
    rig.say(0x868, '00 06 66 7F FF 8F 57 FF');
    rig.run(120);
    expect(rig.drive.energised).toBe(false);
  });

  test('obeys the servo commands of TMotorCANControl and is released by 0 A', () => {
    const rig = newer();
    rig.load.held = true;
    // 5 A, then brake 4 A at rest
    rig.run(5, () => rig.say(0x168, '00 00 13 88', true));
    expect(rig.load.torqueNm).toBeCloseTo(5 * 0.41);
    rig.run(5, () => rig.say(0x268, '00 00 0F A0', true));
    expect(rig.load.torqueNm).toBeCloseTo(0);
    rig.load.held = false;
    // 90 degrees
    rig.run(3_000, () => rig.say(0x468, '00 0D BB A0', true));
    expect(rig.load.position).toBeCloseTo(Math.PI / 2, 1);
    // 180 degrees at 840 ERPM = 10 rpm
    rig.run(1_000, () => rig.say(0x668, '00 1B 77 40 00 54 00 64', true));
    expect(rig.load.velocity).toBeCloseTo((10 * 2 * Math.PI) / 60, 1);
    rig.say(0x168, '00 00 00 00', true);
    rig.run(2);
    expect([rig.drive.energised, rig.load.torqueNm]).toEqual([false, 0]);
    // 840 ERPM, then half the voltage
    rig.run(2_000, () => rig.say(0x368, '00 00 03 48', true));
    expect(rig.load.velocity).toBeCloseTo(((10 * 2 * Math.PI) / 60) * (5 / 5.5), 1);
    rig.run(3_000, () => rig.say(0x068, '00 00 27 10', true));
    expect(rig.load.velocity).toBeGreaterThan(3);
  });

  test('an origin holds until the power goes, or for good', () => {
    const rig = newer();
    rig.load.held = true;
    rig.load.position = 1;
    rig.say(0x568, '00', true);
    rig.run(4);
    expect(rig.heard.at(-1)?.text).toMatch(/^00 00 /);
    rig.drive.reset(rig.now());
    rig.run(160);
    expect(rig.heard.at(-1)?.text).toMatch(/^02 3D /);
    rig.say(0x568, '01', true);
    rig.drive.reset(rig.now());
    rig.run(160);
    expect(rig.heard.at(-1)?.text).toMatch(/^00 00 /);
  });

  test('enter and exit of older hosts begin and end the same; ignored commands change nothing', () => {
    const rig = newer();
    rig.say(0x868, ENTER, true);
    expect(rig.drive.energised).toBe(true);
    rig.say(0x68, EXIT);
    expect(rig.drive.energised).toBe(false);
    rig.drive.faults.ignoresCommands = true;
    rig.say(0x168, '00 00 13 88', true);
    expect(rig.drive.energised).toBe(false);
  });
});
