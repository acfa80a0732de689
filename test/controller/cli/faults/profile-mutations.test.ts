import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { tryMutations, wrongs } from '../../../../controller/cli/faults/profile-mutations.ts';
import { loadProfile } from '../../../../controller/cli/profiles.ts';
import { sensedJointsOf, type JointProfile, type RobotProfile } from '../../../../protocols/profile.ts';

type Spoil = (joint: JointProfile, profile: RobotProfile) => unknown;

const gaitOrthosis = loadProfile(resolve('hal/profiles/gait-orthosis.json')).profile;
const armSupport = loadProfile(resolve('hal/profiles/arm-support.json')).profile;
const threeBuses = loadProfile(resolve('hal/profiles/bench/three-buses.json')).profile;

describe('what a profile must not say, stated once more', () => {
  const spoilt = (spoil: Spoil): string[] => {
    const profile = structuredClone(gaitOrthosis);
    spoil(profile.joints[1]!, profile);
    return wrongs(profile);
  };

  it('finds nothing in the profiles that come with Dari', () => {
    expect(wrongs(gaitOrthosis)).toEqual([]);
    expect(wrongs(threeBuses)).toEqual([]);
    expect(wrongs(armSupport)).toEqual([]);
  });

  const spoils: readonly (readonly [string, Spoil])[] = [
    ['a soft range beyond the hard one', (joint) => (joint.softRangeDeg.max = joint.hardRangeDeg.max + 1)],
    ['a hard range as wide as the stop', (joint) => (joint.hardRangeDeg.min = joint.mechanicalStopDeg.min)],
    ['an inverted soft range', (joint) => ([joint.softRangeDeg.min, joint.softRangeDeg.max] = [joint.softRangeDeg.max, joint.softRangeDeg.min])],
    ['a range that is no number', (joint) => (joint.softRangeDeg.max = Number.NaN)],
    ['more torque than the drive has', (joint) => (joint.torqueLimitNm = joint.drive.peakTorqueNm + 1)],
    ['more torque than a frame carries', (joint) => (joint.drive.peakTorqueNm = joint.drive.torqueRangeNm + 1)],
    ['no torque limit', (joint) => Reflect.deleteProperty(joint, 'torqueLimitNm')],
    ['more continuous than peak torque', (joint) => (joint.drive.continuousTorqueNm = joint.drive.peakTorqueNm + 1)],
    ['more speed than the drive reports', (joint) => (joint.speedLimitDegPerSec = 1e4)],
    ['more stiffness than the drive renders', (joint) => (joint.stiffnessNmPerRad = joint.drive.stiffnessMaxNmPerRad + 1)],
    ['more damping than the drive renders', (joint) => (joint.dampingNmsPerRad = joint.drive.dampingMaxNmsPerRad + 1)],
    ['a torque that comes faster than it goes', (joint) => (joint.torqueRateUpNmPerSec = joint.torqueRateDownNmPerSec + 1)],
    ['more interaction than torque', (joint) => (joint.interactionLimitNm = joint.torqueLimitNm + 1)],
    ['a warning after the limit', (joint) => (joint.drive.tempWarnC = joint.drive.tempLimitC)],
    ['a range that the drive cannot report', (joint) => (joint.drive.positionRangeRad = 1)],
    ['a watchdog that is too early', (joint) => (joint.drive.watchdogMs = 50)],
    ['two joints on one channel', (joint) => (joint.hubChannel = 0)],
    ['another version', (_, profile) => Object.assign(profile, { schemaVersion: 0 })],
    ['no joints', (_, profile) => (profile.joints = [])],
    ['an impossible rate', (_, profile) => (profile.controlRateHz = 10)],
  ];

  it.each(spoils)('finds %s', (_, spoil) => {
    expect(spoilt(spoil)).not.toEqual([]);
  });
});

describe('what the profile of a robot that only measures must not say', () => {
  type Sensed = NonNullable<Extract<RobotProfile, { class: 'arm' }>['sensedJoints']>[number];
  type Servo = Extract<Sensed['reading'], { by: 'servo' }>['servo'];

  const spoils: readonly (readonly [string, (joint: Sensed, servo: Servo, profile: RobotProfile) => unknown])[] = [
    ['a range as wide as the stop', (joint) => (joint.softRangeDeg.min = joint.mechanicalStopDeg.min)],
    ['no speed', (joint) => (joint.speedLimitDegPerSec = 0)],
    ['the same joint twice', (joint, _, profile) => Object.assign(profile, { sensedJoints: [joint, joint] })],
    ['no joint at all', (_, __, profile) => Object.assign(profile, { sensedJoints: [] })],
    ['a range that its servo cannot report', (_, servo) => (servo.positionRangeRad = 3)],
    ['a speed that its servo cannot report', (_, servo) => (servo.velocityRangeRadPerSec = 5)],
    ['a reading that is believed for a second', (_, __, { watchdogs }) => (watchdogs.inputMaxAgeMs = 1_000)],
    ['no reading of a joint', (joint) => Reflect.deleteProperty(joint, 'mechanicalStopDeg')],
  ];

  it.each(spoils)('finds %s', (_, spoil) => {
    const profile = structuredClone(armSupport);
    const [joint] = sensedJointsOf(profile) as Sensed[];
    if (joint?.reading.by !== 'servo') throw new RangeError('a servo reads the joints of this robot');
    spoil(joint, joint.reading.servo, profile);
    expect(wrongs(profile)).not.toEqual([]);
  });

  it('is accepted nowhere', () => {
    expect(tryMutations([armSupport], 1, 0, 2_000).violations).toEqual([]);
  }, 60_000);
});

describe('a hundred thousand spoilt profiles', () => {
  it('are refused wherever they break nesting or hardware, and those that may be so are accepted', () => {
    const { mutants, accepted, violations } = tryMutations([gaitOrthosis, threeBuses], 1, 0, 100_000);
    expect(violations).toEqual([]);
    expect(mutants).toBe(100_000);
    // Enough of them go the whole way for the first line to mean something, and most do not.
    expect(accepted).toBeGreaterThan(10_000);
    expect(accepted).toBeLessThan(50_000);
  }, 60_000);

  it('are the same for the same seed, in whatever portions, and leave their originals as they were', () => {
    const profile = structuredClone(gaitOrthosis);
    const whole = tryMutations([profile], 7, 0, 400);
    const portions = [tryMutations([profile], 7, 0, 150), tryMutations([profile], 7, 150, 250)];
    expect(portions[0]!.accepted + portions[1]!.accepted).toBe(whole.accepted);
    expect(profile).toEqual(gaitOrthosis);
  });
});
