/** The same watch over an arm: its bands are as small as what an arm may be held with. */
import { describe, expect, it } from 'vitest';
import { InteractionWatch } from '../../../controller/safety/interaction.ts';
import { emptyJointCommand } from '../../../protocols/joints.ts';
import { armExo } from '../../sim/support/profile.ts';
import { emptyIntent } from '../../../protocols/session-log.ts';
import { sin } from '../../../protocols/math.ts';
import { profile as gait } from './fixtures.ts';

const profile = armExo();
const PERIOD_US = 1e6 / profile.controlRateHz;
const REPETITION_CYCLES = 2_000;
const NEW = profile.joints.map(() => 1);

/** What the relaxed arm of somebody who is heavier than entered adds at each joint, as a share of its limit. */
const usual = (phase: number): number => 0.15 * sin(2 * Math.PI * phase);

function arm(blend: number, share: (phase: number) => number = usual, repetitionCycles = REPETITION_CYCLES) {
  const watch = new InteractionWatch(profile.joints);
  const view = { phase: 0, blend, guidanceLeft: 1, guidanceRight: 1, freeLeft: 0, freeRight: 0, freeJoint: -1, changing: false, jolt: 0, groundNm: null as readonly number[] | null, planned: profile.joints.map(emptyJointCommand), measured: profile.joints.map(() => ({ velocityRadPerSec: 0.3 })) };
  const torqueNm = new Float64Array(profile.joints.length);
  const intent = emptyIntent(profile.joints.length);
  const step = (joint: number, extraNm: number): boolean => {
    view.phase = (view.phase + view.blend / repetitionCycles) % 1;
    profile.joints.forEach(({ interactionLimitNm }, j) => (torqueNm[j] = interactionLimitNm * view.blend * share((view.phase + 0.5) % 1) + (j === joint ? extraNm : 0)));
    watch.update(torqueNm, NEW, view, intent, PERIOD_US);
    return watch.joints.some(({ suspected }) => suspected);
  };
  const run = (cycles: number): boolean => Array.from({ length: cycles }, () => step(-1, 0)).includes(true);
  return { step, run, view, intent };
}

const joints = profile.joints.map(({ id, interactionLimitNm }, j) => [id, interactionLimitNm, j] as const);

describe('in the watch over an arm', () => {
  it('what its repetitions are like is learned, and is no suspicion', () => {
    expect(arm(1).run(6 * REPETITION_CYCLES)).toBe(false);
  });

  it.each(joints)('%s is found pushed while it stands, by a third of its limit of %i Nm', (_, limitNm, j) => {
    const { run, step } = arm(0);
    expect(run(500)).toBe(false);
    expect([step(j, limitNm / 3), step(j, limitNm / 3)]).toEqual([false, true]);
  });

  // An arm that nobody led was paused: he took half a second to come to rest by himself, and was stopped for a spasm of 1.4 Nm.
  it.each(joints)('%s, led by nobody when its motion was paused, may come to rest by itself with a quarter of its limit of %i Nm, for a moment', (_, limitNm, j) => {
    const paused = (guidance: number, cycles: number): ReturnType<typeof arm> => {
      const one = arm(1);
      one.view.guidanceLeft = one.view.guidanceRight = guidance;
      expect(one.run(2 * REPETITION_CYCLES)).toBe(false);
      one.view.blend = 0;
      expect(one.run(cycles)).toBe(false);
      return one;
    };
    const suspects = ({ step }: ReturnType<typeof arm>, share: number): boolean => [step(j, share * limitNm), step(j, share * limitNm)].includes(true);
    expect([suspects(paused(0, 50), 0.25), suspects(paused(0, 50), 0.6)]).toEqual([false, true]);
    expect([suspects(paused(0, 500), 0.25), suspects(paused(1, 50), 0.25)]).toEqual([true, true]);
  });

  it.each(joints)('%s is found pushed in motion, well below its limit of %i Nm', (_, limitNm, j) => {
    const { run, step } = arm(1);
    expect(run(6 * REPETITION_CYCLES)).toBe(false);
    expect([step(j, limitNm / 2), step(j, limitNm / 2)]).toEqual([false, true]);
  });

  it.each(joints)('%s is found pushed after its pattern began anew, by two fifths of its limit of %i Nm: the way back to the beginning is no pace', (_, limitNm, j) => {
    const { run, step, view } = arm(1);
    expect(run(4.6 * REPETITION_CYCLES)).toBe(false);
    view.phase = 0;
    expect(run(3.4 * REPETITION_CYCLES)).toBe(false);
    expect([step(j, 0.4 * limitNm), step(j, 0.4 * limitNm)]).toEqual([false, true]);
  });

  describe('a repetition that is not known yet', () => {
    const third = (limitNm: number): number => (20 / 45) * limitNm;
    /** @returns in which cycle a push that rises in so many is found */
    const found = ({ step }: ReturnType<typeof arm>, joint: number, pushNm: number, riseCycles: number): number => {
      for (let cycle = 1; cycle <= 125; cycle++) if (step(joint, pushNm * Math.min(1, cycle / riseCycles))) return cycle;
      return Number.NaN;
    };
    const begun = (change: Partial<ReturnType<typeof arm>['view']> = {}, repetitionCycles = REPETITION_CYCLES, cycles = 500): ReturnType<typeof arm> => {
      const one = arm(1, usual, repetitionCycles);
      Object.assign(one.view, change);
      expect(one.run(cycles)).toBe(false);
      return one;
    };

    it.each(joints)('shows the lightest push at %s, limit %i Nm, as a step in a slow motion', (_, limitNm, j) => {
      for (const sign of [1, -1]) for (const riseCycles of [12, 25, 50]) expect(found(begun(), j, sign * third(limitNm), riseCycles)).toBeLessThan(riseCycles + 3);
    });

    it('and not what is a third weaker, nor what comes slowly', () => {
      expect(found(begun(), 0, 0.6 * third(20), 12)).toBeNaN();
      expect(found(begun(), 0, third(20), 1_000)).toBeNaN();
    });

    it('and needs a little more of one the faster it is', () => {
      expect(found(begun({}, 12_000), 0, 0.62 * third(20), 5)).toBeLessThan(10);
      expect(found(begun({}, 1_500), 0, 0.62 * third(20), 5)).toBeNaN();
    });

    it('but not in one as fast as a stride, nor in one that waits for him, grows, or is hardly led, moves freely, treads on a ground or is jolted', () => {
      expect(found(begun(), 0, 0.8 * third(20), 12)).toBeLessThan(15);
      expect(found(begun({}, 1_000, 300), 0, 0.8 * third(20), 12)).toBeNaN();
      expect(found(begun({}, Infinity), 0, 0.8 * third(20), 12)).toBeNaN();
      expect(found(begun({ blend: 0.9 }), 0, 0.8 * third(20), 12)).toBeNaN();
      expect(found(begun({ guidanceLeft: 0.1, guidanceRight: 0.1 }), 0, 0.8 * third(20), 12)).toBeNaN();
      expect(found(begun({ freeLeft: 0.8, freeRight: 0.8 }), 0, 0.8 * third(20), 12)).toBeNaN();
      expect(found(begun({ groundNm: profile.joints.map(() => 0) }), 0, 0.8 * third(20), 12)).toBeNaN();
      const jolted = begun();
      jolted.view.jolt = 1;
      expect(found(jolted, 0, 0.8 * third(20), 12)).toBeNaN();
    });

    it('nor at once after a rest, when nobody knows how fast it goes', () => {
      expect(found(begun({}, REPETITION_CYCLES, 100), 0, third(20), 12)).toBeNaN();
      const waited = begun();
      waited.view.phase -= 1 / REPETITION_CYCLES;
      expect(found(waited, 0, third(20), 12)).toBeNaN();
    });

    it.each(['passiveMotion', 'mirrorMotion', 'triggered'] as const)('but at once after a pause of one that waits for nobody (%s)', (mode) => {
      const paused = arm(1);
      paused.intent.mode = mode;
      expect(paused.run(500)).toBe(false);
      for (let cycle = 0; cycle < 500; cycle++) {
        paused.view.phase -= 1 / REPETITION_CYCLES;
        expect(paused.step(-1, 0)).toBe(false);
      }
      expect(found(paused, 0, third(20), 12) < 15).toBe(mode !== 'triggered');
    });

    it('and a known one is judged by what is known alone: a strong patient is let be', () => {
      let strength = 0;
      const strong = arm(1, (phase) => 0.15 * sin(2 * Math.PI * phase) + strength * sin(2 * Math.PI * 40 * phase));
      for (strength = 0; strength < 0.4; strength += 0.02) expect(strong.run(REPETITION_CYCLES)).toBe(false);
      expect(strong.run(4 * REPETITION_CYCLES)).toBe(false);
    });
  });

  it('none is suspected of what is a twentieth of its limit', () => {
    for (const [, limitNm, j] of joints) {
      const { run, step } = arm(1);
      run(6 * REPETITION_CYCLES);
      expect(Array.from({ length: 100 }, () => step(j, limitNm / 20)).includes(true)).toBe(false);
    }
  });
});

it('a leg’s bands are what they are, whatever the profile lets it be held with', () => {
  const watch = new InteractionWatch(gait.joints.map((joint) => ({ ...joint, interactionLimitNm: 15 })));
  const view = { phase: 0, blend: 0, guidanceLeft: 1, guidanceRight: 1, freeLeft: 0, freeRight: 0, freeJoint: -1, changing: false, jolt: 0, groundNm: null, planned: gait.joints.map(emptyJointCommand), measured: gait.joints.map(() => ({ velocityRadPerSec: 0 })) };
  for (const torqueNm of [0, 0, 9.5, 9.5, 9.5]) watch.update(gait.joints.map(() => torqueNm), [1, 1, 1, 1], view, emptyIntent(4), PERIOD_US);
  expect(watch.joints.some(({ suspected }) => suspected)).toBe(false);
});
