/**
 * What the independent monitor takes from the drives' frames: who spoke when, and with what torque. Only replies that
 * stand alone are decoded: MIT frames with the uploads of their third version, and the status of CiA 402 drives. Of the
 * other protocols, whose replies mean something only together with the request, any byte on the port counts as a word
 * of all its drives, and their torque is judged by the hub's sensors behind the gear. Only MIT frames tell a speed and an angle here.
 */
import type { DriveProfileOf, MitDriveProfile } from '../../protocols/drive-profile.ts';
import type { JointProfile, LinkProfile } from '../../protocols/profile.ts';
import { degToRad } from '../../protocols/units.ts';
import { COB, getLe } from '../../protocols/wire/canopen.ts';
import { powerStateOf } from '../../protocols/wire/cia402.ts';
import { emptyMitReply, MIT_HOST_CAN_ID, MitCodec, mitReplyBytes } from '../../protocols/wire/mit.ts';
import { decodeServoUpload, emptyServoUpload, SERVO_UPLOAD_BYTES, SERVO_UPLOAD_ID } from '../../protocols/wire/servo-can.ts';
import { SlcanReader, type CanFrame } from '../../protocols/wire/slcan.ts';
import type { MonitoredJoint } from './monitor-joint.ts';

const RAD_PER_SEC_PER_RPM = (2 * Math.PI) / 60;

export interface MonitoredPort {
  /** What arrived, in any chunking. */
  push(chunk: Uint8Array, nowUs: number): void;
}

/** @param seats the joints whose drives sit on this link; none: its bytes say nothing */
export function monitorPort(link: LinkProfile, seats: readonly (readonly [JointProfile, MonitoredJoint])[]): MonitoredPort {
  if (link.protocol === 'slcan') return new SlcanPort(seats.flatMap(([profile, joint]) => canDrive(profile, joint) ?? []));
  return {
    push: (_chunk, nowUs) => {
      for (const [, joint] of seats) joint.onUndecoded(nowUs);
    },
  };
}

type TakeFrame = (frame: CanFrame, nowUs: number) => void;

class SlcanPort implements MonitoredPort {
  readonly #reader: SlcanReader;
  #nowUs = 0;

  constructor(drives: readonly TakeFrame[]) {
    this.#reader = new SlcanReader({
      onCanFrame: (frame) => {
        for (const take of drives) take(frame, this.#nowUs);
      },
      onAck: () => {},
      onError: () => {},
      onText: () => {},
      onDiscarded: () => {},
    });
  }

  push(chunk: Uint8Array, nowUs: number): void {
    this.#nowUs = nowUs;
    this.#reader.push(chunk);
  }
}

/** @returns null for what does not sit on a CAN bus */
function canDrive({ drive }: JointProfile, joint: MonitoredJoint): TakeFrame | null {
  if (drive.protocol === 'cia402') return cia402Drive(drive, joint);
  if (drive.protocol !== 'mit') return null;
  return drive.v3 === undefined ? mitDrive(drive, joint) : uploadingDrive(drive, drive.v3, joint);
}

function mitDrive(drive: MitDriveProfile, joint: MonitoredJoint): TakeFrame {
  const codec = new MitCodec(drive);
  const reply = emptyMitReply();
  const bytes = mitReplyBytes(drive);
  return (frame, nowUs) => {
    if (frame.extended || frame.remote || frame.length !== bytes || (frame.id !== MIT_HOST_CAN_ID && frame.id !== drive.address)) return;
    codec.decodeReply(frame.data, reply);
    if (reply.id === drive.address) joint.onDrive(drive.direction * reply.torqueNm, drive.direction * reply.velocityRadPerSec, drive.direction * reply.positionRad, false, nowUs);
  };
}

function uploadingDrive({ address, direction }: MitDriveProfile, { torqueConstantNmPerA, polePairs, gearRatio }: NonNullable<MitDriveProfile['v3']>, joint: MonitoredJoint): TakeFrame {
  const upload = emptyServoUpload();
  return (frame, nowUs) => {
    if (!frame.extended || frame.remote || frame.length !== SERVO_UPLOAD_BYTES || frame.id !== (SERVO_UPLOAD_ID | address)) return;
    decodeServoUpload(frame.data, upload);
    joint.onDrive(direction * upload.currentA * torqueConstantNmPerA, (direction * upload.erpm * RAD_PER_SEC_PER_RPM) / (polePairs * gearRatio), direction * degToRad(upload.positionDeg), false, nowUs);
  };
}

/** Of its first PDO, as Dari maps it (`hal/drives/cia402-setup.ts`): u16 status word, i32 position, i16 torque in ‰ of the rated one. */
const CIA402_STATUS_BYTES = 8;

function cia402Drive({ address, direction, ratedTorqueNm }: DriveProfileOf<'cia402'>, joint: MonitoredJoint): TakeFrame {
  return ({ extended, remote, id, length, data }, nowUs) => {
    if (extended || remote || id !== COB.tpdo[0] + address || length !== CIA402_STATUS_BYTES) return;
    const enabled = powerStateOf(getLe(data, 0, 2, false)) === 'operationEnabled';
    joint.onDrive((direction * getLe(data, 6, 2, true) * ratedTorqueNm) / 1_000, Number.NaN, Number.NaN, enabled, nowUs);
  };
}
