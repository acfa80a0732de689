/** The joint around a fuzzed drive: only its limits matter. */
import type { JointProfile } from '../../../protocols/profile.ts';
import { bareMit } from '../../../sim/drives/mit-drive.ts';

export const fuzzJoint: JointProfile = {
  id: 'joint',
  name: { en: 'Joint', ko: '관절', de: 'Gelenk' },
  kind: 'hip',
  side: 'left',
  mechanicalStopDeg: { min: -35, max: 95 },
  hardRangeDeg: { min: -30, max: 90 },
  softRangeDeg: { min: -20, max: 80 },
  speedLimitDegPerSec: 200,
  accelerationLimitDegPerSec2: 4_000,
  jerkLimitDegPerSec3: 1_500_000,
  torqueLimitNm: 100,
  torqueRateUpNmPerSec: 2_000,
  torqueRateDownNmPerSec: 8_000,
  interactionLimitNm: 20,
  powerLimitW: 250,
  homePositionDeg: 5,
  stiffnessNmPerRad: 400,
  dampingNmsPerRad: 5,
  coulombFrictionNm: 3.5,
  viscousFrictionNmsPerRad: 0.8,
  rotorInertiaKgM2: 0.35,
  hubChannel: 0,
  drive: bareMit(1),
};
