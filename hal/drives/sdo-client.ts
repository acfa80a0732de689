/**
 * One SDO transfer at a time with one CANopen node, expedited or in segments, both ways. No timers: who uses it decides
 * when an answer is late, and abandons the transfer.
 */
import {
  COB,
  canDataFrame,
  decodeSdo,
  emptySdoMessage,
  encodeSdoAbort,
  encodeSdoDownload,
  encodeSdoDownloadSegment,
  encodeSdoDownloadStart,
  encodeSdoUpload,
  encodeSdoUploadSegment,
  getLe,
  isDataFrame,
  SDO_ABORT,
  SDO_BYTES,
  SDO_SEGMENT_BYTES,
} from '../../protocols/wire/canopen.ts';
import type { CanFrame } from '../../protocols/wire/slcan.ts';

/** Longer answers are refused: device names and versions are far shorter. */
const UPLOAD_MAX_BYTES = 128;
const EXPEDITED_BYTES = 4;

export type SdoProgress =
  /** The frame is no answer to this transfer. */
  | 'other'
  /** The next frame is due. */
  | 'going'
  | 'done'
  /** The node refused: see `abortCode`. */
  | 'aborted'
  /** The answer breaks the rules (toggle bit, size); the node is to be told by `encodeAbort`. */
  | 'broken';

export class SdoClient {
  readonly #reply = emptySdoMessage();
  readonly #upload = new Uint8Array(UPLOAD_MAX_BYTES);
  #index = 0;
  #sub = 0;
  /** What is written; null: it reads. */
  #source: Uint8Array | null = null;
  #phase: 'idle' | 'start' | 'segments' = 'idle';
  #at = 0;
  #toggle = 0;
  #totalBytes = -1;
  /** Why the node refused, or with what a broken transfer is to be aborted. */
  abortCode = 0;

  constructor(private readonly node: number) {}

  /** More than one frame of the transfer has passed: half of it would be left behind. */
  get inSegments(): boolean {
    return this.#phase === 'segments';
  }

  /** What was read. */
  get received(): Uint8Array {
    return this.#upload.subarray(0, this.#at);
  }

  /** @param source null reads, else what is written */
  begin(index: number, sub: number, source: Uint8Array | null): void {
    this.#index = index;
    this.#sub = sub;
    this.#source = source;
    this.#phase = 'start';
    this.#at = 0;
    this.#toggle = 0;
    this.#totalBytes = -1;
  }

  abandon(): void {
    this.#phase = 'idle';
  }

  /** The request that is due. */
  encode(frame: CanFrame): void {
    canDataFrame(frame, COB.sdoRequest + this.node, SDO_BYTES);
    const { data } = frame;
    const source = this.#source;
    if (this.#phase === 'segments') {
      if (source === null) encodeSdoUploadSegment(data, this.#toggle);
      else encodeSdoDownloadSegment(data, this.#toggle, source, this.#at);
    } else if (source === null) encodeSdoUpload(data, this.#index, this.#sub);
    else if (source.length <= EXPEDITED_BYTES) encodeSdoDownload(data, this.#index, this.#sub, getLe(source, 0, source.length, false), source.length);
    else encodeSdoDownloadStart(data, this.#index, this.#sub, source.length);
  }

  encodeAbort(frame: CanFrame, code: number): void {
    canDataFrame(frame, COB.sdoRequest + this.node, SDO_BYTES);
    encodeSdoAbort(frame.data, this.#index, this.#sub, code);
  }

  accept(frame: CanFrame): SdoProgress {
    const reply = this.#reply;
    if (this.#phase === 'idle' || !isDataFrame(frame, COB.sdoReply + this.node) || frame.length !== SDO_BYTES || !decodeSdo(frame.data, 'server', reply)) return 'other';
    if (reply.service === 'abort') return this.#onAbort();
    const reads = this.#source === null;
    if (this.#phase === 'start') {
      if (reply.service !== (reads ? 'upload' : 'download') || reply.index !== this.#index || reply.sub !== this.#sub) return 'other';
      return reads ? this.#onUploadStart(frame.data) : this.#onDownloadStart();
    }
    if (reply.service !== (reads ? 'uploadSegment' : 'downloadSegment')) return 'other';
    if (reply.toggle !== this.#toggle) return this.#broken(SDO_ABORT.toggle);
    return reads ? this.#onUploadSegment(frame.data) : this.#onDownloadSegment();
  }

  #onAbort(): SdoProgress {
    const { abortCode, index, sub } = this.#reply;
    const isOurs = (index === this.#index && sub === this.#sub) || this.#phase === 'segments';
    if (!isOurs) return 'other';
    this.abortCode = abortCode;
    this.abandon();
    return 'aborted';
  }

  #onUploadStart(data: Uint8Array): SdoProgress {
    const { expedited, length, totalBytes } = this.#reply;
    if (!expedited) {
      if (totalBytes > UPLOAD_MAX_BYTES) return this.#broken(SDO_ABORT.memory);
      this.#totalBytes = totalBytes;
      this.#phase = 'segments';
      return 'going';
    }
    for (let i = 0; i < length; i++) this.#upload[i] = data[4 + i] ?? 0;
    this.#at = length;
    return this.#done();
  }

  #onUploadSegment(data: Uint8Array): SdoProgress {
    const { length, last } = this.#reply;
    if (this.#at + length > UPLOAD_MAX_BYTES) return this.#broken(SDO_ABORT.memory);
    for (let i = 0; i < length; i++) this.#upload[this.#at++] = data[1 + i] ?? 0;
    this.#toggle ^= 1;
    if (!last) return 'going';
    return this.#totalBytes >= 0 && this.#totalBytes !== this.#at ? this.#broken(SDO_ABORT.length) : this.#done();
  }

  #onDownloadStart(): SdoProgress {
    if ((this.#source?.length ?? 0) <= EXPEDITED_BYTES) return this.#done();
    this.#phase = 'segments';
    return 'going';
  }

  #onDownloadSegment(): SdoProgress {
    this.#at += SDO_SEGMENT_BYTES;
    this.#toggle ^= 1;
    return this.#at >= (this.#source?.length ?? 0) ? this.#done() : 'going';
  }

  #done(): SdoProgress {
    this.abandon();
    return 'done';
  }

  #broken(code: number): SdoProgress {
    this.abortCode = code;
    this.abandon();
    return 'broken';
  }
}
