/** Parts of profiles with joints that are only measured. */
import { readFileSync } from 'node:fs';
import { parseProfile } from '../../protocols/profile-text.ts';
import { isArm, type ArmProfile } from '../../protocols/profile.ts';
import type { SensedReading } from '../../protocols/sensed-joint.ts';
import { bareDynamixel } from '../../sim/drives/dynamixel-drive.ts';

function arm(): ArmProfile {
  const parsed = parseProfile(readFileSync('hal/profiles/arm-exo.json', 'utf8'), 'arm-exo.json');
  if (!isArm(parsed)) throw new RangeError('no profile of an arm');
  return parsed;
}
export const armProfile = arm();

/** A servo of the X series as it comes, on the link `servos`. */
export const servoOf = (address: number): Extract<SensedReading, { by: 'servo' }>['servo'] => ({ ...bareDynamixel(address), link: 'servos' });
