/** Which virtual devices stand for which protocol. */
import type { DriveProfile } from '../../protocols/drive-profile.ts';
import { AkV3Drive, isAkV3 } from './ak-v3-drive.ts';
import type { LinkProfile } from '../../protocols/profile.ts';
import { Cia402Drive } from './cia402-drive.ts';
import { CubemarsV1Drive } from './cubemars-v1-drive.ts';
import { CubemarsV3Drive } from './cubemars-v3-drive.ts';
import type { CanNode, JointPort, SendBytes, VirtualDrive, VirtualLine } from './device.ts';
import { DynamixelDrive } from './dynamixel-drive.ts';
import { DynamixelLine } from './dynamixel-line.ts';
import { createMoteusLine } from './fdcanusb.ts';
import { Epos4Drive } from './epos4-drive.ts';
import { Epos4Line } from './epos4-line.ts';
import { MitDrive } from './mit-drive.ts';
import type { ServoDevice } from './servo-device.ts';
import { OdriveBoard } from './odrive-drive.ts';
import { SlcanAdapter } from './slcan-adapter.ts';
import { UnitreeBus, UnitreeDrive } from './unitree-drive.ts';
import { VescDrive } from './vesc-drive.ts';

/** A drive and the joint that it moves. */
export interface DriveSeat {
  readonly drive: DriveProfile;
  readonly joint: JointPort;
}

/** @throws RangeError for a link that carries no drives, or a drive that cannot sit on it */
export function createVirtualLine(link: LinkProfile, seats: readonly DriveSeat[], send: SendBytes): VirtualLine {
  switch (link.protocol) {
    case 'moteus':
      return createMoteusLine(seats, send);
    case 'slcan': {
      const drives = seats.map(canDrive);
      return { device: new SlcanAdapter(link.adapter ?? 'lawicel', drives, send), drives };
    }
    case 'dynamixel2': {
      const drives = seats.flatMap(({ drive, joint }) => (drive.protocol === 'dynamixel2' ? [new DynamixelDrive(drive, joint, link.baud)] : []));
      return { device: new DynamixelLine(drives, link.baud, send), drives };
    }
    case 'odrive-ascii': {
      const axes = seats.flatMap(({ drive, joint }) => (drive.protocol === 'odrive-ascii' ? [{ drive, joint }] : []));
      const board = new OdriveBoard(axes, send);
      return { device: board, drives: axes.map(({ drive }) => board.axis(drive.address)) };
    }
    case 'epos4': {
      const drives = seats.flatMap(({ drive, joint }) => (drive.protocol === 'epos4' ? [new Epos4Drive(drive, joint)] : []));
      return { device: new Epos4Line(drives, send), drives };
    }
    case 'unitree': {
      const drives = seats.flatMap(({ drive, joint }) => (drive.protocol === 'unitree' ? [new UnitreeDrive(drive, joint)] : []));
      return { device: new UnitreeBus(drives, send), drives };
    }
    case 'vesc':
    case 'cubemars-v1':
    case 'cubemars-v3':
      return pointToPoint(link, seats, send);
    case 'sensor-hub':
      break;
  }
  throw new RangeError(`the link "${link.id}" speaks ${link.protocol}, which carries no drives`);
}

function canDrive({ drive, joint }: DriveSeat): CanNode & VirtualDrive {
  if (drive.protocol === 'mit') return isAkV3(drive) ? new AkV3Drive(drive, joint) : new MitDrive(drive, joint);
  if (drive.protocol === 'cia402') return new Cia402Drive(drive, joint);
  throw new RangeError(`a ${drive.protocol} drive does not sit on a CAN bus`);
}

/** These ports lead to one drive each. */
function pointToPoint(link: LinkProfile, [seat, ...others]: readonly DriveSeat[], send: SendBytes): VirtualLine {
  if (seat === undefined || others.length > 0) throw new RangeError(`the link "${link.id}" needs exactly one drive`);
  const drive = servoDrive(seat, send);
  return { device: drive.device, drives: [drive] };
}

function servoDrive({ drive, joint }: DriveSeat, send: SendBytes): ServoDevice {
  if (drive.protocol === 'vesc') return new VescDrive(drive, joint, send);
  if (drive.protocol === 'cubemars-v1') return new CubemarsV1Drive(drive, joint, send);
  if (drive.protocol === 'cubemars-v3') return new CubemarsV3Drive(drive, joint, send);
  throw new RangeError(`a ${drive.protocol} drive has no port of its own`);
}
