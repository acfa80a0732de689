/**
 * A CAN bus in virtual time: one frame at a time at its sender's bit rate, the lowest identifier of those that wait
 * goes first, each sender's frames stay in order, and a frame that nobody acknowledges is sent again until somebody
 * does (ISO 11898-1).
 */
import { emptyCanFrame, type CanFrame } from '../../protocols/wire/slcan.ts';
import type { CanNode } from './device.ts';

/** Our own figure, between the few mailboxes of a controller and the long queues of adapters' firmware. */
export const CAN_QUEUE_FRAMES = 16;

/** Bits from start of frame to intermission with the most stuffing (Davis, Burns, Bril & Lukkien 2007, equation 1). */
export function canFrameBits(frame: CanFrame): number {
  const stuffable = (frame.extended ? 54 : 34) + (frame.remote ? 0 : 8 * frame.length);
  return stuffable + 13 + Math.floor((stuffable - 1) / 4);
}

/** Identifiers as arbitration compares them: an 11-bit one before a 29-bit one that begins alike, data before remote. */
const rankOf = (frame: CanFrame): number =>
  (frame.extended ? (frame.id >>> 18) * 0x8_0000 + 0x4_0000 + (frame.id & 0x3_ffff) : frame.id * 0x8_0000) * 2 + Number(frame.remote);

/** A ring of waiting frames. */
class Sender {
  readonly #frames: readonly CanFrame[];
  readonly #readyUs = new Float64Array(CAN_QUEUE_FRAMES);
  #head = 0;
  count = 0;

  constructor(readonly node: CanNode) {
    this.#frames = Array.from({ length: CAN_QUEUE_FRAMES }, emptyCanFrame);
  }

  push(frame: CanFrame, readyUs: number): boolean {
    const slot = (this.#head + this.count) % CAN_QUEUE_FRAMES;
    const copy = this.#frames[slot];
    if (this.count === CAN_QUEUE_FRAMES || copy === undefined) return false;
    copyCanFrame(frame, copy);
    this.#readyUs[slot] = readyUs;
    this.count++;
    return true;
  }

  /** The oldest waiting frame; only while `count` is not 0. */
  get frame(): CanFrame | null {
    return this.count === 0 ? null : (this.#frames[this.#head] ?? null);
  }

  get readyUs(): number {
    return this.count === 0 ? Infinity : (this.#readyUs[this.#head] ?? Infinity);
  }

  drop(): void {
    this.#head = (this.#head + 1) % CAN_QUEUE_FRAMES;
    this.count--;
  }

  clear(): void {
    this.count = 0;
  }
}

export class CanBus {
  readonly #senders: readonly Sender[];
  readonly #passing = emptyCanFrame();
  #freeUs = 0;

  constructor(nodes: readonly CanNode[]) {
    this.#senders = nodes.map((node) => new Sender(node));
    for (const sender of this.#senders) sender.node.attach((frame, nowUs) => sender.push(frame, nowUs));
  }

  /** What a node has not yet sent is gone: its controller was closed. */
  forget(node: CanNode): void {
    this.#senders.find((sender) => sender.node === node)?.clear();
  }

  /** The node has something to say and nobody on the bus acknowledges it. */
  isStuck(node: CanNode): boolean {
    const waits = this.#senders.some((sender) => sender.node === node && sender.count > 0);
    return waits && !this.#isAcknowledged(node);
  }

  /** Delivers every frame whose last bit has passed by `nowUs`. */
  advance(nowUs: number): void {
    for (;;) {
      const sender = this.#next();
      const frame = sender?.frame ?? null;
      if (sender === null || frame === null) return;
      const endUs = Math.max(this.#freeUs, sender.readyUs) + (canFrameBits(frame) * 1e6) / sender.node.canBitRate;
      if (endUs > nowUs) return;
      this.#freeUs = endUs;
      copyCanFrame(frame, this.#passing);
      sender.drop();
      const bitRate = sender.node.canBitRate;
      for (const { node } of this.#senders) if (node !== sender.node && node.canBitRate === bitRate) node.onCanFrame(this.#passing, endUs);
    }
  }

  /** Who sends next (what a node without power had to say is gone): of those ready when the bus falls free the one with the lowest identifier, else who is ready first. */
  #next(): Sender | null {
    let best: Sender | null = null;
    for (const sender of this.#senders) {
      // Most of the time nobody has anything to say.
      if (sender.count === 0) continue;
      if (sender.node.canBitRate === 0) {
        sender.clear();
        continue;
      }
      if (!this.#isAcknowledged(sender.node)) continue;
      if (best === null || this.#goesBefore(sender, best)) best = sender;
    }
    return best;
  }

  #goesBefore(a: Sender, b: Sender): boolean {
    const aUs = Math.max(a.readyUs, this.#freeUs);
    const bUs = Math.max(b.readyUs, this.#freeUs);
    if (aUs !== bUs) return aUs < bUs;
    return a.frame !== null && b.frame !== null && rankOf(a.frame) < rankOf(b.frame);
  }

  /** Somebody else on the bus hears this sender. */
  #isAcknowledged({ canBitRate }: CanNode): boolean {
    let hearers = 0;
    for (const { node } of this.#senders) if (node.canBitRate === canBitRate && node.listenOnly !== true) hearers++;
    return hearers > 1;
  }
}

export function copyCanFrame(from: CanFrame, to: CanFrame): void {
  to.id = from.id;
  to.extended = from.extended;
  to.remote = from.remote;
  to.length = from.length;
  to.timestampMs = from.timestampMs;
  to.data.set(from.data);
}
