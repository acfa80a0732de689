import { expect, it } from 'vitest';
import { Witness } from '../../../../../controller/cli/faults/pty/witness.ts';

/** A simulator that was late by so much, in microseconds, since it was asked before. */
function simulatorWith(...newMaxUs: number[]): ConstructorParameters<typeof Witness>[0] {
  return {
    control: () => undefined,
    simulatorLine: () => Promise.resolve({ stats: { lagUs: { newMax: newMaxUs.shift() }, truth: { nowUs: 0, joints: [], pulledUs: {} } } }),
  };
}

it('knows a stall of the simulator that is shorter than one before', async () => {
  const witness = new Witness(simulatorWith(7_000, 3_000));
  expect(await witness.simulatorStallMs()).toBe(7);
  expect(await witness.simulatorStallMs()).toBe(3);
});

it('does not lose a stall that was told together with the truth', async () => {
  const witness = new Witness(simulatorWith(5_000, 2_000, 0));
  await witness.truth();
  expect(await witness.simulatorStallMs()).toBe(5);
  expect(await witness.simulatorStallMs()).toBe(0);
});
