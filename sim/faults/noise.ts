/** A broken shield: strong noise without a mean, drawn anew in each physics step. */
import { bell } from '../bell.ts';
import type { Random } from '../../protocols/random.ts';
import type { SensorFault } from './sensor.ts';

/** A drive's velocity observer lets this much of the position's noise through; our own figure, for a corner of 8 Hz. */
const OBSERVER_PER_SEC = 50;

export class Noise implements SensorFault {
  #drawnUs = -1;
  #value = 0;
  #perSec = 0;

  constructor(
    private readonly deviation: number,
    private readonly random: Random,
  ) {}

  value(value: number, nowUs: number): number {
    this.#draw(nowUs);
    return value + this.#value;
  }

  rate(perSec: number, nowUs: number): number {
    this.#draw(nowUs);
    return perSec + this.#perSec;
  }

  #draw(nowUs: number): void {
    if (nowUs === this.#drawnUs) return;
    this.#drawnUs = nowUs;
    this.#value = this.deviation * bell(this.random);
    this.#perSec = OBSERVER_PER_SEC * this.deviation * bell(this.random);
  }
}
