/** One drive of each protocol, as a profile describes it. */
import type { DriveProfile, DriveProfileOf } from '../../../protocols/drive-profile.ts';

const common = {
  link: 'line',
  positionRangeRad: 12.5,
  velocityRangeRadPerSec: 8,
  torqueRangeNm: 144,
  stiffnessMaxNmPerRad: 500,
  dampingMaxNmsPerRad: 5,
  direction: 1,
  zeroOffsetDeg: 0,
  continuousTorqueNm: 48,
  peakTorqueNm: 120,
  watchdogMs: 100,
  tempWarnC: 75,
  tempLimitC: 90,
} as const;

export const mitDrive = (scaling: '2^n-1' | '2^n'): DriveProfileOf<'mit'> => ({ ...common, protocol: 'mit', model: 'AK80-64', address: 1, setPoint: 'impedance', watchdog: 'proof', scaling });

export const fuzzDrives: readonly DriveProfile[] = [mitDrive('2^n-1')];
