/** Lets a real-time process go ahead of everything else on its machine, where the system allows that. */
import { writeFileSync } from 'node:fs';
import os from 'node:os';

/** Nice level of the session group (sched(7), autogroup): without it Linux weighs a busy browser like the robot. */
const GROUP_NICE = '-15';

/**
 * For the main thread, before others are started: they inherit it. Only an administrator may; for anybody else nothing
 * changes, and the loop's lateness is measured either way (`dari doctor` shows it).
 */
export function goAhead(): void {
  attempt(() => os.setPriority(os.constants.priority.PRIORITY_HIGH));
  attempt(() => writeFileSync('/proc/self/autogroup', GROUP_NICE));
}

/** Back to the usual, for a thread that may wait. */
export function stepBack(): void {
  attempt(() => os.setPriority(os.constants.priority.PRIORITY_NORMAL));
}

function attempt(change: () => void): void {
  try {
    change();
  } catch {
    // Not permitted to this user, or not such a system.
  }
}
