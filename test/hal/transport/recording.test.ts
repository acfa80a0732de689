import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { ManualClock, ManualScheduler } from '../../../hal/clock.ts';
import { DriveLine } from '../../../hal/drives/drive-line.ts';
import { createLineProtocol } from '../../../hal/drives/lines.ts';
import { Link } from '../../../hal/link.ts';
import { decodeByteLog, encodeByteLogHeader, encodeByteLogRecord, byteLogKinds, byteLogRecordBytes, type ByteLog, type ByteLogHeader } from '../../../hal/transport/byte-log.ts';
import { createMemoryLink } from '../../../hal/transport/memory.ts';
import { ByteRecorder, recordRobot } from '../../../hal/transport/recording.ts';
import { ByteReplay } from '../../../hal/transport/replay.ts';
import type { ByteTransport, TransportFactory } from '../../../hal/transport/transport.ts';
import { PermittedCommand } from '../../../protocols/joints.ts';
import { emptyInputs } from '../../../protocols/session-log.ts';
import { AdapterDouble } from '../device-double.ts';
import { gaitOrthosis, PERIOD_US } from '../robot-rig.ts';
import { transportContract } from './contract.ts';

const folder = mkdtempSync(join(tmpdir(), 'dari-bytes-'));
afterAll(() => rmSync(folder, { recursive: true }));
const header: ByteLogHeader = { link: 'leg-left', protocol: 'slcan', baud: 921_600, profile: 'gait-orthosis', startedAt: '2026-01-01T00:00:00.000Z' };
const START_US = 5_000_000;
let files = 0;

async function createRecorder(slabBytes?: number) {
  const clock = new ManualClock(START_US);
  const scheduler = new ManualScheduler(clock);
  const file = join(folder, `${files++}.bytes`);
  const recorder = await ByteRecorder.open({ file, header, clock, scheduler, onTrouble: (error) => expect.fail(error.message), ...(slabBytes === undefined ? {} : { slabBytes }) });
  const read = async (): Promise<ByteLog> => {
    await recorder.close();
    return decodeByteLog(readFileSync(file), file);
  };
  return { clock, scheduler, file, recorder, read };
}

const texts = (log: ByteLog): [string, string][] => log.records.map(({ kind, payload }) => [kind, Buffer.from(payload).toString('latin1')]);

async function openHeard(transport: ByteTransport): Promise<{ bytes: string; closed: unknown[] }> {
  const heard = { bytes: '', closed: [] as unknown[] };
  await transport.open({ onOpen: () => {}, onBytes: (chunk) => (heard.bytes += Buffer.from(chunk).toString('latin1')), onClosed: (cause) => heard.closed.push(cause) });
  return heard;
}

transportContract('A recorded transport', async () => {
  const { factory, device } = createMemoryLink('test');
  const received: number[] = [];
  device.onBytes = (chunk) => received.push(...chunk);
  const { recorder } = await createRecorder();
  return { make: recorder.wrap(factory), deviceWrite: (bytes) => device.write(bytes), received: () => received, unplug: () => device.unplug(), dispose: () => void recorder.close() };
});

describe('a recording of bytes', () => {
  test('holds what crossed the port in both directions with its time, and how the port came and went', async () => {
    const { clock, recorder, read } = await createRecorder();
    const { factory, device } = createMemoryLink('/dev/ttyUSB0');
    const transport = recorder.wrap(factory)();
    await openHeard(transport);
    clock.advanceUs(1_000);
    transport.write(Buffer.from('V\r'));
    clock.advanceUs(2_000);
    device.write(Buffer.from('V1013\r'));
    device.unplug();
    transport.write(Buffer.from('late'));
    const log = await read();
    expect(log.header).toEqual(header);
    expect(log).toMatchObject({ lostBytes: 0, truncated: false });
    expect(texts(log)).toEqual([
      ['opened', '/dev/ttyUSB0'],
      ['toDevice', 'V\r'],
      ['fromDevice', 'V1013\r'],
      ['closed', expect.stringContaining('is gone')],
      ['refused', 'late'],
    ]);
    expect(log.records.map((record) => record.timeUs - START_US)).toEqual([0, 1_000, 3_000, 3_000, 3_000]);
  });

  test('is written by a task beside the loop: nothing reaches the disk during a call', async () => {
    const { clock, scheduler, file, recorder, read } = await createRecorder();
    const size = (): number => readFileSync(file).length;
    const empty = size();
    recorder.record('toDevice', Buffer.from('abc'));
    expect(size()).toBe(empty);
    clock.advanceUs(200_000);
    scheduler.runDue();
    await expect.poll(size).toBe(empty + byteLogRecordBytes(3));
    await read();
  });

  test('counts what comes faster than the disk takes it, and says where it is missing', async () => {
    const { clock, scheduler, recorder, read } = await createRecorder(200);
    const chunk = Buffer.alloc(50, 'x');
    for (let i = 0; i < 10; i++) recorder.record('fromDevice', chunk);
    expect(recorder.lostBytes).toBe(400);
    clock.advanceUs(200_000);
    scheduler.runDue();
    recorder.record('fromDevice', Buffer.from('after'));
    const log = await read();
    expect(log.lostBytes).toBe(400);
    expect(log.records.map((record) => record.kind)).toEqual(['fromDevice', 'fromDevice', 'lost', 'fromDevice']);
  });

  test('does not overwrite a file', async () => {
    const { file, clock, scheduler, recorder } = await createRecorder();
    await expect(ByteRecorder.open({ file, header, clock, scheduler, onTrouble: () => {} })).rejects.toMatchObject({ code: 'dataFolder' });
    await recorder.close();
  });

  test('that ends anywhere is read up to its last whole record', () => {
    const whole = Buffer.alloc(1_000);
    const start = encodeByteLogHeader(header).copy(whole);
    const ends: number[] = [];
    let end = start;
    for (const [i, kind] of byteLogKinds.entries()) ends.push((end = encodeByteLogRecord(kind, i, new Uint8Array(8), whole, end)));
    fc.assert(
      fc.property(fc.integer({ min: start, max: end }), (cut) => {
        const log = decodeByteLog(whole.subarray(0, cut), 'file');
        expect(log.records).toHaveLength(ends.filter((at) => at <= cut).length);
        expect(log.truncated).toBe(![start, ...ends].includes(cut));
      }),
    );
  });

  test('any other file is refused', () => {
    expect(() => decodeByteLog(Buffer.from('hello, this is text'), 'notes.txt')).toThrow(/notes\.txt does not begin.*--record-bytes/);
    expect(() => decodeByteLog(encodeByteLogHeader(header).subarray(0, 20), 'x')).toThrow(expect.objectContaining({ code: 'logUnreadable' }));
  });

  test('with any bytes after its header never makes the reader fail', () => {
    const head = encodeByteLogHeader(header);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(decodeByteLog(Buffer.concat([head, bytes]), 'x').header).toEqual(header);
      }),
    );
  });
});

/** An SLCAN leg of the shipped robot, as the loop runs it. */
function createLeg(factory: TransportFactory, clock: ManualClock, scheduler: ManualScheduler) {
  const profile = gaitOrthosis();
  const joints = profile.joints.filter((joint) => joint.drive.link === 'leg-left');
  const link = new Link({ id: 'leg-left', factory, scheduler, onNotice: () => {} });
  const line = new DriveLine(createLineProtocol(profile.links[0]!, joints, link.stats), joints.map((_, i) => i), link, clock);
  const command = PermittedCommand.mint(joints.length);
  const inputs = emptyInputs(joints.length, 1);
  const run = async (cycles: number, each: (cycle: number) => void = () => {}): Promise<string[]> => {
    const seen: string[] = [];
    for (let cycle = 0; cycle < cycles; cycle++) {
      command.enable = cycle >= 10;
      clock.advanceUs(PERIOD_US / 2);
      scheduler.runDue();
      each(cycle);
      clock.advanceUs(PERIOD_US / 2);
      scheduler.runDue();
      await Promise.resolve();
      await Promise.resolve();
      line.read(inputs, clock.nowUs());
      line.send(command, clock.nowUs(), true);
      seen.push(JSON.stringify(inputs.joints));
    }
    return seen;
  };
  link.start(line);
  return { run, joints, link };
}

describe('a replay', () => {
  test('of a recorded line gives the loop the same inputs cycle by cycle, through a lost and returned port, and the host writes the same bytes', async () => {
    const { clock, scheduler, recorder, read } = await createRecorder();
    const memory = createMemoryLink('leg');
    const far = memory.device;
    /** Answers take a millisecond, as on a wire; in memory they would come during the call that asks. */
    const device = {
      write: (bytes: Uint8Array) => void scheduler.after(1, () => far.write(bytes)),
      get onBytes() {
        return far.onBytes;
      },
      set onBytes(handler) {
        far.onBytes = handler;
      },
      unplug: () => far.unplug(),
      plug: () => far.plug(),
    };
    const adapter = new AdapterDouble(device, gaitOrthosis().joints.filter((joint) => joint.drive.link === 'leg-left'));
    const live = createLeg(recorder.wrap(memory.factory), clock, scheduler);
    const lived = await live.run(300, (cycle) => {
      for (const drive of adapter.drives) drive.reply.positionRad = cycle / 1_000;
      if (cycle === 100) memory.device.unplug();
      if (cycle === 150) memory.device.plug();
    });
    expect(lived.at(-1)).toContain('disabled');
    const log = await read();
    const again = new ManualClock(77);
    const tasks = new ManualScheduler(again);
    const replay = new ByteReplay(log, again, tasks);
    const replayed = await createLeg(replay.factory, again, tasks).run(300);
    expect(replay.difference).toBeNull();
    expect(replay.matchedBytes).toBe(log.records.reduce((sum, { kind, payload }) => sum + (kind === 'toDevice' ? payload.length : 0), 0));
    expect(replay.finished).toBe(true);
    expect(replayed).toEqual(lived);
  });

  const record = (kind: (typeof byteLogKinds)[number], timeUs: number, text: string) => ({ kind, timeUs, payload: Buffer.from(text) });
  const logOf = (...records: ReturnType<typeof record>[]): ByteLog => ({ header, records, lostBytes: 0, truncated: false });
  const createReplay = (log: ByteLog) => {
    const clock = new ManualClock(42);
    const scheduler = new ManualScheduler(clock);
    const advance = (us: number): void => {
      clock.advanceUs(us);
      scheduler.runDue();
    };
    return { replay: new ByteReplay(log, clock, scheduler), advance };
  };

  test('shows where the host first writes something else', async () => {
    const { replay } = createReplay(logOf(record('opened', 100, 'port'), record('toDevice', 200, 'abc'), record('toDevice', 300, 'def')));
    const transport = replay.factory();
    await openHeard(transport);
    transport.write(Buffer.from('ab'));
    transport.write(Buffer.from('cdXf'));
    transport.write(Buffer.from('whatever'));
    expect(replay.matchedBytes).toBe(4);
    expect(replay.difference).toEqual({ timeUs: 300, recorded: Buffer.from('ef'), written: Buffer.from('Xf') });
  });

  test('gives the bytes at their times, refuses what was refused, and takes the port away when it went', async () => {
    const { replay, advance } = createReplay(
      logOf(record('opened', 1_000, 'port'), record('fromDevice', 3_000, 'one'), record('refused', 3_500, 'no'), record('toDevice', 3_600, 'yes'), record('fromDevice', 4_000, 'two'), record('closed', 5_000, 'The cable is out.')),
    );
    const transport = replay.factory();
    const heard = await openHeard(transport);
    advance(1_999);
    expect(heard.bytes).toBe('');
    advance(1);
    expect(heard.bytes).toBe('one');
    expect(transport.write(Buffer.from('no'))).toBe(false);
    expect(transport.write(Buffer.from('yes'))).toBe(true);
    expect(replay.finished).toBe(false);
    advance(2_000);
    expect(heard).toEqual({ bytes: 'onetwo', closed: [expect.objectContaining({ code: 'portLost', message: 'The cable is out.' })] });
    expect(transport.write(Buffer.from('yes'))).toBe(false);
    expect(replay).toMatchObject({ difference: null, finished: true });
    await expect(openHeard(replay.factory())).rejects.toMatchObject({ code: 'portNotFound', message: expect.stringContaining('over') });
  });

  test('lets a port come back no earlier than it did, and closes when the host does', async () => {
    const { replay, advance } = createReplay(logOf(record('opened', 0, 'port'), record('closed', 10, 'closedByUs'), record('opened', 500, 'port'), record('fromDevice', 600, 'x')));
    const first = await openHeard(replay.factory());
    advance(10);
    expect(first.closed).toEqual(['closedByUs']);
    await expect(openHeard(replay.factory())).rejects.toMatchObject({ code: 'portNotFound' });
    advance(490);
    const transport = replay.factory();
    const second = await openHeard(transport);
    await transport.close();
    advance(1_000);
    expect(second).toEqual({ bytes: '', closed: ['closedByUs'] });
    await expect(openHeard(transport)).rejects.toMatchObject({ code: 'portFailed' });
  });
});

test('a whole robot is recorded in one file per link', async () => {
  const scheduler = new ManualScheduler(new ManualClock());
  const links = new Map(gaitOrthosis().links.map(({ id }) => [id, createMemoryLink(id)]));
  const recording = await recordRobot({
    profile: gaitOrthosis(),
    factories: new Map([...links].map(([id, link]) => [id, link.factory])),
    folder,
    startedAt: '2026-02-03T04:05:06.789Z',
    clock: new ManualClock(),
    scheduler,
    onTrouble: (error) => expect.fail(error.message),
  });
  for (const factory of recording.factories.values()) await openHeard(factory());
  links.get('hub')!.device.write(Buffer.from('hello'));
  await recording.close();
  const logs = ['leg-left', 'leg-right', 'hub'].map((id) => decodeByteLog(readFileSync(join(folder, `2026-02-03T04-05-06.789Z-${id}.bytes`)), id));
  expect(logs.map((log) => [log.header.link, log.header.protocol, log.records.length])).toEqual([
    ['leg-left', 'slcan', 1],
    ['leg-right', 'slcan', 1],
    ['hub', 'sensor-hub', 2],
  ]);
});
