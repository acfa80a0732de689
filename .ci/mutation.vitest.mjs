// The tests that have to notice a mutant of controller/safety: those beside the rules alone. Those that walk a simulated
// body are left out: they are slow, and would only hide what the rule's own tests miss.
import path from 'node:path';
import { BaseSequencer } from 'vitest/node';
import { defineConfig } from 'vitest/config';

const SLOW = /(interaction|monitor|envelope|supervisor|braking)\.test\.ts$/;

/** A mutant dies of its first failing test: the tests of its own file go first, then the quick ones. */
class NearestFirst extends BaseSequencer {
  async sort(files) {
    const mutated = (this.ctx.config.related ?? []).map((file) => path.basename(file, '.ts'));
    const rank = ({ moduleId }) => (mutated.some((name) => path.basename(moduleId).startsWith(name)) ? 0 : SLOW.test(moduleId) ? 2 : 1);
    return files.sort((a, b) => rank(a) - rank(b) || (a.moduleId < b.moduleId ? -1 : 1));
  }
}

/** Those of one file's name, or all. */
const chosen = (process.env.DARI_MUTATION_TESTS ?? '').split(' ').filter((file) => file !== '');

export default defineConfig({
  test: {
    include: chosen.length > 0 ? chosen : ['test/controller/safety/**/*.test.ts'],
    exclude: ['**/*-physics.test.ts'],
    testTimeout: 120_000,
    isolate: false,
    sequence: { sequencer: NearestFirst },
  },
});
