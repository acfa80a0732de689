/** `dari faults`: does to a robot what must never hurt anybody, and judges by what really happened. */
import { writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { DariError } from '../../../protocols/errors.ts';
import { integerOption } from '../arguments.ts';
import type { Command, CommandArguments } from '../command.ts';
import { programPath } from '../install.ts';
import { DEFAULT_PROFILE, loadProfile, THREE_BUSES } from '../profiles.ts';
import { runCampaign } from './campaign.ts';
import { createPlan, faultIds, possibleFaults, type Plan } from './plan.ts';
import { ptyFaults } from './pty/all.ts';
import { runPtyCommand } from './pty/command.ts';
import { replayCase } from './replay-case.ts';
import { htmlReport, textReport } from './report.ts';
import { describeCase, summarise } from './summary.ts';
import type { WorkerLine } from './worker-lines.ts';

const DEFAULT_CASES = 440;
const PROGRESS_EVERY = 20;

export const faultsCommand: Command = {
  name: 'faults',
  summary: 'Injects faults into a robot and judges by the simulator’s truth: cases copied from long sessions in lock-step, or with --pty real processes on pseudo-terminals.',
  usage: 'faults [--profile P] [--n CASES] [--seed S] [--only F05,F07] [--case K] [--pty] [--json] [--report FILE.html]',
  options: [
    { name: 'n', value: 'CASES', help: `cases over all faults (${DEFAULT_CASES}); with --pty of each fault (each kind once)` },
    { name: 'seed', value: 'S', help: 'the same seed gives the same cases (1)' },
    { name: 'only', value: 'LIST', help: `some of ${faultIds.join(', ')}; with --pty of ${ptyFaults.map(({ id }) => id).join(', ')}` },
    { name: 'case', value: 'K', help: 'this case alone, with a log that the page shows and replay verifies (with the n, seed and only that it is from); with --pty of each fault, without a log' },
    { name: 'profile', value: 'P', help: `robot profile, a name or a .json file (${DEFAULT_PROFILE}; with --pty one with drives of three protocols)` },
    { name: 'jobs', value: 'N', help: 'worker processes (one per core)' },
    { name: 'data', value: 'DIR', help: "where the log of a case is kept (the user's data folder)" },
    { name: 'pty', help: 'the campaign with real processes on pseudo-terminals' },
    { name: 'json', help: 'one JSON line for programs' },
    { name: 'report', value: 'FILE', help: 'a page with a row per fault, the method and the machine' },
  ],
  positionals: 0,
  async run(args) {
    const json = args.options.has('json');
    const only = chosen(args, args.options.has('pty') ? ptyFaults.map(({ id }) => id) : faultIds);
    if (args.options.has('pty')) {
      const { profile, path: profilePath } = loadProfile(args.options.get('profile') ?? THREE_BUSES);
      const [cases, onlyCase] = [args.options.has('n') ? integerOption(args, 'n', 1, 1) : null, args.options.has('case') ? integerOption(args, 'case', 0) : null];
      return runPtyCommand({ profile, profilePath, seed: integerOption(args, 'seed', 1), cases, only, onlyCase, json });
    }
    return args.options.has('case') ? replayOne(args, only) : runInLockstep(args, only, json);
  },
};

const planOf = (args: CommandArguments, only: readonly string[] | null): { plan: ReturnType<typeof createPlan>; cases: number; seed: number; loaded: ReturnType<typeof loadProfile> } => {
  const loaded = loadProfile(args.options.get('profile'));
  const possible = possibleFaults(loaded.profile);
  const impossible = (only ?? []).filter((id) => !possible.includes(id));
  if (impossible.length > 0) throw new DariError('usage', `${loaded.profile.id} has no part for ${impossible.join(', ')}. Choose from: ${possible.join(', ')}.`);
  const [cases, seed] = [integerOption(args, 'n', DEFAULT_CASES, 1), integerOption(args, 'seed', 1, 0, 0xffff_ffff)];
  return { plan: createPlan(loaded.profile, cases, seed, only), cases, seed, loaded };
};

async function runInLockstep(args: CommandArguments, only: readonly string[] | null, json: boolean): Promise<number> {
  const { plan, cases, seed, loaded } = planOf(args, only);
  const jobs = integerOption(args, 'jobs', availableParallelism(), 1);
  const onProgress = (done: number, line: WorkerLine): void => {
    const what = tellingOf(plan, line);
    if (what !== null) process.stderr.write(`${json ? '' : '\r'}${what}\n`);
    if (!json && done % PROGRESS_EVERY === 0) process.stderr.write(`\r${done} of ${plan.cases.length} cases`);
  };
  const order = { profilePath: loaded.path, cases, seed, only };
  const outcome = await runCampaign({ order, plan, jobs, workerProgram: programPath('faults-worker'), onProgress });
  const summary = summarise(plan, outcome, only, jobs);
  const profile = args.options.get('profile');
  const again = `dari faults${profile === undefined ? '' : ` --profile ${profile}`} --n ${cases} --seed ${seed}${only === null ? '' : ` --only ${only.join(',')}`} --case K`;
  if (!json) process.stderr.write('\r');
  process.stdout.write(json ? `${JSON.stringify(summary)}\n` : textReport(summary));
  const report = args.options.get('report');
  if (report !== undefined) writeFileSync(report, htmlReport(summary, loaded.profile, again));
  if (summary.breaches === 0) return 0;
  const first = summary.rows.flatMap(({ findings }) => findings).find((finding) => finding.case >= 0);
  process.stderr.write(`${summary.breaches} breaches; seed ${seed}${first === undefined ? '.' : `, first in case ${first.case}. See it with: ${again.replace(/K$/, String(first.case))}`}\n`);
  return 1;
}

/** A campaign takes long: what is found is told when it is found, before its end says which of it is excused. */
function tellingOf(plan: Plan, line: WorkerLine): string | null {
  if (line.type === 'case' && line.findings.length > 0) return `case ${line.case}, ${describeCase(plan, line.case)}: ${line.findings.join('; ')}`;
  if (line.type === 'course' && line.falseStops.length > 0) return `course ${line.course}, ${line.patient} patient: stopped without a fault ${line.falseStops.length} times`;
  return null;
}

async function replayOne(args: CommandArguments, only: readonly string[] | null): Promise<number> {
  const { plan, cases, seed, loaded } = planOf(args, only);
  if (plan.cases.length === 0) throw new DariError('usage', 'This campaign has no cases to repeat: profiles are not driven. Leave --only out, or name a fault that is injected.');
  const planned = plan.cases[integerOption(args, 'case', 0, 0, plan.cases.length - 1)];
  if (planned === undefined) throw new DariError('usage', 'This campaign has no such case. Give the --n, --seed and --only that the case is from.');
  return replayCase({ plan, planned, cases, seed, profile: loaded.profile, data: args.options.get('data'), json: args.options.has('json') });
}

/** @returns null: all. @throws DariError `usage` */
function chosen(args: CommandArguments, ids: readonly string[]): readonly string[] | null {
  const list = args.options.get('only');
  if (list === undefined) return null;
  return list.split(',').map((id) => {
    if (ids.includes(id.trim())) return id.trim();
    throw new DariError('usage', `There is no fault "${id}" to inject here. Choose from: ${ids.join(', ')}.`);
  });
}
