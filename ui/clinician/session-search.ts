/** Finding and ordering sessions. */
import type { SessionListItem } from '../../protocols/api.ts';
import type { Language } from '../app/language.ts';

const folded = (text: string): string => text.normalize('NFKC').toLowerCase().trim();

/** Every word of the query stands somewhere in the patient's name. */
export function matchPatient(sessions: readonly SessionListItem[], query: string): SessionListItem[] {
  const words = folded(query).split(/\s+/);
  return sessions.filter((session) => {
    const name = folded(session.patientName);
    return words.every((word) => name.includes(word));
  });
}

export interface DayOfSessions {
  readonly day: string;
  readonly sessions: readonly SessionListItem[];
}

/** Newest first, grouped by the local day of their start. */
export function byDay(sessions: readonly SessionListItem[], language: Language): DayOfSessions[] {
  const format = new Intl.DateTimeFormat(language, { dateStyle: 'medium' });
  const days = new Map<string, SessionListItem[]>();
  for (const session of sessions.toSorted((a, b) => Date.parse(b.startedAt) - Date.parse(a.startedAt))) {
    const day = format.format(new Date(session.startedAt));
    days.set(day, [...(days.get(day) ?? []), session]);
  }
  return [...days].map(([day, ofDay]) => ({ day, sessions: ofDay }));
}

export interface PatientCourse {
  readonly patientId: string;
  readonly patientName: string;
  /** Oldest first. */
  readonly sessions: readonly SessionListItem[];
  readonly distanceM: number;
  readonly durationSec: number;
}

/** One entry per patient, the most recently trained first. */
export function patientCourses(sessions: readonly SessionListItem[]): PatientCourse[] {
  const oldestFirst = sessions.toSorted((a, b) => Date.parse(a.startedAt) - Date.parse(b.startedAt));
  const ids = [...new Set(oldestFirst.toReversed().map((session) => session.patientId))];
  return ids.map((patientId) => {
    const own = oldestFirst.filter((session) => session.patientId === patientId);
    return {
      patientId,
      patientName: own.at(-1)?.patientName ?? patientId,
      sessions: own,
      distanceM: own.reduce((sum, session) => sum + (session.distanceM ?? 0), 0),
      durationSec: own.reduce((sum, session) => sum + (session.durationSec ?? 0), 0),
    };
  });
}
