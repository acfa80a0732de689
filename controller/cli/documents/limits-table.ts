/** `docs/limits-PROFILE.md`: every limit of a profile with its reason. */
import { isArm, isDriven, sensedJointsOf, type JointProfile, type RobotProfile, type SensedJoint } from '../../../protocols/profile.ts';
import { jointLimitReasons, robotLimits, type JointLimit } from './limit-reasons.ts';
import { code, page, table } from './markdown.ts';

const shown = (joint: JointProfile, limit: JointLimit): string => {
  const value = joint[limit];
  return typeof value === 'number' ? String(value) : `${value.min} … ${value.max}`;
};

const names = Object.keys(jointLimitReasons) as JointLimit[];

const driveRow = ({ id, drive }: JointProfile): string[] => [
  id,
  `${drive.model} (${drive.protocol})`,
  `${drive.continuousTorqueNm} / ${drive.peakTorqueNm} Nm`,
  `${drive.peakTimeSec} s`,
  `${drive.stiffnessMaxNmPerRad} Nm/rad, ${drive.dampingMaxNmsPerRad} Nms/rad`,
  `${drive.watchdogMs} ms (${drive.watchdog})`,
  `${drive.tempWarnC} / ${drive.tempLimitC} °C`,
];

const row = (name: string, value: string | null, reason: string): string[][] => (value === null ? [] : [[name, value, reason]]);

/** What counts for a robot that moves nothing. */
const ofMeasuring: readonly string[] = ['control rate', 'age of an input', 'operator’s lease', 'heartbeat to the hub', 'patient’s mass', 'patient’s height'];

const drivenParts = (profile: RobotProfile): string[] =>
  isDriven(profile)
    ? [
        '## Joints',
        table(['limit', 'unit', ...profile.joints.map(({ id }) => code(id)), 'why'], names.map((limit) => [jointLimitReasons[limit].name, jointLimitReasons[limit].unit, ...profile.joints.map((joint) => shown(joint, limit)), jointLimitReasons[limit].reason])),
        '## Drives',
        'What the hardware gives: the limits above may not exceed it. The temperature warns at the first value and stops at the second; the drive’s watchdog lets go when the host falls silent. How long it gives its peak torque from cold (its data sheet) is the budget of I²t: torque is taken away before it is spent.',
        table(['joint', 'drive', 'continuous / peak torque', 'peak from cold', 'greatest gains', 'watchdog', 'warn / stop'], profile.joints.map(driveRow)),
      ]
    : [
        '## Nothing is driven',
        'No command has a place for any joint of this robot: it cannot be armed, it has no way home, no stop to be timed and no preparation. What could move it by itself is a servo with its torque on: each has a current limit of 0, set and read back, and one that says that its torque is on loses its power. The emergency stop cuts that power too; it is shown, latched and acknowledged as on any robot, and the springs carry the arm on.',
      ];

const sensedRow = ({ id, reading, mechanicalStopDeg, softRangeDeg, speedLimitDegPerSec }: SensedJoint): string[] => [
  code(id),
  reading.by === 'hub' ? `sensor hub, channel ${reading.hubChannel}` : `${reading.servo.model}, torque off`,
  `${mechanicalStopDeg.min} … ${mechanicalStopDeg.max}`,
  `${softRangeDeg.min} … ${softRangeDeg.max}`,
  `${speedLimitDegPerSec}`,
];

function sensedParts(profile: RobotProfile): string[] {
  const sensed = sensedJointsOf(profile);
  return sensed.length === 0
    ? []
    : [
        '## Joints that are only measured',
        'A reading more than 5° beyond the stop, or farther from the one before than one and a half times the greatest speed takes it, is not believed.',
        table(['joint', 'read by', 'mechanical stop, °', 'meant to be used, °', 'greatest speed, °/s'], sensed.map(sensedRow)),
      ];
}

function springParts(profile: RobotProfile): string[] {
  if (!isArm(profile) || profile.springs === undefined) return [];
  const { upperArmKg, forearmKg } = profile.springs;
  return ['## Springs', 'Set by hand, and entered by the therapist: the device does not see where they stand. What each level lifts; the device carries itself at all of them.', table(['spring', 'levels from 0, kg'], [['upper arm', upperArmKg.join(', ')], ['forearm', forearmKg.join(', ')]])];
}

/** @param file of the profile, in the repository */
export const limitsTable = (profile: RobotProfile, file: string): string =>
  page(`Limits of ${profile.name.en}`, file, [
    'Ranges nest: mechanical stop ⊃ hard range ⊃ soft range ⊃ the patient’s own range, entered per session. The values are those of the profile; where no standard gives a number, they are choices of this project.',
    ...drivenParts(profile),
    ...sensedParts(profile),
    ...springParts(profile),
    '## Robot',
    table(['limit', 'value', 'why'], robotLimits.filter(({ name }) => isDriven(profile) || ofMeasuring.includes(name)).flatMap(({ name, value, reason }) => row(name, value(profile), reason))),
  ]);
