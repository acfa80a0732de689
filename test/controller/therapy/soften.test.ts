import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { holdingShare, inSwing, opposingMostNm, softer, yieldingNm, yieldingShare, yieldSpeed } from '../../../controller/therapy/soften.ts';

const anyNumber = fc.double({ noDefaultInfinity: false });

describe('a leg', () => {
  it('swings from toe-off to heel strike, in every stride', () => {
    expect([0, 0.3, 0.599, 0.6, 0.99, 1, 1.2, 1.6].map(inSwing)).toEqual([false, false, false, true, true, false, false, true]);
  });

  it('is soft after 30 ms and firm again after 100 ms', () => {
    expect(softer(0, true, 0.03)).toBeCloseTo(1, 9);
    expect(softer(0.5, true, 0.004)).toBeCloseTo(0.6333, 3);
    expect(softer(1, false, 0.05)).toBeCloseTo(0.5, 9);
    expect(softer(0.01, false, 0.1)).toBe(0);
    expect(softer(0.99, true, 0.1)).toBe(1);
  });
});

describe('a soft joint', () => {
  it('goes where the person pushes, faster when he pushes harder, and never fast', () => {
    expect(yieldSpeed(10)).toBeCloseTo(0.15, 9);
    expect(yieldSpeed(-10)).toBeCloseTo(-0.15, 9);
    expect(yieldSpeed(1e9)).toBe(0.35);
    expect(yieldSpeed(-1e9)).toBe(-0.35);
  });

  it('is moved nowhere by a torque that is no number', () => {
    expect(yieldSpeed(Number.NaN)).toBe(0);
  });

  it('never moves against the person', () => {
    fc.assert(
      fc.property(anyNumber, (torqueNm) => {
        expect(yieldSpeed(torqueNm) * Math.sign(torqueNm) >= 0 || Number.isNaN(torqueNm)).toBe(true);
      }),
    );
  });
});

describe('a spring', () => {
  it('holds with three quarters of the interaction limit while walking and nine tenths in a stop, never with more', () => {
    expect(holdingShare(30, 40, false)).toBe(1);
    expect(holdingShare(60, 40, false)).toBeCloseTo(0.5, 9);
    expect(holdingShare(-60, 40, false)).toBeCloseTo(0.5, 9);
    expect(holdingShare(-36, 40, true)).toBe(1);
    expect(holdingShare(72, 40, true)).toBeCloseTo(0.5, 9);
    fc.assert(
      fc.property(fc.double({ min: -500, max: 500, noNaN: true }), fc.boolean(), (springNm, stopping) => {
        expect(Math.abs(springNm) * holdingShare(springNm, 40, stopping)).toBeLessThanOrEqual(stopping ? 36.001 : 30.001);
      }),
    );
  });
});

describe('a joint that gives way', () => {
  const torqueNm = fc.double({ min: -300, max: 300, noNaN: true });
  const person = fc.oneof(torqueNm, fc.constantFrom(0, Number.NaN));

  it('opposes a person with nine tenths of the interaction limit at most, and with four fifths in a leg that swings', () => {
    expect(opposingMostNm(40, false)).toBeCloseTo(36, 9);
    expect(opposingMostNm(40, true)).toBeCloseTo(32, 9);
  });

  it('keeps so much of its spring that spring, weight and friction together are no more than that', () => {
    expect(yieldingShare(-30, 10, 50, 32)).toBe(1);
    expect(yieldingShare(-30, -12, 50, 32)).toBeCloseTo(2 / 3, 9);
    expect(yieldingShare(30, 12, -50, 32)).toBeCloseTo(2 / 3, 9);
    expect(yieldingShare(-30, -40, 50, 32)).toBe(0);
  });

  it('and all of a spring that goes with the person, or that eases what it carries', () => {
    expect(yieldingShare(60, 10, 50, 32)).toBe(1);
    expect(yieldingShare(30, -70, 50, 32)).toBe(1);
  });

  it('never opposes him with more in a leg that swings, whatever it weighs; where nobody knows his direction, in neither', () => {
    expect(yieldingNm(-50, 20, 32)).toBe(-32);
    expect(yieldingNm(50, 20, 32)).toBe(50);
    expect([yieldingNm(50, 0, 32), yieldingNm(-50, Number.NaN, 32)]).toEqual([32, -32]);
    fc.assert(
      fc.property(torqueNm, torqueNm, person, (pullingNm, carryingNm, personNm) => {
        const pulledNm = yieldingShare(pullingNm, carryingNm, personNm, 32) * pullingNm;
        const wholeNm = yieldingNm(pulledNm + carryingNm, personNm, 32);
        expect((-Math.sign(personNm) || Math.sign(wholeNm)) * wholeNm).toBeLessThanOrEqual(32.001);
      }),
    );
  });
});
