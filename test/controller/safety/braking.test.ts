import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { brakingSpeed } from '../../../controller/safety/braking.ts';

const ability = (jerk: number, acceleration: number, deadTimeSec = 0) => ({ accelerationRadPerSec2: acceleration, jerkRadPerSec3: jerk, deadTimeSec });

describe('the speed from which a joint can still stop', () => {
  it.each([
    [50, 5, 0.1, 0.414214],
    [50, 5, 0.5, 1.44949],
    [1e9, 5, 0.5, 2.236068],
  ])('follows the closed form for jerk %f, acceleration %f, distance %f', (jerk, acceleration, distance, expected) => {
    expect(brakingSpeed(ability(jerk, acceleration), distance, 0)).toBeCloseTo(expected, 6);
  });

  it.each([0, -0.1, Number.NaN])('is zero, never negative, when %f rad are left', (distance) => {
    expect(brakingSpeed(ability(50, 5), distance, 0)).toBe(0);
    expect(brakingSpeed(ability(50, 5), distance, 5)).toBe(0);
  });

  it('leaves room for the dead time: braking after it still ends before the limit', () => {
    const slow = ability(1e9, 5, 0.02);
    const speed = brakingSpeed(slow, 0.5, 0);
    expect(speed * 0.02 + (speed * speed) / (2 * 5)).toBeLessThanOrEqual(0.5 + 1e-9);
    expect(speed).toBeLessThan(brakingSpeed(ability(1e9, 5), 0.5, 0));
  });

  it('subtracts what the present acceleration still adds, and credits no deceleration', () => {
    const dead = ability(50, 5, 0.02);
    expect(brakingSpeed(dead, 0.5, 3)).toBeCloseTo(brakingSpeed(dead, 0.5, 0) - 3 * 0.02 - 9 / 100, 9);
    expect(brakingSpeed(dead, 0.5, -3)).toBe(brakingSpeed(dead, 0.5, 0));
    expect(brakingSpeed(dead, 0.5, 1000)).toBe(brakingSpeed(dead, 0.5, 5));
    expect(brakingSpeed(dead, 0.001, 5)).toBe(0);
  });

  it('never grows when less distance is left or more acceleration is under way', () => {
    const positive = fc.double({ min: 1e-4, max: 3, noNaN: true });
    fc.assert(
      fc.property(positive, positive, positive, (near, more, acceleration) => {
        const dead = ability(5e4, 100, 0.012);
        expect(brakingSpeed(dead, near, acceleration)).toBeLessThanOrEqual(brakingSpeed(dead, near + more, acceleration));
        expect(brakingSpeed(dead, near, acceleration + more)).toBeLessThanOrEqual(brakingSpeed(dead, near, acceleration));
      }),
    );
  });
});
