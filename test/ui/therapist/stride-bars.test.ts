import { describe, expect, it } from 'vitest';
import type { StrideFigures } from '../../../protocols/stride-figures.ts';
import { barScaleNm, jointBars } from '../../../ui/therapist/stride-bars.ts';
import { profile } from '../../controller/safety/fixtures.ts';

const stride = (side: 'left' | 'right', stanceNm: number | null, swingNm: number | null): StrideFigures => ({
  side,
  endSec: 1,
  strideTimeSec: 1,
  steps: 2,
  joints: profile.joints.filter((joint) => joint.side === side).map(({ id }) => ({ jointId: id, romDeg: 30, stanceNm, swingNm })),
});

describe('the bars of the last strides', () => {
  it('stand per joint in the robot’s order, oldest first, and only for legs that have walked', () => {
    const bars = jointBars(profile, [stride('left', 1, -2), stride('left', 3, null)]);
    expect(bars.map(({ joint }) => joint.id)).toEqual(profile.joints.filter(({ side }) => side === 'left').map(({ id }) => id));
    expect(bars[0]?.valuesNm).toEqual({ stance: [1, 3], swing: [-2, null] });
    expect(jointBars(profile, [])).toEqual([]);
  });

  it('share the least scale that holds them all', () => {
    const scale = (...values: (number | null)[]): number => barScaleNm(jointBars(profile, values.map((value) => stride('right', value, 0))));
    expect([scale(4.9, -2), scale(5.1), scale(-39, null), scale(300), scale(null)]).toEqual([5, 10, 40, 300, 5]);
    expect(barScaleNm([])).toBe(5);
  });
});
