/** Garbage that looks like the real thing: valid frames, and what bad wires and bad devices make of them. */
import type { Random } from '../../../protocols/random.ts';

/** Appends one valid frame with new content. @returns the index after it */
export type FrameMaker = (random: Random, out: Uint8Array, at: number) => number;

/** The longest piece; room for one more frame is kept behind it. */
export const GARBAGE_MAX_BYTES = 1_024;
const FRAME_ROOM_BYTES = 1_024;
/** Values that length fields and escapes are made of. */
const TELLING_BYTES = [0x00, 0x01, 0x02, 0x07, 0x0a, 0x0d, 0x7f, 0x80, 0x90, 0xaa, 0xbb, 0xfd, 0xfe, 0xff];

type Mutation = (mutator: Mutator, length: number) => number;

export class Mutator {
  readonly bytes = new Uint8Array(GARBAGE_MAX_BYTES + FRAME_ROOM_BYTES);
  readonly #kinds: readonly Mutation[] = [asItIs, noise, flipBits, cut, insert, double, changeHead, telling, shuffled];

  constructor(
    readonly random: Random,
    private readonly makeFrame: FrameMaker,
  ) {}

  /** Fills `bytes` with the next piece. @returns its length, at least 1 */
  next(): number {
    const { random } = this;
    const frames = 1 + random.int(4);
    let length = 0;
    for (let i = 0; i < frames && length < GARBAGE_MAX_BYTES; i++) length = this.makeFrame(random, this.bytes, length);
    const mutations = random.int(4);
    for (let i = 0; i <= mutations; i++) length = this.#kinds[random.int(this.#kinds.length)]?.(this, length) ?? length;
    return Math.max(1, Math.min(length, GARBAGE_MAX_BYTES));
  }

  /** Pure noise, without any frame. */
  noise(): number {
    return noise(this);
  }
}

const asItIs: Mutation = (_, length) => length;

function noise({ bytes, random }: Mutator): number {
  const length = 1 + random.int(256);
  for (let i = 0; i < length; i++) bytes[i] = random.int(256);
  return length;
}

const flipBits: Mutation = ({ bytes, random }, length) => {
  for (let flips = 1 + random.int(4); flips > 0; flips--) {
    const at = random.int(length);
    bytes[at] = (bytes[at] ?? 0) ^ (1 << random.int(8));
  }
  return length;
};

const cut: Mutation = ({ bytes, random }, length) => {
  const from = random.int(length);
  const to = from + random.int(length - from);
  bytes.copyWithin(from, to, length);
  return Math.max(1, length - (to - from));
};

const insert: Mutation = ({ bytes, random }, length) => {
  const at = random.int(length);
  const count = Math.min(1 + random.int(8), bytes.length - length);
  bytes.copyWithin(at + count, at, length);
  for (let i = 0; i < count; i++) bytes[at + i] = random.int(256);
  return length + count;
};

const double: Mutation = ({ bytes, random }, length) => {
  const from = random.int(length);
  const count = Math.min(1 + random.int(length - from), bytes.length - length);
  bytes.copyWithin(length, from, from + count);
  return length + count;
};

/** Length fields stand near the start. */
const changeHead: Mutation = ({ bytes, random }, length) => {
  const at = random.int(Math.min(length, 8));
  const step = random.int(2) === 0 ? 1 : 0xff;
  bytes[at] = random.int(2) === 0 ? random.int(256) : ((bytes[at] ?? 0) + step) & 0xff;
  return length;
};

const telling: Mutation = ({ bytes, random }, length) => {
  for (let count = 1 + random.int(3); count > 0; count--) bytes[random.int(length)] = TELLING_BYTES[random.int(TELLING_BYTES.length)] ?? 0;
  return length;
};

/** Two pieces change places. */
const shuffled: Mutation = ({ bytes, random }, length) => {
  const half = length >> 1;
  if (half === 0) return length;
  const at = random.int(half);
  for (let i = 0; i < half - at; i++) {
    const kept = bytes[i] ?? 0;
    bytes[i] = bytes[half + i] ?? 0;
    bytes[half + i] = kept;
  }
  return length;
};
