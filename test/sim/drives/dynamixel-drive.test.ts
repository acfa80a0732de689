/** Servos on a bus, asked with the bytes of other people's hosts. */
import { describe, expect, test } from 'vitest';
import { crc16Dynamixel } from '../../../protocols/checksums.ts';
import { DxlPacket, DxlSplitter } from '../../../protocols/wire/dynamixel.ts';
import type { DriveProfileOf } from '../../../protocols/drive-profile.ts';
import { bareDynamixel, DYNAMIXEL_BOOT_US, DynamixelDrive } from '../../../sim/drives/dynamixel-drive.ts';
import { DynamixelLine } from '../../../sim/drives/dynamixel-line.ts';
import { TestLoad } from '../../hal/drives/line-rig.ts';

const STEP_US = 250;
const BAUD = 57_600;
const u16 = (value: number): number[] => [value & 0xff, (value >> 8) & 0xff];
const u32 = (value: number): number[] => [...u16(value), ...u16(value >> 16)];

/** A packet as DynamixelSDK makes it; nothing here needs stuffing. */
function packet(id: number, instruction: number, ...parameters: number[]): number[] {
  const bytes = [0xff, 0xff, 0xfd, 0, id, ...u16(parameters.length + 3), instruction, ...parameters];
  return [...bytes, ...u16(crc16Dynamixel(Uint8Array.from(bytes)))];
}

interface Status {
  readonly id: number;
  readonly error: number;
  readonly data: number[];
  readonly atUs: number;
}

function bench(count = 1, change: (profile: DriveProfileOf<'dynamixel2'>) => DriveProfileOf<'dynamixel2'> = (profile) => profile) {
  const loads = Array.from({ length: count }, () => new TestLoad(0.05, 0.05));
  const servos = loads.map((load, i) => new DynamixelDrive(change(bareDynamixel(i + 1)), load, BAUD));
  const raw: number[] = [];
  const answers: Status[] = [];
  const parsed = new DxlPacket();
  let nowUs = 0;
  const splitter = new DxlSplitter({
    onFrame: (frame) => {
      parsed.load(frame);
      answers.push({ id: parsed.id, error: parsed.u8(0), data: [...parsed.parameters.subarray(1, parsed.count)], atUs: nowUs });
    },
    onDiscarded: () => {},
  });
  const line = new DynamixelLine(servos, BAUD, (bytes) => {
    raw.push(...bytes);
    splitter.push(bytes);
  });
  const advance = (us: number): void => {
    for (const end = nowUs + us; nowUs < end; ) {
      nowUs += STEP_US;
      line.step(nowUs);
      if (nowUs % 1_000 !== 0) continue;
      for (const servo of servos) servo.step(nowUs, 0.001);
      for (const load of loads) load.step(0.001);
    }
  };
  /** Sends, and gives the status packets that come within the time. */
  const ask = (bytes: readonly number[], waitUs = 5_000): Status[] => {
    answers.length = 0;
    raw.length = 0;
    const askedUs = nowUs;
    line.receive(Uint8Array.from(bytes), nowUs);
    advance(waitUs);
    return answers.map((answer) => ({ ...answer, atUs: answer.atUs - askedUs }));
  };
  const write = (id: number, address: number, ...data: number[]): number => ask(packet(id, 0x03, ...u16(address), ...data))[0]?.error ?? -1;
  const read = (id: number, address: number, length: number): number[] => ask(packet(id, 0x02, ...u16(address), ...u16(length)))[0]?.data ?? [];
  const i32 = (id: number, address: number): number => new DataView(Uint8Array.from(read(id, address, 4)).buffer).getInt32(0, true);
  for (const servo of servos) servo.setPower(true, nowUs);
  advance(DYNAMIXEL_BOOT_US + 1_000);
  return { line, servos, loads, raw, ask, advance, write, read, i32 };
}

describe('identity', () => {
  test('a ping is answered after the return delay with model number and firmware', () => {
    const { ask, raw } = bench();
    const answers = ask(packet(1, 0x01));
    expect(answers).toEqual([{ id: 1, error: 0, data: [...u16(1_020), 45], atUs: 500 }]);
    expect(raw).toEqual(packet(1, 0x55, 0, ...u16(1_020), 45));
  });

  test('a broadcast ping is answered by every servo in the slot of its id, 14 bytes each', () => {
    const { ask, raw } = bench(3);
    const answers = ask(packet(254, 0x01), 20_000);
    expect(answers.map(({ id, atUs }) => [id, atUs])).toEqual([
      [1, 3_500],
      [2, 6_500],
      [3, 9_500],
    ]);
    expect(raw).toHaveLength(3 * 14);
  });

  test('nobody answers a ping for an id that is not there, or before it has booted', () => {
    const { ask, servos, advance } = bench();
    expect(ask(packet(7, 0x01))).toEqual([]);
    servos[0]!.reset(0);
    expect(ask(packet(1, 0x01))).toEqual([]);
    advance(DYNAMIXEL_BOOT_US + DYNAMIXEL_BOOT_US);
    expect(ask(packet(1, 0x01))).toHaveLength(1);
  });

  test('models of other families tell their own number and have their own table', () => {
    const xl330 = bench(1, (profile) => ({ ...profile, modelNumber: 1_200, currentUnitMa: 1 }));
    expect(xl330.ask(packet(1, 0x01))[0]!.data.slice(0, 2)).toEqual(u16(1_200));
    expect(xl330.read(1, 168, 2)).toEqual(u16(208));
    const xl430 = bench(1, (profile) => ({ ...profile, modelNumber: 1_060 }));
    expect(xl430.write(1, 102, ...u16(10))).toBe(7);
    expect(xl430.write(1, 11, 0)).toBe(4);
  });
});

describe('control table', () => {
  test('a read gives the bytes of any range, and a read of nothing that exists is an access error', () => {
    const { ask, read } = bench();
    expect(read(1, 132, 4)).toEqual(u32(2_048));
    expect(read(1, 64, 84)).toHaveLength(84);
    expect(ask(packet(1, 0x02, ...u16(300), ...u16(4)))).toEqual([{ id: 1, error: 7, data: [], atUs: 500 }]);
  });

  test('errors are those of the manual: range, length, limit, access, instruction, checksum', () => {
    const { ask, write } = bench();
    expect(write(1, 9, 255)).toBe(4);
    expect(write(1, 116, 1, 2)).toBe(5);
    expect(write(1, 102, ...u16(1_193))).toBe(0);
    expect(write(1, 38, ...u16(100))).toBe(0);
    expect(write(1, 102, ...u16(101))).toBe(6);
    expect(write(1, 132, ...u32(0))).toBe(7);
    expect(write(1, 66, 1)).toBe(7);
    expect(ask(packet(1, 0x77))[0]!.error).toBe(2);
    const wrong = packet(1, 0x01);
    wrong[9]! ^= 0xff;
    expect(ask(wrong)[0]!.error).toBe(3);
  });

  test('the EEPROM is locked while torque is on', () => {
    const { write, read } = bench();
    expect(write(1, 64, 1)).toBe(0);
    expect(write(1, 11, 0)).toBe(7);
    expect(write(1, 64, 0)).toBe(0);
    expect(write(1, 11, 0)).toBe(0);
    expect(read(1, 11, 1)).toEqual([0]);
  });

  test('status return level 1 answers only ping and read, level 0 only ping', () => {
    const { ask, write, read } = bench();
    expect(write(1, 68, 1)).toBe(0);
    expect(write(1, 65, 1)).toBe(-1);
    expect(read(1, 65, 1)).toEqual([1]);
    write(1, 68, 0);
    expect(read(1, 65, 1)).toEqual([]);
    expect(ask(packet(1, 0x01))).toHaveLength(1);
  });

  test('the id changes at once and the answer still has the old one', () => {
    const { ask, write } = bench();
    expect(ask(packet(1, 0x03, ...u16(7), 9))[0]!.id).toBe(1);
    expect(ask(packet(9, 0x01))[0]!.id).toBe(9);
    expect(write(1, 65, 1)).toBe(-1);
  });

  test('the return delay is 2 µs per unit', () => {
    const { ask, write } = bench();
    write(1, 9, 0);
    expect(ask(packet(1, 0x01))[0]!.atUs).toBeLessThanOrEqual(STEP_US);
    write(1, 9, 250);
    expect(ask(packet(1, 0x01))[0]!.atUs).toBe(500);
  });

  test('indirect bytes stand for what their addresses name, in both areas', () => {
    const { write, read } = bench();
    expect(write(1, 168, ...u16(132), ...u16(133), ...u16(134), ...u16(135), ...u16(65))).toBe(0);
    expect(read(1, 224, 4)).toEqual(u32(2_048));
    expect(write(1, 228, 1)).toBe(0);
    expect(read(1, 65, 1)).toEqual([1]);
    expect(write(1, 578, ...u16(116), ...u16(117), ...u16(118), ...u16(119))).toBe(0);
    expect(write(1, 634, ...u32(1_000))).toBe(0);
    expect(read(1, 116, 4)).toEqual(u32(1_000));
    expect(write(1, 634, 1, 2)).toBe(5);
    expect(write(1, 168, ...u16(7))).toBe(4);
  });

  test('a registered write waits for the action, and an action without one is an instruction error', () => {
    const { ask, read } = bench();
    expect(ask(packet(1, 0x05))[0]!.error).toBe(2);
    expect(ask(packet(1, 0x04, ...u16(65), 1))[0]!.error).toBe(0);
    expect(read(1, 65, 5)).toEqual([0, 0, 0, 2, 1]);
    expect(ask(packet(1, 0x05))[0]!.error).toBe(0);
    expect(read(1, 65, 5)).toEqual([1, 0, 0, 2, 0]);
  });

  test('a factory reset keeps what its option says, and all servos at once cannot be given one id', () => {
    const { ask, write, read } = bench(2);
    write(2, 31, 50);
    expect(ask(packet(254, 0x06, 0xff), 500_000)).toEqual([]);
    expect(read(2, 31, 1)).toEqual([50]);
    expect(ask(packet(2, 0x06, 0x01), 500_000)[0]!.error).toBe(0);
    expect(read(2, 31, 1)).toEqual([80]);
    expect(read(2, 8, 1)).toEqual([1]);
  });
});

describe('reads and writes of several servos', () => {
  test('a sync read is answered in the order of its list, one after the other', () => {
    const { ask } = bench(3);
    const answers = ask(packet(254, 0x82, ...u16(132), ...u16(4), 3, 1, 2), 20_000);
    expect(answers.map(({ id, error, data }) => [id, error, data])).toEqual([3, 1, 2].map((id) => [id, 0, u32(2_048)]));
    // A status packet of 15 bytes takes 2.6 ms at 57 600 baud, and the next servo waits its 0.5 ms.
    expect(answers[1]!.atUs - answers[0]!.atUs).toBeGreaterThanOrEqual(2_604 + 500 - STEP_US);
  });

  test('the answers to a sync read end at a servo that is missing', () => {
    const { ask } = bench(3);
    expect(ask(packet(254, 0x82, ...u16(132), ...u16(4), 1, 7, 2), 20_000).map(({ id }) => id)).toEqual([1]);
  });

  test('a fast sync read is answered by one packet of id 254 with a block per servo', () => {
    const { ask, raw } = bench(2);
    const [answer] = ask(packet(254, 0x8a, ...u16(132), ...u16(4), 1, 2), 20_000);
    expect(raw).toHaveLength(8 + 2 * 8);
    expect(raw.slice(0, 10)).toEqual([0xff, 0xff, 0xfd, 0, 0xfe, 2 * 8 + 1, 0, 0x55, 0, 1]);
    expect(answer).toMatchObject({ id: 254, error: 0 });
    expect(answer!.data.slice(0, 5)).toEqual([1, ...u32(2_048)]);
    expect(answer!.data.slice(7, 13)).toEqual([0, 2, ...u32(2_048)]);
  });

  test('a fast sync read with a servo missing is never completed', () => {
    const { ask, raw } = bench(2);
    expect(ask(packet(254, 0x8a, ...u16(132), ...u16(4), 1, 7, 2), 20_000)).toEqual([]);
    expect(raw).toHaveLength(8 + 8);
    expect(ask(packet(254, 0x8a, ...u16(132), ...u16(4), 7, 1), 80_000)).toEqual([]);
    expect(raw).toHaveLength(0);
  });

  test('bulk reads, plain and fast, read each servo elsewhere', () => {
    const { ask, raw } = bench(2);
    const entries = [1, ...u16(144), ...u16(2), 2, ...u16(146), ...u16(1)];
    expect(ask(packet(254, 0x92, ...entries), 20_000).map(({ id, data }) => [id, data])).toEqual([
      [1, u16(120)],
      [2, [25]],
    ]);
    ask(packet(254, 0x9a, ...entries), 20_000);
    expect(raw).toHaveLength(8 + (2 + 4) + (1 + 4));
  });

  test('sync and bulk writes are silent and reach everyone who is listed', () => {
    const { ask, read } = bench(3);
    expect(ask(packet(254, 0x83, ...u16(65), ...u16(1), 1, 1, 3, 1), 20_000)).toEqual([]);
    expect([1, 2, 3].map((id) => read(id, 65, 1)[0])).toEqual([1, 0, 1]);
    expect(ask(packet(254, 0x93, 1, ...u16(65), ...u16(1), 0, 2, ...u16(112), ...u16(4), ...u32(77)), 20_000)).toEqual([]);
    expect(read(1, 65, 1)).toEqual([0]);
    expect(read(2, 112, 4)).toEqual(u32(77));
  });
});

describe('motion', () => {
  test('position control goes where it is told, within its profile velocity and its position limits', () => {
    const { write, i32, advance, loads } = bench();
    expect(write(1, 64, 1)).toBe(0);
    expect(write(1, 116, ...u32(5_000))).toBe(6);
    expect(write(1, 112, ...u32(20))).toBe(0);
    expect(write(1, 116, ...u32(2_560))).toBe(0);
    advance(500_000);
    // 20 units of 0.229 rpm are 0.48 rad/s; the way is 0.785 rad.
    expect(loads[0]!.position).toBeGreaterThan(0.1);
    expect(loads[0]!.position).toBeLessThan(0.26);
    advance(3_000_000);
    expect(Math.abs(i32(1, 132) - 2_560)).toBeLessThan(12);
  });

  test('velocity, PWM, current and current-based position control move it as they should', () => {
    const { write, advance, loads, i32 } = bench();
    write(1, 11, 1);
    write(1, 64, 1);
    write(1, 104, ...u32(100));
    advance(2_000_000);
    expect(Math.abs(i32(1, 128) - 100)).toBeLessThan(8);
    write(1, 64, 0);
    write(1, 11, 16);
    write(1, 64, 1);
    write(1, 100, ...u16(-443));
    advance(1_000_000);
    expect(loads[0]!.velocity).toBeLessThan(-1);
    write(1, 64, 0);
    write(1, 11, 0);
    write(1, 64, 1);
    loads[0]!.held = true;
    write(1, 102, ...u16(100));
    advance(20_000);
    expect(loads[0]!.torqueNm).toBeCloseTo(0.269 * (4.1 / 2.3), 3);
    write(1, 64, 0);
    write(1, 11, 5);
    write(1, 102, ...u16(50));
    write(1, 64, 1);
    write(1, 116, ...u32(i32(1, 132) + 1_000));
    advance(100_000);
    expect(loads[0]!.torqueNm).toBeCloseTo(0.1345 * (4.1 / 2.3), 3);
  });

  test('when torque comes on the goal is where it stands, and goals are not obeyed without torque', () => {
    const { write, read, advance, loads } = bench();
    expect(write(1, 116, ...u32(3_000))).toBe(0);
    advance(100_000);
    expect(loads[0]!.torqueNm).toBe(0);
    write(1, 64, 1);
    expect(read(1, 116, 4)).toEqual(u32(2_048));
    advance(100_000);
    expect(loads[0]!.position).toBeCloseTo(0, 2);
  });

  test('the turn counter is cleared at rest and not in motion', () => {
    const { ask, write, advance, i32, loads } = bench();
    const clear = packet(1, 0x10, 0x01, 0x44, 0x58, 0x4c, 0x22);
    write(1, 11, 4);
    loads[0]!.position += 2 * Math.PI * 3;
    expect(i32(1, 132)).toBe(2_048 + 3 * 4_096);
    loads[0]!.velocity = 2;
    expect(ask(clear)[0]!.error).toBe(1);
    loads[0]!.velocity = 0;
    loads[0]!.held = true;
    advance(5_000);
    expect(ask(clear)[0]!.error).toBe(0);
    expect(i32(1, 132)).toBeLessThan(4_096);
  });
});

describe('safety of its own', () => {
  test('the bus watchdog is off by default, trips to −1, makes goals read-only and is cleared by 0', () => {
    const { write, read, advance, servos, loads } = bench();
    expect(read(1, 98, 1)).toEqual([0]);
    write(1, 11, 0);
    write(1, 64, 1);
    loads[0]!.held = true;
    expect(write(1, 98, 5)).toBe(0);
    write(1, 102, ...u16(100));
    advance(60_000);
    expect(servos[0]!.energised).toBe(true);
    expect(loads[0]!.torqueNm).toBeGreaterThan(0.4);
    advance(60_000);
    expect(loads[0]!.torqueNm).toBe(0);
    expect(servos[0]!.energised).toBe(false);
    expect(read(1, 98, 1)).toEqual([0xff]);
    expect(write(1, 102, ...u16(100))).toBe(4);
    expect(write(1, 98, 5)).toBe(4);
    expect(write(1, 98, 0)).toBe(0);
    expect(write(1, 102, ...u16(100))).toBe(0);
  });

  test('a tripped watchdog in position control stops and holds', () => {
    const { write, read, advance, loads } = bench();
    write(1, 64, 1);
    write(1, 112, ...u32(10));
    write(1, 98, 5);
    write(1, 116, ...u32(4_000));
    advance(150_000);
    const stoppedAt = loads[0]!.position;
    advance(1_000_000);
    expect(Math.abs(loads[0]!.position - stoppedAt)).toBeLessThan(0.05);
    expect(read(1, 98, 1)).toEqual([0xff]);
    expect(read(1, 112, 4)).toEqual(u32(0));
  });

  test('overheating and overload shut it down with the alert bit until it is rebooted', () => {
    const { ask, write, read, advance, loads, servos } = bench();
    write(1, 11, 0);
    write(1, 31, 26);
    write(1, 64, 1);
    loads[0]!.held = true;
    write(1, 102, ...u16(800));
    advance(3_000_000);
    expect(servos[0]!.energised).toBe(false);
    expect(read(1, 70, 1)).toEqual([0x04]);
    expect(ask(packet(1, 0x01))[0]!.error).toBe(0x80);
    expect(write(1, 64, 1)).toBe(0x81);
    expect(ask(packet(1, 0x08))[0]!.error).toBe(0);
    expect(ask(packet(1, 0x01))).toEqual([]);
    advance(DYNAMIXEL_BOOT_US);
    expect(read(1, 64, 7)).toEqual([0, 0, 0, 0, 2, 0, 0]);
    // EEPROM has survived.
    expect(read(1, 31, 1)).toEqual([26]);
  });

  test('a lasting full load is an overload', () => {
    const { write, read, advance, loads } = bench();
    write(1, 11, 16);
    write(1, 64, 1);
    loads[0]!.held = true;
    write(1, 100, ...u16(885));
    advance(4_000_000);
    expect(read(1, 70, 1)).toEqual([0x20]);
    expect(loads[0]!.torqueNm).toBe(0);
  });

  test('without power it is silent and limp', () => {
    const { ask, write, servos, loads, advance } = bench();
    write(1, 64, 1);
    loads[0]!.position = 0.3;
    advance(2_000);
    expect(loads[0]!.torqueNm).not.toBe(0);
    servos[0]!.setPower(false, 0);
    advance(2_000);
    expect(loads[0]!.torqueNm).toBe(0);
    expect(ask(packet(1, 0x01))).toEqual([]);
  });

  test('its faults show on the wire as the contract says', () => {
    const { ask, write, read, servos, loads } = bench();
    const { faults } = servos[0]!;
    faults.wrongIdentity = true;
    expect(ask(packet(1, 0x01))[0]!.data.slice(0, 2)).toEqual(u16(1_021));
    faults.wrongMode = true;
    expect(read(1, 11, 1)).toEqual([1]);
    faults.wrongMode = false;
    expect(read(1, 11, 1)).toEqual([3]);
    faults.ignoresCommands = true;
    expect(write(1, 64, 1)).toBe(0);
    expect(read(1, 64, 1)).toEqual([0]);
    faults.frozenReport = true;
    loads[0]!.position = 1;
    expect(read(1, 132, 4)).toEqual(u32(2_048));
  });
});

test('two servos with one id spoil each other as soon as they do not say the same', () => {
  const { ask, loads } = bench(2, (profile) => ({ ...profile, address: 1 }));
  expect(ask(packet(1, 0x01))).toHaveLength(1);
  loads[1]!.position = 0.3;
  expect(ask(packet(254, 0x82, ...u16(132), ...u16(4), 1))).toEqual([]);
});

test('half a packet is forgotten when its rest does not come, so the next one is heard', () => {
  const { ask, advance } = bench();
  ask(packet(1, 0x01).slice(0, 6));
  advance(100_000);
  expect(ask(packet(1, 0x01))).toHaveLength(1);
});
