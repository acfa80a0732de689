/** Short messages that come and go: refusals with the station's own words, and what was saved. */
import { signal } from '@preact/signals';

export interface Toast {
  readonly id: number;
  readonly tone: 'info' | 'warn';
  readonly text: string;
}

const SHOWN_MS = 8_000;
const MOST = 3;

export const toasts = signal<readonly Toast[]>([]);

let nextId = 0;

export function dismissToast(id: number): void {
  toasts.value = toasts.value.filter((toast) => toast.id !== id);
}

export function showToast(tone: Toast['tone'], text: string): void {
  const id = ++nextId;
  // The same text again replaces the old one instead of stacking.
  toasts.value = [...toasts.value.filter((toast) => toast.text !== text), { id, tone, text }].slice(-MOST);
  setTimeout(() => dismissToast(id), SHOWN_MS);
}
