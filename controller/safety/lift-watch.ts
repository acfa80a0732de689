/** What a lift does unasked, or does not do although it is told to. What is no number is not where it should be. */
import type { LiftProfile } from '../../protocols/actuator-profile.ts';
import type { LiftInputs, PermittedCommand } from '../../protocols/joints.ts';
import { US_PER_MS, US_PER_S } from '../../protocols/units.ts';

/** Own values. A height is told in tenths of the first. */
const SEEN_M = 0.001;
const STILL_M = 0.0005;
const RUNS_ON_M = 0.01;
/** Until what was said is heard there, and seen here. */
const HEARD_US = 200 * US_PER_MS;
const STILL_US = US_PER_S;
const BLOCKED_US = US_PER_S;

/** On which it stops from its full speed. */
const stopWayM = ({ speedMps, accelerationMps2 }: LiftProfile): number => speedMps ** 2 / (2 * accelerationMps2);
/** So far ahead its own ramps do not slow it before its goal. */
export const leadM = (lift: LiftProfile): number => 2 * stopWayM(lift) + SEEN_M;

export class LiftWatch {
  /** It stands, where it is to; nobody is armed before. */
  standing = false;
  /** It is where nobody asked it to be. */
  moved = false;
  /** And goes on, so that only its power is left to be taken. */
  runsOn = false;
  /** It is told to move, and something holds it, or somebody is under it. */
  blocked = false;
  /** Where it came to rest; NaN: not seen yet. */
  #stoodM = Number.NaN;
  #wasTold = false;
  /** Left to come to rest in. */
  #restUs = 0;
  readonly #restsInUs: number;
  readonly #restsWithinM: number;
  readonly #nearM: number;
  readonly #leadM: number;
  /** Where it was when it last had moved at all, and for how long it has stood there. */
  #markM = Number.NaN;
  #stillUs = 0;

  constructor(private readonly lift: LiftProfile) {
    this.#restsInUs = (lift.speedMps / lift.accelerationMps2) * US_PER_S + HEARD_US;
    this.#restsWithinM = stopWayM(lift) + (lift.speedMps * HEARD_US) / US_PER_S / 2;
    this.#nearM = stopWayM(lift) + SEEN_M;
    this.#leadM = leadM(lift);
  }

  /** @param told in the cycle before */
  update({ ageUs, heightM, moving }: LiftInputs, told: Pick<PermittedCommand, 'liftEnable' | 'liftHeightM'>, elapsedUs: number): void {
    this.standing = false;
    // Silence is another check's; what happened meanwhile is seen afterwards.
    if (!Number.isFinite(ageUs)) return;
    const still = Math.abs(heightM - this.#markM) <= STILL_M;
    this.#stillUs = still ? this.#stillUs + elapsedUs : 0;
    if (!still) this.#markM = heightM;
    if (told.liftEnable) this.#follow(heightM, told.liftHeightM);
    else this.#rest(heightM, moving, elapsedUs);
    this.#wasTold = told.liftEnable;
  }

  #follow(heightM: number, toldM: number): void {
    const aheadM = Math.abs(toldM - heightM);
    // What it stood still before it was told counts for nothing.
    if (!this.#wasTold || aheadM <= this.#nearM) this.#stillUs = 0;
    this.blocked = this.#stillUs > BLOCKED_US;
    this.#judge(aheadM, this.#leadM);
  }

  #rest(heightM: number, moving: boolean, elapsedUs: number): void {
    this.blocked = false;
    const before = this.#restUs;
    this.#restUs = this.#wasTold ? this.#restsInUs : Math.max(0, before - elapsedUs);
    if (this.#wasTold || Number.isNaN(this.#stoodM)) this.#stoodM = heightM;
    this.#judge(Math.abs(heightM - this.#stoodM), this.#restUs > 0 ? this.#restsWithinM : 0);
    const atRest = this.moved ? this.#stillUs >= STILL_US : before > 0 && this.#restUs === 0;
    if (atRest) {
      this.#stoodM = heightM;
      this.#judge(0, 0);
    }
    this.standing = !moving && !this.moved && this.#restUs === 0;
  }

  /** Negated: a way that is no number is a long one. */
  #judge(awayM: number, allowedM: number): void {
    this.moved = !(awayM <= allowedM + this.lift.driftM);
    this.runsOn = !(awayM <= allowedM + this.lift.driftM + RUNS_ON_M);
  }
}
