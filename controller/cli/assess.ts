/** `dari assess`: guided assessments of a simulated patient, each value with the truth beside it. */
import { assessmentKinds, assessmentsOf, isJointKind, type AssessmentOrder } from '../../protocols/assessment.ts';
import type { Rejection } from '../../protocols/assessment-outcome.ts';
import { DariError } from '../../protocols/errors.ts';
import { allJointsOf, type RobotProfile } from '../../protocols/profile.ts';
import { sides, type Side } from '../../protocols/supervision.ts';
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
    { name: 'assessment', value: 'KIND', help: `${assessmentKinds.join(', ')} (all that the robot can)` },
    { name: 'side', value: 'SIDE', help: 'left or right (that of the joint, or the first that the robot has)' },
    { name: 'joint', value: 'ID', help: 'one joint by its id (all of the side; reach and walks are of no single joint)' },
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
  const assessments: Told[] = [];
  for (const order of chosenOrders(args, profile)) {
    const outcome = await runAssessment({ profile, patient, order, seed, ...(stopAtSec === undefined ? {} : { stopAtSec }) });
    assessments.push({ ...order, ...outcome });
  }
  if (args.options.has('json')) process.stdout.write(`${JSON.stringify({ robot: profile.id, patient: name, seed, assessments: assessments.map(told) })}\n`);
  else for (const assessment of assessments) process.stdout.write(asText(assessment));
  return assessments.every(({ complete }) => complete) ? 0 : 1;
}

type Told = AssessmentOrder & AssessmentOutcome;

/** @throws DariError `usage` */
function chosenOrders(args: CommandArguments, profile: RobotProfile): AssessmentOrder[] {
  const offered = assessmentsOf(profile);
  if (offered.length === 0) throw new DariError('usage', `${profile.id} leads the feet by plates and assesses nothing. Choose a robot that holds the limb.`);
  const wanted = args.options.get('assessment');
  const kind = assessmentKinds.find((candidate) => candidate === wanted);
  if (wanted !== undefined && kind === undefined) throw new DariError('usage', `There is no assessment called "${wanted}". Choose ${offered.join(', ')}.`);
  if (kind !== undefined && !offered.includes(kind)) throw new DariError('usage', `${profile.id} cannot assess ${kind}. Choose ${offered.join(', ')}.`);
  const side = chosenSide(args, profile);
  const joints = chosenJoints(args, profile, side);
  // Who names a joint means what is assessed of one.
  const kinds = kind === undefined ? offered.filter((candidate) => !args.options.has('joint') || isJointKind(candidate)) : [kind];
  const orders = kinds.flatMap((of): AssessmentOrder[] => {
    if (isJointKind(of)) return joints.map((joint) => ({ kind: of, joint }));
    return of === 'reach' ? [{ kind: of, side }] : [{ kind: of }];
  });
  if (orders.length === 0 || (args.options.has('joint') && !kinds.every(isJointKind))) throw new DariError('usage', `${kinds.join(', ') || 'What this robot assesses'} is not of one joint. Leave --joint out.`);
  return orders;
}

/** @throws DariError `usage` */
function chosenSide(args: CommandArguments, profile: RobotProfile): Side {
  const [id, wanted, joints] = [args.options.get('joint'), args.options.get('side'), allJointsOf(profile)];
  const side = sides.find((candidate) => candidate === wanted) ?? joints.find((joint) => joint.id === id)?.side ?? joints[0]?.side ?? 'right';
  if (wanted !== undefined && wanted !== side) throw new DariError('usage', `"${wanted}" is no side. Choose ${sides.join(' or ')}.`);
  const there = sides.filter((candidate) => joints.some((joint) => joint.side === candidate));
  if (!there.includes(side)) throw new DariError('usage', `${profile.id} has no ${side} side. Choose ${there.join(' or ')}.`);
  return side;
}

/** @throws DariError `usage` */
function chosenJoints(args: CommandArguments, { joints }: RobotProfile, side: Side): readonly string[] {
  const id = args.options.get('joint');
  const chosen = joints.filter((joint) => joint.side === side && (id === undefined || joint.id === id)).map((joint) => joint.id);
  if (id !== undefined && chosen.length === 0) throw new DariError('usage', `This robot has no such joint as "${id}"${args.options.has('side') ? ` on its ${side} side` : ''}. It has ${joints.map((joint) => joint.id).join(', ') || 'none'}.`);
  return chosen;
}

const rejectionSentences: Readonly<Record<Rejection['reason'], string>> = {
  tooFewTrials: 'fewer than three trials were done: the assessment is incomplete',
  notRelaxed: 'the limb was not relaxed: the same movement met a different torque',
  modeChanged: 'the mode was changed in the middle',
  settingsChanged: 'speed, guidance, unloading or springs were changed in the middle',
  endedEarly: 'the walk was not gone to its end: the assessment is incomplete',
  beltNotHeard: 'the belt did not tell how fast it went all the time',
};

const rejectionText = ({ reason, figure }: Rejection): string => rejectionSentences[reason] + (reason === 'notRelaxed' && figure !== null ? `, by up to ${figure.toFixed(1)} Nm` : '');

const DIGITS = 4;
const rounded = (value: number | null): number | null => (value === null || !Number.isFinite(value) ? null : Number(value.toFixed(DIGITS)));

function told({ results, ...assessment }: Told) {
  return {
    ...assessment,
    results: results.map(({ name, joint, direction, value, unit, uncertainty, trials, truth, capacity, atLeast, rejected, interruptedBy, source, detectableChange, beside, curve }) => ({
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
      rejected: rejected === null ? null : rejectionText(rejected),
      interruptedBy,
      source: sources[source],
      minimalDetectableChange: detectableChange ?? 'unknown',
      beside: Object.fromEntries(Object.entries(beside).map(([key, number]) => [key, rounded(number)])),
      ...(curve === undefined ? {} : { curve: curve.map(rounded) }),
    })),
  };
}

function asText(assessment: Told): string {
  const { kind, complete, interruptedBy, durationSec, results } = assessment;
  const of = 'joint' in assessment ? ` of ${assessment.joint}` : 'side' in assessment ? ` of the ${assessment.side} arm` : '';
  const state = complete ? `done in ${durationSec.toFixed(0)} s` : `INCOMPLETE after ${durationSec.toFixed(0)} s (${interruptedBy ?? 'unknown'})`;
  const lines = results.map(({ name, joint, direction, value, unit, uncertainty, trials, truth, atLeast, rejected, detectableChange }) => {
    const shown = value === null ? `not measured: ${rejected === null ? '' : rejectionText(rejected)}` : `${atLeast ? 'at least ' : ''}${value.toPrecision(DIGITS)} ${unit} ± ${uncertainty?.toPrecision(2) ?? 'unknown'}, trials ${trials.map((trial) => trial?.toPrecision(DIGITS) ?? 'none').join(', ')}; true ${truth?.toPrecision(DIGITS) ?? 'unknown'}`;
    return `  ${[name, 'joint' in assessment ? direction : joint].filter((part) => part !== '').join(' ')}: ${shown}; minimal detectable change ${detectableChange ?? 'unknown'}`;
  });
  return `${kind}${of}: ${state}\n${lines.join('\n')}\n`;
}
