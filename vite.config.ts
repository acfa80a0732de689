import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/** Node processes and threads, each a named entry of `dist/`. */
const nodeEntries = {
  dari: 'controller/cli/dari.ts',
  'robot-process': 'controller/robot/robot-process.ts',
  'recorder-thread': 'controller/robot/recorder-thread.ts',
  'pipe-thread': 'controller/robot/pipe-thread.ts',
  'monitor-thread': 'controller/robot/monitor-thread.ts',
  metronome: 'hal/metronome-thread.ts',
  'faults-worker': 'controller/cli/faults/worker.ts',
  'faults-mischief': 'controller/cli/faults/pty/mischief.ts',
  'faults-page': 'controller/cli/faults/pty/page-process.ts',
  'sim-process': 'sim/sim-process.ts',
  'sim-metronome': 'sim/pacing-thread.ts',
};

/** A process per core, each for many files: a new one for each of 220 files costs a fifth of a second every time. Walks that take seconds may take a minute on a machine that has other things to do. */
const shared = { isolate: false, testTimeout: 90_000 };

/** Beside the rules, and of the documents that are made from them: they alone must take every branch of controller/safety. Walks of a simulated body are slow, more so where branches are counted. */
const SAFETY_TESTS = ['test/controller/safety/**/!(*-physics).test.ts', 'test/controller/cli/documents.test.ts'];

export default defineConfig(({ mode }) => ({
  root: mode === 'page' ? 'ui' : '.',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build:
    mode === 'page'
      ? { outDir: process.env['DARI_OUT_DIR'] ?? '../dist/page', emptyOutDir: true, target: 'es2022', chunkSizeWarningLimit: 1200, rolldownOptions: { checks: { pluginTimings: false } } }
      : { outDir: process.env['DARI_OUT_DIR'] ?? 'dist', ssr: true, target: 'node20', minify: false, rolldownOptions: { input: nodeEntries, checks: { pluginTimings: false }, output: { entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' } } },
  test: {
    // Left to itself, the runner leaves a core idle: half of a machine with two.
    maxWorkers: availableParallelism(),
    // Threads and processes run from dist/ (built by `npm test` first): plain Node 20 cannot start .ts workers.
    projects: [
      { extends: true, test: { name: 'safety', include: SAFETY_TESTS, ...shared } },
      { extends: true, test: { name: 'unit', include: ['test/**/*.test.ts'], exclude: ['test/**/*.pty.test.ts', 'test/e2e/**', 'test/bench/**', ...SAFETY_TESTS], ...shared } },
      // One robot at a time, as in a clinic: two on two cores hold each other up for longer than the limits allow.
      { extends: true, test: { name: 'real', include: ['test/**/*.pty.test.ts', 'test/e2e/**/*.test.ts', 'test/bench/**/*.test.ts'], fileParallelism: false, testTimeout: 120_000, hookTimeout: 120_000 } },
    ],
  },
}));
