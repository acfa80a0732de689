import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { FileCalls } from '../../../controller/recording/append-file.ts';
import { readSession } from '../../../controller/recording/read-session.ts';
import { zstdReady } from '../../../controller/recording/zstd.ts';
import { allocateCycleRing, CycleRingReader, CycleRingWriter } from '../../../controller/robot/cycle-ring.ts';
import type { FromRecorder } from '../../../controller/robot/recorder-messages.ts';
import { Recorder } from '../../../controller/robot/recorder.ts';
import { cycleLayout, fieldOffset } from '../../../protocols/session-log.ts';
import { PERIOD_US, profile } from './support/fake-robot.ts';
import { header } from './support/sessions.ts';

const layout = cycleLayout(profile.joints.length, profile.links.length);
const CAPACITY = 64;

let folder: string;
let file: string;
let ring: CycleRingWriter;
let recorder: Recorder;
let sent: FromRecorder[];
let cycle: number;
let diskFull: boolean;

beforeAll(() => zstdReady);
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'dari-recorder-'));
  file = path.join(folder, 's1.mcap');
  const memory = allocateCycleRing(layout.width, CAPACITY);
  ring = new CycleRingWriter(memory);
  sent = [];
  cycle = 0;
  diskFull = false;
  const writeBytes: FileCalls['write'] = (fd, bytes, offset, position) => {
    if (diskFull) throw Object.assign(new Error('no space left'), { code: 'ENOSPC' });
    return fs.writeSync(fd, bytes, offset, bytes.length - offset, position);
  };
  recorder = new Recorder(new CycleRingReader(memory), (message) => sent.push(message), { write: writeBytes, sync: (fd) => fs.fdatasyncSync(fd) });
});
afterEach(() => fs.rmSync(folder, { recursive: true }));

function write(count: number, sessionOpen = true): void {
  for (let n = 0; n < count; n++) {
    const row = new Float64Array(layout.width);
    row[fieldOffset(layout, 'cycle')] = cycle;
    row[fieldOffset(layout, 'nowUs')] = cycle++ * PERIOD_US;
    row[fieldOffset(layout, 'sessionOpen')] = Number(sessionOpen);
    ring.row(row, 0);
  }
}

async function recordedCycles(): Promise<number[]> {
  const cycles: number[] = [];
  const session = await readSession(file);
  for await (const { rows, rowCount } of session.batches()) for (let n = 0; n < rowCount; n++) cycles.push(rows[n * layout.width + fieldOffset(layout, 'cycle')]!);
  return cycles;
}

describe('the recorder', () => {
  it('records from the row that begins the session to the one before it was closed', async () => {
    write(3, false);
    recorder.handle({ type: 'open', path: file, header });
    write(2, false);
    const fromIndex = ring.written;
    write(4);
    recorder.drain();
    recorder.handle({ type: 'begin', fromIndex });
    write(6);
    recorder.drain();
    const toIndex = ring.written;
    write(2, false);
    recorder.drain();
    recorder.handle({ type: 'close', toIndex });
    expect(sent).toEqual([{ type: 'opened' }, { type: 'sealed', sealed: expect.objectContaining({ cycles: 10 }) }]);
    expect(await recordedCycles()).toEqual([5, 6, 7, 8, 9, 10, 11, 12, 13, 14]);
  });

  it('refuses to write over a recording', () => {
    fs.writeFileSync(file, 'precious');
    recorder.handle({ type: 'open', path: file, header });
    expect(sent).toMatchObject([{ type: 'refused', code: 'sessionFileExists' }]);
    expect(fs.readFileSync(file, 'utf8')).toBe('precious');
  });

  it('takes away the file of a session that never began', () => {
    recorder.handle({ type: 'open', path: file, header });
    recorder.handle({ type: 'discard' });
    expect(fs.existsSync(file)).toBe(false);
    recorder.handle({ type: 'open', path: file, header });
    expect(sent.map((message) => message.type)).toEqual(['opened', 'opened']);
  });

  it('says how many cycles were lost when the disk was too slow', () => {
    recorder.handle({ type: 'open', path: file, header });
    recorder.handle({ type: 'begin', fromIndex: ring.written });
    write(CAPACITY + 10);
    recorder.drain();
    recorder.drain();
    expect(sent.filter((message) => message.type === 'rowsLost')).toEqual([{ type: 'rowsLost', total: 11 }]);
  });

  it('gives up a recording when the disk is full, keeps what is whole of it, and records again when there is space', async () => {
    recorder.handle({ type: 'open', path: file, header });
    recorder.handle({ type: 'begin', fromIndex: ring.written });
    const record = (count: number): void => {
      for (let n = 0; n < count; n++) {
        write(1);
        recorder.drain();
      }
    };
    record(2 * profile.controlRateHz + 1);
    diskFull = true;
    record(3 * profile.controlRateHz);
    recorder.handle({ type: 'close', toIndex: ring.written });
    expect(sent.map((message) => [message.type, 'code' in message ? message.code : ''])).toEqual([['opened', ''], ['failed', 'diskFull'], ['refused', 'diskFull']]);
    expect(await recordedCycles()).toHaveLength(2 * profile.controlRateHz);
    diskFull = false;
    sent.length = 0;
    recorder.handle({ type: 'open', path: `${file}.2`, header });
    expect(sent).toEqual([{ type: 'opened' }]);
  });

  it('refuses to begin on a full disk, and leaves nothing behind', () => {
    diskFull = true;
    recorder.handle({ type: 'open', path: file, header });
    expect(sent).toMatchObject([{ type: 'refused', code: 'diskFull' }]);
    expect(fs.readdirSync(folder)).toEqual([]);
    diskFull = false;
    recorder.handle({ type: 'open', path: `${file}.2`, header });
    expect(sent.at(-1)).toEqual({ type: 'opened' });
  });

  it('says so when there is nothing to close', () => {
    recorder.handle({ type: 'close', toIndex: 0 });
    expect(sent).toMatchObject([{ type: 'refused', code: 'sessionUnknown' }]);
  });
});
