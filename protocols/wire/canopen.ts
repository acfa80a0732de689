/**
 * CANopen (CiA 301) in classic CAN frames: identifiers of the predefined connection set, NMT, heartbeat, EMCY, SYNC,
 * SDO (expedited and segmented; no block transfer) and PDO mapping entries. Host and device share this file.
 * Everything is little-endian. Sources: CiA 301 v4.2; canopen-python `nmt.py`, `emcy.py`, `sdo/constants.py`.
 */
import type { CanFrame } from './slcan.ts';

/** Identifiers; those of one node are the base plus its number 1 … 127. */
export const COB = { nmt: 0x000, sync: 0x080, emcy: 0x080, tpdo: [0x180, 0x280, 0x380, 0x480], rpdo: [0x200, 0x300, 0x400, 0x500], sdoReply: 0x580, sdoRequest: 0x600, heartbeat: 0x700 } as const;
/** In objects 14xxh and 18xxh sub 1: the PDO does not exist. */
export const PDO_INVALID = 0x8000_0000;
/** Transmission types: on every SYNC; at once or on change. */
export const PDO_ON_SYNC = 1;
export const PDO_ON_EVENT = 0xff;

export const NMT = { start: 0x01, stop: 0x02, preOperational: 0x80, resetNode: 0x81, resetCommunication: 0x82 } as const;
export const NMT_STATE = { bootUp: 0x00, stopped: 0x04, operational: 0x05, preOperational: 0x7f } as const;

/** Makes `frame` an empty data frame with an 11-bit identifier. */
export function canDataFrame(frame: CanFrame, id: number, length: number): void {
  frame.id = id;
  frame.extended = false;
  frame.remote = false;
  frame.length = length;
  frame.timestampMs = -1;
  frame.data.fill(0);
}

/** Little-endian; negative values in two's complement, NaN as 0. */
export function putLe(data: Uint8Array, at: number, bytes: number, value: number): void {
  for (let i = 0; i < bytes; i++) data[at + i] = Math.floor(value / 2 ** (8 * i)) & 0xff;
}

export function getLe(data: Uint8Array, at: number, bytes: number, signed: boolean): number {
  let value = 0;
  for (let i = bytes - 1; i >= 0; i--) value = value * 256 + (data[at + i] ?? 0);
  const span = 2 ** (8 * bytes);
  return signed && value >= span / 2 ? value - span : value;
}

/** @param node 0 = all nodes */
export function encodeNmt(frame: CanFrame, command: number, node: number): void {
  canDataFrame(frame, COB.nmt, 2);
  frame.data[0] = command;
  frame.data[1] = node;
}

/** Also the boot-up message, which is the state 0. */
export function encodeHeartbeat(frame: CanFrame, node: number, state: number): void {
  canDataFrame(frame, COB.heartbeat + node, 1);
  frame.data[0] = state;
}

/** @returns the node's NMT state (bit 7, the toggle of node guarding, left out), or −1 when the frame is not its heartbeat */
export const decodeHeartbeat = (frame: CanFrame, node: number): number =>
  isDataFrame(frame, COB.heartbeat + node) && frame.length === 1 ? (frame.data[0] ?? 0) & 0x7f : -1;

export const encodeSync = (frame: CanFrame): void => canDataFrame(frame, COB.sync, 0);

/** @param detail manufacturer's own, up to 5 bytes */
export function encodeEmcy(frame: CanFrame, node: number, errorCode: number, errorRegister: number, detail = 0): void {
  canDataFrame(frame, COB.emcy + node, 8);
  putLe(frame.data, 0, 2, errorCode);
  frame.data[2] = errorRegister;
  putLe(frame.data, 3, 4, detail);
}

/** @returns the error code, 0 = no error any more, or −1 when the frame is not the node's EMCY */
export const decodeEmcy = (frame: CanFrame, node: number): number => (isDataFrame(frame, COB.emcy + node) && frame.length === 8 ? getLe(frame.data, 0, 2, false) : -1);

export const isDataFrame = (frame: CanFrame, id: number): boolean => frame.id === id && !frame.extended && !frame.remote;

/** One entry of a PDO mapping (objects 16xxh, 1Axxh): what stands in the PDO, with its length in bits. */
export const pdoEntry = (index: number, sub: number, bits: number): number => index * 0x1_0000 + sub * 0x100 + bits;
export const pdoEntryIndex = (entry: number): number => Math.floor(entry / 0x1_0000);
export const pdoEntrySub = (entry: number): number => (entry >>> 8) & 0xff;
export const pdoEntryBits = (entry: number): number => entry & 0xff;

/** Abort codes (CiA 301, table 22). */
export const SDO_ABORT = {
  toggle: 0x0503_0000,
  timeout: 0x0504_0000,
  command: 0x0504_0001,
  memory: 0x0504_0005,
  access: 0x0601_0000,
  writeOnly: 0x0601_0001,
  readOnly: 0x0601_0002,
  noObject: 0x0602_0000,
  notMappable: 0x0604_0041,
  pdoTooLong: 0x0604_0042,
  hardware: 0x0606_0000,
  length: 0x0607_0010,
  tooLong: 0x0607_0012,
  tooShort: 0x0607_0013,
  noSub: 0x0609_0011,
  value: 0x0609_0030,
  tooHigh: 0x0609_0031,
  tooLow: 0x0609_0032,
  general: 0x0800_0000,
  state: 0x0800_0022,
} as const;

const ABORT_TEXTS: ReadonlyMap<number, string> = new Map([
  [SDO_ABORT.toggle, 'wrong toggle bit'],
  [SDO_ABORT.timeout, 'time-out'],
  [SDO_ABORT.command, 'unknown command'],
  [SDO_ABORT.memory, 'out of memory'],
  [SDO_ABORT.access, 'no access'],
  [SDO_ABORT.writeOnly, 'the object is write-only'],
  [SDO_ABORT.readOnly, 'the object is read-only'],
  [SDO_ABORT.noObject, 'there is no such object'],
  [SDO_ABORT.notMappable, 'the object cannot stand in a PDO'],
  [SDO_ABORT.pdoTooLong, 'the PDO would be too long'],
  [SDO_ABORT.hardware, 'hardware error'],
  [SDO_ABORT.length, 'wrong length'],
  [SDO_ABORT.tooLong, 'the value is too long'],
  [SDO_ABORT.tooShort, 'the value is too short'],
  [SDO_ABORT.noSub, 'there is no such sub-index'],
  [SDO_ABORT.value, 'the value is not allowed'],
  [SDO_ABORT.tooHigh, 'the value is too high'],
  [SDO_ABORT.tooLow, 'the value is too low'],
  [SDO_ABORT.general, 'general error'],
  [SDO_ABORT.state, 'not in this state of the device'],
]);

/** e.g. `06020000, there is no such object` */
export function sdoAbortText(code: number): string {
  const hex = code.toString(16).toUpperCase().padStart(8, '0');
  const meaning = ABORT_TEXTS.get(code);
  return meaning === undefined ? hex : `${hex}, ${meaning}`;
}

export const SDO_BYTES = 8;
/** Of one segment. */
export const SDO_SEGMENT_BYTES = 7;
const EXPEDITED_BYTES = 4;

export type SdoService = 'download' | 'downloadSegment' | 'upload' | 'uploadSegment' | 'abort';
/** By the three highest bits of the first byte. */
const CLIENT_SERVICES: readonly SdoService[] = ['downloadSegment', 'download', 'upload', 'uploadSegment', 'abort'];
const SERVER_SERVICES: readonly SdoService[] = ['uploadSegment', 'downloadSegment', 'upload', 'download', 'abort'];

/** Content of one SDO frame; which fields mean something depends on the service and the sender. */
export interface SdoMessage {
  service: SdoService;
  index: number;
  sub: number;
  /** The data stand in this frame, from byte 4. */
  expedited: boolean;
  /** Bytes of data in this frame: 0 … 4 (expedited), 0 … 7 (segment, from byte 1). */
  length: number;
  /** Of an expedited transfer whose sender tells no size: `length` is then 4. */
  sizeTold: boolean;
  /** Bytes of the whole segmented transfer, −1 when not told. */
  totalBytes: number;
  toggle: number;
  /** Last segment. */
  last: boolean;
  abortCode: number;
}

export const emptySdoMessage = (): SdoMessage => ({ service: 'abort', index: 0, sub: 0, expedited: false, length: 0, sizeTold: false, totalBytes: -1, toggle: 0, last: false, abortCode: 0 });

/** @returns false for a command that is none, or of block transfer; `message` is then undefined in content, but for index and sub */
export function decodeSdo(data: Uint8Array, from: 'client' | 'server', message: SdoMessage): boolean {
  const command = data[0] ?? 0;
  message.index = getLe(data, 1, 2, false);
  message.sub = data[3] ?? 0;
  const service = (from === 'client' ? CLIENT_SERVICES : SERVER_SERVICES)[command >> 5];
  if (service === undefined) return false;
  message.service = service;
  message.toggle = (command >> 4) & 1;
  message.abortCode = service === 'abort' ? getLe(data, 4, 4, false) : 0;
  const isSegment = service === 'downloadSegment' || service === 'uploadSegment';
  const carriesData = from === 'client' ? service === 'download' || service === 'downloadSegment' : service === 'upload' || service === 'uploadSegment';
  message.expedited = carriesData && !isSegment && (command & 2) !== 0;
  message.sizeTold = carriesData && !isSegment && (command & 1) !== 0;
  message.last = carriesData && isSegment && (command & 1) !== 0;
  message.length = 0;
  message.totalBytes = -1;
  if (!carriesData) return true;
  if (isSegment) message.length = SDO_SEGMENT_BYTES - ((command >> 1) & 7);
  else if (message.expedited) message.length = message.sizeTold ? EXPEDITED_BYTES - ((command >> 2) & 3) : EXPEDITED_BYTES;
  else if (message.sizeTold) message.totalBytes = getLe(data, 4, 4, false);
  return true;
}

function start(data: Uint8Array, command: number, index: number, sub: number): void {
  data.fill(0, 0, SDO_BYTES);
  data[0] = command;
  putLe(data, 1, 2, index);
  data[3] = sub;
}

/** Client: what is the object's value? */
export const encodeSdoUpload = (data: Uint8Array, index: number, sub: number): void => start(data, 0x40, index, sub);

/** Client: the next segment of it, please. */
export const encodeSdoUploadSegment = (data: Uint8Array, toggle: number): void => start(data, 0x60 | (toggle << 4), 0, 0);

/** Client: this is the object's new value, of 1 … 4 bytes. */
export function encodeSdoDownload(data: Uint8Array, index: number, sub: number, value: number, bytes: number): void {
  start(data, 0x23 | ((EXPEDITED_BYTES - bytes) << 2), index, sub);
  putLe(data, 4, bytes, value);
}

/** Client: a new value of so many bytes follows in segments. */
export function encodeSdoDownloadStart(data: Uint8Array, index: number, sub: number, totalBytes: number): void {
  start(data, 0x21, index, sub);
  putLe(data, 4, 4, totalBytes);
}

/** Client: the segment of `source` that begins at `from`. */
export const encodeSdoDownloadSegment = (data: Uint8Array, toggle: number, source: Uint8Array, from: number): void => segment(data, 0x00 | (toggle << 4), source, from);

/** Server: taken. */
export const encodeSdoDownloaded = (data: Uint8Array, index: number, sub: number): void => start(data, 0x60, index, sub);
export const encodeSdoDownloadedSegment = (data: Uint8Array, toggle: number): void => start(data, 0x20 | (toggle << 4), 0, 0);

/** Server: the value itself when it fits, else how long it is; the client then asks for its segments. */
export function encodeSdoUploaded(data: Uint8Array, index: number, sub: number, source: Uint8Array, length: number): void {
  const expedited = length > 0 && length <= EXPEDITED_BYTES;
  start(data, expedited ? 0x43 | ((EXPEDITED_BYTES - length) << 2) : 0x41, index, sub);
  if (!expedited) putLe(data, 4, 4, length);
  else for (let i = 0; i < length; i++) data[4 + i] = source[i] ?? 0;
}

/** Server: the segment of `source` that begins at `from`. */
export const encodeSdoUploadedSegment = (data: Uint8Array, toggle: number, source: Uint8Array, from: number): void => segment(data, 0x00 | (toggle << 4), source, from);

/** Either side. */
export function encodeSdoAbort(data: Uint8Array, index: number, sub: number, code: number): void {
  start(data, 0x80, index, sub);
  putLe(data, 4, 4, code);
}

function segment(data: Uint8Array, command: number, source: Uint8Array, from: number): void {
  const length = Math.min(SDO_SEGMENT_BYTES, source.length - from);
  const last = from + length >= source.length;
  data.fill(0, 0, SDO_BYTES);
  data[0] = command | ((SDO_SEGMENT_BYTES - length) << 1) | Number(last);
  for (let i = 0; i < length; i++) data[1 + i] = source[from + i] ?? 0;
}
