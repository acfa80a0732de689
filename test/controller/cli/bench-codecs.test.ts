import { describe, expect, it } from 'vitest';
import { codecCases } from '../../../controller/cli/bench/codec-cases.ts';
import { measure } from '../../../controller/cli/bench/codecs-bench.ts';

describe('the codec benchmark', () => {
  it.each(codecCases.map((codecCase) => [`${codecCase.protocol} ${codecCase.direction}`, codecCase] as const))('really does what it measures: %s', (_, { open }) => {
    const { run, frames } = open();
    run(100);
    expect(frames()).toBe(100);
  });

  it('measures each protocol in both directions', () => {
    const names = codecCases.map(({ protocol, direction }) => `${protocol} ${direction}`);
    expect(new Set(names).size).toBe(names.length);
    for (const { protocol } of codecCases) expect(names).toEqual(expect.arrayContaining([`${protocol} encode`, `${protocol} decode`]));
  });

  it('tells time and rate of one frame, and weighs what a frame leaves behind', () => {
    let kept: unknown;
    let frames = 0;
    const wasteful = { protocol: 'test', direction: 'encode', open: () => ({ run: (times: number) => void (kept = Array.from({ length: times }, () => [frames++, new Float64Array(4)])), frames: () => frames }) } as const;
    const figures = measure(wasteful);
    expect(kept).toBeDefined();
    expect(figures.framesPerSec * figures.nsPerFrame).toBeGreaterThan(0.5e9);
    expect(figures.bytesPerFrame).toBeGreaterThan(50);
  });

  it('refuses to measure what does not work', () => {
    expect(() => measure({ protocol: 'test', direction: 'decode', open: () => ({ run: () => {}, frames: () => 0 }) })).toThrow(/test decode: 0 of/);
  });
});
