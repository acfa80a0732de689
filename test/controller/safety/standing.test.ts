import { describe, expect, it } from 'vitest';
import { StandingPosition, type Timing } from '../../../controller/safety/standing.ts';
import { degToRad } from '../../../protocols/units.ts';

describe('a position', () => {
  /** Readings until it is called stuck; null: never. */
  const stuckAfter = (readings: readonly (readonly [deg: number, otherDeg: number])[]): number | null => {
    const standing = new StandingPosition();
    for (const [n, [deg, otherDeg]] of readings.entries()) {
      standing.look(degToRad(deg), degToRad(otherDeg), 'outOfStep');
      if (standing.stuck) return n;
    }
    return null;
  };
  const course = (length: number, deg: (n: number) => number, otherDeg: (n: number) => number) => Array.from({ length }, (_, n) => [deg(n), otherDeg(n)] as const);

  it('is not stuck before it was looked at', () => {
    expect(new StandingPosition().stuck).toBe(false);
  });

  it('is stuck when it stands for three new readings while the other sensor moves by more than half a degree', () => {
    expect(stuckAfter(course(10, () => 20, (n) => 20 + 0.8 * n))).toBe(3);
    expect(stuckAfter(course(30, () => 20, (n) => 20 - 0.049 * n))).toBe(11);
    expect(stuckAfter(course(10, () => 20, (n) => (n > 2 ? 20.49 : 20)))).toBeNull();
    expect(stuckAfter(course(10, () => 20, (n) => (n > 2 ? 20.51 : 20)))).toBe(3);
  });

  it('stands up to a twentieth of a degree, and the other one moves from half a degree on', () => {
    const stuckAt = (rad: number, otherRad: number): boolean => {
      const standing = new StandingPosition();
      standing.look(0, 0, 'outOfStep');
      for (let n = 0; n < 3; n++) standing.look(rad, otherRad, 'outOfStep');
      return standing.stuck;
    };
    expect([stuckAt(degToRad(0.05), 1), stuckAt(degToRad(0.05) + 1e-9, 1)]).toEqual([true, false]);
    expect([stuckAt(0, degToRad(0.5)), stuckAt(0, degToRad(0.5) + 1e-9)]).toEqual([false, true]);
  });

  it('is not judged by one reading that was held up, but by the next, be it held up or not', () => {
    for (const late of [false, true]) {
      const standing = new StandingPosition();
      for (let n = 0; n < 5; n++) standing.look(degToRad(20), degToRad(20), 'inStep');
      standing.look(degToRad(20), degToRad(21), 'late');
      expect(standing.stuck).toBe(false);
      standing.look(degToRad(20), degToRad(21), late ? 'late' : 'inStep');
      expect(standing.stuck).toBe(true);
    }
  });

  // A silence of 8 ms, and after one reading another of 26 ms, in which the knee turned: its motor's reading was from before it, the encoder's from after.
  it('is not judged by one that was held up although the one before it was, too, since a second silence is as good as a first', () => {
    const standing = new StandingPosition();
    for (let n = 0; n < 5; n++) standing.look(degToRad(20), degToRad(20), 'inStep');
    standing.look(degToRad(20), degToRad(20.1), 'late');
    standing.look(degToRad(20), degToRad(19.4), 'late');
    expect(standing.stuck).toBe(false);
    standing.look(degToRad(19.4), degToRad(19.4), 'inStep');
    expect(standing.stuck).toBe(false);
  });

  it('is not stuck while both stand, or both move, or it alone moves', () => {
    expect(stuckAfter(course(500, () => 20, () => 20))).toBeNull();
    expect(stuckAfter(course(500, (n) => n / 10, (n) => n / 10))).toBeNull();
    expect(stuckAfter(course(500, (n) => n / 10, () => 20))).toBeNull();
    expect(stuckAfter(course(500, (n) => 20 + (n % 2) * 0.04, () => 20))).toBeNull();
    expect(stuckAfter(course(500, (n) => 20 + (n % 2) * 0.06, (n) => n / 10))).toBeNull();
  });

  it('is compared from when the other sensor is known', () => {
    expect(stuckAfter(course(40, () => 20, (n) => (n < 10 ? Number.NaN : 30)))).toBeNull();
    expect(stuckAfter(course(40, () => 20, (n) => (n < 10 ? Number.NaN : n)))).toBe(11);
    expect(stuckAfter(course(40, () => 20, (n) => (n < 10 ? 20 : Number.NaN)))).toBeNull();
  });

  it('is judged anew when the other sensor is known to have jumped', () => {
    const standing = new StandingPosition();
    for (let n = 0; n < 9; n++) standing.look(0.3, n < 5 ? 0.3 : 0.4, 'outOfStep');
    expect(standing.stuck).toBe(true);
    standing.reset();
    expect(standing.stuck).toBe(false);
    for (let n = 0; n < 9; n++) standing.look(0.3, 0.5, 'outOfStep');
    expect(standing.stuck).toBe(false);
  });

  it('is free again when it moves, and judged from there', () => {
    const standing = new StandingPosition();
    for (let n = 0; n < 9; n++) standing.look(0.3, 0.3 + n / 100, 'outOfStep');
    expect(standing.stuck).toBe(true);
    standing.look(0.4, 0.4, 'outOfStep');
    expect(standing.stuck).toBe(false);
    for (let n = 0; n < 9; n++) standing.look(0.4, 0.4, 'outOfStep');
    expect(standing.stuck).toBe(false);
  });
});

describe('a position whose pair is known', () => {
  /** Of a motor that tells whole steps of this size, beside a fine encoder. */
  const STEP_DEG = 0.02;
  const inSteps = (deg: number): number => Math.round(deg / STEP_DEG) * STEP_DEG;
  const wave = (n: number): number => 20 + 3 * Math.sin(n / 20);
  /** A leg that walks, until reading `from`. @param told of the other sensor, at a reading */
  const walked = (from: number, { told = wave, timing = 'inStep' }: { told?: (n: number) => number; timing?: Timing } = {}): StandingPosition => {
    const standing = new StandingPosition();
    for (let n = 0; n < from; n++) {
      standing.look(degToRad(inSteps(wave(n))), degToRad(told(n)), timing);
      expect(standing.stuck, `reading ${n}`).toBe(false);
    }
    return standing;
  };
  /** Stuck where it is, while the other moves on. @returns its way until it is called stuck; null: not within 0.4° */
  const wayUntilStuck = (standing: StandingPosition, stepDeg: number, inStep: boolean | ((n: number) => boolean) = true): number | null => {
    standing.look(degToRad(30), degToRad(30), 'inStep');
    for (let n = 1; n * stepDeg <= 0.4; n++) {
      standing.look(degToRad(30), degToRad(30 + n * stepDeg), (typeof inStep === 'boolean' ? inStep : inStep(n)) ? 'inStep' : 'outOfStep');
      if (standing.stuck) return n * stepDeg;
    }
    return null;
  };
  const TURNING = 500; // four waves, each with two turns

  it('is stuck as soon as the other moves by more than both ever left between them', () => {
    expect(wayUntilStuck(walked(TURNING), 0.004)).toBeCloseTo(0.052, 6);
    expect(wayUntilStuck(walked(TURNING), 0.1)).toBeCloseTo(0.2, 6);
  });

  it('is stuck so soon to either side', () => {
    const standing = walked(TURNING);
    for (let n = 0; n < 12; n++) standing.look(degToRad(30), degToRad(30 - 0.005 * n), 'inStep');
    expect(standing.stuck).toBe(true);
  });

  it('is not known before it has turned six times by half a degree', () => {
    const turned = (times: number, byDeg: number): StandingPosition => {
      const standing = new StandingPosition();
      const course = [20, ...Array.from({ length: times + 1 }, (_, k) => 20 + (k % 2 === 0 ? byDeg : 0))];
      for (const deg of course) standing.look(degToRad(deg), degToRad(deg), 'inStep');
      return standing;
    };
    expect(wayUntilStuck(turned(5, 0.6), 0.01)).not.toBeNull();
    expect(wayUntilStuck(turned(3, 0.6), 0.01)).toBeNull();
    expect(wayUntilStuck(turned(90, 0.4), 0.01)).toBeNull();
  });

  it.each([
    ['to and fro', [0, 0.6, 0, 0.6, 0, 0.6, 0], 7],
    ['each from the farthest place of its way', [20, 10, 10.6, 20, 19.4, 10, 10.6, 20, 19.4, 10, 10.6, 20, 19.4], 13],
    ['none of which is just half a degree', [0, 0.5, 0, 0.5, 0, 0.5, 0, 0.5, 0, 0.5], Infinity],
  ])('is known from its sixth turn on, counted %s', (_, placesDeg, readings) => {
    const isKnownAfter = (count: number): boolean => {
      const standing = new StandingPosition();
      for (const deg of [placesDeg[0]! + 0.01, ...placesDeg.slice(0, count)]) standing.look(degToRad(deg), degToRad(deg), 'inStep');
      for (let n = 0; n < 2; n++) standing.look(degToRad(placesDeg[count - 1]!), degToRad(placesDeg[count - 1]! + 0.3), 'inStep');
      return standing.stuck;
    };
    expect(placesDeg.map((__, n) => isKnownAfter(n + 1))).toEqual(placesDeg.map((__, n) => n + 1 >= readings));
  });

  it('may stand for twice the play that it has shown', () => {
    // The gear has 0.1° of play: the other sensor goes through it alone at each turn.
    const standing = new StandingPosition();
    for (let k = 0; k < 20; k++) {
      const deg = 20 + (k % 2);
      for (const other of [deg, deg, deg + 0.1, deg]) standing.look(degToRad(deg), degToRad(other), 'inStep');
    }
    expect(standing.stuck).toBe(false);
    expect(wayUntilStuck(standing, 0.019)).toBeCloseTo(0.209, 6);
  });

  // A servo tells whole steps of 0.088°; a joint that rested moved by less, and its encoder, the same twice, was called stuck.
  it('may stand while the other, which is coarse, goes by one of its steps, to and fro, and not by two', () => {
    const STEP = 0.088;
    const coarse = new StandingPosition();
    for (let n = 0; n < TURNING; n++) coarse.look(degToRad(wave(n)), degToRad(Math.round(wave(n) / STEP) * STEP), 'inStep');
    for (let n = 0; n < 40; n++) coarse.look(degToRad(30), degToRad(30 + (n % 7 > 3 ? STEP : 0)), 'inStep');
    expect(coarse.stuck).toBe(false);
    for (let n = 0; n < 3; n++) coarse.look(degToRad(30), degToRad(30 + 2 * STEP), 'inStep');
    expect(coarse.stuck).toBe(true);
  });

  it('is judged by half a degree for ever when a quarter of it is usual', () => {
    const standing = new StandingPosition();
    for (let k = 0; k < 20; k++) {
      const deg = 20 + (k % 2);
      for (const other of [deg, deg + 0.26, deg]) standing.look(degToRad(deg), degToRad(other), 'inStep');
    }
    expect(wayUntilStuck(standing, 0.05)).toBeNull();
  });

  it('learns nothing from having been stuck', () => {
    const standing = walked(TURNING);
    expect(wayUntilStuck(standing, 0.02)).toBeCloseTo(0.06, 6);
    standing.look(degToRad(30), degToRad(30.4), 'inStep');
    standing.look(degToRad(29), degToRad(29), 'inStep');
    expect(standing.stuck).toBe(false);
    expect(wayUntilStuck(standing, 0.02)).toBeCloseTo(0.06, 6);
  });

  it('is not judged so by readings that did not come when they were due', () => {
    expect(wayUntilStuck(walked(TURNING), 0.01, false)).toBeNull();
    expect(wayUntilStuck(walked(TURNING), 0.01, (n) => n % 4 !== 0)).toBeNull();
    expect(wayUntilStuck(walked(TURNING), 0.012, (n) => n !== 3)).toBeCloseTo(0.108, 6);
    expect(wayUntilStuck(walked(TURNING, { timing: 'outOfStep' }), 0.01)).toBeNull();
  });

  it('is judged anew when the other sensor is known to have jumped', () => {
    const standing = walked(TURNING);
    expect(wayUntilStuck(standing, 0.01)).not.toBeNull();
    standing.reset();
    expect(standing.stuck).toBe(false);
    for (let n = 0; n < 9; n++) standing.look(degToRad(30), degToRad(35), 'inStep');
    expect(standing.stuck).toBe(false);
    standing.look(degToRad(30), degToRad(35.06), 'inStep');
    expect(standing.stuck).toBe(true);
  });

  it('of another sensor that is not known is not stuck', () => {
    const standing = walked(TURNING);
    for (let n = 0; n < 99; n++) standing.look(degToRad(30), Number.NaN, 'inStep');
    expect(standing.stuck).toBe(false);
  });
});
