/** The zero wanders at a steady rate: a coupling that slips, or a gauge that warms up. */
import { US_PER_S } from '../../protocols/units.ts';
import type { SensorFault } from './sensor.ts';

export class Drift implements SensorFault {
  constructor(
    private readonly perSec: number,
    private readonly onsetUs: number,
  ) {}

  value(value: number, nowUs: number): number {
    return value + (this.perSec * (nowUs - this.onsetUs)) / US_PER_S;
  }

  rate(perSec: number): number {
    return perSec + this.perSec;
  }
}
