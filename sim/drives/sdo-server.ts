/** The SDO server of a virtual CANopen device: expedited and segmented transfers, both ways, with CiA 301's abort codes. */
import {
  decodeSdo,
  emptySdoMessage,
  encodeSdoAbort,
  encodeSdoDownloaded,
  encodeSdoDownloadedSegment,
  encodeSdoUploaded,
  encodeSdoUploadedSegment,
  getLe,
  putLe,
  SDO_ABORT,
  SDO_SEGMENT_BYTES,
} from '../../protocols/wire/canopen.ts';
import type { ObjectDictionary, OdEntry } from './object-dictionary.ts';

/** Nothing that a host writes here is longer. */
const DOWNLOAD_MAX_BYTES = 64;
const NOTHING = new Uint8Array(0);

export class SdoServer {
  readonly #request = emptySdoMessage();
  readonly #number = new Uint8Array(4);
  readonly #download = new Uint8Array(DOWNLOAD_MAX_BYTES);
  /** The segmented transfer under way. */
  #entry: OdEntry | null = null;
  #direction: 'download' | 'upload' = 'upload';
  #source: Uint8Array = NOTHING;
  #at = 0;
  #toggle = 0;
  #totalBytes = -1;

  constructor(private readonly dictionary: ObjectDictionary) {}

  /** A transfer that is under way is forgotten. */
  reset(): void {
    this.#entry = null;
  }

  /** Fills the 8 bytes of the answer. @returns false when there is none */
  answer(data: Uint8Array, reply: Uint8Array): boolean {
    const request = this.#request;
    if (!decodeSdo(data, 'client', request)) return this.#abort(reply, SDO_ABORT.command);
    switch (request.service) {
      case 'upload':
        return this.#startUpload(reply);
      case 'download':
        return this.#startDownload(data, reply);
      case 'uploadSegment':
        return this.#uploadSegment(reply);
      case 'downloadSegment':
        return this.#downloadSegment(data, reply);
      case 'abort':
        this.reset();
    }
    return false;
  }

  #startUpload(reply: Uint8Array): boolean {
    const entry = this.#find(reply);
    if (entry === null) return true;
    if (!entry.readable) return this.#abort(reply, SDO_ABORT.writeOnly);
    let source = this.#number;
    if (entry.bytes === 0) source = Uint8Array.from(entry.text, (letter) => letter.charCodeAt(0) & 0xff);
    else putLe(source, 0, entry.bytes, entry.value);
    const length = entry.bytes === 0 ? source.length : entry.bytes;
    encodeSdoUploaded(reply, entry.index, entry.sub, source, length);
    this.#begin(length > 4 ? entry : null, 'upload', source);
    return true;
  }

  #startDownload(data: Uint8Array, reply: Uint8Array): boolean {
    const entry = this.#find(reply);
    if (entry === null) return true;
    if (!entry.writable) return this.#abort(reply, SDO_ABORT.readOnly);
    const { expedited, sizeTold, length, totalBytes } = this.#request;
    if (!expedited) {
      if (totalBytes > entry.bytes) return this.#abort(reply, SDO_ABORT.tooLong);
      this.#begin(entry, 'download', this.#download);
      this.#totalBytes = totalBytes;
    } else {
      this.reset();
      if (sizeTold && length !== entry.bytes) return this.#abort(reply, length > entry.bytes ? SDO_ABORT.tooLong : SDO_ABORT.tooShort);
      const abort = entry.write(getLe(data, 4, entry.bytes, entry.signed));
      if (abort !== 0) return this.#abort(reply, abort);
    }
    encodeSdoDownloaded(reply, entry.index, entry.sub);
    return true;
  }

  #uploadSegment(reply: Uint8Array): boolean {
    const entry = this.#entry;
    if (entry === null || this.#direction !== 'upload') return this.#abortNothing(reply);
    if (this.#request.toggle !== this.#toggle) return this.#abortTransfer(reply, entry, SDO_ABORT.toggle);
    encodeSdoUploadedSegment(reply, this.#toggle, this.#source, this.#at);
    this.#at += SDO_SEGMENT_BYTES;
    this.#toggle ^= 1;
    if (this.#at >= this.#source.length) this.reset();
    return true;
  }

  #downloadSegment(data: Uint8Array, reply: Uint8Array): boolean {
    const entry = this.#entry;
    const { toggle, length, last } = this.#request;
    if (entry === null || this.#direction !== 'download') return this.#abortNothing(reply);
    if (toggle !== this.#toggle) return this.#abortTransfer(reply, entry, SDO_ABORT.toggle);
    if (this.#at + length > entry.bytes) return this.#abortTransfer(reply, entry, SDO_ABORT.tooLong);
    for (let i = 0; i < length; i++) this.#download[this.#at++] = data[1 + i] ?? 0;
    if (last) {
      const short = this.#at < entry.bytes || (this.#totalBytes >= 0 && this.#totalBytes !== this.#at);
      const abort = short ? SDO_ABORT.tooShort : entry.write(getLe(this.#download, 0, entry.bytes, entry.signed));
      if (abort !== 0) return this.#abortTransfer(reply, entry, abort);
      this.reset();
    }
    encodeSdoDownloadedSegment(reply, toggle);
    this.#toggle ^= 1;
    return true;
  }

  /** Answers with an abort when there is no such object. */
  #find(reply: Uint8Array): OdEntry | null {
    const { index, sub } = this.#request;
    const entry = this.dictionary.find(index, sub);
    if (entry === undefined) this.#abort(reply, this.dictionary.has(index) ? SDO_ABORT.noSub : SDO_ABORT.noObject);
    return entry ?? null;
  }

  #begin(entry: OdEntry | null, direction: 'download' | 'upload', source: Uint8Array): void {
    this.#entry = entry;
    this.#direction = direction;
    this.#source = source;
    this.#at = 0;
    this.#toggle = 0;
    this.#totalBytes = -1;
  }

  #abort(reply: Uint8Array, code: number): boolean {
    this.reset();
    encodeSdoAbort(reply, this.#request.index, this.#request.sub, code);
    return true;
  }

  #abortTransfer(reply: Uint8Array, entry: OdEntry, code: number): boolean {
    this.reset();
    encodeSdoAbort(reply, entry.index, entry.sub, code);
    return true;
  }

  /** A segment of no transfer; its bytes 1 … 3 are no object. */
  #abortNothing(reply: Uint8Array): boolean {
    encodeSdoAbort(reply, 0, 0, SDO_ABORT.command);
    return true;
  }
}
