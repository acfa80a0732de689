import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FrozenReading, LoadedReading } from '../../../controller/safety/repeated-reading.ts';

describe('a noisy reading', () => {
  const watchAfter = (readings: readonly number[], resting = true): FrozenReading => {
    const watch = new FrozenReading();
    for (const reading of readings) watch.look(reading, resting);
    return watch;
  };
  const noisy = Array.from({ length: 250 }, (_, n) => n % 7);
  const repeat = (value: number, times: number): number[] => Array.from({ length: times }, () => value);

  it('is frozen when the same bits come more often than can be by chance, after it was alive for a second at rest', () => {
    // Never twice the same: four repetitions may have been missed, and 0.016⁷ is less than 10⁻¹¹.
    expect(watchAfter([...noisy, ...repeat(99, 7)]).frozen).toBe(false);
    expect(watchAfter([...noisy, ...repeat(99, 8)]).frozen).toBe(true);
    expect(watchAfter([...noisy, ...repeat(99, 8), 98]).frozen).toBe(false);
    // Each 25th reading comes twice: 0.056⁹.
    const repeating = Array.from({ length: 250 }, (_, n) => (n % 25 === 1 ? n - 1 : n));
    expect(watchAfter([...repeating, ...repeat(999, 9)]).frozen).toBe(false);
    expect(watchAfter([...repeating, ...repeat(999, 10)]).frozen).toBe(true);
  });

  it('is judged from the first reading after that second', () => {
    const runs = Array.from({ length: 250 }, (_, n) => (n < 239 ? n : -1)); // the last eleven are the same: ten repetitions allow 40
    expect(watchAfter([...runs, ...repeat(-1, 30)]).frozen).toBe(false);
    expect(watchAfter([...runs, ...repeat(-1, 31)]).frozen).toBe(true);
    const oneMore = Array.from({ length: 250 }, (_, n) => (n < 240 ? n : -1)); // nine repetitions, and a tenth after the second
    expect(watchAfter([...oneMore, ...repeat(-1, 27)]).frozen).toBe(false);
    expect(watchAfter([...oneMore, ...repeat(-1, 28)]).frozen).toBe(true);
  });

  it('may repeat itself for four times as long as it did then', () => {
    const coarse = Array.from({ length: 250 }, (_, n) => Math.floor(n / 3)); // two repetitions
    expect(watchAfter([...coarse, ...repeat(99, 19)]).frozen).toBe(false);
    expect(watchAfter([...coarse, ...repeat(99, 20)]).frozen).toBe(true);
    const hiccup = Array.from({ length: 250 }, (_, n) => (n > 100 && n <= 105 ? 100 : n)); // five repetitions
    expect(watchAfter([...hiccup, ...repeat(999, 21)]).frozen).toBe(false);
    expect(watchAfter([...hiccup, ...repeat(999, 22)]).frozen).toBe(true);
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

describe('a torque sensor under load', () => {
  /** Stands for a second with that much change of the motor's torque, then repeats itself while the motor's torque rises by so much. */
  const frozenAfter = ({ second = (n: number) => n % 7, motorNm = (n: number) => 17 + (n % 3), standing = (_n: number) => true, readings = 250, repeats = 50, riseNm = 2.1 }): boolean => {
    const watch = new LoadedReading();
    for (let n = 0; n < readings; n++) watch.look(second(n), motorNm(n), standing(n));
    for (let n = 0; n <= repeats; n++) watch.look(99, 30 + (riseNm * n) / repeats, false);
    return watch.frozen;
  };

  it('is frozen when it repeats itself for a fifth of a second although its motor gives more than 2 Nm more or less', () => {
    expect(frozenAfter({})).toBe(true);
    expect(frozenAfter({ riseNm: -2.1 })).toBe(true);
    expect(frozenAfter({ repeats: 49 })).toBe(false);
    expect(frozenAfter({ riseNm: 2 })).toBe(false);
    expect(frozenAfter({ riseNm: -2 })).toBe(false);
  });

  it('is judged only when it changed while it stood for a whole second under a motor that changed no more', () => {
    expect(frozenAfter({ readings: 249 })).toBe(false);
    expect(frozenAfter({ standing: (n) => n !== 100 })).toBe(false);
    expect(frozenAfter({ readings: 351, standing: (n) => n !== 100 })).toBe(true);
    expect(frozenAfter({ readings: 350, standing: (n) => n !== 100 })).toBe(false);
    expect(frozenAfter({ motorNm: (n) => 17 + (n === 100 ? 2 : 0) })).toBe(true);
    expect(frozenAfter({ motorNm: (n) => 17 + (n === 100 ? 2.1 : 0) })).toBe(false);
    expect(frozenAfter({ motorNm: (n) => 17 - (n === 100 ? 2.1 : 0) })).toBe(false);
    expect(frozenAfter({ readings: 351, motorNm: (n) => 17 + (n === 100 ? 2.1 : 0) })).toBe(true);
    expect(frozenAfter({ readings: 350, motorNm: (n) => 17 + (n === 100 ? 2.1 : 0) })).toBe(false);
    expect(frozenAfter({ second: (n) => Math.floor(n / 11) })).toBe(true);
    expect(frozenAfter({ second: (n) => Math.floor(n / 12) })).toBe(false);
    expect(frozenAfter({ second: (n) => (n < 100 ? Math.floor(n / 12) : n), readings: 350 })).toBe(true);
  });

  it('is believed again when it changes, and while its motor gives nothing new', () => {
    const watch = new LoadedReading();
    for (let n = 0; n < 250; n++) watch.look(n, 17, true);
    for (let n = 0; n < 500; n++) watch.look(99, 17, n > 100);
    expect(watch.frozen).toBe(false);
    watch.look(99, 20, false);
    expect(watch.frozen).toBe(true);
    watch.look(98, 25, false);
    expect(watch.frozen).toBe(false);
    for (let n = 0; n < 100; n++) watch.look(98, 26, false);
    expect(watch.frozen).toBe(false);
  });
});
