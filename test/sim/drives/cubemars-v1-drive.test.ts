import { expect, test } from 'vitest';
import type { DriveProfileOf } from '../../../protocols/drive-profile.ts';
import { bareCubemarsV1, CubemarsV1Drive } from '../../../sim/drives/cubemars-v1-drive.ts';
import { bytesOf, frame, hex, i32, servoBench } from './servo-bench.ts';

const GET_VALUES = bytesOf('02 01 04 40 84 03');
const CURRENT_5_A = bytesOf('02 05 06 00 00 13 88 8B 25 03');
const STREAM_ON = bytesOf('02 02 0B 04 9C 7E 03');
const request = (...payload: number[]): Uint8Array => frame(2, 3, payload);

function bench(changes: Partial<DriveProfileOf<'cubemars-v1'>> = {}) {
  const rig = servoBench((joint, send) => new CubemarsV1Drive({ ...bareCubemarsV1(104), ...changes }, joint, send));
  rig.run(200);
  /** By position, as TMotorCANControl's servo_serial.py reads it. */
  const values = () => {
    const reply = Uint8Array.from(rig.ask(GET_VALUES));
    expect([reply.length, reply[0], reply[1], reply[2]]).toEqual([78, 2, 73, 4]);
    const view = new DataView(reply.buffer, 2);
    return { mosTempC: view.getInt16(1) / 10, iqA: view.getInt32(17) / 100, erpm: view.getInt32(23), voltageV: view.getInt16(27) / 10, error: view.getUint8(53), positionDeg: view.getInt32(54) / 1e6, id: view.getUint8(58) };
  };
  return { ...rig, values };
}

test('TMotorCANControl enters: its power-on bytes, all parameters, the position stream', () => {
  const { ask, run, take } = bench();
  const powerOn = bytesOf('40 80 20 02 21 C0');
  const answer = ask(powerOn, powerOn, request(0x32, 0xff, 0xff, 0xff, 0xff), STREAM_ON);
  expect(answer.slice(0, 7)).toEqual([2, 78, 0x32, 0xff, 0xff, 0xff, 0xff]);
  take();
  run(50);
  expect(take().length).toBe(5 * 10);
});

test('the stream carries ten-thousandths of a degree', () => {
  const { ask, run, take, load } = bench();
  load.held = true;
  load.position = Math.PI;
  ask(STREAM_ON);
  run(11);
  expect(hex(take().slice(0, 7))).toBe(`02 05 16 ${hex(i32(1_800_000))}`);
});

test('a selective read brings the fields of its mask, e.g. the MOS temperature', () => {
  const { ask } = bench();
  expect(hex(ask(bytesOf('02 05 32 00 00 00 01 58 4C 03')).slice(0, 9))).toBe('02 07 32 00 00 00 01 00 FA');
});

test('5 A make 31.5 Nm, 0 A release, the id and the current are told', () => {
  const { ask, run, load, values, drive } = bench();
  load.held = true;
  ask(CURRENT_5_A);
  run(20);
  expect(load.torqueNm).toBeCloseTo(31.5);
  expect(values()).toMatchObject({ iqA: 5, error: 0, id: 104, voltageV: 48 });
  ask(request(6, 0, 0, 0, 0));
  expect(drive.energised).toBe(false);
});

test('speed, position, position with speed and duty move the joint', () => {
  const { run, load, values } = bench();
  // 1000 ERPM: ÷ 64 ÷ 21 rev/min.
  run(1_000, bytesOf('02 05 08 00 00 03 E8 2B 58 03'));
  expect(load.velocity).toBeCloseTo((1_000 / 64 / 21 / 60) * 2 * Math.PI, 2);
  run(3_000, bytesOf('02 05 09 0A BA 95 00 1E F7 03'));
  expect(load.position).toBeCloseTo(Math.PI, 2);
  expect(values().positionDeg).toBeCloseTo(180, 0);
  // Back to 0 at 5000 ERPM = 0.39 rad/s: it takes its time.
  const back = request(0x5b, ...i32(0), ...i32(5_000), ...i32(30_000));
  run(4_000, back);
  expect(load.velocity).toBeCloseTo(-(5_000 / 64 / 21 / 60) * 2 * Math.PI, 2);
  run(6_000, back);
  expect(load.position).toBeCloseTo(0, 2);
  run(1_000, bytesOf('02 05 05 00 00 4E 20 29 F6 03'));
  expect(load.velocity / 8).toBeGreaterThan(0.15);
});

test('a brake current holds the place where it was told', () => {
  const { run, load } = bench();
  const brake = request(7, ...i32(5_000));
  run(10, brake);
  load.position = 0.1;
  run(1_000, brake);
  expect(Math.abs(load.position)).toBeLessThan(0.01);
});

test('an origin makes the place zero; a temporary one is gone with the power, a permanent one stays', () => {
  const { run, ask, load, values, drive, now } = bench();
  load.held = true;
  load.position = 1;
  ask(request(0x5f, 0));
  expect(values().positionDeg).toBeCloseTo(0, 5);
  drive.setPower(false, now());
  drive.setPower(true, now());
  run(200);
  expect(values().positionDeg).toBeCloseTo(57.29578, 4);
  ask(bytesOf('02 02 5F 01 0E A0 03'));
  drive.reset(now());
  run(200);
  expect(values().positionDeg).toBeCloseTo(0, 5);
});

test('in single-turn mode positions are 0 … 360°, 0x65 goes to the nearest zero', () => {
  const { run, ask, load, values } = bench();
  load.position = -0.5;
  ask(request(0x5d, 0, 0, 0, 0));
  expect(values().positionDeg).toBeCloseTo(360 - 28.6479, 3);
  ask(bytesOf('02 05 5C 00 00 00 00 9E 19 03'));
  expect(values().positionDeg).toBeCloseTo(-28.6479, 3);
  load.position = 6;
  run(2_000, request(0x65));
  expect(load.position).toBeCloseTo(2 * Math.PI, 2);
});

test('it has no command timeout unless the maker set one, and then releases by it', () => {
  const bare = bench();
  bare.load.held = true;
  bare.ask(CURRENT_5_A);
  bare.run(5_000);
  expect(bare.drive.energised).toBe(true);
  const set = bench({ watchdog: 'proof', watchdogMs: 100 });
  set.load.held = true;
  set.ask(CURRENT_5_A);
  set.run(99);
  expect(set.drive.energised).toBe(true);
  set.run(2);
  expect([set.drive.energised, set.load.torqueNm]).toEqual([false, 0]);
});

test('with another identity it tells another id', () => {
  const { drive, values } = bench();
  drive.faults.wrongIdentity = true;
  expect(values().id).not.toBe(104);
});

test('a drive that faces the other way counts and pushes the other way', () => {
  const { ask, run, load, values } = bench({ direction: -1, zeroOffsetDeg: 90 });
  load.held = true;
  load.position = 0;
  ask(CURRENT_5_A);
  run(5);
  expect(load.torqueNm).toBeCloseTo(-31.5);
  expect(values()).toMatchObject({ iqA: 5 });
  expect(values().positionDeg).toBeCloseTo(90, 4);
});
