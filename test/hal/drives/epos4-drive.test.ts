/** The host's EPOS4 against the virtual one, and the bytes that the host sends. */
import { describe, expect, test } from 'vitest';
import type { DriveProfileOf } from '../../../protocols/drive-profile.ts';
import { OD, type CanopenObject } from '../../../protocols/wire/cia402.ts';
import { EPOS4_OD, EPOS4_OPCODE, Epos4Splitter } from '../../../protocols/wire/epos4.ts';
import { bareEpos4, type Epos4Drive } from '../../../sim/drives/epos4-drive.ts';
import { createLineRig } from './line-rig.ts';

const USB_BAUD = 921_600;
const epos = (address: number, change: Partial<DriveProfileOf<'epos4'>> = {}): DriveProfileOf<'epos4'> => ({ ...bareEpos4(address), ...change });
const rigOf = (drives: readonly DriveProfileOf<'epos4'>[], options: { baud?: number; deviceDrives?: readonly DriveProfileOf<'epos4'>[] } = {}) => createLineRig(drives, { baud: USB_BAUD, ...options });
const hex = (bytes: readonly number[]): string => bytes.map((byte) => byte.toString(16).padStart(2, '0').toUpperCase()).join(' ');
const objectOf = (rig: ReturnType<typeof rigOf>, { index, sub }: CanopenObject, i = 0): number => (rig.virtual.drives[i] as Epos4Drive).find(index, sub)!.value;

/** `R6041` and `W6040=6` for what the host sent. */
function talk(bytes: readonly number[]): string[] {
  const said: string[] = [];
  const splitter = new Epos4Splitter({
    onFrame: (frame) => {
      const index = (frame[3]! | (frame[4]! << 8)).toString(16);
      const value = frame.length === 10 ? `=${new DataView(frame.buffer, frame.byteOffset + 6, 4).getInt32(0, true)}` : '';
      said.push(`${frame[0] === EPOS4_OPCODE.writeObject ? 'W' : 'R'}${index}${value}`);
    },
    onDiscarded: () => {},
  });
  splitter.push(Uint8Array.from(bytes));
  return said;
}

describe('on the wire', () => {
  test('it is released first, then asked who it is: vendor number of node 1', async () => {
    const rig = rigOf([epos(1)]);
    await rig.tick();
    expect(hex(rig.sent)).toMatch(/^90 02 68 04 01 40 60 00 00 00 00 00 /);
    // It is still booting: the release is repeated until it is acknowledged.
    await rig.until(() => talk(rig.sent).includes('R1018'));
    const said = talk(rig.sent);
    const asked = said.indexOf('R1018');
    expect(new Set(said.slice(0, asked))).toEqual(new Set(['W6040=0']));
    expect(hex(rig.sent)).toContain('90 02 60 02 01 18 10 01');
  });

  test('a cycle writes the target where it has changed and reads position, velocity, status word and one more', async () => {
    const rig = rigOf([epos(1)]);
    await rig.enable();
    rig.set(0, { torqueNm: 3 });
    await rig.ticks(3);
    rig.set(0, { torqueNm: 6 });
    rig.sent.length = 0;
    await rig.tick();
    await rig.tick();
    // 6 Nm of 30 Nm rated are 200 ‰.
    const said = talk(rig.sent);
    expect(said.filter((what) => what.startsWith('W'))).toEqual(['W6071=200']);
    expect(said).toEqual(expect.arrayContaining(['R6064', 'R606c', 'R6041']));
    rig.sent.length = 0;
    await rig.ticks(2);
    expect(talk(rig.sent).filter((what) => what.startsWith('W'))).toEqual([]);
  });

  test('the farewell takes the voltage away', () => {
    const rig = rigOf([epos(1)]);
    const out = new Uint8Array(64);
    expect(hex([...out.subarray(0, rig.protocol.encodeFarewell(out, 0))]).slice(0, 35)).toBe('90 02 68 04 01 40 60 00 00 00 00 00');
  });
});

describe('set-up', () => {
  test('identity is read, limits and mode are set and read back', async () => {
    const rig = rigOf([epos(1)]);
    await rig.until(() => rig.joint().driveState === 'disabled');
    expect(rig.drives[0]!.identity).toEqual({ model: 'EPOS4 (61500000h)', firmware: '0160h', serialNumber: String(0x6209_5659) });
    expect(objectOf(rig, OD.mode)).toBe(10);
    // 5 A nominal are 30 Nm at the joint, so 90 Nm are 15 A.
    expect(objectOf(rig, EPOS4_OD.outputCurrentLimit)).toBe(15_000);
    expect(objectOf(rig, OD.maxMotorSpeed)).toBe(Math.ceil((6 * 80 * 60) / (2 * Math.PI)));
    expect(rig.drives[0]!.capability.watchdog).toBe('hubRelay');
    expect(rig.notices).toEqual([]);
  });

  test('another product, other motor data and another gear are refused', async () => {
    const product = rigOf([epos(1)], { deviceDrives: [epos(1, { productCode: 0x6350_0000 })] });
    await product.until(() => product.drives[0]!.refusal !== null);
    expect(product.drives[0]!.refusal).toMatch(/product code is 63500000h, the profile's drive has 61500000h\. Put the right drive/);
    const motor = rigOf([epos(1)], { deviceDrives: [epos(1, { ratedTorqueNm: 20 })] });
    await motor.until(() => motor.drives[0]!.refusal !== null);
    expect(motor.drives[0]!.refusal).toMatch(/rated torque \(object 6076h\) is 250000 µNm.*375000 µNm/);
    await motor.ticks(300);
    expect(motor.joint().driveState).toBe('absent');
    expect(motor.notices.map(({ code }) => code)).toContain('driveRefused');
  });
});

describe('in use', () => {
  test('an impedance is closed by the host and the drive is released again', async () => {
    const rig = rigOf([epos(1)]);
    await rig.enable();
    rig.set(0, { positionRad: 0.3, stiffnessNmPerRad: 60, dampingNmsPerRad: 8 });
    await rig.ticks(800);
    expect(rig.joint().motorPositionRad).toBeCloseTo(0.3, 1);
    expect(rig.loads[0]!.position).toBeCloseTo(0.3, 1);
    expect(rig.joint().driveTempC).toBeGreaterThanOrEqual(25);
    rig.command.enable = false;
    await rig.ticks(8);
    expect(rig.joint().driveState).toBe('disabled');
    expect(rig.virtual.drives[0]!.energised).toBe(false);
    expect(rig.drives[0]!.statistics.refused).toBe(0);
  });

  test('a reversed joint moves as it is told', async () => {
    const rig = rigOf([epos(1, { direction: -1, zeroOffsetDeg: 20 })]);
    await rig.enable();
    rig.set(0, { torqueNm: 6 });
    await rig.ticks(20);
    expect(rig.loads[0]!.torqueNm).toBeCloseTo(6, 1);
    expect(rig.joint().motorTorqueNm).toBeCloseTo(6, 1);
    expect(rig.joint().motorPositionRad).toBeCloseTo(rig.loads[0]!.position, 1);
    expect(rig.joint().motorVelocityRadPerSec).toBeGreaterThan(0);
  });

  test('velocity and position set-points go to the loops of the drive', async () => {
    const velocity = rigOf([epos(1, { setPoint: 'velocity' })]);
    await velocity.enable();
    velocity.set(0, { velocityRadPerSec: 1 });
    await velocity.ticks(200);
    expect(velocity.loads[0]!.velocity).toBeCloseTo(1, 1);
    const position = rigOf([epos(1, { setPoint: 'position' })]);
    position.loads[0]!.position = 0.4;
    await position.enable();
    expect(position.loads[0]!.position).toBeCloseTo(0.4, 2);
    position.set(0, { positionRad: 0.45 });
    await position.ticks(250);
    expect(position.loads[0]!.position).toBeCloseTo(0.45, 2);
  });

  test('at 115 200 baud a sample takes some cycles, and every set-point still leaves in its own', async () => {
    const rig = rigOf([epos(1)], { baud: 115_200 });
    await rig.enable();
    await rig.ticks(10);
    const before = rig.joint().driveSequence;
    await rig.ticks(100);
    expect(rig.joint().driveSequence - before).toBeGreaterThan(25);
    expect(rig.joint().driveAgeUs).toBeLessThan(40_000);
    rig.sent.length = 0;
    for (let i = 1; i <= 20; i++) {
      rig.set(0, { torqueNm: 0.3 * i });
      await rig.tick();
    }
    expect(talk(rig.sent).filter((what) => what.startsWith('W6071')).length).toBeGreaterThan(15);
  });

  test('two drives share the port, one over the CAN bus of the other', async () => {
    const rig = rigOf([epos(1), epos(2)]);
    await rig.enable();
    rig.set(1, { torqueNm: 3 });
    await rig.ticks(20);
    expect(rig.loads.map((load) => Math.round(load.torqueNm))).toEqual([0, 3]);
    expect(rig.inputs.joints.map((joint) => joint.driveState)).toEqual(['enabled', 'enabled']);
  });
});

describe('when things go wrong', () => {
  test('a drive that resets in mid-run shows as not enabled, and does not move by itself afterwards', async () => {
    const rig = rigOf([epos(1)]);
    await rig.enable();
    rig.set(0, { torqueNm: 5 });
    await rig.ticks(10);
    rig.virtual.drives[0]!.reset(rig.clock.nowUs());
    await rig.ticks(400);
    expect(rig.virtual.drives[0]!.energised).toBe(false);
    expect(rig.joint().driveState).toBe('disabled');
    expect(objectOf(rig, OD.mode)).toBe(10);
  });

  test('a drive that left its mode is set up again, and one that stays in another is refused', async () => {
    const rig = rigOf([epos(1)]);
    await rig.enable();
    rig.virtual.drives[0]!.faults.wrongMode = true;
    await rig.until(() => rig.drives[0]!.refusal !== null, 200);
    expect(rig.drives[0]!.refusal).toMatch(/mode of operation \(object 6061h\) reads 3 instead of 10/);
    expect(rig.joint().driveState).toBe('absent');
    expect(rig.virtual.drives[0]!.energised).toBe(false);
  });

  test('a fault tells its code and is cleared by disarming, not before', async () => {
    const rig = rigOf([epos(1, { tempWarnC: 26, tempLimitC: 26.5, continuousTorqueNm: 5 })]);
    await rig.enable();
    rig.loads[0]!.held = true;
    rig.set(0, { torqueNm: 80 });
    await rig.until(() => rig.joint().driveState === 'fault', 4_000);
    await rig.ticks(20);
    expect(rig.joint().driveErrorCode).toBe(0x4210);
    rig.set(0, { torqueNm: 0 });
    await rig.ticks(500);
    expect(rig.joint().driveState).toBe('fault');
    rig.command.enable = false;
    rig.sent.length = 0;
    await rig.ticks(20);
    expect(talk(rig.sent)).toContain('W6040=128');
  });

  test('a response that comes too late is not taken for the answer to another question', async () => {
    const rig = rigOf([epos(1)]);
    await rig.enable();
    rig.loads[0]!.held = true;
    const line = rig.virtual.device;
    const receive = line.receive.bind(line);
    const held: Uint8Array[] = [];
    line.receive = (bytes) => void held.push(bytes.slice());
    await rig.ticks(8);
    line.receive = receive;
    for (const bytes of held) line.receive(bytes, rig.clock.nowUs());
    await rig.ticks(100);
    expect(rig.joint().motorPositionRad).toBe(0);
    expect(rig.joint().motorVelocityRadPerSec).toBe(0);
    expect(rig.drives[0]!.statistics.retries).toBeGreaterThan(0);
  });

  test('a position that the joint cannot have is refused and told as none', async () => {
    const rig = rigOf([epos(1)]);
    await rig.until(() => rig.joint().driveState === 'disabled');
    rig.loads[0]!.held = true;
    rig.loads[0]!.position = 13;
    const { driveSequence } = rig.joint();
    await rig.ticks(10);
    expect(rig.joint().motorPositionRad).toBeNaN();
    expect(rig.drives[0]!.statistics.refused).toBeGreaterThan(3);
    expect(rig.joint().driveSequence).toBeGreaterThan(driveSequence + 1);
    expect(rig.joint().driveAgeUs).toBeGreaterThan(30_000);
    rig.loads[0]!.position = 0.1;
    await rig.ticks(10);
    expect(rig.joint().motorPositionRad).toBeCloseTo(0.1, 2);
  });

  test('a command that is no number releases the drive', async () => {
    const rig = rigOf([epos(1)]);
    await rig.enable();
    rig.set(0, { torqueNm: NaN });
    await rig.ticks(6);
    expect(rig.virtual.drives[0]!.energised).toBe(false);
  });

  test('a drive that ignores commands never shows as enabled', async () => {
    const rig = rigOf([epos(1)]);
    await rig.until(() => rig.joint().driveState === 'disabled');
    rig.virtual.drives[0]!.faults.ignoresCommands = true;
    rig.command.enable = true;
    await rig.ticks(50);
    expect(rig.joint().driveState).toBe('disabled');
  });

  test('a pulled cable comes back disarmed', async () => {
    const rig = rigOf([epos(1)]);
    await rig.enable();
    rig.memory.device.unplug();
    await rig.ticks(30);
    expect(rig.joint().driveState).toBe('absent');
    rig.memory.device.plug();
    await rig.until(() => rig.joint().driveState === 'disabled');
    await rig.ticks(50);
    expect(rig.virtual.drives[0]!.energised).toBe(false);
  });
});
