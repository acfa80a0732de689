/**
 * A simulated patient as a small file that people write: how heavy and tall, how strong on each side, what his muscles do
 * by themselves, and what happens to him in the course of a session. The controller is told nothing of it.
 */
import { z } from 'zod/mini';
import { armKinds } from '../../protocols/arm-profile.ts';
import { parseStrictText } from '../../protocols/profile-text.ts';
import { MOST_PUSH_NM, pushDurationMs } from '../faults/push.ts';

const between = (min: number, max: number, unit: string) => {
  const error = `must be ${min} to ${max}${unit}`;
  return z.number({ error }).check(z.minimum(min, error), z.maximum(max, error));
};
const seconds = between(0, 4 * 3600, ' s');
const share = between(0, 1, ' (a share)');
const text = z.string().check(z.minLength(1), z.maxLength(200));
const grade = z.union([z.literal(0), z.literal(1), z.literal(2), z.literal(3)], { error: 'must be a grade of 0 to 3' });
const bothSides = <T extends z.core.$ZodType>(of: T) => z.strictObject({ left: of, right: of });

/** About what hip and knee give in brisk gait. */
const MOST_EFFORT_NM = 60;

/** A muscle spasm: of the named joint, flexion positive. */
const spasmSchema = z.strictObject({ joint: z.string({ error: 'must be the id of a joint' }), torqueNm: between(-MOST_PUSH_NM, MOST_PUSH_NM, ' Nm'), riseMs: pushDurationMs, holdMs: pushDurationMs });

/** One thing at one time, counted from when his training begins. */
const eventSchema = z.strictObject({
  atSec: seconds,
  spasm: z.optional(spasmSchema),
  /** From then on he gives this share of his effort. */
  effort: z.optional(share),
});

/** Each way takes so long, and then he rests there. */
const reachesSchema = z.strictObject({
  posturesDeg: z.array(z.array(between(-180, 180, '°')).check(z.length(armKinds.length, `must have ${armKinds.length} angles: ${armKinds.join(', ')}`))).check(z.minLength(2), z.maxLength(32)),
  moveSec: between(0.3, 10, ' s'),
  restSec: between(0, 10, ' s'),
  /** How hard he grips the handle while he rests at a posture, N; absent: not at all. */
  gripN: z.optional(between(0, 500, ' N')),
});

const simulatedPatientSchema = z.strictObject({
  schemaVersion: z.literal(1),
  name: z.strictObject({ en: text, ko: text, de: text }),
  /** People who train in a gait orthosis, children included; a height of 1 800 m is a mistake. */
  bodyMassKg: between(10, 200, ' kg'),
  heightM: between(0.8, 2.3, ' m'),
  /** What a healthy leg of his gives at most to each joint while he takes part, Nm; 0: he is passive. */
  effortNm: between(0, MOST_EFFORT_NM, ' Nm'),
  /** What is left of the strength of each leg: 1 none lost, 0.2 a paresis of 80 %. */
  strength: bothSides(share),
  /** Reflex resistance of each leg, 0 none … 3 severe. */
  spasticity: bothSides(grade),
  /** Moved, he gives ever less, down to this share, and again more where he feels that his leg does not go as the first strides showed him. */
  slacksTo: z.optional(share),
  /** After so long in motion he gives half of what he gave. */
  tiresByHalfSec: z.optional(between(1, 4 * 3600, ' s')),
  /** false: asked to let go, he takes part all the same. */
  relaxes: z.optional(z.boolean()),
  /** Of each joint; parkinsonian rest tremor has 4 to 6 Hz. */
  tremor: z.optional(z.strictObject({ frequencyHz: between(2, 12, ' Hz'), torqueNm: between(0, 20, ' Nm') })),
  /** He moves his arm by himself, from posture to posture: angles in degrees in the order of the joints of an arm. */
  reaches: z.optional(reachesSchema),
  script: z.optional(z.array(eventSchema).check(z.maxLength(1_000))),
});

export type SimulatedPatient = z.infer<typeof simulatedPatientSchema>;
export type PatientEvent = NonNullable<SimulatedPatient['script']>[number];

/**
 * @param jointIds of the robot that he trains in
 * @throws DariError `patientInvalid`; the message names key and line of every mistake
 */
export function parseSimulatedPatient(fileText: string, fileName: string, jointIds: readonly string[]): SimulatedPatient {
  return parseStrictText<SimulatedPatient>(fileText, fileName, {
    what: 'The simulated patient',
    unreadable: 'patientInvalid',
    invalid: 'patientInvalid',
    parse: (value) => simulatedPatientSchema.safeParse(value),
    crossCheck: ({ script = [] }) =>
      script.flatMap(({ atSec, spasm, effort }, i) => {
        const issues: { path: (string | number)[]; message: string }[] = [];
        const report = (key: string, message: string): void => void issues.push({ path: ['script', i, key], message });
        if (atSec < (script[i - 1]?.atSec ?? 0)) report('atSec', 'is before the event above; put them in order of time');
        if ((spasm === undefined) === (effort === undefined)) report('atSec', 'this event must name exactly one of spasm, effort');
        if (spasm !== undefined && !jointIds.includes(spasm.joint)) report('spasm', `the robot has no joint "${spasm.joint}"; it has ${jointIds.join(', ')}`);
        return issues;
      }),
  });
}
