import { describe, expect, it } from 'vitest';
import { StrideMemory } from '../../../controller/safety/interaction-memory.ts';
import { sin } from '../../../protocols/math.ts';

const STEPS = 250;

/** Walks strides of a pattern at a guidance; `torqueNm` is asked at every phase. */
function walk(memory: StrideMemory, strides: number, guidance: number, torqueNm: (phase: number, stride: number) => number): void {
  for (let stride = 0; stride < strides; stride++)
    for (let step = 0; step < STEPS; step++) {
      memory.lookAt(step / STEPS, guidance);
      memory.learn(torqueNm(step / STEPS, stride), 1 / STEPS);
    }
}

const wave = (phase: number): number => 12 * sin(2 * Math.PI * phase);

describe('the memory of strides', () => {
  it('knows a pattern after three strides, not before', () => {
    const memory = new StrideMemory();
    walk(memory, 2, 1, wave);
    expect(memory.isKnown).toBe(false);
    walk(memory, 1, 1, wave);
    walk(memory, 1, 1, wave);
    expect(memory.isKnown).toBe(true);
    for (const phase of [0, 0.013, 0.25, 0.5, 0.77, 0.995, 1]) {
      memory.lookAt(phase, 1);
      expect(Math.abs(memory.meanNm - wave(phase))).toBeLessThan(1.5);
    }
  });

  it('reads between the parts of a stride, also across the heel strike', () => {
    const memory = new StrideMemory();
    walk(memory, 30, 0, (phase) => (phase < 0.5 ? 10 : -10));
    memory.lookAt(0, 0);
    expect(Math.abs(memory.meanNm)).toBeLessThan(1.5);
    memory.lookAt(0.25, 0);
    expect(memory.meanNm).toBeCloseTo(10, 1);
    memory.lookAt(0.75, 0);
    expect(memory.meanNm).toBeCloseTo(-10, 1);
  });

  it('tells a patient who varies from one who does not', () => {
    const [steady, varying] = [new StrideMemory(), new StrideMemory()];
    walk(steady, 150, 1, wave);
    walk(varying, 150, 1, (phase, stride) => wave(phase) + (stride % 2 === 0 ? 3 : -3));
    expect(steady.spreadNm).toBeLessThan(0.8);
    expect(varying.spreadNm).toBeGreaterThan(2.4);
    expect(varying.spreadNm).toBeLessThan(4);
  });

  it('does not take the way to the mean for spread', () => {
    const memory = new StrideMemory();
    walk(memory, 4, 1, () => 20);
    expect(memory.spreadNm).toBeLessThan(1.5);
  });

  it('keeps what it knows at each of five levels of guidance', () => {
    const memory = new StrideMemory();
    const levels = [0, 0.25, 0.5, 0.75, 1];
    for (const guidance of levels) {
      memory.lookAt(0.3, guidance);
      expect([memory.isKnown, memory.meanNm]).toEqual([false, 0]);
      walk(memory, 12, guidance, () => 10 * guidance + 3);
    }
    for (const guidance of levels)
      for (const beside of [-0.13, -0.12, 0, 0.12, 0.13]) {
        memory.lookAt(0.3, guidance + beside);
        expect(memory.isKnown).toBe(true);
        expect(Math.abs(memory.meanNm - (10 * Math.min(1, Math.max(0, guidance + beside)) + 3))).toBeLessThan(0.6);
      }
  });

  it('goes by the nearest level alone while the one beside is not known', () => {
    const memory = new StrideMemory();
    walk(memory, 12, 0.5, () => 8);
    walk(memory, 2, 0.75, () => 20);
    for (const guidance of [0.4, 0.5, 0.6]) {
      memory.lookAt(0.3, guidance);
      expect(memory.meanNm).toBeCloseTo(8, 0);
    }
  });

  it('learns into the nearest level alone, until what it reads between the levels is right', () => {
    const memory = new StrideMemory();
    walk(memory, 12, 0.5, () => 8);
    walk(memory, 60, 0.35, () => 20);
    expect(memory.meanNm).toBeCloseTo(20, 0);
    memory.lookAt(0.3, 0.5);
    expect(memory.meanNm).toBeCloseTo(8, 0);
  });

  it('knows nothing of a phase that is no number, and learns nothing there', () => {
    const memory = new StrideMemory();
    walk(memory, 12, 1, wave);
    memory.lookAt(Number.NaN, 1);
    expect([memory.meanNm, memory.spreadNm]).toEqual([Number.NaN, Number.NaN]);
    memory.learn(30, 0);
    memory.lookAt(0.25, 1);
    expect(Math.abs(memory.meanNm - wave(0.25))).toBeLessThan(1.5);
  });

  it('takes a guidance beyond its ends for the end', () => {
    const memory = new StrideMemory();
    walk(memory, 12, 7, () => 5);
    memory.lookAt(0.5, 1);
    expect(memory.meanNm).toBeCloseTo(5, 0);
    walk(memory, 12, -7, () => -5);
    memory.lookAt(0.5, 0);
    expect([memory.isKnown, Math.round(memory.meanNm)]).toEqual([true, -5]);
  });

  it('learns slowly once it knows, and quickly again after a restart, without losing what it had', () => {
    const memory = new StrideMemory();
    walk(memory, 8, 1, () => 0);
    walk(memory, 1, 1, () => 10);
    expect(memory.meanNm).toBeLessThan(2);
    memory.restart();
    expect(memory.isKnown).toBe(false);
    expect(memory.meanNm).toBeGreaterThan(0.5);
    walk(memory, 1, 1, () => 10);
    expect(memory.meanNm).toBeGreaterThan(6);
  });
});
