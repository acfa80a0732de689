/** What the live room says of a robot that moves an arm. */
import { expect, test } from 'vitest';
import { armKinds } from '../../../protocols/arm-profile.ts';
import { paceUnitOf, parametersFrom, stepSpeed, toGaitParameters, type ShownParameters } from '../../../ui/state/parameters.ts';
import { plotKindsOf } from '../../../ui/plots/live-plots.ts';
import { armExo } from '../../sim/support/profile.ts';

const profile = armExo();
const shown: ShownParameters = { mode: 'guidedGait', speedKmh: 0.54, guidancePercent: { left: 100, right: 100 }, romPercent: profile.joints.map(() => 100), offsetDeg: profile.joints.map(() => 0), timingPercent: profile.joints.map(() => 0) };

test('its pace is told in cm/s, in steps of one, within what the profile lets the hand do', () => {
  const { unit, perKmh, decimals } = paceUnitOf(profile);
  const pace = ({ speedKmh }: ShownParameters): string => `${(speedKmh * perKmh).toFixed(decimals)} ${unit}`;
  expect(pace(shown)).toBe('15 cm/s');
  expect(pace(stepSpeed(shown, 1, profile))).toBe('16 cm/s');
  expect(pace(stepSpeed(shown, 100, profile))).toBe('30 cm/s');
  expect(pace(stepSpeed(shown, -100, profile))).toBe('5 cm/s');
});

test('a pace that was set comes back from telemetry as it was set', () => {
  for (let steps = -10; steps <= 15; steps++) {
    const set = stepSpeed(shown, steps, profile);
    const { speedMps } = toGaitParameters(set);
    const value = (channel: string): number => (channel === 'mode' ? 0 : channel === 'speedMps' ? Math.fround(speedMps) : channel.startsWith('offset') || channel.startsWith('timing') ? 0 : 1);
    expect(parametersFrom(value, profile)).toEqual(set);
  }
});

test('each of its joints has a plot', () => {
  expect(plotKindsOf(profile)).toEqual(armKinds);
});
