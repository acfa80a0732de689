import { describe, expect, it } from 'vitest';
import { rests, TorqueTrust } from '../../../controller/safety/torque-trust.ts';
import { limits, PERIOD_US } from './fixtures.ts';

const [hip] = limits;
const { coulombFrictionNm: coulombNm, viscousFrictionNmsPerRad: viscous, rotorInertiaKgM2: rotor } = hip!;
const tick = PERIOD_US;

/** A joint that swings; a small noise keeps the sensor alive. */
interface Case {
  readonly frictionScale?: number;
  readonly speed?: (t: number) => number;
  readonly acceleration?: (t: number) => number;
  readonly spoil?: (torqueNm: number, t: number, n: number) => number;
  /** How long a reading is on its way. */
  readonly heldUs?: (n: number) => number;
}
const wiggle = (n: number): number => 0.05 * (((n * 7919) % 13) / 6 - 1);

/** Seconds after `fromSec` until the sensor is doubted; null: never. */
function doubtedAfter({ frictionScale = 1, speed = (t) => 3 * Math.sin(6 * t) ** 2, acceleration = (t) => 18 * Math.sin(12 * t), spoil = (torque) => torque, heldUs = () => 0 }: Case, fromSec = 3, forSec = 2): number | null {
  const trust = new TorqueTrust(hip!);
  for (let n = 1; n * tick < (fromSec + forSec) * 1e6; n++) {
    const t = (n * tick) / 1e6;
    // The robot rests before it moves.
    const [v, a] = t < 1.5 ? [0, 0] : [speed(t - 1.5), acceleration(t - 1.5)];
    const motor = t < 1.5 ? 0 : 30 * Math.sin(3 * (t - 1.5));
    const truth = motor - frictionScale * (coulombNm * Math.sign(v) + viscous * v) - rotor * a + wiggle(n);
    if (trust.look(t < fromSec ? truth : spoil(truth, t, n), motor, v, n * tick + heldUs(n), true, true)) return t - fromSec;
  }
  return null;
}

describe('a healthy torque sensor is believed', () => {
  it.each([0.5, 1, 1.5])('with %f times the friction of the profile', (frictionScale) => {
    expect(doubtedAfter({ frictionScale }, 1.5, 6)).toBeNull();
    expect(doubtedAfter({ frictionScale, speed: () => 0, acceleration: () => 0 })).toBeNull();
    expect(doubtedAfter({ frictionScale, speed: (t) => Math.min(0.05, t / 10), acceleration: () => 0 })).toBeNull();
  });

  it('when the torque steps', () => {
    expect(doubtedAfter({ spoil: (torque, _, n) => torque + (n % 100 === 0 ? 30 : 0) })).toBeNull();
  });

  it('when every other reading of a joint that brakes hard is held up for half a period', () => {
    const held = { speed: (t: number) => 3 - Math.abs(((20 * t + 3) % 12) - 6), acceleration: (t: number) => ((20 * t + 3) % 12 < 6 ? 20 : -20), heldUs: (n: number) => (n % 2) * 2_000 };
    expect(doubtedAfter(held)).toBeNull();
    expect(doubtedAfter({ ...held, spoil: (torque, _, n) => torque + (n % 2 === 0 ? 15 : -15) })!).toBeLessThan(0.15);
  });

  it('when every other of its readings does not come, or is of another moment than the motor’s, while the torque changes fast: that is no noise', () => {
    const motorNm = (n: number): number => 60 * Math.sin(n / 6);
    const doubted = (isNew: boolean, inStep: boolean): boolean => {
      const trust = new TorqueTrust(hip!);
      let found = false;
      for (let n = 1; n < 500; n++) {
        const late = n % 2 === 1;
        const seen = late ? n - 1 : n;
        found ||= trust.look(motorNm(seen) + wiggle(seen), motorNm(n), 0, n * tick, isNew || !late, inStep || !late);
      }
      return found;
    };
    expect([doubted(false, true), doubted(true, false), doubted(true, true)]).toEqual([false, false, true]);
  });

  it('on its first reading, which knows no acceleration, and on readings of the same moment', () => {
    const trust = new TorqueTrust(hip!);
    expect(trust.look(500, 0, 5, 1_000_000, true, true)).toBe(false);
    expect(trust.look(500, 0, 5, 1_000_000, true, true)).toBe(false);
    expect(trust.residualNm).toBe(0);
  });
});

describe('a faulty torque sensor is doubted', () => {
  it.each([0.5, 1, 1.5])('when it is off by 15 Nm, within 0.2 s, whatever the friction (%f)', (frictionScale) => {
    for (const off of [15, -15]) {
      const seconds = doubtedAfter({ frictionScale, spoil: (torque) => torque + off });
      expect(seconds, `off by ${off} Nm`).not.toBeNull();
      expect(seconds!).toBeLessThan(0.2);
    }
  });

  it('when it is noisy', () => {
    expect(doubtedAfter({ spoil: (torque, _, n) => torque + (n % 2 === 0 ? 9 : -9) })!).toBeLessThan(0.1);
    expect(doubtedAfter({ spoil: (torque, _, n) => torque + (n % 2 === 0 ? 2.5 : -2.5) })).toBeNull();
  });

  it('when the same bits come again and again', () => {
    let kept = Number.NaN;
    expect(doubtedAfter({ speed: () => 0, acceleration: () => 0, spoil: (torque) => (Number.isNaN(kept) ? (kept = torque) : kept) })!).toBeLessThan(0.1);
  });
});

it('a sensor that stands at what its motor gives, within what friction explains, is doubted where its joint has never rested without load', () => {
  const doubtedAt = (jointNm: (n: number) => number): number | null => {
    const trust = new TorqueTrust(hip!);
    for (let n = 1; n < 500; n++) {
      const motorNm = n < 300 ? 17 : 17 + 2.5 * Math.sin(n / 12);
      if (trust.look(n < 300 ? 17 + wiggle(n) : jointNm(n), motorNm, n < 300 ? 0 : 0.03 * Math.cos(n / 12), n * tick, true, true)) return (n - 300) * tick;
    }
    return null;
  };
  expect(doubtedAt((n) => 17 + 2.5 * Math.sin(n / 12) + wiggle(n))).toBeNull();
  expect(doubtedAt(() => 17)!).toBeLessThan(250_000);
});

it('a sensor that is not heard meanwhile has not frozen', () => {
  const doubted = (isNew: boolean): boolean => {
    const trust = new TorqueTrust(hip!);
    for (let n = 1; n < 260; n++) trust.look(wiggle(n), 0, 0, n * tick, true, true);
    let found = false;
    for (let n = 260; n < 280; n++) found ||= trust.look(wiggle(260), 0, 0, n * tick, isNew, true);
    return found;
  };
  expect([doubted(true), doubted(false)]).toEqual([true, false]);
});

it('a tolerance ends where it says: margin, the friction at rest and half of it, and half of the viscous one', () => {
  const settle = (off: number, v: number): boolean => {
    const trust = new TorqueTrust(hip!);
    let doubted = false;
    for (let n = 1; n < 400; n++) doubted = trust.look(off - coulombNm * (v / Math.sqrt(v * v + 0.01)) - viscous * v + wiggle(n), 0, v, n * tick, true, true);
    return doubted;
  };
  for (const v of [0, 2, -4]) {
    const edge = 3 + 1.5 * coulombNm + 0.5 * viscous * Math.abs(v);
    for (const sign of [1, -1]) expect([settle(sign * (edge - 0.1), v), settle(sign * (edge + 0.1), v)], `at ${v} rad/s, ${sign}`).toEqual([false, true]);
  }
});

it('believes a sensor up to the tolerance and the noise themselves', () => {
  const edgeNm = 3 + 1.5 * coulombNm;
  const doubted = (...readingsNm: readonly number[]): boolean => {
    const trust = new TorqueTrust(hip!);
    let last = false;
    readingsNm.forEach((nm, n) => (last = trust.look(nm, 0, 0, n * 1e6, true, true)));
    return last;
  };
  expect([doubted(edgeNm, edgeNm), doubted(edgeNm, edgeNm + 1e-9)]).toEqual([false, true]);
  expect([doubted(0, 0, 6), doubted(0, 0, 6 + 1e-9)]).toEqual([false, true]);
});

it('the rotor takes its own share of a torque that accelerates it', () => {
  const trust = new TorqueTrust(hip!);
  const a = 300;
  for (let n = 1; n < 20; n++) {
    const v = 1 + (a * n * tick) / 1e6;
    trust.look(50 - coulombNm * (v / Math.sqrt(v * v + 0.01)) - viscous * v - rotor * a, 50, v, n * tick, true, true);
  }
  expect(rotor * a).toBeGreaterThan(1);
  expect(trust.residualNm).toBeCloseTo(0, 6);
});

it.each([
  [0.0049, 0.49, true],
  [-0.0049, -0.49, true],
  [0.005, 0.49, false],
  [-0.005, 0, false],
  [0.0049, 0.5, false],
  [0, -0.5, false],
])('a joint at %f rad/s with %f Nm rests: %s', (velocityRadPerSec, motorNm, isResting) => {
  expect(rests(velocityRadPerSec, motorNm)).toBe(isResting);
});

it('forgets what it knew of a drive that was not heard', () => {
  const trust = new TorqueTrust(hip!);
  for (let n = 1; n < 40; n++) trust.look(50, 0, 0, n * tick, true, true);
  expect(trust.look(50, 0, 0, 40 * tick, true, true)).toBe(true);
  trust.reset();
  expect(trust.residualNm).toBe(0);
  expect(trust.look(0, 0, 0, 900 * tick, true, true)).toBe(false);
  expect(trust.look(0, 0, 0, 901 * tick, true, true)).toBe(false);
});
