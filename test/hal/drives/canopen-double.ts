/** A CANopen node in a few lines: objects that take and give what a test says, and nothing of its own. */
import { canDataFrame, COB, decodeSdo, emptySdoMessage, encodeHeartbeat, encodeSdoAbort, encodeSdoDownloaded, encodeSdoUploaded, encodeSdoUploadedSegment, getLe, NMT, NMT_STATE, putLe } from '../../../protocols/wire/canopen.ts';
import { emptyCanFrame, encodeSlcanFrame, SLCAN_FRAME_MAX_BYTES, type CanFrame } from '../../../protocols/wire/slcan.ts';

export type Trouble = 'silent' | 'half' | 'wrong toggle' | 'too short' | { readonly abort: number } | { readonly reads: number };

export const textOf = (frame: CanFrame): string => {
  const out = new Uint8Array(SLCAN_FRAME_MAX_BYTES);
  return String.fromCharCode(...out.subarray(0, encodeSlcanFrame(frame, out, 0) - 1));
};

/** An object's name in the double's maps. */
export const key = (index: number, sub = 0): string => `${index.toString(16)}:${sub}`;

export class CanopenDouble {
  readonly values = new Map<string, number>();
  readonly texts = new Map<number, string>();
  readonly trouble = new Map<string, Trouble>();
  /** Every frame from the host, as SLCAN text. */
  readonly heard: string[] = [];
  readonly aborts: number[] = [];
  #segments: Uint8Array | null = null;
  #at = 0;
  #key = '';

  constructor(
    readonly node: number,
    private readonly say: (frame: CanFrame) => void,
  ) {}

  hear(frame: CanFrame): void {
    this.heard.push(textOf(frame));
    if (frame.id === COB.nmt) this.#onNmt(frame.data[0] ?? 0);
    if (frame.id === COB.sdoRequest + this.node) this.#onSdo(frame.data);
  }

  beat(state: number): void {
    const frame = emptyCanFrame();
    encodeHeartbeat(frame, this.node, state);
    this.say(frame);
  }

  #onNmt(command: number): void {
    if (command === NMT.resetCommunication) this.beat(NMT_STATE.bootUp);
    if (command === NMT.start) this.beat(NMT_STATE.operational);
  }

  #onSdo(data: Uint8Array): void {
    const request = emptySdoMessage();
    decodeSdo(data, 'client', request);
    if (request.service === 'abort') {
      this.aborts.push(request.abortCode);
      return;
    }
    if (request.service !== 'uploadSegment') this.#key = key(request.index, request.sub);
    const trouble = this.trouble.get(this.#key);
    if (trouble === 'silent') return;
    const frame = emptyCanFrame();
    canDataFrame(frame, COB.sdoReply + this.node, 8);
    if (typeof trouble === 'object' && 'abort' in trouble) encodeSdoAbort(frame.data, request.index, request.sub, trouble.abort);
    else if (request.service === 'upload') this.#upload(frame.data, request.index, request.sub, trouble);
    else if (request.service === 'uploadSegment') {
      if (trouble === 'half' && this.#at > 0) return;
      encodeSdoUploadedSegment(frame.data, trouble === 'wrong toggle' ? request.toggle ^ 1 : request.toggle, this.#segments ?? new Uint8Array(0), this.#at);
      this.#at += 7;
    } else {
      this.values.set(this.#key, getLe(data, 4, request.length, false));
      encodeSdoDownloaded(frame.data, request.index, request.sub);
    }
    this.say(frame);
  }

  #upload(data: Uint8Array, index: number, sub: number, trouble: Trouble | undefined): void {
    const text = this.texts.get(index);
    const bytes = text === undefined ? new Uint8Array(trouble === 'too short' ? 1 : 4) : Uint8Array.from(text, (letter) => letter.charCodeAt(0));
    if (text === undefined) putLe(bytes, 0, bytes.length, typeof trouble === 'object' && 'reads' in trouble ? trouble.reads : (this.values.get(this.#key) ?? 0));
    this.#segments = bytes;
    this.#at = 0;
    encodeSdoUploaded(data, index, sub, bytes, bytes.length);
  }
}
