/** Numbers and times as the clinician's room writes them. */
import { formatNumber, language, type Language } from '../app/language.ts';

/** With its sign, also for gains: `+64`, `−2.1`. */
export function signed(value: number, decimals = 0): string {
  const text = formatNumber(value, decimals);
  return value > 0 && /[1-9]/.test(text) ? `+${text}` : text;
}

/** `2:05.4`: position in a recording. */
export function clockText(seconds: number, decimals: 0 | 1 = 0): string {
  const scale = 10 ** decimals;
  const ticks = Math.max(0, Math.floor(seconds * scale + 1e-6));
  const whole = Math.floor(ticks / scale);
  const minutes = Math.floor(whole / 60);
  const tail = decimals === 0 ? '' : `.${ticks % scale}`;
  return `${minutes}:${String(whole % 60).padStart(2, '0')}${tail}`;
}

/** Day and month, and the year when it is not this one. */
export function shortDate(iso: string, now: Date, in_: Language = language.value): string {
  const date = new Date(iso);
  const year = date.getFullYear() === now.getFullYear() ? {} : { year: 'numeric' as const };
  return new Intl.DateTimeFormat(in_, { day: 'numeric', month: 'short', ...year }).format(date);
}

/** How to name an earlier session beside this one: its day, or its time when both were on the same day. */
export function earlierMoment(earlierIso: string, currentIso: string, in_: Language = language.value): string {
  const earlier = new Date(earlierIso);
  const current = new Date(currentIso);
  if (earlier.toDateString() !== current.toDateString()) return shortDate(earlierIso, current, in_);
  return new Intl.DateTimeFormat(in_, { timeStyle: 'short' }).format(earlier);
}

/** Date and time of a session from its start to its end. */
export function spanText(startIso: string, endIso: string | null, in_: Language = language.value): string {
  const format = new Intl.DateTimeFormat(in_, { dateStyle: 'medium', timeStyle: 'short' });
  return endIso === null ? format.format(new Date(startIso)) : format.formatRange(new Date(startIso), new Date(endIso));
}

export const percent = (share: number | null, decimals = 0): string => (share === null ? '–' : `${formatNumber(share * 100, decimals)} %`);

/** First and last characters of a checksum: enough to compare by eye. */
export const shortChecksum = (hex: string): string => (hex.length > 18 ? `${hex.slice(0, 8)}…${hex.slice(-8)}` : hex);
