/** Servos on a bus, asked with the bytes of other people's hosts. */
import { describe, expect, test } from 'vitest';
import { DYNAMIXEL_BOOT_US } from '../../../sim/drives/dynamixel-drive.ts';
import { STEP_US, u16, u32, packet, bench } from './dynamixel-bench.ts';

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
