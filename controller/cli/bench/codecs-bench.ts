/**
 * Measures every wire format alone: encoding the frames of a cycle, and splitting and decoding them again.
 *
 * Bytes per frame are what the heap has grown by over a short batch, in the middle one of many batches: a collection
 * within a batch makes its difference negative, which the median passes over.
 */
import { performance } from 'node:perf_hooks';
import { codecCases, type CodecCase } from './codec-cases.ts';

export interface CodecFigures {
  readonly protocol: string;
  readonly direction: CodecCase['direction'];
  readonly nsPerFrame: number;
  readonly framesPerSec: number;
  /** Left for the garbage collector. */
  readonly bytesPerFrame: number;
}

export interface CodecsBenchResult {
  readonly codecs: readonly CodecFigures[];
}

const BATCH_FRAMES = 2_000;
const WARM_UP_BATCHES = 20;
const TIMED_BATCHES = 100;
const WEIGHED_BATCHES = 41;
const NS_PER_MS = 1e6;

export const benchCodecs = (): CodecsBenchResult => ({ codecs: codecCases.map(measure) });

/** @throws RangeError for a case that does not do what it is measured for */
export function measure({ protocol, direction, open }: CodecCase): CodecFigures {
  const { run, frames } = open();
  for (let i = 0; i < WARM_UP_BATCHES; i++) run(BATCH_FRAMES);
  if (frames() !== WARM_UP_BATCHES * BATCH_FRAMES) throw new RangeError(`${protocol} ${direction}: ${frames()} of ${WARM_UP_BATCHES * BATCH_FRAMES} frames came out`);
  const nsPerFrame = median(Array.from({ length: TIMED_BATCHES }, () => (timeMs(run) * NS_PER_MS) / BATCH_FRAMES));
  const bytesPerFrame = median(Array.from({ length: WEIGHED_BATCHES }, () => weighBytes(run) / BATCH_FRAMES));
  return {
    protocol,
    direction,
    nsPerFrame: Math.round(nsPerFrame),
    framesPerSec: Math.round(1e9 / nsPerFrame),
    // The measuring itself leaves a few hundred bytes per batch.
    bytesPerFrame: Math.max(0, Math.round(bytesPerFrame)),
  };
}

function timeMs(run: (times: number) => void): number {
  const startMs = performance.now();
  run(BATCH_FRAMES);
  return performance.now() - startMs;
}

function weighBytes(run: (times: number) => void): number {
  const before = process.memoryUsage().heapUsed;
  run(BATCH_FRAMES);
  return process.memoryUsage().heapUsed - before;
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;
