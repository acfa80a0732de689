// `npm test`: sets up what is missing, then types, lint, the safety code's own tests with their branches, the other unit
// tests and, one after the other, the tests with real ports, processes and a browser. Arguments narrow it: `npm test -- safety`, `npm test -- unit`, `npm test -- real`.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { root, run, setUp } from './setup.mjs';

setUp();

/** Linux shares processors out among sessions first, and a browser's session holds a robot's up: `dari doctor` asks every machine for this. */
const SESSION_GROUPS = '/proc/sys/kernel/sched_autogroup_enabled';

function setSessionGroups(value) {
  try {
    const before = fs.readFileSync(SESSION_GROUPS, 'utf8').trim();
    if (before !== value) fs.writeFileSync(SESSION_GROUPS, value);
    return before;
  } catch {
    // Not permitted to this user, or not such a system: the tests run as they are, and start stalled walks again more often.
    return null;
  }
}

/** Several times what a slow machine needs: a test that waits for ever is told instead of waited for. */
const STEP_LIMIT_MS = 30 * 60_000;

const wanted = process.argv.slice(2);
const tool = (...parts) => path.join(root, 'node_modules', ...parts);
const results = fs.mkdtempSync(path.join(os.tmpdir(), 'dari-test-'));
const vitest = (project) => [tool('vitest', 'vitest.mjs'), 'run', '--project', project, '--reporter', 'default', '--reporter', 'json', `--outputFile.json=${path.join(results, `${project}.json`)}`];
/** Every branch of controller/safety is taken by the tests beside its rules; a slip that nothing tries is not found by mutants either. */
const safety = [
  ...vitest('safety'),
  '--coverage', '--coverage.include', 'controller/safety/**', '--coverage.exclude', 'test/**', '--coverage.reporter', 'text-summary', '--coverage.reportsDirectory', path.join(results, 'coverage'), '--coverage.thresholds.branches', '100',
];
const steps = [
  { name: 'types', args: [tool('typescript', 'bin', 'tsc')] },
  { name: 'lint', args: [tool('oxlint', 'bin', 'oxlint'), '--type-aware', '--deny-warnings'] },
  { name: 'safety', args: safety },
  { name: 'unit', args: vitest('unit') },
  { name: 'real', args: vitest('real') },
].filter(({ name }) => wanted.length === 0 || wanted.includes(name));

const groupsBefore = setSessionGroups('0');
const restore = () => groupsBefore !== null && setSessionGroups(groupsBefore);
process.on('exit', restore);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => process.exit(1));

const failed = steps.filter(({ name, args }) => {
  process.stdout.write(`\n── ${name}\n`);
  return run(process.execPath, args, { stdio: ['ignore', 'inherit', 'inherit'], timeout: STEP_LIMIT_MS, killSignal: 'SIGKILL' }) !== 0;
});

const totals = { passed: 0, failed: 0 };
for (const file of fs.readdirSync(results).filter((name) => name.endsWith('.json'))) {
  const report = JSON.parse(fs.readFileSync(path.join(results, file), 'utf8'));
  totals.passed += report.numPassedTests;
  totals.failed += report.numFailedTests;
}
fs.rmSync(results, { recursive: true, force: true });
if (failed.length > 0) process.stdout.write(`\nFailed: ${failed.map(({ name }) => name).join(', ')}\n`);
process.stdout.write(`${totals.passed} passed, ${totals.failed} failed\n`);
process.exit(failed.length === 0 ? 0 : 1);
