import { describe, expect, it } from 'vitest';
import { catchTorqueNm, END_RAD, endTorqueNm } from '../../../controller/therapy/end-of-range.ts';
import { degToRad } from '../../../protocols/units.ts';
import { armExo } from '../../sim/support/profile.ts';

const lift = armExo().joints.find(({ kind }) => kind === 'shoulderElevation')!;
const range = { min: degToRad(42), max: degToRad(118) };
const at = (deg: number, degPerSec: number) => ({ positionRad: degToRad(deg), velocityRadPerSec: degToRad(degPerSec) });
/** To hold an arm of 75 kg that is lifted halfway. */
const WEIGHT_NM = 9;

describe('the end of a range', () => {
  it('is felt near it only, and inward only', () => {
    expect(endTorqueNm(lift, range, at(80, -50))).toBe(0);
    expect(endTorqueNm(lift, range, at(43, 0))).toBeGreaterThan(0);
    expect(endTorqueNm(lift, range, at(117, 0))).toBeLessThan(0);
    expect(endTorqueNm(lift, range, at(43, 500))).toBe(0);
  });
});

describe('a limb that nobody carries', () => {
  it('is left to a person who carries it, however fast he goes, and caught as far as he does not', () => {
    const down = at(50, -100);
    const fallingNm = catchTorqueNm(lift, range, down, WEIGHT_NM, 0);
    expect(fallingNm).toBeGreaterThan(WEIGHT_NM);
    expect(catchTorqueNm(lift, range, down, WEIGHT_NM, WEIGHT_NM)).toBe(0);
    expect(catchTorqueNm(lift, range, down, WEIGHT_NM, 2 * WEIGHT_NM)).toBe(0);
    expect(catchTorqueNm(lift, range, down, WEIGHT_NM, WEIGHT_NM / 2)).toBeCloseTo(fallingNm / 2, 9);
    // Who pushes it down, and one of whom nothing is known, carries nothing of it.
    for (const personNm of [-WEIGHT_NM, Number.NaN]) expect(catchTorqueNm(lift, range, down, WEIGHT_NM, personNm)).toBe(fallingNm);
  });

  it.each([118, 100, 80, 60])('that falls from %f° comes to the spring at the end as slowly as that can take it', (fromDeg) => {
    const inertiaKgM2 = 0.6;
    const periodSec = 0.004;
    const arm = at(fromDeg, 0);
    let fastest = 0;
    let atEnd = 0;
    for (let t = 0; t < 4; t += periodSec) {
      const torqueNm = catchTorqueNm(lift, range, arm, WEIGHT_NM, 0) + endTorqueNm(lift, range, arm) - WEIGHT_NM;
      arm.velocityRadPerSec += (torqueNm / inertiaKgM2) * periodSec;
      arm.positionRad += arm.velocityRadPerSec * periodSec;
      fastest = Math.max(fastest, -arm.velocityRadPerSec);
      if (atEnd === 0 && arm.positionRad < range.min + END_RAD) atEnd = -arm.velocityRadPerSec;
    }
    expect(fastest).toBeLessThan(0.95 * degToRad(lift.speedLimitDegPerSec));
    expect(atEnd).toBeGreaterThan(0);
    expect(atEnd).toBeLessThan(1);
    expect(arm.positionRad).toBeGreaterThan(range.min);
    expect(Math.abs(arm.velocityRadPerSec)).toBeLessThan(0.01);
  });

  it('that is thrown up, or that is slow enough, is let go on', () => {
    expect(catchTorqueNm(lift, range, at(117, 110), WEIGHT_NM, 0)).toBe(0);
    expect(catchTorqueNm(lift, range, at(80, -60), WEIGHT_NM, 0)).toBe(0);
    expect(catchTorqueNm(lift, range, at(50, -110), 0, 0)).toBe(0);
  });
});
