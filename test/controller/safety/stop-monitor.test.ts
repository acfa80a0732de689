import { expect, it } from 'vitest';
import { StopMonitor } from '../../../controller/safety/stop-monitor.ts';
import { degToRad } from '../../../protocols/units.ts';
import { profile } from './fixtures.ts';

const joint = (speedDegPerSec: number, trusted = true) => ({
  positionRad: 0,
  velocityRadPerSec: degToRad(speedDegPerSec),
  torqueNm: 0,
  encoderRad: 0,
  trusted,
  motorFresh: trusted,
  motorImplausible: !trusted,
  encoderImplausible: false,
  disagrees: false,
});
const after = (us: number, braking: boolean, joints: ReturnType<typeof joint>[]) => {
  const monitor = new StopMonitor(profile.stop);
  monitor.breached(braking, joints, us - 4000);
  return monitor.breached(braking, joints, 4000);
};

it('a joint that still moves when the stop time is over breaches the stop', () => {
  expect(after(504_000, true, [joint(0), joint(-16)])).toBe(true);
  expect(after(504_000, true, [joint(14), joint(-14)])).toBe(false);
});

it('within the stop time every speed is allowed', () => {
  expect(after(500_000, true, [joint(300)])).toBe(false);
});

it('only braking counts, and each stop has its own time', () => {
  expect(after(504_000, false, [joint(300)])).toBe(false);
  const monitor = new StopMonitor(profile.stop);
  monitor.breached(true, [joint(300)], 400_000);
  monitor.breached(false, [joint(300)], 4_000);
  expect(monitor.breached(true, [joint(300)], 400_000)).toBe(false);
});

it('the speed of an untrusted joint is not judged: its sensor has stopped the robot already', () => {
  expect(after(504_000, true, [joint(300, false)])).toBe(false);
});
