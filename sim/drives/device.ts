/** Contracts of the virtual hardware. Devices never ask for the time and never wait: time is an argument. */
import type { CanFrame } from '../../protocols/wire/slcan.ts';

/** What sits at the far end of one serial line. It answers through the `send` it was made with. */
export interface VirtualDevice {
  /** Bytes that have crossed the wire; valid only during the call. */
  receive(bytes: Uint8Array, nowUs: number): void;
  /** The cable was pulled: half a frame is forgotten, and what the cable powered starts anew. */
  unplugged(): void;
}

export type SendBytes = (bytes: Uint8Array) => void;

/** A drive on a CAN bus. */
export interface CanNode {
  /**
   * A frame is on the bus, for whomever.
   * @returns true when this node answers; `answer` then holds its frame
   */
  onCanFrame(frame: CanFrame, nowUs: number, answer: CanFrame): boolean;
}

/** One joint of the body as a drive meets it: true motion, motor torque at the joint before friction. */
export interface JointPort {
  positionRad(): number;
  velocityRadPerSec(): number;
  applyTorqueNm(torqueNm: number): void;
}
