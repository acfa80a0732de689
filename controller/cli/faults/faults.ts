/** `dari faults`: does to a robot what must never hurt anybody, and judges by what really happened. */
import { DariError } from '../../../protocols/errors.ts';
import { integerOption } from '../arguments.ts';
import type { Command } from '../command.ts';
import { programPath } from '../install.ts';
import { loadProfile, THREE_BUSES } from '../profiles.ts';
import { ptyFaults } from './pty/all.ts';
import { runCampaign, type FaultRow } from './pty/campaign.ts';
import type { Fault } from './pty/fault.ts';

const ids = ptyFaults.map(({ id }) => id);
const DEFAULT_CASES = 50;

export const faultsCommand: Command = {
  name: 'faults',
  summary: 'Injects faults into a running robot and judges by the simulator’s truth. Real processes on real pseudo-terminals.',
  usage: 'faults --pty [--only F01,F02] [--n CASES] [--profile P] [--seed S] [--json]',
  options: [
    { name: 'pty', help: 'the campaign with real processes on pseudo-terminals (the only one so far)' },
    { name: 'only', value: 'LIST', help: `some of: ${ids.join(', ')}` },
    { name: 'n', value: 'CASES', help: `cases of each fault (${DEFAULT_CASES})` },
    { name: 'profile', value: 'P', help: `robot profile, a name or a .json file (one with drives of three protocols)` },
    { name: 'seed', value: 'S', help: 'the same seed gives the same cases (1)' },
    { name: 'json', help: 'one JSON line for programs' },
  ],
  positionals: 0,
  async run(args) {
    if (!args.options.has('pty')) throw new DariError('usage', 'Only the campaign on real pseudo-terminals exists so far. Run it with: dari faults --pty');
    const faults = chosen(args.options.get('only'));
    const json = args.options.has('json');
    const { profile, path: profilePath } = loadProfile(args.options.get('profile') ?? THREE_BUSES);
    const options = { profile, profilePath, seed: integerOption(args, 'seed', 1), robotProgram: programPath('robot-process'), simulatorProgram: programPath('sim-process') };
    const result = await runCampaign(faults, integerOption(args, 'n', DEFAULT_CASES, 1), options, (fault, index, breaches) => {
      if (!json) process.stderr.write(`${fault.id} case ${index}: ${breaches.length === 0 ? 'passed' : breaches.join('; ')}\n`);
    });
    if (json) process.stdout.write(`${JSON.stringify(result)}\n`);
    else process.stdout.write(`${result.rows.map(describe).join('')}${result.breaches === 0 ? 'No breach' : `${result.breaches} breaches`}; seed ${result.seed}.\n`);
    if (result.breaches > 0 && json) process.stderr.write(`${result.breaches} breaches; seed ${result.seed}\n`);
    return result.breaches === 0 ? 0 : 1;
  },
};

/** @throws DariError `usage` */
function chosen(list: string | undefined): readonly Fault[] {
  if (list === undefined) return ptyFaults;
  return list.split(',').map((id) => {
    const fault = ptyFaults.find((candidate) => candidate.id === id.trim());
    if (fault === undefined) throw new DariError('usage', `There is no fault "${id}" to inject so far. Choose from: ${ids.join(', ')}.`);
    return fault;
  });
}

function describe(row: FaultRow): string {
  const figures = Object.entries(row).flatMap(([name, value]) => (name.endsWith('Ms') && typeof value === 'object' && 'p50' in value ? [`  ${name.slice(0, -2).padEnd(12)} p50 ${value.p50} ms, p99 ${value.p99} ms, worst ${value.max} ms`] : []));
  return `${[`${row.fault}  ${row.what}: ${row.cases} cases, ${row.breaches} breaches`, ...figures, ...row.findings.map((finding) => `  ${finding}`)].join('\n')}\n`;
}
