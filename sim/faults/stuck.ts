/** The sensor tells the same for ever, to the last bit: a stopped converter, or an encoder whose magnet has come off. */
import type { SensorFault } from './sensor.ts';

export class Stuck implements SensorFault {
  #kept: number | null = null;

  value(value: number): number {
    this.#kept ??= value;
    return this.#kept;
  }

  rate(): number {
    return 0;
  }
}
