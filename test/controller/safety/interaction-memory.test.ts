import { describe, expect, it } from 'vitest';
import { StrideMemory } from '../../../controller/safety/interaction-memory.ts';
import { sin } from '../../../protocols/math.ts';

const STEPS = 250;

/** Walks strides of a pattern at a guidance; `torqueNm` is asked at every phase. */
function walk(memory: StrideMemory, strides: number, guidance: number, torqueNm: (phase: number, stride: number) => number, blend = 1): void {
  for (let stride = 0; stride < strides; stride++)
    for (let step = 0; step < STEPS; step++) {
      memory.lookAt(step / STEPS, guidance);
      memory.learn(blend * (torqueNm(step / STEPS, stride) - memory.meanNm), 1 / STEPS, blend);
    }
}

const wave = (phase: number): number => 12 * sin(2 * Math.PI * phase);
const levels = [0, 0.25, 0.5, 0.75, 1];

describe('the memory of strides', () => {
  it('begins with what is there at rest, as long as nobody has walked', () => {
    const memory = new StrideMemory();
    for (const restNm of [9, 5]) memory.begin(restNm);
    for (const guidance of levels) {
      memory.lookAt(0.3, guidance);
      expect([memory.meanNm, memory.spreadNm, memory.newness, memory.firstness]).toEqual([5, 0, 1, 1]);
    }
    walk(memory, 4, 1, () => 8);
    memory.begin(-5);
    expect(memory.meanNm).toBeCloseTo(8, 0);
  });

  it('is close to a pattern after its first stride, and knows it after three', () => {
    const memory = new StrideMemory();
    walk(memory, 1, 1, wave);
    expect(memory.firstness).toBeCloseTo(0, 9);
    expect(memory.newness).toBeCloseTo(2 / 3, 9);
    memory.lookAt(0.25, 1);
    expect(Math.abs(memory.meanNm - wave(0.25))).toBeLessThan(4.5);
    walk(memory, 3, 1, wave);
    expect(memory.newness).toBe(0);
    for (const phase of [0, 0.013, 0.25, 0.5, 0.77, 0.995, 1]) {
      memory.lookAt(phase, 1);
      expect(Math.abs(memory.meanNm - wave(phase))).toBeLessThan(1);
    }
  });

  it('learns of a part only when it is left, so that a push teaches nothing about itself', () => {
    const memory = new StrideMemory();
    walk(memory, 4, 1, () => 0);
    for (let step = 0; step < 35; step++) {
      memory.lookAt(0.5 + step / STEPS, 1);
      expect(memory.offNm(20, 1)).toBe(20);
      memory.learn(20, 1 / STEPS, 1);
    }
    memory.lookAt(0.51, 1);
    expect(memory.meanNm).toBeCloseTo(2, 9);
    memory.lookAt(0.53, 1);
    expect(memory.meanNm).toBe(0);
  });

  it('forgets after a rest what was seen before it and not yet learned', () => {
    const [rested, walking] = [new StrideMemory(), new StrideMemory()];
    for (const memory of [rested, walking]) {
      walk(memory, 4, 1, () => 0);
      memory.lookAt(0.5, 1);
      memory.learn(20, 1 / STEPS, 1);
    }
    rested.begin(3);
    for (const memory of [rested, walking]) walk(memory, 1, 1, () => 0);
    for (const memory of [rested, walking]) memory.lookAt(0.51, 1);
    expect(rested.meanNm).toBeCloseTo(0, 9);
    expect(walking.meanNm).toBeGreaterThan(0.1);
  });

  it('keeps apart what it sees of a part at one guidance and at the next', () => {
    const memory = new StrideMemory();
    walk(memory, 4, 1, () => 0);
    memory.lookAt(0.5, 1);
    memory.learn(20, 1 / STEPS, 1);
    walk(memory, 1, 0, () => 0);
    for (const guidance of [0, 1]) {
      memory.lookAt(0.51, guidance);
      expect(memory.meanNm).toBeCloseTo(0, 9);
    }
  });

  it('takes what half of a pattern shows for half of it, and hardly looks at the beginning of one', () => {
    const memory = new StrideMemory();
    walk(memory, 1, 1, () => 10, 0.5);
    memory.lookAt(0.3, 1);
    expect(Math.abs(memory.meanNm - 7)).toBeLessThan(0.5);
    expect(memory.firstness).toBeCloseTo(0.5, 9);
    const beginning = new StrideMemory();
    walk(beginning, 1, 1, () => 10, 0.03);
    beginning.lookAt(0.3, 1);
    expect(beginning.meanNm).toBeGreaterThan(0);
    expect(beginning.meanNm).toBeLessThan(0.1);
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

  it('lets a patient be a fiftieth of a stride early or late, by as much of the pattern as there is', () => {
    const memory = new StrideMemory();
    walk(memory, 30, 1, (phase) => 500 * Math.min(phase, 1 - phase));
    for (const [phase, slope] of [[0.25, 1], [0.75, -1]] as const) {
      memory.lookAt(phase, 1);
      expect(memory.offNm(slope * 9, 1)).toBeCloseTo(0, 6);
      expect(memory.offNm(slope * 13, 1)).toBeCloseTo(slope * 3, 0);
      expect(memory.offNm(slope * -13, 1)).toBeCloseTo(slope * -3, 0);
      expect(memory.offNm(slope * 13, 0.5)).toBeCloseTo(slope * 8, 0);
      expect(memory.offNm(13, 0)).toBe(13);
    }
    // Across the heel strike, where it is no more than the pattern itself.
    memory.lookAt(0.999, 1);
    expect(memory.offNm(-13, 1)).toBeCloseTo(-13, 0);
    expect(memory.offNm(13, 1)).toBeGreaterThan(2);
    expect(memory.offNm(13, 1)).toBeLessThan(8);
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
    walk(memory, 2, 1, () => 20);
    expect(memory.spreadNm).toBe(0);
    walk(memory, 2, 1, () => 20);
    expect(memory.spreadNm).toBeLessThan(6);
  });

  it('begins at a new guidance with what it knows of the nearest, and keeps what it learns at each of five', () => {
    const memory = new StrideMemory();
    walk(memory, 12, 0, (_, stride) => 3 + (stride % 2));
    memory.lookAt(0.3, 0);
    const { spreadNm } = memory;
    expect(spreadNm).toBeGreaterThan(0.1);
    memory.lookAt(0.3, 1);
    expect(memory.meanNm).toBeCloseTo(3.5, 0);
    expect(memory.spreadNm).toBeCloseTo(spreadNm, 9);
    expect([memory.newness, memory.firstness]).toEqual([1, 0]);
    for (const guidance of levels) walk(memory, 12, guidance, () => 10 * guidance + 3);
    for (const guidance of levels)
      for (const beside of [-0.13, -0.12, 0, 0.12, 0.13]) {
        memory.lookAt(0.3, guidance + beside);
        expect(memory.newness).toBe(0);
        expect(Math.abs(memory.meanNm - (10 * Math.min(1, Math.max(0, guidance + beside)) + 3))).toBeLessThan(0.6);
      }
  });

  it.each([
    [0.5, 4, 12],
    [0.25, 12, 4],
  ])('takes of two that it knows the nearer one (to %f: %f and %f Nm)', (guidance, farNm, nearNm) => {
    const memory = new StrideMemory();
    walk(memory, 12, guidance === 0.5 ? 0 : 1, () => farNm);
    walk(memory, 12, guidance === 0.5 ? 0.75 : 0, () => nearNm);
    memory.lookAt(0.3, guidance);
    expect(memory.meanNm).toBeCloseTo(nearNm, 0);
  });

  it('begins at a new guidance with the spread of the nearest, too, and of two that are as near with the one of less guidance', () => {
    const memory = new StrideMemory();
    walk(memory, 150, 0.5, (_, stride) => 8 + (stride % 2 === 0 ? 3 : -3));
    walk(memory, 12, 1, () => 20);
    memory.lookAt(0.3, 0.5);
    const { meanNm, spreadNm } = memory;
    expect(spreadNm).toBeGreaterThan(2);
    memory.lookAt(0.3, 0.75);
    expect([memory.meanNm, memory.spreadNm]).toEqual([meanNm, spreadNm]);
  });

  it('learns of a tenth of a pattern a ninth of the whole one only', () => {
    const memory = new StrideMemory();
    walk(memory, 10, 1, () => 9, 0.1);
    memory.lookAt(0.3, 1);
    expect(memory.meanNm).toBeCloseTo(9 * (1 - (1 - 0.7 / 9) ** 10), 6);
  });

  it('learns the spread not before the third stride, then quickly, and slowly of a pattern that it knows', () => {
    const spreadAfter = (steady: number): number => {
      const memory = new StrideMemory();
      walk(memory, steady, 1, () => 0);
      walk(memory, 1, 1, () => 10);
      memory.lookAt(0.3, 1);
      return memory.spreadNm ** 2;
    };
    expect([1, 2, 4].map(spreadAfter)).toEqual([0, 70, 3].map((nm2) => expect.closeTo(nm2, 6)));
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
    memory.learn(30, 0, 1);
    walk(memory, 1, 1, wave);
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
    expect([memory.newness, Math.round(memory.meanNm)]).toEqual([0, -5]);
  });

  it('learns a pattern that becomes another one quickly, takes nothing of that for spread, and expects it at other guidances, too', () => {
    const memory = new StrideMemory();
    for (const guidance of levels) walk(memory, 12, guidance, () => 2);
    memory.lookAt(0.3, 1);
    const { spreadNm } = memory;
    for (let stride = 1; stride <= 6; stride++)
      for (let step = 0; step < STEPS; step++) {
        memory.unsettle();
        memory.lookAt(step / STEPS, 1);
        memory.learn(2 + 4 * stride - memory.meanNm, 1 / STEPS, 1);
      }
    memory.lookAt(0.3, 1);
    expect(Math.abs(memory.meanNm - 26)).toBeLessThan(2.5);
    expect([memory.spreadNm, memory.newness > 0.99]).toEqual([spreadNm, true]);
    memory.lookAt(0.3, 0.5);
    expect(Math.abs(memory.meanNm - 26)).toBeLessThan(2.5);
  });

  it('learns slowly once it knows, and quickly again after a restart, without losing what it had', () => {
    const memory = new StrideMemory();
    walk(memory, 8, 1, () => 0);
    walk(memory, 1, 1, () => 10);
    expect(memory.meanNm).toBeLessThan(2);
    memory.restart();
    expect(memory.newness).toBeCloseTo(2 / 3, 9);
    expect(memory.meanNm).toBeGreaterThan(0.2);
    walk(memory, 1, 1, () => 10);
    expect(memory.meanNm).toBeGreaterThan(6);
    memory.lookAt(0.3, 0);
    memory.restart();
    expect(memory.newness).toBe(1);
  });
});
