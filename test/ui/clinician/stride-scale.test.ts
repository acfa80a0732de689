import { describe, expect, it } from 'vitest';
import type { StrideCurves } from '../../../protocols/api.ts';
import { bandPath, curvePath, sharedScale, strideSdDeg } from '../../../ui/clinician/stride-scale.ts';

const curve = (changes: Partial<StrideCurves> = {}): StrideCurves => ({
  jointId: 'kneeLeft',
  referenceDeg: [0, 10, 20],
  referenceSdDeg: [5, 5, 5],
  meanDeg: [4, 16, 20],
  stridesDeg: [
    [3, 15, 18],
    [5, 17, 22],
  ],
  strideCount: 2,
  ...changes,
});
const frame = { leftPx: 0, topPx: 0, widthPx: 100, heightPx: 50 };

describe('stride charts', () => {
  it('share one scale that holds every stride and the whole band', () => {
    const scale = sharedScale([curve(), curve({ stridesDeg: [[-12, 63, 0]] })]);
    expect([scale.minDeg, scale.maxDeg, scale.marksDeg]).toEqual([-20, 70, [-20, 0, 20, 40, 60]]);
  });

  it('have a scale even without data', () => {
    expect(sharedScale([]).maxDeg).toBeGreaterThan(sharedScale([]).minDeg);
  });

  it('draw upwards for larger angles, over the whole cycle', () => {
    expect(curvePath([0, 50], frame, { minDeg: 0, maxDeg: 50, marksDeg: [] })).toBe('M0.0 50.0L100.0 0.0');
  });

  it('close the band around the reference', () => {
    expect(bandPath([10], [5], frame, { minDeg: 0, maxDeg: 50, marksDeg: [] })).toBe('M0.0 35.0L0.0 45.0Z');
  });

  it('give the sample SD of the strides, and none for a single stride', () => {
    expect(strideSdDeg(curve(), 2)).toBeCloseTo(Math.SQRT2 * 2, 12);
    expect(strideSdDeg(curve({ stridesDeg: [[1, 2, 3]] }), 0)).toBeNull();
  });
});
