/** The patients that can be chosen, read once per page and again on demand. */
import { signal } from '@preact/signals';
import { z } from 'zod/mini';
import { patientSchema, type Patient } from '../../protocols/api.ts';

export type PatientsState = { readonly kind: 'loading' } | { readonly kind: 'failed' } | { readonly kind: 'ready'; readonly patients: readonly Patient[] };

export const patients = signal<PatientsState>({ kind: 'loading' });

const listSchema = z.array(patientSchema);

export async function loadPatients(): Promise<void> {
  try {
    const answer = await fetch('/api/patients', { headers: { accept: 'application/json' } });
    const parsed = listSchema.safeParse(await answer.json());
    patients.value = answer.ok && parsed.success ? { kind: 'ready', patients: parsed.data } : { kind: 'failed' };
  } catch {
    patients.value = { kind: 'failed' };
  }
}
