import { beforeEach, describe, expect, it } from 'vitest';
import { LostDrive } from '../../../controller/safety/lost-drive.ts';
import { ABSENT_JOINT, untrustedJoint, type TrustedJoint } from '../../../controller/safety/trusted-joint.ts';
import type { JointInputs } from '../../../protocols/joints.ts';
import { US_PER_S } from '../../../protocols/units.ts';

const PERIOD_US = 4_000;
/** The speed when it was last heard. */
const HEARD_RAD_PER_SEC = -2;
const TORQUE_LIMIT_NM = 100;

const gone: JointInputs = { ...ABSENT_JOINT, driveAgeUs: 6_000 };
let lost: LostDrive;
let joint: TrustedJoint;
let hubTimeUs: number;

/** So many cycles at a speed, with a torque in the joint. @returns in which it is first said to run on; 0: in none */
function cycles(count: number, radPerSec: number, jointTorqueNm: number, input = gone): number {
  for (let i = 1; i <= count; i++) {
    joint.encoderRad += (radPerSec * PERIOD_US) / US_PER_S;
    joint.jointTorqueNm = jointTorqueNm;
    hubTimeUs += PERIOD_US;
    lost.look(joint, input, { deviceTimeUs: hubTimeUs });
    if (lost.runsOn) return i;
  }
  return 0;
}

beforeEach(() => {
  lost = new LostDrive({ torqueNm: TORQUE_LIMIT_NM });
  hubTimeUs = 0;
  joint = { ...untrustedJoint(), velocityRadPerSec: HEARD_RAD_PER_SEC };
  cycles(5, HEARD_RAD_PER_SEC, 0, { ...gone, driveState: 'enabled' });
});

describe('a drive that nobody reaches', () => {
  it('runs on when it drives its joint faster than it went, seen in two cycles', () => {
    expect(cycles(10, -5, -30)).toBe(3);
  });

  it('is the same one when its line is open and it is silent', () => {
    expect(cycles(10, -5, -30, { ...gone, driveState: 'enabled', driveAgeUs: 10_001 })).toBe(3);
    expect(cycles(1, -5, -30, { ...gone, driveState: 'enabled', driveAgeUs: Number.NaN })).toBe(1);
  });

  it.each([
    ['holds its joint back, however fast that goes', -8, 30],
    ['drives it no faster than it went, and what the torque of before still adds', -3.4, -30],
    ['lets it coast, whatever swings it', -8, -9],
  ])('does not run on when it %s', (_, radPerSec, jointTorqueNm) => {
    expect(cycles(50, radPerSec, jointTorqueNm)).toBe(0);
  });

  it('runs on the other way, too', () => {
    expect(cycles(10, 5, 30)).toBeGreaterThan(0);
  });

  it('does not run on any more when its joint rests', () => {
    cycles(10, -5, -30);
    cycles(3, 0, -30);
    expect(lost.runsOn).toBe(false);
  });

  it('is not told by an encoder that cannot be believed', () => {
    joint.encoderImplausible = true;
    expect(cycles(50, -5, -30)).toBe(0);
  });

  // Bytes that waited in a port for 20 ms: the joint stood, then leapt by five cycles of its way, and its power was cut.
  it('is not told by frames of the hub that come late and at once, which make a joint seem to stand and then to leap', () => {
    for (const lateCycles of [1, 2, 5, 10]) {
      for (let i = 0; i < lateCycles; i++) lost.look(joint, gone, { deviceTimeUs: hubTimeUs });
      hubTimeUs += lateCycles * PERIOD_US;
      joint.encoderRad += (lateCycles * HEARD_RAD_PER_SEC * PERIOD_US) / US_PER_S;
      for (let i = 0; i < 3; i++) expect(cycles(1, HEARD_RAD_PER_SEC, -30)).toBe(0);
    }
  });

  it('is seen in two frames, however often one of them is looked at, and is over when the drive is heard', () => {
    expect(cycles(2, -5, -30)).toBe(0);
    for (let i = 0; i < 5; i++) lost.look(joint, gone, { deviceTimeUs: hubTimeUs });
    expect(lost.runsOn).toBe(false);
    expect(cycles(1, -5, -30)).toBe(1);
    lost.look(joint, gone, { deviceTimeUs: hubTimeUs });
    expect(lost.runsOn).toBe(true);
    lost.look(joint, { ...gone, driveState: 'enabled' }, { deviceTimeUs: hubTimeUs });
    expect(lost.runsOn).toBe(false);
  });
});

it('a drive that is heard is left to the other checks', () => {
  expect(cycles(50, -8, -30, { ...gone, driveState: 'enabled', driveAgeUs: 10_000 })).toBe(0);
});
