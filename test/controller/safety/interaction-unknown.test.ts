import { beforeEach, describe, expect, it } from 'vitest';
import type { Intent } from '../../../protocols/session-log.ts';
import { PERIOD_US } from './fixtures.ts';
import { known, LIMIT_NM, NEW, none, STRIDE_CYCLES, usual, Walker } from './walker.ts';

let walker: Walker;
beforeEach(() => {
  walker = known();
});

describe('while less is known', () => {
  it('nothing is said of the first strides of all, but a push is found in them', () => {
    for (const strides of [0.2, 0.9, 1.5, 2.5]) {
      const fresh = new Walker().run(strides * STRIDE_CYCLES);
      expect(fresh.suspected).toEqual(none);
      expect(fresh.push(0, 40, 100)).toBeLessThan(130);
    }
    expect(new Walker().run(4 * STRIDE_CYCLES).suspected).toEqual(none);
  });

  it('more is let pass in the first stride than in the second, and there than in the fourth', () => {
    const after = (strides: number): Walker => {
      const one = new Walker();
      one.torqueNm.fill(0);
      one.gait.blend = 1;
      one.extraNm = (_, joint) => -usual(joint < 2 ? one.gait.phase : (one.gait.phase + 0.5) % 1);
      return one.run(strides * STRIDE_CYCLES);
    };
    expect([0.2, 1.2, 3.2].map((strides) => after(strides).push(0, 12.5, 100))).toEqual([Number.NaN, 100, 60]);
    expect([0.2, 1.2, 3.2].map((strides) => Number.isNaN(after(strides).push(0, 8.7, 100)))).toEqual([true, true, false]);
  });

  it.each([
    ['speed', (intent: Intent) => (intent.speedMps = 0.8)],
    ['range of one joint', (intent: Intent) => (intent.romScale[2] = 1.1)],
    ['offset of one joint', (intent: Intent) => (intent.offsetRad[1] = 0.05)],
  ])('as after a new %s, a little more is let pass, until the strides are known again', (_, change) => {
    const same = known();
    change(walker.intent);
    walker.step();
    expect(walker.push(0, 9, 100)).toBeNaN();
    expect(same.push(0, 9, 100)).not.toBeNaN();
    walker.extraNm = () => 0;
    walker.run(3 * STRIDE_CYCLES);
    expect(walker.push(0, 9, 100)).not.toBeNaN();
  });

  it('and still finds a push, in time', () => {
    walker.intent.speedMps = 0.8;
    walker.step();
    expect(walker.push(0, 30, 50)).toBeLessThan(60);
    walker.watch.release();
    walker.extraNm = () => 0;
    walker.run(STRIDE_CYCLES);
    expect(walker.push(0, 20, 50)).toBeLessThan(60);
  });

  it('a new guidance begins with what is known of the others, which stay known', () => {
    walker.gait.guidanceLeft = 0.5;
    walker.run(100);
    expect(walker.suspected).toEqual(none);
    expect(walker.push(0, 25, 50)).toBeLessThan(60);
    expect(walker.push(2, 25, 50)).toBeLessThan(60);
    walker.watch.release();
    walker.extraNm = () => 0;
    walker.gait.guidanceLeft = 1;
    walker.run(STRIDE_CYCLES);
    expect(walker.suspected).toEqual(none);
    expect(walker.push(0, 25, 50)).toBeLessThan(60);
  });

  it('a belt that is still slower than it was is given time, and its pace becomes the usual one', () => {
    const same = known();
    walker.pace = 0.6;
    expect(walker.push(0, 10, 100)).toBeNaN();
    expect(same.push(0, 10, 100)).not.toBeNaN();
    walker.extraNm = () => 0;
    walker.run(16 * STRIDE_CYCLES);
    expect(walker.push(0, 10, 100)).not.toBeNaN();
  });

  it('a pace a hundred times as fast lets no more pass than one that is twice as fast', () => {
    walker.pace = 100;
    walker.extraNm = (_, joint) => (joint === 0 ? 40 : 0);
    walker.run(2);
    expect(walker.suspected[0]).toBe(true);
  });

  it('a pattern that grows or fades is compared with its share of the whole one', () => {
    for (const blend of [0.9, 0.5, 0.2, 0.5, 1]) {
      walker.gait.blend = blend;
      walker.run(STRIDE_CYCLES / 2);
      expect(walker.suspected).toEqual(none);
    }
    walker.gait.blend = 0.5;
    expect(walker.push(0, 12, 50)).toBeNaN();
    expect(walker.push(0, 12, 50)).not.toBeNaN();
  });

  it('a leg that is stopped in the middle of a stride is expected to stay as it is there', () => {
    walker.extraNm = (_, joint) => (joint === 0 && walker.gait.blend === 0 ? 20 : 0);
    walker.gait.blend = 0;
    walker.run(500);
    expect(walker.suspected).toEqual(none);
    expect(walker.push(0, 11, 10)).toBeLessThan(30);
  });

  it('a phase that is no number is suspected, and spoils nothing that is known', () => {
    const { phase } = walker.gait;
    walker.gait.phase = Number.NaN;
    walker.watch.update(walker.torqueNm, NEW, walker.gait, walker.intent, PERIOD_US);
    walker.watch.update(walker.torqueNm, NEW, walker.gait, walker.intent, PERIOD_US);
    expect(walker.suspected).toEqual([true, true, true, true]);
    walker.watch.release();
    walker.gait.phase = phase;
    walker.run(2);
    walker.watch.release();
    walker.run(3 * STRIDE_CYCLES);
    expect(walker.suspected).toEqual(none);
    expect(walker.push(0, 20, 50)).toBeLessThan(60);
  });

  it('standing legs are expected to stay as they are, to 10 Nm', () => {
    walker.gait.blend = 0;
    walker.run(500);
    expect(walker.push(0, 9.5, 10)).toBeNaN();
    walker.run(500);
    expect(walker.push(0, 11, 10)).toBeLessThan(30);
  });
});

describe('on ground', () => {
  const onGround = (groundNm: readonly number[]): Walker => {
    const walker = new Walker();
    walker.gait.groundNm = groundNm;
    return walker;
  };

  it('lets the belt drag a leg that stands in its first strides, by no more than it may, and not the other one', () => {
    const walker = onGround([20, 0, 0, 0]).run(0.4 * STRIDE_CYCLES);
    expect(walker.push(0, 34, 100)).toBeNaN();
    expect(onGround([20, 0, 0, 0]).run(0.4 * STRIDE_CYCLES).push(0, 0.95 * LIMIT_NM, 10)).toBeGreaterThan(0);
    expect(onGround([20, 0, 0, 0]).run(0.4 * STRIDE_CYCLES).push(2, 34, 100)).toBeGreaterThan(0);
    expect(onGround([0, 0, 0, 0]).run(0.4 * STRIDE_CYCLES).push(0, 34, 100)).toBeGreaterThan(0);
  });

  it('lets no more pass in strides that are known than without ground', () => {
    const known = onGround([20, 20, 20, 20]).run(6 * STRIDE_CYCLES);
    expect(known.push(0, 20, 10)).toBe(new Walker().run(6 * STRIDE_CYCLES).push(0, 20, 10));
  });

  it('lets it drag legs that stand still, too, and those whose pattern grows or fades', () => {
    for (const blend of [0, 0.5]) {
      const [dragged, free] = [onGround([20, 20, 20, 20]), new Walker()];
      for (const walker of [dragged, free]) {
        walker.run(6 * STRIDE_CYCLES);
        walker.watch.release();
        walker.gait.blend = blend;
        walker.run(2);
      }
      expect(dragged.push(0, 25, 10)).toBeNaN();
      expect(free.push(0, 25, 10)).toBeGreaterThan(0);
    }
  });

  it('finds what is beyond the limit, whatever the ground may do', () => {
    for (const blend of [0, 1]) {
      const walker = onGround([1_000, 1_000, 1_000, 1_000]);
      walker.gait.blend = blend;
      walker.run(10);
      expect(walker.push(0, 1.5 * LIMIT_NM, 10)).toBeGreaterThan(0);
    }
  });
});
