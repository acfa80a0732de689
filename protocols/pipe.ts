/**
 * Framing of the pipe between station and controller: `u32 LE length | u8 kind | payload`. Kind 0 is a JSON message of
 * `messages.ts`, kind 1 a telemetry packet. A frame over the cap ends the pipe: the far side is not Dari.
 */
import { DariError } from './errors.ts';

export const PIPE_JSON = 0;
export const PIPE_TELEMETRY = 1;
const HEADER_BYTES = 5;
export const PIPE_MAX_PAYLOAD_BYTES = 4 * 1024 * 1024;

export function encodePipeFrame(kind: number, payload: Uint8Array): Uint8Array {
  const frame = new Uint8Array(HEADER_BYTES + payload.length);
  new DataView(frame.buffer).setUint32(0, payload.length, true);
  frame[4] = kind;
  frame.set(payload, HEADER_BYTES);
  return frame;
}

/** Collects chunks and hands over whole frames. @throws DariError `pipeProtocol` on an impossible length */
export class PipeReader {
  #pending = new Uint8Array(0);

  constructor(private readonly onFrame: (kind: number, payload: Uint8Array) => void) {}

  push(chunk: Uint8Array): void {
    const bytes = new Uint8Array(this.#pending.length + chunk.length);
    bytes.set(this.#pending);
    bytes.set(chunk, this.#pending.length);
    const view = new DataView(bytes.buffer);
    let at = 0;
    while (bytes.length - at >= HEADER_BYTES) {
      const length = view.getUint32(at, true);
      if (length > PIPE_MAX_PAYLOAD_BYTES) throw new DariError('pipeProtocol', `A frame of ${length} bytes came through the pipe; station and controller are not the same version. Rebuild with: npm run build.`);
      if (bytes.length - at < HEADER_BYTES + length) break;
      const start = at + HEADER_BYTES;
      this.onFrame(view.getUint8(at + 4), bytes.subarray(start, start + length));
      at = start + length;
    }
    this.#pending = bytes.slice(at);
  }
}
