import { describe, expect, test } from 'vitest';
import { bareVesc, VescDrive } from '../../../sim/drives/vesc-drive.ts';
import type { DriveProfileOf } from '../../../protocols/drive-profile.ts';
import { bytesOf, frame, hex, i32, servoBench } from './servo-bench.ts';

const request = (...payload: number[]): Uint8Array => frame(2, 3, payload);
const GET_VALUES = bytesOf('02 01 04 40 84 03');
const ALIVE = bytesOf('02 01 1E F3 FF 03');
const CURRENT_1_5_A = bytesOf('02 05 06 00 00 05 DC 38 81 03');
const RELEASE = request(6, 0, 0, 0, 0);

function bench(changes: Partial<DriveProfileOf<'vesc'>> = {}) {
  const rig = servoBench((joint, send) => new VescDrive({ ...bareVesc(104), ...changes }, joint, send));
  rig.run(200);
  /** The full reply by position, as PyVESC reads it. */
  const values = () => {
    const reply = Uint8Array.from(rig.ask(GET_VALUES));
    expect([reply.length, reply[0], reply[1], reply[2]]).toEqual([79, 2, 74, 4]);
    const view = new DataView(reply.buffer, 3);
    return {
      motorTempC: view.getInt16(2) / 10,
      currentA: view.getInt32(4) / 100,
      qCurrentA: view.getInt32(16) / 100,
      erpm: view.getInt32(22),
      voltageV: view.getInt16(26) / 10,
      tachometer: view.getInt32(44),
      fault: view.getUint8(52),
      positionDeg: view.getInt32(53) / 1e6,
      id: view.getUint8(57),
      status: view.getUint8(72),
    };
  };
  return { ...rig, values };
}

describe('another host finds it', () => {
  test('silent while it boots and without power', () => {
    const rig = servoBench((joint, send) => new VescDrive(bareVesc(104), joint, send));
    rig.run(100);
    expect(rig.ask(GET_VALUES)).toEqual([]);
    rig.run(100);
    expect(rig.ask(GET_VALUES).length).toBe(79);
    rig.drive.setPower(false, rig.now());
    expect(rig.ask(GET_VALUES)).toEqual([]);
  });

  test('by its firmware version, hardware name and serial number', () => {
    const { ask, drive } = bench();
    const reply = ask(bytesOf('02 01 00 00 00 03'));
    expect(hex(reply.slice(2, 12))).toBe('00 06 05 36 30 5F 4D 4B 36 00');
    expect(hex(reply.slice(12, 24))).toBe(`68 ${'55 '.repeat(11).trim()}`);
    drive.faults.wrongIdentity = true;
    const other = ask(bytesOf('02 01 00 00 00 03'));
    expect(hex(other.slice(5, 9))).toBe('34 31 30 00');
    expect(other.slice(9, 21)).not.toEqual(reply.slice(12, 24));
  });

  test('by all its values, by some, and by one', () => {
    const { values, ask } = bench();
    expect(values()).toMatchObject({ motorTempC: 25, voltageV: 48, fault: 0, id: 104, status: 0, erpm: 0 });
    expect(ask(bytesOf('02 05 32 00 01 81 AB 53 75 03')).length).toBe(5 + 5 + 2 + 2 + 4 + 4 + 4 + 2 + 1 + 4);
    expect(hex(ask(request(0x32, 0, 2, 0, 0)).slice(2, 8))).toBe('32 00 02 00 00 68');
    expect(ask(request(0x32, 0xff, 0xff, 0xff, 0xff)).length).toBe(5 + 5 + 73);
  });

  test('by the set-up values of VESC Tool, all and selected', () => {
    const { ask } = bench();
    const all = ask(request(47));
    expect(all.length - 5).toBe(1 + 2 + 2 + 4 + 4 + 2 + 4 + 4 + 2 + 2 + 4 * 4 + 4 + 4 + 4 + 1 + 1 + 1 + 4 + 4 + 4);
    // Bit 7 input voltage, bit 17 id, bit 21 time since start.
    const some = ask(request(51, 0x00, 0x22, 0x00, 0x80));
    expect(hex(some.slice(2, 10))).toBe('33 00 22 00 80 01 E0 68');
    expect(new DataView(Uint8Array.from(some).buffer).getUint32(10)).toBe(200);
  });

  test('it answers a CAN ping with nobody, and leaves other commands and broken frames alone', () => {
    const { ask } = bench();
    expect(hex(ask(request(62)))).toBe(hex(frame(2, 3, [62])));
    expect(ask(request(14), request(34, 1, 4), ALIVE, request(12, 0, 0), bytesOf('02 01 04 40 85 03'), request(51), request(50), request(48, 0))).toEqual([]);
  });
});

describe('set-points', () => {
  test('a current makes its torque, and 0 A releases', () => {
    const { drive, load, run, ask, values } = bench();
    load.held = true;
    expect(values().qCurrentA).toBe(0);
    ask(CURRENT_1_5_A);
    run(50);
    expect(drive.energised).toBe(true);
    expect(load.torqueNm).toBeCloseTo(1.5 * 0.8);
    // The average since it was last asked.
    expect(values().qCurrentA).toBeCloseTo(1.5);
    ask(RELEASE);
    run(2);
    expect(drive.energised).toBe(false);
    expect(load.torqueNm).toBe(0);
  });

  test('a current beyond its own limit is limited, a relative one is a part of it', () => {
    const { load, run, ask } = bench();
    load.held = true;
    ask(request(6, ...i32(500_000)));
    run(5);
    expect(load.torqueNm).toBeCloseTo(48);
    ask(request(84, ...i32(-50_000)));
    run(5);
    expect(load.torqueNm).toBeCloseTo(-24);
  });

  test('a speed is reached and held', () => {
    const { load, run, values } = bench();
    // 3 rad/s at the joint: × 9 × 21 × 60 / 2π.
    run(1_500, request(8, ...i32(5_414)));
    expect(load.velocity).toBeCloseTo(3, 1);
    expect(values().erpm / 5_414).toBeCloseTo(1, 1);
    expect(values().tachometer).toBeGreaterThan(0);
  });

  test('a position of one turn is reached the shorter way', () => {
    const { load, run, values } = bench();
    run(2_000, bytesOf('02 05 09 05 5D 4A 80 7B 29 03'));
    expect(load.position).toBeCloseTo(Math.PI / 2, 2);
    expect(values().positionDeg).toBeCloseTo(90, 0);
    run(3_000, request(9, ...i32(330_000_000)));
    expect(load.position).toBeCloseTo(-Math.PI / 6, 2);
    expect(values().positionDeg).toBeCloseTo(330, 0);
  });

  test('a duty cycle turns at that part of the no-load speed, and 0 brakes', () => {
    const { load, run } = bench();
    run(2_000, request(5, ...i32(20_000)));
    expect(load.velocity / 20).toBeGreaterThan(0.15);
    expect(load.velocity / 20).toBeLessThan(0.2);
    run(2_000, request(5, ...i32(0)));
    expect(Math.abs(load.velocity)).toBeLessThan(0.05);
  });

  test('a brake current takes the speed and lets the joint be pushed, a handbrake holds its place', () => {
    const { load, run, ask } = bench();
    load.velocity = 5;
    run(2_000, bytesOf('02 05 07 00 00 07 D0 35 3E 03'));
    expect(Math.abs(load.velocity)).toBeLessThan(0.05);
    const place = load.position;
    ask(request(10, ...i32(5_000)));
    load.position += 0.1;
    run(1_000, request(10, ...i32(5_000)));
    expect(Math.abs(load.position - place)).toBeLessThan(0.01);
    run(2, request(7, 0, 0, 0, 0));
    expect(load.torqueNm).toBe(0);
  });

  test('positions stream every 10 ms until told to stop, also one at a time', () => {
    const { run, ask, take, load } = bench();
    load.held = true;
    load.position = Math.PI / 2;
    ask(bytesOf('02 02 0B 04 9C 7E 03'));
    run(101);
    const stream = take();
    expect(stream.length).toBe(10 * 10);
    expect(hex(stream.slice(0, 7))).toBe('02 05 16 00 89 54 40');
    ask(request(11, 0));
    run(100);
    expect(take()).toEqual([]);
    expect(ask(request(11)).length).toBe(10);
  });
});

describe('the command timeout', () => {
  test('releases after 1 000 ms as it leaves the factory, and tells so', () => {
    const { drive, run, ask, values, load } = bench();
    load.held = true;
    ask(CURRENT_1_5_A);
    run(990);
    expect(drive.energised).toBe(true);
    expect(values().status).toBe(0);
    run(30);
    expect(drive.energised).toBe(false);
    expect(values().status).toBe(1);
    ask(CURRENT_1_5_A);
    run(20);
    expect([drive.energised, values().status]).toEqual([true, 0]);
  });

  test('that was set for a profile has let go when the profile says, although it is looked at every 10 ms only', () => {
    for (let phaseMs = 0; phaseMs < 10; phaseMs++) {
      const { drive, run, ask, load } = bench({ watchdogMs: 100 });
      load.held = true;
      run(phaseMs);
      ask(CURRENT_1_5_A);
      run(85);
      expect(drive.energised).toBe(true);
      run(16);
      expect(drive.energised, `${phaseMs} ms`).toBe(false);
    }
  });

  test('is fed by COMM_ALIVE and by every set-point, not by reading', () => {
    const { drive, run, ask, load } = bench({ watchdogMs: 100 });
    load.held = true;
    ask(CURRENT_1_5_A);
    run(400, ALIVE);
    expect(drive.energised).toBe(true);
    run(400, GET_VALUES);
    expect(drive.energised).toBe(false);
  });

  test('is the 1 000 ms of the factory where the hub is the watchdog, whatever the profile hopes', () => {
    const { drive, run, ask } = bench({ watchdog: 'hubRelay', watchdogMs: 100 });
    ask(CURRENT_1_5_A);
    run(500);
    expect(drive.energised).toBe(true);
  });
});

test('a motor e-stop releases at once and lets no set-point through for its time', () => {
  const { drive, run, ask } = bench();
  ask(CURRENT_1_5_A, bytesOf('02 03 9F 01 F4 C8 A2 03'));
  expect(drive.energised).toBe(false);
  run(400, CURRENT_1_5_A);
  expect(drive.energised).toBe(false);
  run(150, CURRENT_1_5_A);
  expect(drive.energised).toBe(true);
});

test('limits change until the next start, are acknowledged and told', () => {
  const { run, ask, load } = bench();
  load.held = true;
  const before = new DataView(Uint8Array.from(ask(request(91))).buffer);
  expect([before.getFloat32(3), before.getFloat32(15)]).toEqual([1, 100_000]);
  // Current × 0.5, ±1000 ERPM, the rest as it was; acknowledge.
  const f32 = (value: number): number[] => [...new Uint8Array(new Float32Array([value]).buffer)].reverse();
  const set = request(48, 0, 0, 1, 0, ...[0.5, 0.5, -1_000, 1_000, 0.005, 0.95, -1_500_000, 1_500_000].flatMap(f32));
  expect(hex(ask(set))).toBe(hex(frame(2, 3, [48])));
  const after = new DataView(Uint8Array.from(ask(request(91))).buffer);
  expect([after.getFloat32(3), after.getFloat32(15)]).toEqual([0.5, 1_000]);
  ask(request(6, ...i32(60_000)));
  run(5);
  expect(load.torqueNm).toBeCloseTo(24);
  load.held = false;
  run(1_000, request(6, ...i32(60_000)));
  expect((load.velocity * 9 * 21 * 60) / (2 * Math.PI)).toBeLessThan(1_000);
  ask(request(29));
  run(200);
  expect(new DataView(Uint8Array.from(ask(request(91))).buffer).getFloat32(3)).toBe(1);
});

test.each([{ limit: NaN }, { limit: -1 }, { limit: 0 }])('a limit of $limit lets nothing through, and is told as it is', ({ limit }) => {
  const { run, ask, load } = bench();
  const f32 = (value: number): number[] => [...new Uint8Array(new Float32Array([value]).buffer)].reverse();
  ask(request(48, 0, 0, 0, 0, ...[limit, 1, -1_000, limit, 0.005, 0.95, -100, 100].flatMap(f32)));
  expect(new DataView(Uint8Array.from(ask(request(91))).buffer).getFloat32(3)).toBe(limit);
  run(50, request(6, ...i32(10_000)));
  expect([load.torqueNm, load.velocity]).toEqual([0, 0]);
});

test('a reboot is silent while it starts, and ends released with the stream off', () => {
  const { drive, run, ask, take } = bench();
  ask(CURRENT_1_5_A, bytesOf('02 02 0B 04 9C 7E 03'), request(29));
  expect(drive.energised).toBe(false);
  expect(ask(GET_VALUES)).toEqual([]);
  run(200);
  expect(ask(GET_VALUES).length).toBe(79);
  take();
  run(100);
  expect(take()).toEqual([]);
});

test('a hot motor gives less, then stops with fault 6 and obeys again once it has cooled', () => {
  const { drive, run, load, values } = bench({ continuousTorqueNm: 4, tempWarnC: 30, tempLimitC: 32 });
  load.held = true;
  const full = request(6, ...i32(60_000));
  run(600, full);
  expect(values().fault).toBe(0);
  const reached = values().motorTempC;
  expect(reached).toBeGreaterThan(30);
  expect(load.torqueNm).toBeLessThan(48);
  expect(load.torqueNm).toBeGreaterThan(0);
  // Held near the limit by its own derating; an outside heat source is a profile with a lower limit.
  const hot = servoBench((joint, send) => new VescDrive({ ...bareVesc(1), tempWarnC: 24, tempLimitC: 25 }, joint, send));
  hot.run(200, full);
  expect(hot.drive.energised).toBe(false);
  expect(hot.ask(request(0x32, 0, 0, 0x80, 0))[7]).toBe(6);
  expect(drive.energised).toBe(true);
});

describe('what can be wrong inside', () => {
  test('a frozen report stays as it was, whatever the joint does', () => {
    const { drive, run, values } = bench();
    run(300, request(8, ...i32(3_000)));
    drive.faults.frozenReport = true;
    const before = values();
    run(300, request(8, ...i32(-3_000)));
    expect(values()).toEqual(before);
  });

  test('ignored commands change nothing', () => {
    const { drive, run } = bench();
    drive.faults.ignoresCommands = true;
    run(50, CURRENT_1_5_A);
    expect(drive.energised).toBe(false);
  });

  test('in the wrong mode a current brakes instead', () => {
    const { drive, run, load } = bench();
    drive.faults.wrongMode = true;
    load.held = true;
    run(50, CURRENT_1_5_A);
    expect([drive.energised, load.torqueNm]).toEqual([true, -0]);
  });
});
