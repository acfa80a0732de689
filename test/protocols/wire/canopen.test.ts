import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  canDataFrame,
  COB,
  decodeEmcy,
  decodeHeartbeat,
  decodeSdo,
  emptySdoMessage,
  encodeEmcy,
  encodeHeartbeat,
  encodeNmt,
  encodeSdoAbort,
  encodeSdoDownload,
  encodeSdoDownloaded,
  encodeSdoDownloadedSegment,
  encodeSdoDownloadSegment,
  encodeSdoDownloadStart,
  encodeSdoUpload,
  encodeSdoUploaded,
  encodeSdoUploadedSegment,
  encodeSdoUploadSegment,
  encodeSync,
  getLe,
  NMT,
  NMT_STATE,
  pdoEntry,
  pdoEntryBits,
  pdoEntryIndex,
  pdoEntrySub,
  putLe,
  SDO_ABORT,
  sdoAbortText,
} from '../../../protocols/wire/canopen.ts';
import { emptyCanFrame, encodeSlcanFrame, SLCAN_FRAME_MAX_BYTES, type CanFrame } from '../../../protocols/wire/slcan.ts';

/** The frame as its SLCAN line. */
function line(fill: (frame: CanFrame) => void): string {
  const frame = emptyCanFrame();
  const out = new Uint8Array(SLCAN_FRAME_MAX_BYTES);
  fill(frame);
  return String.fromCharCode(...out.subarray(0, encodeSlcanFrame(frame, out, 0) - 1));
}

const sdo = (id: number, fill: (data: Uint8Array) => void) => (frame: CanFrame) => {
  canDataFrame(frame, id, 8);
  fill(frame.data);
};

/** All vectors: captured from canopen-python (nmt.py, sdo/client.py, sync.py) and python-can's slcan. */
test.each<[string, (frame: CanFrame) => void, string]>([
  ['t00020100', (frame) => encodeNmt(frame, NMT.start, 0), 'NMT: start all'],
  ['t0800', encodeSync, 'SYNC'],
  ['t60184041600000000000', sdo(COB.sdoRequest + 1, (data) => encodeSdoUpload(data, 0x6041, 0)), 'SDO: read 6041'],
  ['t60182B40600006000000', sdo(COB.sdoRequest + 1, (data) => encodeSdoDownload(data, 0x6040, 0, 6, 2)), 'SDO: write 6040 = 6'],
  ['t60182F6060000A000000', sdo(COB.sdoRequest + 1, (data) => encodeSdoDownload(data, 0x6060, 0, 10, 1)), 'SDO: mode CST'],
  ['t60188000000000000405', sdo(COB.sdoRequest + 1, (data) => encodeSdoAbort(data, 0, 0, SDO_ABORT.timeout)), 'SDO: abort 05040000'],
  ['t70117F', (frame) => encodeHeartbeat(frame, 1, NMT_STATE.preOperational), 'heartbeat'],
  ['t5818431810042A000000', sdo(COB.sdoReply + 1, (data) => encodeSdoUploaded(data, 0x1018, 4, Uint8Array.of(42, 0, 0, 0), 4)), 'SDO: serial number 42'],
])('%s is made (%#)', (expected, fill) => {
  expect(line(fill)).toBe(expected);
});

describe('SDO frames', () => {
  const request = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, 'hex'));

  test.each([
    ['4041600000000000', { service: 'upload', index: 0x6041, sub: 0 }],
    ['2B40600006000000', { service: 'download', index: 0x6040, expedited: true, length: 2, sizeTold: true }],
    ['2240600006000000', { service: 'download', index: 0x6040, expedited: true, length: 4, sizeTold: false }],
    ['2108100009000000', { service: 'download', index: 0x1008, expedited: false, totalBytes: 9 }],
    ['0041424344454647', { service: 'downloadSegment', toggle: 0, length: 7, last: false }],
    ['1B48490000000000', { service: 'downloadSegment', toggle: 1, length: 2, last: true }],
    ['7000000000000000', { service: 'uploadSegment', toggle: 1 }],
    ['8000000000000405', { service: 'abort', abortCode: SDO_ABORT.timeout }],
  ])('%s from a client is read', (hex, expected) => {
    const message = emptySdoMessage();
    expect(decodeSdo(request(hex), 'client', message)).toBe(true);
    expect(message).toMatchObject(expected);
  });

  test('block transfer is not spoken', () => {
    expect(decodeSdo(request('C608100000000000'), 'client', emptySdoMessage())).toBe(false);
    expect(decodeSdo(request('A008100000000000'), 'client', emptySdoMessage())).toBe(false);
  });

  test('a value of any length passes from server to client, in segments where it does not fit one frame', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (value) => {
        const data = new Uint8Array(8);
        const message = emptySdoMessage();
        encodeSdoUploaded(data, 0x1008, 3, value, value.length);
        expect(decodeSdo(data, 'server', message)).toBe(true);
        expect(message).toMatchObject({ service: 'upload', index: 0x1008, sub: 3 });
        const told = message.expedited ? message.length : message.totalBytes;
        const received = message.expedited ? [...data.subarray(4, 4 + message.length)] : [];
        for (let toggle = 0, more = !message.expedited; more; toggle ^= 1) {
          encodeSdoUploadedSegment(data, toggle, value, received.length);
          expect(decodeSdo(data, 'server', message) && message.toggle).toBe(toggle);
          received.push(...data.subarray(1, 1 + message.length));
          more = !message.last;
        }
        expect(told).toBe(value.length);
        expect(received).toEqual([...value]);
      }),
    );
  });

  test('a value of any length passes from client to server', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 5, maxLength: 40 }), (value) => {
        const data = new Uint8Array(8);
        const message = emptySdoMessage();
        encodeSdoDownloadStart(data, 0x2000, 1, value.length);
        expect(decodeSdo(data, 'client', message) && message.totalBytes).toBe(value.length);
        const received: number[] = [];
        for (let toggle = 0; ; toggle ^= 1) {
          encodeSdoDownloadSegment(data, toggle, value, received.length);
          decodeSdo(data, 'client', message);
          received.push(...data.subarray(1, 1 + message.length));
          if (message.last) break;
        }
        expect(received).toEqual([...value]);
      }),
    );
  });

  test('confirmations are told apart by client and toggle bit', () => {
    const data = new Uint8Array(8);
    const message = emptySdoMessage();
    encodeSdoDownloaded(data, 0x6040, 0);
    expect([...data]).toEqual([0x60, 0x40, 0x60, 0, 0, 0, 0, 0]);
    expect(decodeSdo(data, 'server', message) && message.service).toBe('download');
    encodeSdoDownloadedSegment(data, 1);
    expect(data[0]).toBe(0x30);
    expect(decodeSdo(data, 'server', message) && message).toMatchObject({ service: 'downloadSegment', toggle: 1 });
    encodeSdoUploadSegment(data, 1);
    expect(data[0]).toBe(0x70);
  });

  test('random frames never throw and never carry more than they can', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 8 }), fc.constantFrom('client' as const, 'server' as const), (data, from) => {
        const message = emptySdoMessage();
        if (!decodeSdo(data, from, message)) return;
        expect(message.length).toBeGreaterThanOrEqual(0);
        expect(message.length).toBeLessThanOrEqual(message.expedited ? 4 : 7);
        expect(message.index).toBeLessThanOrEqual(0xffff);
      }),
    );
  });

  test('abort codes are told in words', () => {
    expect(sdoAbortText(0x0602_0000)).toBe('06020000, there is no such object');
    expect(sdoAbortText(0x0800_0020)).toBe('08000020');
  });
});

describe('numbers and mapping entries', () => {
  test('little-endian values of 1, 2 and 4 bytes survive, signed and not', () => {
    const data = new Uint8Array(8);
    fc.assert(
      fc.property(fc.constantFrom(1, 2, 4), fc.boolean(), fc.double({ min: 0, max: 1, noNaN: true }), (bytes, signed, share) => {
        const span = 2 ** (8 * bytes);
        const value = Math.floor(share * (span - 1)) - (signed ? span / 2 : 0);
        putLe(data, 2, bytes, value);
        expect(getLe(data, 2, bytes, signed)).toBe(value);
      }),
    );
    putLe(data, 0, 4, Number.NaN);
    expect(getLe(data, 0, 4, true)).toBe(0);
  });

  test('a mapping entry holds index, sub-index and bits', () => {
    const entry = pdoEntry(0xfefe, 1, 8);
    expect([pdoEntryIndex(entry), pdoEntrySub(entry), pdoEntryBits(entry)]).toEqual([0xfefe, 1, 8]);
    expect(pdoEntry(0x6041, 0, 16)).toBe(0x6041_0010);
  });
});

describe('heartbeat and emergency', () => {
  test('are read only from the node asked for', () => {
    const frame = emptyCanFrame();
    encodeHeartbeat(frame, 5, NMT_STATE.operational);
    expect([decodeHeartbeat(frame, 5), decodeHeartbeat(frame, 6)]).toEqual([5, -1]);
    frame.data[0] = 0xff;
    expect(decodeHeartbeat(frame, 5)).toBe(NMT_STATE.preOperational);
    encodeEmcy(frame, 5, 0x8130, 0x11, 0x0102_0304);
    expect(line((copy) => Object.assign(copy, frame))).toBe('t08583081110403020100');
    expect([decodeEmcy(frame, 5), decodeEmcy(frame, 4)]).toEqual([0x8130, -1]);
    frame.remote = true;
    expect(decodeEmcy(frame, 5)).toBe(-1);
  });
});
