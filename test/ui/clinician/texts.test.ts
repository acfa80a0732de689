import { describe, expect, it } from 'vitest';
import { supervisorStates } from '../../../protocols/supervision.ts';
import { languages } from '../../../ui/app/language.ts';
import { clinicianTexts } from '../../../ui/clinician/texts.ts';

/** Stands for whatever a text is made from. */
const anything = { toString: () => 'x', joint: 'x', strides: 'x', low: 'x', high: 'x', inBand: 'x' };

/** Every text with its path. */
function flatten(value: unknown, path: string): [string, string][] {
  if (typeof value === 'string') return [[path, value]];
  if (typeof value === 'function') return [[path, String((value as (...words: unknown[]) => unknown)(anything, anything))]];
  return Object.entries(value as object).flatMap(([key, child]) => flatten(child, `${path}.${key}`));
}

describe("the clinician's texts", () => {
  it('have the same keys in every language and none empty', () => {
    const [first, ...others] = languages.map((language) => flatten(clinicianTexts[language], ''));
    for (const other of others) expect(other.map(([path]) => path)).toEqual(first?.map(([path]) => path));
    const empty = [first, ...others].flatMap((texts) => texts ?? []).filter(([, text]) => text.trim() === '');
    expect(empty).toEqual([]);
  });

  it('are translated: Korean texts hold Hangul unless they are names or symbols', () => {
    const international = ['.table.sparc', '.table.ldlj', '.table.symmetry', '.points', '.replay.of', '.meanSpeed'];
    const untranslated = flatten(clinicianTexts.ko, '').filter(([path, text]) => !/[\uAC00-\uD7A3]/.test(text) && !international.includes(path));
    expect(untranslated).toEqual([]);
  });

  it('name every state of the supervisor', () => {
    for (const language of languages) for (const state of supervisorStates) expect(clinicianTexts[language].states[state]).toBeTruthy();
  });
});
