/** The command line as a person or a program calls it, from the built program. */
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { repository } from './station.ts';

/** Below the limit of a test, which cannot end one that waits for a program. */
const LIMIT_MS = 110_000;

export function dari(...words: readonly string[]): { status: number | null; stdout: string; stderr: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [path.join('.ci', 'dari.mjs'), ...words], { cwd: repository, encoding: 'utf8', timeout: LIMIT_MS, killSignal: 'SIGKILL' });
  return { status, stdout, stderr };
}
