import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { gaitOrthosis } from '../../sim/support/profile.ts';
import { therapyLimits } from '../../../protocols/therapy-limits.ts';
import { trainingModes } from '../../../protocols/training-mode.ts';
import { kmhToMps } from '../../../protocols/units.ts';
import { parameterChanges, parametersFrom, stepGuidance, stepOffset, stepRom, stepSpeed, stepTiming, stepUnloading, toGaitParameters, type ShownParameters } from '../../../ui/state/parameters.ts';

const profile = gaitOrthosis();
const shown: ShownParameters = { mode: 'guidedGait', speedKmh: 1.5, guidancePercent: { left: 100, right: 80 }, romPercent: [100, 100, 100, 100], offsetDeg: [0, 0, 0, 0], timingPercent: [0, 0, 0, 0], unloadingKg: 20 };

/** As telemetry carries them: 32-bit floats by channel name. */
function telemetry(parameters: ShownParameters): (channel: string) => number {
  const gait = toGaitParameters(parameters);
  const values = new Map<string, number>([['mode', trainingModes.indexOf(parameters.mode)], ['speedMps', gait.speedMps], ['guidanceLeft', gait.guidance.left], ['guidanceRight', gait.guidance.right], ['unloadingKg', gait.unloadingKg ?? Number.NaN]]);
  profile.joints.forEach((joint, j) => {
    values.set(`romScale.${joint.id}`, gait.romScale[j] ?? Number.NaN);
    values.set(`offsetRad.${joint.id}`, gait.offsetRad[j] ?? Number.NaN);
    values.set(`timingShare.${joint.id}`, gait.timingShare?.[j] ?? Number.NaN);
  });
  return (channel) => Math.fround(values.get(channel) ?? Number.NaN);
}

test('what a person set comes back from telemetry as exactly what was set', () => {
  fc.assert(
    fc.property(fc.integer({ min: 5, max: 32 }), fc.integer({ min: 0, max: 20 }), fc.integer({ min: 10, max: 24 }), fc.integer({ min: -10, max: 10 }), fc.integer({ min: -10, max: 10 }), fc.constantFrom(...trainingModes), (speed, guidance, rom, offset, timing, mode) => {
      const set: ShownParameters = { mode, speedKmh: speed / 10, guidancePercent: { left: guidance * 5, right: 100 - guidance * 5 }, romPercent: [rom * 5, 100, 100, 95], offsetDeg: [offset, 0, 0 - offset, 1], timingPercent: [0, timing, 0, 0 - timing], unloadingKg: speed };
      expect(parametersFrom(telemetry(set), profile)).toEqual(set);
    }),
  );
});

test('sending an unchanged speed back sends the same bits', () => {
  expect(toGaitParameters(shown).speedMps).toBe(kmhToMps(1.5));
});

test('an incomplete frame gives no parameters instead of wrong ones', () => {
  expect(parametersFrom(() => Number.NaN, profile)).toBeNull();
});

test('steps stop at the ends that the profile gives', () => {
  let at = shown;
  for (let i = 0; i < 100; i++) at = stepSpeed(at, 1, profile);
  expect(at.speedKmh).toBe(profile.therapy.speedKmh.max);
  for (let i = 0; i < 100; i++) at = stepSpeed(at, -1, profile);
  expect(at.speedKmh).toBe(profile.therapy.speedKmh.min);
  for (let i = 0; i < 100; i++) at = stepOffset(stepRom(at, 1, 1, profile), 2, -1, profile);
  expect(at.romPercent).toEqual([100, 120, 100, 100]);
  expect(at.offsetDeg).toEqual([0, 0, -10, 0]);
});

test('timing goes by percents of the cycle, and stands in the list of changes', () => {
  const limit = therapyLimits(profile).timingShare;
  const later = stepTiming(shown, 1, 3, limit);
  expect(later.timingPercent).toEqual([0, 3, 0, 0]);
  expect(stepTiming(shown, 1, -99, limit).timingPercent).toEqual([0, -10, 0, 0]);
  expect(parameterChanges(shown, later)).toEqual([{ key: 'timing', joint: 1, from: 0, to: 3 }]);
});

test('guidance changes both legs or the one that is named', () => {
  expect(stepGuidance(shown, -1, 'both').guidancePercent).toEqual({ left: 95, right: 75 });
  expect(stepGuidance(shown, 1, 'both').guidancePercent).toEqual({ left: 100, right: 85 });
  expect(stepGuidance(shown, -1, 'left').guidancePercent).toEqual({ left: 95, right: 80 });
});

test('the list of changes names each value once, with old and new', () => {
  const edited = stepRom(stepGuidance(shown, 1, 'right'), 3, -1, profile);
  expect(parameterChanges(shown, edited)).toEqual([
    { key: 'guidanceRight', joint: -1, from: 80, to: 85 },
    { key: 'rom', joint: 3, from: 100, to: 95 },
  ]);
  expect(parameterChanges(shown, shown)).toEqual([]);
});

test('unloading goes by kilograms between nothing and what the support carries', () => {
  expect(stepUnloading(shown, 2, 85).unloadingKg).toBe(22);
  expect(stepUnloading(shown, 99, 85).unloadingKg).toBe(85);
  expect(stepUnloading(shown, -99, 85).unloadingKg).toBe(0);
  expect(parameterChanges(shown, stepUnloading(shown, 1, 85))).toEqual([{ key: 'unloading', joint: -1, from: 20, to: 21 }]);
});

test('a robot without support has no unloading to show or to send', () => {
  const { bodyWeightSupport: _none, ...without } = profile;
  const { unloadingKg: _kg, ...plain } = shown;
  expect(parametersFrom(telemetry(plain), without)).toEqual(plain);
  expect(toGaitParameters(plain)).not.toHaveProperty('unloadingKg');
});
