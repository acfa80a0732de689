import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GuidedLimits } from '../../../controller/safety/guided-limits.ts';
import { degToRad } from '../../../protocols/units.ts';
import { limits } from './fixtures.ts';

const SPEED = degToRad(2);
const seen = (positionRad: number, encoderRad = positionRad) => limits.map(() => ({ positionRad, encoderRad }));
const ROOM = degToRad(10);
const { min, max } = limits[0]!.permitted;
const stop = limits[0]!.mechanical;

describe('the limits of a guided motion', () => {
  it('are no faster and no stronger than what is asked, nor than the joint’s own', () => {
    const [slow, fast] = [new GuidedLimits(limits, SPEED, 30), new GuidedLimits(limits, 100, 1_000)];
    for (const guided of [slow, fast]) guided.begin(seen(0.2));
    expect(slow.limits[0]).toMatchObject({ speedRadPerSec: SPEED, torqueNm: 30 });
    expect(fast.limits[0]).toMatchObject({ speedRadPerSec: limits[0]!.speedRadPerSec, torqueNm: limits[0]!.torqueNm });
  });

  it('are the joint’s own before it and after it', () => {
    const guided = new GuidedLimits(limits, SPEED, 30);
    expect(guided.limits).toEqual(limits);
    guided.begin(seen(max + 0.1));
    guided.end();
    expect(guided.limits).toEqual(limits);
    guided.begin(seen(min - 0.1));
    guided.end();
    expect(guided.limits).toEqual(limits);
  });

  it.each([
    ['far above', max + 0.1, max + 0.2, { min, max: Math.min(max + 0.2 + ROOM, stop.max) }],
    ['far below', min - 0.1, min - 0.2, { min: Math.max(min - 0.2 - ROOM, stop.min), max }],
    ['a little above', max + 0.02, max + 0.01, { min, max: max + 0.02 + ROOM }],
    ['a little below', min - 0.02, min - 0.01, { min: min - 0.02 - ROOM, max }],
    ['inside', 0.2, 0.2, { min, max }],
    ['on its lower end', min, min, { min, max }],
    ['on its upper end', max, max, { min, max }],
    ['nowhere', Number.NaN, 0.2, { min, max }],
  ])('reach to a joint that stands %s, as either sensor sees it', (_, motor, encoder, range) => {
    const guided = new GuidedLimits(limits, SPEED, 30);
    guided.begin(seen(motor, encoder));
    expect(guided.limits[0]!.permitted).toEqual(range);
  });

  it('know nothing of a joint that is not seen', () => {
    const guided = new GuidedLimits(limits, SPEED, 30);
    guided.begin([]);
    guided.narrow([]);
    expect(guided.limits[0]!.permitted).toEqual({ min, max });
  });

  it('come after a joint that comes inward, by the room that it has, and stay where it goes out again', () => {
    const guided = new GuidedLimits(limits, SPEED, 30);
    for (const way of [-1, 1] as const) {
      const [edge, last] = way < 0 ? [min, stop.min] : [max, stop.max];
      const at = (deg: number): number => {
        guided.narrow(seen(edge + way * degToRad(deg)));
        return way < 0 ? guided.limits[0]!.permitted.min : guided.limits[0]!.permitted.max;
      };
      guided.begin(seen(edge + way * degToRad(11)));
      expect(at(9)).toBe(last);
      expect(at(2)).toBeCloseTo(edge + way * degToRad(12), 12);
      expect(at(4)).toBeCloseTo(edge + way * degToRad(12), 12);
      expect(at(-11)).toBe(edge);
    }
  });

  it('begin anew with each motion', () => {
    const guided = new GuidedLimits(limits, SPEED, 30);
    guided.begin(seen(max + 0.2));
    guided.begin(seen(0.2));
    expect(guided.limits[0]!.permitted).toEqual({ min, max });
  });

  it('follow the joint inward, never outward, and end as the permitted range', () => {
    const place = fc.oneof(fc.double({ min: min - 0.3, max: max + 0.3, noNaN: true }), fc.constant(Number.NaN));
    fc.assert(
      fc.property(place, fc.array(fc.tuple(place, place), { maxLength: 30 }), (start, way) => {
        const guided = new GuidedLimits(limits, SPEED, 30);
        guided.begin(seen(start));
        const range = guided.limits[0]!.permitted;
        for (const [motor, encoder] of way) {
          const before = { ...range };
          guided.narrow(seen(motor, encoder));
          expect(range.min).toBeGreaterThanOrEqual(before.min);
          expect(range.max).toBeLessThanOrEqual(before.max);
          expect(range.min).toBeLessThanOrEqual(min);
          expect(range.max).toBeGreaterThanOrEqual(max);
          const blind = Number.isNaN(motor + encoder);
          expect(range.max).toBe(blind ? before.max : Math.max(max, Math.min(before.max, Math.max(motor, encoder) + ROOM)));
          expect(range.min).toBe(blind ? before.min : Math.min(min, Math.max(before.min, Math.min(motor, encoder) - ROOM)));
        }
      }),
    );
  });
});
