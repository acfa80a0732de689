/**
 * The records that a clinic keeps: patients, sessions, what happened in them. One contract, one suite of tests
 * (`test/controller/station/records/store-contract.ts`) that every technology passes.
 *
 * - A write is durable when its promise resolves: it survives a power cut.
 * - Writes are atomic: a session's metrics, curves and events are stored together or not at all.
 * - Errors are DariError: `diskFull` or `storeFailed` for the store itself, the others as named below.
 */
import type { Patient, SessionDetail, SessionListItem, SessionMetrics, StrideCurves, TimelineEvent } from '../../../protocols/api.ts';
import type { KnownAssessment } from '../../../protocols/assessment-outcome.ts';
import type { EnteredWalk } from '../../../protocols/entered-walk.ts';
import type { StopFigures } from '../../../protocols/stop-figures.ts';
import type { Trajectory } from '../../../protocols/trajectory.ts';

export interface NewSession {
  readonly id: string;
  readonly patientId: string;
  readonly profileId: string;
  /** ISO 8601 UTC. */
  readonly startedAt: string;
  /** Relative to the data folder, with `/`. */
  readonly logPath: string;
  readonly simulated: boolean;
}

export type SessionStatus = SessionListItem['status'];

export interface SessionClose {
  readonly status: Exclude<SessionStatus, 'recording'>;
  /** ISO 8601 UTC. */
  readonly endedAt: string;
  /** Of the sealed file; null when there is none. */
  readonly sha256: string | null;
}

export interface SummaryRecord {
  readonly metrics: SessionMetrics;
  readonly curves: readonly StrideCurves[];
  readonly events: readonly TimelineEvent[];
}

/** What the station needs to find and finish a session's file. */
export interface StoredSession {
  readonly id: string;
  readonly patientId: string;
  readonly startedAt: string;
  readonly status: SessionStatus;
  readonly logPath: string;
}

/** Every stop of a moving robot that was measured, also when no session was open. */
export interface KeptStop {
  readonly sessionId: string | null;
  readonly profileId: string;
  /** ISO 8601 UTC. */
  readonly measuredAt: string;
  readonly cause: string;
  /** Joint that the cause names. */
  readonly jointId: string | null;
  readonly figures: StopFigures;
}

/** A movement that was shown in a session; patient and robot are that session's. */
export interface NewTrajectory {
  readonly id: string;
  readonly sessionId: string;
  /** ISO 8601 UTC. */
  readonly madeAt: string;
  readonly trajectory: Trajectory;
}

export interface KeptTrajectory extends NewTrajectory {
  readonly patientId: string;
  readonly profileId: string;
  readonly sessionStartedAt: string;
}

export interface RecordStore {
  /** Ordered by record number. */
  patients(): Promise<Patient[]>;
  patient(id: string): Promise<Patient | null>;
  /** @throws `storeFailed` when the id is taken */
  addPatient(patient: Patient): Promise<void>;

  /** Newest first. */
  sessions(patientId?: string): Promise<SessionListItem[]>;
  session(id: string): Promise<StoredSession | null>;
  sessionDetail(id: string): Promise<SessionDetail | null>;

  /** Sessions that were an assessment and have their results, newest first. */
  assessments(patientId: string): Promise<KnownAssessment[]>;

  /** Never changed and never taken back. @throws `patientUnknown`, `storeFailed` when the id is taken */
  addEnteredWalk(walk: EnteredWalk): Promise<void>;
  /** By the day of the test, then by when it was entered; newest first. */
  enteredWalks(patientId: string): Promise<EnteredWalk[]>;

  /** Adds a session as `recording`. @throws `patientUnknown`, `sessionFileExists` when the id is taken */
  openSession(session: NewSession): Promise<void>;
  /** Takes back a session that never began, so that it leaves no trace. */
  discardSession(id: string): Promise<void>;
  /** @throws `sessionUnknown` */
  closeSession(id: string, close: SessionClose): Promise<void>;
  /** @throws `sessionUnknown` */
  setNote(id: string, note: string): Promise<void>;
  /** Replaces an earlier summary. @throws `sessionUnknown` */
  storeSummary(id: string, summary: SummaryRecord): Promise<void>;
  /** Sessions whose file was never sealed, oldest first. */
  unsealedSessions(): Promise<StoredSession[]>;
  /** Sealed or recovered sessions without metrics, oldest first. */
  unsummarisedSessions(): Promise<StoredSession[]>;

  addStop(stop: KeptStop): Promise<void>;
  /** Newest first. */
  stops(): Promise<KeptStop[]>;

  /** @throws `sessionUnknown`, `storeFailed` when the id is taken */
  addTrajectory(trajectory: NewTrajectory): Promise<void>;
  /** Newest first. */
  trajectories(patientId: string): Promise<KeptTrajectory[]>;

  /** A number greater than every one before it, also over restarts. */
  nextLeaseEpoch(): Promise<number>;
  close(): Promise<void>;
}
