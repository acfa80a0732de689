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

function arm(blend: number, share: (phase: number) => number = usual) {
  const watch = new InteractionWatch(profile.joints);
  const view = { phase: 0, blend, guidanceLeft: 1, guidanceRight: 1, freeLeft: 0, freeRight: 0, freeJoint: -1, jolt: 0, groundNm: null, planned: profile.joints.map(emptyJointCommand), measured: profile.joints.map(() => ({ velocityRadPerSec: 0.3 })) };
  const torqueNm = new Float64Array(profile.joints.length);
  const step = (joint: number, extraNm: number): boolean => {
    view.phase = (view.phase + view.blend / REPETITION_CYCLES) % 1;
    profile.joints.forEach(({ interactionLimitNm }, j) => (torqueNm[j] = interactionLimitNm * view.blend * share((view.phase + 0.5) % 1) + (j === joint ? extraNm : 0)));
    watch.update(torqueNm, NEW, view, emptyIntent(profile.joints.length), PERIOD_US);
    return watch.joints.some(({ suspected }) => suspected);
  };
  const run = (cycles: number): boolean => Array.from({ length: cycles }, () => step(-1, 0)).includes(true);
  return { step, run };
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

  it.each(joints)('%s is found pushed in motion, well below its limit of %i Nm', (_, limitNm, j) => {
    const { run, step } = arm(1);
    expect(run(6 * REPETITION_CYCLES)).toBe(false);
    expect([step(j, limitNm / 2), step(j, limitNm / 2)]).toEqual([false, true]);
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
  const view = { phase: 0, blend: 0, guidanceLeft: 1, guidanceRight: 1, freeLeft: 0, freeRight: 0, freeJoint: -1, jolt: 0, groundNm: null, planned: gait.joints.map(emptyJointCommand), measured: gait.joints.map(() => ({ velocityRadPerSec: 0 })) };
  for (const torqueNm of [0, 0, 9.5, 9.5, 9.5]) watch.update(gait.joints.map(() => torqueNm), [1, 1, 1, 1], view, emptyIntent(4), PERIOD_US);
  expect(watch.joints.some(({ suspected }) => suspected)).toBe(false);
});
