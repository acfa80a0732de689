/** Korean, English and German from day one: typed catalogs per room, numbers and dates through `Intl`. */
import { signal } from '@preact/signals';

export const languages = ['ko', 'en', 'de'] as const;
export type Language = (typeof languages)[number];

/** The same keys in every language; a missing one does not compile. */
export type Catalog<T> = Readonly<Record<Language, T>>;

const STORAGE_KEY = 'dari.language';

export const isLanguage = (value: string | null): value is Language => languages.some((known) => known === value);

function remembered(): Language {
  if (typeof localStorage === 'undefined') return 'ko';
  const stored = localStorage.getItem(STORAGE_KEY);
  if (isLanguage(stored)) return stored;
  const preferred = navigator.languages.map((tag) => tag.slice(0, 2)).find(isLanguage);
  return preferred ?? 'ko';
}

/** The language of this screen. Reading it in a component makes the component follow it. */
export const language = signal<Language>(remembered());

export function chooseLanguage(next: Language): void {
  language.value = next;
  localStorage.setItem(STORAGE_KEY, next);
}

/** The current language's texts of a catalog. */
export const textOf = <T>(catalog: Catalog<T>): T => catalog[language.value];

const numberFormats = new Map<string, Intl.NumberFormat>();

/** A number in the screen's language with a fixed count of decimals; a dash for what is not known. */
export function formatNumber(value: number | null, decimals = 0, in_: Language = language.value): string {
  if (value === null || !Number.isFinite(value)) return '–';
  const key = `${in_}:${decimals}`;
  let format = numberFormats.get(key);
  if (format === undefined) {
    format = new Intl.NumberFormat(in_, { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
    numberFormats.set(key, format);
  }
  // −0.04 at one decimal would read "-0.0".
  const text = format.format(Math.abs(value) < 0.5 / 10 ** decimals ? 0 : value);
  return text.replace('-', '−');
}

/** `12:40`, or `1:02:03` from an hour on. */
export function formatDuration(seconds: number | null): string {
  if (seconds === null || !Number.isFinite(seconds)) return '–';
  const whole = Math.max(0, Math.floor(seconds));
  const two = (part: number): string => String(part).padStart(2, '0');
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor((whole % 3600) / 60);
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}

/** Metres below one kilometre, kilometres from there on. */
export function formatDistance(distanceM: number | null): { readonly value: string; readonly unit: string } {
  if (distanceM === null || !Number.isFinite(distanceM)) return { value: '–', unit: 'm' };
  return distanceM < 1000 ? { value: formatNumber(distanceM), unit: 'm' } : { value: formatNumber(distanceM / 1000, 2), unit: 'km' };
}

export const formatDate = (iso: string): string => new Intl.DateTimeFormat(language.value, { dateStyle: 'medium' }).format(new Date(iso));

export const formatTime = (iso: string): string => new Intl.DateTimeFormat(language.value, { timeStyle: 'short' }).format(new Date(iso));
