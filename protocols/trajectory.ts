/**
 * A movement that somebody showed a robot, as data: one closed curve per joint over its cycle, as a Fourier series, so that it
 * begins where it ends and holds nothing fast. A leg's curves begin at its own heel strike.
 */
import { z } from 'zod/mini';
import { parseStrictText } from './profile-text.ts';
import type { RobotProfile } from './profile.ts';

/** What the published patterns have at most. */
export const MOST_HARMONICS = 10;

const finite = z.number({ error: 'must be a number' }).check(z.refine(Number.isFinite, { error: 'must be a finite number' }));
const harmonics = z.array(finite).check(z.minLength(1), z.maxLength(MOST_HARMONICS));
const curveSchema = z.strictObject({ jointId: z.string().check(z.minLength(1), z.maxLength(100)), meanDeg: finite, cosDeg: harmonics, sinDeg: harmonics });

export const trajectorySchema = z.strictObject({
  schemaVersion: z.literal(1),
  name: z.string().check(z.minLength(1), z.maxLength(100)),
  /** How long the cycle took when it was shown, s. */
  cycleSec: finite.check(z.positive(), z.maximum(60)),
  /** How many cycles it is the mean of. */
  cycles: z.int().check(z.positive()),
  /** One per joint of the robot, in any order. */
  joints: z.array(curveSchema).check(z.maxLength(32)),
});
export type Trajectory = z.infer<typeof trajectorySchema>;
export type TrajectoryCurve = Trajectory['joints'][number];

/** @returns none: it has one curve for each joint of this robot */
export function trajectoryMistakes({ joints }: Trajectory, profile: RobotProfile): string[] {
  const ids = profile.joints.map(({ id }) => id);
  const twice = joints.filter(({ jointId }, i) => joints.findIndex((other) => other.jointId === jointId) !== i);
  return [
    ...joints.flatMap(({ jointId }) => (ids.includes(jointId) ? [] : [`the robot has no joint "${jointId}"; it has ${ids.join(', ')}`])),
    ...twice.map(({ jointId }) => `"${jointId}" stands in it twice`),
    ...ids.flatMap((id) => (joints.some(({ jointId }) => jointId === id) ? [] : [`it has no curve for "${id}"`])),
    ...joints.flatMap(({ jointId, cosDeg, sinDeg }) => (cosDeg.length === sinDeg.length ? [] : [`"${jointId}" has ${cosDeg.length} cosines and ${sinDeg.length} sines`])),
  ];
}

/** @throws DariError `trajectoryInvalid`; the message names key and line of every mistake */
export function parseTrajectory(text: string, fileName: string, profile: RobotProfile): Trajectory {
  return parseStrictText<Trajectory>(text, fileName, {
    what: 'The trajectory',
    unreadable: 'trajectoryInvalid',
    invalid: 'trajectoryInvalid',
    parse: (value) => trajectorySchema.safeParse(value),
    crossCheck: (trajectory) => trajectoryMistakes(trajectory, profile).map((message) => ({ path: ['joints'], message })),
  });
}
