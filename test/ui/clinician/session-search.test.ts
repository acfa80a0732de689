import { describe, expect, it } from 'vitest';
import type { SessionListItem } from '../../../protocols/api.ts';
import { byDay, matchPatient, patientCourses } from '../../../ui/clinician/session-search.ts';

const session = (id: string, patientName: string, startedAt: string, steps: number | null = 10): SessionListItem => ({
  id,
  patientId: patientName,
  patientName,
  profileId: 'gait-orthosis',
  startedAt,
  endedAt: null,
  status: 'sealed',
  steps,
  distanceM: 5,
  durationSec: 60,
  simulated: true,
});
const sessions = [session('a', 'Demo Patient 1', '2026-11-20T12:00:00Z'), session('b', '시범 환자 2', '2026-11-21T12:00:00Z'), session('c', 'Demo Patient 1', '2026-11-21T12:30:00Z', null)];
const ids = (found: readonly SessionListItem[]): string[] => found.map(({ id }) => id);

describe('finding sessions', () => {
  it('matches every word of the query in any order and case', () => {
    expect(ids(matchPatient(sessions, 'PATIENT demo'))).toEqual(['a', 'c']);
    expect(ids(matchPatient(sessions, '환자'))).toEqual(['b']);
  });

  it('matches decomposed Hangul too', () => {
    expect(ids(matchPatient(sessions, '환자'.normalize('NFD')))).toEqual(['b']);
  });

  it('shows everything for an empty query', () => {
    expect(matchPatient(sessions, '  ')).toHaveLength(3);
  });

  it('groups by day, newest first', () => {
    expect(byDay(sessions, 'en').map((day) => ids(day.sessions))).toEqual([['c', 'b'], ['a']]);
  });

  it('sums up a patient, counting unknown steps as nothing', () => {
    const [first] = patientCourses(sessions);
    expect(first).toMatchObject({ patientId: 'Demo Patient 1', distanceM: 10, durationSec: 120 });
    expect(ids(first?.sessions ?? [])).toEqual(['a', 'c']);
  });
});
