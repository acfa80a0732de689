/** `docs/limits-PROFILE.md`: every limit of a profile with its reason. */
import type { JointProfile, RobotProfile } from '../../../protocols/profile.ts';
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

/** @param file of the profile, in the repository */
export const limitsTable = (profile: RobotProfile, file: string): string =>
  page(`Limits of ${profile.name.en}`, file, [
    'Ranges nest: mechanical stop ⊃ hard range ⊃ soft range ⊃ the patient’s own range, entered per session. The values are those of the profile; where no standard gives a number, they are choices of this project.',
    '## Joints',
    table(['limit', 'unit', ...profile.joints.map(({ id }) => code(id)), 'why'], names.map((limit) => [jointLimitReasons[limit].name, jointLimitReasons[limit].unit, ...profile.joints.map((joint) => shown(joint, limit)), jointLimitReasons[limit].reason])),
    '## Drives',
    'What the hardware gives: the limits above may not exceed it. The temperature warns at the first value and stops at the second; the drive’s watchdog lets go when the host falls silent. How long it gives its peak torque from cold (its data sheet) is the budget of I²t: torque is taken away before it is spent.',
    table(['joint', 'drive', 'continuous / peak torque', 'peak from cold', 'greatest gains', 'watchdog', 'warn / stop'], profile.joints.map(driveRow)),
    '## Robot',
    table(['limit', 'value', 'why'], robotLimits.flatMap(({ name, value, reason }) => row(name, value(profile), reason))),
  ]);
