import { describe, expect, it } from 'vitest';
import type { TrustedJoint } from '../../../controller/safety/trusted-joint.ts';
import { InputTrust } from '../../../controller/safety/input-trust.ts';
import type { RobotInputs } from '../../../protocols/joints.ts';
import { degToRad } from '../../../protocols/units.ts';
import { healthyInputs, limits, MAX_AGE_US, nextCycle, PERIOD_US, trustAfter } from './fixtures.ts';

const knee = 1;

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

  /** The motor tells `motorDegPerSec` while the encoder goes on its own way, after it stood for a while or not. */
  const parting = (motorDegPerSec: number, encoderDegPerSec: number, stood = true) => {
    const { trust, inputs } = trustAfter(5);
    const periodSec = PERIOD_US / 1e6;
    let [motorDeg, encoderDeg] = [20, 20];
    const cycle = (motorBy: number, encoderBy: number) => {
      motorDeg += motorBy * periodSec;
      encoderDeg += encoderBy * periodSec;
      Object.assign(inputs.joints[knee]!, { motorPositionRad: degToRad(motorDeg), motorVelocityRadPerSec: degToRad(motorBy), encoderPositionRad: degToRad(encoderDeg) });
      trust.update(nextCycle(inputs));
      return { ...trust.joints[knee]! };
    };
    if (stood) for (let i = 0; i < 4; i++) cycle(60, 0);
    return Array.from({ length: 25 }, () => cycle(motorDegPerSec, encoderDegPerSec));
  };

  // A motor encoder whose sign turns while its joint stands jumps by twice the angle, which looks like an encoder that stands. Then its drive runs away.
  it('that part in opposite directions, and fast, disagree at once, though the encoder stood before: one of them is turned', () => {
    const turned = parting(70, -70);
    expect(turned[0]).toMatchObject({ encoderDoubted: true, disagrees: false });
    // 2° apart after four cycles.
    expect(turned.findIndex(({ disagrees }) => disagrees)).toBeLessThan(6);
    expect(turned.at(-1)).toMatchObject({ encoderDoubted: false, disagrees: true });
  });

  it.each([
    ['slowly, as an encoder that drifts', 70, -50],
    ['where the motor is slow', 50, -70],
    ['in the same direction', 70, 90],
  ])('that part %s leave the encoder in doubt that stood', (_, motorDegPerSec, encoderDegPerSec) => {
    expect(parting(motorDegPerSec, encoderDegPerSec).some(({ disagrees }) => disagrees)).toBe(false);
  });

  it('that go opposite ways for one reading only have not turned', () => {
    const { trust, inputs } = trustAfter(5);
    let encoderDeg = 20;
    for (let i = 0; i < 40; i++) {
      encoderDeg += i % 2 === 0 ? -0.5 : 0.5;
      Object.assign(inputs.joints[knee]!, { motorPositionRad: degToRad(20 + i * 0.3), motorVelocityRadPerSec: degToRad(75), encoderPositionRad: degToRad(encoderDeg + i * 0.3) });
      trust.update(nextCycle(inputs));
      expect(trust.joints[knee]!.disagrees).toBe(false);
    }
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
