/**
 * One movement at a time, each begun by the person: by a muscle, or by a push the way that the robot would lead him. Between two it
 * stands in a posture, where each minimum-jerk movement begins and ends at rest.
 */
import { EmgChannel, IntentionTrigger, shareOfMvc } from '../estimation/intention.ts';
import type { EmgInputs } from '../../protocols/joints.ts';
import { DEFAULT_TRIGGER, type Trigger } from '../../protocols/trigger.ts';
import type { ArmProgram } from './arm-program.ts';

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

export class TriggeredMoves {
  /** It stands, and the person may begin. */
  waits = false;
  readonly #trigger: Trigger;
  readonly #begin: IntentionTrigger;
  readonly #muscle = new EmgChannel();
  #emgSequence = 0;
  #endsAt = Number.NaN;
  #waitedSec = 0;
  #baselineNm = 0;

  constructor(
    private readonly program: ArmProgram,
    trigger: Trigger = DEFAULT_TRIGGER,
  ) {
    this.#trigger = trigger;
    const on = trigger.source === 'torque' ? trigger.thresholdNm : trigger.thresholdShare;
    this.#begin = new IntentionTrigger({ on, off: RELEASED_SHARE * on });
  }

  /** Another mode: nothing waits. */
  end(): void {
    this.waits = false;
    this.#endsAt = Number.NaN;
  }

  /** Once per cycle. @param next where the phase would be @returns where it is: no farther than the movement goes */
  limit(phase: number, next: number, wishes: Wishes, elapsedSec: number): number {
    const wants = this.#wants(phase, wishes, elapsedSec);
    if (this.waits && !wants) return phase;
    if (this.waits || Number.isNaN(this.#endsAt)) this.#endsAt = this.program.endOfMove(phase);
    this.waits = next >= this.#endsAt;
    if (!this.waits) return next;
    this.#waitedSec = 0;
    return this.#endsAt;
  }

  #wants(phase: number, { interactionNm, emg }: Wishes, elapsedSec: number): boolean {
    const level = this.#trigger.source === 'torque' ? this.#pushNm(phase, interactionNm, elapsedSec) : this.#effort(emg, elapsedSec);
    return this.#begin.update(this.waits ? level : Number.NaN, elapsedSec);
  }

  /** Beyond what it was while nothing moved. */
  #pushNm(phase: number, interactionNm: ArrayLike<number>, elapsedSec: number): number {
    if (!this.waits || this.#trigger.source !== 'torque') return Number.NaN;
    const towardNm = this.program.along(phase, interactionNm);
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
