/** That a person begins a movement for which the robot waits: by a muscle, or by a push the way that it would lead him. */
import { EmgChannel, IntentionTrigger, shareOfMvc } from '../estimation/intention.ts';
import type { EmgInputs } from '../../protocols/joints.ts';
import { DEFAULT_TRIGGER, type Trigger } from '../../protocols/trigger.ts';

/** Own values. He has let go below this share of what starts a movement. */
const RELEASED_SHARE = 0.5;
/** After a movement the torques come to rest; what is left of them then is no intention, however slowly it changes. */
const SETTLE_SEC = 0.6;
const SETTLING_SEC = 0.15;
const BASELINE_SEC = 3;
/** Of the threshold: what tissue and an inexact model may pull against him. */
const TISSUE_SHARE = 0.5;

/** What of a person may tell that he wants to move. */
export interface Wishes {
  readonly interactionNm: ArrayLike<number>;
  readonly emg?: EmgInputs | undefined;
}

/** Torques at the joints, and what of them acts the way of the movement that would begin here. */
export interface Way {
  along(phase: number, torqueNm: ArrayLike<number>): number;
}

export class MovementWish {
  readonly #trigger: Trigger;
  readonly #begin: IntentionTrigger;
  readonly #muscle = new EmgChannel();
  #emgSequence = 0;
  #waitedSec = 0;
  #baselineNm = 0;

  constructor(
    private readonly way: Way,
    trigger: Trigger = DEFAULT_TRIGGER,
  ) {
    this.#trigger = trigger;
    const on = trigger.source === 'torque' ? trigger.thresholdNm : trigger.thresholdShare;
    this.#begin = new IntentionTrigger({ on, off: RELEASED_SHARE * on });
  }

  /** A movement has ended: the robot waits from now on. */
  rest(): void {
    this.#waitedSec = 0;
  }

  /** Once per cycle. @param waits the robot stands and waits @returns true in the one cycle in which he began to want to */
  update(waits: boolean, phase: number, { interactionNm, emg }: Wishes, elapsedSec: number): boolean {
    const level = this.#trigger.source === 'torque' ? this.#pushNm(waits, phase, interactionNm, elapsedSec) : this.#effort(emg, elapsedSec);
    return this.#begin.update(waits ? level : Number.NaN, elapsedSec);
  }

  /** Beyond what it was while nothing moved. */
  #pushNm(waits: boolean, phase: number, interactionNm: ArrayLike<number>, elapsedSec: number): number {
    if (!waits || this.#trigger.source !== 'torque') return Number.NaN;
    const towardNm = this.way.along(phase, interactionNm);
    if (!Number.isFinite(towardNm)) return Number.NaN;
    this.#waitedSec += elapsedSec;
    if (this.#waitedSec <= elapsedSec) this.#baselineNm = towardNm;
    const settles = this.#waitedSec < SETTLE_SEC;
    this.#baselineNm += (towardNm - this.#baselineNm) * Math.min(1, elapsedSec / (settles ? SETTLING_SEC : BASELINE_SEC));
    // Who lets go of a push the other way begins nothing.
    return settles ? Number.NaN : towardNm - Math.max(this.#baselineNm, -TISSUE_SHARE * this.#trigger.thresholdNm);
  }

  /** Of the greatest one, 0 … 1; a channel that cannot be believed shows none. */
  #effort(emg: EmgInputs | undefined, elapsedSec: number): number {
    if (this.#trigger.source !== 'emg' || emg === undefined) return Number.NaN;
    const { channel } = this.#trigger;
    this.#muscle.update(emg.meanUv[channel] ?? Number.NaN, emg.peakUv[channel] ?? Number.NaN, emg.sequence !== this.#emgSequence, elapsedSec);
    this.#emgSequence = emg.sequence;
    return this.#muscle.state === 'good' ? shareOfMvc(this.#muscle.envelopeUv, this.#trigger) : Number.NaN;
  }
}
