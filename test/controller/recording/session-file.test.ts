import { readFileSync, statSync, writeSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { McapIndexedReader, type Channel } from '@mcap/core';
import { loadDecompressHandlers, protobufFromBinaryDescriptor } from '@mcap/support';
import { beforeAll, describe, expect, test } from 'vitest';
import type { FileCalls } from '../../../controller/recording/append-file.ts';
import { createSessionFile } from '../../../controller/recording/session-file.ts';
import { zstdReady } from '../../../controller/recording/zstd.ts';
import { cycleFields, fieldOffset, type SessionEvent } from '../../../protocols/session-log.ts';
import { DariError } from '../../../protocols/errors.ts';
import { firstDifference, header, layout, makeRows, PERIOD_US, profile, readRows, speedEvent, temporaryFolder, writeRows } from './fixtures.ts';

beforeAll(() => zstdReady);

describe('a session file', () => {
  test('gives every cycle and event back bit for bit', async () => {
    const path = join(temporaryFolder(), 's.mcap');
    const rows = makeRows(700);
    const events = [speedEvent(1_000_000), speedEvent(2_500_000)];
    const sealed = writeRows(path, rows, events);
    const read = await readRows(path);
    expect(firstDifference(read.rows, rows)).toBe(-1);
    expect(read.events).toEqual(events);
    expect(read.condition).toEqual({ lostBytes: 0, complete: true, corruptChunks: 0, recovered: false });
    expect(sealed.cycles).toBe(700);
  });

  test('keeps any double, the odd ones included', async () => {
    const path = temporaryFolder();
    let run = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(fc.double(), { minLength: layout.width, maxLength: layout.width }), async (values) => {
        const file = join(path, `${run++}.mcap`);
        const row = Float64Array.from(values);
        row[fieldOffset(layout, 'nowUs')] = 0;
        writeRows(file, row);
        expect(firstDifference((await readRows(file)).rows, row)).toBe(-1);
      }),
      { numRuns: 30 },
    );
  });

  test('has the same bytes for the same content, and its SHA-256 is that of the file', () => {
    const folder = temporaryFolder();
    const [a, b] = [join(folder, 'a.mcap'), join(folder, 'b.mcap')];
    const sealed = writeRows(a, makeRows(600), [speedEvent(5)]);
    writeRows(b, makeRows(600), [speedEvent(5)]);
    expect(readFileSync(a).equals(readFileSync(b))).toBe(true);
    expect(createHash('sha256').update(readFileSync(a)).digest('hex')).toBe(sealed.sha256);
    expect(statSync(a).size).toBe(sealed.bytes);
  });

  test('writes every NaN with the same bits', () => {
    const folder = temporaryFolder();
    const row = makeRows(1);
    const bits = new BigUint64Array(row.buffer);
    const at = fieldOffset(layout, 'hubAgeUs');
    bits[at] = 0x7ff8000000000000n;
    writeRows(join(folder, 'a.mcap'), row);
    bits[at] = 0xfff8000000000123n;
    writeRows(join(folder, 'b.mcap'), row);
    expect(readFileSync(join(folder, 'a.mcap')).equals(readFileSync(join(folder, 'b.mcap')))).toBe(true);
  });

  test('is readable by its owner only and never overwritten', () => {
    const path = join(temporaryFolder(), 's.mcap');
    writeRows(path, makeRows(3));
    const before = readFileSync(path);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(() => createSessionFile(path, header)).toThrow(expect.objectContaining({ code: 'sessionFileExists' }));
    expect(readFileSync(path).equals(before)).toBe(true);
  });

  test('keeps no chunk longer than a second of log time', async () => {
    const path = join(temporaryFolder(), 's.mcap');
    writeRows(path, makeRows(1_130));
    const reader = await indexedReader(path);
    expect(reader.chunkIndexes).toHaveLength(5);
    for (const chunk of reader.chunkIndexes) expect(chunk.messageEndTime - chunk.messageStartTime).toBeLessThan(1_000_000_000n);
  });

  test('writes out what it holds when the next row does not come', async () => {
    const path = join(temporaryFolder(), 's.mcap');
    const writer = createSessionFile(path, header);
    writer.row(makeRows(1), 0);
    writer.flushDue(999_999);
    expect((await readRows(path)).rows).toHaveLength(0);
    writer.flushDue(1_000_000);
    expect((await readRows(path)).rows).toHaveLength(layout.width);
    writer.seal();
  });

  test('counts lock-step time from a fixed epoch and live time from the wall clock at the start', async () => {
    const folder = temporaryFolder();
    const rows = makeRows(2);
    writeRows(join(folder, 'lockstep.mcap'), rows);
    writeRows(join(folder, 'live.mcap'), rows, [], { ...header, mode: 'live', startedAt: '2026-03-04T05:06:07.000Z' });
    const [lockstep, live] = [await indexedReader(join(folder, 'lockstep.mcap')), await indexedReader(join(folder, 'live.mcap'))];
    expect(lockstep.statistics?.messageStartTime).toBe(BigInt(Date.UTC(2000, 0, 1)) * 1_000_000n);
    expect(live.statistics?.messageStartTime).toBe(BigInt(Date.UTC(2026, 2, 4, 5, 6, 7)) * 1_000_000n);
    expect(live.statistics?.messageEndTime).toBe(BigInt(Date.UTC(2026, 2, 4, 5, 6, 7)) * 1_000_000n + BigInt(PERIOD_US * 1_000));
  });

  test('opens in a plain MCAP reader that knows only what the file says of itself', async () => {
    const path = join(temporaryFolder(), 's.mcap');
    const rows = makeRows(300);
    const target: SessionEvent = { atUs: 2_000, kind: 'game', subject: 'target', game: { what: 'target', number: 0, atM: [0.3, 0, -0.2], radiusM: 0.08, withinSec: 6, difficulty: 0.3 } };
    writeRows(path, rows, [speedEvent(1_000), target]);
    expect((await readRows(path)).events).toEqual([speedEvent(1_000), target]);
    const reader = await indexedReader(path);
    const [cycles, events] = [await collect(reader, '/cycle'), await collect(reader, '/event')];
    expect(events.map((event) => JSON.parse(new TextDecoder().decode(event.data)))).toEqual([speedEvent(1_000)]);
    expect((await collect(reader, '/game')).map((event) => JSON.parse(new TextDecoder().decode(event.data)))).toEqual([target]);
    const schema = reader.schemasById.get(cycles[0]!.channel.schemaId)!;
    const type = protobufFromBinaryDescriptor(schema.data).lookupType(schema.name);
    cycles.forEach((cycle, i) => {
      const message = type.toObject(type.decode(cycle.data)) as Record<string, number | number[]>;
      for (const field of cycleFields) {
        const count = { cycle: 1, joint: profile.joints.length, link: profile.links.length, sensed: 0 }[field.group];
        const want = Array.from({ length: count }, (_, k) => rows[i * layout.width + fieldOffset(layout, field.key, k)]);
        expect(message[field.key] ?? []).toEqual(field.group === 'cycle' ? want[0] : want);
      }
    });
    expect(cycles).toHaveLength(300);
    expect(cycles[0]!.channel.metadata.get('unit.nowUs')).toBe('us');
    expect(JSON.parse(new TextDecoder().decode([...reader.schemasById.values()].find((s) => s.encoding === 'jsonschema')!.data))).toMatchObject({ type: 'object' });
  });

  test('holds no path, host or process id in lock-step', () => {
    const folder = temporaryFolder();
    const path = join(folder, 's.mcap');
    writeRows(path, makeRows(10));
    const text = readFileSync(path).toString('latin1');
    for (const secret of [folder, process.cwd(), String(process.pid)]) expect(text).not.toContain(secret);
  });
});

describe('a full disk', () => {
  /** Takes so many bytes and then no more, until someone makes room. */
  const smallDisk = (capacity: number): FileCalls & { makeRoom(): void } => {
    let left = capacity;
    return {
      write: (fd, bytes, offset, position) => {
        const room = Math.min(bytes.length - offset, left, 1_000);
        if (room <= 0) throw Object.assign(new Error('no space'), { code: 'ENOSPC' });
        left -= room;
        return writeSync(fd, bytes, offset, room, position);
      },
      sync: () => undefined,
      makeRoom: () => void (left = Infinity),
    };
  };

  test('is reported with what to do, and the file keeps its whole chunks', async () => {
    const path = join(temporaryFolder(), 's.mcap');
    const writer = createSessionFile(path, header, smallDisk(500_000));
    const rows = makeRows(1_000);
    const write = (): void => {
      for (let start = 0; start < rows.length; start += layout.width) writer.row(rows, start);
    };
    expect(write).toThrow(expect.objectContaining({ code: 'diskFull', message: expect.stringContaining('Free some space') as string }));
    expect(() => writer.seal()).toThrow(DariError);
    const read = await readRows(path);
    expect(read.rows.length).toBeGreaterThan(0);
    expect(firstDifference(read.rows, rows.subarray(0, read.rows.length))).toBe(-1);
    expect(read.condition).toMatchObject({ lostBytes: 0, corruptChunks: 0 });
  });

  test('with room again lets the file be sealed whole, without the chunk that was lost', async () => {
    const path = join(temporaryFolder(), 's.mcap');
    const disk = smallDisk(500_000);
    const writer = createSessionFile(path, header, disk);
    const rows = makeRows(1_000);
    expect(() => {
      for (let start = 0; start < rows.length; start += layout.width) writer.row(rows, start);
    }).toThrow(DariError);
    disk.makeRoom();
    const sealed = writer.seal();
    expect(createHash('sha256').update(readFileSync(path)).digest('hex')).toBe(sealed.sha256);
    const read = await readRows(path);
    expect(read.condition).toEqual({ lostBytes: 0, complete: true, corruptChunks: 0, recovered: false });
    expect(firstDifference(read.rows, rows.subarray(0, read.rows.length))).toBe(-1);
  });
});

async function indexedReader(path: string): Promise<McapIndexedReader> {
  const bytes = readFileSync(path);
  return McapIndexedReader.Initialize({
    readable: { size: async () => BigInt(bytes.length), read: async (offset, size) => bytes.subarray(Number(offset), Number(offset + size)) },
    decompressHandlers: await loadDecompressHandlers(),
  });
}

async function collect(reader: McapIndexedReader, topic: string): Promise<{ channel: Channel; data: Uint8Array }[]> {
  const found: { channel: Channel; data: Uint8Array }[] = [];
  for await (const message of reader.readMessages({ topics: [topic], validateCrcs: true })) found.push({ channel: reader.channelsById.get(message.channelId)!, data: message.data.slice() });
  return found;
}
