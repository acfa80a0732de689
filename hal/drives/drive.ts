/**
 * Drive: one motor controller, in the joint's own coordinates (direction and zero offset are applied here, nowhere
 * else).
 *
 * - A drive begins blocked. It is enabled only after a command with `enable` false and then one with `enable` true went
 *   to it since its link opened: nothing starts to move because a cable came back.
 * - It falls back to blocked when it has not been fed, or has not answered, for longer than its own command watchdog,
 *   because then it has released by itself.
 * - The state given out is the observed one: `enabled` when the drive has answered in motor mode, not when it was told.
 */
import type { JointCommand, JointInputs } from '../../protocols/joints.ts';

export interface Drive {
  /** The link (re)opened: what is known of the drive is void. */
  onLinkOpen(nowUs: number): void;
  onLinkClosed(): void;
  /** Fills `data` with this cycle's frame for the drive; every cycle has one. */
  encode(enable: boolean, command: JointCommand, nowUs: number, data: Uint8Array): void;
  /** The transport took the frame. */
  onSent(nowUs: number): void;
  /** A frame from the drive. */
  onFrame(data: Uint8Array, nowUs: number): void;
  /** Fills the drive's part of the inputs. */
  read(joint: JointInputs, nowUs: number): void;
}
