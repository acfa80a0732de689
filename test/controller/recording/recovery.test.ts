import { copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { DariError } from '../../../protocols/errors.ts';
import { readSession } from '../../../controller/recording/read-session.ts';
import { recoverSession } from '../../../controller/recording/recovery.ts';
import { createSessionFile } from '../../../controller/recording/session-file.ts';
import { zstdReady } from '../../../controller/recording/zstd.ts';
import { firstDifference, header, layout, makeRows, readRows, speedEvent, temporaryFolder, writeRows } from './fixtures.ts';

beforeAll(() => zstdReady);

/** A short session in three chunks, and where each chunk's record ends. */
function smallSession(path: string): { rows: Float64Array; bytes: Buffer; chunkEnds: number[] } {
  const rows = makeRows(5).fill(-0);
  const spread = [0, 4_000, 1_500_000, 1_504_000, 3_000_000];
  spread.forEach((nowUs, i) => {
    rows[i * layout.width] = i;
    rows[i * layout.width + 1] = nowUs;
  });
  writeRows(path, rows, [speedEvent(3_000_001)]);
  const bytes = readFileSync(path);
  const chunkEnds: number[] = [];
  for (let at = 8; at < bytes.length - 8; ) {
    const end = at + 9 + Number(bytes.readBigUInt64LE(at + 1));
    if (bytes[at] === 6) chunkEnds.push(end);
    at = end;
  }
  return { rows, bytes, chunkEnds };
}

const startOfFirstChunk = (bytes: Buffer): number => bytes.indexOf(Buffer.from([4, 0, 0, 0, ...Buffer.from('zstd')])) - 37;

const ROWS_AFTER_CHUNK = [0, 2, 4, 5];

describe('a session file that was cut', () => {
  test('gives everything up to the last whole chunk, wherever the cut is', async () => {
    const folder = temporaryFolder();
    const { rows, bytes, chunkEnds } = smallSession(join(folder, 'whole.mcap'));
    const path = join(folder, 'cut.mcap');
    const firstChunk = startOfFirstChunk(bytes);
    // Each byte around the begin and end of a chunk; inside of one a few.
    const nearEdge = (at: number): boolean => [firstChunk, ...chunkEnds].some((edge) => Math.abs(at - edge) < 40);
    for (let cut = 0; cut < bytes.length; cut += nearEdge(cut) || nearEdge(cut + 7) ? 1 : cut > firstChunk && cut < chunkEnds[2]! + 100 ? 7 : 97) {
      writeFileSync(path, bytes.subarray(0, cut));
      const read = await readRows(path).catch((error: unknown) => {
        if (cut < firstChunk && error instanceof DariError && error.code === 'logUnreadable') return null;
        throw error;
      });
      if (read === null) continue;
      const chunks = chunkEnds.filter((end) => end <= cut).length;
      expect([cut, read.rows.length / layout.width]).toEqual([cut, ROWS_AFTER_CHUNK[chunks]]);
      expect(firstDifference(read.rows, rows.subarray(0, read.rows.length))).toBe(-1);
      expect(read.condition).toMatchObject({ corruptChunks: 0, complete: false });
    }
  });

  test('is rewritten whole and sealed by recovery, and says so', async () => {
    const folder = temporaryFolder();
    const { rows, bytes, chunkEnds } = smallSession(join(folder, 'whole.mcap'));
    const path = join(folder, 'cut.mcap');
    writeFileSync(path, bytes.subarray(0, chunkEnds[2]! - 1));
    const recovered = await recoverSession(path);
    expect(recovered).toMatchObject({ cycles: 4, corruptChunks: 0 });
    expect(recovered.lostBytes).toBeGreaterThan(0);
    const read = await readRows(path);
    expect(firstDifference(read.rows, rows.subarray(0, 4 * layout.width))).toBe(-1);
    expect(read.condition).toEqual({ lostBytes: 0, complete: true, corruptChunks: 0, recovered: true });
    expect(existsSync(`${path}.recovering`)).toBe(false);
  });

  test('recovers what a killed recorder left behind', async () => {
    const path = join(temporaryFolder(), 's.mcap');
    const writer = createSessionFile(path, { ...header, mode: 'live', startedAt: '2026-01-01T00:00:00Z' });
    const rows = makeRows(600);
    for (let start = 0; start < rows.length; start += layout.width) writer.row(rows, start);
    const recovered = await recoverSession(path);
    expect(recovered.cycles).toBe(500);
    expect(firstDifference((await readRows(path)).rows, rows.subarray(0, 500 * layout.width))).toBe(-1);
  });

  test('stays as it is when nothing can be saved', async () => {
    const path = join(temporaryFolder(), 's.mcap');
    writeFileSync(path, 'not a session');
    await expect(recoverSession(path)).rejects.toMatchObject({ code: 'logUnreadable' });
    expect(readFileSync(path, 'utf8')).toBe('not a session');
  });

  test('that does not exist is reported plainly', async () => {
    await expect(readSession(join(temporaryFolder(), 'none.mcap'))).rejects.toMatchObject({ code: 'logUnreadable', message: expect.stringContaining('no such file') as string });
  });
});

describe('a session file with damage inside', () => {
  test('loses the damaged chunk only', async () => {
    const folder = temporaryFolder();
    const path = join(folder, 's.mcap');
    const { rows, bytes, chunkEnds } = smallSession(path);
    const damaged = Buffer.from(bytes);
    damaged[chunkEnds[1]! - 50]! ^= 0xff;
    writeFileSync(path, damaged);
    const read = await readRows(path);
    expect(read.condition).toMatchObject({ corruptChunks: 1, complete: true });
    const left = Float64Array.from([...rows.subarray(0, 2 * layout.width), ...rows.subarray(4 * layout.width)]);
    expect(firstDifference(read.rows, left)).toBe(-1);
    expect(read.events).toHaveLength(1);
    expect(await recoverSession(path)).toMatchObject({ cycles: 3, corruptChunks: 1 });
  });

  test('finds the next chunk when a length lies', async () => {
    const folder = temporaryFolder();
    const path = join(folder, 's.mcap');
    const { bytes } = smallSession(path);
    const firstChunk = startOfFirstChunk(bytes);
    expect(bytes[firstChunk]).toBe(6);
    bytes[firstChunk + 8] = 0x7f;
    writeFileSync(path, bytes);
    const read = await readRows(path);
    expect(read.rows.length / layout.width).toBe(3);
    expect(read.condition.lostBytes).toBeGreaterThan(0);
  });

  test('never yields a number that was not written, whichever byte is wrong', async () => {
    const folder = temporaryFolder();
    const whole = join(folder, 'whole.mcap');
    const { rows, bytes } = smallSession(whole);
    const known = new Set<string>();
    for (let i = 0; i < 5; i++) known.add(rows.subarray(i * layout.width, (i + 1) * layout.width).join());
    const path = join(folder, 'damaged.mcap');
    copyFileSync(whole, path);
    const firstChunk = startOfFirstChunk(bytes);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: firstChunk, max: bytes.length - 1 }), fc.integer({ min: 1, max: 255 }), async (at, flip) => {
        const damaged = Buffer.from(bytes);
        damaged[at]! ^= flip;
        writeFileSync(path, damaged);
        const read = await readRows(path);
        for (let i = 0; i < read.rows.length; i += layout.width) expect(known.has(read.rows.subarray(i, i + layout.width).join())).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});
