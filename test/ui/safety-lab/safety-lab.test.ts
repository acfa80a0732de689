import { readFileSync } from 'node:fs';
import { describe, expect, it, test } from 'vitest';
import { parseProfile } from '../../../protocols/profile-text.ts';
import type { Action, Cause } from '../../../protocols/supervision.ts';
import { languages } from '../../../ui/app/language.ts';
import { healthyInputs, presetInputs, presets, sliderRanges, slidersOf, switches, switchesOf, type LabInputs, type Preset } from '../../../ui/safety-lab/lab-inputs.ts';
import { SafetyLab, type LabView } from '../../../ui/safety-lab/safety-lab.ts';
import { labTexts } from '../../../ui/safety-lab/texts.ts';

const profile = parseProfile(readFileSync('hal/profiles/gait-orthosis.json', 'utf8'), 'gait-orthosis.json');
const knee = profile.joints[1]!;
const healthy = healthyInputs(knee);

function run(lab: SafetyLab, inputs: LabInputs, seconds: number): LabView {
  for (let cycle = 0; cycle < seconds * profile.controlRateHz; cycle++) lab.cycle(inputs, 'none');
  return lab.view();
}

const afterPreset = (preset: Preset, seconds = 1): LabView => {
  const lab = new SafetyLab(profile, knee);
  return run(lab, presetInputs(preset, profile, knee, lab.view().shown.encoderPositionDeg), seconds);
};

describe('a joint with everything in order', () => {
  it.each(profile.joints)('follows what is desired and nothing acts ($id)', (joint) => {
    const view = run(new SafetyLab(profile, joint), healthyInputs(joint), 10);
    expect(view).toMatchObject({ state: 'running', action: 'none', energised: true, lines: [], limitedBy: [] });
    expect(Math.abs(view.shown.motorPositionDeg - healthyInputs(joint).desiredPositionDeg)).toBeLessThan(healthyInputs(joint).desiredSwingDeg + 3);
  });
});

describe('the presets', () => {
  it.each<[Preset, Action, readonly Cause[]]>([
    ['healthy', 'none', ['none']],
    ['cablePulled', 'protectiveStop', ['linkDown']],
    ['spasm', 'protectiveStop', ['trackingLost', 'speedOutOfRange', 'positionOutOfRange']],
    ['encoderStuck', 'protectiveStop', ['sensorStuck']],
    ['estop', 'emergencyStop', ['estopOpen']],
  ])('%s ends in %s', (preset, action, causes) => {
    const view = afterPreset(preset);
    expect(causes).toContain(view.cause);
    expect(view.action).toBe(action);
    expect(view.latched).toBe(action === 'none' ? 'none' : view.cause);
  });

  it('a speed that is too high stops, and cuts the power when it does not fall', () => {
    expect(afterPreset('speedTooHigh', 0.05)).toMatchObject({ action: 'protectiveStop', cause: 'speedOutOfRange', state: 'stopped' });
    expect(afterPreset('speedTooHigh', 0.3)).toMatchObject({ action: 'torqueOff', energised: false });
  });

  it('set nothing that a slider cannot show', () => {
    const ranges = sliderRanges(profile, knee);
    const wrong = presets.flatMap((preset) =>
      Object.entries(ranges).filter(([slider, { min, max }]) => {
        const value = presetInputs(preset, profile, knee, 30)[slider as keyof typeof ranges];
        return value !== null && (value < min || value > max);
      }),
    );
    expect(wrong).toEqual([]);
  });
});

describe('a stop', () => {
  it('is acknowledged only after its cause is gone, then lowers, and is armed and started again by a person', () => {
    const lab = new SafetyLab(profile, knee);
    run(lab, { ...healthy, patientButton: true }, 0.1);
    lab.cycle({ ...healthy, patientButton: true }, 'acknowledge');
    expect(lab.view()).toMatchObject({ state: 'stopped', latched: 'patientButton' });
    lab.cycle(healthy, 'acknowledge');
    expect(lab.view()).toMatchObject({ state: 'stopping', action: 'none' });
    expect(run(lab, healthy, 1)).toMatchObject({ state: 'ready', energised: false, readyBlocker: 'none' });
    lab.cycle(healthy, 'arm');
    lab.cycle(healthy, 'start');
    expect(run(lab, healthy, 1)).toMatchObject({ state: 'running', energised: true });
  });

  it('after the E-stop needs the line closed first, and nothing moves by itself', () => {
    const lab = new SafetyLab(profile, knee);
    run(lab, { ...healthy, estopClosed: false }, 0.1);
    expect(run(lab, healthy, 1)).toMatchObject({ state: 'emergency', latched: 'estopOpen', energised: false });
    lab.cycle(healthy, 'acknowledge');
    expect(run(lab, healthy, 1)).toMatchObject({ state: 'ready', energised: false });
  });

  it('that comes from the operator is latched too', () => {
    const lab = new SafetyLab(profile, knee);
    lab.cycle(healthy, 'stop');
    expect(lab.view()).toMatchObject({ state: 'stopped', latched: 'operatorStop' });
  });
});

describe('what is shown of a cycle', () => {
  it('names the line of the table with its grace while that is being spent', () => {
    const lab = new SafetyLab(profile, knee);
    const hot = { ...healthy, driveTempC: knee.drive.tempLimitC + 5 };
    const line = run(lab, hot, 0.04).lines.find(({ check }) => check === 'driveTooHot');
    expect(line).toMatchObject({ graceMs: 100, present: true, latched: false, dormant: false });
    expect(line!.spentMs).toBeCloseTo(40, 0);
    expect(run(lab, hot, 0.1)).toMatchObject({ action: 'protectiveStop', cause: 'driveOverTemperature' });
  });

  it('says why the permitted command differs from the desired one', () => {
    const view = run(new SafetyLab(profile, knee), { ...healthy, desiredPositionDeg: 100, desiredStiffnessNmPerRad: 400 }, 0.04);
    expect(view.limitedBy).toEqual(expect.arrayContaining(['position', 'stiffness']));
    expect(view.permitted.stiffnessNmPerRad).toBeLessThanOrEqual(knee.stiffnessNmPerRad);
  });

  it('calls a line dormant that acts only with an enabled drive', () => {
    const lab = new SafetyLab(profile, knee);
    run(lab, { ...healthy, estopClosed: false }, 0.1);
    expect(run(lab, { ...healthy, estopClosed: false, brakeEngaged: true }, 0.1).lines.find(({ check }) => check === 'brakeEngaged')).toMatchObject({ dormant: true, latched: false });
  });
});

test('old hub data is no new reading although the drive goes on', () => {
  const view = run(new SafetyLab(profile, knee), { ...healthy, hubAgeMs: 100 }, 0.1);
  expect(view).toMatchObject({ action: 'protectiveStop', cause: 'hubSilent' });
});

test('every input stands in one group', () => {
  expect(Object.values(slidersOf).flat().toSorted()).toEqual(Object.keys(sliderRanges(profile, knee)).toSorted());
  expect(Object.values(switchesOf).flat().toSorted()).toEqual([...switches].toSorted());
});

/** Every leaf of a catalog as `path → text`. */
function leaves(value: unknown, path: string): [string, string][] {
  if (typeof value === 'string') return [[path, value]];
  if (typeof value === 'function') return [[path, String((value as (...words: string[]) => unknown)('1', '2'))]];
  return Object.entries(value as object).flatMap(([key, inner]) => leaves(inner, `${path}.${key}`));
}

test.each(languages)('the words of the lab are complete in %s', (language) => {
  const here = leaves(labTexts[language], '');
  expect(here.map(([path]) => path)).toEqual(leaves(labTexts.en, '').map(([path]) => path));
  expect(here.filter(([, text]) => text.trim() === '')).toEqual([]);
  expect(here.some(([, text]) => /[가-힣]/.test(text))).toBe(language === 'ko');
});
