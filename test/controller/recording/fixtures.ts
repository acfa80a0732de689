/** A small session to write, cut and read. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { parseProfile } from '../../../protocols/profile-text.ts';
import { toRangeRad } from '../../../protocols/profile.ts';
import { createRandom } from '../../../protocols/random.ts';
import { cycleLayout, fieldOffset, SESSION_LOG_VERSION, type SessionEvent } from '../../../protocols/session-log.ts';
import { createSessionFile, type SealedSession } from '../../../controller/recording/session-file.ts';
import { readSession, type SessionCondition } from '../../../controller/recording/read-session.ts';
import type { SessionHeader } from '../../../controller/recording/session-header.ts';

const PROFILE_FILE = 'hal/profiles/gait-orthosis.json';
export const profile = parseProfile(readFileSync(PROFILE_FILE, 'utf8'), PROFILE_FILE);
export const layout = cycleLayout(profile.joints.length, profile.links.length);

export const header: SessionHeader = {
  version: SESSION_LOG_VERSION,
  sessionId: 'test-1',
  profile,
  setup: {
    patientRef: 'p-1',
    bodyMassKg: 75,
    heightM: 1.8,
    permittedRangeRad: profile.joints.map((joint) => toRangeRad(joint.softRangeDeg)),
    parameters: { speedMps: 0.4, guidance: { left: 1, right: 1 }, romScale: profile.joints.map(() => 1), offsetRad: profile.joints.map(() => 0) },
  },
  latched: 'none',
  mode: 'lockstep',
  seed: 1,
  startedAt: null,
  simulated: true,
};

export const PERIOD_US = 4_000;

/** Rows with every kind of double in them. */
export function makeRows(count: number, seed = 1): Float64Array {
  const random = createRandom(seed);
  const odd = [0, -0, Number.NaN, Infinity, -Infinity, Number.MIN_VALUE, Number.MAX_VALUE, 1 / 3];
  const rows = Float64Array.from({ length: count * layout.width }, () => (random.int(4) === 0 ? (odd[random.int(odd.length)] ?? 0) : random.next() * 2 - 1));
  for (let i = 0; i < count; i++) {
    rows[i * layout.width + fieldOffset(layout, 'cycle')] = i;
    rows[i * layout.width + fieldOffset(layout, 'nowUs')] = i * PERIOD_US;
  }
  return rows;
}

export const speedEvent = (atUs: number): SessionEvent => ({ atUs, kind: 'parameter', subject: 'speedMps', oldValue: '0.4', newValue: '0.5', actor: 'test', reason: 'warm' });

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'dari-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export function writeRows(path: string, rows: Float64Array, events: readonly SessionEvent[] = [], sessionHeader = header): SealedSession {
  const writer = createSessionFile(path, sessionHeader);
  for (let start = 0; start < rows.length; start += layout.width) writer.row(rows, start);
  for (const event of events) writer.event(event);
  return writer.seal();
}

export async function readRows(path: string): Promise<{ rows: Float64Array; events: SessionEvent[]; condition: SessionCondition }> {
  const reading = await readSession(path);
  const parts: Float64Array[] = [];
  const events: SessionEvent[] = [];
  for await (const batch of reading.batches()) {
    parts.push(batch.rows.slice());
    events.push(...batch.events);
  }
  const rows = new Float64Array(parts.reduce((total, part) => total + part.length, 0));
  let at = 0;
  for (const part of parts) {
    rows.set(part, at);
    at += part.length;
  }
  return { rows, events, condition: reading.condition };
}

/** Bit for bit, but for the many kinds of NaN. */
export const firstDifference = (a: Float64Array, b: Float64Array): number => {
  for (let i = 0; i < Math.max(a.length, b.length); i++) if (!Object.is(a[i], b[i])) return i;
  return -1;
};
