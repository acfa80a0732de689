/** Which file speaks for which protocol. */
import { DariError } from '../../protocols/errors.ts';
import type { DriveProtocol } from '../../protocols/drive-profile.ts';
import type { LinkProfile } from '../../protocols/profile.ts';
import { Cia402Drive, cia402BusFrames } from './cia402-drive.ts';
import { CubemarsV1Drive } from './cubemars-v1-drive.ts';
import { CubemarsV3Drive } from './cubemars-v3-drive.ts';
import type { DriveSeat, JointOf, LineCounters, LineProtocol } from './drive.ts';
import { DynamixelLine } from './dynamixel-line.ts';
import { createEpos4Line } from './epos4-drive.ts';
import { MitDrive } from './mit-drive.ts';
import { createMoteusLine } from './moteus-drive.ts';
import type { PlainDrive } from './plain-line.ts';
import { createServoLine } from './servo-line.ts';
import { createOdriveLine } from './odrive-drive.ts';
import { SlcanLine, type CanDrive } from './slcan-line.ts';
import { createUnitreeLine } from './unitree-drive.ts';
import { VescDrive } from './vesc-drive.ts';

const speaks = <P extends DriveProtocol>(joint: DriveSeat, protocol: P): joint is JointOf<P> => joint.drive.protocol === protocol;

/**
 * @param joints those on the link, in the order of the profile
 * @throws DariError `profileInvalid` for a link that carries no drives
 */
export function createLineProtocol(link: LinkProfile, joints: readonly DriveSeat[], counters: LineCounters): LineProtocol {
  switch (link.protocol) {
    case 'dynamixel2':
      return new DynamixelLine(joints.filter((joint) => speaks(joint, 'dynamixel2')), link.baud, counters);
    case 'epos4':
      return createEpos4Line(joints.filter((joint) => speaks(joint, 'epos4')), counters);
    case 'moteus':
      return createMoteusLine(joints.filter((joint) => speaks(joint, 'moteus')), counters);
    case 'slcan':
      return new SlcanLine(joints.map(canDrive), counters, joints.some(({ drive }) => drive.protocol === 'cia402') ? cia402BusFrames : undefined);
    case 'odrive-ascii':
      return createOdriveLine(joints.filter((joint) => speaks(joint, 'odrive-ascii')), link.baud, counters);
    case 'unitree':
      return createUnitreeLine(joints.filter((joint) => speaks(joint, 'unitree')), link.baud, counters);
    case 'vesc':
    case 'cubemars-v1':
    case 'cubemars-v3':
      return createServoLine(link, servoDrives(joints), counters);
    case 'sensor-hub':
      break;
  }
  throw new DariError('profileInvalid', `The link "${link.id}" speaks ${link.protocol}, which carries no drives. Check the profile.`);
}

function canDrive(joint: DriveSeat): CanDrive {
  if (speaks(joint, 'mit')) return new MitDrive(joint);
  if (speaks(joint, 'cia402')) return new Cia402Drive(joint);
  throw new DariError('profileInvalid', `The drive of ${joint.id} (${joint.drive.protocol}) does not sit on a CAN bus. Check the profile.`);
}

const servoDrives = (joints: readonly DriveSeat[]): readonly PlainDrive[] =>
  joints.flatMap((joint): readonly PlainDrive[] => {
    if (speaks(joint, 'vesc')) return [new VescDrive(joint)];
    if (speaks(joint, 'cubemars-v1')) return [new CubemarsV1Drive(joint)];
    return speaks(joint, 'cubemars-v3') ? [new CubemarsV3Drive(joint)] : [];
  });
