// `npm run mutation`: changes controller/safety in every way that a slip could, and counts how many changes the tests
// notice. Arguments narrow it to files: `npm run mutation -- controller/safety/braking.ts`. Exit code 1 below the bar.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { root, setUpDependencies } from './setup.mjs';

const BAR_PERCENT = 90;
/** Tables and types: their rows are tested by the rules that read them, their sentences are for people. */
const DATA = ['controller/safety/hazards.ts'];

setUpDependencies();
const { Stryker } = await import('@stryker-mutator/core');
process.chdir(root);
const chosen = process.argv.slice(2);
const temporary = fs.mkdtempSync(path.join(os.tmpdir(), 'dari-mutation-'));
const results = await new Stryker({
  mutate: chosen.length > 0 ? chosen : ['controller/safety/**/*.ts', ...DATA.map((file) => `!${file}`)],
  // What is said to people is not what is done: an emptied sentence is no slip of a rule.
  mutator: { excludedMutations: ['StringLiteral'] },
  testRunner: 'vitest',
  vitest: { configFile: '.ci/mutation.vitest.mjs' },
  coverageAnalysis: 'perTest',
  // Stryker reads tsconfig.json with a compiler API that TypeScript 7 does not have.
  tsconfigFile: 'no-tsconfig',
  ignorePatterns: ['dist', 'docs', 'ui', 'coverage'],
  tempDirName: temporary,
  concurrency: Math.max(1, os.availableParallelism()),
  reporters: ['clear-text', 'progress-append-only'],
  clearTextReporter: { allowEmojis: false, logTests: false, reportTests: false, reportScoreTable: false },
  thresholds: { high: 100, low: BAR_PERCENT, break: null },
}).runMutationTest();
fs.rmSync(temporary, { recursive: true, force: true });

const killed = results.filter(({ status }) => status === 'Killed' || status === 'Timeout').length;
const valid = results.filter(({ status }) => status !== 'Ignored' && status !== 'CompileError' && status !== 'RuntimeError').length;
const score = (100 * killed) / Math.max(1, valid);
process.stdout.write(`${killed} of ${valid} mutants killed: ${score.toFixed(2)} % (bar: ${BAR_PERCENT} %)\n`);
process.exit(score >= BAR_PERCENT ? 0 : 1);
