import { performance } from 'node:perf_hooks';
import { describe, expect, it } from 'vitest';
import { fuzz } from '../../../../controller/cli/fuzz/fuzz-run.ts';
import { Mutator } from '../../../../controller/cli/fuzz/mutator.ts';
import type { Oracle } from '../../../../controller/cli/fuzz/oracle.ts';
import type { FuzzSubject, FuzzTarget } from '../../../../controller/cli/fuzz/target.ts';
import { fuzzTargets } from '../../../../controller/cli/fuzz/targets.ts';
import { createRandom } from '../../../../protocols/random.ts';
import { DelimiterSplitter } from '../../../../protocols/splitter.ts';

const BYTES = 100_000;
const now = (): number => performance.now();

describe('a hundred thousand bytes of garbage', () => {
  it.each(fuzzTargets.map((target) => [`${target.protocol} (${target.side})`, target] as const))('change nothing at %s', (_, target) => {
    const row = fuzz(target, BYTES, 20_240_501, now);
    expect(row.findings).toEqual([]);
    expect(row.bytes).toBeGreaterThanOrEqual(BYTES);
    expect(row.frames).toBeGreaterThan(0);
  });
});

const FRAME = Uint8Array.of(1, 2, 3, 4, 5, 0);

/** A sound splitter of zero-ended frames, with one thing wrong in it. */
function withFault(change: (subject: FuzzSubject, oracle: Oracle) => Partial<FuzzSubject>): FuzzTarget {
  const open = (oracle: Oracle): FuzzSubject => {
    const splitter = new DelimiterSplitter((byte) => byte === 0, { onFrame: (frame) => oracle.framed(frame.length + 1), onDiscarded: (bytes) => oracle.discarded(bytes) }, 16);
    const subject: FuzzSubject = {
      encode: (_, out, at) => {
        out.set(FRAME, at);
        return at + FRAME.length;
      },
      push: (chunk) => splitter.push(chunk),
      reset: () => splitter.reset(),
    };
    return { ...subject, ...change(subject, oracle) };
  };
  return { protocol: 'test', side: 'codec', capacityBytes: 17, account: 'delimited', open };
}

const findingsOf = (target: FuzzTarget): string => fuzz(target, 20_000, 1, now).findings.join('\n');

describe('the judge', () => {
  it('has nothing to say of a sound splitter', () => {
    expect(findingsOf(withFault(() => ({})))).toBe('');
  });

  it('finds a crash and names the bytes', () => {
    const crash = withFault((sound) => ({
      push: (chunk) => {
        if (chunk.includes(0xaa)) throw new Error('boom');
        sound.push(chunk);
      },
    }));
    expect(findingsOf(crash)).toMatch(/it throws Error: boom[\s\S]*last bytes [0-9a-f]+ \(round \d+\)/);
  });

  it('finds bytes that vanish', () => {
    const deaf = withFault((sound) => ({ push: (chunk) => sound.push(chunk.subarray(chunk[0] === 0xaa ? 1 : 0)) }));
    expect(findingsOf(deaf)).toMatch(/bytes are neither framed nor discarded/);
  });

  it('finds bytes that are told twice', () => {
    const double = withFault((_, oracle) => ({ check: () => oracle.discarded(20) }));
    expect(findingsOf(double)).toMatch(/more bytes came out than went in/);
  });

  it('finds a splitter that does not find back', () => {
    let lost = false;
    const stuck = withFault((sound, oracle) => ({
      push: (chunk) => {
        lost ||= chunk.includes(0xaa);
        if (lost) oracle.discarded(chunk.length);
        else sound.push(chunk);
      },
    }));
    expect(findingsOf(stuck)).toMatch(/a valid frame does not come out/);
  });

  it('finds a value that is not a number or out of its range', () => {
    expect(findingsOf(withFault((_, oracle) => ({ check: () => oracle.value('angle', Number.NaN, -1, 1) })))).toMatch(/angle is NaN, declared are -1 … 1/);
    expect(findingsOf(withFault((_, oracle) => ({ check: () => oracle.value('angle', 1.5, -1, 1) })))).toMatch(/angle is 1.5/);
  });

  it('finds memory that only grows', () => {
    const hoard: Uint8Array[] = [];
    const leak = withFault(() => ({ check: () => void hoard.push(new Uint8Array(100_000).fill(1)) }));
    expect(findingsOf(leak)).toMatch(/the heap has grown by \d+ kB/);
    expect(hoard.length).toBeGreaterThan(0);
  });
});

describe('the garbage', () => {
  it('is the same for the same seed, never empty and never too long', () => {
    const make = (): string[] => {
      const mutator = new Mutator(createRandom(7), (_, out, at) => {
        out.set(FRAME, at);
        return at + FRAME.length;
      });
      return Array.from({ length: 500 }, () => Buffer.from(mutator.bytes.subarray(0, mutator.next())).toString('hex'));
    };
    const pieces = make();
    expect(make()).toEqual(pieces);
    for (const piece of pieces) expect(piece.length / 2).toBeGreaterThan(0);
    expect(new Set(pieces).size).toBeGreaterThan(400);
  });
});
