/** `dari assess`: guided assessments of a simulated patient, each value with the truth beside it. */
import { assessmentKinds, type AssessmentKind } from '../../protocols/assessment.ts';
import { DariError } from '../../protocols/errors.ts';
import type { JointProfile, RobotProfile } from '../../protocols/profile.ts';
import { sides } from '../../protocols/supervision.ts';
import { sources } from '../metrics/catalogue/sources.ts';
import { integerOption } from './arguments.ts';
import type { Command, CommandArguments } from './command.ts';
import { runAssessment, type AssessmentOutcome } from './lockstep-assessment.ts';
import { loadPatient } from './patients.ts';
import { loadProfile } from './profiles.ts';

export const assessCommand: Command = {
  name: 'assess',
  summary: 'Assesses a simulated patient in the virtual robot, in lock-step: guided steps, three trials, value, uncertainty, and what was really true.',
  usage: 'assess --robot PROFILE --patient PATIENT [--assessment KIND] [--side SIDE] [--joint ID] [--stop-at SEC] [--seed N] [--json]',
  options: [
    { name: 'robot', value: 'PROFILE', help: 'a robot profile, or the path of a .json file (gait-orthosis)' },
    { name: 'patient', value: 'PATIENT', help: 'a simulated patient, or the path of a .json file (active)' },
    { name: 'assessment', value: 'KIND', help: `${assessmentKinds.join(', ')} (all of them)` },
    { name: 'side', value: 'SIDE', help: 'left or right (the first side that the robot has)' },
    { name: 'joint', value: 'ID', help: 'one joint by its id (all of the side)' },
    { name: 'stop-at', value: 'SEC', help: 'somebody presses stop so many seconds after it has begun: it is incomplete then' },
    { name: 'seed', value: 'N', help: 'seed of sensor noise and of the patient (1)' },
    { name: 'json', help: 'one JSON line' },
  ],
  positionals: 0,
  run: assess,
};

async function assess(args: CommandArguments): Promise<number> {
  const seed = integerOption(args, 'seed', 1, 0, 0xffff_ffff);
  const { profile } = loadProfile(args.options.get('robot') ?? 'gait-orthosis');
  const name = args.options.get('patient') ?? 'active';
  const { patient } = loadPatient(name, profile);
  const stopAtSec = args.options.has('stop-at') ? integerOption(args, 'stop-at', 0, 0, 3600) : undefined;
  const assessments: (AssessmentOutcome & { kind: AssessmentKind; joint: string })[] = [];
  for (const kind of chosenKinds(args)) {
    for (const { id } of chosenJoints(args, profile)) {
      const outcome = await runAssessment({ profile, patient, order: { kind, joint: id }, seed, ...(stopAtSec === undefined ? {} : { stopAtSec }) });
      assessments.push({ kind, joint: id, ...outcome });
    }
  }
  if (args.options.has('json')) process.stdout.write(`${JSON.stringify({ robot: profile.id, patient: name, seed, assessments: assessments.map(told) })}\n`);
  else for (const assessment of assessments) process.stdout.write(asText(assessment));
  return assessments.every(({ complete }) => complete) ? 0 : 1;
}

/** @throws DariError `usage` */
function chosenKinds(args: CommandArguments): readonly AssessmentKind[] {
  const wanted = args.options.get('assessment');
  if (wanted === undefined) return assessmentKinds;
  const kind = assessmentKinds.find((candidate) => candidate === wanted);
  if (kind === undefined) throw new DariError('usage', `There is no assessment called "${wanted}". Choose ${assessmentKinds.join(', ')}.`);
  return [kind];
}

/** @throws DariError `usage` */
function chosenJoints(args: CommandArguments, { joints }: RobotProfile): readonly JointProfile[] {
  const [id, wanted] = [args.options.get('joint'), args.options.get('side')];
  if (joints.length === 0) throw new DariError('usage', 'This robot drives no joint, so it can assess none in this way. Choose one that does.');
  const side = sides.find((candidate) => candidate === wanted) ?? joints[0]?.side;
  if (wanted !== undefined && wanted !== side) throw new DariError('usage', `"${wanted}" is no side. Choose ${sides.join(' or ')}.`);
  const chosen = joints.filter((joint) => (id === undefined ? joint.side === side : joint.id === id && (wanted === undefined || joint.side === side)));
  if (chosen.length === 0) throw new DariError('usage', `This robot has no such joint${id === undefined ? ` on its ${side} side` : ` as "${id}"`}. It has ${joints.map((joint) => joint.id).join(', ')}.`);
  return chosen;
}

const DIGITS = 4;
const rounded = (value: number | null): number | null => (value === null || !Number.isFinite(value) ? null : Number(value.toFixed(DIGITS)));

function told({ results, ...assessment }: AssessmentOutcome & { kind: AssessmentKind; joint: string }) {
  return {
    ...assessment,
    results: results.map(({ name, joint, direction, value, unit, uncertainty, trials, truth, capacity, atLeast, rejected, source, detectableChange, beside }) => ({
      name,
      joint,
      direction,
      value: rounded(value),
      unit,
      uncertainty: rounded(uncertainty),
      trials: trials.map(rounded),
      truth: rounded(truth),
      error: value === null || truth === null ? null : rounded(value - truth),
      capacity: rounded(capacity),
      atLeast,
      rejected,
      source: sources[source],
      minimalDetectableChange: detectableChange ?? 'unknown',
      beside: Object.fromEntries(Object.entries(beside).map(([key, number]) => [key, rounded(number)])),
    })),
  };
}

function asText({ kind, joint, complete, interruptedBy, durationSec, results }: AssessmentOutcome & { kind: AssessmentKind; joint: string }): string {
  const state = complete ? `done in ${durationSec.toFixed(0)} s` : `INCOMPLETE after ${durationSec.toFixed(0)} s (${interruptedBy ?? 'unknown'})`;
  const lines = results.map(({ name, direction, value, unit, uncertainty, trials, truth, atLeast, rejected }) => {
    const shown = value === null ? `not measured: ${rejected ?? ''}` : `${atLeast ? 'at least ' : ''}${value.toPrecision(DIGITS)} ${unit} ± ${uncertainty?.toPrecision(2) ?? 'unknown'}, trials ${trials.map((trial) => trial?.toPrecision(DIGITS) ?? 'none').join(', ')}; true ${truth?.toPrecision(DIGITS) ?? 'unknown'}`;
    return `  ${name} ${direction}: ${shown}; minimal detectable change unknown`;
  });
  return `${kind} of ${joint}: ${state}\n${lines.join('\n')}\n`;
}
