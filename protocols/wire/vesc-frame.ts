/**
 * Frames of the VESC family: start byte, length of the payload, payload, CRC-16/XMODEM over the payload, stop byte; all
 * numbers big-endian; the payload's first byte is the command. Payloads above 255 bytes have another start byte and a
 * 16-bit length; the firmware refuses a 16-bit length below 255 (vedderb/bldc `comm/packet.c`). CubeMars V3 keeps the
 * scheme with other start and stop bytes (AK series manual V3.0.1, section 4.3.2).
 */
import { crc16Xmodem } from '../checksums.ts';
import type { FrameSink, Splitter } from '../splitter.ts';
import { getU16, putU16 } from './big-endian.ts';

export interface FrameFormat {
  readonly shortStart: number;
  readonly longStart: number;
  readonly stop: number;
}

export const VESC_PAYLOAD_MAX_BYTES = 512;
const SHORT_PAYLOAD_MAX_BYTES = 255;
const LONG_PAYLOAD_LEAST_BYTES = 255;
/** CRC and stop byte. */
const TAIL_BYTES = 3;
/** What a frame has around a payload of up to 255 bytes. */
export const SHORT_FRAME_OVERHEAD_BYTES = 2 + TAIL_BYTES;

/** Where the payload of a frame at `at` begins. */
export const payloadStart = (at: number, payloadBytes: number): number => at + (payloadBytes > SHORT_PAYLOAD_MAX_BYTES ? 3 : 2);

/** Puts start, length, CRC and stop around a payload that stands at `payloadStart`. @returns the index after the frame */
export function sealFrame(format: FrameFormat, payloadBytes: number, out: Uint8Array, at: number): number {
  const start = payloadStart(at, payloadBytes);
  if (payloadBytes > SHORT_PAYLOAD_MAX_BYTES) {
    out[at] = format.longStart;
    putU16(payloadBytes, out, at + 1);
  } else {
    out[at] = format.shortStart;
    out[at + 1] = payloadBytes;
  }
  const end = putU16(crc16Xmodem(out, start, start + payloadBytes), out, start + payloadBytes);
  out[end] = format.stop;
  return end + 1;
}

export interface ServoFrameSink extends FrameSink {
  onChecksumError?(): void;
}

/**
 * Whether a payload of this length with this command can come at all. With it a false start is known by its third
 * byte, so that it holds up the frames behind it by two bytes instead of by the length that it claims.
 */
export type ExpectsFrame = (command: number, payloadBytes: number) => boolean;

const anyFrame: ExpectsFrame = () => true;

/**
 * Hands over payloads. A candidate that fails costs its first byte only: the next start is looked for right behind it,
 * so a frame inside a false start comes late but is not lost.
 */
export class ServoFrameSplitter implements Splitter {
  readonly #buffer = new Uint8Array(VESC_PAYLOAD_MAX_BYTES + 3 + TAIL_BYTES);
  /** One view per length and start is kept, so that splitting allocates nothing. */
  readonly #views: (Uint8Array | undefined)[] = [];
  /** The candidate stands at the beginning of the buffer. */
  #length = 0;
  /** Bytes without which nothing more can be said of it. */
  #needed = 0;
  /** Bytes of the frame that the sink is being given. */
  #inHand = 0;
  #discarded = 0;

  constructor(
    private readonly format: FrameFormat,
    private readonly sink: ServoFrameSink,
    private readonly expects: ExpectsFrame = anyFrame,
  ) {}

  push(chunk: Uint8Array): void {
    const { shortStart, longStart } = this.format;
    for (const byte of chunk) {
      if (this.#length === 0 && byte !== shortStart && byte !== longStart) {
        this.#discarded++;
        continue;
      }
      this.#buffer[this.#length++] = byte;
      if (this.#length >= this.#needed) this.#examine();
    }
    this.#tell();
  }

  /** Also from within the sink: a device that is told to start anew. */
  reset(): void {
    this.#discarded += this.#length - this.#inHand;
    this.#inHand = 0;
    this.#length = 0;
    this.#needed = 0;
    this.#tell();
  }

  #tell(): void {
    const discarded = this.#discarded;
    this.#discarded = 0;
    if (discarded > 0) this.sink.onDiscarded(discarded);
  }

  #examine(): void {
    while (this.#length > 0) {
      this.#needed = this.#wanted();
      if (this.#needed > this.#length) return;
      if (this.#needed > 0 && this.#isWhole(this.#needed)) this.#deliver(this.#needed);
      else this.#drop(1);
    }
    this.#needed = 0;
  }

  /** @returns bytes that the candidate needs to be judged; 0: it is no frame */
  #wanted(): number {
    const buffer = this.#buffer;
    const isLong = buffer[0] === this.format.longStart;
    const headBytes = isLong ? 3 : 2;
    if (this.#length <= headBytes) return headBytes + 1;
    const payloadBytes = isLong ? getU16(buffer, 1) : (buffer[1] ?? 0);
    if (payloadBytes < (isLong ? LONG_PAYLOAD_LEAST_BYTES : 1) || payloadBytes > VESC_PAYLOAD_MAX_BYTES) return 0;
    return this.expects(buffer[headBytes] ?? 0, payloadBytes) ? headBytes + payloadBytes + TAIL_BYTES : 0;
  }

  #isWhole(frameBytes: number): boolean {
    const buffer = this.#buffer;
    if (buffer[frameBytes - 1] !== this.format.stop) return false;
    const crcAt = frameBytes - TAIL_BYTES;
    const whole = crc16Xmodem(buffer, buffer[0] === this.format.longStart ? 3 : 2, crcAt) === getU16(buffer, crcAt);
    if (!whole) this.sink.onChecksumError?.();
    return whole;
  }

  #deliver(frameBytes: number): void {
    const headBytes = this.#buffer[0] === this.format.longStart ? 3 : 2;
    const view = (this.#views[2 * frameBytes + (headBytes & 1)] ??= this.#buffer.subarray(headBytes, frameBytes - TAIL_BYTES));
    this.#inHand = frameBytes;
    this.sink.onFrame(view);
    this.#remove(this.#inHand);
    this.#inHand = 0;
  }

  /** Drops at least `count` bytes, up to the next start byte. */
  #drop(count: number): void {
    const { shortStart, longStart } = this.format;
    let end = count;
    while (end < this.#length && this.#buffer[end] !== shortStart && this.#buffer[end] !== longStart) end++;
    this.#discarded += end;
    this.#remove(end);
  }

  #remove(count: number): void {
    this.#buffer.copyWithin(0, count, this.#length);
    this.#length -= count;
    // What follows a frame may begin with garbage.
    if (this.#length > 0 && this.#buffer[0] !== this.format.shortStart && this.#buffer[0] !== this.format.longStart) this.#drop(0);
  }
}
