import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it, test } from 'vitest';
import { failsafeTable } from '../../../controller/cli/documents/failsafe-table.ts';
import { hazardTable } from '../../../controller/cli/documents/hazard-table.ts';
import { limitsTable } from '../../../controller/cli/documents/limits-table.ts';
import { metricsTable } from '../../../controller/cli/documents/metrics-table.ts';
import { hazards, type Proof } from '../../../controller/safety/hazards.ts';
import { policy } from '../../../controller/safety/policy.ts';
import { parseProfile } from '../../../protocols/profile-text.ts';

const profiles = readdirSync('hal/profiles').filter((name) => name.endsWith('.json'));

test.each([
  ['failsafe-table.md', failsafeTable],
  ...profiles.map((name): [string, () => string] => [`limits-${name.replace('.json', '.md')}`, () => limitsTable(parseProfile(readFileSync(`hal/profiles/${name}`, 'utf8'), name), `hal/profiles/${name}`)]),
  ['hazards.md', hazardTable],
  ['metrics.md', metricsTable],
])('docs/%s is what the code says (else: npm run docs)', (name, generate) => {
  expect(readFileSync(`docs/${name}`, 'utf8')).toBe(generate());
});

const checks: readonly string[] = policy.map(({ check }) => check);

/** The title stands in quotes in the file. */
function exists({ file, title }: Proof): boolean {
  if (!/^test\/.*\.test\.ts$/.test(file) || !existsSync(file)) return false;
  const text = readFileSync(file, 'utf8');
  return [`'`, `"`, '`'].some((quote) => text.includes(`${quote}${title}${quote}`));
}

describe('the hazard table', () => {
  it('has a row for both requirements and each fault, once and in order', () => {
    const faults = Array.from({ length: 22 }, (_, index) => `F${String(index + 1).padStart(2, '0')}`);
    expect(hazards.map(({ id }) => id)).toEqual(['R1', 'R2', 'M1', 'S1', ...faults]);
  });

  it('names only checks and files that exist', () => {
    const wrong = hazards.flatMap(({ id, checks: named, files }) => [...named.filter((check) => !checks.includes(check)), ...files.filter((file) => !existsSync(file))].map((what) => `${id}: ${what}`));
    expect(wrong).toEqual([]);
  });

  it('has a test for each control, and names only tests that exist', () => {
    const unproven = hazards.filter(({ checks: named, files, proofs }) => named.length + files.length > 0 && proofs.length === 0);
    expect(unproven.map(({ id }) => id)).toEqual([]);
    expect(hazards.flatMap(({ id, proofs }) => proofs.filter((proof) => !exists(proof)).map(({ file, title }) => `${id}: ${file}: ${title}`))).toEqual([]);
  });

  it('says of a hazard without a control that nothing is built', () => {
    expect(hazards.filter(({ checks: named, files, missing }) => named.length + files.length === 0 && missing === '')).toEqual([]);
  });

  it('has a place for every line of the failsafe table', () => {
    const placed = new Set<string>(hazards.flatMap(({ checks: named }) => named));
    expect(checks.filter((check) => !placed.has(check))).toEqual([]);
  });

  it('notices a test that is gone', () => {
    expect(exists({ file: 'test/architecture.test.ts', title: 'has no barrel file' })).toBe(true);
    expect(exists({ file: 'test/architecture.test.ts', title: 'has no barrel fil' })).toBe(false);
    expect(exists({ file: 'test/nowhere.test.ts', title: 'has no barrel file' })).toBe(false);
  });
});
