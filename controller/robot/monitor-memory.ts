/** What the monitor's thread and the loop show each other: a verdict, a sign of life and an answer; nothing else is shared. */
import type { RobotProfile } from '../../protocols/profile.ts';

export interface MonitorSetup {
  readonly profile: RobotProfile;
  /** What arrived at the ports (`hal/byte-tap.ts`). */
  readonly tap: SharedArrayBuffer;
  /** Int32 cells, below. */
  readonly shared: SharedArrayBuffer;
  /** Zero of the loop's clock. */
  readonly originNs: bigint;
}

export const MONITOR_CELLS = 6;
/** Set by the loop: the thread shall end. */
export const STOP = 0;
/** Counts looks; written last. */
export const BEAT = 1;
/** Index in `monitorReasons`. */
export const REASON = 2;
export const JOINT = 3;
/** 1: `ANSWER` holds one that nobody has taken. */
export const ANSWER_READY = 4;
/** The bits of a u32. */
export const ANSWER = 5;
