import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { lockstepFaults } from '../../../../controller/cli/faults/lockstep/all.ts';
import { createPlan, faultIds, PAIRS, PHASE_BINS } from '../../../../controller/cli/faults/plan.ts';
import { loadProfile } from '../../../../controller/cli/profiles.ts';

const { profile } = loadProfile(resolve('hal/profiles/gait-orthosis.json'));
const possible = lockstepFaults.filter((fault) => fault.variants(profile).length > 0);

describe('the full campaign', () => {
  const plan = createPlan(profile, 20_000, 1, null);
  const rowOf = (id: string): typeof plan.cases => plan.cases.filter(({ row }) => row === id);

  it('injects every fault at least 500 times, in each of its modes', () => {
    expect(plan.cases).toHaveLength(20_000);
    for (const { id, modes } of possible) {
      expect(rowOf(id).length).toBeGreaterThanOrEqual(500);
      for (const mode of modes) expect(rowOf(id).filter((planned) => planned.mode === mode).length).toBeGreaterThan(5);
    }
  });

  it('meets every part of the stride with each fault in each mode of walking, equally often', () => {
    for (const { id, modes } of possible)
      for (const mode of modes.filter((candidate) => candidate.startsWith('walk'))) {
        const counts = Array.from({ length: PHASE_BINS }, () => 0);
        for (const { course, onsetCycle, mode: own } of rowOf(id)) {
          const { strideCycles, windows } = plan.courses[course]!;
          const window = windows.find(({ mode: of, from, to }) => of === own && onsetCycle >= from && onsetCycle < to)!;
          if (own === mode && window.to - window.from >= strideCycles) counts[Math.floor((((onsetCycle + 0.5 - window.from) / strideCycles) % 1) * PHASE_BINS)]!++;
        }
        expect(Math.min(...counts), `${id} ${mode}: ${counts.join(' ')}`).toBeGreaterThanOrEqual(Math.floor(0.6 * Math.max(...counts)));
      }
  });

  it('injects every pair of faults at least ten times', () => {
    const counts = new Map<string, number>();
    for (const { faults } of rowOf(PAIRS)) {
      const pair = faults.map(({ fault }) => fault.id).toSorted().join('+');
      counts.set(pair, (counts.get(pair) ?? 0) + 1);
    }
    expect(counts.size).toBe((possible.length * (possible.length - 1)) / 2);
    expect(Math.min(...counts.values())).toBeGreaterThanOrEqual(10);
  });

  it('walks sessions of more than twenty minutes with each patient, and does not tell the controller what they weigh', () => {
    const minutes = plan.courses.map(({ cycles }) => cycles / profile.controlRateHz / 60);
    expect(Math.min(...minutes)).toBeGreaterThan(20);
    for (const kind of ['passive', 'active', 'spastic']) expect(plan.courses.filter(({ muscles }) => muscles.kind === kind).length).toBeGreaterThanOrEqual(3);
    for (const { limbMassScale, frictionScale } of plan.courses) {
      expect(Math.abs(limbMassScale - 1)).toBeLessThanOrEqual(0.2);
      expect(Math.abs(frictionScale - 1)).toBeLessThanOrEqual(0.5);
    }
  });

  it('puts every onset into a time in which its session is in that mode', () => {
    for (const { course, mode, onsetCycle } of plan.cases)
      expect(plan.courses[course]?.windows.some((window) => window.mode === mode && onsetCycle >= window.from && onsetCycle < window.to)).toBe(true);
  });
});

describe('the campaign of a robot that only measures', () => {
  const { profile: measuring } = loadProfile(resolve('hal/profiles/arm-support.json'));
  const plan = createPlan(measuring, 440, 1, null);

  it('does to it what has a meaning there, and pairs of these, while a person moves', () => {
    expect([...new Set(plan.cases.map(({ row }) => row))].toSorted()).toEqual(['F01', 'F02', 'F03', 'F04', 'F06', 'F08', 'F10', 'F11', 'F12', 'F14', 'F15', 'F16', 'F18', 'F19', 'F22']);
    for (const { mode, onsetCycle, course, faults } of plan.cases) {
      expect(mode).toBe('ready');
      expect(onsetCycle).toBeLessThan(plan.courses[course]!.cycles);
      for (const { variant } of faults) expect(variant.measured).toBeDefined();
    }
    expect(plan.patients).toEqual(['reaching', 'reaching-weak']);
    for (const { muscles, setup, patient } of plan.courses) {
      expect(plan.patients).toContain(patient);
      expect(muscles).toMatchObject({ kind: 'person', patient: { reaches: { gripN: 60 } } });
      expect(setup.parameters.springs).toMatchObject({ upperArm: expect.any(Number), forearm: expect.any(Number) });
    }
  });

  it('asks for doubt, or for an action, wherever the fault can be seen, and never where one sensor cannot show it', () => {
    const variants = plan.faults.flatMap((fault) => fault.variants(measuring));
    const named = (part: string): typeof variants => variants.filter(({ name }) => name.includes(part));
    for (const part of ['impossible', 'jumps 20', 'jumps -40', 'mute', 'unplug', 'other servos', 'reset']) for (const { measured } of named(part)) expect(measured?.doubted).toBeDefined();
    for (const part of ['drifts', 'stuck', 'sign turned', 'jumps 4°']) {
      expect(named(part).length).toBeGreaterThan(0);
      for (const { measured } of named(part)) expect(measured).toMatchObject({ spoils: { seen: 'never' } });
    }
    for (const { wanted } of named('torque of')) expect(wanted).toBe('torqueOff');
    for (const { wanted } of named('pressed')) expect(wanted).toBe('emergencyStop');
  });

  it('has no case where all that was asked for has no meaning there', () => {
    expect(createPlan(measuring, 20, 1, ['F05', 'F17']).cases).toEqual([]);
  });
});

describe('a small campaign', () => {
  it('is the same for the same seed, and another for another', () => {
    const summary = (seed: number): unknown => createPlan(profile, 50, seed, null).cases.map(({ faults, ...rest }) => [rest, faults.map(({ variant }) => variant.name)]);
    expect(summary(3)).toEqual(summary(3));
    expect(summary(3)).not.toEqual(summary(4));
  });

  it('holds only what was asked for', () => {
    expect(new Set(createPlan(profile, 20, 1, ['F01', 'F16']).cases.map(({ row }) => row))).toEqual(new Set(['F01', 'F16']));
    expect(createPlan(profile, 20, 1, [PAIRS]).cases).toHaveLength(20);
    expect(createPlan(profile, 20, 1, ['F20']).cases).toEqual([]);
  });

  it('knows every row of the hazard table', () => {
    expect(faultIds).toEqual(Array.from({ length: 22 }, (_, i) => `F${String(i + 1).padStart(2, '0')}`));
  });
});
