import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { brakingSpeed } from '../../../controller/safety/braking.ts';
import { driveTorqueNm, Envelope, type Measured } from '../../../controller/safety/envelope.ts';
import { emptyJointCommand, PermittedCommand, type JointCommand } from '../../../protocols/joints.ts';
import { limitReasons, type LimitReason } from '../../../protocols/session-log.ts';
import { degToRad } from '../../../protocols/units.ts';
import { limits, PERIOD_US } from './fixtures.ts';

const PERIOD_SEC = PERIOD_US / 1e6;
const [hip] = limits;
const one = [hip!];
const { permitted, torqueNm, stiffnessNmPerRad, dampingNmsPerRad } = hip!;

const at = (deg: number, degPerSec = 0): Measured => ({ positionRad: degToRad(deg), velocityRadPerSec: degToRad(degPerSec), trusted: true });
const want = (deg: number, over: Partial<JointCommand> = {}): JointCommand => ({ ...emptyJointCommand(), positionRad: degToRad(deg), ...over });

function pass(envelope: Envelope, desired: JointCommand, is: Measured): { out: JointCommand; reasons: LimitReason[] } {
  envelope.apply({ joints: [desired] }, [is], true);
  const mask = envelope.limitedBy[0]!;
  return { out: envelope.permitted.joints[0]!, reasons: limitReasons.filter((_, i) => (mask & (1 << i)) !== 0) };
}

/** Lets the torque ramp up to what is wanted. */
function settle(envelope: Envelope, desired: JointCommand, is: Measured, cycles = 100) {
  for (let i = 0; i < cycles; i++) pass(envelope, desired, is);
  return pass(envelope, desired, is);
}

describe('the envelope', () => {
  it('makes a genuine command', () => {
    const envelope = new Envelope(one, PERIOD_SEC);
    expect(PermittedCommand.isGenuine(envelope.permitted)).toBe(true);
    expect(envelope.permitted.enable).toBe(false);
  });

  it('lets a harmless command through unchanged', () => {
    const envelope = new Envelope(one, PERIOD_SEC);
    const harmless = want(20.1, { stiffnessNmPerRad: 400, dampingNmsPerRad: 5, torqueNm: 3, velocityRadPerSec: 0.1 });
    const { out, reasons } = settle(envelope, harmless, at(20));
    expect(out).toEqual(harmless);
    expect(reasons).toEqual([]);
  });

  it('releases every joint when it is not enabled, and says so', () => {
    const envelope = new Envelope(one, PERIOD_SEC);
    settle(envelope, want(20, { stiffnessNmPerRad: 400, torqueNm: 20 }), at(20));
    envelope.apply({ joints: [want(30, { stiffnessNmPerRad: 400, dampingNmsPerRad: 5, torqueNm: 20 })] }, [at(22)], false);
    expect(envelope.permitted.enable).toBe(false);
    expect(envelope.permitted.joints[0]).toEqual(want(22));
    expect(envelope.limitedBy[0]).toBe(1 << limitReasons.indexOf('released'));
  });
});

it('lets go of one joint alone, at once and without damping, and takes it again with a ramp', () => {
  const envelope = new Envelope(limits.slice(0, 2), PERIOD_SEC);
  const both = (deg: number): JointCommand[] => [want(deg, { stiffnessNmPerRad: 200, dampingNmsPerRad: 5, torqueNm: 20 }), want(deg, { stiffnessNmPerRad: 200, dampingNmsPerRad: 5, torqueNm: 20 })];
  const go = (): void => envelope.apply({ joints: both(20) }, [at(20, -30), at(20)], true);
  for (let i = 0; i < 100; i++) go();
  envelope.letGo[0] = 1;
  go();
  expect(envelope.permitted.joints[0]).toEqual(want(20));
  expect(envelope.limitedBy[0]).toBe(1 << limitReasons.indexOf('released'));
  expect(envelope.permitted.joints[1]).toEqual(both(20)[1]);
  expect(envelope.permitted.enable).toBe(true);
  envelope.letGo[0] = 0;
  go();
  expect(driveTorqueNm(envelope.permitted.joints[0]!, at(20, -30))).toBeCloseTo(hip!.torqueUpNmPerSec * PERIOD_SEC, 6);
});

describe('position and speed', () => {
  it('the set-point moves from the previous one no faster than the speed limit', () => {
    const envelope = new Envelope(one, PERIOD_SEC);
    const { out, reasons } = pass(envelope, want(40), at(20));
    expect(out.positionRad).toBeCloseTo(degToRad(20 + 200 * PERIOD_SEC), 9);
    expect(reasons).toContain('position');
    expect(pass(envelope, want(40), at(20)).out.positionRad).toBeLessThanOrEqual(degToRad(20 + 2 * 200 * PERIOD_SEC) + 1e-12);
  });

  it('may come toward the measured position at once: that only relaxes the spring', () => {
    const envelope = new Envelope(one, PERIOD_SEC);
    settle(envelope, want(20), at(20));
    expect(pass(envelope, want(40), at(50)).out.positionRad).toBeCloseTo(degToRad(40), 9);
    expect(pass(envelope, want(10), at(5)).out.positionRad).toBeCloseTo(degToRad(10), 9);
  });

  it.each([
    ['above', 200, permitted.max],
    ['below', -100, permitted.min],
  ])('a set-point %s the permitted range comes to rest at its edge, slowing down in time', (_, targetDeg, edge) => {
    const envelope = new Envelope(one, PERIOD_SEC);
    let is = at(60);
    let before = is.positionRad;
    for (let i = 0; i < 500; i++) {
      const { out } = pass(envelope, want(targetDeg, { velocityRadPerSec: Math.sign(targetDeg) * 10 }), is);
      const left = Math.abs(edge - before);
      expect(Math.abs(out.positionRad - before) / PERIOD_SEC).toBeLessThanOrEqual(brakingSpeed(hip!.braking, left, 0) + 1e-9);
      expect(Math.abs(out.velocityRadPerSec)).toBeLessThanOrEqual(Math.min(hip!.speedRadPerSec, brakingSpeed(hip!.braking, left, 0)) + 1e-9);
      before = out.positionRad;
      is = { ...is, positionRad: out.positionRad };
    }
    expect(before).toBeCloseTo(edge, 3);
  });

  it('a velocity set-point over the limit is cut', () => {
    const { out, reasons } = pass(new Envelope(one, PERIOD_SEC), want(20, { velocityRadPerSec: 10 }), at(20));
    expect(out.velocityRadPerSec).toBeCloseTo(hip!.speedRadPerSec, 9);
    expect(reasons).toContain('velocity');
  });

  it.each([
    ['up', 200, 1],
    ['down', -100, -1],
  ])('a set-point that speeds up, %s, is given less, because it has to lose its acceleration first', (_, targetDeg, way) => {
    const envelope = new Envelope(one, PERIOD_SEC);
    const is = at(way > 0 ? 76 : -16);
    let [before, speed, acceleration] = [is.positionRad, 0, 0];
    for (let i = 0; i < 30; i++) {
      const left = way > 0 ? permitted.max - before : before - permitted.min;
      const allowed = way * Math.min(hip!.speedRadPerSec, brakingSpeed(hip!.braking, left, way * acceleration));
      const { out } = pass(envelope, want(targetDeg), is);
      expect([i, out.positionRad]).toEqual([i, expect.closeTo(before + allowed * PERIOD_SEC, 9)]);
      const now = (out.positionRad - before) / PERIOD_SEC;
      [before, acceleration, speed] = [out.positionRad, (now - speed) / PERIOD_SEC, now];
    }
  });

  it('a joint found outside the range gets its set-point on the edge', () => {
    expect(pass(new Envelope(one, PERIOD_SEC), want(85), at(82)).out.positionRad).toBe(permitted.max);
  });
});

describe('torque', () => {
  it('grows slowly and shrinks fast', () => {
    const envelope = new Envelope(one, PERIOD_SEC);
    const { out, reasons } = pass(envelope, want(20, { torqueNm: 50 }), at(20));
    expect(out.torqueNm).toBeCloseTo(2000 * PERIOD_SEC, 9);
    expect(reasons).toContain('torqueRate');
    settle(envelope, want(20, { torqueNm: 50 }), at(20));
    expect(pass(envelope, want(20), at(20)).out.torqueNm).toBeCloseTo(50 - 8000 * PERIOD_SEC, 9);
  });

  it('does so in both directions, and crosses zero no faster than it grows', () => {
    const envelope = new Envelope(one, PERIOD_SEC);
    settle(envelope, want(20, { torqueNm: -50 }), at(20));
    expect(pass(envelope, want(20), at(20)).out.torqueNm).toBeCloseTo(-50 + 32, 9);
    expect(pass(envelope, want(20, { torqueNm: 50 }), at(20)).out.torqueNm).toBeCloseTo(8, 9);
    expect(pass(envelope, want(20, { torqueNm: -50 }), at(20)).out.torqueNm).toBeCloseTo(-8, 9);
  });

  it('is limited as the whole that the drive will give, not as feed-forward alone', () => {
    const { out, reasons } = settle(new Envelope(one, PERIOD_SEC), want(30, { stiffnessNmPerRad: 400, torqueNm: 60 }), at(20));
    expect(driveTorqueNm(out, at(20))).toBeCloseTo(torqueNm, 6);
    expect(reasons).toContain('torque');
  });

  it('shrinks the gains where the feed-forward alone cannot take the excess back', () => {
    const envelope = new Envelope(one, PERIOD_SEC);
    settle(envelope, want(20, { stiffnessNmPerRad: 400 }), at(20));
    const { out } = pass(envelope, want(60, { stiffnessNmPerRad: 400 }), at(-20));
    expect(Math.abs(out.torqueNm)).toBeLessThanOrEqual(torqueNm);
    expect(out.stiffnessNmPerRad).toBeLessThan(400);
    expect(Math.abs(driveTorqueNm(out, at(-20)))).toBeLessThanOrEqual(torqueNm + 1e-6);
  });

  it('has to ramp again after a release', () => {
    const envelope = new Envelope(one, PERIOD_SEC);
    settle(envelope, want(20, { torqueNm: 50 }), at(20));
    envelope.apply({ joints: [want(20)] }, [at(20)], false);
    expect(pass(envelope, want(20, { torqueNm: 50 }), at(20)).out.torqueNm).toBeCloseTo(8, 9);
  });
});

describe('gains', () => {
  it.each([
    ['over the profile', { stiffnessNmPerRad: 500, dampingNmsPerRad: 9 }, stiffnessNmPerRad, dampingNmsPerRad],
    ['negative', { stiffnessNmPerRad: -1, dampingNmsPerRad: -1 }, 0, 0],
    ['with too much stiffness alone', { stiffnessNmPerRad: 500, dampingNmsPerRad: 1 }, stiffnessNmPerRad, 1],
    ['with too much damping alone', { stiffnessNmPerRad: 100, dampingNmsPerRad: 9 }, 100, dampingNmsPerRad],
  ])('%s are cut', (_, gains, stiffness, damping) => {
    const { out, reasons } = pass(new Envelope(one, PERIOD_SEC), want(20, gains), at(20));
    expect([out.stiffnessNmPerRad, out.dampingNmsPerRad]).toEqual([stiffness, damping]);
    expect(reasons).toContain('stiffness');
  });
});

describe('the wall', () => {
  it('is a spring-damper on the edge, rendered in the drive, where outward torque would exceed it', () => {
    const { out, reasons } = settle(new Envelope(one, PERIOD_SEC), want(79, { torqueNm: 40 }), at(78));
    expect(out).toMatchObject({ positionRad: permitted.max, velocityRadPerSec: 0, stiffnessNmPerRad, dampingNmsPerRad });
    expect(driveTorqueNm(out, at(78))).toBeCloseTo(stiffnessNmPerRad * degToRad(2), 6);
    expect(reasons).toContain('torque');
  });

  it('pushes a transparent joint back that is past its edge', () => {
    const above = settle(new Envelope(one, PERIOD_SEC), want(82), at(82)).out;
    expect(driveTorqueNm(above, at(82))).toBeCloseTo(-stiffnessNmPerRad * degToRad(2), 6);
    const below = settle(new Envelope(one, PERIOD_SEC), want(-22), at(-22)).out;
    expect(driveTorqueNm(below, at(-22))).toBeCloseTo(stiffnessNmPerRad * degToRad(2), 6);
  });

  // Of a light joint the other edge lets through little: so much that it gains no more speed than it may have there.
  it.each([1, -1])('pushes a light joint back with all that its spring asks for, whatever the other edge lets through (%i)', (outward) => {
    const light = { ...hip!, edge: { ...hip!.edge, marginNmsPerRad: 1 } };
    const [deg, nm] = outward > 0 ? [84, -stiffnessNmPerRad * degToRad(4)] : [-24, stiffnessNmPerRad * degToRad(4)];
    const pushed = (torqueNm: number) => driveTorqueNm(settle(new Envelope([light], PERIOD_SEC), want(deg, { torqueNm }), at(deg)).out, at(deg));
    expect([0, outward * 50, -outward * 90].map(pushed)).toEqual([nm, nm, nm].map((each) => expect.closeTo(each, 6)));
    expect(outward * driveTorqueNm(settle(new Envelope([light], PERIOD_SEC), want(30, { torqueNm: -outward * 90 }), at(30)).out, at(30))).toBeCloseTo(-hip!.edge.speedRadPerSec, 6);
  });

  it.each([
    [81, 60],
    [-21, -60],
  ])('takes outward torque away at once at %i°, faster than any rate', (deg, outward) => {
    const envelope = new Envelope(one, PERIOD_SEC);
    settle(envelope, want(20, { torqueNm: outward }), at(20));
    pass(envelope, want(deg, { torqueNm: outward }), at(deg));
    expect(Math.sign(outward) * driveTorqueNm(envelope.permitted.joints[0]!, at(deg))).toBeLessThanOrEqual(1e-9);
  });

  it('begins earlier for a joint that moves toward the edge', () => {
    const { out, reasons } = settle(new Envelope(one, PERIOD_SEC), want(78, { torqueNm: 12 }), at(78, 25));
    expect(driveTorqueNm(out, at(78, 25))).toBeCloseTo(stiffnessNmPerRad * degToRad(2) - dampingNmsPerRad * degToRad(25), 6);
    expect(out).toMatchObject({ positionRad: permitted.max, stiffnessNmPerRad, dampingNmsPerRad });
    expect(reasons).toContain('torque');
    expect(settle(new Envelope(one, PERIOD_SEC), want(-18, { torqueNm: -12 }), at(-18, -25)).out).toMatchObject({ positionRad: permitted.min, stiffnessNmPerRad, dampingNmsPerRad });
    expect(settle(new Envelope(one, PERIOD_SEC), want(78, { torqueNm: 12 }), at(78)).reasons).toEqual([]);
  });

  it.each([
    ['up', 70, 1],
    ['down', -10, -1],
  ])('brakes a joint that moves %s too fast for the way left: outward torque goes at once, braking grows by the fast rate up to the limit', (_, deg, outward) => {
    const envelope = new Envelope(one, PERIOD_SEC);
    settle(envelope, want(deg, { torqueNm: outward * 60 }), at(30));
    const fast = at(deg, outward * 190);
    const brakingNm = [1, 2, 3, 4, 5].map(() => -outward * driveTorqueNm(pass(envelope, want(deg, { torqueNm: outward * 60 }), fast).out, fast));
    expect(brakingNm).toEqual([32, 64, 96, torqueNm, torqueNm].map((nm) => expect.closeTo(nm, 6)));
  });

  it.each([1, -1])('lets what brakes harder be, and does not turn it outward (%i)', (outward) => {
    const envelope = new Envelope(one, PERIOD_SEC);
    const fast = at(30 + outward * 45, outward * 60);
    settle(envelope, want(30, { torqueNm: -outward * 90 }), fast);
    expect(outward * driveTorqueNm(envelope.permitted.joints[0]!, fast)).toBeCloseTo(-90, 6);
  });

  it('brakes with no more than the share of the torque that the drive can bear', () => {
    const envelope = new Envelope(one, PERIOD_SEC);
    envelope.torqueShare[0] = 0.3;
    for (const outward of [1, -1]) {
      const fast = at(30 + outward * 45, outward * 190);
      expect(outward * driveTorqueNm(settle(envelope, want(30), fast).out, fast)).toBeCloseTo(-30, 6);
    }
  });

  it('of a drive that takes a torque is no spring inside the range: at rest near its end it may still support', () => {
    const bare = { ...hip!, edge: { ...hip!.edge, rendered: false, stiffnessNmPerRad: 50, dampingNmsPerRad: 0 } };
    const { out, reasons } = settle(new Envelope([bare], PERIOD_SEC), want(75, { torqueNm: 40 }), at(75));
    expect(out).toMatchObject({ stiffnessNmPerRad: 0, torqueNm: 40 });
    expect(reasons).toEqual([]);
    expect(driveTorqueNm(settle(new Envelope([bare], PERIOD_SEC), want(80), at(82)).out, at(82))).toBeCloseTo(-50 * degToRad(2), 6);
  });

  it('of each joint is its own', () => {
    const envelope = new Envelope(limits, PERIOD_SEC);
    for (let i = 0; i < 500; i++) envelope.apply({ joints: limits.map(() => want(200)) }, envelope.permitted.joints.map((out) => ({ positionRad: i === 0 ? degToRad(20) : out.positionRad, velocityRadPerSec: 0, trusted: true })), true);
    limits.forEach((limit, j) => expect(envelope.permitted.joints[j]!.positionRad).toBeCloseTo(limit.permitted.max, 3));
  });

  it('is not felt in the middle of the range', () => {
    expect(settle(new Envelope(one, PERIOD_SEC), want(40, { torqueNm: 60 }), at(40)).reasons).toEqual([]);
  });
});

describe('a joint that cannot be controlled is only damped', () => {
  const damped = { velocityRadPerSec: 0, stiffnessNmPerRad: 0, dampingNmsPerRad, torqueNm: 0 };
  it('when its sensors are not trusted', () => {
    const { out, reasons } = pass(new Envelope(one, PERIOD_SEC), want(40, { stiffnessNmPerRad: 400, torqueNm: 50 }), { ...at(20), trusted: false });
    expect(out).toEqual({ positionRad: degToRad(20), ...damped });
    expect(reasons).toEqual(['torque', 'stiffness']);
  });

  it('and has to ramp again afterwards', () => {
    const envelope = new Envelope(one, PERIOD_SEC);
    settle(envelope, want(20, { torqueNm: 50 }), at(20));
    pass(envelope, want(20, { torqueNm: 50 }), { ...at(20), trusted: false });
    expect(pass(envelope, want(20, { torqueNm: 50 }), at(20)).out.torqueNm).toBeCloseTo(8, 9);
  });

  it.each(['positionRad', 'velocityRadPerSec', 'stiffnessNmPerRad', 'dampingNmsPerRad', 'torqueNm'] as const)('when the desired %s is no number', (key) => {
    expect(pass(new Envelope(one, PERIOD_SEC), want(20, { [key]: Number.NaN }), at(20)).out).toEqual({ positionRad: degToRad(20), ...damped });
  });

  it('when nothing is desired or nothing is known of it', () => {
    const envelope = new Envelope(one, PERIOD_SEC);
    envelope.apply({ joints: [] }, [at(20)], true);
    expect(envelope.permitted.joints[0]).toEqual({ positionRad: degToRad(20), ...damped });
    envelope.apply({ joints: [want(20)] }, [], true);
    expect(envelope.permitted.joints[0]).toEqual({ positionRad: 0, ...damped });
  });
});

describe('whatever is desired and wherever the joint is', () => {
  const anything = fc.oneof(fc.double(), fc.double({ min: -200, max: 200 }));
  const desired = fc.record({ positionRad: anything, velocityRadPerSec: anything, stiffnessNmPerRad: anything, dampingNmsPerRad: anything, torqueNm: anything });
  const measured = fc.record({
    positionRad: fc.double({ min: degToRad(-40), max: degToRad(100), noNaN: true }),
    velocityRadPerSec: fc.double({ min: -8, max: 8, noNaN: true }),
    trusted: fc.boolean().map((rare) => rare || true),
  });
  const cycles = fc.array(fc.record({ desired, measured, enable: fc.nat(9).map((n) => n > 0), trusted: fc.nat(9).map((n) => n > 0) }), { minLength: 1, maxLength: 30 });

  it('the command is finite, inside the range, within gains, speed and torque, and pushes nowhere outward', () => {
    fc.assert(
      fc.property(cycles, fc.constantFrom(...limits), (sequence, limit) => {
        const envelope = new Envelope([limit], PERIOD_SEC);
        for (const { desired: want, measured: where, enable, trusted } of sequence) {
          const is = { ...where, trusted };
          envelope.apply({ joints: [want] }, [is], enable);
          const out = envelope.permitted.joints[0]!;
          for (const value of Object.values(out)) expect(Number.isFinite(value)).toBe(true);
          expect(out.positionRad).toBeGreaterThanOrEqual(limit.permitted.min);
          expect(out.positionRad).toBeLessThanOrEqual(limit.permitted.max);
          expect(Math.abs(out.velocityRadPerSec)).toBeLessThanOrEqual(limit.speedRadPerSec);
          expect(out.stiffnessNmPerRad).toBeGreaterThanOrEqual(0);
          expect(out.stiffnessNmPerRad).toBeLessThanOrEqual(limit.stiffnessNmPerRad + 1e-9);
          expect(out.dampingNmsPerRad).toBeGreaterThanOrEqual(0);
          expect(out.dampingNmsPerRad).toBeLessThanOrEqual(limit.dampingNmsPerRad + 1e-9);
          expect(Math.abs(out.torqueNm)).toBeLessThanOrEqual(limit.torqueNm);
          const torque = driveTorqueNm(out, is);
          expect(Math.abs(torque)).toBeLessThanOrEqual(limit.torqueNm + 1e-6);
          const outwardUp = is.positionRad >= limit.permitted.max && is.velocityRadPerSec >= 0 && torque > 1e-6;
          const outwardDown = is.positionRad <= limit.permitted.min && is.velocityRadPerSec <= 0 && torque < -1e-6;
          expect(outwardUp || outwardDown).toBe(false);
        }
      }),
      { numRuns: 400 },
    );
  });

  it('the torque never steps: it grows by the slow rate and shrinks by the fast one, but for what the wall takes away', () => {
    fc.assert(
      fc.property(fc.array(desired, { minLength: 2, maxLength: 30 }), fc.double({ min: 0, max: 1, noNaN: true }), (sequence, share) => {
        const envelope = new Envelope(one, PERIOD_SEC);
        const is = at(-5 + 70 * share);
        let before = 0;
        for (const want of sequence) {
          envelope.apply({ joints: [want] }, [is], true);
          const torque = driveTorqueNm(envelope.permitted.joints[0]!, is);
          expect(Math.abs(torque) - Math.abs(before)).toBeLessThanOrEqual(8 + 1e-6);
          const crosses = Math.sign(torque) !== Math.sign(before);
          expect(Math.abs(torque)).toBeLessThanOrEqual(crosses ? 8 + 1e-6 : Infinity);
          // A desire that makes no sense gives the joint up at once.
          const fastest = Object.values(want).every(Number.isFinite) ? 32 + 1e-6 : Infinity;
          expect(Math.abs(before) - Math.abs(torque)).toBeLessThanOrEqual(fastest);
          before = torque;
        }
      }),
      { numRuns: 400 },
    );
  });

  it('a share of the torque limit holds in every command, and one that is no number leaves nothing', () => {
    fc.assert(
      fc.property(fc.array(desired, { minLength: 1, maxLength: 20 }), fc.oneof(fc.constantFrom(Number.NaN, -1, 0, 1, 2), fc.double({ min: 0, max: 1, noNaN: true })), (sequence, share) => {
        const envelope = new Envelope(one, PERIOD_SEC);
        envelope.torqueShare[0] = share;
        const is = at(30);
        for (const want of sequence) {
          envelope.apply({ joints: [want] }, [is], true);
          const most = torqueNm * (share > 0 ? Math.min(1, share) : 0);
          expect(Math.abs(driveTorqueNm(envelope.permitted.joints[0]!, is))).toBeLessThanOrEqual(most + 1e-6);
        }
      }),
      { numRuns: 200 },
    );
    const full = new Envelope(one, PERIOD_SEC);
    expect([...full.torqueShare]).toEqual([1]);
    const half = new Envelope(one, PERIOD_SEC);
    half.torqueShare[0] = 0.5;
    const strong = want(30, { torqueNm: 90 });
    expect(driveTorqueNm(settle(full, strong, at(30)).out, at(30))).toBeCloseTo(90, 6);
    const { out, reasons } = settle(half, strong, at(30));
    expect(driveTorqueNm(out, at(30))).toBeCloseTo(50, 6);
    expect(reasons).toContain('torque');
  });

  it('a command that is permitted is permitted again where nothing moves', () => {
    fc.assert(
      fc.property(desired, fc.double({ min: -10, max: 70, noNaN: true }), (wish, deg) => {
        const envelope = new Envelope(one, PERIOD_SEC);
        const first = { ...settle(envelope, wish, at(deg), 200).out };
        const again = pass(envelope, wish, at(deg)).out;
        for (const key of Object.keys(first) as (keyof JointCommand)[]) expect(again[key]).toBeCloseTo(first[key], 3);
      }),
      { numRuns: 50 },
    );
  });
});
