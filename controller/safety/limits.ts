/** What each joint may do in this session, in SI units: the profile's limits narrowed by the patient's own range. */
import { DariError } from '../../protocols/errors.ts';
import { fastestToldRadPerSec } from '../../protocols/drive-profile.ts';
import { toRangeRad, type JointProfile, type RangeRad, type RobotProfile } from '../../protocols/profile.ts';
import type { SessionSetup } from '../../protocols/supervision.ts';
import { degToRad, radToDeg } from '../../protocols/units.ts';
import type { BrakingAbility } from './braking.ts';
import { edgeOf, type Edge } from './edge.ts';

/** A command written now acts in the next period, and the drive's reply is one period old. */
const DEAD_TIME_PERIODS = 3;

export interface JointLimits {
  readonly id: string;
  /** What this patient permits; the soft range where no session is open. */
  readonly permitted: RangeRad;
  readonly soft: RangeRad;
  readonly hard: RangeRad;
  readonly mechanical: RangeRad;
  readonly speedRadPerSec: number;
  readonly braking: BrakingAbility;
  readonly torqueNm: number;
  readonly torqueUpNmPerSec: number;
  readonly torqueDownNmPerSec: number;
  readonly stiffnessNmPerRad: number;
  readonly dampingNmsPerRad: number;
  /** What holds the joint inside its range. */
  readonly edge: Edge;
  /** Feed-forward that a frame can carry. */
  readonly frameTorqueNm: number;
  readonly frameSpeedRadPerSec: number;
  /** Of the device itself, as the profile knows it. */
  readonly coulombFrictionNm: number;
  readonly viscousFrictionNmsPerRad: number;
  readonly rotorInertiaKgM2: number;
  /** What the drive bears for ever, and for how long its peak. */
  readonly continuousTorqueNm: number;
  readonly peakTorqueNm: number;
  readonly peakTimeSec: number;
  readonly powerLimitW: number;
  /** The drive gives the torque of an impedance itself, or the one that the host makes of it. */
  readonly closesTorqueLoop: boolean;
  /** Until the next command comes, after this time, the drive moves its set-point on with the speed that it is told; 0: it keeps it. */
  readonly movesOnSec: number;
  /** Damping that the drive renders at most for a stiffness, s; what is more, the host closes, with the speed that it last saw. Infinity: the drive renders any. */
  readonly dampingPerStiffnessSec: number;
  readonly tempWarnC: number;
  readonly tempLimitC: number;
  /** The drive has no watchdog: out of our hearing it goes on pushing until the hub's relay cuts its power. */
  readonly releasedByRelayOnly: boolean;
}

/** @throws DariError `setupInvalid` when the patient's range is not a range or leaves the soft range */
export function createLimits(profile: RobotProfile, setup: SessionSetup | null): readonly JointLimits[] {
  if (setup !== null && setup.permittedRangeRad.length !== profile.joints.length)
    throw new DariError('setupInvalid', `The session gives ${setup.permittedRangeRad.length} permitted ranges for ${profile.joints.length} joints. Enter one range per joint.`);
  return profile.joints.map((joint, index) => jointLimits(joint, setup?.permittedRangeRad[index], profile.controlRateHz));
}

function jointLimits(joint: JointProfile, patient: RangeRad | undefined, rateHz: number): JointLimits {
  const soft = toRangeRad(joint.softRangeDeg);
  const permitted = patient === undefined ? soft : { min: patient.min, max: patient.max };
  // A range entered in whole degrees may differ from the profile's own in the last bit.
  const slack = 1e-9;
  if (!(permitted.min < permitted.max && permitted.min >= soft.min - slack && permitted.max <= soft.max + slack))
    throw new DariError(
      'setupInvalid',
      `The permitted range of ${joint.id}, ${radToDeg(permitted.min).toFixed(1)} … ${radToDeg(permitted.max).toFixed(1)}°, does not lie inside ` +
        `the device's ${joint.softRangeDeg.min} … ${joint.softRangeDeg.max}°. Correct the patient's range.`,
    );
  const braking: BrakingAbility = {
    accelerationRadPerSec2: degToRad(joint.accelerationLimitDegPerSec2),
    jerkRadPerSec3: degToRad(joint.jerkLimitDegPerSec3),
    deadTimeSec: DEAD_TIME_PERIODS / rateHz,
  };
  return {
    id: joint.id,
    permitted,
    soft,
    hard: toRangeRad(joint.hardRangeDeg),
    mechanical: toRangeRad(joint.mechanicalStopDeg),
    speedRadPerSec: degToRad(joint.speedLimitDegPerSec),
    braking,
    torqueNm: joint.torqueLimitNm,
    torqueUpNmPerSec: joint.torqueRateUpNmPerSec,
    torqueDownNmPerSec: joint.torqueRateDownNmPerSec,
    stiffnessNmPerRad: joint.stiffnessNmPerRad,
    dampingNmsPerRad: joint.dampingNmsPerRad,
    edge: edgeOf(joint, braking, 1 / rateHz),
    frameTorqueNm: joint.drive.torqueRangeNm,
    frameSpeedRadPerSec: fastestToldRadPerSec(joint.drive),
    coulombFrictionNm: joint.coulombFrictionNm,
    viscousFrictionNmsPerRad: joint.viscousFrictionNmsPerRad,
    rotorInertiaKgM2: joint.rotorInertiaKgM2,
    continuousTorqueNm: joint.drive.continuousTorqueNm,
    peakTorqueNm: joint.drive.peakTorqueNm,
    peakTimeSec: joint.drive.peakTimeSec,
    powerLimitW: joint.powerLimitW,
    closesTorqueLoop: joint.drive.setPoint === 'impedance' || joint.drive.setPoint === 'torque',
    // mjbots/moteus docs/reference.md: the control position follows the commanded velocity.
    movesOnSec: joint.drive.protocol === 'moteus' ? 1 / rateHz : 0,
    // registers.md, 0x024: the derivative scale never exceeds the proportional one.
    dampingPerStiffnessSec: joint.drive.protocol === 'moteus' ? joint.drive.dampingMaxNmsPerRad / joint.drive.stiffnessMaxNmPerRad : Infinity,
    tempWarnC: joint.drive.tempWarnC,
    tempLimitC: joint.drive.tempLimitC,
    releasedByRelayOnly: joint.drive.watchdog === 'hubRelay',
  };
}
