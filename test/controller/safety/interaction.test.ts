import * as fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { InteractionWatch } from '../../../controller/safety/interaction.ts';
import { emptyJointCommand } from '../../../protocols/joints.ts';
import { sin } from '../../../protocols/math.ts';
import { PERIOD_US, profile } from './fixtures.ts';
import { known, LIMIT_NM, MS, NEW, none, STRIDE_CYCLES, usual, Walker } from './walker.ts';

let walker: Walker;
beforeEach(() => {
  walker = known();
});

describe('the watch over the interaction', () => {
  it('has nothing to say about a patient who does what he always does', () => {
    for (let n = 0; n < 40 * STRIDE_CYCLES; n++) {
      walker.step();
      expect(walker.suspected).toEqual(none);
    }
  });

  it.each([
    [0, 20, 50],
    [0, -20, 200],
    [1, 20, 200],
    [2, -40, 100],
    [3, 60, 50],
  ])('finds at joint %i a push of %f Nm that rises in %f ms, within 100 ms of its first 5 Nm', (joint, torqueNm, riseMs) => {
    const onsetMs = (riseMs * 5) / Math.abs(torqueNm);
    expect(walker.push(joint, torqueNm, riseMs) - onsetMs).toBeLessThan(90);
    expect(walker.suspected).toEqual(none.map((_, j) => j === joint));
  });

  it('lets more pass while the legs swing out from a late cycle, and no more than 15 Nm', () => {
    walker.gait.jolt = 1;
    expect(walker.push(0, 18, 50)).toBeNaN();
    walker = known();
    walker.gait.jolt = 1;
    expect(walker.push(0, 30, 50)).toBeLessThan(90);
    walker = known();
    walker.gait.jolt = 0.2;
    expect(walker.push(0, 18, 50)).toBeLessThan(90);
  });

  it('leaves a leg that is free its whole limit, and one that becomes free a part of it', () => {
    const finds = (free: number, torqueNm: number): boolean => {
      const walker = new Walker().run(8 * STRIDE_CYCLES);
      walker.gait.freeLeft = free;
      return !Number.isNaN(walker.push(0, torqueNm, 100));
    };
    expect([finds(0, 20), finds(1, 20), finds(0.1, 20), finds(0.9, 20)]).toEqual([true, false, true, false]);
    const walker = new Walker().run(8 * STRIDE_CYCLES);
    walker.gait.freeLeft = 1;
    walker.push(0, LIMIT_NM + 20, 100);
    walker.run(10);
    expect(walker.watch.joints[0]).toMatchObject({ suspected: true, tooStrong: true });
  });

  it('watches a side that is led as closely as ever while the other one is free', () => {
    const finds = (joint: number, freeLeft: number, freeRight: number): boolean => {
      const walker = new Walker().run(8 * STRIDE_CYCLES);
      Object.assign(walker.gait, { freeLeft, freeRight });
      return !Number.isNaN(walker.push(joint, 20, 100));
    };
    expect([finds(0, 0, 1), finds(0, 1, 0), finds(2, 1, 0), finds(2, 0, 1)]).toEqual([true, false, true, false]);
  });

  it('knows the right leg by its own stride', () => {
    // The right hip now does what the left one does at this phase: half a stride off, up to 16 Nm away from its own.
    walker.run(STRIDE_CYCLES / 4);
    walker.extraNm = (_, joint) => (joint === 2 ? 2 * usual(walker.gait.phase) : 0);
    walker.run(60);
    expect(walker.suspected).toEqual([false, false, true, false]);
  });

  it('lets a single cycle pass, and not two', () => {
    const from = walker.cycle;
    walker.extraNm = (cycle, joint) => (joint === 0 && cycle === from + 1 ? 12 : 0);
    walker.run(10);
    expect(walker.suspected).toEqual(none);
    walker.extraNm = (cycle, joint) => (joint === 0 && (cycle === from + 11 || cycle === from + 12) ? 12 : 0);
    walker.run(10);
    expect(walker.suspected).toEqual([true, false, false, false]);
  });

  it('lets one pass that turns with the next cycle: readings whose moments are not known well show such', () => {
    const swings = (cycles: number): boolean => {
      const walker = new Walker().run(8 * STRIDE_CYCLES);
      const from = walker.cycle;
      walker.extraNm = (cycle, j) => (j === 2 ? 40 * (Math.floor((cycle - from - 1) / cycles) % 2 === 0 ? -1 : 1) : 0);
      return walker.run(12).suspected[2]!;
    };
    expect([swings(1), swings(2)]).toEqual([false, true]);
  });

  it('finds a fast rise by its slope before it leaves the band', () => {
    const slow = known();
    walker.push(0, 7.5, 12);
    expect(walker.suspected[0]).toBe(true);
    slow.push(0, 7.5, 400);
    expect(slow.suspected[0]).toBe(false);
  });

  it('takes a slope alone for none before its third cycle', () => {
    const rising = (cycles: number): boolean => {
      const { cycle } = (walker = known());
      // 6 Nm at once and half a newton metre more in each cycle stay within the band of 8 Nm; what they will be in 20 ms does not.
      walker.extraNm = (now, joint) => (joint === 0 && now > cycle && now <= cycle + cycles ? 5.5 + 0.5 * (now - cycle) : 0);
      return walker.run(cycles + 40).suspected[0]!;
    };
    expect([rising(1), rising(2), rising(3)]).toEqual([false, false, true]);
  });

  it('keeps a suspicion although the muscle lets go, and says after a quarter of a second that it was answered long enough', () => {
    walker.push(0, 30, 20);
    walker.extraNm = () => 0;
    walker.run(248 / MS - 1);
    expect(walker.watch.joints[0]).toMatchObject({ suspected: true, lasted: false });
    walker.run(2);
    expect(walker.watch.joints[0]).toMatchObject({ suspected: true, lasted: true });
    walker.run(1000);
    expect(walker.watch.joints[0]).toMatchObject({ suspected: true, lasted: true });
  });

  it('ends it when the drives are released, and still knows the patient afterwards', () => {
    walker.push(0, 60, 20);
    walker.run(100);
    walker.watch.release();
    expect(walker.watch.joints).toEqual(walker.watch.joints.map(() => ({ suspected: false, lasted: false, tooStrong: false, pushed: 0 })));
    walker.extraNm = () => 0;
    walker.run(3 * STRIDE_CYCLES);
    expect(walker.watch.joints[0]).toEqual({ suspected: false, lasted: false, tooStrong: false, pushed: 0 });
    expect(walker.push(0, 20, 200)).toBeLessThan(150);
  });

  it('finds a smaller torque at a joint that stands while it should move', () => {
    const moving = known();
    for (const one of [walker, moving]) one.planned[1]!.velocityRadPerSec = -2;
    walker.measured[1]!.velocityRadPerSec = -0.4;
    moving.measured[1]!.velocityRadPerSec = -0.6;
    expect(walker.push(1, 6, 80, 800)).not.toBeNaN();
    expect(moving.push(1, 6, 80, 800)).toBeNaN();
  });

  it('does not hold it against a joint that has stood for a while, as some do in each stride', () => {
    const standing = (ms: number): Walker => {
      const one = known();
      one.planned[1]!.velocityRadPerSec = -2;
      one.measured[1]!.velocityRadPerSec = 0;
      return one.run(ms / MS);
    };
    expect(standing(56).push(1, 5.5, 40)).toBeLessThan(40);
    expect(standing(100).push(1, 5.5, 40)).toBeNaN();
    expect(standing(400).push(1, 5.5, 40)).toBeNaN();
    expect(standing(400).push(1, 9, 40)).toBeLessThan(48);
    const again = standing(400);
    again.measured[1]!.velocityRadPerSec = -2;
    again.run(1);
    again.measured[1]!.velocityRadPerSec = 0;
    expect(again.push(1, 5.5, 40)).toBeLessThan(40);
  });

  it('does not call a joint blocked that is hardly led, nor one that begins to be', () => {
    walker.gait.guidanceLeft = 0.4;
    walker.planned[1]!.velocityRadPerSec = 2;
    walker.measured[1]!.velocityRadPerSec = 0;
    walker.run(8 * STRIDE_CYCLES);
    expect(walker.push(1, 6, 200, 800)).toBeNaN();
    walker.extraNm = () => 0;
    walker.gait.guidanceLeft = 1;
    walker.run(20);
    expect(walker.push(1, 6, 20, 60)).toBeNaN();
    walker.extraNm = () => 0;
    walker.measured[1]!.velocityRadPerSec = 2;
    walker.run(2 * STRIDE_CYCLES);
    walker.measured[1]!.velocityRadPerSec = 0;
    expect(walker.push(1, 6, 20, 60)).not.toBeNaN();
  });

  it('lets a leg move otherwise for a while after its guidance changed', () => {
    const same = known();
    walker.gait.guidanceLeft = 0.88;
    expect(walker.push(0, 8.7, 200, 240)).toBeNaN();
    expect(same.push(0, 8.7, 200, 240)).not.toBeNaN();
    walker.extraNm = () => 0;
    walker.run(600);
    expect(walker.push(0, 8.7, 200, 240)).not.toBeNaN();
  });

  it.each([[0, 21, 25], [0.125, 14, 18], [0.25, 7, 10]])('lets a leg that is led by %f of guidance do as it likes, to %f Nm more and not to %f', (guidance, usualNm, tooMuchNm) => {
    const led = (): Walker => {
      const one = new Walker();
      Object.assign(one.gait, { guidanceLeft: guidance, guidanceRight: guidance });
      return one.run(16 * STRIDE_CYCLES);
    };
    expect(led().push(0, usualNm, 400, 600)).toBeNaN();
    expect(led().push(0, tooMuchNm, 400, 600)).not.toBeNaN();
  });

  it('does not call a joint blocked that hardly has to move', () => {
    walker.planned[1]!.velocityRadPerSec = 0.5;
    walker.measured[1]!.velocityRadPerSec = 0;
    expect(walker.push(1, 6, 200, 800)).toBeNaN();
  });

  it('takes a speed that is no number for no motion, and a joint without a plan for a free one', () => {
    walker.planned[1]!.velocityRadPerSec = Number.NaN;
    expect(walker.push(1, 6, 200, 800)).toBeNaN();
    walker.planned.length = 0;
    walker.run(10);
    expect(walker.suspected).toEqual(none);
    walker.planned.push(...profile.joints.map(() => ({ ...emptyJointCommand(), velocityRadPerSec: 2 })));
    walker.measured.length = 0;
    expect(walker.push(1, 6, 20, 100)).not.toBeNaN();
  });

  it('says of a torque beyond the limit that it is too strong, whether it is usual or not', () => {
    walker.extraNm = (_, joint) => (joint === 3 ? -LIMIT_NM - 8.1 : 0);
    walker.step();
    expect(walker.watch.joints.map(({ tooStrong }) => tooStrong)).toEqual([false, false, false, true]);
    walker.extraNm = () => 0;
    walker.step();
    expect(walker.watch.joints[3]!.tooStrong).toBe(false);
  });

  it('says where a person pushes with half of the limit, and nothing below it', () => {
    walker.gait.blend = 0;
    const pushes = [LIMIT_NM / 2 + 0.1, -LIMIT_NM / 2 - 0.1, LIMIT_NM / 2, -LIMIT_NM / 2];
    walker.extraNm = (_, joint) => pushes[joint]!;
    walker.step();
    expect(walker.watch.joints.map(({ pushed }) => pushed)).toEqual([1, -1, 0, 0]);
  });

  it.each([1, -1])('believes in a push (%i) for three seconds, and again when it was away for four times as long', (side) => {
    walker.gait.blend = 0;
    const pushedFor = (): number => {
      walker.extraNm = (_, joint) => (joint === 1 ? side * LIMIT_NM : 0);
      for (let cycles = 0; cycles < 2_000; cycles++) {
        walker.step();
        if (walker.watch.joints[1]!.pushed === 0) return cycles * MS;
        expect(walker.watch.joints[1]!.pushed).toBe(side);
      }
      return Infinity;
    };
    const restFor = (ms: number): void => {
      walker.extraNm = () => 0;
      walker.run(ms / MS);
    };
    expect(pushedFor()).toBe(3_000);
    restFor(4_000);
    expect(pushedFor()).toBeCloseTo(1_000, -1);
    restFor(60_000);
    expect(pushedFor()).toBe(3_000);
    walker.watch.release();
    expect(pushedFor()).toBe(3_000);
  });

  it('takes a torque that is no number for the worst, and goes on knowing the rest', () => {
    walker.extraNm = (_, joint) => (joint === 2 ? Number.NaN : 0);
    walker.step();
    expect(walker.watch.joints[2]).toMatchObject({ tooStrong: true, suspected: false, pushed: 0 });
    walker.step();
    expect(walker.suspected).toEqual([false, false, true, false]);
    walker.watch.release();
    walker.extraNm = () => 0;
    walker.run(10);
    expect(walker.watch.joints[2]).toEqual({ suspected: false, lasted: false, tooStrong: false, pushed: 0 });
  });

  it('does not take one torque for two because no newer one came, but no number for the worst all the same', () => {
    walker.extraNm = (_, joint) => (joint === 2 ? Number.NaN : joint === 0 ? 40 : 0);
    walker.step();
    walker.isNew = [0, 0, 0, 0];
    walker.run(5);
    expect(walker.suspected).toEqual([false, false, true, false]);
    walker.isNew = NEW;
    walker.step();
    expect(walker.suspected).toEqual([true, false, true, false]);
  });

  it('takes a torque that is missing for the worst, from the first cycle on', () => {
    const watch = new InteractionWatch(profile.joints);
    for (let n = 0; n < 2; n++) watch.update([0, 0, Number.NaN], NEW, walker.gait, walker.intent, PERIOD_US);
    expect(watch.joints.map(({ suspected, tooStrong }) => suspected && tooStrong)).toEqual([false, false, true, true]);
    for (let n = 0; n < 2; n++) watch.update([0, 0, 5, 5], NEW, walker.gait, walker.intent, PERIOD_US);
    expect(watch.joints.map(({ tooStrong }) => tooStrong)).toEqual(none);
  });

  it('knows a patient who varies, and lets him', () => {
    const varying = new Walker();
    varying.extraNm = (cycle, joint) => 4 * sin(cycle / 97 + joint) + 3 * sin(cycle / 331 + 2 * joint);
    varying.run(16 * STRIDE_CYCLES);
    for (let n = 0; n < 40 * STRIDE_CYCLES; n++) varying.step();
    expect(varying.suspected).toEqual(none);
    expect(varying.push(0, 44, 50)).toBeLessThan(100);
  });

  it('widens its band no further than 25 Nm, whoever walks', () => {
    const wild = new Walker();
    wild.extraNm = (cycle, joint) => 12 * sin(cycle / 97 + joint);
    wild.run(16 * STRIDE_CYCLES);
    wild.watch.release();
    wild.extraNm = () => 0;
    wild.run(20);
    expect(wild.suspected).toEqual(none);
    expect(wild.push(1, 44, 50, 1000)).not.toBeNaN();
  });

  it('learns a change that comes slowly', () => {
    walker.push(0, 30, 60_000, 4 * 15_000);
    walker.run(10 * STRIDE_CYCLES);
    expect(walker.suspected).toEqual(none);
  });

  it('learns nothing from what it suspects', () => {
    walker.push(0, 30, 20);
    walker.run(20 * STRIDE_CYCLES);
    walker.watch.release();
    walker.run(2);
    expect(walker.suspected[0]).toBe(true);
  });
});

describe('whatever comes', () => {
  it('a stronger push is never answered later or more mildly', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 3 }), fc.constantFrom(-1, 1), fc.double({ min: 0, max: 80, noNaN: true }), fc.double({ min: 0, max: 40, noNaN: true }), fc.integer({ min: 10, max: 200 }), fc.integer({ min: 0, max: STRIDE_CYCLES }), (joint, sign, torqueNm, moreNm, riseMs, wait) => {
        const [weak, strong] = [new Walker().run(6 * STRIDE_CYCLES + wait), new Walker().run(6 * STRIDE_CYCLES + wait)];
        const [later, sooner] = [weak.push(joint, sign * torqueNm, riseMs), strong.push(joint, sign * (torqueNm + moreNm), riseMs)];
        const [weakly, strongly] = [weak.watch.joints[joint]!, strong.watch.joints[joint]!];
        expect(Number.isNaN(later) || sooner <= later).toBe(true);
        expect(!weakly.tooStrong || strongly.tooStrong || sooner < later).toBe(true);
      }),
      { numRuns: 30 },
    );
  });

  it('no number that is none gets through', () => {
    fc.assert(
      fc.property(fc.constantFrom(Number.NaN, Infinity, -Infinity), fc.integer({ min: 0, max: 3 }), (torqueNm, joint) => {
        const one = new Walker().run(50);
        one.extraNm = (_, j) => (j === joint ? torqueNm : 0);
        one.run(2);
        expect(one.watch.joints[joint]).toMatchObject({ suspected: true, tooStrong: true });
      }),
    );
  });
});

describe('what a person is asked for', () => {
  const HIP = 0;
  const asked = (freeJoint: number): Walker => {
    const person = new Walker();
    person.intent.mode = 'transparent';
    Object.assign(person.gait, { freeLeft: 1, freeRight: 1, freeJoint });
    // He stands: the pattern does not go on.
    person.pace = 0;
    return person.run(50);
  };

  it.each([
    ['the joint that he is asked to push with', HIP, false],
    ['another one', 1, true],
  ])('is wanted up to the limit of %s', (_, freeJoint, suspected) => {
    expect(asked(freeJoint).push(HIP, LIMIT_NM - 5, 300, 1000) > 0).toBe(suspected);
  });

  it('is wanted everywhere where all joints are free', () => {
    expect(asked(-1).push(HIP, LIMIT_NM - 5, 300, 1000)).toBeNaN();
  });
});
