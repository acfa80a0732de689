/**
 * What a patient does when he is asked to: pushes as strongly as he can, moves a joint as far as he can, lets go. How strong he
 * is follows from his size and from what is left of his strength; where he is shown a mark he stops short of it.
 */
import { clamp } from '../../protocols/math.ts';
import type { JointProfile, LimbKind } from '../../protocols/profile.ts';
import type { Random } from '../../protocols/random.ts';
import { degToRad, US_PER_MS, US_PER_S } from '../../protocols/units.ts';
import { bell } from '../bell.ts';
import { STEP_US } from '../drives/device.ts';
import type { MuscledJoint } from './joint-muscles.ts';
import type { Prompt } from './prompt.ts';
import type { SimulatedPatient } from './simulated-patient.ts';

const STEP_S = STEP_US / US_PER_S;
/**
 * Isometric, of a young man of 75 kg and 1.80 m, flexion and extension: legs after D. Anderson et al., J. Biomechanics 40
 * (2007) 3105-3113; elbow, forearm after L. Askew et al., Clin. Orthop. 222 (1987) 261-266; shoulder and wrist own values.
 */
const STRONGEST_NM: Readonly<Record<LimbKind, { readonly flexion: number; readonly extension: number }>> = {
  hip: { flexion: 150, extension: 213 },
  knee: { flexion: 115, extension: 216 },
  ankle: { flexion: 44, extension: 126 },
  shoulderHorizontal: { flexion: 60, extension: 50 },
  shoulderElevation: { flexion: 60, extension: 70 },
  shoulderRotation: { flexion: 40, extension: 28 },
  elbow: { flexion: 71, extension: 41 },
  forearm: { flexion: 7, extension: 9 },
  wrist: { flexion: 14, extension: 10 },
};
const THEIR_KG_M = 75 * 1.8;
/** Simple reaction to a word or a light; own spread. */
const REACTION_US = { mean: 200 * US_PER_MS, deviation: 30 * US_PER_MS };
/** He builds his force up in about a second, as he is told to, and lets go faster; two lags in a row. Own values. */
const RISE_S = 0.2;
const FALL_S = 0.08;
/** Nobody is equally strong twice: of a push to the next; and the unsteadiness of a held one (V. Galganski et al., J. Neurophysiol. 69 (1993) 2108-2115: 2 to 4 %). */
const EFFORT_SPREAD = 0.02;
const UNSTEADY = 0.02;
const UNSTEADY_S = 0.3;
/** He holds so much of the mark that he is shown. */
const OF_MARK = 0.97;
/** Who shows how far he can go does it slowly; own values. */
const MOVE_RAD_PER_SEC = degToRad(35);
/** Per Nm of the mark: a light joint is moved with little. */
const MOVE_S_PER_RAD = 0.35;
const MOVE_PER_RAD = 1.8;

export const reactionUs = (random: Random): number => Math.max(0, REACTION_US.mean + REACTION_US.deviation * bell(random));

/** The most that his muscles can give at this joint, Nm. */
export function strongestNm({ bodyMassKg, heightM, strength }: SimulatedPatient, { kind, side }: Pick<JointProfile, 'kind' | 'side'>, direction: number): number {
  if (kind === 'foreAft' || kind === 'vertical' || kind === 'pitch') throw new RangeError(`${kind} is no joint of a person`);
  const { flexion, extension } = STRONGEST_NM[kind];
  return ((direction > 0 ? flexion : extension) * strength[side] * bodyMassKg * heightM) / THEIR_KG_M;
}

export class Voluntary {
  #prompt: Prompt | null = null;
  #heardUs = 0;
  #delayUs = 0;
  #effort = 1;
  #excitation = 0;
  #torqueNm = 0;
  #unsteady = 0;
  #movedNm = 0;

  constructor(
    private readonly patient: SimulatedPatient,
    private readonly joint: MuscledJoint,
    private readonly random: Random,
  ) {}

  /** Somebody has told him what to do: he does no longer what he likes. */
  get asked(): boolean {
    return this.#prompt !== null;
  }

  hear(prompt: Prompt | null): void {
    this.#prompt = prompt;
    this.#heardUs = 0;
    this.#movedNm = 0;
    if (prompt === null) return;
    this.#delayUs = reactionUs(this.random);
    this.#effort = Math.min(1, 1 - EFFORT_SPREAD * Math.abs(bell(this.random)));
  }

  /** For the coming physics step. @param fresh 0 … 1, of what he can give while he is not tired */
  torqueNm(velocityRadPerSec: number, fresh: number): number {
    if (this.#prompt === null) return 0;
    this.#heardUs += STEP_US;
    const wantedNm = this.#heardUs < this.#delayUs ? this.#torqueNm : this.#wantedNm(this.#prompt, velocityRadPerSec, fresh);
    const lagS = Math.abs(wantedNm) > Math.abs(this.#torqueNm) && this.#prompt.ask === 'push' ? RISE_S : FALL_S;
    this.#excitation += ((wantedNm - this.#excitation) * STEP_S) / lagS;
    this.#torqueNm += ((this.#excitation - this.#torqueNm) * STEP_S) / lagS;
    if (this.#prompt.ask === 'relax') return this.#torqueNm;
    this.#unsteady += (-this.#unsteady * STEP_S) / UNSTEADY_S + Math.sqrt((2 * STEP_S) / UNSTEADY_S) * bell(this.random);
    return this.#torqueNm * (1 + UNSTEADY * this.#unsteady);
  }

  #wantedNm({ ask, joint, markNm = 0 }: Prompt, velocityRadPerSec: number, fresh: number): number {
    if (ask === 'relax' || joint !== this.joint.id || markNm === 0) return 0;
    const direction = Math.sign(markNm);
    const mostNm = Math.min(fresh * this.#effort * strongestNm(this.patient, this.joint, direction), OF_MARK * Math.abs(markNm));
    if (ask === 'push') return direction * mostNm;
    const slowerRadPerSec = direction * MOVE_RAD_PER_SEC - velocityRadPerSec;
    this.#movedNm = clamp(this.#movedNm + MOVE_PER_RAD * Math.abs(markNm) * slowerRadPerSec * STEP_S, -mostNm, mostNm);
    return clamp(this.#movedNm + MOVE_S_PER_RAD * Math.abs(markNm) * slowerRadPerSec, -mostNm, mostNm);
  }
}
