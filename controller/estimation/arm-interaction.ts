/** What the person adds to the joints of an arm, as `interaction-torque.ts` finds it for legs: in space, all joints as one chain. */
import type { ArmProfile } from '../../protocols/profile.ts';
import type { SessionSetup } from '../../protocols/supervision.ts';
import { createArmChain } from './arm-dynamics.ts';
import type { InteractionEstimate, SensedJoint } from './interaction-torque.ts';
import { follow, unknownMomentum, type Momentum } from './momentum.ts';
import { CycleTimes, ReadingTime } from './reading-time.ts';
import type { RigidChain } from './rigid-chain.ts';

export class ArmInteraction implements InteractionEstimate {
  readonly torqueNm: Float64Array;
  readonly isNew: Uint8Array;
  readonly ground = null;
  readonly #chain: RigidChain;
  readonly #cycles = new CycleTimes();
  readonly #time: ReadingTime;
  readonly #joints: readonly Momentum[];
  readonly #anglesRad: Float64Array;
  readonly #speeds: Float64Array;
  readonly #gravityNm: Float64Array;
  readonly #momentumNms: Float64Array;
  readonly #coriolisNm: Float64Array;

  constructor(profile: ArmProfile, setup: SessionSetup | null) {
    const vector = (): Float64Array => new Float64Array(profile.joints.length);
    this.#chain = createArmChain(profile, setup, setup?.heightM);
    this.torqueNm = vector();
    this.isNew = new Uint8Array(profile.joints.length);
    this.#time = new ReadingTime(this.#cycles, [...profile.joints.keys()]);
    this.#joints = profile.joints.map(unknownMomentum);
    this.#anglesRad = vector();
    this.#speeds = vector();
    this.#gravityNm = vector();
    this.#momentumNms = vector();
    this.#coriolisNm = vector();
  }

  update(joints: readonly SensedJoint[], nowUs: number): void {
    this.isNew.fill(0);
    this.#cycles.note(nowUs);
    if (!this.#time.take(joints)) return;
    const { seconds } = this.#time;
    for (let j = 0; j < this.#joints.length; j++) {
      this.#anglesRad[j] = joints[j]?.positionRad ?? Number.NaN;
      this.#speeds[j] = joints[j]?.velocityRadPerSec ?? Number.NaN;
    }
    this.#chain.gravity(this.#anglesRad, this.#gravityNm);
    this.#chain.momentum(this.#anglesRad, this.#speeds, this.#momentumNms, this.#coriolisNm);
    for (let j = 0; j < this.#joints.length; j++) {
      const momentum = this.#joints[j];
      if (momentum === undefined) continue;
      const knownNm = (joints[j]?.jointTorqueNm ?? Number.NaN) - (this.#gravityNm[j] ?? Number.NaN) + (this.#coriolisNm[j] ?? Number.NaN);
      follow(momentum, this.#momentumNms[j] ?? Number.NaN, knownNm, seconds);
      this.torqueNm[j] = momentum.unknownNm;
    }
    if (!Number.isNaN(seconds)) this.isNew.fill(1);
  }
}
