import { describe, expect, it } from 'vitest';
import { PhaseError } from '../../../controller/cli/bench/phase-error.ts';
import { atLeast, atMost, beside, describeReached } from '../../../controller/cli/bench/reached.ts';
import { Swing } from '../../../controller/cli/bench/swing.ts';
import { degToRad } from '../../../protocols/units.ts';
import { Body } from '../../../sim/body/body.ts';
import { averagePatient, gaitOrthosis } from '../../sim/support/profile.ts';

describe('a figure beside its bar', () => {
  it('is met up to the bar, and a figure that is none is not', () => {
    expect([atMost('a', 3, 3, 'Nm').met, atMost('a', 3.01, 3, 'Nm').met, atLeast('a', 12, 12, '×').met, atLeast('a', 11.9, 12, '×').met]).toEqual([true, false, true, false]);
    for (const none of [Number.NaN, Infinity]) expect(atMost('a', none, 3, 'Nm').met).toBe(false);
    expect(atLeast('a', Number.NaN, 3, 'Nm').met).toBe(false);
    expect(beside('a', 5, 'Nm').met).toBe(true);
  });

  it('is told with its bar, and a missed one is marked', () => {
    expect(describeReached([atMost('hip', 1.23456, 3, 'deg', 'left'), atLeast('speed', 11, 12, '×')])).toBe('  hip: 1.235 deg (at most 3 deg); left\n✗ speed: 11 × (at least 12 ×)\n');
  });
});

describe('the phase between a clock and legs', () => {
  const pattern = (phase: number): number => 0.5 * Math.cos(2 * Math.PI * (phase - 0.1)) + 0.1 * Math.sin(6 * Math.PI * phase);

  it.each([0, 0.013, -0.04, 0.3])('is by how much they come later, whole strides only: %f of one', (late) => {
    const error = new PhaseError();
    for (let n = 0; n < 2_100; n++) {
      const strides = 0.37 + n / 500;
      error.look(strides % 1, pattern(strides % 1), 0.8 * pattern(strides - late));
    }
    expect(error.percent).toHaveLength(3);
    // A clock of 500 cycles a stride is read to a five-hundredth of it.
    for (const percent of error.percent) expect(Math.abs(percent - 100 * late)).toBeLessThan(0.2);
    expect(error.worst).toBe(Math.max(...error.percent.map(Math.abs)));
    expect(Math.abs(error.mean - 100 * late)).toBeLessThan(0.2);
  });

  it('is unknown before a whole stride', () => {
    const error = new PhaseError();
    for (let n = 0; n < 700; n++) error.look((n / 500) % 1, 1, 1);
    expect([error.worst, error.mean]).toEqual([Number.NaN, Number.NaN]);
  });
});

it('a person who swings a joint of an empty drive comes to the size that was ordered', async () => {
  const body = await Body.create(gaitOrthosis(), averagePatient);
  try {
    const swing = new Swing(body, { joint: 1, hz: 1, amplitudeDeg: 10, middleDeg: 30, stiffnessNmPerRad: 250, dampingNmsPerRad: 15 });
    for (let n = 0; n < 11_996; n++) {
      if (n % 4 === 0) swing.go(0.004);
      body.step();
    }
    expect(swing.amplitudeDeg).toBeCloseTo(10, 0);
    expect(Math.abs(body.positionRad(1) - degToRad(30))).toBeLessThan(degToRad(12));
  } finally {
    body.dispose();
  }
});
