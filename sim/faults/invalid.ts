/**
 * The sensor is broken and shows it. Where the protocol can say so (a joint's encoder, by its quality) it does, and the
 * value itself still looks well; the others tell what cannot be.
 */
import type { SensorFault, SensorName } from './sensor.ts';

/** Eight turns of a joint; more than the torque sensor's number can carry, which then stands at its end. */
const IMPOSSIBLE: Readonly<Record<SensorName, number | null>> = { jointEncoder: null, motorEncoder: 50, jointTorque: 1_000 };

export class Invalid implements SensorFault {
  readonly unusable: boolean;
  readonly #value: number | null;

  constructor(sensor: SensorName) {
    this.#value = IMPOSSIBLE[sensor];
    this.unusable = this.#value === null;
  }

  value(value: number): number {
    return this.#value ?? value;
  }

  rate(perSec: number): number {
    return this.#value === null ? perSec : 0;
  }
}
