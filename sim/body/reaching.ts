/**
 * A joint of a patient who moves his arm by himself: he means to go from posture to posture along smooth ways (T. Flash and
 * N. Hogan, J. Neurosci. 5 (1985) 1688-1703), with the stiffness of tensed muscles and as much of his strength as that takes.
 * What stays wrong he corrects within a second. The stiffness of muscles acts without delay, so there is none here.
 */
import { armKinds } from '../../protocols/arm-profile.ts';
import { clamp } from '../../protocols/math.ts';
import type { AnyJoint } from '../../protocols/profile.ts';
import { degToRad, US_PER_S } from '../../protocols/units.ts';
import { STEP_US } from '../drives/device.ts';
import type { SimulatedPatient } from './simulated-patient.ts';

const STEP_S = STEP_US / US_PER_S;
/** Own figures: so far from where he means to be he gives all he has; damped well, and corrected within this time. */
const ALL_EFFORT_RAD = 0.3;
const DAMPING_S = 0.22;
const CORRECTS_S = 0.8;
const GRIPS_S = 0.06;

export type Reaches = NonNullable<SimulatedPatient['reaches']>;

/** Where and how fast a joint is meant to be. */
export interface Meant {
  readonly positionRad: number;
  readonly velocityRadPerSec: number;
}

/** @param share of the time, 0 … 1 */
export function smoothWay(fromRad: number, toRad: number, share: number, sec: number): Meant {
  const x = clamp(share, 0, 1);
  const rate = (30 * x * x * (1 - x) * (1 - x)) / sec;
  return { positionRad: fromRad + (toRad - fromRad) * (x * x * x * (10 - 15 * x + 6 * x * x)), velocityRadPerSec: (toRad - fromRad) * rate };
}

/** Tensed muscles that bring a joint to where it is meant to be. */
export class Aim {
  #correction = 0;

  /** Of what he can give now, −1 … 1. Once per physics step. */
  share({ positionRad: wantedRad, velocityRadPerSec: wantedRadPerSec }: Meant, positionRad: number, velocityRadPerSec: number): number {
    const error = (wantedRad - positionRad) / ALL_EFFORT_RAD;
    const wantedShare = error + (DAMPING_S * (wantedRadPerSec - velocityRadPerSec)) / ALL_EFFORT_RAD + this.#correction;
    // He corrects no further than his strength goes.
    if (Math.abs(wantedShare) < 1 || wantedShare * error < 0) this.#correction += (error * STEP_S) / CORRECTS_S;
    return clamp(wantedShare, -1, 1);
  }
}

export class Reaching {
  readonly #aim = new Aim();
  readonly #posturesRad: readonly number[];
  readonly #moveSec: number;
  readonly #periodSec: number;
  readonly #gripN: number;
  #nowSec = 0;
  #startRad = Number.NaN;
  /** Of his hand around the handle, in the step just made. */
  gripN = 0;

  /** @param effortNm at most, of this joint */
  constructor(
    { posturesDeg, moveSec, restSec, gripN = 0 }: Reaches,
    kind: AnyJoint['kind'],
    private readonly effortNm: number,
  ) {
    const place = armKinds.findIndex((arm) => arm === kind);
    this.#posturesRad = posturesDeg.map((posture) => degToRad(posture[place] ?? 0));
    this.#moveSec = moveSec;
    this.#periodSec = moveSec + restSec;
    this.#gripN = gripN;
  }

  /** @param willing share of his effort that he gives now */
  torqueNm(velocityRadPerSec: number, positionRad: number, willing: number): number {
    if (Number.isNaN(this.#startRad)) this.#startRad = positionRad;
    const meant = this.#wanted();
    this.#nowSec += STEP_S;
    const most = this.effortNm * willing;
    // A hand closes within a tenth of a second or two.
    const closed = this.#nowSec % this.#periodSec > this.#moveSec ? 1 : 0;
    this.gripN += ((closed * willing * this.#gripN - this.gripN) * STEP_S) / GRIPS_S;
    return most * this.#aim.share(meant, positionRad, velocityRadPerSec);
  }

  /** From where he was laid in to the first posture, then around. */
  #wanted(): Meant {
    const way = Math.floor(this.#nowSec / this.#periodSec);
    const count = this.#posturesRad.length;
    const from = way === 0 ? this.#startRad : (this.#posturesRad[(way - 1) % count] ?? this.#startRad);
    const to = this.#posturesRad[way % count] ?? from;
    return smoothWay(from, to, (this.#nowSec - way * this.#periodSec) / this.#moveSec, this.#moveSec);
  }
}
