import { expect, test } from 'vitest';
import { createRandom } from '../../../protocols/random.ts';
import type { SimulatedPatient } from '../../../sim/body/simulated-patient.ts';
import { strongestNm, Voluntary } from '../../../sim/body/voluntary.ts';

const patient = { bodyMassKg: 75, heightM: 1.8, strength: { left: 0.2, right: 1 } } as SimulatedPatient;
const knee = { id: 'kneeLeft', kind: 'knee', side: 'left' } as const;
const run = (will: Voluntary, ms: number, radPerSec = 0): number[] => Array.from({ length: ms }, () => will.torqueNm(radPerSec, 1));
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

test('strength follows size and what is left of it, each way', () => {
  expect(strongestNm(patient, knee, 1)).toBeCloseTo(23, 9);
  expect(strongestNm(patient, knee, -1)).toBeCloseTo(43.2, 9);
  expect(strongestNm(patient, { ...knee, side: 'right' }, 1)).toBeCloseTo(115, 9);
  expect(strongestNm({ ...patient, bodyMassKg: 37.5, heightM: 0.9 }, knee, 1)).toBeCloseTo(23 / 4, 9);
});

test('asked to push he reacts, builds up, and gives nearly what he can; asked to let go he does', () => {
  const will = new Voluntary(patient, knee, createRandom(1));
  expect(run(will, 100).every((torque) => torque === 0)).toBe(true);
  will.hear({ ask: 'push', joint: 'kneeLeft', markNm: 45 });
  expect(run(will, 90).every((torque) => torque === 0)).toBe(true);
  run(will, 1500);
  const held = mean(run(will, 2000));
  expect(held).toBeGreaterThan(0.94 * 23);
  expect(held).toBeLessThan(1.01 * 23);
  will.hear({ ask: 'relax' });
  run(will, 1500);
  expect(Math.abs(will.torqueNm(0, 1))).toBeLessThan(0.1);
});

test('shown a mark below his strength he stops short of it', () => {
  const will = new Voluntary(patient, knee, createRandom(2));
  will.hear({ ask: 'push', joint: 'kneeLeft', markNm: -30 });
  run(will, 1500);
  const held = run(will, 2000);
  expect(mean(held)).toBeCloseTo(-0.97 * 30, 0);
  expect(Math.max(...held.map(Math.abs))).toBeLessThan(1.1 * 30);
});

test('his other joints are relaxed, and tired he gives less', () => {
  const other = new Voluntary(patient, { ...knee, id: 'kneeRight' }, createRandom(3));
  other.hear({ ask: 'push', joint: 'kneeLeft', markNm: 30 });
  expect(run(other, 2000).every((torque) => torque === 0)).toBe(true);
  const tired = new Voluntary(patient, knee, createRandom(3));
  tired.hear({ ask: 'push', joint: 'kneeLeft', markNm: 45 });
  const torques = Array.from({ length: 3000 }, () => tired.torqueNm(0, 0.5));
  expect(mean(torques.slice(2000))).toBeLessThan(0.52 * 23);
});

test('asked to move he pushes the way he is shown, and less the faster it goes', () => {
  const will = new Voluntary(patient, knee, createRandom(4));
  will.hear({ ask: 'move', joint: 'kneeLeft', markNm: 22 });
  const standing = mean(run(will, 1000).slice(500));
  const moving = mean(run(will, 1000, 0.9).slice(500));
  expect(standing).toBeGreaterThan(3);
  expect(moving).toBeLessThan(standing);
});
