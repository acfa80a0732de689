/** A joint of a patient who is asked to bring his hand to a place: after his reaction time it goes there on a smooth way, as far as his strength lets it. */
import { armKinds } from '../../protocols/arm-profile.ts';
import type { Random } from '../../protocols/random.ts';
import { degToRad, US_PER_S } from '../../protocols/units.ts';
import { STEP_US } from '../drives/device.ts';
import type { MuscledJoint } from './joint-muscles.ts';
import type { Prompt } from './prompt.ts';
import { Aim, smoothWay } from './reaching.ts';
import type { SimulatedPatient } from './simulated-patient.ts';
import { effortShare } from './taking-part.ts';
import { reactionUs, strongestNm } from './voluntary.ts';

/** Own values: an unhurried reach takes so long, a far one is no faster than this at its peak; and nobody tenses more for it. */
const REACH_SEC = 1.2;
const FASTEST_RAD_PER_SEC = degToRad(75);
const PEAK_OVER_MEAN = 1.875;
const EASE_NM = 40;

export class AskedReach {
  readonly #place: number;
  readonly #mostNm: number;
  #aim: Aim | null = null;
  #toRad = Number.NaN;
  #fromRad = Number.NaN;
  #heardUs = 0;
  #delayUs = 0;
  #sec = REACH_SEC;

  constructor(
    patient: SimulatedPatient,
    private readonly joint: MuscledJoint,
    private readonly random: Random,
  ) {
    this.#place = armKinds.findIndex((kind) => kind === joint.kind);
    const strongest = this.#place < 0 ? 0 : Math.min(strongestNm(patient, joint, 1), strongestNm(patient, joint, -1));
    this.#mostNm = Math.min(strongest, EASE_NM * effortShare(joint.kind));
  }

  hear(prompt: Prompt | null): void {
    const toRad = prompt?.ask === 'reach' && prompt.side === this.joint.side ? prompt.handAtRad?.[this.#place] : undefined;
    if (toRad === undefined) {
      this.#aim = null;
      return;
    }
    // On from where he means to be: his arm is not let go between two targets.
    this.#fromRad = this.#aim === null ? Number.NaN : this.#toRad;
    this.#aim ??= new Aim();
    this.#toRad = toRad;
    this.#heardUs = 0;
    this.#delayUs = reactionUs(this.random);
  }

  /** For the coming physics step. @param fresh 0 … 1, of what he can give while he is not tired */
  torqueNm(velocityRadPerSec: number, positionRad: number, fresh: number): number {
    if (this.#aim === null) return 0;
    if (Number.isNaN(this.#fromRad)) this.#fromRad = positionRad;
    if (this.#heardUs === 0) this.#sec = Math.max(REACH_SEC, (PEAK_OVER_MEAN * Math.abs(this.#toRad - this.#fromRad)) / FASTEST_RAD_PER_SEC);
    this.#heardUs += STEP_US;
    const share = (this.#heardUs - this.#delayUs) / US_PER_S / this.#sec;
    return fresh * this.#mostNm * this.#aim.share(smoothWay(this.#fromRad, this.#toRad, share, this.#sec), positionRad, velocityRadPerSec);
  }
}
