import { describe, expect, test } from 'vitest';
import { bench, COUNTS, enabled } from './cia402-bench.ts';

describe('power state machine', () => {
  test('walks 6, 7, F and back, and tells each state at once (p402)', () => {
    const { bus, drive } = bench();
    bus.write(1, 0x6060, 0, 10, 1);
    bus.ask('t00020101');
    const walk = ['06', '07', '0F', '07', '0F', '06', '0F', '00'].map((word) => bus.ask(`t2012${word}00`).find((line) => line.startsWith('t181'))?.slice(5, 7));
    expect(walk).toEqual(['31', '33', '37', '33', '37', '31', '37', '50']);
    bus.ask('t20120700');
    expect(bus.read(1, 0x6041) & 0x6f).toBe(0x40);
    expect(drive.energised).toBe(false);
  });

  test('stops quickly from motion and then lets go', () => {
    const { bus, drive, load } = enabled(9);
    bus.write(1, 0x60ff, 0, COUNTS / 2, 4);
    bus.run(400);
    expect(load.velocity).toBeCloseTo(Math.PI, 1);
    bus.ask('t20120200', 0);
    bus.run(5);
    expect(bus.read(1, 0x6041) & 0x6f).toBe(0x07);
    bus.run(300);
    expect(Math.abs(load.velocity)).toBeLessThan(0.02);
    expect(bus.read(1, 0x6041) & 0x6f).toBe(0x40);
    expect(drive.energised).toBe(false);
  });

  test('a fault is reported, resets only on a rising edge, and only when its cause is gone', () => {
    const { bus, drive } = enabled(8);
    bus.write(1, 0x6065, 0, 1_000, 4);
    const heard = [bus.ask('t301400100000', 0), bus.run(600)].flat();
    expect(heard.some((line) => line.startsWith('t08181186'))).toBe(true);
    expect(bus.read(1, 0x603f)).toBe(0x8611);
    expect(bus.read(1, 0x1003, 1)).toBe(0x8611);
    expect(bus.read(1, 0x1001)).toBe(1);
    expect(bus.read(1, 0x6041) & 0x4f).toBe(0x08);
    expect(drive.energised).toBe(false);
    bus.ask('t20120F00');
    expect(bus.read(1, 0x6041) & 0x4f).toBe(0x08);
    expect(bus.ask('t20128000')).toContain('t08180000000000000000');
    expect(bus.read(1, 0x6041) & 0x6f).toBe(0x40);
    expect(bus.read(1, 0x603f)).toBe(0);
  });

  test("CORC's reset of a fault (06, 80, 0F) ends released, because 0F is no way out of switch-on-disabled", () => {
    const { bus, drive } = bench();
    bus.ask('t00020101');
    for (const word of ['06', '80', '0F']) bus.ask(`t2012${word}00`);
    expect(drive.energised).toBe(false);
  });
});
