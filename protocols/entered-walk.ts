/** A walk test over ground, with a stopwatch, entered by hand beside what the treadmill robot measures. */
import { z } from 'zod/mini';
import { walkTestKinds, type WalkTestKind } from './assessment.ts';

/** What the person leant on. */
export const walkingAids = ['none', 'cane', 'crutches', 'walker', 'other'] as const;
export type WalkingAid = (typeof walkingAids)[number];

export const walkEntrySchema = z.strictObject({
  kind: z.enum(walkTestKinds),
  /** Of `walk10m` the time, s; of `walk6min` the distance, m. */
  value: z.number(),
  aid: z.enum(walkingAids),
  /** Day of the test where it was made, as YYYY-MM-DD. */
  walkedOn: z.string().check(z.maxLength(10)),
});
export type WalkEntry = z.infer<typeof walkEntrySchema>;

/** GET /api/patients/:id/entered-walks → EnteredWalk[], the latest test first. */
export const enteredWalkSchema = z.extend(walkEntrySchema, {
  id: z.string(),
  patientId: z.string(),
  /** ISO 8601 UTC. */
  enteredAt: z.string(),
  /** Who entered it, as in the events of a session. */
  actor: z.string(),
});
export type EnteredWalk = z.infer<typeof enteredWalkSchema>;

/** Own values: beyond them it is a slip of the hand. Ten metres in 2 s is a sprint; a kilometre in 6 min is a run of 10 km/h. */
export const walkLimits: Readonly<Record<WalkTestKind, { readonly min: number; readonly max: number; readonly unit: 's' | 'm' }>> = {
  walk10m: { min: 2, max: 600, unit: 's' },
  walk6min: { min: 1, max: 1_000, unit: 'm' },
};

export const WALK_10M_M = 10;
export const WALK_6MIN_S = 360;

export const walkSpeedMps = ({ kind, value }: Pick<WalkEntry, 'kind' | 'value'>): number => (kind === 'walk10m' ? WALK_10M_M / value : value / WALK_6MIN_S);

export type WalkIssue = 'value' | 'date' | 'future' | 'beforeBirth';

/**
 * What is wrong with an entry, or null.
 * @param today where the station stands, as YYYY-MM-DD
 * @param birthDate as YYYY-MM-DD
 */
export function walkIssue({ kind, value, walkedOn }: WalkEntry, today: string, birthDate: string): WalkIssue | null {
  const { min, max } = walkLimits[kind];
  if (!(value >= min && value <= max)) return 'value';
  if (!isDay(walkedOn)) return 'date';
  if (walkedOn > today) return 'future';
  return walkedOn < birthDate ? 'beforeBirth' : null;
}

/** A day that is in the calendar. */
function isDay(text: string): boolean {
  const at = Date.parse(`${text}T00:00:00Z`);
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(at) && new Date(at).toISOString().startsWith(text);
}

const two = (part: number): string => String(part).padStart(2, '0');

/** The calendar's day where this computer stands. */
export const dayOf = (at: Date): string => `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
