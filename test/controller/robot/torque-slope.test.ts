import { describe, expect, it } from 'vitest';
import { TorqueSlope } from '../../../controller/robot/torque-slope.ts';

const PERIOD_SEC = 0.004;
const INERTIA_KG_M2 = 0.5;

/** A joint that swings by a degree, as its encoder and a sensor see it that shows `share` of the torque, and an offset. */
function slopeOf(share: number, noiseRad = 0): number {
  const slope = new TorqueSlope();
  for (let i = 0; i < 200; i++) {
    const angleRad = 0.017 * Math.sin(12 * i * PERIOD_SEC);
    const inertialNm = INERTIA_KG_M2 * -144 * angleRad;
    const gravityNm = -20 * angleRad;
    slope.add(angleRad + noiseRad * ((i * 7919) % 13 - 6) / 6, 3 + share * (inertialNm + gravityNm), gravityNm, INERTIA_KG_M2, PERIOD_SEC);
  }
  return slope.slope;
}

describe('the torque sensor of a joint that is moved', () => {
  it.each([1, -1, 0.5, 3, 0])('shows %f times what the empty orthosis needs, whatever its offset', (share) => {
    expect(slopeOf(share)).toBeCloseTo(share, 1);
  });

  it.each([1, -1])('of a joint that needs the same all the way shows %f times its weight', (share) => {
    const slope = new TorqueSlope();
    for (let i = 0; i < 200; i++) slope.add(0.02 * i * PERIOD_SEC, share * 0.36, 0.36, 1e-6, PERIOD_SEC);
    expect(slope.slope).toBeCloseTo(share, 6);
  });

  it('is told from one of the wrong sign through the noise of the encoder', () => {
    expect(slopeOf(1, 2e-5)).toBeGreaterThan(0.7);
    expect(slopeOf(-1, 2e-5)).toBeLessThan(-0.7);
  });

  it('is no number while nothing has been seen, or when a reading is none', () => {
    expect(new TorqueSlope().slope).toBeNaN();
    const slope = new TorqueSlope();
    for (let i = 0; i < 20; i++) slope.add(i * i * 1e-4, i === 9 ? Number.NaN : i, 0, 1, PERIOD_SEC);
    expect(slope.slope).toBeNaN();
  });
});
