/** The headline numbers of a session and how each stands against the patient's previous session. */
import type { SessionListItem, SessionMetrics } from '../../protocols/api.ts';

export const headlineIds = ['steps', 'distanceM', 'upTimeSec', 'guidance', 'cadence', 'stops'] as const;
export type HeadlineId = (typeof headlineIds)[number];

/**
 * `counted`: a count, a clock or a setting, so any difference is real.
 * `measured`: derived from noisy signals; no detectable change is published for this device, so the page says so.
 */
export type Change =
  | { readonly kind: 'first' }
  | { readonly kind: 'missing' }
  | { readonly kind: 'same' }
  | { readonly kind: 'counted'; readonly by: number }
  | { readonly kind: 'measured'; readonly by: number };

interface Source {
  readonly value: (metrics: SessionMetrics) => number | null;
  readonly measured: boolean;
  /** Half of what the page can show: a smaller difference reads as "same". */
  readonly resolution: number;
}

const sources: Record<HeadlineId, Source> = {
  steps: { value: (m) => m.steps, measured: false, resolution: 0.5 },
  distanceM: { value: (m) => m.distanceM, measured: false, resolution: 0.5 },
  upTimeSec: { value: (m) => m.upTimeSec, measured: false, resolution: 0.5 },
  guidance: { value: (m) => m.meanGuidance, measured: false, resolution: 0.005 },
  cadence: { value: (m) => m.cadenceStepsPerMin, measured: true, resolution: 0.05 },
  stops: { value: (m) => m.stops, measured: false, resolution: 0.5 },
};

export const headlineValue = (id: HeadlineId, metrics: SessionMetrics): number | null => sources[id].value(metrics);

export function headlineChange(id: HeadlineId, now: SessionMetrics, before: SessionMetrics | null): Change {
  if (before === null) return { kind: 'first' };
  const { value, measured, resolution } = sources[id];
  return changeBetween(value(now), value(before), { measured, resolution });
}

export function changeBetween(now: number | null, before: number | null, how: { measured: boolean; resolution: number }): Change {
  if (now === null || before === null) return { kind: 'missing' };
  const by = now - before;
  if (Math.abs(by) < how.resolution) return { kind: 'same' };
  return { kind: how.measured ? 'measured' : 'counted', by };
}

/**
 * Sessions that may stand beside `current`: same patient, same robot, both simulated or both real, closed, earlier,
 * and walked at all. Newest first.
 */
export function earlierSessions(sessions: readonly SessionListItem[], current: SessionListItem): SessionListItem[] {
  return sessions
    .filter(
      (other) =>
        other.id !== current.id &&
        other.patientId === current.patientId &&
        other.profileId === current.profileId &&
        other.simulated === current.simulated &&
        (other.status === 'sealed' || other.status === 'recovered') &&
        other.steps !== null &&
        other.steps > 0 &&
        Date.parse(other.startedAt) < Date.parse(current.startedAt),
    )
    .sort((a, b) => Date.parse(b.startedAt) - Date.parse(a.startedAt));
}

/** The course of one patient on one robot up to and including `current`, oldest first, at most `count` sessions. */
export function courseUpTo(sessions: readonly SessionListItem[], current: SessionListItem, count: number): SessionListItem[] {
  return [current, ...earlierSessions(sessions, current)].slice(0, count).reverse();
}
