import { describe, expect, it } from 'vitest';
import { proposalFor } from '../../../controller/station/proposals.ts';
import { demoPatients } from '../../../controller/station/records/demo-patients.ts';
import type { SessionDetail, SessionListItem, SessionMetrics } from '../../../protocols/api.ts';
import { profile } from '../recording/fixtures.ts';

const patient = demoPatients[0]!;
const settings = { speedMps: 0.5, guidance: { left: 0.8, right: 0.6 }, unloadingKg: null };
const metrics: SessionMetrics = { steps: 90, distanceM: 40, durationSec: 120, upTimeSec: 110, walkTimeSec: 100, cadenceStepsPerMin: 60, strideTimeSec: 2, meanSpeedMps: 0.5, meanGuidance: 0.7, settings, stops: 0, joints: [] };

/** Means that run within the band in a share of the cycle. */
const curves = (shares: Readonly<Record<string, number>>): SessionDetail['curves'] =>
  profile.joints.map(({ id }) => ({ jointId: id, referenceDeg: Array.from({ length: 100 }, () => 10), referenceSdDeg: Array.from({ length: 100 }, () => 5), meanDeg: Array.from({ length: 100 }, (_, i) => (i < 100 * (shares[id] ?? 1) ? 10 : 30)), stridesDeg: [], strideCount: id === 'kneeRight' ? 35 : 40 }));

interface Kept {
  readonly item?: Partial<SessionListItem>;
  readonly metrics?: Partial<SessionMetrics> | null;
  readonly shares?: Readonly<Record<string, number>>;
}

function storeWith(...sessions: Kept[]) {
  const items = sessions.map(({ item }, i): SessionListItem => ({ id: `s${i}`, patientId: patient.id, patientName: '', profileId: profile.id, startedAt: '', endedAt: null, status: 'sealed', steps: 90, distanceM: 40, durationSec: 120, simulated: true, ...item }));
  return {
    patient: (id: string) => Promise.resolve(id === patient.id ? patient : null),
    sessions: () => Promise.resolve(items),
    sessionDetail: (id: string) => {
      const kept = sessions[Number(id.slice(1))]!;
      return Promise.resolve({ session: items[Number(id.slice(1))]!, patient, note: '', sha256: null, metrics: kept.metrics === null ? null : { ...metrics, ...kept.metrics }, curves: curves(kept.shares ?? {}), events: [] } satisfies SessionDetail);
    },
  };
}

const propose = (...sessions: Kept[]) => proposalFor(storeWith(...sessions), profile, patient.id);

describe('the proposal for a patient', () => {
  it('comes from the settings, the worse joint and the fewer strides of each leg of the last session', async () => {
    const { basedOn, lines } = await propose({ shares: { kneeLeft: 0.5, hipRight: 0.99 } });
    expect(basedOn).toEqual(['s0']);
    expect(lines[0]).toMatchObject({ subject: 'guidanceLeft', from: 0.8, reason: 'outOfBand', inBand: 0.5, strides: 35 });
    expect(lines[1]).toMatchObject({ subject: 'guidanceRight', from: 0.6, to: 0.5, reason: 'inBand', inBand: 0.99 });
  });

  it('passes over sessions of another robot, that still run, that are lost, without numbers, without a step, or from before settings were kept', async () => {
    const { settings: _, ...old } = metrics;
    const { basedOn } = await propose({ item: { profileId: 'other' } }, { item: { status: 'recording' } }, { item: { status: 'lost' } }, { metrics: null }, { metrics: { steps: 0 } }, { metrics: { ...old, settings: undefined } }, {}, { item: { status: 'recovered' } }, {});
    expect(basedOn).toEqual(['s6', 's7']);
  });

  it('counts stops for which the patient was the cause, and no others', async () => {
    const stop = (cause: string) => ({ atSec: 1, cause, jointId: null, timeMs: 200, atRest: true, withinLimits: true, tripDegPerSec: 10, distanceDeg: {} });
    expect((await propose({ metrics: { measuredStops: [stop('spasm'), stop('operatorStop'), stop('patientButton'), stop('linkDown')] } })).lines[0]).toMatchObject({ reason: 'stoppedForPatient', stops: 2 });
    expect((await propose({ metrics: { measuredStops: [stop('operatorStop')] } })).lines[0]).toMatchObject({ reason: 'inBand', stops: 0 });
  });

  it('is empty without sessions, and refused for somebody unknown', async () => {
    expect(await propose()).toEqual({ patientId: patient.id, basedOn: [], lines: [] });
    await expect(proposalFor(storeWith(), profile, 'nobody')).rejects.toMatchObject({ code: 'patientUnknown' });
  });
});
