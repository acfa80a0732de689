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
  it('is left alone while it is swung by ±15° once per second in the middle of its range, whatever it weighs', () => {
    const radPerSec = 2 * Math.PI;
    for (let t = 0; t < 1; t += 0.01) {
      const swing = { positionRad: degToRad(80 + 15 * Math.sin(radPerSec * t)), velocityRadPerSec: degToRad(15) * radPerSec * Math.cos(radPerSec * t) };
      expect(catchTorqueNm(lift, range, swing, WEIGHT_NM)).toBe(0);
    }
  });

  it.each([118, 100, 80, 60])('that falls from %f° comes to the spring at the end as slowly as that can take it', (fromDeg) => {
    const inertiaKgM2 = 0.6;
    const periodSec = 0.004;
    const arm = at(fromDeg, 0);
    let fastest = 0;
    let atEnd = 0;
    for (let t = 0; t < 4; t += periodSec) {
      const torqueNm = catchTorqueNm(lift, range, arm, WEIGHT_NM) + endTorqueNm(lift, range, arm) - WEIGHT_NM;
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

  it('that is thrown against its weight is damped only', () => {
    const up = at(117, 110);
    expect(catchTorqueNm(lift, range, up, WEIGHT_NM)).toBeLessThan(0);
    expect(catchTorqueNm(lift, range, up, WEIGHT_NM)).toBe(catchTorqueNm(lift, range, up, 0));
    // Down, the weight is carried beside that.
    expect(catchTorqueNm(lift, range, at(43, -110), WEIGHT_NM) - catchTorqueNm(lift, range, at(43, -110), 0)).toBeCloseTo(WEIGHT_NM, 9);
  });
});
