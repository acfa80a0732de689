/** One drive of each protocol, and of each layout of MIT frames: a typical product, as its virtual twin is delivered. */
import type { DriveProfile } from '../../../protocols/drive-profile.ts';
import { bareAkV3 } from '../../../sim/drives/ak-v3-drive.ts';
import { bareCia402 } from '../../../sim/drives/cia402-drive.ts';
import { bareCubemarsV1 } from '../../../sim/drives/cubemars-v1-drive.ts';
import { bareCubemarsV3 } from '../../../sim/drives/cubemars-v3-drive.ts';
import { bareDynamixel } from '../../../sim/drives/dynamixel-drive.ts';
import { bareEpos4 } from '../../../sim/drives/epos4-drive.ts';
import { bareMit } from '../../../sim/drives/mit-drive.ts';
import { bareMoteus } from '../../../sim/drives/moteus-drive.ts';
import { bareOdrive } from '../../../sim/drives/odrive-drive.ts';
import { bareUnitree } from '../../../sim/drives/unitree-drive.ts';
import { bareVesc } from '../../../sim/drives/vesc-drive.ts';

const FIRST = 1;
/** An ODrive counts its axes from 0. */
const FIRST_AXIS = 0;

export const fuzzDrives: readonly DriveProfile[] = [bareMit(FIRST), bareAkV3(FIRST), bareCia402(FIRST), bareVesc(FIRST), bareCubemarsV1(FIRST), bareCubemarsV3(FIRST), bareOdrive(FIRST_AXIS), bareMoteus(FIRST), bareDynamixel(FIRST), bareEpos4(FIRST), bareUnitree(FIRST)];
