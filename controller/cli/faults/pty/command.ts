/** `dari faults --pty`: runs the campaign with real processes, tells how far it is, and ends with a table. */
import type { RobotProfile } from '../../../../protocols/profile.ts';
import { programPath } from '../../install.ts';
import { ptyFaults } from './all.ts';
import { runCampaign, type Told } from './campaign.ts';
import { tableOf } from './table.ts';

export interface PtyCommandOptions {
  readonly profile: RobotProfile;
  readonly profilePath: string;
  readonly seed: number;
  /** Of each fault; null: each of its kinds once. */
  readonly cases: number | null;
  /** null: all */
  readonly only: readonly string[] | null;
  /** Alone, of each fault; null: all */
  readonly onlyCase: number | null;
  readonly json: boolean;
}

/** @returns the exit code */
export async function runPtyCommand({ profile, profilePath, seed, cases, only, onlyCase, json }: PtyCommandOptions): Promise<number> {
  const options = {
    profile,
    profilePath,
    seed,
    robotProgram: programPath('robot-process'),
    simulatorProgram: programPath('sim-process'),
    dariProgram: programPath('dari'),
    pageProgram: programPath('faults-page'),
    mischiefProgram: programPath('faults-mischief'),
  };
  // What has been started ends with this process, in order.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
  const faults = ptyFaults.filter(({ id }) => only === null || only.includes(id));
  const result = await runCampaign({ faults, cases, only: onlyCase }, options, (told) => {
    if (!json) process.stderr.write(progressOf(told));
  });
  process.stdout.write(json ? `${JSON.stringify(result)}\n` : tableOf(result));
  if (result.breaches > 0 && json) process.stderr.write(`${result.breaches} breaches; seed ${seed}\n`);
  return result.breaches === 0 ? 0 : 1;
}

function progressOf({ fault, kind, index, result, seconds, done, of }: Told): string {
  const verdict = result.machineStallMs !== undefined ? `spoilt by a stall of this machine (${result.machineStallMs.toFixed(0)} ms)` : result.breaches.length === 0 ? 'passed' : result.breaches.join('; ');
  return `[${done}/${of}] ${fault.id} case ${index}, ${kind}: ${verdict} (${seconds.toFixed(0)} s)\n`;
}
