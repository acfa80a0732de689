import { describe, expect, test } from 'vitest';
import { createRandom } from '../../../protocols/random.ts';
import { OwnPattern } from '../../../sim/body/own-pattern.ts';
import { PersonMuscles } from '../../../sim/body/person-muscles.ts';
import type { SimulatedPatient } from '../../../sim/body/simulated-patient.ts';

const MS_PER_S = 1_000;
/** A physics step; the muscles are asked once in each. */
const STEP_MS = 1;

const person = (own: Partial<SimulatedPatient>): SimulatedPatient => ({
  schemaVersion: 1,
  name: { en: 'a', ko: 'b', de: 'c' },
  bodyMassKg: 75,
  heightM: 1.8,
  effortNm: 10,
  strength: { left: 1, right: 1 },
  spasticity: { left: 0, right: 0 },
  ...own,
});

const joint = (side: 'left' | 'right', kind: 'hip' | 'knee' = 'knee') => ({ id: `${kind}${side === 'left' ? 'Left' : 'Right'}`, kind, side });

/** Torque in each step while the joint is moved to and fro, half a second each way. */
function torquesNm(own: Partial<SimulatedPatient>, sec: number, radPerSec: number, side: 'left' | 'right' = 'left'): number[] {
  const muscles = new PersonMuscles(person(own), joint(side), createRandom(1));
  return Array.from({ length: Math.round((sec * MS_PER_S) / STEP_MS) }, (_, i) => muscles.torqueNm(Math.floor((i * STEP_MS) / 500) % 2 === 0 ? radPerSec : -radPerSec, 0.5));
}

const meanSize = (torques: readonly number[], fromSec: number, toSec: number): number => {
  const part = torques.slice((fromSec * MS_PER_S) / STEP_MS, (toSec * MS_PER_S) / STEP_MS);
  return part.reduce((sum, torque) => sum + Math.abs(torque), 0) / part.length;
};

test('a weak leg gives its share of what a healthy one gives, and a leg without strength nothing', () => {
  const [healthy, weak] = [torquesNm({}, 10, 1.5), torquesNm({ strength: { left: 0.4, right: 1 } }, 10, 1.5)];
  expect(meanSize(weak, 2, 10) / meanSize(healthy, 2, 10)).toBeCloseTo(0.4, 6);
  expect(torquesNm({ strength: { left: 0, right: 1 } }, 2, 1.5).every((torque) => torque === 0)).toBe(true);
});

test('each side has its own strength and its own spasticity', () => {
  const stroke = { effortNm: 0, spasticity: { left: 0, right: 2 } } as const;
  expect(meanSize(torquesNm(stroke, 4, 1.5, 'left'), 1, 4)).toBe(0);
  expect(meanSize(torquesNm(stroke, 4, 1.5, 'right'), 1, 4)).toBeGreaterThan(2);
});

describe('a patient who slacks', () => {
  test('gives ever less while he is moved, down to his share', () => {
    const torques = torquesNm({ slacksTo: 0.2 }, 80, 1.5);
    const eager = torquesNm({}, 80, 1.5);
    expect(meanSize(torques, 2, 4) / meanSize(eager, 2, 4)).toBeGreaterThan(0.7);
    expect(meanSize(torques, 60, 80) / meanSize(eager, 60, 80)).toBeCloseTo(0.2, 1);
  });

  /** Mean size of what he adds to it, stride by stride of 1.6 s, at a knee that swings as far as is told. */
  function addedNm(strides: number, swingRad: (stride: number) => number): number[] {
    const pattern = new OwnPattern(10);
    const steps = 1_600 / STEP_MS;
    return Array.from({ length: strides }, (_, stride) => {
      let sum = 0;
      for (let i = 0; i < steps; i++) sum += Math.abs(pattern.torqueNm(0.5 + swingRad(stride) * Math.sin((2 * Math.PI * i) / steps)));
      return sum / steps;
    });
  }

  test('adds less than a tenth of what he can while his leg goes as he was shown, and ever more where it does not come so far', () => {
    const added = addedNm(80, (stride) => (stride < 40 ? 0.4 : 0.3));
    expect(Math.max(...added.slice(0, 40))).toBeLessThan(1);
    expect(added[50]!).toBeGreaterThan(1);
    expect(added[70]!).toBeGreaterThan(1.3 * added[50]!);
  });

  test('forgets what he gave once his leg goes well again', () => {
    const added = addedNm(90, (stride) => (stride >= 20 && stride < 50 ? 0.3 : 0.4));
    expect(added[85]!).toBeLessThan(0.25 * added[52]!);
  });

  test('gives no more than he can, and nothing to a leg that stands', () => {
    const added = addedNm(120, (stride) => (stride < 20 ? 0.4 : stride < 110 ? 0.05 : 0));
    expect(Math.max(...added)).toBeLessThanOrEqual(10);
    expect(added[119]).toBe(0);
  });

  test('only at hip and knee of a leg does he know how it should go', () => {
    const turn = (2 * Math.PI) / (1.6 * MS_PER_S);
    const swingRad = (i: number): number => (i < 40_000 ? 0.4 : 0.25);
    const one = (kind: 'knee' | 'ankle'): number[] => {
      const muscles = new PersonMuscles(person({ slacksTo: 0 }), { id: `${kind}Left`, kind, side: 'left' }, createRandom(1));
      return Array.from({ length: 96_000 }, (_, i) => muscles.torqueNm(swingRad(i) * turn * MS_PER_S * Math.cos(turn * i), 0.5 + swingRad(i) * Math.sin(turn * i)));
    };
    expect(meanSize(one('knee'), 90, 96)).toBeGreaterThan(5 * meanSize(one('ankle'), 90, 96));
  });
});

test('who tires gives half after his time in motion, and rest does not count', () => {
  const [torques, fresh] = [torquesNm({ tiresByHalfSec: 30 }, 31, 1.5), torquesNm({}, 31, 1.5)];
  expect(meanSize(torques, 29, 31) / meanSize(fresh, 29, 31)).toBeCloseTo(0.5, 1);
  const muscles = new PersonMuscles(person({ tiresByHalfSec: 30 }), joint('left'), createRandom(1));
  for (let i = 0; i < (60 * MS_PER_S) / STEP_MS; i++) muscles.torqueNm(0, 0.5);
  const after = Array.from({ length: (4 * MS_PER_S) / STEP_MS }, (_, i) => muscles.torqueNm(Math.floor((i * STEP_MS) / 500) % 2 === 0 ? 1.5 : -1.5, 0.5));
  expect(meanSize(after, 2, 4)).toBeGreaterThan(0.8 * meanSize(fresh, 2, 4));
});

test('a tremor has its frequency and its size, at rest too', () => {
  const torques = torquesNm({ effortNm: 0, tremor: { frequencyHz: 5, torqueNm: 2 } }, 20, 0);
  const crossings = torques.filter((torque, i) => i > 0 && torque > 0 && (torques[i - 1] ?? 0) <= 0).length;
  expect(crossings / 20).toBeGreaterThan(4.5);
  expect(crossings / 20).toBeLessThan(5.5);
  expect(Math.max(...torques)).toBeCloseTo(2, 2);
});

describe('the script of a patient', () => {
  const spasm = { joint: 'kneeRight', torqueNm: 40, riseMs: 100, holdMs: 800 };

  test('brings a spasm at its time, at its joint alone', () => {
    const script = [{ atSec: 12, spasm }];
    const right = torquesNm({ effortNm: 0, script }, 14, 0, 'right');
    expect(meanSize(right, 0, 12)).toBe(0);
    expect(meanSize(right, 12.2, 12.8)).toBeCloseTo(40, 6);
    expect(meanSize(right, 13.1, 14)).toBe(0);
    expect(meanSize(torquesNm({ effortNm: 0, script }, 14, 0, 'left'), 0, 14)).toBe(0);
  });

  test('changes how much he gives', () => {
    const [torques, eager] = [torquesNm({ script: [{ atSec: 4, effort: 0.5 }, { atSec: 8, effort: 0 }] }, 10, 1.5), torquesNm({}, 10, 1.5)];
    expect(meanSize(torques, 2, 4)).toBeCloseTo(meanSize(eager, 2, 4), 9);
    expect(meanSize(torques, 4, 8)).toBeCloseTo(0.5 * meanSize(eager, 4, 8), 2);
    expect(meanSize(torques, 8.01, 10)).toBe(0);
  });
});

test('the same seed gives the same bits', () => {
  const own: Partial<SimulatedPatient> = { tremor: { frequencyHz: 5, torqueNm: 2 }, slacksTo: 0.2, tiresByHalfSec: 30, spasticity: { left: 1, right: 1 } };
  expect(torquesNm(own, 5, 1.5)).toEqual(torquesNm(own, 5, 1.5));
});
