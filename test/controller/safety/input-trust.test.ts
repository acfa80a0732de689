import { describe, expect, it } from 'vitest';
import { InputTrust } from '../../../controller/safety/input-trust.ts';
import { untrustedJoint } from '../../../controller/safety/trusted-joint.ts';
import type { JointInputs, RobotInputs } from '../../../protocols/joints.ts';
import { degToRad } from '../../../protocols/units.ts';
import { healthyInputs, limits, MAX_AGE_US, nextCycle, PERIOD_US } from './fixtures.ts';

function trustAfter(cycles: number): { trust: InputTrust; inputs: RobotInputs } {
  const trust = new InputTrust(limits, PERIOD_US, MAX_AGE_US);
  const inputs = healthyInputs();
  trust.update(inputs);
  for (let i = 0; i < cycles; i++) trust.update(nextCycle(inputs));
  return { trust, inputs };
}

const knee = 1;

describe('a reading is believed', () => {
  it('when it is possible, and becomes the trusted value', () => {
    const { trust, inputs } = trustAfter(2);
    const joint = inputs.joints[knee]!;
    joint.motorPositionRad = joint.encoderPositionRad = degToRad(20.5);
    joint.motorVelocityRadPerSec = 0.4;
    joint.motorTorqueNm = -7;
    joint.jointTorqueNm = -6;
    trust.update(nextCycle(inputs));
    expect(trust.joints[knee]).toEqual({
      ...untrustedJoint(),
      jointTorqueNm: -6,
      positionRad: degToRad(20.5),
      velocityRadPerSec: 0.4,
      torqueNm: -7,
      encoderRad: degToRad(20.5),
      trusted: true,
      motorFresh: true,
    });
  });

  it('not before the drive was heard of', () => {
    const trust = new InputTrust(limits, PERIOD_US, MAX_AGE_US);
    const inputs = healthyInputs();
    inputs.joints[knee]!.driveAgeUs = Infinity;
    inputs.hub.ageUs = Infinity;
    trust.update(inputs);
    expect(trust.joints[knee]).toMatchObject({ trusted: false, motorFresh: false, encoderRad: 0 });
  });

  it('not when the joint has no record at all', () => {
    const { trust, inputs } = trustAfter(1);
    trust.update({ ...nextCycle(inputs), joints: [] });
    expect(trust.joints[knee]!.trusted).toBe(false);
  });

  it('as old news only while it is fresh', () => {
    const { trust, inputs } = trustAfter(1);
    inputs.joints[knee]!.driveAgeUs = MAX_AGE_US + 1;
    trust.update(inputs);
    expect(trust.joints[knee]).toMatchObject({ trusted: true, motorFresh: false });
  });
});

describe('an impossible reading is never acted on', () => {
  const spoiled: [string, Partial<JointInputs>][] = [
    ['motor position is no number', { motorPositionRad: Number.NaN }],
    ['motor position is infinite', { motorPositionRad: Infinity }],
    ['motor position is beyond the mechanical stop', { motorPositionRad: degToRad(98) }],
    ['motor position is below the mechanical stop', { motorPositionRad: degToRad(-14) }],
    ['motor velocity is no number', { motorVelocityRadPerSec: Number.NaN }],
    ['motor velocity is beyond what a frame carries', { motorVelocityRadPerSec: -8.5 }],
    ['motor torque is no number', { motorTorqueNm: Number.NaN }],
    ['motor torque is beyond what a frame carries', { motorTorqueNm: 152 }],
    ['temperature is no number', { driveTempC: Number.NaN }],
    ['motor position jumped', { motorPositionRad: degToRad(25) }],
    ['motor position jumped back', { motorPositionRad: degToRad(15) }],
  ];
  it.each(spoiled)('when the %s', (_, change) => {
    const { trust, inputs } = trustAfter(2);
    Object.assign(inputs.joints[knee]!, change);
    trust.update(nextCycle(inputs));
    expect(trust.joints[knee]).toMatchObject({ motorImplausible: true, trusted: false, positionRad: degToRad(20), velocityRadPerSec: 0, torqueNm: 0 });
    expect(trust.joints[0]).toMatchObject({ motorImplausible: false, trusted: true });
  });

  const encoderSpoiled: [string, Partial<JointInputs>][] = [
    ['encoder is no number', { encoderPositionRad: Number.NaN }],
    ['encoder is beyond the mechanical stop', { encoderPositionRad: degToRad(98) }],
    ['encoder jumped', { encoderPositionRad: degToRad(30) }],
    ['joint torque is no number', { jointTorqueNm: Number.NaN }],
    ['encoder calls itself unusable', { encoderQuality: 31 }],
    ['encoder quality is no number', { encoderQuality: Number.NaN }],
  ];
  it.each(encoderSpoiled)('when the %s', (_, change) => {
    const { trust, inputs } = trustAfter(2);
    Object.assign(inputs.joints[knee]!, change);
    trust.update(nextCycle(inputs));
    expect(trust.joints[knee]).toMatchObject({ encoderImplausible: true, trusted: true, encoderRad: degToRad(20) });
  });

  it('and a good reading that follows is believed again', () => {
    const { trust, inputs } = trustAfter(2);
    inputs.joints[knee]!.motorPositionRad = Number.NaN;
    trust.update(nextCycle(inputs));
    inputs.joints[knee]!.motorPositionRad = degToRad(21);
    trust.update(nextCycle(inputs));
    expect(trust.joints[knee]).toMatchObject({ motorImplausible: false, trusted: true, positionRad: degToRad(21) });
  });
});

describe('a jump', () => {
  it('is judged by the time since the last reading', () => {
    const { trust, inputs } = trustAfter(2);
    inputs.nowUs += 10 * PERIOD_US;
    inputs.joints[knee]!.motorPositionRad = degToRad(36);
    trust.update(nextCycle(inputs));
    expect(trust.joints[knee]!.motorImplausible).toBe(false);
  });

  it('is not seen in an old frame read again', () => {
    const { trust, inputs } = trustAfter(2);
    inputs.joints[knee]!.motorPositionRad = degToRad(70);
    inputs.nowUs += PERIOD_US;
    trust.update(inputs);
    expect(trust.joints[knee]).toMatchObject({ motorImplausible: false, positionRad: degToRad(20) });
  });

  it('is no jump after the link was reopened and counts its frames anew', () => {
    const { trust, inputs } = trustAfter(5);
    inputs.nowUs += PERIOD_US;
    Object.assign(inputs.joints[knee]!, { driveSequence: 1, motorPositionRad: degToRad(50) });
    trust.update(inputs);
    expect(trust.joints[knee]).toMatchObject({ motorImplausible: false, positionRad: degToRad(50) });
  });
});

describe('motor and joint encoder', () => {
  it.each([
    [3.1, true],
    [2.9, false],
  ])('%f° apart disagree: %s', (apartDeg, disagrees) => {
    const trust = new InputTrust(limits, PERIOD_US, MAX_AGE_US);
    const inputs = healthyInputs();
    inputs.joints[knee]!.encoderPositionRad = degToRad(20 - apartDeg);
    trust.update(inputs);
    expect(trust.joints[knee]!.disagrees).toBe(disagrees);
  });

  it('are not compared while the drive is silent', () => {
    const { trust, inputs } = trustAfter(1);
    inputs.joints[knee]!.driveAgeUs = MAX_AGE_US + 1;
    for (let deg = 20; deg < 30; deg++) {
      inputs.joints[knee]!.encoderPositionRad = degToRad(deg);
      inputs.nowUs += PERIOD_US;
      trust.update(inputs);
    }
    expect(trust.joints[knee]).toMatchObject({ disagrees: false, encoderRad: degToRad(29) });
  });
});

it("the hub's clock is seen to stand still although its frames arrive", () => {
  const { trust, inputs } = trustAfter(3);
  expect(trust.hubFrozenUs).toBe(0);
  const frozenAt = inputs.hub.deviceTimeUs;
  for (let i = 0; i < 10; i++) {
    nextCycle(inputs);
    inputs.hub.deviceTimeUs = frozenAt;
    trust.update(inputs);
  }
  expect(trust.hubFrozenUs).toBe(10 * PERIOD_US);
  inputs.hub.deviceTimeUs++;
  trust.update(inputs);
  expect(trust.hubFrozenUs).toBe(0);
});
