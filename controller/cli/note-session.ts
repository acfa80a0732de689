/** Puts a session that no station ran into the records, so that it shows in the history of its patient. */
import path from 'node:path';
import type { SessionReport } from '../metrics/session-summary.ts';
import { openSqliteStore } from '../station/records/sqlite-store.ts';
import type { RecordStore } from '../station/records/store.ts';

export interface NotedSession {
  readonly sessionId: string;
  readonly patientRef: string;
  readonly title: string;
  readonly profileId: string;
  readonly log: string;
  readonly sha256: string;
  readonly report: SessionReport;
}

/** @returns false when there is no such patient */
export async function noteSession(data: string, { sessionId, patientRef, title, profileId, log, sha256, report }: NotedSession): Promise<boolean> {
  const store = openSqliteStore(path.join(data, 'dari.db'));
  try {
    if ((await store.patient(patientRef)) === null) return false;
    const endedAt = new Date();
    const startedAt = new Date(endedAt.getTime() - report.metrics.durationSec * 1_000);
    await openOnce(store, { id: sessionId, patientId: patientRef, profileId, startedAt: startedAt.toISOString(), logPath: path.relative(data, log).split(path.sep).join('/'), simulated: true });
    await store.closeSession(sessionId, { status: 'sealed', endedAt: endedAt.toISOString(), sha256 });
    await store.storeSummary(sessionId, report);
    await store.setNote(sessionId, title);
    return true;
  } finally {
    await store.close();
  }
}

/** The same run again is the same session. */
async function openOnce(store: RecordStore, session: Parameters<RecordStore['openSession']>[0]): Promise<void> {
  if ((await store.session(session.id)) === null) await store.openSession(session);
}
