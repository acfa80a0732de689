import { describe, expect, it } from 'vitest';
import type { JointMetrics, SessionMetrics } from '../../../protocols/api.ts';
import { labelJoint, sidePairs } from '../../../ui/clinician/side-comparison.ts';

const joint = (jointId: string, romDeg: number | null): JointMetrics => ({
  jointId,
  strides: 10,
  romDeg,
  peakDeg: null,
  trackingRmsDeg: null,
  positiveWorkJPerStride: null,
  negativeWorkJPerStride: null,
  netWorkJPerStride: null,
  sparc: null,
  ldlj: null,
});

describe('left and right', () => {
  it('groups joints by kind, left first', () => {
    const metrics = { joints: [joint('hipRight', 34.8), joint('kneeLeft', 50), joint('hipLeft', 41.2)] } as unknown as SessionMetrics;
    const pairs = sidePairs(metrics, null);
    expect(pairs.map(({ kind, rows }) => [kind, rows.map(({ label }) => label.jointId)])).toEqual([
      ['hip', ['hipLeft', 'hipRight']],
      ['knee', ['kneeLeft']],
    ]);
    expect(pairs[0]?.romSymmetryPercent).toBeCloseTo(-16.842, 3);
    expect(pairs[1]?.romSymmetryPercent).toBeNull();
  });

  it('keeps a joint without a side as it is', () => {
    expect(labelJoint('trunk', null)).toEqual({ jointId: 'trunk', kind: 'trunk', side: null });
  });
});
