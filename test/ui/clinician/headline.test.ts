import { describe, expect, it } from 'vitest';
import type { SessionListItem, SessionMetrics } from '../../../protocols/api.ts';
import { changeBetween, courseUpTo, earlierSessions, headlineChange } from '../../../ui/clinician/headline.ts';

const metrics = (changes: Partial<SessionMetrics> = {}): SessionMetrics => ({
  steps: 600,
  distanceM: 400,
  durationSec: 1800,
  upTimeSec: 1500,
  walkTimeSec: 1200,
  cadenceStepsPerMin: 50,
  strideTimeSec: 2.4,
  meanSpeedMps: 0.5,
  meanGuidance: 0.6,
  stops: 0,
  joints: [],
  ...changes,
});

const session = (id: string, startedAt: string, changes: Partial<SessionListItem> = {}): SessionListItem => ({
  id,
  patientId: 'p1',
  patientName: 'Demo',
  profileId: 'gait-orthosis',
  startedAt,
  endedAt: null,
  status: 'sealed',
  steps: 100,
  distanceM: 50,
  durationSec: 60,
  simulated: true,
  ...changes,
});

describe('a headline number against the previous session', () => {
  it('says that there is nothing to compare with in the first session', () => {
    expect(headlineChange('steps', metrics(), null)).toEqual({ kind: 'first' });
  });

  it('counts steps, so any difference is real', () => {
    expect(headlineChange('steps', metrics({ steps: 612 }), metrics({ steps: 548 }))).toEqual({ kind: 'counted', by: 64 });
  });

  it('takes guidance for a setting, in shares', () => {
    const change = headlineChange('guidance', metrics({ meanGuidance: 0.6 }), metrics({ meanGuidance: 0.7 }));
    expect(change.kind).toBe('counted');
    expect(change.kind === 'counted' && change.by).toBeCloseTo(-0.1, 12);
  });

  it('marks cadence as measured: its detectable change is not known', () => {
    expect(headlineChange('cadence', metrics({ cadenceStepsPerMin: 51 }), metrics()).kind).toBe('measured');
  });

  it('calls a difference below what the page shows the same', () => {
    expect(headlineChange('cadence', metrics({ cadenceStepsPerMin: 50.04 }), metrics())).toEqual({ kind: 'same' });
  });

  it('does not invent a change when a value is missing on either side', () => {
    expect(headlineChange('cadence', metrics({ cadenceStepsPerMin: null }), metrics())).toEqual({ kind: 'missing' });
    expect(changeBetween(1, null, { measured: true, resolution: 0.1 })).toEqual({ kind: 'missing' });
  });
});

describe('the sessions a session can be compared with', () => {
  const current = session('now', '2026-11-21T10:00:00Z');

  it('are earlier ones of the same patient on the same robot, newest first', () => {
    const others = [
      session('older', '2026-11-10T10:00:00Z'),
      session('later', '2026-11-22T10:00:00Z'),
      session('newer', '2026-11-19T10:00:00Z', { status: 'recovered' }),
      session('other patient', '2026-11-19T10:00:00Z', { patientId: 'p2' }),
      session('other robot', '2026-11-19T10:00:00Z', { profileId: 'arm' }),
    ];
    expect(earlierSessions([current, ...others], current).map(({ id }) => id)).toEqual(['newer', 'older']);
  });

  it('never mix a simulated session with a real one', () => {
    expect(earlierSessions([session('real', '2026-11-10T10:00:00Z', { simulated: false })], current)).toEqual([]);
  });

  it('leave out what is still recording or lost', () => {
    const open = [session('a', '2026-11-10T10:00:00Z', { status: 'recording' }), session('b', '2026-11-11T10:00:00Z', { status: 'lost' })];
    expect(earlierSessions(open, current)).toEqual([]);
  });

  it('leave out sessions in which nobody walked', () => {
    expect(earlierSessions([session('a', '2026-11-10T10:00:00Z', { steps: 0 }), session('b', '2026-11-11T10:00:00Z', { steps: null })], current)).toEqual([]);
  });

  it('form a course that ends with the session itself, oldest first', () => {
    const others = ['01', '02', '03'].map((day) => session(day, `2026-11-${day}T10:00:00Z`));
    expect(courseUpTo(others, current, 3).map(({ id }) => id)).toEqual(['02', '03', 'now']);
  });
});
