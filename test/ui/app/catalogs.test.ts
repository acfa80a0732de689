import { expect, test } from 'vitest';
import { causes } from '../../../protocols/supervision.ts';
import { causePriority, causeTexts } from '../../../ui/app/causes.ts';
import { languages } from '../../../ui/app/language.ts';
import { liveTexts } from '../../../ui/therapist/texts.ts';

/** Every leaf of a catalog as `path → text`; functions are called with plain words. */
function leaves(value: unknown, path: string): [string, string][] {
  if (typeof value === 'string') return [[path, value]];
  if (typeof value === 'function') return [[path, String((value as (...words: string[]) => unknown)('1', '2'))]];
  if (typeof value === 'object' && value !== null) return Object.entries(value).flatMap(([key, inner]) => leaves(inner, `${path}.${key}`));
  return [];
}

/** Where nothing is the right word. */
const mayBeEmpty = new Set(['.stopSecond']);

test.each(languages)('the words of the live room are complete in %s', (language) => {
  const here = new Map(leaves(liveTexts[language], ''));
  expect([...here.keys()].sort()).toEqual(leaves(liveTexts.en, '').map(([path]) => path).sort());
  for (const [path, text] of here) if (!mayBeEmpty.has(path)) expect(text.trim(), path).not.toBe('');
});

test.each(languages)('every cause has a plain sentence and something to check in %s', (language) => {
  for (const cause of causes) {
    expect(causeTexts[language][cause].title, cause).not.toBe('');
    if (cause !== 'none') expect(causeTexts[language][cause].check, cause).toMatch(/[.]$/);
  }
});

test('Korean texts are Korean and the others are not', () => {
  for (const [path, text] of leaves(causeTexts.ko, '')) if (text !== '') expect(text, path).toMatch(/[가-힣]/);
  for (const language of ['en', 'de'] as const) for (const [path, text] of leaves(liveTexts[language], '')) expect(text, path).not.toMatch(/[가-힣]/);
});

test('an unexpected stop is a high alarm, a wanted one is not', () => {
  expect(causePriority('sensorDisagreement')).toBe('high');
  expect(causePriority('operatorStop')).toBe('low');
  expect(causePriority('operatorLost')).toBe('medium');
});
