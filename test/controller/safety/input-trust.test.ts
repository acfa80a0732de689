import { describe, expect, it } from 'vitest';
import { InputTrust } from '../../../controller/safety/input-trust.ts';
import { untrustedJoint } from '../../../controller/safety/trusted-joint.ts';
import type { JointInputs, RobotInputs } from '../../../protocols/joints.ts';
import { degToRad } from '../../../protocols/units.ts';
import { healthyInputs, limits, MAX_AGE_US, nextCycle, PERIOD_US, trustAfter } from './fixtures.ts';

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
      motorAtUs: inputs.nowUs - joint.driveAgeUs,
      motorSequence: joint.driveSequence,
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
    inputs.joints[knee]!.driveAgeUs = MAX_AGE_US;
    trust.update(inputs);
    expect(trust.joints[knee]).toMatchObject({ trusted: true, motorFresh: true });
    inputs.joints[knee]!.driveAgeUs = MAX_AGE_US + 1;
    trust.update(inputs);
    expect(trust.joints[knee]).toMatchObject({ trusted: true, motorFresh: false });
  });

  it('of an encoder whose frame has a new time, whatever its count', () => {
    const { trust, inputs } = trustAfter(2);
    inputs.joints[knee]!.encoderPositionRad = degToRad(20.5);
    nextCycle(inputs).hub.sequence--;
    trust.update(inputs);
    expect(trust.joints[knee]!.encoderRad).toBe(degToRad(20.5));
  });

  it('no more of a drive that is gone, but what it said last is no fault of its sensor then', () => {
    const { trust, inputs } = trustAfter(2);
    inputs.joints[knee]!.motorPositionRad = Number.NaN;
    trust.update(nextCycle(inputs));
    expect(trust.joints[knee]!.motorImplausible).toBe(true);
    inputs.joints[knee]!.driveAgeUs = Infinity;
    trust.update(nextCycle(inputs));
    expect(trust.joints[knee]).toMatchObject({ motorImplausible: false, trusted: false });
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
    ['joint torque is more than motor and rotor can make', { jointTorqueNm: 181 }],
    ['joint torque is less than motor and rotor can make', { jointTorqueNm: -181 }],
    ['encoder calls itself unusable', { encoderQuality: 31 }],
    ['encoder quality is no number', { encoderQuality: Number.NaN }],
  ];
  it.each(encoderSpoiled)('when the %s', (_, change) => {
    const { trust, inputs } = trustAfter(2);
    Object.assign(inputs.joints[knee]!, change);
    trust.update(nextCycle(inputs));
    expect(trust.joints[knee]).toMatchObject({ encoderImplausible: true, trusted: true, encoderRad: degToRad(20) });
  });

  it.each([179, -179])('but %f Nm in a joint whose drive peaks at 120 Nm may be a blow', (jointTorqueNm) => {
    const { trust, inputs } = trustAfter(2);
    inputs.joints[knee]!.jointTorqueNm = jointTorqueNm;
    trust.update(nextCycle(inputs));
    expect(trust.joints[knee]).toMatchObject({ encoderImplausible: false, jointTorqueNm });
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

describe('the joint torque sensor', () => {
  const doubtedAfter = (spoil: (inputs: RobotInputs) => void, cycles = 60): boolean => {
    const { trust, inputs } = trustAfter(20);
    for (let i = 0; i < cycles; i++) {
      spoil(nextCycle(inputs));
      trust.update(inputs);
    }
    return trust.joints[knee]!.torqueDoubted;
  };
  it('is doubted when it contradicts the motor', () => {
    expect(doubtedAfter(() => {})).toBe(false);
    expect(doubtedAfter((inputs) => (inputs.joints[knee]!.jointTorqueNm = 20))).toBe(true);
    expect(doubtedAfter((inputs) => (inputs.joints[knee]!.motorTorqueNm = -20))).toBe(true);
  });
  it('is not judged while the drive is silent', () => {
    expect(doubtedAfter((inputs) => Object.assign(inputs.joints[knee]!, { jointTorqueNm: 20, driveAgeUs: MAX_AGE_US + 1 }))).toBe(false);
  });
});

describe('a jump of an angle', () => {
  const jumps = (key: 'motorPositionRad' | 'encoderPositionRad', deg: number, degPerSec: number, skipped = 0): boolean => {
    const { trust, inputs } = trustAfter(5);
    inputs.joints[knee]!.motorVelocityRadPerSec = degToRad(degPerSec);
    trust.update(nextCycle(inputs));
    inputs.joints[knee]![key] = degToRad(20 + deg);
    inputs.joints[knee]!.driveSequence += skipped;
    inputs.hub.sequence += skipped;
    trust.update(nextCycle(inputs));
    return trust.joints[knee]!.motorImplausible || trust.joints[knee]!.encoderImplausible;
  };
  // 40 % of 350°/s, or what the drive reports, at most 350°/s, over two periods, by one and a half, and half a degree.
  it.each([
    [0, 2.18],
    [100, 2.18],
    [200, 2.9],
    [-300, 4.1],
    [350, 4.7],
    [400, 4.7],
  ])('is measured by the speed: at %f°/s it begins at %f°', (degPerSec, edge) => {
    for (const key of ['motorPositionRad', 'encoderPositionRad'] as const)
      for (const sign of [1, -1]) expect([jumps(key, sign * (edge - 0.01), degPerSec), jumps(key, sign * (edge + 0.01), degPerSec)], `${key} ${sign}`).toEqual([false, true]);
  });

  // A period each for those that were skipped, beyond two at full speed; more than three are no burst.
  it.each([
    [1, 2.18],
    [2, 3.02],
    [3, 8.9],
    [4, 2.18],
  ])('is measured in the time of its own reading: with %i older ones in the same burst it begins at %f°', (skipped, edge) => {
    for (const key of ['motorPositionRad', 'encoderPositionRad'] as const)
      for (const sign of [1, -1]) expect([jumps(key, sign * (edge - 0.01), 0, skipped), jumps(key, sign * (edge + 0.01), 0, skipped)], `${key} ${sign}`).toEqual([false, true]);
  });

  // After a silence the first reading may be as old as it was long; what is added to the next one's time is less one period.
  it.each([
    [0, 8_000, 2.18],
    [0, 9_000, 7.33],
    [0, 24_000, 15.2],
    [6, 24_000, 15.2],
    [0, 44_000, 25.7],
    [0, 60_000, 25.7],
  ])('is measured in the time of a silence too, right after its end: with %i older ones after %i us it begins at %f°', (skipped, silenceUs, edge) => {
    const jumpsAfterSilence = (key: 'motorPositionRad' | 'encoderPositionRad', deg: number): boolean => {
      const { trust, inputs } = trustAfter(5);
      inputs.nowUs += silenceUs - PERIOD_US;
      trust.update(nextCycle(inputs));
      inputs.joints[knee]![key] = degToRad(20 + deg);
      inputs.joints[knee]!.driveSequence += skipped;
      inputs.hub.sequence += skipped;
      trust.update(nextCycle(inputs));
      return trust.joints[knee]!.motorImplausible || trust.joints[knee]!.encoderImplausible;
    };
    for (const key of ['motorPositionRad', 'encoderPositionRad'] as const)
      for (const sign of [1, -1]) expect([jumpsAfterSilence(key, sign * (edge - 0.05)), jumpsAfterSilence(key, sign * (edge + 0.05))], `${key} ${sign}`).toEqual([false, true]);
  });

  it.each([[20_000, 6.38], [3_000, 2.81], [-5_000, 2.18], [1_000_000, 10.58]])('is measured in what the cycle, or the one before, came late, up to the age of an input: %i us late it begins at %f°', (latenessUs, edge) => {
    for (const cyclesAgo of [0, 1, 2]) {
      const jumpsBy = (deg: number): boolean => {
        const { trust, inputs } = trustAfter(5);
        inputs.joints[knee]!.motorVelocityRadPerSec = 0;
        inputs.latenessUs = latenessUs;
        if (cyclesAgo > 0) trust.update(nextCycle(inputs));
        if (cyclesAgo > 0) inputs.latenessUs = 0;
        if (cyclesAgo > 1) trust.update(nextCycle(inputs));
        inputs.joints[knee]!.motorPositionRad = degToRad(20 + deg);
        trust.update(nextCycle(inputs));
        return trust.joints[knee]!.motorImplausible;
      };
      const expected = cyclesAgo < 2 ? edge : 2.18;
      expect([jumpsBy(expected - 0.01), jumpsBy(expected + 0.01)], `${cyclesAgo} cycles ago`).toEqual([false, true]);
    }
  });
});
