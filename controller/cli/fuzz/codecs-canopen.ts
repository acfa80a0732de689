/** CANopen and CiA 402 in SLCAN lines. */
import type { Random } from '../../../protocols/random.ts';
import { CONTROL, controlwordToward, powerCommandOf, powerStateOf } from '../../../protocols/wire/cia402.ts';
import {
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
  encodeSdoDownloadStart,
  encodeSdoUpload,
  encodeSdoUploaded,
  encodeSdoUploadedSegment,
  encodeSync,
  getLe,
  NMT,
  SDO_BYTES,
  sdoAbortText,
} from '../../../protocols/wire/canopen.ts';
import { SLCAN_FRAME_MAX_BYTES, type CanFrame } from '../../../protocols/wire/slcan.ts';
import { slcanSubject } from './codecs-can.ts';
import { anyBytes, oneOf } from './numbers.ts';
import type { Oracle } from './oracle.ts';
import type { FuzzSubject, FuzzTarget } from './target.ts';

const NODE = 1;
const U32_MAX = 2 ** 32 - 1;

function fill(random: Random, frame: CanFrame): void {
  Object.assign(frame, { extended: false, remote: false, timestampMs: -1, length: SDO_BYTES, id: random.int(2) === 0 ? COB.sdoRequest + NODE : COB.sdoReply + NODE });
  const { data } = frame;
  const [index, sub] = [random.int(0x1_0000), random.int(256)];
  switch (random.int(11)) {
    case 0:
      return encodeNmt(frame, oneOf(random, Object.values(NMT) as [number, ...number[]]), random.int(128));
    case 1:
      return encodeHeartbeat(frame, NODE, random.int(256));
    case 2:
      return encodeEmcy(frame, NODE, random.int(0x1_0000), random.int(256), random.int(U32_MAX));
    case 3:
      return encodeSync(frame);
    case 4:
      return encodeSdoUpload(data, index, sub);
    case 5:
      return encodeSdoDownload(data, index, sub, random.int(U32_MAX), oneOf(random, [1, 2, 3, 4]));
    case 6:
      return encodeSdoDownloadStart(data, index, sub, random.int(U32_MAX));
    case 7:
      return encodeSdoUploaded(data, index, sub, anyBytes(random, 16), 1 + random.int(16));
    case 8:
      return encodeSdoUploadedSegment(data, random.int(2), anyBytes(random, 16), random.int(16));
    case 9:
      return encodeSdoAbort(data, index, sub, random.int(U32_MAX));
    default:
      frame.id = oneOf(random, [...COB.tpdo, ...COB.rpdo] as unknown as [number, ...number[]]) + NODE;
      frame.length = random.int(9);
      data.set(anyBytes(random, 8));
  }
}

function open(oracle: Oracle): FuzzSubject {
  const message = emptySdoMessage();
  return slcanSubject(oracle, fill, (frame) => {
    oracle.value('NMT state', decodeHeartbeat(frame, NODE), -1, 0x7f);
    oracle.value('emergency', decodeEmcy(frame, NODE), -1, 0xffff);
    for (const from of ['client', 'server'] as const) {
      if (!decodeSdo(frame.data, from, message)) continue;
      oracle.value('SDO index', message.index, 0, 0xffff);
      oracle.value('SDO sub', message.sub, 0, 0xff);
      oracle.value('SDO length', message.length, 0, 7);
      oracle.value('SDO total', message.totalBytes, -1, U32_MAX);
      oracle.value('SDO toggle', message.toggle, 0, 1);
      oracle.value('SDO abort', message.abortCode, 0, U32_MAX);
      sdoAbortText(message.abortCode);
    }
    for (const bytes of [1, 2, 4] as const) {
      oracle.value('unsigned object', getLe(frame.data, 8 - bytes, bytes, false), 0, 2 ** (8 * bytes) - 1);
      oracle.value('signed object', getLe(frame.data, 0, bytes, true), -(2 ** (8 * bytes - 1)), 2 ** (8 * bytes - 1) - 1);
    }
    const state = powerStateOf(getLe(frame.data, 0, 2, false));
    oracle.value('controlword', controlwordToward(state), 0, CONTROL.halt | CONTROL.faultReset | CONTROL.enableOperation);
    powerCommandOf(getLe(frame.data, 0, 2, false));
  });
}

export const canopenTargets: readonly FuzzTarget[] = [{ protocol: 'cia402', side: 'codec', capacityBytes: SLCAN_FRAME_MAX_BYTES, account: 'delimited', open }];
