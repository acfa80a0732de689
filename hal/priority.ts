/** Lets a real-time process go ahead of everything else on its machine, where the system allows that. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';

/** Nice level of the session group (sched(7), autogroup): without it Linux weighs a busy browser like the robot. */
const GROUP_NICE = '-15';
/** libuv's, made all together at the first use, which is the loading of the program: the last threads before ours. */
const POOL_THREADS = Number(process.env['UV_THREADPOOL_SIZE'] ?? 4);
const GROUPS_SWITCH = '/proc/sys/kernel/sched_autogroup_enabled';

/**
 * For the main thread, before others are started: they inherit it. libuv's, which read and write the ports, are there already
 * and go ahead with it, because it waits for them, 16 ms when they waited behind others; V8's, which compile, stay behind. Only
 * an administrator may; for anybody else nothing changes, and the loop's lateness is measured either way (`dari doctor` shows it).
 */
export function goAhead(): void {
  attempt(() => os.setPriority(os.constants.priority.PRIORITY_HIGH));
  attempt(() => {
    const threads = readdirSync('/proc/self/task').map(Number).sort((a, b) => a - b);
    for (const thread of threads.slice(-POOL_THREADS)) os.setPriority(thread, os.constants.priority.PRIORITY_HIGH);
  });
  attempt(() => writeFileSync('/proc/self/autogroup', GROUP_NICE));
}

/** Back to the usual, for a thread that may wait. */
export function stepBack(): void {
  attempt(() => os.setPriority(os.constants.priority.PRIORITY_NORMAL));
}

/** Whether Linux shares processors out among sessions before it looks at nice levels. */
export function sessionsAreGroups(): boolean {
  try {
    return readFileSync(GROUPS_SWITCH, 'utf8').trim() === '1';
  } catch {
    // Not such a system.
    return false;
  }
}

function attempt(change: () => void): void {
  try {
    change();
  } catch {
    // Not permitted to this user, or not such a system.
  }
}
