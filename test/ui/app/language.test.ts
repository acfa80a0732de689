import { expect, test } from 'vitest';
import { formatDistance, formatDuration, formatNumber, isLanguage } from '../../../ui/app/language.ts';

test('numbers follow the language, with a true minus sign', () => {
  expect(formatNumber(1234.5, 1, 'de')).toBe('1.234,5');
  expect(formatNumber(1234.5, 1, 'en')).toBe('1,234.5');
  expect(formatNumber(-6.2, 1, 'ko')).toBe('−6.2');
});

test('what rounds to zero has no sign, and what is unknown is a dash', () => {
  expect(formatNumber(-0.04, 1, 'en')).toBe('0.0');
  expect(formatNumber(Number.NaN, 1, 'en')).toBe('–');
  expect(formatNumber(null, 0, 'en')).toBe('–');
});

test('durations read as a clock', () => {
  expect(formatDuration(760)).toBe('12:40');
  expect(formatDuration(3_723.9)).toBe('1:02:03');
  expect(formatDuration(-1)).toBe('0:00');
  expect(formatDuration(null)).toBe('–');
});

test('distances change from metres to kilometres at one kilometre', () => {
  expect(formatDistance(412).unit).toBe('m');
  expect(formatDistance(1_240).unit).toBe('km');
});

test('only the languages that exist are accepted', () => {
  expect(isLanguage('ko')).toBe(true);
  expect(isLanguage('fr')).toBe(false);
  expect(isLanguage(null)).toBe(false);
});
