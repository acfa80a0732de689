/** What starts a movement in the mode `triggered`, and what of it cannot be right. */
import { z } from 'zod/mini';
import type { RobotProfile } from './profile.ts';

/** Channels whose readings stand in a cycle record. */
export const EMG_CHANNELS = 4;

const between = (min: number, max: number, unit: string) => {
  const error = `must be ${min} to ${max}${unit}`;
  return z.number({ error }).check(z.minimum(min, error), z.maximum(max, error));
};

/** Own values. */
export const TRIGGER_TORQUE_NM = { min: 0.5, max: 30 };
/** Of the greatest effort. */
export const TRIGGER_SHARE = { min: 0.05, max: 0.9 };

export const triggerSchema = z.discriminatedUnion('source', [
  /** Of all joints together, the way that the robot would lead them, beyond what it was while they waited. */
  z.strictObject({ source: z.literal('torque'), thresholdNm: between(TRIGGER_TORQUE_NM.min, TRIGGER_TORQUE_NM.max, ' Nm') }),
  z.strictObject({
    source: z.literal('emg'),
    /** 0 is the first. */
    channel: z.int().check(z.nonnegative(), z.maximum(EMG_CHANNELS - 1)),
    /** Mean of the rectified signal, relaxed and with the greatest effort (MVC). */
    restUv: between(0, 40_000, ' µV'),
    mvcUv: between(0, 40_000, ' µV'),
    thresholdShare: between(TRIGGER_SHARE.min, TRIGGER_SHARE.max, ' (a share)'),
  }),
]);
export type Trigger = z.infer<typeof triggerSchema>;

/** Own value. */
export const DEFAULT_TRIGGER: Trigger = { source: 'torque', thresholdNm: 3 };

/** Own values: a muscle makes several times as much as the relaxed one, and a channel that is full makes no more. */
const LEAST_RATIO = 3;
const LEAST_MVC_UV = 10;
const MOST_MVC_UV = 20_000;

/** @returns what cannot be right, in words that end with what to do; null: nothing */
export function triggerMistake(trigger: Trigger, { hub }: Pick<RobotProfile, 'hub'>): string | null {
  if (trigger.source === 'torque') return null;
  const channels = hub.inputs?.emg?.channels ?? 0;
  const name = `EMG channel ${trigger.channel + 1}`;
  if (channels === 0) return 'This robot measures no EMG. Let the torque start the movement';
  if (trigger.channel >= channels) return `${name} is not there: the robot has ${channels}. Choose one of them`;
  const { restUv, mvcUv } = trigger;
  if (mvcUv >= MOST_MVC_UV) return `${name} is saturated: ${mvcUv.toFixed(0)} µV at the greatest effort. Lower the gain of its amplifier and measure anew`;
  if (mvcUv < LEAST_MVC_UV || mvcUv < LEAST_RATIO * restUv) return `${name} is flat: ${mvcUv.toFixed(1)} µV at the greatest effort and ${restUv.toFixed(1)} µV at rest. Check its electrodes and measure anew`;
  return null;
}
