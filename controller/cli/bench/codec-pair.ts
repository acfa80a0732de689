import type { Splitter } from '../../../protocols/splitter.ts';

/** One frame of a protocol: made by `encode` into the buffer, taken apart by the splitter that `split` makes. */
export interface CodecPair {
  readonly protocol: string;
  /** Room for one frame. */
  readonly mostBytes: number;
  /** @returns a function that writes one frame; its argument counts up, so that the content changes */
  readonly encoder: () => (out: Uint8Array, round: number) => number;
  /** What the decoder is fed with, where that is another frame. */
  readonly answers?: (round: number) => Uint8Array;
  /** @param onDecoded to be called once per frame that was decoded to its last field */
  readonly decoder: (onDecoded: () => void) => Splitter;
}
