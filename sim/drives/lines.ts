/** Which virtual devices stand for which protocol. */
import type { DriveProfile } from '../../protocols/drive-profile.ts';
import type { LinkProfile } from '../../protocols/profile.ts';
import type { JointPort, SendBytes, VirtualLine } from './device.ts';
import { MitDrive } from './mit-drive.ts';
import { SlcanAdapter } from './slcan-adapter.ts';

/** A drive and the joint that it moves. */
export interface DriveSeat {
  readonly drive: DriveProfile;
  readonly joint: JointPort;
}

/** @throws RangeError for a link that carries no drives, or a drive that cannot sit on it */
export function createVirtualLine(link: LinkProfile, seats: readonly DriveSeat[], send: SendBytes): VirtualLine {
  switch (link.protocol) {
    case 'slcan': {
      const drives = seats.map(canDrive);
      return { device: new SlcanAdapter(link.adapter ?? 'lawicel', drives, send), drives };
    }
    case 'vesc':
    case 'cubemars-v1':
    case 'cubemars-v3':
    case 'odrive-ascii':
    case 'moteus':
    case 'dynamixel2':
    case 'epos4':
    case 'unitree':
    case 'sensor-hub':
      break;
  }
  throw new RangeError(`the link "${link.id}" speaks ${link.protocol}, which carries no drives`);
}

function canDrive({ drive, joint }: DriveSeat): MitDrive {
  if (drive.protocol === 'mit') return new MitDrive(drive, joint);
  throw new RangeError(`a ${drive.protocol} drive does not sit on a CAN bus`);
}
