/** The muscles around one joint of a described patient: he takes part, tires, slacks, trembles, resists stretch, and has spasms. */
import { clamp, sin } from '../../protocols/math.ts';
import type { Random } from '../../protocols/random.ts';
import { US_PER_S } from '../../protocols/units.ts';
import { bell } from '../bell.ts';
import { STEP_US } from '../drives/device.ts';
import { Push } from '../faults/push.ts';
import { AskedReach } from './asked-reach.ts';
import type { JointMuscles, MuscledJoint } from './joint-muscles.ts';
import { OwnPattern } from './own-pattern.ts';
import type { Prompt } from './prompt.ts';
import type { SimulatedPatient } from './simulated-patient.ts';
import { Reaching } from './reaching.ts';
import { Spasticity } from './spasticity.ts';
import { effortShare, TakingPart } from './taking-part.ts';
import { Voluntary } from './voluntary.ts';

const STEP_S = STEP_US / US_PER_S;
/** Who is moved gives less within some strides (D. Reinkensmeyer et al., Slacking by the human motor system, IEEE EMBC 2009); own figure. */
const SLACKING_S = 10;
/** He counts as in motion above it, and tires. */
const IN_MOTION_RAD_PER_SEC = 0.1;
/** Tremor is never quite regular: its phase wanders by so much within a second. */
const PHASE_NOISE_RAD = 0.5;

export class PersonMuscles implements JointMuscles {
  readonly #takingPart: TakingPart | null;
  /** What he adds where he feels that his leg does not go as he was shown; null: he does not slack, or moves an arm by himself. */
  readonly #ownPattern: OwnPattern | null;
  readonly #mostNm: number;
  readonly #spasticity: Spasticity | null;
  /** null: he waits for a movement that he can follow. */
  readonly #reaching: Reaching | null;
  readonly #voluntary: Voluntary;
  readonly #askedReach: AskedReach;
  readonly #efforts: readonly { readonly atUs: number; readonly share: number }[];
  readonly #spasms: readonly Push[];
  #nowUs = 0;
  #slack = 1;
  #inMotionSec = 0;
  #tremorRad = 0;

  constructor(
    private readonly patient: SimulatedPatient,
    { id, kind, side }: MuscledJoint,
    private readonly random: Random,
  ) {
    const { effortNm, strength, spasticity, script = [] } = patient;
    const leftNm = effortNm * strength[side];
    const grade = spasticity[side];
    this.#reaching = leftNm > 0 && patient.reaches !== undefined ? new Reaching(patient.reaches, kind, effortShare(kind) * leftNm) : null;
    this.#takingPart = leftNm > 0 && this.#reaching === null ? new TakingPart(leftNm, kind, random) : null;
    this.#mostNm = effortShare(kind) * leftNm;
    this.#ownPattern = this.#takingPart !== null && patient.slacksTo !== undefined && (kind === 'hip' || kind === 'knee') ? new OwnPattern(this.#mostNm) : null;
    this.#voluntary = new Voluntary(patient, { id, kind, side }, random);
    this.#askedReach = new AskedReach(patient, { id, kind, side }, random);
    this.#spasticity = grade === 0 ? null : new Spasticity(grade, kind);
    this.#efforts = script.flatMap(({ atSec, effort }) => (effort === undefined ? [] : [{ atUs: atSec * US_PER_S, share: effort }]));
    this.#spasms = script.flatMap(({ atSec, spasm }) => (spasm?.joint === id ? [new Push({ kind: 'push', ...spasm }, atSec * US_PER_S)] : []));
  }

  get gripN(): number {
    return this.#reaching?.gripN ?? 0;
  }

  torqueNm(velocityRadPerSec: number, positionRad: number): number {
    const speed = Math.abs(velocityRadPerSec);
    if (speed > IN_MOTION_RAD_PER_SEC) this.#inMotionSec += STEP_S;
    const fresh = this.#fresh();
    // Asked for something else, he does not take part; who cannot let go does so all the same.
    const takesPart = !this.#voluntary.asked || this.patient.relaxes === false;
    const told = takesPart ? this.#told() * fresh : 0;
    const willing = told * this.#slacked(speed);
    const helpsNm = (this.#takingPart?.torqueNm(velocityRadPerSec, positionRad) ?? 0) * willing + (this.#ownPattern?.torqueNm(positionRad) ?? 0) * told;
    const ownNm = (this.#ownPattern === null ? helpsNm : clamp(helpsNm, -this.#mostNm, this.#mostNm)) + (this.#reaching?.torqueNm(velocityRadPerSec, positionRad, willing) ?? 0);
    let spasmNm = 0;
    for (const spasm of this.#spasms) spasmNm += spasm.torqueNm(this.#nowUs);
    this.#nowUs += STEP_US;
    return ownNm + this.#voluntary.torqueNm(velocityRadPerSec, fresh) + this.#askedReach.torqueNm(velocityRadPerSec, positionRad, fresh) + spasmNm + (this.#spasticity?.torqueNm(velocityRadPerSec) ?? 0) + this.#tremorNm();
  }

  hear(prompt: Prompt | null): void {
    this.#voluntary.hear(prompt);
    this.#askedReach.hear(prompt);
  }

  /** Of his effort. */
  #told(): number {
    let told = 1;
    for (const { atUs, share } of this.#efforts) if (atUs <= this.#nowUs) told = share;
    return told;
  }

  /** What he has not slacked off of what he gives without an error. */
  #slacked(speed: number): number {
    const { slacksTo } = this.patient;
    if (slacksTo !== undefined && speed > IN_MOTION_RAD_PER_SEC) this.#slack += ((slacksTo - this.#slack) * STEP_S) / SLACKING_S;
    return this.#slack;
  }

  /** What is left of his effort and his strength. A hyperbola: the first half goes in the time that is given, what is left more slowly. */
  #fresh(): number {
    const { tiresByHalfSec } = this.patient;
    return tiresByHalfSec === undefined ? 1 : tiresByHalfSec / (tiresByHalfSec + this.#inMotionSec);
  }

  #tremorNm(): number {
    const { tremor } = this.patient;
    if (tremor === undefined) return 0;
    this.#tremorRad += 2 * Math.PI * tremor.frequencyHz * STEP_S + PHASE_NOISE_RAD * Math.sqrt(STEP_S) * bell(this.random);
    return tremor.torqueNm * sin(this.#tremorRad);
  }
}
