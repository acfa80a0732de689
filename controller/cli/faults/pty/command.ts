/** `dari faults --pty`: runs the campaign with real processes and tells its rows. */
import type { RobotProfile } from '../../../../protocols/profile.ts';
import { programPath } from '../../install.ts';
import { ptyFaults } from './all.ts';
import { runCampaign, type FaultRow } from './campaign.ts';

export interface PtyCommandOptions {
  readonly profile: RobotProfile;
  readonly profilePath: string;
  readonly seed: number;
  /** Of each fault. */
  readonly cases: number;
  /** null: all */
  readonly only: readonly string[] | null;
  readonly json: boolean;
}

/** @returns the exit code */
export async function runPtyCommand({ profile, profilePath, seed, cases, only, json }: PtyCommandOptions): Promise<number> {
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
  const faults = ptyFaults.filter(({ id }) => only === null || only.includes(id));
  const result = await runCampaign(faults, cases, options, (fault, index, breaches) => {
    if (!json) process.stderr.write(`${fault.id} case ${index}: ${breaches.length === 0 ? 'passed' : breaches.join('; ')}\n`);
  });
  if (json) process.stdout.write(`${JSON.stringify(result)}\n`);
  else process.stdout.write(`${result.rows.map(describe).join('')}${result.breaches === 0 ? 'No breach' : `${result.breaches} breaches`}; seed ${result.seed}.\n`);
  if (result.breaches > 0 && json) process.stderr.write(`${result.breaches} breaches; seed ${result.seed}\n`);
  return result.breaches === 0 ? 0 : 1;
}

function describe(row: FaultRow): string {
  const figures = Object.entries(row).flatMap(([name, value]) => (name.endsWith('Ms') && typeof value === 'object' && 'p50' in value ? [`  ${name.slice(0, -2).padEnd(12)} p50 ${value.p50} ms, p99 ${value.p99} ms, worst ${value.max} ms`] : []));
  return `${[`${row.fault}  ${row.what}: ${row.cases} cases, ${row.breaches} breaches${row.spoilt === 0 ? '' : `, ${row.spoilt} spoilt by stalls of this machine`}`, ...figures, ...row.findings.map((finding) => `  ${finding}`)].join('\n')}\n`;
}
