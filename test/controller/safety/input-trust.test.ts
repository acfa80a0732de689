import { describe, expect, it } from 'vitest';
import type { TrustedJoint } from '../../../controller/safety/trusted-joint.ts';
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

const differ = ({ apart, disagrees }: TrustedJoint): boolean => apart || disagrees;

describe('motor and joint encoder', () => {
  it.each([
    [2.1, true],
    [1.9, false],
  ])('%f° apart disagree: %s', (apartDeg, disagrees) => {
    const trust = new InputTrust(limits, PERIOD_US, MAX_AGE_US);
    const inputs = healthyInputs();
    inputs.joints[knee]!.encoderPositionRad = degToRad(20 - apartDeg);
    trust.update(inputs);
    expect(trust.joints[knee]!.disagrees).toBe(disagrees);
  });

  /** The joint moves at 200°/s; the encoder was read so much later than the motor. */
  const moving = (skewUs: number, apartDeg: number): boolean => {
    const trust = new InputTrust(limits, PERIOD_US, MAX_AGE_US);
    const inputs = healthyInputs();
    Object.assign(inputs.joints[knee]!, { motorVelocityRadPerSec: degToRad(200), driveAgeUs: 20_000 + skewUs, encoderPositionRad: degToRad(20 + apartDeg) });
    inputs.hub.ageUs = 20_000;
    trust.update(inputs);
    return differ(trust.joints[knee]!);
  };

  it('differ by what a late reading explains of a joint that moves, or by more: then one of them is wrong', () => {
    const differBy = (apartDeg: number, velocityDegPerSec: number) => {
      const trust = new InputTrust(limits, PERIOD_US, MAX_AGE_US);
      const inputs = healthyInputs();
      Object.assign(inputs.joints[knee]!, { motorVelocityRadPerSec: degToRad(velocityDegPerSec), encoderPositionRad: degToRad(20 + apartDeg), driveAgeUs: inputs.hub.ageUs });
      trust.update(inputs);
      const { apart, disagrees } = trust.joints[knee]!;
      return { apart, disagrees };
    };
    const lateDeg = 200 * (MAX_AGE_US / 1e6);
    for (const [direction, speed] of [[1, 200], [-1, 200], [1, -200]] as const) {
      expect(differBy(direction * 1.9, speed)).toEqual({ apart: false, disagrees: false });
      expect(differBy(direction * 2.1, speed)).toEqual({ apart: true, disagrees: false });
      expect(differBy(direction * (2.1 + lateDeg), speed)).toEqual({ apart: false, disagrees: true });
    }
    expect(differBy(2.1, 0)).toEqual({ apart: false, disagrees: true });
  });

  it('are compared for the same moment, though they were read at different times', () => {
    expect(moving(10_000, 2)).toBe(false);
    expect(moving(10_000, 3.9)).toBe(false);
    expect(moving(10_000, 4.1)).toBe(true);
    expect(moving(10_000, -0.1)).toBe(true);
    expect(moving(-10_000, -3.9)).toBe(false);
    expect(moving(-10_000, 0.1)).toBe(true);
  });

  it('do not show that the encoder stands while only the motor was not heard', () => {
    const { trust, inputs } = trustAfter(5);
    const joint = inputs.joints[knee]!;
    const encoderAt = (deg: number): void => {
      nextCycle(inputs);
      joint.driveSequence--;
      joint.driveAgeUs += PERIOD_US;
      joint.encoderPositionRad = degToRad(deg);
      trust.update(inputs);
    };
    for (const deg of [19.8, 19.6, 19.4, 19.3, 19.3, 19.3]) encoderAt(deg);
    // It is heard again where the encoder has stood since.
    joint.driveAgeUs = 2_000;
    joint.motorPositionRad = degToRad(19.3);
    trust.update(nextCycle(inputs));
    trust.update(nextCycle(inputs));
    expect(trust.joints[knee]!.stuck).toBe(false);
  });

  it('are not compared over more than three periods, and keep what was found before', () => {
    expect(moving(12_000, 30)).toBe(true);
    expect(moving(12_001, 30)).toBe(false);
    expect(moving(-12_001, 30)).toBe(false);
    const { trust, inputs } = trustAfter(1);
    inputs.joints[knee]!.encoderPositionRad = degToRad(22.1);
    trust.update(nextCycle(inputs));
    expect(trust.joints[knee]!.disagrees).toBe(true);
    inputs.joints[knee]!.driveAgeUs = 30_000;
    trust.update(nextCycle(inputs));
    expect(trust.joints[knee]!.disagrees).toBe(true);
  });

  /** A knee at 200°/s, whose motor has nothing to say for a while; then it tells where the joint was `heldUs` ago. */
  function heldUp(heldUs: number): { trust: InputTrust; inputs: RobotInputs; moved: (elapsedUs: number, motorHeldUs: number, offDeg?: number) => boolean } {
    const { trust, inputs } = trustAfter(5);
    let trueDeg = 20;
    const moved = (elapsedUs: number, motorHeldUs: number, offDeg = 0): boolean => {
      nextCycle(inputs);
      inputs.nowUs += elapsedUs - PERIOD_US;
      inputs.hub.deviceTimeUs += elapsedUs - PERIOD_US;
      trueDeg += 200e-6 * elapsedUs;
      Object.assign(inputs.joints[knee]!, { motorVelocityRadPerSec: degToRad(200), motorPositionRad: degToRad(trueDeg - 200e-6 * motorHeldUs + offDeg), encoderPositionRad: degToRad(trueDeg) });
      trust.update(inputs);
      return differ(trust.joints[knee]!);
    };
    moved(PERIOD_US, 0);
    expect(moved(PERIOD_US + heldUs, heldUs)).toBe(false);
    return { trust, inputs, moved };
  }

  it('are given the way that the joint may have made while a reading was held up, until one comes in its time', () => {
    const { moved } = heldUp(16_000);
    expect(moved(PERIOD_US, 0)).toBe(false);
    expect(moved(PERIOD_US, 0, 2.05)).toBe(true);
    // One on its heels is as much less late.
    expect(heldUp(16_000).moved(1_000, 13_000)).toBe(false);
    expect(heldUp(16_000).moved(1_000, 13_000, -2.1)).toBe(true);
  });

  it('an encoder that jumped is the wrong one until both agree again', () => {
    const { trust, inputs } = trustAfter(5);
    const encoderAt = (deg: number) => {
      inputs.joints[knee]!.encoderPositionRad = degToRad(deg);
      trust.update(nextCycle(inputs));
      const { encoderImplausible, encoderDoubted, disagrees } = trust.joints[knee]!;
      return { encoderImplausible, encoderDoubted, disagrees };
    };
    expect(encoderAt(26)).toEqual({ encoderImplausible: true, encoderDoubted: true, disagrees: false });
    for (let i = 0; i < 20; i++) encoderAt(26);
    expect(encoderAt(26)).toEqual({ encoderImplausible: false, encoderDoubted: true, disagrees: false });
    for (let i = 0; i < 20; i++) encoderAt(21);
    expect(encoderAt(21)).toEqual({ encoderImplausible: false, encoderDoubted: false, disagrees: false });
    expect(encoderAt(22.1)).toEqual({ encoderImplausible: false, encoderDoubted: false, disagrees: true });
  });

  it('a motor that jumped, and is believed again after a while, disagrees', () => {
    const { trust, inputs } = trustAfter(5);
    inputs.joints[knee]!.motorPositionRad = degToRad(26);
    trust.update(nextCycle(inputs));
    expect(trust.joints[knee]).toMatchObject({ motorImplausible: true, trusted: false, disagrees: false });
    for (let i = 0; i < 20; i++) trust.update(nextCycle(inputs));
    expect(trust.joints[knee]).toMatchObject({ motorImplausible: false, trusted: true, disagrees: true, encoderDoubted: false });
  });

  it('that stands while the other moves is stuck, and a stuck motor is not to be controlled', () => {
    const stands = (which: 'motorPositionRad' | 'encoderPositionRad', other: 'motorPositionRad' | 'encoderPositionRad') => {
      const { trust, inputs } = trustAfter(5);
      for (let i = 1; i <= 3; i++) {
        inputs.joints[knee]![other] = degToRad(20 + i * 0.3);
        trust.update(nextCycle(inputs));
      }
      expect(inputs.joints[knee]![which]).toBe(degToRad(20));
      return trust.joints[knee]!;
    };
    expect(stands('encoderPositionRad', 'motorPositionRad')).toMatchObject({ stuck: true, trusted: true });
    const { trust, inputs } = trustAfter(5);
    for (let i = 1; i <= 5; i++) {
      inputs.joints[knee]!.encoderPositionRad = degToRad(20 + i * 0.3);
      trust.update(nextCycle(inputs));
    }
    expect(trust.joints[knee]).toMatchObject({ stuck: true, trusted: false, motorFresh: false, disagrees: false });
  });

  it('an encoder that stood puts no motor in doubt that holds its joint while it moves on, for as long as a stop takes', () => {
    const { trust, inputs } = trustAfter(5);
    const cycle = (motorDeg: number, encoderDeg: number) => {
      Object.assign(inputs.joints[knee]!, { motorPositionRad: degToRad(motorDeg), encoderPositionRad: degToRad(encoderDeg) });
      trust.update(nextCycle(inputs));
      return { ...trust.joints[knee]! };
    };
    for (let i = 1; i <= 3; i++) cycle(20 + i * 0.3, 20);
    expect(trust.joints[knee]).toMatchObject({ stuck: true, trusted: true, encoderDoubted: true });
    const drifting = Array.from({ length: 400 }, (_, i) => cycle(20.9, 20 - i * 0.08));
    expect(drifting.every(({ trusted, encoderDoubted, disagrees }) => trusted && encoderDoubted && !disagrees)).toBe(true);
    const back = Array.from({ length: 600 }, (_, i) => cycle(20.9, 20.9 + (i % 2) * 0.02));
    expect(back.at(-1)).toMatchObject({ stuck: false, trusted: true, encoderDoubted: false });
  });

  describe('whose play is known from walking', () => {
    /**
     * After some strides one sensor stands, and the other moves 0.03° with each reading.
     * @param lateUs of drive and hub, readings from then on: each other is so much older than the one before
     * @returns readings until it is called stuck; null: not within 0.4°
     */
    const stuckAfter = (moving: 'motorPositionRad' | 'encoderPositionRad', lateUs: { drive?: number; hub?: number } = {}): number | null => {
      const { trust, inputs } = trustAfter(0);
      const joint = inputs.joints[knee]!;
      joint.motorVelocityRadPerSec = 0.1; // it does not rest, so no noise is learned
      for (let n = 0; n < 500; n++) {
        joint.motorPositionRad = joint.encoderPositionRad = degToRad(20 + 3 * Math.sin(n / 20));
        trust.update(nextCycle(inputs));
      }
      const fromRad = joint[moving];
      const [driveAgeUs, hubAgeUs] = [joint.driveAgeUs, inputs.hub.ageUs];
      for (let n = 1; n <= 13; n++) {
        joint.driveAgeUs = driveAgeUs + (n % 2) * (lateUs.drive ?? 0);
        inputs.hub.ageUs = hubAgeUs + (n % 2) * (lateUs.hub ?? 0);
        joint[moving] = fromRad + degToRad(0.03 * n);
        trust.update(nextCycle(inputs));
        if (trust.joints[knee]!.stuck) return n;
      }
      return null;
    };

    it('is stuck as soon as the other leaves it behind', () => {
      expect(stuckAfter('motorPositionRad')).toBe(2);
      expect(stuckAfter('encoderPositionRad')).toBe(2);
      expect(stuckAfter('motorPositionRad', { drive: 1_999, hub: 1_999 })).toBe(2);
    });

    it('is not when one of them does not come when it is due, as nobody knows of which moment it is', () => {
      for (const late of [{ drive: 2_001 }, { hub: 2_001 }]) for (const moving of ['motorPositionRad', 'encoderPositionRad'] as const) expect([late, moving, stuckAfter(moving, late)]).toEqual([late, moving, null]);
    });
  });

  it('whose noise has died is stuck', () => {
    const trust = new InputTrust(limits, PERIOD_US, MAX_AGE_US);
    const inputs = healthyInputs();
    for (let n = 0; n < 300; n++) {
      inputs.joints[knee]!.encoderPositionRad = degToRad(20) + (n % 5) * 1e-5;
      trust.update(nextCycle(inputs));
    }
    expect(trust.joints[knee]!.stuck).toBe(false);
    for (let n = 0; n < 12; n++) trust.update(nextCycle(inputs));
    expect(trust.joints[knee]).toMatchObject({ stuck: true, encoderDoubted: true, trusted: true });
  });

  describe('do not stand', () => {
    /** Cycles in which one sensor moves by 0.3° each. @returns is one of them called stuck? */
    const stuckAfter = (moving: 'motorPositionRad' | 'encoderPositionRad', spoil: (inputs: RobotInputs) => void): boolean => {
      const { trust, inputs } = trustAfter(5);
      for (let i = 1; i <= 5; i++) {
        spoil(nextCycle(inputs));
        inputs.joints[knee]![moving] = degToRad(20 + i * 0.3);
        trust.update(inputs);
      }
      return trust.joints[knee]!.stuck;
    };

    it('because an old frame of the drive was read again', () => {
      expect(stuckAfter('encoderPositionRad', () => {})).toBe(true);
      expect(stuckAfter('encoderPositionRad', (inputs) => inputs.joints[knee]!.driveSequence--)).toBe(false);
    });

    it('because an old frame of the hub was read again', () => {
      const old = (inputs: RobotInputs): void => {
        inputs.hub.sequence--;
        inputs.hub.deviceTimeUs -= PERIOD_US;
      };
      expect(stuckAfter('motorPositionRad', () => {})).toBe(true);
      expect(stuckAfter('motorPositionRad', old)).toBe(false);
    });

    it('because the readings of the drive are impossible', () => {
      expect(stuckAfter('encoderPositionRad', (inputs) => (inputs.joints[knee]!.motorTorqueNm = Number.NaN))).toBe(false);
    });

    it('because they rest without the noise that motion seemed to have', () => {
      const { trust, inputs } = trustAfter(0);
      for (let n = 0; n < 400; n++) {
        const positionRad = degToRad(20 + Math.min(n, 300) * 0.02);
        Object.assign(inputs.joints[knee]!, { motorPositionRad: positionRad, encoderPositionRad: positionRad, motorVelocityRadPerSec: n < 300 ? 0.1 : 0 });
        trust.update(nextCycle(inputs));
        expect([n, trust.joints[knee]!.stuck]).toEqual([n, false]);
      }
    });
  });

  it('do not disagree any more where one of them is not known', () => {
    const { trust, inputs } = trustAfter(1);
    inputs.joints[knee]!.encoderPositionRad = degToRad(22.1);
    trust.update(nextCycle(inputs));
    expect(trust.joints[knee]!.disagrees).toBe(true);
    inputs.joints[knee]!.driveAgeUs = MAX_AGE_US + 1;
    trust.update(nextCycle(inputs));
    expect(trust.joints[knee]!.disagrees).toBe(false);
    const unseen = new InputTrust(limits, PERIOD_US, MAX_AGE_US);
    const early = healthyInputs();
    early.hub.ageUs = Infinity;
    unseen.update(early);
    expect(unseen.joints[knee]).toMatchObject({ trusted: true, disagrees: false });
  });

  it('are not compared while the drive is silent', () => {
    const { trust, inputs } = trustAfter(1);
    inputs.joints[knee]!.driveAgeUs = MAX_AGE_US + 1;
    for (let deg = 20; deg < 30; deg++) {
      inputs.joints[knee]!.encoderPositionRad = degToRad(deg);
      inputs.nowUs += PERIOD_US;
      inputs.hub.sequence++;
      trust.update(inputs);
    }
    expect(trust.joints[knee]).toMatchObject({ disagrees: false, encoderRad: degToRad(29) });
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
