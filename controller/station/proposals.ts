/** What the rules of `therapy/proposals.ts` say of a patient, from the sessions that the station keeps. */
import type { SessionDetail } from '../../protocols/api.ts';
import { DariError } from '../../protocols/errors.ts';
import type { RobotProfile } from '../../protocols/profile.ts';
import type { Proposal } from '../../protocols/proposal.ts';
import { sides, type Side } from '../../protocols/supervision.ts';
import { guidingModes } from '../../protocols/training-mode.ts';
import { therapyLimits } from '../../protocols/therapy-limits.ts';
import { shareInBand } from '../metrics/band.ts';
import { patientCauses, proposeNext, type PastSession } from '../therapy/proposals.ts';
import type { RecordStore } from './records/store.ts';

/** The rules look at two. */
const SESSIONS = 2;

/** @throws DariError `patientUnknown` */
export async function proposalFor(store: Pick<RecordStore, 'patient' | 'sessions' | 'sessionDetail'>, profile: RobotProfile, patientId: string): Promise<Proposal> {
  const patient = await store.patient(patientId);
  if (patient === null) throw new DariError('patientUnknown', `There is no patient "${patientId}". Choose one from the list of patients.`);
  const past: PastSession[] = [];
  for (const { id, profileId, status } of await store.sessions(patientId)) {
    if (past.length === SESSIONS) break;
    if (profileId !== profile.id || status === 'recording' || status === 'lost') continue;
    const detail = await store.sessionDetail(id);
    const session = detail === null ? null : pastSession(detail, profile);
    if (session !== null) past.push(session);
  }
  return proposeNext(patientId, patient.massKg, therapyLimits(profile), past);
}

/** @returns null for a session in which nobody walked, or that ended in a mode that does not guide, or is older than what the rules need */
function pastSession({ session, metrics, curves }: SessionDetail, profile: RobotProfile): PastSession | null {
  if (metrics?.settings === undefined || metrics.steps === 0 || !guidingModes.includes(metrics.settings.mode ?? 'guidedGait')) return null;
  const ofSide = (side: Side, value: (curve: SessionDetail['curves'][number]) => number): number =>
    Math.min(...profile.joints.filter((joint) => joint.side === side).map(({ id }) => curves.find(({ jointId }) => jointId === id)).map((curve) => (curve === undefined ? 0 : value(curve))));
  const both = (value: (curve: SessionDetail['curves'][number]) => number): Record<Side, number> => ({ left: ofSide(sides[0], value), right: ofSide(sides[1], value) });
  return {
    sessionId: session.id,
    settings: metrics.settings,
    strides: both(({ strideCount }) => strideCount),
    inBand: both((curve) => shareInBand(curve) ?? 0),
    patientStops: (metrics.measuredStops ?? []).filter(({ cause }) => patientCauses.some((known) => known === cause)).length,
  };
}
