import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Blend, SmoothValue } from '../../../controller/therapy/smooth.ts';

const DT = 1 / 250;

describe('a smooth value', () => {
  it('needs at least a second for a change, does not overshoot, and arrives', () => {
    const smooth = new SmoothValue();
    smooth.reset(1);
    let sec = 0;
    while (smooth.value > 0.1 && sec < 5) {
      smooth.follow(0, DT);
      expect(smooth.value).toBeGreaterThanOrEqual(0);
      sec += DT;
    }
    expect(sec).toBeGreaterThan(0.9);
    expect(sec).toBeLessThan(1.2);
    for (let i = 0; i < 2500; i++) smooth.follow(0, DT);
    expect([smooth.value, smooth.perSec]).toEqual([0, 0]);
  });

  it('never steps, and neither does its speed, however its target jumps', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 200 }), (targets) => {
        const smooth = new SmoothValue();
        for (const target of targets) {
          const { value, perSec } = smooth;
          smooth.follow(target, DT);
          expect(smooth.value - value).toBeCloseTo(smooth.perSec * DT, 5);
          expect(Math.abs(smooth.perSec - perSec)).toBeLessThan(0.15);
          expect(Math.abs(smooth.perSec)).toBeLessThan(2);
        }
      }),
    );
  });

  it('stays where it is when its target is no number', () => {
    const smooth = new SmoothValue();
    smooth.reset(0.4);
    smooth.follow(Number.NaN, DT);
    expect([smooth.value, smooth.perSec]).toEqual([0.4, 0]);
  });
});

describe('a blend', () => {
  const run = (blend: Blend, up: boolean, sec: number) => {
    for (let i = 0; i < sec / DT; i++) blend.advance(up, 4, DT);
  };

  it('rises to 1 in the time given, a little more for its soft begin, and falls back', () => {
    const blend = new Blend();
    run(blend, true, 3.9);
    expect(blend.value).toBeLessThan(1);
    run(blend, true, 0.4);
    expect([blend.value, blend.perSec]).toEqual([1, 0]);
    run(blend, false, 4.4);
    expect([blend.value, blend.perSec]).toEqual([0, 0]);
  });

  it('has no kink, also when it turns around half-way', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.boolean(), fc.double({ min: 0, max: 2, noNaN: true })), { maxLength: 8 }), (turns) => {
        const blend = new Blend();
        for (const [up, sec] of turns)
          for (let i = 0; i < sec / DT; i++) {
            const { value, perSec } = blend;
            blend.advance(up, 4, DT);
            expect(Math.abs(blend.perSec - perSec)).toBeLessThan(0.03);
            expect(Math.abs(blend.value - value - blend.perSec * DT)).toBeLessThan(1e-4);
          }
      }),
    );
  });

  it('starts over at rest', () => {
    const blend = new Blend();
    run(blend, true, 2);
    blend.reset();
    expect([blend.value, blend.perSec]).toEqual([0, 0]);
    blend.advance(true, 4, DT);
    expect(blend.value).toBeLessThan(1e-6);
  });
});
