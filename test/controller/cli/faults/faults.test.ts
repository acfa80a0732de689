import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { faultsCommand } from '../../../../controller/cli/faults/faults.ts';

describe('dari faults', () => {
  const run = (words: Record<string, string>): Promise<number> => faultsCommand.run({ positionals: [], options: new Map(Object.entries({ profile: resolve('hal/profiles/gait-orthosis.json'), ...words })) });

  it('names the faults that it can inject, in lock-step and on pseudo-terminals', async () => {
    await expect(run({ only: 'F01,F99' })).rejects.toThrow(/There is no fault "F99" to inject here. Choose from: F01, F02, .*F22/);
    await expect(run({ pty: 'true', only: 'F01,F99' })).rejects.toThrow(/There is no fault "F99" to inject here. Choose from: .*F13/);
  });

  it('refuses a fault that the robot has no part for, instead of finding nothing in no case of it', async () => {
    await expect(run({ profile: resolve('hal/profiles/arm-support.json'), only: 'F01,F17' })).rejects.toThrow(/^arm-support has no part for F17\. Choose from: F01, .*F16, .*F22\.$/);
    await expect(run({ profile: resolve('hal/profiles/gait-exo.json'), only: 'F21', case: '0' })).rejects.toThrow(/has no part for F21/);
  });

  it('refuses numbers that make no campaign', async () => {
    await expect(run({ n: '0' })).rejects.toThrow(/--n takes a whole number from 1/);
    await expect(run({ seed: '-1' })).rejects.toThrow(/--seed takes a whole number from 0/);
    await expect(run({ jobs: '0' })).rejects.toThrow(/--jobs takes a whole number from 1/);
  });
});
