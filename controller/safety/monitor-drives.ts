/**
 * What the independent monitor takes from the drives' frames: who spoke when, and with what torque. Only replies that
 * stand alone are decoded: MIT frames with the uploads of their third version, and the status of CiA 402 drives. Of the
 * other protocols, whose replies mean something only together with the request, any byte on the port counts as a word
 * of all its drives, and their torque is judged by the hub's sensors behind the gear.
 */
import type { MitDriveProfile } from '../../protocols/drive-profile.ts';
import type { JointProfile, LinkProfile } from '../../protocols/profile.ts';
import { COB } from '../../protocols/wire/canopen.ts';
import { powerStateOf } from '../../protocols/wire/cia402.ts';
import { emptyMitReply, MIT_HOST_CAN_ID, MitCodec, mitReplyBytes } from '../../protocols/wire/mit.ts';
import { decodeServoUpload, emptyServoUpload, SERVO_UPLOAD_BYTES, SERVO_UPLOAD_ID } from '../../protocols/wire/servo-can.ts';
import { SlcanReader, type CanFrame } from '../../protocols/wire/slcan.ts';

export interface DriveSink {
  /** A reply of the drive of this joint. */
  onDrive(joint: number, torqueNm: number, enabled: boolean): void;
  /** The drive of this joint, or another one on its port, spoke. */
  onUndecoded(joint: number): void;
}

export interface MonitoredPort {
  push(chunk: Uint8Array): void;
}

/** @returns null for a port without drives */
export function monitorPort(link: LinkProfile, joints: readonly JointProfile[], sink: DriveSink): MonitoredPort | null {
  const places = joints.flatMap((joint, index) => (joint.drive.link === link.id ? [index] : []));
  if (places.length === 0) return null;
  if (link.protocol === 'slcan') return new SlcanPort(joints.flatMap((joint, index) => canDrive(joint, index, sink) ?? []).filter((drive) => places.includes(drive.joint)));
  return {
    push: () => {
      for (const joint of places) sink.onUndecoded(joint);
    },
  };
}

interface CanDrive {
  readonly joint: number;
  take(frame: CanFrame): void;
}

class SlcanPort implements MonitoredPort {
  readonly #reader: SlcanReader;

  constructor(drives: readonly CanDrive[]) {
    this.#reader = new SlcanReader({
      onCanFrame: (frame) => {
        for (const drive of drives) drive.take(frame);
      },
      onAck: () => {},
      onError: () => {},
      onText: () => {},
      onDiscarded: () => {},
    });
  }

  push(chunk: Uint8Array): void {
    this.#reader.push(chunk);
  }
}

/** @returns null for what does not sit on a CAN bus */
function canDrive({ drive }: JointProfile, joint: number, sink: DriveSink): CanDrive | null {
  if (drive.protocol === 'cia402') return cia402Drive(drive.address, drive.ratedTorqueNm, joint, sink);
  if (drive.protocol !== 'mit') return null;
  return drive.v3 === undefined ? mitDrive(drive, joint, sink) : uploadingDrive(drive.address, drive.v3.torqueConstantNmPerA, joint, sink);
}

function mitDrive(drive: MitDriveProfile, joint: number, sink: DriveSink): CanDrive {
  const codec = new MitCodec(drive);
  const reply = emptyMitReply();
  const bytes = mitReplyBytes(drive);
  return {
    joint,
    take: (frame) => {
      if (frame.extended || frame.remote || frame.length !== bytes || (frame.id !== MIT_HOST_CAN_ID && frame.id !== drive.address)) return;
      codec.decodeReply(frame.data, reply);
      if (reply.id === drive.address) sink.onDrive(joint, reply.torqueNm, false);
    },
  };
}

function uploadingDrive(address: number, torqueConstantNmPerA: number, joint: number, sink: DriveSink): CanDrive {
  const upload = emptyServoUpload();
  return {
    joint,
    take: (frame) => {
      if (!frame.extended || frame.remote || frame.length !== SERVO_UPLOAD_BYTES || frame.id !== (SERVO_UPLOAD_ID | address)) return;
      decodeServoUpload(frame.data, upload);
      sink.onDrive(joint, upload.currentA * torqueConstantNmPerA, false);
    },
  };
}

/** Its first PDO, as Dari maps it (`hal/drives/cia402-setup.ts`): u16 status word, i32 position, i16 torque in ‰ of the rated one. */
function cia402Drive(node: number, ratedTorqueNm: number, joint: number, sink: DriveSink): CanDrive {
  return {
    joint,
    take: ({ extended, remote, id, length, data }) => {
      if (extended || remote || id !== COB.tpdo[0] + node || length !== 8) return;
      const statusword = (data[0] ?? 0) | ((data[1] ?? 0) << 8);
      const permille = (((data[6] ?? 0) | ((data[7] ?? 0) << 8)) << 16) >> 16;
      sink.onDrive(joint, (permille * ratedTorqueNm) / 1_000, powerStateOf(statusword) === 'operationEnabled');
    },
  };
}
