/**
 * How far a clock is from where the legs really are in their stride: phase of the first harmonic of the angle between the thighs,
 * as the pattern has it at the clock's phase, against as the limbs have it, one figure per stride.
 */
import { mean } from '../../metrics/variability.ts';

const TWO_PI = 2 * Math.PI;

class Harmonic {
  #cosine = 0;
  #sine = 0;

  add(value: number, phase: number, advance: number): void {
    this.#cosine += value * Math.cos(TWO_PI * phase) * advance;
    this.#sine += value * Math.sin(TWO_PI * phase) * advance;
  }

  /** In strides. */
  get lag(): number {
    return Math.atan2(this.#sine, this.#cosine) / TWO_PI;
  }
}

export class PhaseError {
  /** Of each whole stride, percent of it; positive: the legs come later than the clock. */
  readonly percent: number[] = [];
  #wanted = new Harmonic();
  #real = new Harmonic();
  #before = Number.NaN;

  /** Once per cycle. @param phase of the clock @param wantedRad between the thighs in the pattern @param realRad between the limbs */
  look(phase: number, wantedRad: number, realRad: number): void {
    const advance = phase - this.#before;
    this.#before = phase;
    if (advance < 0 || Number.isNaN(advance)) {
      if (advance < 0 && this.#begun) this.percent.push(100 * wrapped(this.#real.lag - this.#wanted.lag));
      this.#begun = advance < 0;
      this.#wanted = new Harmonic();
      this.#real = new Harmonic();
      return;
    }
    this.#wanted.add(wantedRad, phase, advance);
    this.#real.add(realRad, phase, advance);
  }

  #begun = false;

  get worst(): number {
    return this.percent.length === 0 ? Number.NaN : Math.max(...this.percent.map(Math.abs));
  }

  get mean(): number {
    return mean(this.percent) ?? Number.NaN;
  }
}

const wrapped = (strides: number): number => strides - Math.round(strides);
