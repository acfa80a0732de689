/** The zero is wrong from now on, and no speed shows it: a lost calibration, or a strain gauge that has yielded. */
import type { SensorFault } from './sensor.ts';

export class Offset implements SensorFault {
  constructor(private readonly size: number) {}

  value(value: number): number {
    return value + this.size;
  }

  rate(perSec: number): number {
    return perSec;
  }
}
