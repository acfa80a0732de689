/** Pushes garbage into one target and judges what comes out. The same seed gives the same bytes. */
import { createRandom, type Random } from '../../../protocols/random.ts';
import { Mutator } from './mutator.ts';
import { Oracle } from './oracle.ts';
import { collectGarbage } from './heap.ts';
import type { FuzzSubject, FuzzTarget } from './target.ts';

export interface FuzzRow {
  readonly protocol: string;
  readonly side: FuzzTarget['side'];
  readonly bytes: number;
  readonly frames: number;
  readonly discardedBytes: number;
  readonly bytesPerSec: number;
  /** What is still held when all is over. */
  readonly heapGrowthKb: number;
  readonly findings: readonly string[];
}

/** Every so many rounds there is a reset and then nothing but noise. */
const NOISE_EVERY = 7;
const RESYNCHRONISE_EVERY = 16;
/** Compiled code and inline caches grow at first; a leak of one byte in a hundred would show above it. */
const HEAP_SLACK_KB = 4_000;
const SHOWN_BYTES = 48;

export function fuzz(target: FuzzTarget, bytes: number, seed: number, nowMs: () => number): FuzzRow {
  const oracle = new Oracle();
  const heapBefore = collectGarbage();
  const startedMs = nowMs();
  runRounds(target, oracle, bytes, createRandom(seed));
  const seconds = (nowMs() - startedMs) / 1_000;
  const heapGrowthKb = heapBefore === null ? 0 : Math.round(((collectGarbage() ?? heapBefore) - heapBefore) / 1_000);
  if (heapGrowthKb > HEAP_SLACK_KB + bytes / 100_000) oracle.report('heap', `the heap has grown by ${heapGrowthKb} kB`);
  return {
    protocol: target.protocol,
    side: target.side,
    bytes: oracle.pushedBytes,
    frames: oracle.frames,
    discardedBytes: oracle.discardedBytes,
    bytesPerSec: Math.round(oracle.pushedBytes / Math.max(seconds, 1e-6)),
    heapGrowthKb,
    findings: oracle.findings,
  };
}

function runRounds(target: FuzzTarget, oracle: Oracle, bytes: number, random: Random): void {
  let subject = target.open(oracle);
  const mutator = new Mutator(random, (rng, out, at) => subject.encode(rng, out, at));
  while (oracle.pushedBytes < bytes) {
    const round = ++oracle.round;
    const noise = round % NOISE_EVERY === 0;
    let length = 0;
    try {
      if (noise) reset(subject, oracle, target);
      length = noise ? mutator.noise() : mutator.next();
      pushInChunks(subject, oracle, mutator.bytes, length, random);
      subject.check?.(noise);
      if (target.capacityBytes !== undefined) {
        oracle.account(target.account === 'exact' ? target.capacityBytes : Infinity);
        if (round % RESYNCHRONISE_EVERY === 0) resynchronise(subject, oracle, target.capacityBytes, mutator);
      }
    } catch (error) {
      const made = Buffer.from(mutator.bytes.subarray(0, Math.min(length, SHOWN_BYTES))).toString('hex');
      oracle.report('throw', `it throws ${error instanceof Error ? (error.stack ?? error.message) : String(error)}; last bytes ${made}`);
      subject = target.open(oracle);
    }
  }
}

function reset(subject: FuzzSubject, oracle: Oracle, target: FuzzTarget): void {
  subject.reset();
  if (target.capacityBytes !== undefined) oracle.account(target.account === 'loose' ? Infinity : 0);
}

function pushInChunks(subject: FuzzSubject, oracle: Oracle, bytes: Uint8Array, length: number, random: Random): void {
  const largest = [1, 3, 17, length][random.int(4)] ?? length;
  for (let at = 0; at < length; ) {
    const end = Math.min(length, at + 1 + random.int(Math.max(1, largest)));
    oracle.pushedBytes += end - at;
    subject.push(bytes.subarray(at, end));
    at = end;
  }
}

/**
 * Whatever frame the garbage seemed to begin is over when the capacity has been filled twice with valid frames; from
 * then on each valid frame must come out.
 */
function resynchronise(subject: FuzzSubject, oracle: Oracle, capacityBytes: number, { bytes, random }: Mutator): void {
  for (let filled = 0; filled <= 2 * capacityBytes; ) {
    const length = subject.encode(random, bytes, 0);
    pushInChunks(subject, oracle, bytes, length, random);
    filled += length;
  }
  const before = oracle.frames;
  pushInChunks(subject, oracle, bytes, subject.encode(random, bytes, 0), random);
  if (oracle.frames === before) oracle.report('resynchronise', 'a valid frame does not come out although the garbage is long over');
}
