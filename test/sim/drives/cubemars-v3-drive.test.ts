import { describe, expect, test } from 'vitest';
import type { DriveProfileOf } from '../../../protocols/drive-profile.ts';
import { bareCubemarsV3, CubemarsV3Drive } from '../../../sim/drives/cubemars-v3-drive.ts';
import { bytesOf, frame, hex, i32, servoBench } from './servo-bench.ts';

const GET_VALUES = bytesOf('AA 01 45 18 61 BB');
const CURRENT_5_A = bytesOf('AA 05 47 00 00 13 88 30 1C BB');
const request = (...payload: number[]): Uint8Array => frame(0xaa, 0xbb, payload);
const impedance = (positionRad: number, velocity: number, currentA: number, kp: number, kd: number): Uint8Array =>
  request(0x60, ...[positionRad, velocity, currentA, kp, kd].flatMap((value) => i32(value * 1_000)));

function bench(changes: Partial<DriveProfileOf<'cubemars-v3'>> = {}) {
  const rig = servoBench((joint, send) => new CubemarsV3Drive({ ...bareCubemarsV3(7), ...changes }, joint, send));
  rig.run(200);
  return rig;
}

/** By position, as motor-module's parser reads the payload behind the command. */
function parsed(reply: readonly number[], positionType: 'float' | 'microDegrees') {
  const view = new DataView(Uint8Array.from(reply).buffer, 3);
  const long = reply.length === 90;
  return {
    mosTempC: view.getInt16(0) / 10,
    iqA: view.getInt32(16) / 100,
    erpm: view.getInt32(22),
    status: view.getUint8(52),
    positionDeg: positionType === 'float' ? view.getFloat32(53) : view.getInt32(53) / 1e6,
    id: view.getUint8(57),
    controlMode: long ? view.getInt32(72) : null,
    encoderDeg: long ? view.getFloat32(76) : null,
    outerEncoderDeg: long ? view.getFloat32(80) : null,
  };
}

describe.each([
  { statusBytes: 85, positionType: 'float' },
  { statusBytes: 85, positionType: 'microDegrees' },
  { statusBytes: 73, positionType: 'float' },
  { statusBytes: 73, positionType: 'microDegrees' },
] as const)('a drive whose status has $statusBytes bytes and its position as $positionType', (reading) => {
  test('tells it so, in the full status and in the stream', () => {
    const { ask, load, run, take } = bench(reading);
    load.held = true;
    load.position = -0.5;
    const reply = ask(GET_VALUES);
    expect([reply[0], reply[1], reply.length, reply.at(-1)]).toEqual([0xaa, reading.statusBytes, reading.statusBytes + 5, 0xbb]);
    const values = parsed(reply, reading.positionType);
    expect(values.positionDeg).toBeCloseTo(-28.6479, 4);
    expect(values).toMatchObject({ id: 7, status: 0, mosTempC: 25 });
    ask(bytesOf('AA 02 4C 04 08 25 BB'));
    run(31);
    const stream = take();
    expect(stream.length).toBe(3 * 10);
    expect(hex(stream.slice(0, 3))).toBe('AA 05 57');
    const view = new DataView(Uint8Array.from(stream).buffer, 3);
    expect(reading.positionType === 'float' ? view.getFloat32(0) : view.getInt32(0) / 1e6).toBeCloseTo(-28.6479, 4);
  });
});

test('motor-module: a bare position request is answered once, set-points are not answered', () => {
  const { ask } = bench();
  const reply = ask(request(0x4c));
  expect([reply[0], reply[2], reply.length, reply.at(-1)]).toEqual([0xaa, 0x57, 10, 0xbb]);
  expect(ask(request(0x46, ...i32(0)), request(0x47, ...i32(0)), request(0x49, ...i32(0)))).toEqual([]);
});

test('the selective read of the manual: MOS temperature, and the position always in millionths of a degree', () => {
  const { ask, load } = bench();
  expect(hex(ask(bytesOf('AA 05 13 00 00 00 01 FA A9 BB')).slice(0, 9))).toBe('AA 07 13 00 00 00 01 00 FA');
  load.position = Math.PI / 2;
  expect(hex(ask(request(0x13, 0, 1, 0, 0)).slice(7, 11))).toBe(hex(i32(90_000_000)));
});

test('the long status ends with the angles of both encoders: of the rotor, and of the joint', () => {
  const { ask, load } = bench();
  load.position = -0.5;
  const { encoderDeg, outerEncoderDeg } = parsed(ask(GET_VALUES), 'float');
  expect(outerEncoderDeg).toBeCloseTo(-28.6479, 4);
  expect(encoderDeg).toBeCloseTo(360 - ((28.6479 * 9) % 360), 2);
});

describe('impedance', () => {
  test('a velocity with a damping turns at it, the other way round with the other sign', () => {
    const { run, load } = bench();
    run(3_000, bytesOf('AA 15 60 00 00 00 00 00 00 17 70 00 00 00 00 00 00 00 00 00 00 07 D0 93 DA BB'));
    // 6 rad/s against the joint's own friction.
    expect(load.velocity).toBeCloseTo((6 * 2) / 2.5, 1);
    run(3_000, bytesOf('AA 15 60 00 00 00 00 FF FF E8 90 00 00 00 00 00 00 00 00 00 00 07 D0 87 5C BB'));
    expect(load.velocity).toBeCloseTo((-6 * 2) / 2.5, 1);
  });

  test('a position with gains is a spring and damper at the joint, a current adds its torque', () => {
    const { run, load } = bench();
    run(2_000, impedance(0.5, 0, 0, 100, 4));
    expect(load.position).toBeCloseTo(0.5, 3);
    run(2_000, impedance(0.5, 0, 10, 100, 4));
    expect(load.position).toBeCloseTo(0.5 + (10 * 1.43) / 100, 3);
  });

  test('gains of a current make as much more torque as the torque constant says', () => {
    const torques = (['nmPerRad', 'amperePerRad'] as const).map((gainUnit) => {
      const { run, load } = bench({ gainUnit });
      load.held = true;
      run(5, impedance(0.1, 0, 0, 50, 0));
      return load.torqueNm;
    });
    expect(torques[0]).toBeCloseTo(5);
    expect(torques[1]).toBeCloseTo(5 * 1.43);
  });

  test('gains beyond the ranges of the manual are held to them, torque to the peak', () => {
    const { run, load } = bench();
    load.held = true;
    run(5, impedance(0.05, 0, 0, 5_000, 0));
    expect(load.torqueNm).toBeCloseTo(25);
    run(5, impedance(1, 0, 0, 500, 0));
    expect(load.torqueNm).toBeCloseTo(48);
  });

  test('the control mode is told in the long status', () => {
    const { run, ask } = bench();
    run(5, impedance(0, 0, 0, 1, 1));
    expect(parsed(ask(GET_VALUES), 'float').controlMode).toBe(96);
    run(5, CURRENT_5_A);
    expect(parsed(ask(GET_VALUES), 'float').controlMode).toBe(2);
  });
});

test('current, speed, position and position with speed move the joint; 0 A release', () => {
  const { run, load, ask, drive } = bench();
  load.held = true;
  run(5, CURRENT_5_A);
  expect(load.torqueNm).toBeCloseTo(5 * 1.43);
  load.held = false;
  run(1_500, request(0x49, ...i32(5_000)));
  expect(load.velocity).toBeCloseTo((5_000 / 9 / 21 / 60) * 2 * Math.PI, 1);
  run(4_000, bytesOf('AA 05 4A 05 5D 4A 80 84 93 BB'));
  expect(load.position).toBeCloseTo(Math.PI / 2, 2);
  run(5_000, bytesOf('AA 0D 3C 00 02 BF 20 00 00 13 88 00 00 75 30 18 1C BB'));
  expect(load.position).toBeCloseTo(Math.PI, 2);
  ask(request(0x47, 0, 0, 0, 0));
  run(2);
  expect([drive.energised, load.torqueNm]).toEqual([false, 0]);
});

test('an origin makes the place zero', () => {
  const { load, ask } = bench();
  load.position = 1;
  ask(request(0x40, 1));
  expect(parsed(ask(GET_VALUES), 'float').positionDeg).toBeCloseTo(0, 5);
});

test('as it leaves the factory it has no command timeout: it goes on for ever', () => {
  const { run, ask, drive, load } = bench();
  load.held = true;
  ask(impedance(0.1, 0, 0, 100, 1));
  run(10_000);
  expect(drive.energised).toBe(true);
  expect(load.torqueNm).toBeCloseTo(10);
});

test('with a timeout set in the maker’s tool it releases by it', () => {
  const { run, ask, drive } = bench({ watchdog: 'proof', watchdogMs: 80 });
  ask(impedance(0.1, 0, 0, 100, 1));
  run(79);
  expect(drive.energised).toBe(true);
  run(2);
  expect(drive.energised).toBe(false);
});

test('after a reset it is silent, then released', () => {
  const { run, ask, drive, now } = bench();
  run(20, impedance(0.1, 0, 0, 100, 1));
  drive.reset(now());
  expect(ask(GET_VALUES)).toEqual([]);
  run(200);
  expect(ask(GET_VALUES).length).toBe(90);
  expect(drive.energised).toBe(false);
});

test('a hot motor stops with fault 6', () => {
  const { run, ask, drive } = bench({ tempWarnC: 24, tempLimitC: 25 });
  run(20, CURRENT_5_A);
  expect(drive.energised).toBe(false);
  expect(parsed(ask(GET_VALUES), 'float').status).toBe(6);
});

test('in the wrong mode an impedance is a stiff position; other faults as its sisters have them', () => {
  const { run, load, drive, ask } = bench();
  drive.faults.wrongMode = true;
  run(2_000, impedance(0.5, 0, 0, 1, 1));
  expect(load.position).toBeCloseTo(0.5, 2);
  expect(parsed(ask(GET_VALUES), 'float').controlMode).toBe(4);
  drive.faults.wrongIdentity = true;
  expect(parsed(ask(GET_VALUES), 'float').id).toBe(8);
  drive.faults.frozenReport = true;
  const before = ask(GET_VALUES).slice();
  run(500, request(0x49, ...i32(3_000)));
  expect(ask(GET_VALUES)).toEqual(before);
});
