import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { brakingSpeed, type BrakingAbility } from '../../../controller/safety/braking.ts';
import { createLimits } from '../../../controller/safety/limits.ts';
import { parseProfile } from '../../../protocols/profile-text.ts';

const ability = (jerk: number, acceleration: number, deadTimeSec = 0) => ({ accelerationRadPerSec2: acceleration, jerkRadPerSec3: jerk, deadTimeSec });

/** Acceleration and jerk of one phase of a motion, and how long it lasts. */
type Phase = readonly [accelerationRadPerSec2: number, jerkRadPerSec3: number, durationSec: number];

/**
 * How far a joint goes until it stands: through the dead time as it is, then the jerk turns the acceleration down to the
 * full braking, which lasts until the speed is 0. Stated anew, phase by phase, without the closed form.
 */
function stoppingDistance(startRadPerSec: number, accelerationRadPerSec2: number, { accelerationRadPerSec2: a, jerkRadPerSec3: j, deadTimeSec }: BrakingAbility): number {
  const phases: readonly Phase[] = [
    [accelerationRadPerSec2, 0, deadTimeSec],
    [accelerationRadPerSec2, -j, (accelerationRadPerSec2 + a) / j],
    [-a, 0, Infinity],
  ];
  let speed = startRadPerSec;
  let distance = 0;
  for (const [acceleration, jerk, durationSec] of phases) {
    const restSec = timeToRest(speed, acceleration, jerk);
    const t = Math.min(durationSec, restSec);
    distance += speed * t + (acceleration * t * t) / 2 + (jerk * t * t * t) / 6;
    if (restSec <= durationSec) return distance;
    speed += acceleration * t + (jerk * t * t) / 2;
  }
  return distance;
}

/** First time at which `speed + acceleration·t + jerk·t²/2` is 0; jerk is 0 or negative. */
function timeToRest(speed: number, acceleration: number, jerk: number): number {
  if (speed <= 0 && acceleration <= 0) return 0;
  if (jerk === 0) return acceleration < 0 ? -speed / acceleration : Infinity;
  return (-acceleration - Math.sqrt(acceleration * acceleration - 2 * jerk * speed)) / jerk;
}

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

  it('an acceleration that is no number counts as the greatest', () => {
    const dead = ability(50, 5, 0.02);
    expect(brakingSpeed(dead, 0.5, Number.NaN)).toBe(brakingSpeed(dead, 0.5, 5));
  });

  it('is zero where the ability is not known', () => {
    expect(brakingSpeed(ability(Number.NaN, 5), 0.5, 0)).toBe(0);
  });
});

describe('a joint at that speed comes to rest before the limit', () => {
  /** Relative: rounding only. */
  const ROUNDING = 1e-9;

  /** @returns '' or the case that passes its limit */
  function overrun(braking: BrakingAbility, distanceRad: number, share: number): string {
    const { accelerationRadPerSec2: a, jerkRadPerSec3: j, deadTimeSec } = braking;
    const acceleration = share * a;
    const speed = brakingSpeed(braking, distanceRad, acceleration);
    if (speed === 0) return '';
    const needed = stoppingDistance(speed, acceleration, braking);
    return needed <= distanceRad * (1 + ROUNDING) ? '' : `a ${a}, j ${j}, T ${deadTimeSec}, d ${distanceRad}, a0 ${acceleration}: ${speed} rad/s needs ${needed} rad`;
  }

  const shares = [-1, -0.5, 0, 0.1, 0.5, 0.9, 1];
  const distances = [1e-9, 1e-6, 1e-4, 1e-3, 0.01, 0.05, 0.1, 0.2, 0.5, 1, 2, 5];

  it('for accelerations, jerks, dead times and distances from tiny to huge', () => {
    for (const a of [0.01, 0.5, 5, 80, 1000])
      for (const j of [0.01, 1, 50, 5e4, 1e9])
        for (const deadTimeSec of [0, 1e-3, 0.012, 0.1, 1]) for (const d of distances) for (const share of shares) expect(overrun(ability(j, a, deadTimeSec), d, share)).toBe('');
  });

  it('for anything between', () => {
    const between = (min: number, max: number) => fc.double({ min, max, noNaN: true });
    fc.assert(
      fc.property(between(1e-3, 1e3), between(1e-3, 1e6), between(0, 1), between(1e-9, 6), between(-1, 1), (a, j, deadTimeSec, d, share) => {
        expect(overrun(ability(j, a, deadTimeSec), d, share)).toBe('');
      }),
      { numRuns: 5_000 },
    );
  });

  it.each(['hal/profiles/gait-orthosis.json', 'hal/profiles/bench/three-buses.json'])('for every joint of %s', (file) => {
    const robot = parseProfile(readFileSync(file, 'utf8'), file);
    for (const { braking, soft } of createLimits(robot, null))
      for (const share of shares) for (let part = 1; part <= 200; part++) expect(overrun(braking, ((soft.max - soft.min) * part) / 200, share)).toBe('');
  });

  it('and is told so by a distance that is measured, not by the closed form again', () => {
    const braking = ability(50, 5, 0.1);
    // By hand: 0.1 s at 1 rad/s, 0.1 s with the jerk (1 · 0.1 − 50 · 0.1³ / 6), then 0.75²/(2 · 5).
    expect(stoppingDistance(1, 0, braking)).toBeCloseTo(0.1 + 0.1 - 0.05 / 6 + 0.05625, 9);
    expect(stoppingDistance(0, 0, braking)).toBe(0);
  });

  it('without giving away more than the dead time and the greatest acceleration ask for', () => {
    const braking = ability(5e4, 80, 0.012);
    const speed = brakingSpeed(braking, 0.5, 0);
    expect(stoppingDistance(speed * 1.05, 0, braking)).toBeGreaterThan(0.5);
  });
});
