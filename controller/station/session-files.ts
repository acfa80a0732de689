/** What the station reads from a session's file, in slices, so that live telemetry keeps flowing beside it. */
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { SessionReplay } from '../../protocols/api.ts';
import { DariError } from '../../protocols/errors.ts';
import { fieldOffset, type SessionEvent } from '../../protocols/session-log.ts';
import type { Trajectory } from '../../protocols/trajectory.ts';
import { US_PER_S } from '../../protocols/units.ts';
import { ShownMovementReader } from '../metrics/shown-movement.ts';
import { createReplayColumns } from '../metrics/replay-columns.ts';
import { createSessionSummary } from '../metrics/session-summary.ts';
import { readSession, type SessionBatch, type SessionReading } from '../recording/read-session.ts';
import { recoverSession } from '../recording/recovery.ts';
import type { SummaryRecord } from './records/store.ts';

export interface SettledFile {
  /** `sealed`: it was whole, only nobody had noted its end. */
  readonly status: 'sealed' | 'recovered';
  readonly sha256: string;
  readonly durationSec: number;
}

/** Makes a whole file of whatever a dead process left. @throws DariError `logUnreadable` when nothing can be saved */
export async function settleSessionFile(file: string): Promise<SettledFile> {
  const reading = await readSession(file);
  const nowOffset = fieldOffset(reading.layout, 'nowUs');
  let firstUs = Number.NaN;
  let lastUs = Number.NaN;
  for await (const { rows, rowCount } of slices(reading)) {
    if (rowCount === 0) continue;
    if (Number.isNaN(firstUs)) firstUs = rows[nowOffset] ?? Number.NaN;
    lastUs = rows[(rowCount - 1) * reading.layout.width + nowOffset] ?? Number.NaN;
  }
  const durationSec = Number.isNaN(firstUs) ? 0 : (lastUs - firstUs) / US_PER_S;
  const { complete, corruptChunks, recovered } = reading.condition;
  if (complete && corruptChunks === 0) return { status: recovered ? 'recovered' : 'sealed', sha256: await sha256Of(file), durationSec };
  return { status: 'recovered', sha256: (await recoverSession(file)).sha256, durationSec };
}

/** @throws DariError `logUnreadable`; the signal's reason when it is aborted */
export async function summariseSessionFile(file: string, signal: AbortSignal): Promise<SummaryRecord> {
  const reading = await readSession(file);
  const summary = createSessionSummary(reading.header.profile, reading.header.setup);
  for await (const batch of slices(reading)) {
    signal.throwIfAborted();
    feed(batch, reading, summary);
  }
  return summary.result();
}

/** @throws DariError `logUnreadable` */
export async function replaySessionFile(file: string, rateHz: number): Promise<SessionReplay> {
  const reading = await readSession(file);
  const columns = createReplayColumns(reading.header.profile, reading.header.setup, rateHz);
  for await (const batch of slices(reading)) feed(batch, reading, columns);
  return columns.result();
}

/** @throws DariError `logUnreadable`, or `trajectoryInvalid`: what was shown is no movement that another robot or session could repeat */
export async function shownMovementOf(file: string, profileId: string, name: string): Promise<Trajectory> {
  const reading = await readSession(file);
  const { profile, setup } = reading.header;
  if (profile.id !== profileId) throw new DariError('trajectoryInvalid', `This session was recorded with the robot ${profile.id}, not with ${profileId}. Choose one of this robot.`);
  const reader = new ShownMovementReader(profile, setup, { fromSec: 0, toSec: Infinity });
  for await (const batch of slices(reading)) feed(batch, reading, reader);
  const shown = reader.result(name);
  if (!shown.ok) throw new DariError('trajectoryInvalid', `This session shows no movement to replay: ${shown.why}.`);
  return shown.trajectory;
}

interface RowReader {
  row(rows: Float64Array, start: number): void;
  event?(event: SessionEvent): void;
}

function feed(batch: SessionBatch, { layout }: SessionReading, reader: RowReader): void {
  for (let row = 0; row < batch.rowCount; row++) reader.row(batch.rows, row * layout.width);
  for (const event of batch.events) reader.event?.(event);
}

/** A batch is at most a second of the session; between two, others get their turn. */
async function* slices(reading: SessionReading): AsyncGenerator<SessionBatch> {
  for await (const batch of reading.batches()) {
    yield batch;
    await nextTurn();
  }
}

async function sha256Of(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of fs.createReadStream(file)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}
