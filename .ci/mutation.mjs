// `npm run mutation`: changes controller/safety in every way that a slip could, and counts how many changes the tests
// notice: first those of the file's own name, and what they let pass by all, which takes ten times as long for a mutant.
// Arguments narrow it to files: `npm run mutation -- controller/safety/braking.ts`. Exit code 1 below the bar.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { root, setUpDependencies } from './setup.mjs';

const BAR_PERCENT = 90;
const RULES = 'controller/safety';
const TESTS = `test/${RULES}`;
/** Tables and types: their rows are tested by the rules that read them, their sentences are for people. */
const DATA = ['hazards.ts'];
/** Tests of a file's name that take seconds each: they are only asked about what the others let pass. */
const SLOW = /-(physics|monotonic)\.test\.ts$/;

setUpDependencies();
const { Stryker } = await import('@stryker-mutator/core');
process.chdir(root);
const chosen = process.argv.slice(2);
const files = chosen.length > 0 ? chosen : fs.readdirSync(RULES).filter((file) => file.endsWith('.ts') && !DATA.includes(file)).map((file) => `${RULES}/${file}`);

/** Whether each mutant was killed, by what tells it from the others. */
const killed = new Map();
const survivors = [];
for (const file of files) {
  const own = testsOf(path.basename(file, '.ts'));
  const results = own.length > 0 ? await run([file], own) : [];
  if (own.length === 0) survivors.push(file);
  for (const result of results) if (!note(result)) survivors.push(rangeOf(file, result.location));
  process.stdout.write(`${file}: ${results.filter(isKilled).length} of ${results.filter(isValid).length} by its own tests\n`);
}
if (survivors.length > 0) for (const result of await run([...new Set(survivors)], [])) note(result, survivors.includes(inTree(result)));
const count = [...killed.values()].filter(Boolean).length;
const score = (100 * count) / Math.max(1, killed.size);
process.stdout.write(`${count} of ${killed.size} mutants killed: ${score.toFixed(2)} % (bar: ${BAR_PERCENT} %)\n`);
process.exit(score >= BAR_PERCENT ? 0 : 1);

/** The tests beside the rules that bear the file's name, alone or with a more special one. */
function testsOf(name) {
  return fs.readdirSync(TESTS).filter((file) => (file === `${name}.test.ts` || file.startsWith(`${name}-`)) && file.endsWith('.test.ts') && !SLOW.test(file)).map((file) => `${TESTS}/${file}`);
}

/** @param tests none: all */
async function run(mutate, tests) {
  process.env.DARI_MUTATION_TESTS = tests.join(' ');
  const temporary = fs.mkdtempSync(path.join(os.tmpdir(), 'dari-mutation-'));
  try {
    return await new Stryker({
      mutate,
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
      // What all tests let pass is told; of a file's own tests it is no news.
      reporters: tests.length > 0 ? [] : ['clear-text', 'progress-append-only'],
      clearTextReporter: { allowEmojis: false, logTests: false, reportTests: false, reportScoreTable: false },
      thresholds: { high: 100, low: BAR_PERCENT, break: null },
      logLevel: 'error',
    }).runMutationTest();
  } finally {
    fs.rmSync(temporary, { recursive: true, force: true });
  }
}

function isKilled({ status }) {
  return status === 'Killed' || status === 'Timeout';
}

function isValid({ status }) {
  return status !== 'Ignored' && status !== 'CompileError' && status !== 'RuntimeError';
}

/** @param isNew a mutant that was not met yet counts; else it only lies in the range of another one. @returns whether it need not be tried again */
function note(result, isNew = true) {
  if (!isValid(result)) return true;
  const { location, mutatorName, replacement } = result;
  const key = JSON.stringify([inTree(result), location, mutatorName, replacement]);
  if (isNew || killed.has(key)) killed.set(key, isKilled(result) || killed.get(key) === true);
  return killed.get(key) === true;
}

function inTree({ fileName }) {
  return path.relative(root, path.resolve(fileName));
}

/** Results count columns from 1, ranges from 0. */
function rangeOf(file, { start, end }) {
  return `${file}:${start.line}:${start.column - 1}-${end.line}:${end.column - 1}`;
}
