import type { Generated } from 'kysely';

/** The tables as the newest migration leaves them. */
export interface PatientTable {
  id: string;
  display_name: string;
  birth_date: string;
  record_number: string;
  diagnosis: string;
  sex: 'female' | 'male' | 'other';
  height_m: number;
  mass_kg: number;
  demo: number;
}

export interface SessionTable {
  id: string;
  patient_id: string;
  profile_id: string;
  started_at: string;
  ended_at: string | null;
  status: 'recording' | 'sealed' | 'recovered' | 'lost';
  log_path: string;
  sha256: string | null;
  simulated: number;
  note: string;
  steps: number | null;
  distance_m: number | null;
  duration_sec: number | null;
  /** JSON of `SessionMetrics` and of `StrideCurves[]`. */
  metrics: string | null;
  curves: string | null;
}

export interface SessionEventTable {
  session_id: string;
  ordinal: number;
  at_sec: number;
  kind: string;
  subject: string;
  old_value: string | null;
  new_value: string | null;
  cause: string | null;
  actor: string | null;
  reason: string | null;
  /** JSON of `StopFigures`. */
  stop: string | null;
}

export interface StopTable {
  id: Generated<number>;
  session_id: string | null;
  profile_id: string;
  measured_at: string;
  cause: string;
  joint_id: string | null;
  /** JSON of `StopFigures`. */
  figures: string;
}

export interface TrajectoryTable {
  id: string;
  session_id: string;
  made_at: string;
  /** JSON of `Trajectory`. */
  trajectory: string;
}

export interface EnteredWalkTable {
  id: string;
  patient_id: string;
  kind: 'walk10m' | 'walk6min';
  value: number;
  aid: string;
  walked_on: string;
  entered_at: string;
  actor: string;
}

export interface CounterTable {
  name: string;
  value: number;
}

export interface Tables {
  patients: PatientTable;
  sessions: SessionTable;
  session_events: SessionEventTable;
  stops: StopTable;
  trajectories: TrajectoryTable;
  entered_walks: EnteredWalkTable;
  counters: CounterTable;
}
