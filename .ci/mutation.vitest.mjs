// The tests that have to notice a mutant of controller/safety: those beside the rules alone. Those that walk a simulated
// body are left out: they are slow, and would only hide what the rule's own tests miss.
import { BaseSequencer } from 'vitest/node';
import { defineConfig } from 'vitest/config';

/** A mutant dies of its first failing test: the quick files go first. */
const SLOW = /(interaction|monitor|envelope|supervisor|braking)\.test\.ts$/;

class QuickFirst extends BaseSequencer {
  async sort(files) {
    return files.sort((a, b) => Number(SLOW.test(a.moduleId)) - Number(SLOW.test(b.moduleId)) || (a.moduleId < b.moduleId ? -1 : 1));
  }
}

export default defineConfig({
  test: {
    include: ['test/controller/safety/**/*.test.ts'],
    exclude: ['**/*-physics.test.ts'],
    testTimeout: 30_000,
    isolate: false,
    sequence: { sequencer: QuickFirst },
  },
});
