/** A session as a file: who trains, for how long, and what the operator does when. Angles and speeds as people write them. */
import { z } from 'zod/mini';
import { parseStrictText } from '../../protocols/profile-text.ts';
import { toRangeRad, type ProfileIssue, type RobotProfile } from '../../protocols/profile.ts';
import { operatorCommands, sides, type GaitParameters, type SessionSetup } from '../../protocols/supervision.ts';
import { trainingModes } from '../../protocols/training-mode.ts';
import type { Trajectory } from '../../protocols/trajectory.ts';
import { triggerSchema } from '../../protocols/trigger.ts';
import { paceOf } from '../../protocols/therapy-limits.ts';
import { degToRad, kmhToMps } from '../../protocols/units.ts';

const finite = z.number().check(z.refine(Number.isFinite, { error: 'must be a finite number' }));
const seconds = finite.check(z.nonnegative());
const MAX_DURATION_SEC = 4 * 3600;

/** What is not named keeps its value. Joints by their id in the profile. */
const parametersSchema = z.strictObject({
  mode: z.optional(z.enum(trainingModes)),
  /** Of a walk, or of the hand of an arm. */
  speedKmh: z.optional(finite),
  handSpeedMps: z.optional(finite),
  guidance: z.optional(z.strictObject({ left: z.optional(finite), right: z.optional(finite) })),
  romScale: z.optional(z.record(z.string(), finite)),
  offsetDeg: z.optional(z.record(z.string(), finite)),
  /** Of the cycle, later is positive. */
  timingPercent: z.optional(z.record(z.string(), finite)),
  /** Of a robot with body-weight support. */
  unloadingKg: z.optional(finite),
  /** Levels of the springs that carry an arm; in the virtual robot a hand sets them so. */
  springs: z.optional(z.strictObject({ upperArm: finite, forearm: finite })),
});

/** One thing at one time. */
const stepSchema = z.strictObject({
  atSec: seconds,
  command: z.optional(z.enum(operatorCommands)),
  parameters: z.optional(parametersSchema),
  /** Why parameters change; stands in the log. */
  reason: z.optional(z.string().check(z.maxLength(200))),
  /** false: the operator falls silent and renews nothing; true: takes control anew. */
  operatorPresent: z.optional(z.boolean()),
  /** true: the emergency stop is pressed, false: released. */
  estop: z.optional(z.boolean()),
  patientButton: z.optional(z.boolean()),
  /** A game of reaching begins. */
  game: z.optional(z.strictObject({ targets: z.int().check(z.minimum(1), z.maximum(1_000)), seed: z.int().check(z.nonnegative()) })),
  brake: z.optional(z.boolean()),
  /** Link id: its cable is pulled, or put back. */
  unplug: z.optional(z.string()),
  plug: z.optional(z.string()),
});

const scriptSchema = z.strictObject({
  title: z.string().check(z.minLength(1), z.maxLength(200)),
  /** Name of a profile that comes with Dari, or the path of a .json file. */
  profile: z.string(),
  patient: z.strictObject({
    ref: z.string().check(z.minLength(1), z.maxLength(100)),
    bodyMassKg: finite,
    heightM: finite,
    /** Who sits in the virtual robot, a name or the path of a .json file: the controller is told mass and height as they stand here, and nothing else of him. Without: relaxed. */
    simulated: z.optional(z.string()),
    /** By joint id; without it the profile's soft range. */
    permittedRangeDeg: z.optional(z.record(z.string(), z.strictObject({ min: finite, max: finite }))),
  }),
  /** Path of a .json file that `dari trajectory` wrote, for the mode `replay`. */
  trajectory: z.optional(z.string()),
  /** What starts a movement in the mode `triggered`; without it a push. */
  trigger: z.optional(triggerSchema),
  durationSec: finite.check(z.positive(), z.maximum(MAX_DURATION_SEC)),
  /** Settings at the start; what is not named comes from the profile. */
  initial: z.optional(parametersSchema),
  timeline: z.array(stepSchema).check(z.maxLength(10_000)),
});

export type SessionScript = z.infer<typeof scriptSchema>;
export type ScriptStep = SessionScript['timeline'][number];
export type ScriptParameters = z.infer<typeof parametersSchema>;

/** Everything in a step but when and why. */
export const stepActions = ['command', 'parameters', 'operatorPresent', 'estop', 'patientButton', 'game', 'brake', 'unplug', 'plug'] as const;

/**
 * @param profileOf finds the robot that the script names
 * @throws DariError `scriptInvalid`; the message names key and line of every mistake
 */
export function parseSessionScript(text: string, fileName: string, profileOf: (nameOrPath: string) => RobotProfile): SessionScript {
  return parseStrictText<SessionScript>(text, fileName, {
    what: 'The session script',
    unreadable: 'scriptInvalid',
    invalid: 'scriptInvalid',
    parse: (value) => scriptSchema.safeParse(value),
    crossCheck: (script) => [...checkTimeline(script), ...checkNames(script, profileOf(script.profile))],
  });
}

function checkTimeline(script: SessionScript): ProfileIssue[] {
  const issues: ProfileIssue[] = [];
  script.timeline.forEach((step, i) => {
    const report = (key: string, message: string): void => void issues.push({ path: ['timeline', i, key], message });
    if (step.atSec >= script.durationSec) report('atSec', `is not before the end of the session (durationSec ${script.durationSec})`);
    if (step.atSec < (script.timeline[i - 1]?.atSec ?? 0)) report('atSec', 'is before the step above; put the steps in order of time');
    const named = stepActions.filter((action) => step[action] !== undefined);
    if (named.length !== 1) report('atSec', `this step must name exactly one of ${stepActions.join(', ')}`);
    if (step.reason !== undefined && step.parameters === undefined) report('reason', 'belongs to a step with parameters');
  });
  return issues;
}

/** Joints and links that the robot does not have. */
function checkNames(script: SessionScript, profile: RobotProfile): ProfileIssue[] {
  const joints = profile.joints.map((joint) => joint.id);
  const links = profile.links.map((link) => link.id);
  const issues: ProfileIssue[] = [];
  const check = (path: (string | number)[], what: string, named: string, known: readonly string[]): void => {
    if (!known.includes(named)) issues.push({ path, message: `the robot has no ${what} "${named}"; it has ${known.join(', ')}` });
  };
  const checkJoints = (path: (string | number)[], record: object | undefined): void => {
    for (const id of Object.keys(record ?? {})) check([...path, id], 'joint', id, joints);
  };
  const foreign = profile.class === 'arm' ? 'speedKmh' : 'handSpeedMps';
  const checkPace = (path: (string | number)[], parameters: ScriptParameters | undefined): void => {
    if (parameters?.[foreign] !== undefined) issues.push({ path: [...path, foreign], message: `does not belong to this robot; it has ${profile.class === 'arm' ? 'handSpeedMps' : 'speedKmh'}` });
  };
  checkPace(['initial'], script.initial);
  script.timeline.forEach(({ parameters }, i) => checkPace(['timeline', i, 'parameters'], parameters));
  checkJoints(['patient', 'permittedRangeDeg'], script.patient.permittedRangeDeg);
  for (const key of ['romScale', 'offsetDeg', 'timingPercent'] as const) checkJoints(['initial', key], script.initial?.[key]);
  script.timeline.forEach((step, i) => {
    for (const key of ['romScale', 'offsetDeg', 'timingPercent'] as const) checkJoints(['timeline', i, 'parameters', key], step.parameters?.[key]);
    for (const key of ['unplug', 'plug'] as const) if (step[key] !== undefined) check(['timeline', i, key], 'link', step[key], links);
  });
  return issues;
}

/** The values with those that the script names in their place. */
export function withScriptParameters(profile: RobotProfile, current: GaitParameters, named: ScriptParameters): GaitParameters {
  return {
    mode: named.mode ?? current.mode,
    speedMps: named.handSpeedMps ?? (named.speedKmh === undefined ? current.speedMps : kmhToMps(named.speedKmh)),
    guidance: Object.fromEntries(sides.map((side) => [side, named.guidance?.[side] ?? current.guidance[side]])) as GaitParameters['guidance'],
    romScale: profile.joints.map((joint, j) => named.romScale?.[joint.id] ?? current.romScale[j] ?? 1),
    offsetRad: profile.joints.map((joint, j) => {
      const deg = named.offsetDeg?.[joint.id];
      return deg === undefined ? (current.offsetRad[j] ?? 0) : degToRad(deg);
    }),
    timingShare: profile.joints.map((joint, j) => {
      const percent = named.timingPercent?.[joint.id];
      return percent === undefined ? (current.timingShare?.[j] ?? 0) : percent / 100;
    }),
    unloadingKg: named.unloadingKg ?? current.unloadingKg,
    springs: named.springs ?? current.springs,
  };
}

export function scriptSetup(script: SessionScript, profile: RobotProfile, trajectory?: Trajectory): SessionSetup {
  const { guidance } = profile.therapy;
  const initial: GaitParameters = {
    speedMps: paceOf(profile).initial,
    guidance: { left: guidance.initial, right: guidance.initial },
    romScale: profile.joints.map(() => 1),
    offsetRad: profile.joints.map(() => 0),
    unloadingKg: profile.bodyWeightSupport?.initialKg,
  };
  const { ref, bodyMassKg, heightM, permittedRangeDeg } = script.patient;
  return {
    patientRef: ref,
    bodyMassKg,
    heightM,
    permittedRangeRad: profile.joints.map((joint) => ({ ...toRangeRad(permittedRangeDeg?.[joint.id] ?? joint.softRangeDeg) })),
    parameters: withScriptParameters(profile, initial, script.initial ?? {}),
    // Who writes a script stands for them.
    confirmed: { identity: true, side: true, consent: true, geometry: true, alarms: true },
    ...(trajectory === undefined ? {} : { trajectory }),
    ...(script.trigger === undefined ? {} : { trigger: script.trigger }),
  };
}
