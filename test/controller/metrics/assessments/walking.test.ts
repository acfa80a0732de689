import { expect, test } from 'vitest';
import { cycleCurve, rms, workPerStride } from '../../../../controller/metrics/assessments/walking.ts';

const TAU = 2 * Math.PI;
const stride = (value: (phase: number) => number, count = 1000) => Array.from({ length: count }, (_, i) => ({ phase: i / count, value: value(i / count) }));

test('the curve over a cycle is that of the leg itself, and ends as it begins', () => {
  const samples = stride((phase) => 3 * Math.sin(TAU * phase));
  const left = cycleCurve(samples, 'left')!;
  const right = cycleCurve(samples, 'right')!;
  expect(left).toHaveLength(51);
  expect(left[50]).toBe(left[0]);
  left.forEach((value, i) => {
    expect(value).toBeCloseTo(3 * Math.sin((TAU * i) / 50), 1);
    expect(right[i]).toBeCloseTo(-value, 1);
  });
  expect(rms(left)).toBeCloseTo(3 / Math.SQRT2, 2);
});

test('strides are averaged, and a cycle that is not known all around has no curve', () => {
  const twice = [...stride(() => 1), ...stride(() => 3)];
  expect(rms(cycleCurve(twice, 'left')!)).toBeCloseTo(2, 9);
  expect(cycleCurve(stride(() => 1).filter(({ phase }) => phase < 0.4 || phase > 0.5), 'left')).toBeNull();
});

test('work is told per stride: what drives and what holds back, and nothing of a gap', () => {
  // 2 W for a second, −1 W for a second: of two strides 1 J and −0.5 J.
  const samples = Array.from({ length: 201 }, (_, i) => ({ sec: i / 100, powerW: i < 100 ? 2 : -1 }));
  const work = workPerStride(samples, 2);
  expect(work.positiveJ).toBeCloseTo(1, 1);
  expect(work.negativeJ).toBeCloseTo(-0.5, 2);
  expect(work.netJ).toBeCloseTo(work.positiveJ + work.negativeJ, 9);
  const late = samples.map(({ sec, powerW }) => ({ sec: sec < 1 ? sec : sec + 5, powerW }));
  expect(workPerStride(late, 2).netJ).toBeCloseTo(work.netJ, 2);
});
