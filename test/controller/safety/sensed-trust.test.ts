import { beforeEach, describe, expect, it } from 'vitest';
import { firstSensed, SensedTrust } from '../../../controller/safety/sensed-trust.ts';
import type { RobotInputs } from '../../../protocols/joints.ts';
import type { RobotProfile, SensedJoint } from '../../../protocols/profile.ts';
import { inputsOf } from '../../../protocols/session-log.ts';
import { degToRad } from '../../../protocols/units.ts';
import { armProfile, servoOf } from '../../support/sensed.ts';

const HUB = 0;
const SERVO = 1;
const PERIOD_US = 4_000;

const sensed = (reading: SensedJoint['reading'], id: string): SensedJoint => ({
  id,
  name: { en: id, ko: id, de: id },
  kind: 'forearm',
  side: 'right',
  mechanicalStopDeg: { min: -70, max: 70 },
  softRangeDeg: { min: -60, max: 60 },
  speedLimitDegPerSec: 400,
  homePositionDeg: 0,
  coulombFrictionNm: 0.1,
  viscousFrictionNmsPerRad: 0.01,
  reading,
});

const profile: RobotProfile = { ...armProfile, links: [...armProfile.links, { id: 'servos', protocol: 'dynamixel2', baud: 1_000_000 }], sensedJoints: [sensed({ by: 'hub', hubChannel: 6 }, 'a'), sensed({ by: 'servo', servo: servoOf(1) }, 'b')] } as RobotProfile;

let inputs: RobotInputs;
let trust: SensedTrust;
const of = (index: number) => trust.joints[index]!;

/** One cycle on, with a new reading of one of them. @param agoUs how long it has been on its way */
function tick(index: number, deg: number, agoUs = 1_000): void {
  inputs.nowUs += PERIOD_US;
  const reading = inputs.sensed[index]!;
  reading.sequence++;
  reading.positionRad = degToRad(deg);
  reading.ageUs = agoUs;
  reading.quality = 255;
  trust.update(inputs);
}

/** Nothing new of it for so long. */
function silentMs(index: number, ms: number): void {
  for (let passedUs = 0; passedUs < ms * 1_000; passedUs += PERIOD_US) {
    inputs.nowUs += PERIOD_US;
    inputs.sensed[index]!.ageUs += PERIOD_US;
    trust.update(inputs);
  }
}

beforeEach(() => {
  inputs = inputsOf(profile);
  for (const link of inputs.links) link.up = true;
  inputs.nowUs = 1_000_000;
  trust = new SensedTrust(profile);
});

describe('a joint that is only measured', () => {
  it('is not trusted before its first reading, and is after it', () => {
    trust.update(inputs);
    expect(of(HUB)).toMatchObject({ trusted: false, implausible: false, ageUs: Infinity });
    tick(HUB, 30);
    expect(of(HUB)).toMatchObject({ trusted: true, positionRad: degToRad(30), velocityRadPerSec: 0 });
    expect(of(SERVO).trusted).toBe(false);
  });

  // A jump of 60° to beyond its mechanical stop: 0.2 s later the joint had come back so far that its angle was possible, and believed.
  it('has jumped where it comes back from beyond its stop little by little, and is believed when it leaps back', () => {
    tick(SERVO, 40);
    for (let deg = 100; deg > 60; deg -= 0.5) tick(SERVO, deg);
    expect(of(SERVO)).toMatchObject({ trusted: false, implausible: true, positionRad: degToRad(40) });
    tick(SERVO, 0.5);
    expect(of(SERVO)).toMatchObject({ trusted: true, implausible: false });
  });

  it('has not jumped where readings of bad quality say so, however far it goes meanwhile', () => {
    tick(HUB, 10);
    for (let ms = 0; ms < 200; ms += 4) {
      Object.assign(inputs.sensed[HUB]!, { positionRad: degToRad(-50), quality: 10 });
      inputs.sensed[HUB]!.sequence++;
      inputs.nowUs += PERIOD_US;
      trust.update(inputs);
    }
    expect(of(HUB).trusted).toBe(false);
    tick(HUB, 60);
    expect(of(HUB)).toMatchObject({ trusted: true, implausible: false });
  });

  it.each([
    ['beyond its stop', { positionRad: degToRad(80) }],
    ['no number', { positionRad: Number.NaN }],
    ['of bad quality', { quality: 10 }],
  ])('keeps its last trusted angle while a reading is %s, and marks it', (_, spoiled) => {
    tick(HUB, 30);
    Object.assign(inputs.sensed[HUB]!, spoiled, { sequence: 99 });
    trust.update(inputs);
    expect(of(HUB)).toMatchObject({ trusted: false, implausible: true, positionRad: degToRad(30) });
    tick(HUB, 30.5);
    expect(of(HUB)).toMatchObject({ trusted: true, implausible: false });
  });

  it('cannot jump, and may go as far as it could in the time since the last reading', () => {
    for (let i = 0; i < 4; i++) tick(HUB, 0);
    tick(HUB, 10);
    expect(of(HUB)).toMatchObject({ trusted: false, implausible: true });
    tick(HUB, 0);
    silentMs(HUB, 20);
    tick(HUB, 10);
    expect(of(HUB)).toMatchObject({ trusted: true, implausible: false });
  });

  // Until then the angle that it had jumped to was believed again as soon as it could have been reached: after some 60 ms.
  it.each([HUB, SERVO])('does not believe a jump that stays, however long, nor what moves on from there', (index) => {
    for (let i = 0; i < 4; i++) tick(index, 0);
    for (let i = 0; i < 1_000; i++) tick(index, 40 + 10 * Math.sin(i / 20));
    expect(of(index)).toMatchObject({ trusted: false, implausible: true, positionRad: 0 });
    silentMs(index, 500);
    for (let i = 0; i < 100; i++) tick(index, 40);
    expect(of(index).trusted).toBe(false);
  });

  it('believes at once what jumps back about as far as it had jumped away', () => {
    for (let i = 0; i < 4; i++) tick(HUB, 0);
    tick(HUB, 40);
    tick(HUB, 0.5);
    expect(of(HUB)).toMatchObject({ trusted: true, positionRad: degToRad(0.5), velocityRadPerSec: 0 });
    for (let i = 0; i < 300; i++) tick(HUB, i < 20 ? 40 : -30);
    expect(of(HUB).trusted).toBe(false);
    tick(HUB, 2);
    expect(of(HUB)).toMatchObject({ trusted: true, positionRad: degToRad(2) });
  });

  it('does not believe what jumps back by another way, or goes back as a joint does', () => {
    for (let i = 0; i < 4; i++) tick(HUB, 0);
    tick(HUB, 40);
    tick(HUB, 20);
    expect(of(HUB).trusted).toBe(false);
    for (let deg = 20; deg > -20; deg--) tick(HUB, deg);
    expect(of(HUB)).toMatchObject({ trusted: false, implausible: true });
  });

  it('forgives a jump that is hardly one as soon as it goes back, faster than a joint does', () => {
    for (let i = 0; i < 4; i++) tick(HUB, 0);
    tick(HUB, 6);
    expect(of(HUB).trusted).toBe(false);
    tick(HUB, 4.9);
    expect(of(HUB).trusted).toBe(false);
    tick(HUB, 1);
    expect(of(HUB).trusted).toBe(true);
  });

  it('takes a reading to be as old as its question, so that a joint that moved while its servo waited has not jumped', () => {
    for (let i = 0; i < 4; i++) tick(SERVO, 0, PERIOD_US);
    silentMs(SERVO, 20);
    // Asked 4 ms after the one before, answered 20 ms later.
    tick(SERVO, 8, 24_000);
    expect(of(SERVO).trusted).toBe(true);
    tick(SERVO, 16, PERIOD_US);
    expect(of(SERVO).trusted).toBe(true);
  });

  it('may be anywhere after its link was opened again', () => {
    tick(SERVO, 0);
    tick(SERVO, 0);
    Object.assign(inputs.sensed[SERVO]!, { sequence: 0 });
    tick(SERVO, 50);
    expect(of(SERVO)).toMatchObject({ trusted: true, velocityRadPerSec: 0 });
    tick(SERVO, 0);
    expect(of(SERVO).trusted).toBe(false);
    inputs.sensed[SERVO]!.ageUs = Infinity;
    trust.update(inputs);
    expect(of(SERVO)).toMatchObject({ trusted: false, implausible: false });
    tick(SERVO, 0);
    expect(of(SERVO)).toMatchObject({ trusted: true, velocityRadPerSec: 0 });
  });

  it.each([[HUB, 'hub'], [SERVO, 'servos']])('may be anywhere after its link was down, though its readings go on being counted', (index, id) => {
    const link = inputs.links[profile.links.findIndex((candidate) => candidate.id === id)]!;
    tick(index, 0);
    tick(index, 50);
    expect(of(index).trusted).toBe(false);
    link.up = false;
    trust.update(inputs);
    expect(of(index).trusted).toBe(false);
    link.up = true;
    tick(index, 50);
    expect(of(index)).toMatchObject({ trusted: true, velocityRadPerSec: 0 });
  });

  it('is not trusted when it is not heard for longer than the profile says, and no new reading changes nothing', () => {
    tick(HUB, 30);
    inputs.sensed[HUB]!.ageUs = profile.watchdogs.inputMaxAgeMs * 1_000;
    inputs.sensed[HUB]!.positionRad = degToRad(40);
    trust.update(inputs);
    expect(of(HUB)).toMatchObject({ trusted: true, positionRad: degToRad(30) });
    inputs.sensed[HUB]!.ageUs++;
    trust.update(inputs);
    expect(of(HUB).trusted).toBe(false);
  });

  it('is not trusted while a servo says that its torque is on', () => {
    tick(SERVO, 10);
    inputs.sensed[SERVO]!.energised = true;
    trust.update(inputs);
    expect(of(SERVO)).toMatchObject({ trusted: false, energised: true });
  });

  it('has the speed of its readings', () => {
    for (let i = 0; i < 100; i++) tick(HUB, i * 0.4 - 20);
    expect(of(HUB).velocityRadPerSec).toBeCloseTo(degToRad(100), 2);
  });

  it('gets no speed from two readings of one moment', () => {
    tick(HUB, 0, 1_000);
    tick(HUB, 0.1, 1_000 + PERIOD_US);
    expect(of(HUB)).toMatchObject({ trusted: true, velocityRadPerSec: 0, positionRad: degToRad(0.1) });
  });

  it('is stuck when an encoder of the hub loses its noise, and a servo, whose steps are coarse, is not', () => {
    const noise = (i: number): number => 1e-4 * Math.sin(i * 12.9898);
    for (const index of [HUB, SERVO]) {
      for (let i = 0; i < 300; i++) tick(index, 20 + noise(i));
      expect(of(index)).toMatchObject({ trusted: true, stuck: false });
      for (let i = 0; i < 60; i++) tick(index, 20);
    }
    expect(of(HUB)).toMatchObject({ trusted: false, stuck: true });
    expect(of(SERVO)).toMatchObject({ trusted: true, stuck: false });
  });

  it('is not trusted without a record of its own', () => {
    tick(HUB, 30);
    trust.update({ ...inputs, sensed: [] });
    expect(of(HUB).trusted).toBe(false);
  });
});

it('the first that passes a test is named', () => {
  tick(SERVO, 10);
  expect(firstSensed(trust.joints, ({ trusted }, wanted) => trusted === wanted, true)).toBe(SERVO);
  expect(firstSensed(trust.joints, ({ trusted }, wanted) => trusted === wanted, false)).toBe(HUB);
  expect(firstSensed(trust.joints, () => false, null)).toBe(-1);
});
