/** What the person adds to the joints of his arms, as `interaction-torque.ts` finds it for legs: in space, the joints of an arm as one chain. */
import { armsOf, type OneArm } from '../../protocols/arm-profile.ts';
import type { ArmProfile } from '../../protocols/profile.ts';
import type { SessionSetup } from '../../protocols/supervision.ts';
import { createArmChain } from './arm-dynamics.ts';
import { NOTHING_SEEN, type JointMotion } from './device-model.ts';
import type { DrivenChain } from './driven-chain.ts';
import type { InteractionEstimate, SensedJoint } from './interaction-torque.ts';
import { follow, unknownMomentum, type Momentum } from './momentum.ts';
import { CycleTimes, ReadingTime } from './reading-time.ts';

export class ArmInteraction implements InteractionEstimate {
  readonly torqueNm: Float64Array;
  readonly isNew: Uint8Array;
  readonly ground = null;
  readonly #cycles = new CycleTimes();
  readonly #arms: readonly OneArmInteraction[];

  /** @param seen the joints that the profile only measures, in its order and kept up to date */
  constructor(profile: ArmProfile, setup: SessionSetup | null, seen = NOTHING_SEEN) {
    this.torqueNm = new Float64Array(profile.joints.length);
    this.isNew = new Uint8Array(profile.joints.length);
    this.#arms = armsOf(profile.joints).map((arm) => new OneArmInteraction(profile, arm, setup, this.#cycles, seen));
  }

  update(joints: readonly SensedJoint[], nowUs: number): void {
    this.isNew.fill(0);
    this.#cycles.note(nowUs);
    for (const arm of this.#arms) arm.update(joints, this.torqueNm, this.isNew);
  }
}

class OneArmInteraction {
  readonly #chain: DrivenChain;
  readonly #places: readonly number[];
  readonly #time: ReadingTime;
  readonly #joints: readonly Momentum[];
  readonly #anglesRad: Float64Array;
  readonly #speeds: Float64Array;
  readonly #gravityNm: Float64Array;
  readonly #momentumNms: Float64Array;
  readonly #coriolisNm: Float64Array;

  constructor(profile: ArmProfile, arm: OneArm, setup: SessionSetup | null, cycles: CycleTimes, seen: readonly JointMotion[]) {
    const vector = (): Float64Array => new Float64Array(arm.places.length);
    this.#chain = createArmChain(profile, arm, setup, setup?.heightM, seen);
    this.#places = arm.places;
    this.#time = new ReadingTime(cycles, arm.places);
    this.#joints = arm.places.map(unknownMomentum);
    this.#anglesRad = vector();
    this.#speeds = vector();
    this.#gravityNm = vector();
    this.#momentumNms = vector();
    this.#coriolisNm = vector();
  }

  /** Fills the places of its joints. */
  update(joints: readonly SensedJoint[], torqueNm: Float64Array, isNew: Uint8Array): void {
    if (!this.#time.take(joints)) return;
    const { seconds } = this.#time;
    for (let i = 0; i < this.#joints.length; i++) {
      const joint = joints[this.#places[i] ?? -1];
      this.#anglesRad[i] = joint?.positionRad ?? Number.NaN;
      this.#speeds[i] = joint?.velocityRadPerSec ?? Number.NaN;
    }
    this.#chain.gravity(this.#anglesRad, this.#gravityNm);
    this.#chain.momentum(this.#anglesRad, this.#speeds, this.#momentumNms, this.#coriolisNm);
    for (let i = 0; i < this.#joints.length; i++) {
      const momentum = this.#joints[i];
      const j = this.#places[i] ?? -1;
      if (momentum === undefined) continue;
      const knownNm = (joints[j]?.jointTorqueNm ?? Number.NaN) - (this.#gravityNm[i] ?? Number.NaN) + (this.#coriolisNm[i] ?? Number.NaN);
      follow(momentum, this.#momentumNms[i] ?? Number.NaN, knownNm, seconds);
      torqueNm[j] = momentum.unknownNm;
      if (!Number.isNaN(seconds)) isNew[j] = 1;
    }
  }
}
