import { expect, test } from 'vitest';
import { causes } from '../../../protocols/supervision.ts';
import { causePriority, causeTexts } from '../../../ui/app/causes.ts';
import { languages } from '../../../ui/app/language.ts';
import { assessmentTexts } from '../../../ui/assessment/texts.ts';
import { gameTexts } from '../../../ui/game/texts.ts';
import { planTexts } from '../../../ui/plan/texts.ts';
import { readinessTexts } from '../../../ui/readiness/texts.ts';
import { liveTexts } from '../../../ui/therapist/texts.ts';
import { liftTexts } from '../../../ui/therapist/lift-texts.ts';

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
  const here = leaves(liveTexts[language], '');
  expect(here.map(([path]) => path)).toEqual(leaves(liveTexts.en, '').map(([path]) => path));
  expect(here.filter(([path, text]) => text.trim() === '' && !mayBeEmpty.has(path))).toEqual([]);
});

/** A step whose turn has not come says nothing. */
const saysNothing = new Set(['.statuses.open']);

test.each(languages)('the words of preparation and readiness are complete in %s', (language) => {
  const here = leaves(readinessTexts[language], '');
  expect(here.map(([path]) => path)).toEqual(leaves(readinessTexts.en, '').map(([path]) => path));
  expect(here.filter(([path, text]) => text.trim() === '' && !saysNothing.has(path))).toEqual([]);
});

test.each(languages)('the words of what a session is for are complete in %s', (language) => {
  const here = leaves(planTexts[language], '');
  expect(here.map(([path]) => path)).toEqual(leaves(planTexts.en, '').map(([path]) => path));
  expect(here.filter(([, text]) => text.trim() === '')).toEqual([]);
});

test.each(languages)('the words of assessments are complete in %s', (language) => {
  const here = leaves(assessmentTexts[language], '');
  expect(here.map(([path]) => path)).toEqual(leaves(assessmentTexts.en, '').map(([path]) => path));
  expect(here.filter(([, text]) => text.trim() === '')).toEqual([]);
});

test.each(languages)('the words of the game are complete in %s', (language) => {
  const here = leaves(gameTexts[language], '');
  expect(here.map(([path]) => path)).toEqual(leaves(gameTexts.en, '').map(([path]) => path));
  expect(here.filter(([, text]) => text.trim() === '')).toEqual([]);
});

test.each(languages)('every cause has a plain sentence and something to check in %s', (language) => {
  const texts = causeTexts[language];
  expect(causes.filter((cause) => texts[cause].title === '')).toEqual([]);
  expect(causes.filter((cause) => cause !== 'none' && !texts[cause].check.endsWith('.'))).toEqual([]);
});

test('the lift is spoken of in all languages', () => {
  for (const language of languages) expect(leaves(liftTexts[language], '').filter(([, text]) => text.trim() === '')).toEqual([]);
  expect(leaves(liftTexts.ko, '').filter(([, text]) => !/[가-힣]/.test(text))).toEqual([]);
});

test('Korean texts are Korean and the others are not', () => {
  const hangul = /[가-힣]/;
  expect(leaves(causeTexts.ko, '').filter(([, text]) => text !== '' && !hangul.test(text))).toEqual([]);
  expect([...leaves(liveTexts.en, ''), ...leaves(liveTexts.de, '')].filter(([, text]) => hangul.test(text))).toEqual([]);
});

test('an unexpected stop is a high alarm, a wanted one is not', () => {
  expect(causePriority('sensorDisagreement')).toBe('high');
  expect(causePriority('operatorStop')).toBe('low');
  expect(causePriority('operatorLost')).toBe('medium');
});
