import { expect, test } from 'vitest';
import { bareMit } from '../../../sim/drives/mit-drive.ts';
import { Motor } from '../../../sim/drives/motor.ts';

const drive = bareMit(1);
const STEP_S = 0.1;

function heated(torqueNm: number, seconds: number, motor = new Motor(drive)): Motor {
  for (let s = 0; s < seconds; s += STEP_S) motor.heat(torqueNm, STEP_S);
  return motor;
}

test('the continuous torque settles at the warning temperature, and never above it', () => {
  const motor = heated(drive.continuousTorqueNm, 600);
  expect(motor.tempC).toBeLessThan(drive.tempWarnC);
  heated(drive.continuousTorqueNm, 4_000, motor);
  expect(motor.tempC).toBeCloseTo(drive.tempWarnC, 0);
  expect(motor.tempC).toBeLessThan(drive.tempWarnC + 0.01);
});

test('the peak torque lasts for tens of seconds, not for minutes', () => {
  expect(heated(drive.peakTorqueNm, 5).tempC).toBeLessThan(drive.tempWarnC);
  expect(heated(drive.peakTorqueNm, 90).tempC).toBeGreaterThan(drive.tempLimitC);
});

test('after a peak the winding cools within a minute or two, down to its case', () => {
  const motor = heated(drive.peakTorqueNm, 30);
  const hotC = motor.tempC;
  heated(0, 120, motor);
  expect(motor.tempC).toBeLessThan(hotC - 30);
  expect(motor.tempC).toBeGreaterThan(27);
});

test('torque stays within the peak, fades toward the no-load speed, and brakes in full at any speed', () => {
  const motor = new Motor(drive);
  const { peakTorqueNm, velocityRangeRadPerSec } = drive;
  expect(motor.limitNm(1_000, 0)).toBe(peakTorqueNm);
  expect(motor.limitNm(1_000, 0.9 * velocityRangeRadPerSec)).toBeCloseTo(peakTorqueNm / 2);
  expect(motor.limitNm(1_000, 1.1 * velocityRangeRadPerSec)).toBe(0);
  expect(motor.limitNm(-1_000, 1.1 * velocityRangeRadPerSec)).toBe(-peakTorqueNm);
});
