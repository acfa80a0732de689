import { describe, expect, it } from 'vitest';
import { ArmRole, FADE_SEC } from '../../../controller/therapy/arm-roles.ts';
import { Tracker } from '../../../controller/therapy/tracker.ts';
import { createRandom } from '../../../protocols/random.ts';
import { bimanualModes } from '../../../protocols/training-mode.ts';

const PERIOD_SEC = 0.004;

describe('the role of an arm', () => {
  it.each([
    ['mirrorMotion', 'left', { led: 1, leads: 0, follows: 0 }],
    ['leftLeads', 'left', { led: 0, leads: 1, follows: 0 }],
    ['leftLeads', 'right', { led: 0, leads: 0, follows: 1, parallel: 0 }],
    ['rightLeadsParallel', 'left', { led: 0, leads: 0, follows: 1, parallel: 1 }],
    ['rightLeadsParallel', 'right', { led: 0, leads: 1, follows: 0 }],
  ] as const)('in %s, of the %s one, is there after a fade and not before', (mode, side, shares) => {
    const role = new ArmRole(side);
    role.change(mode, FADE_SEC);
    for (let sec = 0; sec < FADE_SEC / 2; sec += PERIOD_SEC) role.advance(PERIOD_SEC);
    expect(role.led.value).toBeGreaterThan(0.2);
    for (let sec = 0; sec < FADE_SEC / 2 + 2; sec += PERIOD_SEC) role.advance(PERIOD_SEC);
    for (const [share, value] of Object.entries(shares)) expect(role[share as keyof typeof shares].value).toBe(value);
    expect([role.led.perSec, role.led.perSec2]).toEqual([0, 0]);
  });

  it('is whole whenever the mode changes, and steps neither in value, nor in speed, nor in acceleration', () => {
    const random = createRandom(3);
    const role = new ArmRole('left');
    let before = { value: 0, perSec: 0, perSec2: 0 };
    const most = { offOne: 0, step: 0, stepPerSec: 0, stepPerSec2: 0 };
    for (let n = 0; n < 20_000; n++) {
      if (n % 97 === 0) role.change(bimanualModes[random.int(bimanualModes.length)]!, FADE_SEC * (1 + 3 * random.next()));
      role.advance(PERIOD_SEC);
      const { led, leads, follows } = role;
      most.offOne = Math.max(most.offOne, Math.abs(led.value + leads.value + follows.value - 1));
      most.step = Math.max(most.step, Math.abs(follows.value - before.value));
      most.stepPerSec = Math.max(most.stepPerSec, Math.abs(follows.perSec - before.perSec));
      most.stepPerSec2 = Math.max(most.stepPerSec2, Math.abs(follows.perSec2 - before.perSec2));
      before = { value: follows.value, perSec: follows.perSec, perSec2: follows.perSec2 };
    }
    expect(most.offOne).toBeLessThan(5e-10);
    expect(most.step).toBeLessThan(0.005);
    expect(most.stepPerSec).toBeLessThan(0.05);
    expect(most.stepPerSec2).toBeLessThan(0.5);
  });
});

describe('a tracker', () => {
  it('is less than 3 % off at 1 Hz, and its acceleration that of the movement', () => {
    const tracker = new Tracker(10, 100);
    let [offRad, offRadPerSec2] = [0, 0];
    for (let sec = 0; sec < 5; sec += PERIOD_SEC) {
      const turned = 2 * Math.PI * sec;
      tracker.follow(0.3 * Math.sin(turned), 0.6 * Math.PI * Math.cos(turned), PERIOD_SEC);
      if (sec < 1) continue;
      offRad = Math.max(offRad, Math.abs(tracker.positionRad - 0.3 * Math.sin(turned)));
      offRadPerSec2 = Math.max(offRadPerSec2, Math.abs(tracker.accelerationRadPerSec2 + 0.3 * (2 * Math.PI) ** 2 * Math.sin(turned)));
    }
    expect(offRad).toBeLessThan(0.03 * 0.3);
    expect(offRadPerSec2).toBeLessThan(0.15 * 0.3 * (2 * Math.PI) ** 2);
  });

  it('is never faster than it may be, and arrives all the same', () => {
    const tracker = new Tracker(1.5, 30);
    let fastest = 0;
    for (let sec = 0; sec < 3; sec += PERIOD_SEC) {
      tracker.follow(2, 0, PERIOD_SEC);
      fastest = Math.max(fastest, Math.abs(tracker.velocityRadPerSec));
      expect(Math.abs(tracker.accelerationRadPerSec2)).toBeLessThan(30.001);
    }
    expect(fastest).toBe(1.5);
    expect(tracker.positionRad).toBeCloseTo(2, 6);
  });

  it('comes to rest where a movement is no number any more', () => {
    const tracker = new Tracker(5, 50);
    tracker.reset(1, 1);
    for (let sec = 0; sec < 1; sec += PERIOD_SEC) tracker.follow(Number.NaN, 1, PERIOD_SEC);
    expect(tracker.velocityRadPerSec).toBeCloseTo(0, 6);
    expect(tracker.positionRad).toBeLessThan(1.05);
  });
});
