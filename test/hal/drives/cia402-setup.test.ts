import { describe, expect, test } from 'vitest';
import { cia402BusFrames } from '../../../hal/drives/cia402-drive.ts';
import { putLe, SDO_ABORT } from '../../../protocols/wire/canopen.ts';
import { emptyCanFrame } from '../../../protocols/wire/slcan.ts';
import { bareCia402 } from '../../../sim/drives/cia402-drive.ts';
import { bareMit } from '../../../sim/drives/mit-drive.ts';
import { bare, withDouble } from './cia402-double.ts';
import { key, textOf } from './canopen-double.ts';
import { createLineRig } from './line-rig.ts';

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
