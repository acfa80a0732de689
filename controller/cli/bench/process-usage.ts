/** What a process takes of the machine, as Linux counts it; null where there is no /proc. */
import fs from 'node:fs';

export interface ProcessUsage {
  readonly cpuSec: number;
  readonly rssBytes: number;
}

/** proc(5): clock ticks are 1/100 s and pages 4 KiB on every machine that Node's Linux builds run on by default. */
const TICKS_PER_SEC = 100;
const UTIME_AFTER_NAME = 11;
const KIB = 1_024;

export function processUsage(pid: number): ProcessUsage | null {
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name stands in brackets and may hold blanks, so counting begins behind it.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const ticks = Number(fields[UTIME_AFTER_NAME]) + Number(fields[UTIME_AFTER_NAME + 1]);
    const rssKib = /^VmRSS:\s+(\d+) kB$/m.exec(fs.readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return { cpuSec: ticks / TICKS_PER_SEC, rssBytes: Number(rssKib) * KIB };
  } catch {
    return null;
  }
}
