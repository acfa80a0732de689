import { describe, expect, test } from 'vitest';
import { DYNAMIXEL_BOOT_US } from '../../../sim/drives/dynamixel-drive.ts';
import { u16, u32, packet, bench } from './dynamixel-bench.ts';

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
