import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { faultsCommand } from '../../../../controller/cli/faults/faults.ts';

describe('dari faults', () => {
  const run = (words: Record<string, string>): Promise<number> => faultsCommand.run({ positionals: [], options: new Map(Object.entries({ profile: resolve('hal/profiles/gait-orthosis.json'), ...words })) });

  it('names the faults that it can inject, in lock-step and on pseudo-terminals', async () => {
    await expect(run({ only: 'F01,F99' })).rejects.toThrow(/There is no fault "F99" to inject here. Choose from: F01, F02, .*F22/);
    await expect(run({ pty: 'true', only: 'F01,F99' })).rejects.toThrow(/There is no fault "F99" to inject here. Choose from: .*F13/);
  });

  it('refuses numbers that make no campaign', async () => {
    await expect(run({ n: '0' })).rejects.toThrow(/--n takes a whole number from 1/);
    await expect(run({ seed: '-1' })).rejects.toThrow(/--seed takes a whole number from 0/);
    await expect(run({ jobs: '0' })).rejects.toThrow(/--jobs takes a whole number from 1/);
  });
});
