/**
 * A joint that is measured and never moved: an encoder on it, read by the sensor hub or by a servo whose torque stays off. It
 * stands beside the driven joints of a profile, not among them: nothing that commands, limits or holds a joint counts it, so no
 * command can name it.
 */
import { z } from 'zod/mini';
import { dynamixelSchema } from './drive-profile.ts';

const finite = z.number().check(z.refine(Number.isFinite, { error: 'must be a finite number' }));
const positive = finite.check(z.positive());
const nonNegative = finite.check(z.nonnegative());
const rangeDeg = z.strictObject({ min: finite, max: finite });

const readingSchema = z.discriminatedUnion('by', [
  /** Place in the sensor hub's frame, beside those of the driven joints. */
  z.strictObject({ by: z.literal('hub'), hubChannel: z.int().check(z.nonnegative()) }),
  /** A servo as delivered, with all that it could do; torque off and a current limit of 0 see to it that it does not. */
  z.strictObject({ by: z.literal('servo'), servo: dynamixelSchema }),
]);

export const sensedJointFields = {
  side: z.enum(['left', 'right']),
  /** A reading beyond this is none. */
  mechanicalStopDeg: rangeDeg,
  /** What is meant to be used, and shown. */
  softRangeDeg: rangeDeg,
  /** Faster than a person moves it: such a change is no movement. */
  speedLimitDegPerSec: positive,
  /** Where it is put before a person is laid in. */
  homePositionDeg: finite,
  /** Of the joint itself: what a person who moves it feels. */
  coulombFrictionNm: nonNegative,
  viscousFrictionNmsPerRad: nonNegative,
  reading: readingSchema,
};

export type SensedReading = z.infer<typeof readingSchema>;

/** What is known of one at the start of a cycle. */
export interface SensedInputs {
  positionRad: number;
  /** Of the newest accepted frame: since the hub’s came, or since the servo was asked for it; Infinity before the first one. */
  ageUs: number;
  /** Accepted frames since the link opened. */
  sequence: number;
  /** 0 = unusable … 255 = good; a servo that answers is good. */
  quality: number;
  /** A servo says that its torque is on, which nobody asked for. */
  energised: boolean;
}

export const emptySensedInputs = (): SensedInputs => ({ positionRad: 0, ageUs: Infinity, sequence: 0, quality: 0, energised: false });

export const sensedInputFields: readonly (readonly [string, string])[] = [
  ['sensedPositionRad', 'rad'],
  ['sensedAgeUs', 'us'],
  ['sensedSequence', '1'],
  ['sensedQuality', '0..255'],
  ['sensedEnergised', 'bool'],
];

export const sensedDecisionFields: readonly (readonly [string, string])[] = [['sensedTrusted', 'bool']];

/** Whether a joint's newest reading was believed. */
export interface SensedDecision {
  trusted: boolean;
}

/** In the order of the fields above. @returns the index after them */
export function writeSensed(row: Float64Array, start: number, inputs: readonly SensedInputs[], decisions: readonly SensedDecision[]): number {
  let at = start;
  for (let i = 0; i < inputs.length; i++) {
    const sensed = inputs[i];
    if (sensed === undefined) continue;
    row[at++] = sensed.positionRad;
    row[at++] = sensed.ageUs;
    row[at++] = sensed.sequence;
    row[at++] = sensed.quality;
    row[at++] = Number(sensed.energised);
    row[at++] = Number(decisions[i]?.trusted === true);
  }
  return at;
}

export function readSensed(take: () => number, inputs: readonly SensedInputs[]): void {
  for (const sensed of inputs) {
    sensed.positionRad = take();
    sensed.ageUs = take();
    sensed.sequence = take();
    sensed.quality = take();
    sensed.energised = take() !== 0;
    for (let skip = 0; skip < sensedDecisionFields.length; skip++) take();
  }
}
