import { expect, it } from 'vitest';
import { GuidedGait } from '../../../controller/therapy/guided-gait.ts';
import { toRangeRad } from '../../../protocols/profile.ts';
import { degToRad } from '../../../protocols/units.ts';
import { healthyIntent, PERIOD_US, profile, setup } from '../safety/fixtures.ts';

const HIP = 0;

/** A hip that follows its stop exactly, from 20° and this speed. @returns its commands */
function stopped(radPerSec: number) {
  const gait = new GuidedGait(profile, setup, profile.joints.map(({ softRangeDeg }) => toRangeRad(softRangeDeg)));
  const measured = profile.joints.map(() => ({ positionRad: degToRad(20), velocityRadPerSec: 0 }));
  const yielding = { left: false, right: false, interactionNm: profile.joints.map(() => 0) };
  const update = (task: 'hold' | 'brake'): void => gait.update(task, measured, healthyIntent(), PERIOD_US, true, yielding);
  for (let n = 0; n < 300; n++) update('hold');
  measured[HIP]!.velocityRadPerSec = radPerSec;
  const commands = Array.from({ length: 60 }, () => {
    update('brake');
    const { positionRad, velocityRadPerSec, torqueNm } = gait.desired.joints[HIP]!;
    measured[HIP] = { positionRad, velocityRadPerSec };
    return { positionRad, velocityRadPerSec, torqueNm };
  });
  return commands;
}

it('a stop is led from where the joint will be when its drive acts, not from where it was', () => {
  const [first] = stopped(2);
  // Three periods of the loop and one that has passed, at 2 rad/s.
  expect(first!.positionRad - degToRad(20)).toBeCloseTo(2 * 0.016, 3);
  expect(stopped(0)[0]!.positionRad).toBeCloseTo(degToRad(20), 9);
});

it('a stop has the whole torque that the deceleration of limb and orthosis needs, however firm the leg is by then', () => {
  const [forth, back] = [stopped(1), stopped(-1)];
  // Position and speed are as led, so that no spring pulls: what differs between the two ways is inertia and friction.
  const torquesNm = forth.map(({ torqueNm }, n) => (torqueNm - back[n]!.torqueNm) / 2);
  const middle = torquesNm[28]!;
  // Half way of 250 ms: 1.875/0.25 s of the speed per second, with some 3 kg m² and more, less up to 6 Nm of friction.
  expect(middle).toBeLessThan(-23.5);
  expect(forth.at(-1)!.velocityRadPerSec).toBeCloseTo(0, 9);
});

it('a stop of a leg that swings at 94°/s asks less of its cuffs than the interaction limit, which the same stop within 200 ms would not', () => {
  const { interactionLimitNm } = profile.joints[HIP]!;
  const swing = degToRad(94);
  const mostNm = Math.max(...stopped(swing).map(({ torqueNm }, n) => Math.abs(torqueNm - stopped(-swing)[n]!.torqueNm) / 2));
  expect(mostNm).toBeLessThan(interactionLimitNm);
});
