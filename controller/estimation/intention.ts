/**
 * That a person wants to move, from one number: how far a muscle is active, or how hard he pushes the way that the robot would
 * lead him. Pure: what is measured comes in, once per cycle.
 */
import { clamp } from '../../protocols/math.ts';

/** Of a rectified signal: C.J. De Luca, The use of surface electromyography in biomechanics, J. Appl. Biomech. 13 (1997); 3 Hz. */
const ENVELOPE_SEC = 1 / (2 * Math.PI * 3);
/** Own values. Electrodes and amplifier alone make more than this; so long below it, nothing is connected. */
const FLAT_UV = 0.5;
const FLAT_SEC = 0.5;
/** A sample this near to the end of the range is cut off, and for so long afterwards nothing is believed. */
const FULL_SCALE_UV = 0.98 * 32_767;
const SATURATED_SEC = 0.3;
/** Without a reading for so long a channel is silent. */
const SILENT_SEC = 0.1;

export const emgStates = ['silent', 'good', 'flat', 'saturated'] as const;
export type EmgState = (typeof emgStates)[number];

/** One channel: rectified, low-passed, and watched. */
export class EmgChannel {
  envelopeUv = 0;
  state: EmgState = 'silent';
  #silentSec = Infinity;
  #flatSec = 0;
  #sinceSaturatedSec = Infinity;

  /**
   * Once per cycle.
   * @param meanUv of the newest block's rectified samples @param peakUv the greatest of them
   * @param isNew the block came since the last cycle
   */
  update(meanUv: number, peakUv: number, isNew: boolean, elapsedSec: number): void {
    this.#silentSec = isNew ? 0 : this.#silentSec + elapsedSec;
    if (this.#silentSec < SILENT_SEC && Number.isFinite(meanUv)) {
      this.envelopeUv += (meanUv - this.envelopeUv) * Math.min(1, elapsedSec / ENVELOPE_SEC);
      this.#flatSec = meanUv < FLAT_UV ? this.#flatSec + elapsedSec : 0;
      this.#sinceSaturatedSec = peakUv >= FULL_SCALE_UV ? 0 : this.#sinceSaturatedSec + elapsedSec;
    }
    this.state = this.#judge();
  }

  #judge(): EmgState {
    if (this.#silentSec >= SILENT_SEC) return 'silent';
    if (this.#sinceSaturatedSec < SATURATED_SEC) return 'saturated';
    return this.#flatSec >= FLAT_SEC ? 'flat' : 'good';
  }
}

/** What a channel shows of this person. */
export interface EmgCalibration {
  readonly restUv: number;
  /** At the greatest effort that he can make (maximum voluntary contraction, MVC). */
  readonly mvcUv: number;
}

/** Of the greatest effort, 0 … 1. */
export const shareOfMvc = (envelopeUv: number, { restUv, mvcUv }: EmgCalibration): number => clamp((envelopeUv - restUv) / (mvcUv - restUv), 0, 1);

export interface TriggerLevels {
  /** From here on he wants to. */
  readonly on: number;
  /** And below this he has let go: only then he can want anew. */
  readonly off: number;
}

/** Own values: for so long at least, and not again so soon. */
const HOLD_SEC = 0.08;
const REFRACTORY_SEC = 0.8;

/** A threshold with hysteresis, a least duration, and a time in which it does not answer. */
export class IntentionTrigger {
  #aboveSec = 0;
  #deafSec = 0;
  #released = true;

  constructor(private readonly levels: TriggerLevels) {}

  /** Once per cycle. @param level that is no number is none @returns true in the one cycle in which he began to want */
  update(level: number, elapsedSec: number): boolean {
    this.#deafSec = Math.max(0, this.#deafSec - elapsedSec);
    if (level < this.levels.off) this.#released = true;
    this.#aboveSec = level >= this.levels.on && this.#released && this.#deafSec === 0 ? this.#aboveSec + elapsedSec : 0;
    if (this.#aboveSec < HOLD_SEC) return false;
    this.#aboveSec = 0;
    this.#released = false;
    this.#deafSec = REFRACTORY_SEC;
    return true;
  }
}
