/** What can be fuzzed: a codec behind its splitter, the host's side of a line, or the device's. */
import type { Random } from '../../../protocols/random.ts';
import type { Oracle } from './oracle.ts';

/** The thing itself, fresh. */
export interface FuzzSubject {
  /** Appends one valid frame, or a piece of a valid dialogue. @returns the index after it */
  encode(random: Random, out: Uint8Array, at: number): number;
  push(chunk: Uint8Array): void;
  /** As after a reconnect. */
  reset(): void;
  /** After each round: what is published now is told to the oracle. */
  check?(pureNoise: boolean): void;
}

export interface FuzzTarget {
  readonly protocol: string;
  readonly side: 'codec' | 'host' | 'device';
  /** Codecs only: what the splitter holds at most. */
  readonly capacityBytes?: number;
  /**
   * Codecs only, how far every byte can be accounted for. `exact`: framed, discarded or held. `delimited`: the same, but
   * an overlong line is told as discarded only when it ends. `loose`: a frame does not show what it took of the wire.
   */
  readonly account?: 'exact' | 'delimited' | 'loose';
  open(oracle: Oracle): FuzzSubject;
}
