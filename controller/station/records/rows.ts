/** Between table rows and the records of the API. */
import type { Insertable, Selectable } from 'kysely';
import { sessionMetricsSchema, strideCurvesSchema, type Patient, type SessionDetail, type SessionListItem, type TimelineEvent } from '../../../protocols/api.ts';
import type { KnownAssessment } from '../../../protocols/assessment-outcome.ts';
import { enteredWalkSchema, type EnteredWalk } from '../../../protocols/entered-walk.ts';
import { stopFiguresSchema } from '../../../protocols/stop-figures.ts';
import { trajectorySchema } from '../../../protocols/trajectory.ts';
import type { EnteredWalkTable, PatientTable, SessionEventTable, SessionTable, StopTable, TrajectoryTable } from './schema/tables.ts';
import type { KeptStop, KeptTrajectory, NewTrajectory, StoredSession } from './store.ts';

export const toPatient = (row: PatientTable): Patient => ({
  id: row.id,
  displayName: row.display_name,
  birthDate: row.birth_date,
  recordNumber: row.record_number,
  diagnosis: row.diagnosis,
  sex: row.sex,
  heightM: row.height_m,
  massKg: row.mass_kg,
  demo: row.demo !== 0,
});

export const patientRow = (patient: Patient): PatientTable => ({
  id: patient.id,
  display_name: patient.displayName,
  birth_date: patient.birthDate,
  record_number: patient.recordNumber,
  diagnosis: patient.diagnosis,
  sex: patient.sex,
  height_m: patient.heightM,
  mass_kg: patient.massKg,
  demo: Number(patient.demo),
});

type ListRow = Pick<SessionTable, 'id' | 'patient_id' | 'profile_id' | 'started_at' | 'ended_at' | 'status' | 'steps' | 'distance_m' | 'duration_sec' | 'simulated'> & {
  patient_name: string;
};

export const toListItem = (row: ListRow): SessionListItem => ({
  id: row.id,
  patientId: row.patient_id,
  patientName: row.patient_name,
  profileId: row.profile_id,
  startedAt: row.started_at,
  endedAt: row.ended_at,
  status: row.status,
  steps: row.steps,
  distanceM: row.distance_m,
  durationSec: row.duration_sec,
  simulated: row.simulated !== 0,
});

export const toStored = (row: SessionTable): StoredSession => ({
  id: row.id,
  patientId: row.patient_id,
  startedAt: row.started_at,
  status: row.status,
  logPath: row.log_path,
});

type DetailRow = ListRow & Pick<SessionTable, 'note' | 'sha256' | 'metrics' | 'curves'>;

export const toDetail = (row: DetailRow, patient: PatientTable, events: readonly SessionEventTable[]): SessionDetail => ({
  session: toListItem(row),
  patient: toPatient(patient),
  note: row.note,
  sha256: row.sha256,
  metrics: row.metrics === null ? null : sessionMetricsSchema.parse(JSON.parse(row.metrics)),
  curves: row.curves === null ? [] : (JSON.parse(row.curves) as unknown[]).map((curves) => strideCurvesSchema.parse(curves)),
  events: events.map(toTimelineEvent),
});

/** @returns none: it was a training */
export function toKnownAssessments({ id, started_at, profile_id, simulated, metrics }: SessionTable): KnownAssessment[] {
  const { assessment } = metrics === null ? {} : sessionMetricsSchema.parse(JSON.parse(metrics));
  return assessment === undefined ? [] : [{ sessionId: id, startedAt: started_at, profileId: profile_id, simulated: simulated !== 0, outcome: assessment }];
}

const toTimelineEvent = (row: SessionEventTable): TimelineEvent => ({
  atSec: row.at_sec,
  kind: row.kind,
  subject: row.subject,
  oldValue: row.old_value,
  newValue: row.new_value,
  cause: row.cause,
  actor: row.actor,
  reason: row.reason,
  ...(row.stop === null ? {} : { stop: stopFiguresSchema.parse(JSON.parse(row.stop)) }),
});

export const eventRow = (sessionId: string, ordinal: number, event: TimelineEvent): SessionEventTable => ({
  session_id: sessionId,
  ordinal,
  at_sec: event.atSec,
  kind: event.kind,
  subject: event.subject,
  old_value: event.oldValue,
  new_value: event.newValue,
  cause: event.cause,
  actor: event.actor,
  reason: event.reason,
  stop: event.stop === undefined ? null : JSON.stringify(event.stop),
});

export const stopRow = (stop: KeptStop): Insertable<StopTable> => ({
  session_id: stop.sessionId,
  profile_id: stop.profileId,
  measured_at: stop.measuredAt,
  cause: stop.cause,
  joint_id: stop.jointId,
  figures: JSON.stringify(stop.figures),
});

export const toKeptStop = (row: Selectable<StopTable>): KeptStop => ({
  sessionId: row.session_id,
  profileId: row.profile_id,
  measuredAt: row.measured_at,
  cause: row.cause,
  jointId: row.joint_id,
  figures: stopFiguresSchema.parse(JSON.parse(row.figures)),
});

export const trajectoryRow = (kept: NewTrajectory): TrajectoryTable => ({ id: kept.id, session_id: kept.sessionId, made_at: kept.madeAt, trajectory: JSON.stringify(kept.trajectory) });

export const toKeptTrajectory = (row: TrajectoryTable & Pick<SessionTable, 'patient_id' | 'profile_id' | 'started_at'>): KeptTrajectory => ({
  id: row.id,
  sessionId: row.session_id,
  patientId: row.patient_id,
  profileId: row.profile_id,
  sessionStartedAt: row.started_at,
  madeAt: row.made_at,
  trajectory: trajectorySchema.parse(JSON.parse(row.trajectory)),
});

export const enteredWalkRow = ({ id, patientId, kind, value, aid, walkedOn, enteredAt, actor }: EnteredWalk): EnteredWalkTable => ({ id, patient_id: patientId, kind, value, aid, walked_on: walkedOn, entered_at: enteredAt, actor });

export const toEnteredWalk = (row: EnteredWalkTable): EnteredWalk =>
  enteredWalkSchema.parse({ id: row.id, patientId: row.patient_id, kind: row.kind, value: row.value, aid: row.aid, walkedOn: row.walked_on, enteredAt: row.entered_at, actor: row.actor });
