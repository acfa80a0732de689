import { describe, expect, it, test } from 'vitest';
import type { Action, Cause } from '../../../protocols/supervision.ts';
import { languages } from '../../../ui/app/language.ts';
import { changedIn, choices, groups, healthyInputs, inputsOf, presetInputs, presets, presetsOf, selects, sliderRanges, switches, type LabInputs, type Preset } from '../../../ui/safety-lab/lab-inputs.ts';
import { isActive, SafetyLab, type LabView } from '../../../ui/safety-lab/safety-lab.ts';
import { labTexts } from '../../../ui/safety-lab/texts.ts';
import { armBimanual, armExo, footplates, gaitExo, gaitOrthosis } from '../../sim/support/profile.ts';

const profile = gaitOrthosis();
const KNEE = 1;
const knee = profile.joints[KNEE]!;
const healthy = healthyInputs(profile);

function walking(chosen = KNEE): SafetyLab {
  const lab = new SafetyLab(profile, chosen);
  lab.bringUp();
  return lab;
}

function run(lab: SafetyLab, inputs: LabInputs, seconds: number): LabView {
  for (let cycle = 0; cycle < seconds * profile.controlRateHz; cycle++) lab.cycle(inputs, 'none');
  return lab.view();
}

const activeChecks = ({ lines }: LabView): string[] => lines.filter(isActive).map(({ check }) => check);

const afterPreset = (preset: Preset, seconds = 1): LabView => {
  const lab = walking();
  return run(lab, presetInputs(preset, profile, KNEE, lab.view().shown.encoderPositionDeg), seconds);
};

describe('a robot with everything in order', () => {
  it.each(profile.joints.map(({ id }, chosen) => ({ id, chosen })))('walks, follows what is desired, and nothing acts ($id)', ({ chosen }) => {
    const lab = walking(chosen);
    for (let second = 0; second < 10; second++) {
      const view = run(lab, healthy, 1);
      expect(view).toMatchObject({ state: 'running', action: 'none', energised: true, tried: false, limitedBy: [] });
      expect(activeChecks(view)).toEqual([]);
      expect(Math.abs(view.shown.motorPositionDeg - view.shown.ownPositionDeg)).toBeLessThan(3);
    }
  });

  it('goes on when a person takes the guidance away, walks faster or unloads more', () => {
    const lab = walking();
    for (const change of [{ guidancePercent: 0 }, { guidancePercent: 60 }, { pace: 3.2 }, { unloadingKg: 40 }]) expect(run(lab, { ...healthy, ...change }, 5)).toMatchObject({ state: 'running', action: 'none' });
  });
});

describe.each([gaitExo(), armExo(), armBimanual(), footplates()].map((robot) => ({ id: robot.id, robot })))('$id', ({ robot }) => {
  const normal = healthyInputs(robot);
  const trained = (chosen: number, inputs: LabInputs, seconds: number): LabView => {
    const lab = new SafetyLab(robot, chosen);
    lab.bringUp();
    for (let cycle = 0; cycle < seconds * robot.controlRateHz; cycle++) lab.cycle(inputs, 'none');
    return lab.view();
  };

  it('trains by its own pattern, and nothing acts', () => {
    const view = trained(1, normal, 10);
    expect(view).toMatchObject({ state: 'running', action: 'none', latched: 'none', energised: true });
    expect(activeChecks(view)).toEqual([]);
    expect(Math.abs(view.shown.motorPositionDeg - view.shown.ownPositionDeg)).toBeLessThan(3);
  });

  it('is stopped by the spasm of its first joint', () => {
    expect(trained(0, presetInputs('spasm', robot, 0, 0), 0.45)).toMatchObject({ action: 'protectiveStop', latched: 'spasm' });
  });

  it.each(robot.joints.map((joint) => ({ name: joint.id, joint })))('is offered sliders of $name that reach what they begin with', ({ joint }) => {
    const ranges = sliderRanges(robot, joint);
    const offered = groups.flatMap((group) => inputsOf(group, robot).sliders);
    expect(offered.filter((slider) => (normal[slider] ?? ranges[slider].min) < ranges[slider].min || (normal[slider] ?? 0) > ranges[slider].max)).toEqual([]);
  });
});

describe('the presets', () => {
  it.each<[Preset, Action, Cause]>([
    ['healthy', 'none', 'none'],
    ['cablePulled', 'protectiveStop', 'linkDown'],
    ['spasm', 'protectiveStop', 'spasm'],
    ['encoderStuck', 'protectiveStop', 'sensorStuck'],
    ['beltRunsAway', 'protectiveStop', 'treadmillFault'],
    ['estop', 'emergencyStop', 'estopOpen'],
  ])('%s ends in %s', (preset, action, cause) => {
    const view = afterPreset(preset, 0.45);
    expect(view).toMatchObject({ cause, action, latched: action === 'none' ? 'none' : cause });
  });

  it('a speed that is too high stops, and cuts the power when it does not fall', () => {
    expect(afterPreset('speedTooHigh', 0.05)).toMatchObject({ action: 'protectiveStop', state: 'stopped' });
    expect(afterPreset('speedTooHigh', 0.3)).toMatchObject({ action: 'torqueOff', energised: false });
  });

  it('set nothing that a slider cannot show', () => {
    const ranges = sliderRanges(profile, knee);
    const wrong = presets.flatMap((preset) =>
      Object.entries(ranges).filter(([slider, { min, max }]) => {
        const value = presetInputs(preset, profile, KNEE, 30)[slider as keyof typeof ranges];
        return value !== null && (value < min || value > max);
      }),
    );
    expect(wrong).toEqual([]);
  });

  it('leave the belt to a robot that has one', () => {
    expect(presetsOf(profile)).toContain('beltRunsAway');
    expect(presetsOf({})).not.toContain('beltRunsAway');
  });
});

describe('a stop', () => {
  it('is acknowledged only after its cause is gone, then lowers, and is armed and started again by a person', () => {
    const lab = walking();
    run(lab, { ...healthy, patientButton: true }, 0.1);
    lab.cycle({ ...healthy, patientButton: true }, 'acknowledge');
    expect(lab.view()).toMatchObject({ state: 'stopped', latched: 'patientButton' });
    lab.cycle(healthy, 'acknowledge');
    expect(lab.view()).toMatchObject({ state: 'stopping', action: 'none' });
    expect(run(lab, healthy, 4)).toMatchObject({ state: 'ready', energised: false, readyBlocker: 'none' });
    lab.cycle(healthy, 'arm');
    run(lab, healthy, 1);
    lab.cycle(healthy, 'start');
    expect(run(lab, healthy, 5)).toMatchObject({ state: 'running', energised: true, action: 'none' });
  });

  it('after the E-stop needs the line closed first, and nothing moves by itself', () => {
    const lab = walking();
    run(lab, { ...healthy, estopClosed: false }, 0.1);
    expect(run(lab, healthy, 1)).toMatchObject({ state: 'emergency', latched: 'estopOpen', energised: false });
    lab.cycle(healthy, 'acknowledge');
    expect(run(lab, healthy, 1)).toMatchObject({ state: 'ready', energised: false });
  });

  it('that comes from the operator is latched too', () => {
    const lab = walking();
    lab.cycle(healthy, 'stop');
    expect(lab.view()).toMatchObject({ state: 'stopped', latched: 'operatorStop' });
  });

  it('after a cut of the power opens the relay, which closes again when the stop is acknowledged', () => {
    const lab = walking();
    expect(run(lab, { ...healthy, motorPositionDeg: 70 }, 0.5)).toMatchObject({ action: 'torqueOff', energised: false });
    run(lab, healthy, 2);
    lab.cycle(healthy, 'acknowledge');
    expect(run(lab, healthy, 1)).toMatchObject({ state: 'ready', readyBlocker: 'none' });
  });

  it('outlives what a change of the session begins anew', () => {
    const lab = walking();
    run(lab, { ...healthy, patientButton: true }, 0.1);
    expect(run(lab, { ...healthy, bodyMassKg: 90 }, 1)).toMatchObject({ state: 'stopped', latched: 'patientButton', energised: false });
  });
});

describe('a change of the session', () => {
  it('releases the drives, and a person arms and starts again', () => {
    const lab = walking();
    const heavier = { ...healthy, bodyMassKg: 90 };
    expect(run(lab, heavier, 1)).toMatchObject({ state: 'ready', energised: false, readyBlocker: 'none' });
    lab.cycle(heavier, 'arm');
    run(lab, heavier, 2);
    lab.cycle(heavier, 'start');
    expect(run(lab, heavier, 6)).toMatchObject({ state: 'running', action: 'none' });
  });
});

describe('what is shown of a cycle', () => {
  it('names the line of the table with its joint and its grace while that is being spent', () => {
    const lab = walking();
    const hot = { ...healthy, driveTempC: knee.drive.tempLimitC + 5 };
    const line = run(lab, hot, 0.04).lines.find(({ check }) => check === 'driveTooHot');
    expect(line).toMatchObject({ graceMs: 100, present: true, joint: KNEE, latched: false, dormant: false });
    expect(line!.spentMs).toBeCloseTo(40, 0);
    expect(run(lab, hot, 0.1)).toMatchObject({ action: 'protectiveStop', cause: 'driveOverTemperature', causeJoint: KNEE });
  });

  it('says what the envelope makes of a command of one’s own, while the model robot goes on', () => {
    const lab = walking();
    const view = run(lab, { ...healthy, ownPositionDeg: 100, ownStiffnessNmPerRad: 360 }, 0.04);
    expect(view.tried).toBe(true);
    expect(view.desired.positionRad).toBeCloseTo(1.745, 2);
    expect(view.limitedBy).toEqual(expect.arrayContaining(['position', 'stiffness']));
    expect(view.permitted.stiffnessNmPerRad).toBeLessThanOrEqual(knee.stiffnessNmPerRad);
    expect(run(lab, { ...healthy, ownPositionDeg: 100 }, 3)).toMatchObject({ state: 'running', action: 'none' });
    expect(lab.view().permitted.positionRad).toBeLessThan(1.31);
    expect(run(lab, healthy, 0.1)).toMatchObject({ tried: false, limitedBy: [] });
  });

  it('calls a line dormant that acts only with an enabled drive', () => {
    const lab = walking();
    run(lab, { ...healthy, estopClosed: false }, 0.1);
    expect(run(lab, { ...healthy, estopClosed: false, brakes: 'closed' }, 0.1).lines.find(({ check }) => check === 'brakeEngaged')).toMatchObject({ dormant: true, latched: false });
  });
});

test('old hub data is no new reading although the drive goes on', () => {
  const view = run(walking(), { ...healthy, hubAgeMs: 100 }, 0.1);
  expect(view).toMatchObject({ action: 'protectiveStop', cause: 'hubSilent' });
});

describe('the inputs', () => {
  const offered = (robot: Parameters<typeof inputsOf>[1]) => groups.map((group) => inputsOf(group, robot));

  it('stand in one group each', () => {
    const all = offered(profile);
    expect(all.flatMap(({ sliders }) => sliders).toSorted()).toEqual(Object.keys(sliderRanges(profile, knee)).toSorted());
    expect(all.flatMap((group) => group.switches).toSorted()).toEqual([...switches].toSorted());
    expect(all.flatMap((group) => group.selects).toSorted()).toEqual([...selects].toSorted());
  });

  it('of a belt and a support are not offered where a robot has none', () => {
    const names = offered({}).flatMap(({ sliders, switches: switched }) => [...sliders, ...switched]);
    expect(names.filter((name) => /belt|treadmill|rope|support|unloading/i.test(name))).toEqual([]);
  });

  it('tell how many of a group are changed', () => {
    const drive = inputsOf('drive', profile);
    expect(changedIn(drive, healthy, healthy)).toBe(0);
    expect(changedIn(drive, { ...healthy, driveTempC: 80, driveState: 'fault', linkUp: false, hubAgeMs: 100 }, healthy)).toBe(3);
  });

  it('say each choice in words', () => {
    expect(Object.keys(labTexts.en.choice).toSorted()).toEqual([...new Set(Object.values(choices).flat())].toSorted());
  });
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
