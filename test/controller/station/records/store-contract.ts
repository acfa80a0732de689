/** What every technology of the record store must do. */
import { describe, expect, it } from 'vitest';
import type { SessionMetrics, TimelineEvent } from '../../../../protocols/api.ts';
import type { AssessmentOutcome } from '../../../../protocols/assessment-outcome.ts';
import type { EnteredWalk } from '../../../../protocols/entered-walk.ts';
import type { Trajectory } from '../../../../protocols/trajectory.ts';
import { sessionDetailSchema } from '../../../../protocols/api.ts';
import type { NewSession, RecordStore, SummaryRecord } from '../../../../controller/station/records/store.ts';

export const aSession = (id: string, changes: Partial<NewSession> = {}): NewSession => ({
  id,
  patientId: 'demo-1',
  profileId: 'gait-orthosis',
  startedAt: '2026-03-02T09:00:00.000Z',
  logPath: `sessions/${id}.mcap`,
  simulated: true,
  ...changes,
});

const metrics: SessionMetrics = {
  steps: 42,
  distanceM: 21.5,
  durationSec: 60,
  upTimeSec: 55,
  walkTimeSec: 50,
  cadenceStepsPerMin: 50.4,
  strideTimeSec: 2.38,
  meanSpeedMps: 0.42,
  meanGuidance: 1,
  stops: 0,
  joints: [],
};

const event = (atSec: number, subject: string): TimelineEvent => ({
  atSec,
  kind: 'parameter',
  subject,
  oldValue: '0.4',
  newValue: '0.5',
  cause: null,
  actor: 'client',
  reason: 'fresh',
});

export const aSummary = (steps = 42, events: TimelineEvent[] = [event(1, 'speedMps'), event(2, 'guidance.left')]): SummaryRecord => ({
  metrics: { ...metrics, steps },
  curves: [{ jointId: 'kneeLeft', referenceDeg: [5], referenceSdDeg: [2], meanDeg: [6], stridesDeg: [[6]], strideCount: 1 }],
  events,
});

const closed = { status: 'sealed', endedAt: '2026-03-02T09:01:00.000Z', sha256: 'ab'.repeat(32) } as const;

/** @param open gives a fresh store, or the same one again when called with the token of an earlier call */
export function storeContract(name: string, open: (token?: string) => Promise<{ store: RecordStore; token: string }>): void {
  describe(`the record store in ${name}`, () => {
    it('comes with demo patients that are marked as such, the first of 75 kg and 1.80 m', async () => {
      const { store } = await open();
      const patients = await store.patients();
      expect(patients.length).toBeGreaterThanOrEqual(4);
      expect(patients.every((patient) => patient.demo)).toBe(true);
      expect(patients[0]).toMatchObject({ massKg: 75, heightM: 1.8 });
    });

    it('adds the demo patients once, however often it is opened', async () => {
      const { store, token } = await open();
      const before = await store.patients();
      await store.close();
      const again = await open(token);
      expect(await again.store.patients()).toEqual(before);
    });

    it('keeps the movements that a patient was shown, newest first and over a restart, each with its session', async () => {
      const { store, token } = await open();
      await store.openSession(aSession('a'));
      await store.openSession(aSession('b', { patientId: 'demo-2' }));
      const trajectory = (name: string): Trajectory => ({ schemaVersion: 1, name, cycleSec: 2.4, cycles: 9, joints: [{ jointId: 'kneeLeft', meanDeg: 5, cosDeg: [1.5], sinDeg: [-2] }] });
      await store.addTrajectory({ id: 't1', sessionId: 'a', madeAt: '2026-03-02T10:00:00.000Z', trajectory: trajectory('first') });
      await store.addTrajectory({ id: 't2', sessionId: 'a', madeAt: '2026-03-02T11:00:00.000Z', trajectory: trajectory('second') });
      await store.addTrajectory({ id: 't3', sessionId: 'b', madeAt: '2026-03-02T12:00:00.000Z', trajectory: trajectory('of another') });
      await expect(store.addTrajectory({ id: 't4', sessionId: 'none', madeAt: '', trajectory: trajectory('of nothing') })).rejects.toMatchObject({ code: 'sessionUnknown' });
      await expect(store.addTrajectory({ id: 't1', sessionId: 'a', madeAt: '', trajectory: trajectory('again') })).rejects.toMatchObject({ code: 'storeFailed' });
      await store.close();
      const again = await open(token);
      const kept = await again.store.trajectories('demo-1');
      expect(kept.map(({ id }) => id)).toEqual(['t2', 't1']);
      expect(kept[1]).toEqual({ id: 't1', sessionId: 'a', patientId: 'demo-1', profileId: 'gait-orthosis', sessionStartedAt: '2026-03-02T09:00:00.000Z', madeAt: '2026-03-02T10:00:00.000Z', trajectory: trajectory('first') });
    });

    it('keeps walks that were entered by hand, each with who entered it, the latest test first and over a restart', async () => {
      const { store, token } = await open();
      const first: EnteredWalk = { id: 'w1', patientId: 'demo-1', kind: 'walk10m', value: 12.5, aid: 'cane', walkedOn: '2026-03-01', enteredAt: '2026-03-02T09:00:00.000Z', actor: 'page-1' };
      const later: EnteredWalk = { ...first, id: 'w2', kind: 'walk6min', value: 310, aid: 'none', walkedOn: '2026-03-02', actor: 'page-2' };
      const early: EnteredWalk = { ...first, id: 'w3', walkedOn: '2026-02-01', enteredAt: '2026-03-03T09:00:00.000Z' };
      for (const walk of [first, later, early, { ...first, id: 'w4', patientId: 'demo-2' }]) await store.addEnteredWalk(walk);
      await expect(store.addEnteredWalk({ ...first, id: 'w5', patientId: 'nobody' })).rejects.toMatchObject({ code: 'patientUnknown' });
      await expect(store.addEnteredWalk({ ...first, value: 1 })).rejects.toMatchObject({ code: 'storeFailed' });
      expect(await store.enteredWalks('demo-1')).toEqual([later, first, early]);
      await store.close();
      expect(await (await open(token)).store.enteredWalks('demo-1')).toEqual([later, first, early]);
    });

    it('keeps every stop, with or without a session, newest first and over a restart', async () => {
      const { store, token } = await open();
      const figures = { timeMs: 212.5, atRest: true, withinLimits: true, tripDegPerSec: 61, distanceDeg: { kneeLeft: 6.3, hipLeft: null } };
      const alone = { sessionId: null, profileId: 'gait-orthosis', measuredAt: '2026-03-02T09:00:00.000Z', cause: 'operatorStop', jointId: null, figures };
      await store.openSession(aSession('s1'));
      const within = { ...alone, sessionId: 's1', measuredAt: '2026-03-02T09:00:01.000Z', cause: 'trackingLost', jointId: 'kneeLeft' };
      await store.addStop(alone);
      await store.addStop(within);
      expect(await store.stops()).toEqual([within, alone]);
      await store.close();
      expect(await (await open(token)).store.stops()).toEqual([within, alone]);
    });

    it('gives the figures of a stop back with the event of the session', async () => {
      const { store } = await open();
      await store.openSession(aSession('s1'));
      const stop = { timeMs: 212.5, atRest: false, withinLimits: false, tripDegPerSec: null, distanceDeg: {} };
      await store.storeSummary('s1', aSummary(42, [{ ...event(1, 'stopped'), kind: 'stop', stop }, event(2, 'speedMps')]));
      expect((await store.sessionDetail('s1'))?.events).toEqual([{ ...event(1, 'stopped'), kind: 'stop', stop }, event(2, 'speedMps')]);
    });

    it("lists a patient's assessments newest first, and no training", async () => {
      const { store } = await open();
      const outcome: AssessmentOutcome = { kind: 'walk6min', joint: '', complete: false, interruptedBy: 'ended', results: [] };
      const summary = aSummary();
      await store.openSession(aSession('training'));
      await store.storeSummary('training', summary);
      for (const [id, day] of [['first', '03'], ['second', '04']] as const) {
        await store.openSession(aSession(id, { startedAt: `2026-03-${day}T09:00:00.000Z` }));
        await store.storeSummary(id, { ...summary, metrics: { ...summary.metrics, assessment: outcome } });
      }
      await store.openSession(aSession('running', { startedAt: '2026-03-05T09:00:00.000Z' }));
      expect(await store.assessments('demo-1')).toEqual(['second', 'first'].map((sessionId) => ({ sessionId, startedAt: sessionId === 'first' ? '2026-03-03T09:00:00.000Z' : '2026-03-04T09:00:00.000Z', profileId: 'gait-orthosis', simulated: true, outcome })));
      expect(await store.assessments('demo-2')).toEqual([]);
    });

    it('gives a patient back as entered, and null for an unknown one', async () => {
      const { store } = await open();
      const patient = { id: 'p1', displayName: "O'Neill; DROP TABLE patients", birthDate: '1970-01-01', recordNumber: 'R-1', diagnosis: '뇌졸중', sex: 'female', heightM: 1.7, massKg: 60, demo: false } as const;
      await store.addPatient(patient);
      expect(await store.patient('p1')).toEqual(patient);
      expect(await store.patient('p2')).toBeNull();
      await expect(store.addPatient(patient)).rejects.toMatchObject({ code: 'storeFailed' });
    });

    it('keeps a session from its opening to its summary', async () => {
      const { store } = await open();
      await store.openSession(aSession('s1'));
      expect((await store.sessions())[0]).toMatchObject({ id: 's1', status: 'recording', endedAt: null, steps: null });
      await store.closeSession('s1', closed);
      await store.setNote('s1', 'walked well');
      await store.storeSummary('s1', aSummary());
      const detail = sessionDetailSchema.parse(await store.sessionDetail('s1'));
      expect(detail.session).toMatchObject({ id: 's1', status: 'sealed', steps: 42, distanceM: 21.5, durationSec: 60, simulated: true });
      expect(detail).toMatchObject({ note: 'walked well', sha256: closed.sha256, metrics: { steps: 42 }, patient: { id: 'demo-1' } });
      expect(detail.curves[0]?.jointId).toBe('kneeLeft');
      expect(detail.events.map((entry) => entry.subject)).toEqual(['speedMps', 'guidance.left']);
    });

    it('still has what it acknowledged after it was closed and opened again', async () => {
      const { store, token } = await open();
      await store.openSession(aSession('s1'));
      await store.closeSession('s1', closed);
      await store.storeSummary('s1', aSummary());
      const before = await store.sessionDetail('s1');
      await store.close();
      const again = await open(token);
      expect(await again.store.sessionDetail('s1')).toEqual(before);
    });

    it('lists sessions newest first and of one patient when asked', async () => {
      const { store } = await open();
      await store.openSession(aSession('a', { startedAt: '2026-03-01T09:00:00.000Z' }));
      await store.openSession(aSession('b', { startedAt: '2026-03-03T09:00:00.000Z', patientId: 'demo-2' }));
      await store.openSession(aSession('c', { startedAt: '2026-03-02T09:00:00.000Z' }));
      expect((await store.sessions()).map((session) => session.id)).toEqual(['b', 'c', 'a']);
      expect((await store.sessions('demo-1')).map((session) => session.id)).toEqual(['c', 'a']);
      expect(await store.sessions('nobody')).toEqual([]);
    });

    it('refuses a session of an unknown patient and one whose id is taken', async () => {
      const { store } = await open();
      await expect(store.openSession(aSession('s1', { patientId: 'nobody' }))).rejects.toMatchObject({ code: 'patientUnknown' });
      await store.openSession(aSession('s1'));
      await expect(store.openSession(aSession('s1'))).rejects.toMatchObject({ code: 'sessionFileExists' });
    });

    it('says so when a session to change is unknown, and stores no half summary', async () => {
      const { store } = await open();
      await expect(store.closeSession('none', closed)).rejects.toMatchObject({ code: 'sessionUnknown' });
      await expect(store.setNote('none', '')).rejects.toMatchObject({ code: 'sessionUnknown' });
      await expect(store.storeSummary('none', aSummary())).rejects.toMatchObject({ code: 'sessionUnknown' });
      expect(await store.sessionDetail('none')).toBeNull();
      expect(await store.session('none')).toBeNull();
    });

    it('replaces an earlier summary with its events', async () => {
      const { store } = await open();
      await store.openSession(aSession('s1'));
      await store.closeSession('s1', closed);
      await store.storeSummary('s1', aSummary(1));
      await store.storeSummary('s1', aSummary(7, [event(3, 'offsetRad.hipLeft')]));
      const detail = await store.sessionDetail('s1');
      expect(detail?.metrics?.steps).toBe(7);
      expect(detail?.events.map((entry) => entry.subject)).toEqual(['offsetRad.hipLeft']);
    });

    it('keeps thousands of events in their order', async () => {
      const { store } = await open();
      await store.openSession(aSession('s1'));
      const many = Array.from({ length: 2_345 }, (_, index) => event(index, `subject-${index}`));
      await store.storeSummary('s1', aSummary(1, many));
      expect((await store.sessionDetail('s1'))?.events.map((entry) => entry.subject)).toEqual(many.map((entry) => entry.subject));
    });

    it('knows what is left to do: files to seal, and summaries to make', async () => {
      const { store } = await open();
      await store.openSession(aSession('open'));
      await store.openSession(aSession('sealed'));
      await store.openSession(aSession('lost'));
      await store.openSession(aSession('done'));
      await store.closeSession('sealed', closed);
      await store.closeSession('lost', { ...closed, status: 'lost', sha256: null });
      await store.closeSession('done', { ...closed, status: 'recovered' });
      await store.storeSummary('done', aSummary());
      expect((await store.unsealedSessions()).map((session) => session.id)).toEqual(['open']);
      expect((await store.unsummarisedSessions()).map((session) => session.id)).toEqual(['sealed']);
    });

    it('takes back a session that never began, but not one that ended', async () => {
      const { store } = await open();
      await store.openSession(aSession('a'));
      await store.openSession(aSession('b'));
      await store.closeSession('b', closed);
      await store.discardSession('a');
      await store.discardSession('b');
      expect((await store.sessions()).map((session) => session.id)).toEqual(['b']);
    });

    it('hands out lease epochs that only grow, over restarts and among many at once', async () => {
      const { store, token } = await open();
      const first = await Promise.all(Array.from({ length: 20 }, () => store.nextLeaseEpoch()));
      expect(new Set(first).size).toBe(20);
      await store.close();
      const again = await open(token);
      expect(await again.store.nextLeaseEpoch()).toBeGreaterThan(Math.max(...first));
    });
  });
}
