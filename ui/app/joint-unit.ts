/** In what a joint's place is shown: a hinge in degrees, a belt axis in centimetres of its travel. */
import { degToRad } from '../../protocols/units.ts';

export interface JointUnit {
  readonly unit: '°' | ' cm';
  readonly perDeg: number;
}

const CM_PER_M = 100;

export const unitOf = (joint: object): JointUnit =>
  'leadMPerRad' in joint && typeof joint.leadMPerRad === 'number' ? { unit: ' cm', perDeg: CM_PER_M * joint.leadMPerRad * degToRad(1) } : { unit: '°', perDeg: 1 };
