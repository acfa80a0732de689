/**
 * Phase and frequency of a movement that repeats itself, without a delay: an oscillator with harmonics learns the signal and
 * falls into step with it (R. Ronsse, N. Vitiello, T. Lenzi, J. van den Kieboom, M.C. Carrozza, A.J. Ijspeert, Human-robot
 * synchrony: flexible assistance using adaptive oscillators, IEEE TBME 58 (2011) 1001-1012; R. Ronsse, S.M.M. De Rossi, N.
 * Vitiello, T. Lenzi, M.C. Carrozza, A.J. Ijspeert, Real-time estimate of velocity and acceleration of quasi-periodic signals
 * using adaptive oscillators, IEEE T-RO 29 (2013) 783-791). With F = u − û and û = α₀ + Σ αₙ sin φₙ:
 *
 *     φ̇ₙ = n·ω + ν_φ·F/Σα·cos φₙ    ω̇ = ν_ω·F/Σα·cos φ₁    α̇ₙ = η·F·sin φₙ    α̇₀ = η·F
 *
 * A sample holds for its period, over which this is integrated by one Runge-Kutta step of fourth order.
 */
import { clamp, cos, sin } from '../../protocols/math.ts';

/** Gains of the published gait estimate. */
const LEARNING = 2;
const PHASE_GAIN = 10;
const FREQUENCY_GAIN = 20;
const TWO_PI = 2 * Math.PI;

export interface OscillatorShape {
  /** Which it has, 1 first. */
  readonly harmonics: readonly number[];
  readonly leastHz: number;
  readonly mostHz: number;
  /** Σα below which a signal is too small to be divided by, in the signal's unit. */
  readonly leastAmplitude: number;
}

/** Places in the state: α₀, αₙ, φₙ, ω. */
const AMPLITUDE = 1;

export class AdaptiveOscillator {
  readonly #phase: number;
  readonly #omega: number;
  readonly #state: Float64Array;
  readonly #slope: Float64Array;
  readonly #trial: Float64Array;
  readonly #sum: Float64Array;
  #signal = Number.NaN;

  constructor(private readonly shape: OscillatorShape) {
    this.#phase = AMPLITUDE + shape.harmonics.length;
    this.#omega = this.#phase + shape.harmonics.length;
    const vector = (): Float64Array => new Float64Array(this.#omega + 1);
    this.#state = vector();
    this.#slope = vector();
    this.#trial = vector();
    this.#sum = vector();
  }

  /** @param amplitude of the first harmonic, in the signal's unit; the others begin with none @param phaseRad of it */
  reset(frequencyHz: number, amplitude: number, phaseRad = 0): void {
    this.#state.fill(0);
    this.#state[AMPLITUDE] = amplitude;
    for (let n = 0; n < this.shape.harmonics.length; n++) this.#state[this.#phase + n] = (this.shape.harmonics[n] ?? 0) * phaseRad;
    this.#state[this.#omega] = TWO_PI * frequencyHz;
  }

  get frequencyHz(): number {
    return (this.#state[this.#omega] ?? 0) / TWO_PI;
  }

  /** Of the first harmonic, not wrapped. */
  get phaseRad(): number {
    return this.#state[this.#phase] ?? 0;
  }

  /** Of the first harmonic, in the signal's unit. */
  get amplitude(): number {
    return this.#state[AMPLITUDE] ?? 0;
  }

  /** @param signal of this sample; one that is no number teaches nothing, and the oscillator goes on by itself */
  update(signal: number, elapsedSec: number): void {
    const state = this.#state;
    const sum = this.#sum;
    this.#signal = signal;
    sum.set(state);
    this.#trial.set(state);
    this.#stage(elapsedSec / 2, elapsedSec / 6);
    this.#stage(elapsedSec / 2, elapsedSec / 3);
    this.#stage(elapsedSec, elapsedSec / 3);
    this.#stage(0, elapsedSec / 6);
    state.set(sum);
    state[this.#omega] = clamp(state[this.#omega] ?? 0, TWO_PI * this.shape.leastHz, TWO_PI * this.shape.mostHz);
    this.#turnUpright();
  }

  /** A first harmonic that came out upside down is the same one half a turn on. */
  #turnUpright(): void {
    const amplitude = this.#state[AMPLITUDE] ?? 0;
    if (amplitude >= 0) return;
    this.#state[AMPLITUDE] = -amplitude;
    this.#state[this.#phase] = (this.#state[this.#phase] ?? 0) + Math.PI;
  }

  /** One slope: its share of the sum, and the place of the next one. */
  #stage(aheadSec: number, shareSec: number): void {
    this.#slopes();
    for (let i = 0; i < this.#state.length; i++) {
      const slope = this.#slope[i] ?? 0;
      this.#sum[i] = (this.#sum[i] ?? 0) + shareSec * slope;
      this.#trial[i] = (this.#state[i] ?? 0) + aheadSec * slope;
    }
  }

  #slopes(): void {
    const at = this.#trial;
    const slope = this.#slope;
    let estimate = at[0] ?? 0;
    let amplitudes = 0;
    for (let n = 0; n < this.shape.harmonics.length; n++) {
      amplitudes += at[AMPLITUDE + n] ?? 0;
      estimate += (at[AMPLITUDE + n] ?? 0) * sin(at[this.#phase + n] ?? 0);
    }
    const error = Number.isFinite(this.#signal) ? this.#signal - estimate : 0;
    const relative = error / Math.max(amplitudes, this.shape.leastAmplitude);
    const omega = at[this.#omega] ?? 0;
    slope[0] = LEARNING * error;
    for (let n = 0; n < this.shape.harmonics.length; n++) {
      const phase = at[this.#phase + n] ?? 0;
      slope[AMPLITUDE + n] = LEARNING * error * sin(phase);
      slope[this.#phase + n] = (this.shape.harmonics[n] ?? 0) * omega + PHASE_GAIN * relative * cos(phase);
    }
    slope[this.#omega] = FREQUENCY_GAIN * relative * cos(at[this.#phase] ?? 0);
  }
}
