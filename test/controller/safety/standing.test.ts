import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FrozenReading, StandingPosition } from '../../../controller/safety/standing.ts';
import { degToRad } from '../../../protocols/units.ts';

describe('a position', () => {
  /** Readings until it is called stuck; null: never. */
  const stuckAfter = (readings: readonly (readonly [deg: number, otherDeg: number])[]): number | null => {
    const standing = new StandingPosition();
    for (const [n, [deg, otherDeg]] of readings.entries()) {
      standing.look(degToRad(deg), degToRad(otherDeg));
      if (standing.stuck) return n;
    }
    return null;
  };
  const course = (length: number, deg: (n: number) => number, otherDeg: (n: number) => number) => Array.from({ length }, (_, n) => [deg(n), otherDeg(n)] as const);

  it('is not stuck before it was looked at', () => {
    expect(new StandingPosition().stuck).toBe(false);
  });

  it('is stuck when it stands for three new readings while the other sensor moves by more than half a degree', () => {
    expect(stuckAfter(course(10, () => 20, (n) => 20 + 0.8 * n))).toBe(3);
    expect(stuckAfter(course(30, () => 20, (n) => 20 - 0.049 * n))).toBe(11);
    expect(stuckAfter(course(10, () => 20, (n) => (n > 2 ? 20.49 : 20)))).toBeNull();
    expect(stuckAfter(course(10, () => 20, (n) => (n > 2 ? 20.51 : 20)))).toBe(3);
  });

  it('stands up to a twentieth of a degree, and the other one moves from half a degree on', () => {
    const stuckAt = (rad: number, otherRad: number): boolean => {
      const standing = new StandingPosition();
      standing.look(0, 0);
      for (let n = 0; n < 3; n++) standing.look(rad, otherRad);
      return standing.stuck;
    };
    expect([stuckAt(degToRad(0.05), 1), stuckAt(degToRad(0.05) + 1e-9, 1)]).toEqual([true, false]);
    expect([stuckAt(0, degToRad(0.5)), stuckAt(0, degToRad(0.5) + 1e-9)]).toEqual([false, true]);
  });

  it('is not stuck while both stand, or both move, or it alone moves', () => {
    expect(stuckAfter(course(500, () => 20, () => 20))).toBeNull();
    expect(stuckAfter(course(500, (n) => n / 10, (n) => n / 10))).toBeNull();
    expect(stuckAfter(course(500, (n) => n / 10, () => 20))).toBeNull();
    expect(stuckAfter(course(500, (n) => 20 + (n % 2) * 0.04, () => 20))).toBeNull();
    expect(stuckAfter(course(500, (n) => 20 + (n % 2) * 0.06, (n) => n / 10))).toBeNull();
  });

  it('is compared from when the other sensor is known', () => {
    expect(stuckAfter(course(40, () => 20, (n) => (n < 10 ? Number.NaN : 30)))).toBeNull();
    expect(stuckAfter(course(40, () => 20, (n) => (n < 10 ? Number.NaN : n)))).toBe(11);
    expect(stuckAfter(course(40, () => 20, (n) => (n < 10 ? 20 : Number.NaN)))).toBeNull();
  });

  it('is judged anew when the other sensor is known to have jumped', () => {
    const standing = new StandingPosition();
    for (let n = 0; n < 9; n++) standing.look(0.3, n < 5 ? 0.3 : 0.4);
    expect(standing.stuck).toBe(true);
    standing.reset();
    expect(standing.stuck).toBe(false);
    for (let n = 0; n < 9; n++) standing.look(0.3, 0.5);
    expect(standing.stuck).toBe(false);
  });

  it('is free again when it moves, and judged from there', () => {
    const standing = new StandingPosition();
    for (let n = 0; n < 9; n++) standing.look(0.3, 0.3 + n / 100);
    expect(standing.stuck).toBe(true);
    standing.look(0.4, 0.4);
    expect(standing.stuck).toBe(false);
    for (let n = 0; n < 9; n++) standing.look(0.4, 0.4);
    expect(standing.stuck).toBe(false);
  });
});

describe('a noisy reading', () => {
  const watchAfter = (readings: readonly number[], resting = true): FrozenReading => {
    const watch = new FrozenReading();
    for (const reading of readings) watch.look(reading, resting);
    return watch;
  };
  const noisy = Array.from({ length: 250 }, (_, n) => n % 7);
  const repeat = (value: number, times: number): number[] => Array.from({ length: times }, () => value);

  it('is frozen when the same bits come more than ten times, after it was alive for a second at rest', () => {
    expect(watchAfter([...noisy, ...repeat(99, 11)]).frozen).toBe(false);
    expect(watchAfter([...noisy, ...repeat(99, 12)]).frozen).toBe(true);
    expect(watchAfter([...noisy, ...repeat(99, 12), 98]).frozen).toBe(false);
  });

  it('is judged from the first reading after that second', () => {
    const runs = Array.from({ length: 250 }, (_, n) => (n < 239 ? n : -1)); // the last eleven are the same: ten repetitions allow 50
    expect(watchAfter([...runs, ...repeat(-1, 40)]).frozen).toBe(false);
    expect(watchAfter([...runs, ...repeat(-1, 41)]).frozen).toBe(true);
    const oneMore = Array.from({ length: 250 }, (_, n) => (n < 240 ? n : -1)); // nine repetitions, and a tenth after the second
    expect(watchAfter([...oneMore, ...repeat(-1, 37)]).frozen).toBe(false);
    expect(watchAfter([...oneMore, ...repeat(-1, 38)]).frozen).toBe(true);
  });

  it('may repeat itself for four times as long as it did then', () => {
    const coarse = Array.from({ length: 250 }, (_, n) => Math.floor(n / 3)); // two repetitions
    expect(watchAfter([...coarse, ...repeat(99, 19)]).frozen).toBe(false);
    expect(watchAfter([...coarse, ...repeat(99, 20)]).frozen).toBe(true);
  });

  it('is not judged when it has no noise, or has not been seen at rest for long enough', () => {
    expect(watchAfter(repeat(1, 5000)).frozen).toBe(false);
    const slow = Array.from({ length: 250 }, (_, n) => Math.floor(n / 12)); // eleven repetitions would allow 54
    expect(watchAfter([...slow, ...repeat(99, 500)]).frozen).toBe(false);
    const atTheEnd = Array.from({ length: 250 }, (_, n) => Math.floor(n / 11)); // ten allow 50
    expect(watchAfter([...atTheEnd, ...repeat(99, 52)]).frozen).toBe(true);
    expect(watchAfter([...noisy.slice(1), ...repeat(99, 1)]).frozen).toBe(false);
    const interrupted = new FrozenReading();
    for (let n = 0; n < 400; n++) interrupted.look(n, n !== 200);
    for (let n = 0; n < 40; n++) interrupted.look(5, false);
    expect(interrupted.frozen).toBe(false);
    expect(watchAfter([...noisy, ...noisy, ...repeat(99, 500)], false).frozen).toBe(false);
  });

  it('learns at rest only: what always changes in motion may stand at rest', () => {
    const watch = new FrozenReading();
    for (let n = 0; n < 1000; n++) watch.look(n, false);
    for (let n = 0; n < 1000; n++) watch.look(5, true);
    expect(watch.frozen).toBe(false);
  });

  it('is never called frozen while every value differs from the one before', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ noNaN: true }), { maxLength: 400 }), (values) => {
        const watch = new FrozenReading();
        values.forEach((value, n) => {
          watch.look(n % 2 === 0 ? value : value + 1e9 + n, true);
          expect(watch.frozen).toBe(false);
        });
      }),
      { numRuns: 50 },
    );
  });

  it('that is no number is never the same twice', () => {
    expect(watchAfter([...noisy, ...repeat(Number.NaN, 100)]).frozen).toBe(false);
  });
});
