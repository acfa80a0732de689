import { readFileSync } from 'node:fs';
import { onGround } from '../../../controller/cli/bench/ground.ts';
import { parseProfile } from '../../../protocols/profile-text.ts';
import { isArm, isFootplate, isGait, sensedJointsOf, type ArmJoint, type ArmProfile, type FootplateProfile, type GaitProfile } from '../../../protocols/profile.ts';
import { degToRad } from '../../../protocols/units.ts';

const folder = new URL('../../../hal/profiles/', import.meta.url);

function read(name: string): GaitProfile {
  const profile = parseProfile(readFileSync(new URL(name, folder), 'utf8'), name);
  if (!isGait(profile)) throw new RangeError(`${name} is no profile of a gait robot`);
  return profile;
}

export const gaitOrthosis = (): GaitProfile => read('gait-orthosis.json');
export const gaitExo = (): GaitProfile => read('gait-exo.json');

/** The orthosis on ground. */
export const groundedOrthosis = (): GaitProfile => onGround(gaitOrthosis());

export const averagePatient = { bodyMassKg: 75, heightM: 1.8 };

function readArm(name: string): ArmProfile {
  const profile = parseProfile(readFileSync(new URL(name, folder), 'utf8'), name);
  if (!isArm(profile)) throw new RangeError(`${name} is no profile of an arm robot`);
  return profile;
}

export const armSupport = (): ArmProfile => readArm('arm-support.json');
export const armBimanual = (): ArmProfile => readArm('arm-bimanual.json');

/** What is only measured stands in the fitting posture. */
export const seenAtHome = (profile: ArmProfile): { positionRad: number; velocityRadPerSec: number }[] => sensedJointsOf(profile).map(({ homePositionDeg }) => ({ positionRad: degToRad(homePositionDeg), velocityRadPerSec: 0 }));

/** Of the other side too: the device is turned over. */
export function armExo(side: ArmJoint['side'] = 'right'): ArmProfile {
  const profile = readArm('arm-exo.json');
  return { ...profile, joints: profile.joints.map((joint) => ({ ...joint, side })) };
}

export function footplates(): FootplateProfile {
  const profile = parseProfile(readFileSync(new URL('gait-endeffector.json', folder), 'utf8'), 'gait-endeffector.json');
  if (!isFootplate(profile)) throw new RangeError('gait-endeffector.json is no profile of a robot with footplates');
  return profile;
}
