/**
 * The drive as hosts written by others meet it: byte sequences of canopen-python (sdo/client.py, nmt.py, pdo/base.py,
 * profiles/p402.py) over python-can's slcan, and of CORC (core/robot/Drive.cpp).
 */
import { describe, expect, test } from 'vitest';
import { bareCia402, Cia402Drive } from '../../../sim/drives/cia402-drive.ts';
import { TestLoad } from '../../hal/drives/line-rig.ts';
import { bench, COUNTS, enabled } from './cia402-bench.ts';
import { CanBench } from './can-bench.ts';

describe('starting up', () => {
  test('is silent while it boots, then says so once and is pre-operational', () => {
    const load = new TestLoad();
    const bus = new CanBench([new Cia402Drive(bareCia402(1), load)], [load]);
    bus.ask('C\rS8\rO');
    expect(bus.run(290)).toEqual([]);
    expect(bus.run(50)).toEqual(['t701100']);
    expect(bus.run(500)).toEqual([]);
    expect(bus.read(1, 0x6041) & 0x6f).toBe(0x40);
  });

  test('restarts its communication, and itself, and says so (nmt.wait_for_bootup)', () => {
    const { bus } = bench();
    expect(bus.ask('t00028201', 30)).toEqual(['t701100']);
    bus.write(1, 0x6081, 0, 77, 4);
    expect(bus.ask('t00028201', 30)).toEqual(['t701100']);
    expect(bus.read(1, 0x6081)).toBe(77);
    expect(bus.ask('t00028100', 400)).toEqual(['t701100']);
    expect(bus.read(1, 0x6081)).not.toBe(77);
  });

  test('answers node guarding with a toggle bit, and beats when told', () => {
    const { bus } = bench();
    expect([...bus.ask('r7011'), ...bus.ask('r7011')]).toEqual(['t70117F', 't7011FF']);
    bus.write(1, 0x1017, 0, 10, 2);
    const beats = bus.run(100);
    expect(beats.length).toBeGreaterThanOrEqual(9);
    expect(new Set(beats)).toEqual(new Set(['t70117F']));
    expect(bus.ask('t00020101', 25)).toContain('t701105');
    expect(bus.ask('t00020201', 25)).toContain('t701104');
  });
});

describe('modes', () => {
  test('torque: pushes with the share of the rated torque that it is told, within its limits', () => {
    const { bus, load } = enabled(10);
    load.held = true;
    bus.ask('t5012F401');
    expect(load.torqueNm).toBeCloseTo(20, 5);
    bus.write(1, 0x60b2, 0, 100, 2);
    bus.run(2);
    expect(load.torqueNm).toBeCloseTo(24, 5);
    bus.write(1, 0x6072, 0, 250, 2);
    bus.run(2);
    expect(load.torqueNm).toBeCloseTo(10, 5);
    expect(bus.read(1, 0x6077)).toBe(250);
    expect(bus.read(1, 0x6041) & 0x800).toBe(0x800);
  });

  test('profile torque (Copley, Kinco: 4) rises with its slope', () => {
    const { bus, load } = enabled(4);
    load.held = true;
    bus.write(1, 0x6087, 0, 1_000, 4);
    bus.ask('t5012F401', 100);
    expect(load.torqueNm).toBeGreaterThan(3);
    expect(load.torqueNm).toBeLessThan(5);
    bus.run(500);
    expect(load.torqueNm).toBeCloseTo(20, 1);
  });

  test('cyclic position follows, cyclic velocity runs, and both keep the speed limit', () => {
    const { bus, load } = enabled(8);
    bus.write(1, 0x607a, 0, COUNTS / 8, 4);
    bus.run(1_500);
    expect(load.position).toBeCloseTo(Math.PI / 4, 2);
    bus.write(1, 0x6060, 0, 9, 1);
    bus.write(1, 0x6080, 0, 800, 4);
    bus.write(1, 0x60ff, 0, 10 * COUNTS, 4);
    bus.run(600);
    // 800 rpm of the motor behind a gear of 80.
    expect(load.velocity).toBeLessThan((10 / 60) * 2 * Math.PI + 0.02);
    expect(load.velocity).toBeGreaterThan(0.8);
  });

  test('profile position takes a set-point on the rising edge, says so, and arrives', () => {
    const { bus, load } = enabled(1);
    bus.write(1, 0x607a, 0, COUNTS / 4, 4);
    bus.run(500);
    expect(load.position).toBeCloseTo(0, 3);
    bus.ask('t20121F00');
    expect(bus.read(1, 0x6041) & 0x1400).toBe(0x1000);
    bus.ask('t20120F00');
    expect(bus.read(1, 0x6041) & 0x1000).toBe(0);
    bus.run(4_000);
    expect(load.position).toBeCloseTo(Math.PI / 2, 2);
    expect(bus.read(1, 0x6041) & 0x400).toBe(0x400);
  });

  test('profile velocity ramps up and halts', () => {
    const { bus, load } = enabled(3);
    bus.write(1, 0x60ff, 0, COUNTS / 4, 4);
    bus.run(50);
    expect(load.velocity).toBeLessThan(1);
    bus.run(800);
    expect(load.velocity).toBeCloseTo(Math.PI / 2, 1);
    bus.ask('t20120F01', 500);
    expect(Math.abs(load.velocity)).toBeLessThan(0.05);
  });

  test('homing at the present place: the counter reads the home offset', () => {
    const { bus, load } = enabled(6);
    load.held = true;
    load.position = 0.5;
    bus.write(1, 0x607c, 0, 100, 4);
    const heard = bus.ask('t20121F00');
    expect(heard.some((line) => line.startsWith('t181'))).toBe(true);
    expect(bus.read(1, 0x6041) & 0x3400).toBe(0x1400);
    expect(bus.read(1, 0x6064)).toBe(100);
  });
});

describe("losing the host's heartbeat", () => {
  const beat = 't77F105';
  const watched = (option: number) => {
    const made = enabled(10);
    made.load.held = true;
    made.bus.write(1, 0x6007, 0, option, 2);
    made.bus.write(1, 0x1016, 1, 0x7f_0064, 4);
    made.bus.ask(`t5012F401\r${beat}`);
    return made;
  };

  test('is no matter before a heartbeat has been heard, or while none is watched', () => {
    const { bus, drive } = enabled(10);
    bus.run(1_000);
    expect(drive.energised).toBe(true);
    bus.write(1, 0x1016, 1, 0x7f_0064, 4);
    bus.run(1_000);
    expect(drive.energised).toBe(true);
  });

  test('with option 1: one EMCY for one loss (CiA 301, 7.2.7.1), fault once it has stopped', () => {
    const { bus } = watched(1);
    bus.run(90);
    expect(bus.run(900).filter((line) => line.startsWith('t081'))).toEqual(['t08183081110000000000']);
    expect(bus.read(1, 0x6041) & 0x4f).toBe(0x08);
  });

  test('with option 2: lets go after the time, with EMCY 8130 and back to pre-operational', () => {
    const { bus, drive, load } = watched(2);
    for (let i = 0; i < 20; i++) bus.ask(beat, 50);
    expect(drive.energised).toBe(true);
    expect(bus.run(40)).toEqual([]);
    const heard = bus.run(50);
    expect(heard).toContain('t08183081110000000000');
    expect([drive.energised, load.torqueNm]).toEqual([false, 0]);
    expect(bus.ask('t0800')).toEqual([]);
    expect(bus.read(1, 0x6041) & 0x6f).toBe(0x40);
    expect(bus.ask(beat)).toContain('t08180000000000000000');
    expect(drive.energised).toBe(false);
  });

  test.each([
    [0, true, 0x27],
    [1, false, 0x08],
    [3, false, 0x40],
  ])('with option %i: energised %s, state %i', (option, energised, state) => {
    const { bus, drive } = watched(option);
    bus.run(300);
    expect(drive.energised).toBe(energised);
    expect(bus.read(1, 0x6041) & (state === 0x08 ? 0x4f : 0x6f)).toBe(state);
  });

  test('being stopped or reset by NMT is a loss of the connection too', () => {
    const { drive, bus } = watched(2);
    bus.ask('t00028201');
    expect(drive.energised).toBe(false);
  });
});

describe('trouble inside', () => {
  test('a reset in mid-run ends released, with a boot-up message', () => {
    const { bus, drive } = enabled(10);
    drive.reset(bus.nowUs);
    expect(bus.run(400)).toEqual(['t701100']);
    expect(drive.energised).toBe(false);
    expect(bus.ask('t0800')).toEqual([]);
  });

  test('without power it is silent, and comes back released', () => {
    const { bus, drive } = enabled(10);
    drive.setPower(false, bus.nowUs);
    expect(bus.ask('t60184041600000000000', 10)).toEqual([]);
    drive.setPower(true, bus.nowUs);
    bus.run(400);
    expect(drive.energised).toBe(false);
    expect(bus.read(1, 0x6041) & 0x6f).toBe(0x40);
  });

  test('faults show as they should: frozen, deaf, in another mode, another drive', () => {
    const { bus, drive, load } = enabled(10);
    drive.faults.frozenReport = true;
    const before = bus.read(1, 0x6064);
    load.position = 1;
    expect(bus.read(1, 0x6064)).toBe(before);
    drive.faults.frozenReport = false;
    drive.faults.ignoresCommands = true;
    bus.ask('t20120000');
    expect(drive.energised).toBe(true);
    drive.faults.ignoresCommands = false;
    drive.faults.wrongMode = true;
    expect(bus.read(1, 0x6061)).toBe(3);
    drive.faults.wrongIdentity = true;
    expect(bus.read(1, 0x1018, 4)).toBe(43);
  });

  test('too hot, it faults at once with the code of CiA 402', () => {
    const { bus, drive, load } = enabled(10);
    load.held = true;
    bus.ask('t5012B80B');
    for (let i = 0; i < 400 && drive.energised; i++) bus.run(1_000);
    expect(drive.energised).toBe(false);
    expect(bus.read(1, 0x603f)).toBe(0x4310);
    bus.ask('t20128000');
    expect(bus.read(1, 0x6041) & 0x4f).toBe(0x08);
  });
});
