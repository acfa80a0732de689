/**
 * What the person does to footplates, as `interaction-torque.ts` finds it for legs. The plates are known, who stands on them is
 * not: his whole force is his, and what is usual of it is learned by who watches it. What his feet weigh on the plates, as the
 * cells under heel and forefoot feel it, the drives carry.
 */
import type { FootLoads } from '../../protocols/joints.ts';
import { clamp } from '../../protocols/math.ts';
import type { FootplateProfile } from '../../protocols/profile.ts';
import { sides, type SessionSetup, type Side } from '../../protocols/supervision.ts';
import { kgToNewton } from '../../protocols/units.ts';
import type { GroundLoad, InteractionEstimate, SensedJoint } from './interaction-torque.ts';
import { follow, unknownMomentum, type Momentum } from './momentum.ts';
import { PlateModel, platesOf } from './plate-dynamics.ts';
import { CycleTimes, ReadingTime } from './reading-time.ts';

/** Drives carry the load with this time constant: noise and rattle are no load. Own value. */
const CARRY_SEC = 0.02;
/** Of a joint's torque limit: what a wrong load cell may ask for; the rest is for the spring that leads the plate. Own value. */
const CARRY_SHARE = 0.7;

export class PlateInteraction implements InteractionEstimate {
  readonly torqueNm: Float64Array;
  readonly isNew: Uint8Array;
  readonly ground: PlateLoad | null;
  readonly #model: PlateModel;
  readonly #cycles = new CycleTimes();
  readonly #plates: readonly { readonly time: ReadingTime; readonly joints: readonly number[] }[];
  readonly #joints: readonly Momentum[];
  readonly #anglesRad: Float64Array;
  readonly #speeds: Float64Array;
  readonly #gravityNm: Float64Array;
  readonly #momentaNms: Float64Array;
  readonly #ownNm: Float64Array;

  constructor(profile: FootplateProfile, setup: SessionSetup | null) {
    const vector = (): Float64Array => new Float64Array(profile.joints.length);
    this.#model = new PlateModel(profile);
    this.ground = setup === null ? null : new PlateLoad(profile, setup);
    this.torqueNm = vector();
    this.isNew = new Uint8Array(profile.joints.length);
    const plates = platesOf(profile);
    this.#plates = sides.map((side) => {
      const joints = [plates[side].foreAft, plates[side].vertical, plates[side].pitch];
      return { time: new ReadingTime(this.#cycles, joints), joints };
    });
    this.#joints = profile.joints.map(unknownMomentum);
    this.#anglesRad = vector();
    this.#speeds = vector();
    this.#gravityNm = vector();
    this.#momentaNms = vector();
    this.#ownNm = vector();
  }

  update(joints: readonly SensedJoint[], nowUs: number, feet: FootLoads): void {
    this.isNew.fill(0);
    this.ground?.update(feet);
    this.#cycles.note(nowUs);
    for (let j = 0; j < this.#joints.length; j++) {
      this.#anglesRad[j] = joints[j]?.positionRad ?? Number.NaN;
      this.#speeds[j] = joints[j]?.velocityRadPerSec ?? Number.NaN;
    }
    this.#model.gravity(this.#anglesRad, this.#gravityNm);
    this.#model.momentum(this.#anglesRad, this.#speeds, this.#momentaNms, this.#ownNm);
    for (const plate of this.#plates) if (plate.time.take(joints)) this.#observe(plate.joints, joints, plate.time.seconds);
  }

  #observe(places: readonly number[], joints: readonly SensedJoint[], seconds: number): void {
    for (const j of places) {
      const momentum = this.#joints[j];
      if (momentum === undefined) continue;
      const knownNm = (joints[j]?.jointTorqueNm ?? Number.NaN) - (this.#gravityNm[j] ?? Number.NaN) + (this.#ownNm[j] ?? Number.NaN);
      follow(momentum, this.#momentaNms[j] ?? Number.NaN, knownNm, seconds);
      this.torqueNm[j] = momentum.unknownNm;
      this.isNew[j] = Number.isNaN(seconds) ? 0 : 1;
    }
  }
}

interface LoadedPlate {
  readonly side: Side;
  readonly vertical: number;
  readonly pitch: number;
  readonly verticalM: number;
  readonly verticalMostNm: number;
  readonly pitchMostNm: number;
}

/** What feet weigh on their plates. */
export class PlateLoad implements GroundLoad {
  /** All that it may add is in the estimate. */
  readonly unknownNm: Float64Array;
  readonly carryingNm: Float64Array;
  readonly #plates: readonly LoadedPlate[];
  readonly #heelM: number;
  readonly #forefootM: number;
  readonly #mostN: number;
  readonly #share: number;

  constructor(profile: FootplateProfile, { bodyMassKg, heightM }: SessionSetup) {
    const { joints, geometry, controlRateHz } = profile;
    const footM = geometry.footLengthFraction * heightM;
    const plates = platesOf(profile);
    const mostNm = (joint: number): number => CARRY_SHARE * (joints[joint]?.torqueLimitNm ?? 0);
    this.unknownNm = new Float64Array(joints.length);
    this.carryingNm = new Float64Array(joints.length);
    this.#plates = sides.map((side) => {
      const { vertical, pitch, verticalM } = plates[side];
      return { side, vertical, pitch, verticalM, verticalMostNm: mostNm(vertical), pitchMostNm: mostNm(pitch) };
    });
    this.#heelM = -geometry.heelBehindFraction * footM;
    this.#forefootM = geometry.forefootBeforeFraction * footM;
    this.#mostN = kgToNewton(bodyMassKg);
    this.#share = Math.min(1, 1 / (controlRateHz * CARRY_SEC));
  }

  /** Once per cycle. A load on the forefoot turns the toes down, which the drive has to hold up. */
  update(loads: FootLoads): void {
    for (const { side, vertical, pitch, verticalM, verticalMostNm, pitchMostNm } of this.#plates) {
      const left = side === 'left';
      const heelN = clamp(left ? loads.leftHeelN : loads.rightHeelN, 0, this.#mostN);
      const forefootN = clamp(left ? loads.leftForefootN : loads.rightForefootN, 0, this.#mostN);
      this.#follow(vertical, verticalM * (heelN + forefootN), verticalMostNm);
      this.#follow(pitch, heelN * this.#heelM + forefootN * this.#forefootM, pitchMostNm);
    }
  }

  #follow(joint: number, loadNm: number, mostNm: number): void {
    const before = this.carryingNm[joint] ?? 0;
    this.carryingNm[joint] = before + this.#share * (clamp(loadNm, -mostNm, mostNm) - before);
  }
}
