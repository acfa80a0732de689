/** The sign is wrong, as of an encoder that was mounted the wrong way round or a bridge whose wires were swapped. */
import type { SensorFault } from './sensor.ts';

export class Flip implements SensorFault {
  value(value: number): number {
    return -value;
  }

  rate(perSec: number): number {
    return -perSec;
  }
}
