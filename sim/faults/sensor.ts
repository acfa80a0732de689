/**
 * What can be wrong with one sensor: a joint's encoder behind the gear, the encoder in its motor, its torque sensor.
 * Faults stack, the last ordered nearest to the reader. A fault never waits: time is an argument of the sensor.
 */
import { z } from 'zod/mini';

export const sensorNames = ['jointEncoder', 'motorEncoder', 'jointTorque'] as const;
export type SensorName = (typeof sensorNames)[number];
export const sensorFailures = ['stuck', 'jump', 'drift', 'flip', 'offset', 'noise', 'invalid'] as const;
export type SensorFailure = (typeof sensorFailures)[number];

/** Failures that have a size, and the smallest one that makes sense. */
const SIZED: Partial<Readonly<Record<SensorFailure, number>>> = { jump: -Infinity, drift: -Infinity, offset: -Infinity, noise: 0 };

/**
 * `size`: rad for jump and offset of an encoder, rad/s for its drift, Nm and Nm/s for the torque sensor; of noise the
 * standard deviation. Without it a plain one (`DEFAULT_SIZES`).
 */
export const sensorOrder = z
  .strictObject({
    kind: z.literal('sensor'),
    sensor: z.enum(sensorNames, { error: `must be one of ${sensorNames.join(', ')}` }),
    joint: z.string({ error: 'must be the id of a joint' }),
    how: z.enum(sensorFailures, { error: `must be one of ${sensorFailures.join(', ')}` }),
    size: z.optional(z.number({ error: 'must be a number' })),
  })
  .check(
    z.refine(({ how, size }) => size === undefined || (SIZED[how] !== undefined && size >= SIZED[how]), {
      path: ['size'],
      error: 'belongs to jump, drift, offset and noise only, and is not negative for noise',
    }),
  );

export type SensorOrder = z.infer<typeof sensorOrder>;

export interface SensorFault {
  /** What is told in place of `value`. */
  value(value: number, nowUs: number): number;
  /** What is told in place of its change per second, where the sensor's reader makes one: in a drive. */
  rate(perSec: number, nowUs: number): number;
  /** It says itself that it cannot be used. */
  readonly unusable?: boolean;
}

/** A sensor between what is and who reads it. */
export class Sensor {
  #faults: SensorFault[] = [];

  constructor(private readonly now: () => number) {}

  get usable(): boolean {
    return this.#faults.every(({ unusable }) => unusable !== true);
  }

  add(fault: SensorFault): void {
    this.#faults.push(fault);
  }

  lift(): void {
    this.#faults = [];
  }

  value(truth: number): number {
    let told = truth;
    for (const fault of this.#faults) told = fault.value(told, this.now());
    return told;
  }

  rate(perSec: number): number {
    let told = perSec;
    for (const fault of this.#faults) told = fault.rate(told, this.now());
    return told;
  }
}
