/**
 * What the lift may be told, the column that brings a robot's shoulder to the patient's. It moves only while a person holds it to
 * move, toward a height inside its range, and never far ahead of where it is. What is no number stops it.
 */
import type { LiftProfile } from '../../protocols/actuator-profile.ts';
import type { LiftInputs } from '../../protocols/joints.ts';
import { clamp } from '../../protocols/math.ts';
import { ABSENT } from './checks.ts';
import { leadM } from './lift-watch.ts';
import { policy, type CheckId } from './policy.ts';

/** With none of them a lift moves; what is wrong with the joints, which nothing drives meanwhile, does not matter. */
const liftNeeds: readonly CheckId[] = [
  'estopOpen', 'linkDown', 'hubSilent', 'hubFrozen', 'monitorDisagrees', 'loopOverrun', 'relayOpen', 'patientButton', 'stationLost', 'operatorLost', 'operatorStop',
  'liftSilent', 'liftFault', 'liftMoved', 'liftRunsOn', 'liftBlocked',
];
const linesNeeded: readonly number[] = policy.flatMap(({ check }, line) => (liftNeeds.includes(check) ? [line] : []));

/** @param findings of `runChecks`; a missing one counts as present */
export function liftIsFree(findings: Int32Array): boolean {
  for (const line of linesNeeded) if (findings[line] !== ABSENT) return false;
  return true;
}

export class LiftEnvelope {
  heightM = 0;
  enable = false;
  /** This press has been interrupted. */
  #spent = false;
  readonly #stepM: number;
  readonly #leadM: number;

  constructor(
    private readonly lift: LiftProfile,
    periodSec: number,
  ) {
    this.#stepM = lift.speedMps * periodSec;
    this.#leadM = leadM(lift);
  }

  /**
   * Once per cycle.
   * @param wishM of the person who holds it to move; 0: nobody does
   * @param free nothing forbids that it moves
   */
  apply(wishM: number, measured: LiftInputs, free: boolean): void {
    const asked = wishM > 0;
    this.#spent = asked && (this.#spent || !free);
    if (!asked || this.#spent || !Number.isFinite(measured.heightM)) {
      this.enable = false;
      this.heightM = measured.heightM;
      return;
    }
    const { min, max } = this.lift.heightM;
    if (!this.enable) this.heightM = measured.heightM;
    this.enable = true;
    const nextM = clamp(clamp(wishM, min, max), this.heightM - this.#stepM, this.heightM + this.#stepM);
    const aheadM = Math.abs(nextM - measured.heightM);
    if (aheadM <= this.#leadM || aheadM < Math.abs(this.heightM - measured.heightM)) this.heightM = nextM;
  }
}
