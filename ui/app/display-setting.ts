/** Sizes are in millimetres; how many pixels one takes is a setting of this display, remembered here. */
import { signal } from '@preact/signals';

const STORAGE_KEY = 'dari.pxPerMm';
export const DEFAULT_PX_PER_MM = 3.7795;
export const PX_PER_MM_LIMITS = { min: 3, max: 6.5 } as const;
/** ISO/IEC 7810 ID-1, the width of a bank card: people have one to hold against the screen. */
export const CARD_WIDTH_MM = 85.6;

const clampScale = (value: number): number => Math.min(PX_PER_MM_LIMITS.max, Math.max(PX_PER_MM_LIMITS.min, value));

function remembered(): number {
  if (typeof localStorage === 'undefined') return DEFAULT_PX_PER_MM;
  const stored = Number(localStorage.getItem(STORAGE_KEY) ?? Number.NaN);
  return Number.isFinite(stored) && stored > 0 ? clampScale(stored) : DEFAULT_PX_PER_MM;
}

export const pxPerMm = signal(remembered());

export function setPxPerMm(value: number): void {
  pxPerMm.value = clampScale(value);
  localStorage.setItem(STORAGE_KEY, String(pxPerMm.value));
}
