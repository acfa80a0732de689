/** The count slips once and stays off: a drive, which differentiates it, sees one step of enormous speed. */
import { STEP_US } from '../drives/device.ts';
import type { SensorFault } from './sensor.ts';

export class Jump implements SensorFault {
  constructor(
    private readonly size: number,
    private readonly onsetUs: number,
  ) {}

  value(value: number): number {
    return value + this.size;
  }

  rate(perSec: number, nowUs: number): number {
    return nowUs - this.onsetUs < STEP_US ? perSec + (this.size * 1e6) / STEP_US : perSec;
  }
}
