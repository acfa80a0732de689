import fs from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createHash } from 'node:crypto';
import { openSqliteStore } from '../../../controller/station/records/sqlite-store.ts';
import type { RecordStore } from '../../../controller/station/records/store.ts';
import { replaySessionFile, settleSessionFile, summariseSessionFile } from '../../../controller/station/session-files.ts';
import { SessionFinisher, type FinisherContext } from '../../../controller/station/session-finisher.ts';
import { header, layout, PERIOD_US, readRows, speedEvent, temporaryFolder, writeRows } from '../recording/fixtures.ts';
import { aSession } from './records/store-contract.ts';
import { silent } from './support/stand-in-station.ts';
import { fieldOffset } from '../../../protocols/session-log.ts';

const SECONDS = 5;
const ROWS = (SECONDS * 1_000_000) / PERIOD_US;
const stores: RecordStore[] = [];

afterEach(async () => {
  for (const store of stores.splice(0)) await store.close();
});

/** A robot at rest. */
function calmRows(): Float64Array {
  const rows = new Float64Array(ROWS * layout.width);
  for (let i = 0; i < ROWS; i++) {
    rows[i * layout.width + fieldOffset(layout, 'cycle')] = i;
    rows[i * layout.width + fieldOffset(layout, 'nowUs')] = i * PERIOD_US;
  }
  return rows;
}

function bench(changes: Partial<FinisherContext> = {}) {
  const dataFolder = temporaryFolder();
  fs.mkdirSync(path.join(dataFolder, 'sessions'));
  const store = openSqliteStore(path.join(dataFolder, 'dari.db'));
  stores.push(store);
  const finished: string[] = [];
  const finisher = new SessionFinisher({
    store,
    dataFolder,
    log: silent,
    files: { settle: settleSessionFile, summarise: summariseSessionFile },
    activeSessionId: () => null,
    finished: (id) => finished.push(id),
    ...changes,
  });
  const fileOf = (id: string): string => path.join(dataFolder, 'sessions', `${id}.mcap`);
  return { store, finisher, finished, fileOf };
}

const sha256Of = (file: string): string => createHash('sha256').update(fs.readFileSync(file)).digest('hex');

describe('sessions that nobody ended', () => {
  it('are sealed when their file is whole, with its checksum and its numbers', async () => {
    const { store, finisher, finished, fileOf } = bench();
    await store.openSession(aSession('whole'));
    const { sha256 } = writeRows(fileOf('whole'), calmRows(), [speedEvent(1_000_000)]);
    await finisher.run();
    const detail = await store.sessionDetail('whole');
    expect(detail).toMatchObject({ sha256, session: { status: 'sealed', startedAt: '2026-03-02T09:00:00.000Z', endedAt: '2026-03-02T09:00:04.996Z' } });
    expect(detail?.metrics?.durationSec).toBeCloseTo(SECONDS, 1);
    expect(detail?.events.map((event) => event.subject)).toContain('speedMps');
    expect(finished).toContain('whole');
  });

  it('are recovered up to their last whole second when their file was cut', async () => {
    const { store, finisher, fileOf } = bench();
    await store.openSession(aSession('cut'));
    writeRows(fileOf('cut'), calmRows());
    fs.truncateSync(fileOf('cut'), Math.floor(fs.statSync(fileOf('cut')).size * 0.6));
    await finisher.run();
    const detail = await store.sessionDetail('cut');
    expect(detail?.session.status).toBe('recovered');
    expect(detail?.sha256).toBe(sha256Of(fileOf('cut')));
    const { rows, condition } = await readRows(fileOf('cut'));
    expect(rows.length).toBeGreaterThan(0);
    expect(condition.complete).toBe(true);
    expect(detail?.metrics?.durationSec).toBeLessThan(SECONDS);
  });

  it('are noted as lost when there is no file or nothing in it', async () => {
    const { store, finisher, fileOf } = bench();
    await store.openSession(aSession('missing'));
    await store.openSession(aSession('empty'));
    fs.writeFileSync(fileOf('empty'), '');
    await finisher.run();
    expect((await store.sessions()).map((session) => session.status)).toEqual(['lost', 'lost']);
    expect((await store.sessionDetail('missing'))?.metrics).toBeNull();
  });

  it('are left alone while their file is being written', async () => {
    const { store, finisher, fileOf } = bench({ activeSessionId: () => 'active' });
    await store.openSession(aSession('active'));
    fs.writeFileSync(fileOf('active'), 'in work');
    await finisher.run();
    expect((await store.session('active'))?.status).toBe('recording');
    expect(fs.readFileSync(fileOf('active'), 'utf8')).toBe('in work');
  });
});

describe('summing up', () => {
  it('of one session that fails does not keep the others from theirs, and is not tried for ever', async () => {
    const attempts: string[] = [];
    const { store, finisher } = bench({
      files: {
        settle: settleSessionFile,
        summarise: (file) => {
          attempts.push(path.basename(file, '.mcap'));
          return file.includes('bad') ? Promise.reject(new TypeError('a bug')) : Promise.resolve({ metrics: { ...emptyMetrics }, curves: [], events: [] });
        },
      },
    });
    for (const id of ['bad', 'good']) {
      await store.openSession(aSession(id));
      await store.closeSession(id, { status: 'sealed', endedAt: '2026-03-02T09:01:00.000Z', sha256: 'ab'.repeat(32) });
    }
    await finisher.run();
    await finisher.run();
    expect(attempts.toSorted()).toEqual(['bad', 'good']);
    expect((await store.sessionDetail('good'))?.metrics?.steps).toBe(0);
    expect((await store.sessionDetail('bad'))?.metrics).toBeNull();
  });

  it('is broken off when the station ends, and done at the next start', async () => {
    const { store, finisher, fileOf } = bench();
    await store.openSession(aSession('s1'));
    const { sha256 } = writeRows(fileOf('s1'), calmRows());
    await store.closeSession('s1', { status: 'sealed', endedAt: '2026-03-02T09:01:00.000Z', sha256 });
    const running = finisher.run();
    await finisher.stop();
    await running;
    expect((await store.sessionDetail('s1'))?.metrics).toBeNull();
    const dataFolder = path.dirname(path.dirname(fileOf('s1')));
    await new SessionFinisher({ store, dataFolder, log: silent, files: { settle: settleSessionFile, summarise: summariseSessionFile }, activeSessionId: () => null, finished: () => {} }).run();
    expect((await store.sessionDetail('s1'))?.metrics).not.toBeNull();
  });
});

describe('the replay of a session', () => {
  it('has columns of equal length at the rate asked for', async () => {
    const file = path.join(temporaryFolder(), 's.mcap');
    writeRows(file, calmRows(), [], header);
    const replay = await replaySessionFile(file, 10);
    expect(replay.timeSec).toHaveLength(SECONDS * 10);
    expect(new Set([...replay.positionRad, ...replay.referenceRad, ...replay.torqueNm, replay.state].map((column) => column.length))).toEqual(new Set([SECONDS * 10]));
    expect(replay.bodyHeightM).toBe(1.8);
  });
});

const emptyMetrics = { steps: 0, distanceM: 0, durationSec: 0, upTimeSec: 0, walkTimeSec: 0, cadenceStepsPerMin: null, strideTimeSec: null, meanSpeedMps: null, meanGuidance: null, stops: 0, joints: [] };
