/** The embedded store: one SQLite file, one connection, every commit on the disk before it is acknowledged. */
import fs from 'node:fs';
import { Kysely, sql, SqliteDialect } from 'kysely';
import Database from 'libsql';
import type { Patient, SessionDetail, SessionListItem } from '../../../protocols/api.ts';
import type { KnownAssessment } from '../../../protocols/assessment-outcome.ts';
import type { EnteredWalk } from '../../../protocols/entered-walk.ts';
import { DariError } from '../../../protocols/errors.ts';
import { demoPatients } from './demo-patients.ts';
import { enteredWalkRow, eventRow, patientRow, stopRow, toDetail, toEnteredWalk, toKeptStop, toKeptTrajectory, toKnownAssessments, toListItem, toPatient, toStored, trajectoryRow } from './rows.ts';
import { migrations } from './schema/migrations.ts';
import type { Tables } from './schema/tables.ts';
import type { KeptStop, KeptTrajectory, NewSession, NewTrajectory, RecordStore, SessionClose, StoredSession, SummaryRecord } from './store.ts';

const BUSY_TIMEOUT_MS = 5_000;
const LEASE_EPOCH = 'lease-epoch';
/** SQLite takes at most 32 766 values in one statement. */
const EVENTS_PER_INSERT = 500;

/** Opens or creates the file and brings its tables up to date. @throws DariError `storeFailed` or `diskFull` */
export function openSqliteStore(file: string): RecordStore {
  try {
    fs.closeSync(fs.openSync(file, 'a', 0o600));
    const database = new Database(file);
    try {
      prepare(database, file);
    } catch (error) {
      database.close();
      throw error;
    }
    return new SqliteStore(new Kysely<Tables>({ dialect: new SqliteDialect({ database }) }), file);
  } catch (error) {
    throw asStoreError(error, file);
  }
}

function prepare(database: Database.Database, file: string): void {
  database.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`);
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON');
  database.exec('BEGIN IMMEDIATE');
  try {
    const { user_version: done } = database.prepare('PRAGMA user_version').get() as { user_version: number };
    if (done > migrations.length)
      throw new DariError('storeFailed', `The records in ${file} were written by a newer Dari. Update Dari, or choose another folder with --data DIR.`);
    for (const statement of migrations.slice(done).flat()) database.exec(statement);
    if (done === 0) addDemoPatients(database);
    database.exec(`PRAGMA user_version = ${migrations.length}`);
    database.exec('COMMIT');
  } catch (error) {
    database.exec('ROLLBACK');
    throw error;
  }
}

function addDemoPatients(database: Database.Database): void {
  for (const patient of demoPatients) {
    const row = patientRow(patient);
    const marks = Object.keys(row).map(() => '?');
    database.prepare(`INSERT INTO patients (${Object.keys(row).join(', ')}) VALUES (${marks.join(', ')})`).run(...Object.values(row));
  }
}

class SqliteStore implements RecordStore {
  #closed = false;

  constructor(
    private readonly db: Kysely<Tables>,
    private readonly file: string,
  ) {}

  patients(): Promise<Patient[]> {
    return this.#guard(async () => (await this.db.selectFrom('patients').selectAll().orderBy('record_number').execute()).map(toPatient));
  }

  patient(id: string): Promise<Patient | null> {
    return this.#guard(async () => {
      const row = await this.db.selectFrom('patients').selectAll().where('id', '=', id).executeTakeFirst();
      return row === undefined ? null : toPatient(row);
    });
  }

  addPatient(patient: Patient): Promise<void> {
    return this.#guard(async () => {
      await this.db.insertInto('patients').values(patientRow(patient)).execute();
    });
  }

  sessions(patientId?: string): Promise<SessionListItem[]> {
    return this.#guard(async () => {
      const all = this.#withPatientName();
      const query = patientId === undefined ? all : all.where('sessions.patient_id', '=', patientId);
      return (await query.orderBy('sessions.started_at', 'desc').orderBy('sessions.id', 'desc').execute()).map(toListItem);
    });
  }

  assessments(patientId: string): Promise<KnownAssessment[]> {
    return this.#guard(async () => {
      const rows = await this.db.selectFrom('sessions').selectAll().where('patient_id', '=', patientId).where('metrics', 'is not', null).orderBy('started_at', 'desc').orderBy('id', 'desc').execute();
      return rows.flatMap(toKnownAssessments);
    });
  }

  session(id: string): Promise<StoredSession | null> {
    return this.#guard(async () => {
      const row = await this.db.selectFrom('sessions').selectAll().where('id', '=', id).executeTakeFirst();
      return row === undefined ? null : toStored(row);
    });
  }

  sessionDetail(id: string): Promise<SessionDetail | null> {
    return this.#guard(async () => {
      const session = await this.#withPatientName().select(['sessions.note', 'sessions.sha256', 'sessions.metrics', 'sessions.curves']).where('sessions.id', '=', id).executeTakeFirst();
      if (session === undefined) return null;
      const patient = await this.db.selectFrom('patients').selectAll().where('id', '=', session.patient_id).executeTakeFirstOrThrow();
      const events = await this.db.selectFrom('session_events').selectAll().where('session_id', '=', id).orderBy('ordinal').execute();
      return toDetail(session, patient, events);
    });
  }

  openSession(session: NewSession): Promise<void> {
    return this.#guard(async () => {
      const { id, patientId, profileId, startedAt, logPath, simulated } = session;
      if ((await this.patient(patientId)) === null) throw new DariError('patientUnknown', `There is no patient "${patientId}". Choose one from the list of patients.`);
      if ((await this.session(id)) !== null) throw new DariError('sessionFileExists', `There is already a session ${id}. Use another data folder with --data DIR, or change the script or its seed.`);
      const row = { id, patient_id: patientId, profile_id: profileId, started_at: startedAt, log_path: logPath, simulated: Number(simulated), status: 'recording' as const, note: '' };
      await this.db.insertInto('sessions').values({ ...row, ended_at: null, sha256: null, steps: null, distance_m: null, duration_sec: null, metrics: null, curves: null }).execute();
    });
  }

  discardSession(id: string): Promise<void> {
    return this.#guard(async () => {
      await this.db.deleteFrom('sessions').where('id', '=', id).where('status', '=', 'recording').execute();
    });
  }

  closeSession(id: string, close: SessionClose): Promise<void> {
    return this.#guard(async () => {
      const values = { status: close.status, ended_at: close.endedAt, sha256: close.sha256 };
      requireOne(id, await this.db.updateTable('sessions').set(values).where('id', '=', id).executeTakeFirst());
    });
  }

  setNote(id: string, note: string): Promise<void> {
    return this.#guard(async () => requireOne(id, await this.db.updateTable('sessions').set({ note }).where('id', '=', id).executeTakeFirst()));
  }

  storeSummary(id: string, summary: SummaryRecord): Promise<void> {
    const { metrics, curves, events } = summary;
    const values = { steps: metrics.steps, distance_m: metrics.distanceM, duration_sec: metrics.durationSec, metrics: JSON.stringify(metrics), curves: JSON.stringify(curves) };
    return this.#guard(() =>
      this.db.transaction().execute(async (tx) => {
        requireOne(id, await tx.updateTable('sessions').set(values).where('id', '=', id).executeTakeFirst());
        await tx.deleteFrom('session_events').where('session_id', '=', id).execute();
        const rows = events.map((event, ordinal) => eventRow(id, ordinal, event));
        for (let at = 0; at < rows.length; at += EVENTS_PER_INSERT)
          await tx.insertInto('session_events').values(rows.slice(at, at + EVENTS_PER_INSERT)).execute();
      }),
    );
  }

  unsealedSessions(): Promise<StoredSession[]> {
    return this.#guard(async () => (await this.db.selectFrom('sessions').selectAll().where('status', '=', 'recording').orderBy('started_at').execute()).map(toStored));
  }

  unsummarisedSessions(): Promise<StoredSession[]> {
    return this.#guard(async () => {
      const query = this.db.selectFrom('sessions').selectAll().where('status', 'in', ['sealed', 'recovered']).where('metrics', 'is', null);
      return (await query.orderBy('started_at').execute()).map(toStored);
    });
  }

  addStop(stop: KeptStop): Promise<void> {
    return this.#guard(async () => {
      await this.db.insertInto('stops').values(stopRow(stop)).execute();
    });
  }

  stops(): Promise<KeptStop[]> {
    return this.#guard(async () => (await this.db.selectFrom('stops').selectAll().orderBy('measured_at', 'desc').orderBy('id', 'desc').execute()).map(toKeptStop));
  }

  addTrajectory(trajectory: NewTrajectory): Promise<void> {
    return this.#guard(async () => {
      if ((await this.session(trajectory.sessionId)) === null) throw new DariError('sessionUnknown', `There is no session ${trajectory.sessionId}. Choose one from the list of sessions.`);
      await this.db.insertInto('trajectories').values(trajectoryRow(trajectory)).execute();
    });
  }

  trajectories(patientId: string): Promise<KeptTrajectory[]> {
    return this.#guard(async () => {
      const rows = await this.db
        .selectFrom('trajectories')
        .innerJoin('sessions', 'sessions.id', 'trajectories.session_id')
        .selectAll('trajectories')
        .select(['sessions.patient_id', 'sessions.profile_id', 'sessions.started_at'])
        .where('sessions.patient_id', '=', patientId)
        .orderBy('trajectories.made_at', 'desc')
        .orderBy('trajectories.id', 'desc')
        .execute();
      return rows.map(toKeptTrajectory);
    });
  }

  addEnteredWalk(walk: EnteredWalk): Promise<void> {
    return this.#guard(async () => {
      if ((await this.patient(walk.patientId)) === null) throw new DariError('patientUnknown', `There is no patient "${walk.patientId}". Choose one from the list of patients.`);
      await this.db.insertInto('entered_walks').values(enteredWalkRow(walk)).execute();
    });
  }

  enteredWalks(patientId: string): Promise<EnteredWalk[]> {
    return this.#guard(async () => {
      const rows = await this.db.selectFrom('entered_walks').selectAll().where('patient_id', '=', patientId).orderBy('walked_on', 'desc').orderBy('entered_at', 'desc').orderBy('id', 'desc').execute();
      return rows.map(toEnteredWalk);
    });
  }

  nextLeaseEpoch(): Promise<number> {
    return this.#guard(async () => {
      const row = await this.db
        .insertInto('counters')
        .values({ name: LEASE_EPOCH, value: 1 })
        .onConflict((conflict) => conflict.column('name').doUpdateSet((eb) => ({ value: eb('counters.value', '+', 1) })))
        .returning('value')
        .executeTakeFirstOrThrow();
      return row.value;
    });
  }

  close(): Promise<void> {
    return this.#guard(async () => {
      if (this.#closed) return;
      this.#closed = true;
      // The library finalises statements when they are collected, so closing alone may leave everything in the journal.
      await sql`PRAGMA wal_checkpoint(TRUNCATE)`.execute(this.db);
      await this.db.destroy();
    });
  }

  #withPatientName() {
    return this.db
      .selectFrom('sessions')
      .innerJoin('patients', 'patients.id', 'sessions.patient_id')
      .select(['sessions.id', 'sessions.patient_id', 'patients.display_name as patient_name', 'sessions.profile_id', 'sessions.started_at', 'sessions.ended_at'])
      .select(['sessions.status', 'sessions.steps', 'sessions.distance_m', 'sessions.duration_sec', 'sessions.simulated']);
  }

  async #guard<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw asStoreError(error, this.file);
    }
  }
}

function requireOne(id: string, result: { numUpdatedRows: bigint }): void {
  if (result.numUpdatedRows === 0n) throw new DariError('sessionUnknown', `There is no session ${id}. Choose one from the list of sessions.`);
}

function asStoreError(error: unknown, file: string): DariError {
  if (error instanceof DariError) return error;
  const reason = error instanceof Error ? error.message : String(error);
  if (/disk is full|ENOSPC/i.test(reason)) return new DariError('diskFull', `The disk that holds ${file} is full. Free some space, then try again.`, { cause: error });
  return new DariError('storeFailed', `The records in ${file} cannot be used (${reason}). Check the disk and its permissions, or choose another folder with --data DIR.`, { cause: error });
}
