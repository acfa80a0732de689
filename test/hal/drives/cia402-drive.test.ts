import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Cia402Drive, cia402BusFrames } from '../../../hal/drives/cia402-drive.ts';
import type { JointOf } from '../../../hal/drives/drive.ts';
import { SdoClient } from '../../../hal/drives/sdo-client.ts';
import { CIA402_ERROR, OD, stateBits, type PowerState } from '../../../protocols/wire/cia402.ts';
import { canDataFrame, COB, putLe, SDO_ABORT } from '../../../protocols/wire/canopen.ts';
import type { DriveProfileOf } from '../../../protocols/drive-profile.ts';
import { emptyInputs } from '../../../protocols/session-log.ts';
import { emptyCanFrame, type CanFrame } from '../../../protocols/wire/slcan.ts';
import { createRandom } from '../../../protocols/random.ts';
import { bareCia402, type Cia402Drive as VirtualCia402 } from '../../../sim/drives/cia402-drive.ts';
import { bareMit } from '../../../sim/drives/mit-drive.ts';
import { CanopenDouble, key, textOf } from './canopen-double.ts';
import { createLineRig, jointWith } from './line-rig.ts';

const bare = (changes: Partial<DriveProfileOf<'cia402'>> = {}): DriveProfileOf<'cia402'> => ({ ...bareCia402(1), ...changes });

/** The host's drive against a node that answers as a test says, 4 ms per cycle. */
function withDouble(changes: Partial<DriveProfileOf<'cia402'>> = {}) {
  const profile = bare(changes);
  const joint = jointWith(profile) as JointOf<'cia402'>;
  const drive = new Cia402Drive(joint);
  let nowUs = 1_000_000;
  const node = new CanopenDouble(1, (frame) => drive.onCanFrame(frame, nowUs));
  node.values.set(key(0x1018, 1), profile.vendorId);
  node.values.set(key(0x1018, 2), profile.productCode);
  node.values.set(key(0x1018, 4), 42);
  node.values.set(key(0x6502), 0x3ad);
  node.values.set(key(0x6076), (1_000 * profile.ratedTorqueNm) / profile.gearRatio);
  node.values.set(key(0x6061), 10);
  node.texts.set(0x1008, 'EPOS4 Module 50/15');
  node.texts.set(0x100a, '0x0170');
  const command = { positionRad: 0, velocityRadPerSec: 0, stiffnessNmPerRad: 0, dampingNmsPerRad: 0, torqueNm: 0 };
  const inputs = emptyInputs(1, 1).joints[0]!;
  drive.onLinkOpen(nowUs);
  const cycle = (enable = false): string[] => {
    nowUs += 4_000;
    drive.command(enable, command, nowUs);
    const frame = emptyCanFrame();
    const before = node.heard.length;
    while (drive.nextFrame(nowUs, frame)) node.hear(frame);
    drive.onSent(nowUs);
    drive.read(inputs, nowUs);
    return node.heard.slice(before);
  };
  const cycles = (count: number): void => {
    for (let i = 0; i < count; i++) cycle();
  };
  const report = (state: PowerState, values: { counts?: number; torque?: number; velocity?: number; mode?: number; error?: number; warns?: boolean } = {}): void => {
    const frame = emptyCanFrame();
    canDataFrame(frame, COB.tpdo[0] + 1, 8);
    putLe(frame.data, 0, 2, stateBits(state) | 0x210 | (values.warns === true ? 0x80 : 0));
    putLe(frame.data, 2, 4, values.counts ?? 0);
    putLe(frame.data, 6, 2, values.torque ?? 0);
    // Twice: one frame alone may be a reading error.
    drive.onCanFrame(frame, nowUs);
    drive.onCanFrame(frame, nowUs);
    canDataFrame(frame, COB.tpdo[1] + 1, 7);
    putLe(frame.data, 0, 4, values.velocity ?? 0);
    putLe(frame.data, 4, 2, values.error ?? 0);
    putLe(frame.data, 6, 1, values.mode ?? 10);
    drive.onCanFrame(frame, nowUs);
    drive.read(inputs, nowUs);
  };
  return { drive, node, command, inputs, cycle, cycles, report, joint };
}

describe('coming up', () => {
  test('asks and tells in the order of the manual, byte for byte', () => {
    const { drive, node, cycles, joint } = withDouble();
    cycles(100);
    expect(drive.refusal).toBeNull();
    const torqueLimit = Math.round((1_000 * joint.torqueLimitNm) / 40);
    const speed = Math.round((joint.speedLimitDegPerSec / 360) * 655_360);
    const rpm = Math.ceil((joint.speedLimitDegPerSec / 360) * 80 * 60);
    const hex = (value: number): string => {
      const data = new Uint8Array(4);
      putLe(data, 0, 4, value);
      return Buffer.from(data).toString('hex').toUpperCase();
    };
    expect(node.heard.slice(0, 78)).toEqual([
      't00028201', // NMT: restart your communication
      't60182B40600000000000', // control word: release
      't60184018100100000000', // vendor
      't60184018100200000000', // product
      't60184018100400000000', // serial number
      't60184008100000000000', // name, in three segments
      't60186000000000000000',
      't60187000000000000000',
      't60186000000000000000',
      't6018400A100000000000', // firmware
      't60186000000000000000',
      't60184076600000000000', // rated torque
      't60182316100164007F00', // watch node 127 for 100 ms
      't60184016100100000000',
      't60182B07600002000000', // let go when it is silent
      't60184007600000000000',
      `t60182B726000${hex(torqueLimit)}`,
      't60184072600000000000',
      `t6018237F6000${hex(speed)}`,
      't6018407F600000000000',
      `t601823806000${hex(rpm)}`,
      't60184080600000000000',
      't60184002650000000000', // supported modes
      't60182F6060000A000000', // cyclic torque
      't60184061600000000000',
      't60182300180181010080', // PDOs in CORC's order
      't60182F001A0000000000',
      't60182F00180201000000', // each written and read back
      't60184000180200000000',
      't601823001A0110004160',
      't601840001A0100000000',
      't601823001A0220006460',
      't601840001A0200000000',
      't601823001A0310007760',
      't601840001A0300000000',
      't60182F001A0003000000',
      't601840001A0000000000',
      't60182300180181010000',
      't60184000180100000000',
      't60182301180181020080',
      't60182F011A0000000000',
      't60182F01180201000000',
      't60184001180200000000',
      't601823011A0120006C60',
      't601840011A0100000000',
      't601823011A0210003F60',
      't601840011A0200000000',
      't601823011A0308006160',
      't601840011A0300000000',
      't60182F011A0003000000',
      't601840011A0000000000',
      't60182301180181020000',
      't60184001180100000000',
      't60182300140101020080',
      't60182F00160000000000',
      't60182F001402FF000000',
      't60184000140200000000',
      't60182300160110004060',
      't60184000160100000000',
      't60182300160210007160',
      't60184000160200000000',
      't60182F00160002000000',
      't60184000160000000000',
      't60182300140101020000',
      't60184000140100000000',
      't60182301140101030080', // the others are switched off
      't60182302140101040080',
      't60182303140101050080',
      't60182302180181030080',
      't60182303180181040080',
      't60182B17100064000000', // beat every 100 ms
      't00020101', // NMT: start
      't201400000000', // control word and torque, from now on each cycle
      't201400000000',
      't201400000000',
      't201400000000',
      't201400000000',
      't201400000000',
    ]);
    expect(drive.identity).toEqual({ model: 'EPOS4 Module 50/15', firmware: '0x0170', serialNumber: '42' });
  });

  test('each cycle begins with SYNC and the heartbeat that the drives watch', () => {
    const frame = emptyCanFrame();
    const said: string[] = [];
    for (let i = 0; cia402BusFrames.fill(i, frame); i++) said.push(textOf(frame));
    expect(said).toEqual(['t0800', 't77F105']);
  });

  test('finds two drives that boot while it waits, in less than half a second more', async () => {
    const rig = createLineRig([bareCia402(1), bareCia402(2)]);
    await rig.until(() => rig.inputs.joints.every((joint) => joint.driveState === 'disabled'), 200);
    expect(rig.drives.map((drive) => drive.identity?.model)).toEqual(['EPOS4 50/15', 'EPOS4 50/15']);
    expect(rig.drives.map((drive) => drive.statistics.refused)).toEqual([0, 0]);
    expect(rig.notices).toEqual([]);
  });

  test('works with MIT drives on the same bus', async () => {
    const rig = createLineRig([bareCia402(1), { ...bareMit(2), watchdog: 'proof', velocityRangeRadPerSec: 50 }]);
    await rig.enable();
    rig.set(0, { torqueNm: 4 });
    rig.set(1, { torqueNm: 2 });
    await rig.ticks(5);
    expect(rig.loads[0]!.torqueNm).toBeCloseTo(4, 1);
    expect(rig.loads[1]!.torqueNm).toBeCloseTo(2, 1);
    expect(rig.notices).toEqual([]);
  });
});

describe('is refused, in words that say what to do,', () => {
  test.each([
    ['another maker', { vendorId: 7 }, 'vendor number is 251'],
    ['another product', { productCode: 7 }, 'product code is'],
    ['another serial number', { serialNumber: 43 }, 'serial number is 42'],
    ['another rated torque', { ratedTorqueNm: 50 }, 'rated torque is 40 Nm at the joint'],
  ])('%s', async (_, changes, words) => {
    const rig = createLineRig([bare(changes)], { deviceDrives: [bare()] });
    await rig.until(() => rig.drives[0]!.refusal !== null);
    expect(rig.drives[0]!.refusal).toContain(words);
    await rig.ticks(300);
    expect(rig.joint().driveState).toBe('absent');
    expect(rig.notices.map(({ code }) => code)).toEqual(['driveRefused']);
  });

  test.each([
    ['a watchdog that is off', 0x1016, 1, 0, 'its watchdog (object 1016h sub 1) reads 0'],
    ['a watchdog of another host', 0x1016, 1, 0x7e_0064, 'its watchdog'],
    ['a drive that would do nothing', 0x6007, 0, 0, 'when its watchdog trips (object 6007h) reads 0 instead of 2'],
    ['another torque limit', 0x6072, 0, 0xffff, 'its torque limit (object 6072h) reads 65535'],
    ['another speed limit', 0x6080, 0, 0, 'its speed limit (object 6080h) reads 0'],
    ['a mode that it has not', 0x6502, 0, 0x1ff, 'it has no mode of operation 10'],
    ['a mode that it does not take', 0x6061, 0, 8, 'its mode of operation is 8 although it was set to 10'],
  ])('%s', (_, index, sub, reads, words) => {
    const { drive, node, cycles, inputs } = withDouble();
    node.trouble.set(key(index, sub), { reads });
    cycles(120);
    expect(drive.refusal).toContain(words);
    expect(inputs.driveState).toBe('absent');
    expect(node.heard.some((text) => text.startsWith('t201'))).toBe(false);
  });

  test('a PDO that carries something else', () => {
    const { drive, node, cycles } = withDouble();
    node.trouble.set(key(0x1a00, 2), { reads: 0x6063_0020 });
    cycles(120);
    expect(drive.refusal).toContain('its PDO 181h (object 1A00h sub 2) reads');
  });

  test('but not for one wrong reading: it is written and read again', () => {
    const { drive, node, cycles } = withDouble();
    node.trouble.set(key(0x1016, 1), { reads: 0 });
    cycles(15);
    node.trouble.clear();
    cycles(100);
    expect(drive.refusal).toBeNull();
    expect(drive.identity).not.toBeNull();
    expect(node.heard.filter((text) => text === 't60182316100164007F00')).toHaveLength(2);
  });

  test('an abort code', () => {
    const { drive, node, cycles } = withDouble();
    node.trouble.set(key(0x1016, 1), { abort: SDO_ABORT.noSub });
    cycles(60);
    expect(drive.refusal).toBe("it refuses its watchdog (object 1016h sub 1) (06090011, there is no such sub-index). Check that the drive is the profile's, and its firmware.");
  });

  test('two drives with one node number', async () => {
    const rig = createLineRig([bare()], { deviceDrives: [bare(), bare()] });
    await rig.until(() => rig.drives[0]!.refusal !== null);
    expect(rig.drives[0]!.refusal).toContain('more than one drive answers to its node number 1');
    expect(rig.joint().driveState).toBe('absent');
  });

  test('silence about one object, once it has gone on for two seconds; the drive is asked on', () => {
    const { drive, node, cycles } = withDouble();
    node.trouble.set(key(0x6076), 'silent');
    cycles(500);
    expect(drive.refusal).toBeNull();
    cycles(100);
    expect(drive.refusal).toContain('it does not answer when it is asked or told rated torque (object 6076h)');
    node.trouble.clear();
    cycles(100);
    expect(drive.refusal).toBeNull();
    expect(drive.identity).not.toBeNull();
    expect(drive.statistics.retries).toBeGreaterThan(20);
  });

  test('half an SDO: the node is told, it is tried again, and then given up', () => {
    const { drive, node, cycles } = withDouble();
    node.trouble.set(key(0x1008), 'half');
    cycles(40);
    expect(node.aborts).toEqual([SDO_ABORT.timeout]);
    cycles(200);
    expect(node.aborts).toEqual([SDO_ABORT.timeout, SDO_ABORT.timeout, SDO_ABORT.timeout]);
    expect(drive.refusal).toContain('it sends only half of its answer about its name (object 1008h)');
  });

  test('a wrong toggle bit', () => {
    const { drive, node, cycles } = withDouble();
    node.trouble.set(key(0x1008), 'wrong toggle');
    cycles(60);
    expect(node.aborts).toEqual([SDO_ABORT.toggle, SDO_ABORT.toggle, SDO_ABORT.toggle]);
    expect(drive.refusal).toContain('break the SDO rules (05030000, wrong toggle bit)');
  });

  test('an answer that is too short for its object', () => {
    const { drive, node, cycles } = withDouble();
    node.trouble.set(key(0x1018, 1), 'too short');
    cycles(20);
    expect(drive.refusal).toContain('is too short an answer');
  });

  test('a drive without any limit of its speed; one of the two is enough', () => {
    const one = withDouble();
    one.node.trouble.set(key(0x607f), { abort: SDO_ABORT.noObject });
    one.cycles(100);
    expect(one.drive.identity).not.toBeNull();
    const none = withDouble();
    none.node.trouble.set(key(0x607f), { abort: SDO_ABORT.noObject });
    none.node.trouble.set(key(0x6080), { abort: SDO_ABORT.noObject });
    none.cycles(100);
    expect(none.drive.refusal).toContain('it has no speed limit');
  });

  test('but a name, a version and PDOs that it does not have are no matter', () => {
    const { drive, node, cycles } = withDouble();
    for (const index of [0x1008, 0x100a]) node.trouble.set(key(index), { abort: SDO_ABORT.noObject });
    for (const index of [0x1402, 0x1403, 0x1802, 0x1803]) node.trouble.set(key(index, 1), { abort: SDO_ABORT.noObject });
    cycles(100);
    expect(drive.identity).toEqual({ model: '', firmware: '', serialNumber: '42' });
  });
});

describe('set-points', () => {
  test('torque: the host closes the impedance, and the joint follows', async () => {
    const rig = createLineRig([bare({ direction: -1, zeroOffsetDeg: 10 })]);
    await rig.enable();
    rig.set(0, { positionRad: 0.3, stiffnessNmPerRad: 50, dampingNmsPerRad: 5 });
    await rig.ticks(500);
    expect(rig.joint().motorPositionRad).toBeCloseTo(0.3, 2);
    expect(rig.loads[0]!.position).toBeCloseTo(0.3, 2);
    rig.loads[0]!.held = true;
    rig.set(0, { stiffnessNmPerRad: 0, dampingNmsPerRad: 0, torqueNm: 12 });
    await rig.ticks(5);
    expect(rig.loads[0]!.torqueNm).toBeCloseTo(12, 1);
    expect(rig.joint().motorTorqueNm).toBeCloseTo(12, 1);
  });

  test.each([4, 10] as const)('torque by mode %i', async (torqueMode) => {
    const rig = createLineRig([bare({ torqueMode })]);
    await rig.enable();
    rig.loads[0]!.held = true;
    rig.set(0, { torqueNm: 10 });
    await rig.ticks(10);
    expect(rig.loads[0]!.torqueNm).toBeCloseTo(10, 1);
  });

  test('position: the drive starts where it is and goes where it is told', async () => {
    const rig = createLineRig([bare({ setPoint: 'position' })]);
    rig.loads[0]!.position = 0.4;
    rig.set(0, { positionRad: 0.4 });
    await rig.enable();
    await rig.ticks(50);
    expect(rig.loads[0]!.position).toBeCloseTo(0.4, 2);
    rig.set(0, { positionRad: 0.2 });
    await rig.ticks(300);
    expect(rig.loads[0]!.position).toBeCloseTo(0.2, 2);
  });

  test('velocity', async () => {
    const rig = createLineRig([bare({ setPoint: 'velocity' })]);
    await rig.enable();
    rig.set(0, { velocityRadPerSec: 0.5 });
    await rig.ticks(250);
    expect(rig.loads[0]!.velocity).toBeCloseTo(0.5, 1);
    expect(rig.joint().motorVelocityRadPerSec).toBeCloseTo(0.5, 1);
  });

  test('a command without meaning releases the drive until it is disarmed and armed again', async () => {
    const rig = createLineRig([bare()]);
    await rig.enable();
    rig.set(0, { torqueNm: Number.NaN });
    await rig.ticks(5);
    expect(rig.joint().driveState).toBe('disabled');
    rig.set(0, { torqueNm: 0 });
    await rig.ticks(20);
    expect(rig.virtual.drives[0]!.energised).toBe(false);
    rig.command.enable = false;
    await rig.ticks(2);
    await rig.enable();
    expect(rig.virtual.drives[0]!.energised).toBe(true);
  });

  test('the walk to operation is told by what the status word says, one step per answer', () => {
    const { cycle, cycles, report, inputs } = withDouble();
    cycles(100);
    report('switchOnDisabled');
    expect(inputs.driveState).toBe('disabled');
    cycle(false);
    expect(cycle(true)).toEqual(['t201406000000']);
    report('readyToSwitchOn');
    expect(cycle(true)).toEqual(['t201407000000']);
    report('switchedOn');
    expect(cycle(true)).toEqual(['t20140F000000']);
    report('operationEnabled');
    expect(inputs.driveState).toBe('enabled');
    expect(cycle(false)).toEqual(['t201400000000']);
  });
});

describe('states are what the drive says', () => {
  test('a fault is told with its code, and cleared on the edge from armed to disarmed, by a rising bit', () => {
    const { cycle, cycles, report, inputs } = withDouble();
    cycles(100);
    report('fault', { error: CIA402_ERROR.followingError });
    expect([inputs.driveState, inputs.driveErrorCode]).toEqual(['fault', 0x8611]);
    expect(cycle(false)).toEqual(['t201400000000']);
    expect(cycle(true)).toEqual(['t201400000000']);
    report('fault', { error: CIA402_ERROR.followingError });
    expect([cycle(false), cycle(false), cycle(false)].flat()).toEqual(['t201480000000', 't201400000000', 't201480000000']);
    report('switchOnDisabled');
    expect([cycle(false), cycle(false)].flat()).toEqual(['t201400000000', 't201400000000']);
    expect([inputs.driveState, inputs.driveErrorCode]).toEqual(['disabled', 0]);
  });

  test('an emergency message names the fault where 603Fh does not', () => {
    const { drive, cycles, report, inputs } = withDouble();
    cycles(100);
    const frame = emptyCanFrame();
    canDataFrame(frame, COB.emcy + 1, 8);
    putLe(frame.data, 0, 2, 0x2310);
    expect(drive.onCanFrame(frame, 0)).toBe(true);
    report('faultReaction');
    expect([inputs.driveState, inputs.driveErrorCode]).toEqual(['fault', 0x2310]);
  });

  test('a drive that falls out of operation by itself is blocked', async () => {
    const rig = createLineRig([bare()]);
    await rig.enable();
    rig.virtual.drives[0]!.faults.wrongMode = true;
    await rig.until(() => rig.joint().driveState === 'disabled', 5);
    await rig.ticks(20);
    expect(rig.virtual.drives[0]!.energised).toBe(false);
  });

  test('a drive that resets in mid-run is set up again, and does not move by itself', async () => {
    const rig = createLineRig([bare()]);
    await rig.enable();
    rig.set(0, { torqueNm: 5 });
    await rig.ticks(10);
    rig.virtual.drives[0]!.reset(rig.clock.nowUs());
    await rig.until(() => rig.joint().driveAgeUs > 40_000, 20);
    await rig.until(() => rig.joint().driveState === 'disabled');
    await rig.ticks(100);
    expect(rig.virtual.drives[0]!.energised).toBe(false);
    expect(rig.loads[0]!.torqueNm).toBe(0);
    await rig.enable();
    await rig.ticks(5);
    expect(rig.loads[0]!.torqueNm).toBeCloseTo(5, 1);
  });

  test('drives that lose their power in mid-run stay released when it is back, whatever waited in the adapter', async () => {
    const rig = createLineRig([bare(), { ...bareMit(2), watchdog: 'proof' }]);
    await rig.enable();
    rig.set(0, { torqueNm: 5 });
    rig.set(1, { torqueNm: 2 });
    await rig.ticks(10);
    for (const drive of rig.virtual.drives) drive.setPower(false, rig.clock.nowUs());
    await rig.ticks(5);
    for (const drive of rig.virtual.drives) drive.setPower(true, rig.clock.nowUs());
    for (let i = 0; i < 400; i++) {
      await rig.tick();
      expect(rig.loads.map((load) => load.torqueNm)).toEqual([0, 0]);
    }
    expect(rig.inputs.joints.map((joint) => joint.driveState)).toEqual(['disabled', 'disabled']);
  });

  test('while this host stalls the drive lets go within its watchdog, and is then set up again and blocked', async () => {
    const rig = createLineRig([bare()]);
    await rig.enable();
    rig.set(0, { torqueNm: 5 });
    rig.loads[0]!.held = true;
    await rig.ticks(10);
    rig.advance(90_000);
    expect(rig.loads[0]!.torqueNm).toBeCloseTo(5, 1);
    rig.advance(15_000);
    expect(rig.loads[0]!.torqueNm).toBe(0);
    await rig.ticks(3);
    expect(rig.joint().driveState).toBe('disabled');
    await rig.until(() => rig.joint().driveState === 'absent', 30);
    await rig.until(() => rig.joint().driveState === 'disabled');
    await rig.ticks(50);
    expect(rig.virtual.drives[0]!.energised).toBe(false);
  });

  test('with bit errors on the way back it comes up, stays enabled, and counts what it threw away', async () => {
    const rig = createLineRig([bare(), { ...bare(), address: 2 }]);
    const random = createRandom(7);
    const write = rig.memory.device.write.bind(rig.memory.device);
    rig.memory.device.write = (bytes) =>
      write(
        bytes.map((byte) => {
          let bits = 0;
          for (let bit = 0; bit < 8; bit++) if (random.next() < 1e-4) bits |= 1 << bit;
          return byte ^ bits;
        }),
      );
    await rig.enable();
    for (let i = 0; i < 2_000; i++) {
      await rig.tick();
      expect(rig.inputs.joints.map((joint) => joint.driveState)).toEqual(['enabled', 'enabled']);
    }
    expect(rig.link.stats.bytesDiscarded).toBeGreaterThan(100);
  });

  test('a pulled cable, and one that is put back: released at both ends until it is armed again', async () => {
    const rig = createLineRig([bare()]);
    await rig.enable();
    rig.memory.device.unplug();
    await rig.ticks(30);
    expect(rig.virtual.drives[0]!.energised).toBe(false);
    rig.memory.device.plug();
    await rig.until(() => rig.joint().driveState === 'disabled');
    await rig.ticks(50);
    expect(rig.virtual.drives[0]!.energised).toBe(false);
  });

  test('one frame that says something else is a reading error; two in a row are believed', () => {
    const { drive, cycle, cycles, report, inputs } = withDouble();
    cycles(100);
    cycle(false);
    report('switchOnDisabled');
    cycle(true);
    report('operationEnabled');
    const frame = emptyCanFrame();
    const say = (id: number, length: number, state: PowerState, mode: number): void => {
      canDataFrame(frame, id, length);
      putLe(frame.data, 0, 2, id === 0x181 ? stateBits(state) : 0);
      putLe(frame.data, 6, 1, id === 0x281 ? mode : 0);
      drive.onCanFrame(frame, 1_600_000);
      drive.read(inputs, 1_600_000);
    };
    say(0x181, 8, 'fault', 0);
    expect(inputs.driveState).toBe('enabled');
    say(0x181, 8, 'operationEnabled', 0);
    say(0x281, 7, 'operationEnabled', 8);
    expect(inputs.driveState).toBe('enabled');
    canDataFrame(frame, 0x701, 1);
    frame.data[0] = 4;
    drive.onCanFrame(frame, 1_600_000);
    drive.read(inputs, 1_600_000);
    expect(inputs.driveState).toBe('enabled');
    say(0x281, 7, 'operationEnabled', 8);
    expect(inputs.driveState).toBe('disabled');
    say(0x181, 8, 'fault', 0);
    say(0x181, 8, 'fault', 0);
    expect(inputs.driveState).toBe('fault');
  });

  test('the farewell releases by SDO, because that is obeyed before the drive is operational too', () => {
    const { drive } = withDouble();
    const frame = emptyCanFrame();
    drive.farewellFrame(frame);
    expect(textOf(frame)).toBe('t60182B40600000000000');
  });
});

describe('values that the drive cannot have', () => {
  const counts = bareCia402(1).countsPerTurn;

  test.each([
    ['a position beyond its range', { counts: 3 * counts }],
    ['a torque beyond its range', { torque: 30_000 }],
    ['a speed beyond its range', { velocity: 2 * counts }],
  ])('%s is refused, counted, and told as none', (_, values: { counts?: number; torque?: number; velocity?: number }) => {
    const { drive, cycles, report, inputs } = withDouble();
    cycles(100);
    report('switchOnDisabled', { counts: 100, velocity: 100 });
    const before = { ...inputs };
    report('switchOnDisabled', values);
    expect(drive.statistics.refused).toBeGreaterThanOrEqual(1);
    expect(inputs.motorPositionRad).toBeNaN();
    expect(inputs.driveSequence).toBeGreaterThan(before.driveSequence);
    expect(inputs.motorTorqueNm).toBe(values.velocity === undefined ? before.motorTorqueNm : 0);
    expect(Math.abs(inputs.motorVelocityRadPerSec)).toBeLessThan(0.1);
    report('switchOnDisabled', { counts: 100, velocity: 100 });
    expect(inputs.motorPositionRad).toBe(before.motorPositionRad);
  });

  test('random frames never throw, and nothing beyond the ranges is published', () => {
    const { drive, cycles, inputs, joint } = withDouble();
    cycles(100);
    const frames = fc.record({ id: fc.constantFrom(0x181, 0x281, 0x581, 0x701, 0x81, 0x182), length: fc.nat(8), data: fc.uint8Array({ minLength: 8, maxLength: 8 }), remote: fc.boolean(), extended: fc.boolean() });
    fc.assert(
      fc.property(frames, ({ data, ...rest }) => {
        const frame: CanFrame = { ...emptyCanFrame(), ...rest };
        frame.data.set(data);
        drive.onCanFrame(frame, 1_500_000);
        drive.read(inputs, 1_500_000);
        expect(Math.abs(inputs.motorPositionRad)).not.toBeGreaterThan(joint.drive.positionRangeRad);
        expect(Math.abs(inputs.motorVelocityRadPerSec)).toBeLessThanOrEqual(joint.drive.velocityRangeRadPerSec);
        expect(Math.abs(inputs.motorTorqueNm)).toBeLessThanOrEqual(joint.drive.torqueRangeNm);
      }),
    );
  });

  test('frames of other nodes are not taken', () => {
    const { drive } = withDouble();
    const frame = emptyCanFrame();
    for (const id of [0x182, 0x282, 0x582, 0x702, 0x082, 0x080, 0x201, 0x601]) {
      canDataFrame(frame, id, 8);
      expect(drive.onCanFrame(frame, 0)).toBe(false);
    }
  });
});

describe('the SDO client', () => {
  test('writes a value of any length to a real server, and reads it back', () => {
    const drive = createLineRig([bare()]).virtual.drives[0] as VirtualCia402;
    drive.step(2_000_000, 0.001);
    const answers: CanFrame[] = [];
    drive.attach((frame) => answers.push({ ...frame, data: frame.data.slice() }) > 0);
    const client = new SdoClient(1);
    const frame = emptyCanFrame();
    const run = (): string => {
      for (let i = 0; i < 30; i++) {
        client.encode(frame);
        drive.onCanFrame(frame, 2_000_000);
        const progress = client.accept(answers.pop()!);
        if (progress !== 'going') return progress;
      }
      return 'endless';
    };
    client.begin(OD.profileVelocity.index, 0, Uint8Array.of(1, 2, 3, 4));
    expect(run()).toBe('done');
    client.begin(OD.profileVelocity.index, 0, null);
    expect([run(), ...client.received]).toEqual(['done', 1, 2, 3, 4]);
    client.begin(0x1008, 0, null);
    expect([run(), String.fromCharCode(...client.received)]).toEqual(['done', 'EPOS4 50/15']);
    client.begin(OD.profileVelocity.index, 0, new Uint8Array(9));
    expect([run(), client.abortCode]).toEqual(['aborted', SDO_ABORT.tooLong]);
  });

  test('takes no answer that is not to its question', () => {
    const client = new SdoClient(1);
    client.begin(0x6041, 0, null);
    const frame = emptyCanFrame();
    canDataFrame(frame, 0x581, 8);
    frame.data.set([0x43, 0x40, 0x60, 0]);
    expect(client.accept(frame)).toBe('other');
    frame.data.set([0x60, 0x41, 0x60, 0]);
    expect(client.accept(frame)).toBe('other');
    frame.data.set([0x80, 0x40, 0x60, 0]);
    expect(client.accept(frame)).toBe('other');
    frame.data.set([0x4b, 0x41, 0x60, 0]);
    expect(client.accept(frame)).toBe('done');
    expect(client.accept(frame)).toBe('other');
  });
});

describe('a warning in the status word', () => {
  test.each([
    ['without a cause stands for a winding half-way between warning and limit', 0, 85],
    ['of the drive’s heat, too', 0x4310, 85],
    ['of the device’s heat, too', 0x4210, 85],
    ['of anything else says nothing of heat', 0x8611, 0],
  ])('%s', (_, error, tempC) => {
    const { cycles, report, inputs } = withDouble();
    cycles(100);
    report('operationEnabled', { error });
    expect(inputs.driveTempC).toBe(0);
    report('operationEnabled', { error, warns: true });
    expect(inputs.driveTempC).toBe(tempC);
    report('operationEnabled', { error });
    expect(inputs.driveTempC).toBe(0);
  });

  test('in one frame alone is a reading error', () => {
    const { drive, cycles, report, inputs } = withDouble();
    cycles(100);
    report('operationEnabled');
    const frame = emptyCanFrame();
    canDataFrame(frame, COB.tpdo[0] + 1, 8);
    putLe(frame.data, 0, 2, stateBits('operationEnabled') | 0x290);
    drive.onCanFrame(frame, 1_500_000);
    drive.read(inputs, 1_500_000);
    expect(inputs.driveTempC).toBe(0);
  });
});
