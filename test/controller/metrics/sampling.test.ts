import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findSampling, resample, resampleAt } from '../../../controller/metrics/sampling.ts';

const times = (count: number, rateHz: number, f: (sec: number, i: number) => number = (sec) => sec): number[] => Array.from({ length: count }, (_, i) => f(i / rateHz, i));

describe('the sampling of a record', () => {
  test('is even when the times are, though they were printed with few digits and begin anywhere', () => {
    expect(findSampling(times(101, 100))).toEqual({ kind: 'even', rateHz: 100 });
    expect(findSampling(times(300, 60, (sec) => Number((12 + sec).toFixed(3))))).toEqual({ kind: 'even', rateHz: expect.closeTo(60, 2) });
    expect(findSampling([0, 1])).toEqual({ kind: 'even', rateHz: 1 });
  });

  test('is uneven when samples lie off the grid', () => {
    expect(findSampling(times(100, 100, (sec, i) => sec + (i % 3 === 1 ? 0.004 : 0)))).toEqual({ kind: 'uneven', rateHz: expect.any(Number) });
    expect(findSampling(times(100, 100).filter((_, i) => i !== 50))).toEqual({ kind: 'uneven', rateHz: 100 });
  });

  test('has a gap where more than a tenth of a second is missing', () => {
    expect(findSampling(times(100, 100).filter((_, i) => i < 50 || i > 60))).toEqual({ kind: 'gap', index: 50, gapSec: expect.closeTo(0.12, 9) });
  });

  test('is no gap where the whole record is slow', () => {
    expect(findSampling(times(20, 2))).toEqual({ kind: 'even', rateHz: 2 });
  });

  test('is wrong where time stands or goes back', () => {
    expect(findSampling([0, 0.01, 0.01, 0.02])).toEqual({ kind: 'notIncreasing', index: 2 });
    expect(findSampling([0, 0.01, 0.005])).toEqual({ kind: 'notIncreasing', index: 2 });
    expect(findSampling([0, Number.NaN])).toEqual({ kind: 'notIncreasing', index: 1 });
  });

  test('cannot be told of one sample', () => {
    expect([findSampling([]), findSampling([1])]).toEqual([{ kind: 'tooShort' }, { kind: 'tooShort' }]);
  });
});

describe('resampling', () => {
  test('changes nothing of a straight line, wherever its samples lay', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0.001, max: 0.02, noNaN: true }), { minLength: 3, maxLength: 50 }), (intervals) => {
        const timeSec = intervals.reduce<number[]>((sofar, interval) => [...sofar, sofar.at(-1)! + interval], [0]);
        const values = resampleAt(timeSec, timeSec.map((t) => 3 * t - 1), 100);
        values.forEach((v, i) => expect(v).toBeCloseTo((3 * i) / 100 - 1, 9));
        expect(values).toHaveLength(Math.floor(timeSec.at(-1)! * 100 + 1e-6) + 1);
      }),
    );
  });

  test('keeps the samples of an even record', () => {
    expect([...resampleAt(times(5, 10), [1, 4, 9, 16, 25], 10)]).toEqual([1, 4, 9, 16, 25].map((v) => expect.closeTo(v, 9)));
    expect([...resample([0, 1], [0, 10], { startSec: 0, endSec: 1 }, 5)]).toEqual([0, 2.5, 5, 7.5, 10]);
  });
});
