/**
 * What gravity and inertia ask of the drives of footplates: per foot a carriage that goes forward, a lift on it that goes up, and
 * a plate that turns about the ankle, its centre of mass a little off that axis. A counterweight carries a share of the weight
 * of lift and plate. Everything is about the joints as the profile has them: the drum of a belt, the hinge of a plate.
 */
import { cos, sin } from '../../protocols/math.ts';
import { plateKinds } from '../../protocols/footplate-profile.ts';
import type { FootplateProfile } from '../../protocols/profile.ts';
import { sides, type Side } from '../../protocols/supervision.ts';
import type { DeviceModel, JointAngle } from './device-model.ts';

const GRAVITY_MPS2 = 9.81;
/** Of body mass, foot and shank (Winter), which go forward and back with the plate. */
const LIMB_SHARE = 0.061;

interface Plate {
  /** Places of its joints in the profile, and the leads of the belts. */
  readonly foreAft: number;
  readonly vertical: number;
  readonly pitch: number;
  readonly foreAftM: number;
  readonly verticalM: number;
}

/** Where the joints of both plates stand in a profile. */
export function platesOf({ joints }: FootplateProfile): Readonly<Record<Side, Plate>> {
  const plate = (side: Side): Plate => {
    const [foreAft, vertical, pitch] = plateKinds.map((kind) => joints.findIndex((joint) => joint.side === side && joint.kind === kind));
    const leadM = (place: number | undefined): number => joints[place ?? -1]?.leadMPerRad ?? Number.NaN;
    return { foreAft: foreAft ?? -1, vertical: vertical ?? -1, pitch: pitch ?? -1, foreAftM: leadM(foreAft), verticalM: leadM(vertical) };
  };
  return { left: plate('left'), right: plate('right') };
}

export class PlateModel {
  readonly #plates: readonly Plate[];
  readonly #forwardKg: number;
  readonly #upKg: number;
  readonly #weightN: number;
  readonly #plateKg: number;
  readonly #pitchKgM2: number;
  readonly #comForwardM: number;
  readonly #comBelowM: number;

  /** @param bodyMassKg whose feet are moved forward and back with the plates; their weight the load cells feel. 0: nobody's */
  constructor(profile: FootplateProfile, bodyMassKg = 0) {
    const { carriageKg, liftKg, plateKg, plateInertiaKgM2, plateComForwardM, plateComBelowM, balancedShare } = profile.geometry;
    const plates = platesOf(profile);
    this.#plates = sides.map((side) => plates[side]);
    this.#forwardKg = carriageKg + liftKg + plateKg + LIMB_SHARE * bodyMassKg;
    this.#upKg = liftKg + plateKg;
    this.#weightN = (1 - balancedShare) * GRAVITY_MPS2 * (liftKg + plateKg);
    this.#plateKg = plateKg;
    this.#pitchKgM2 = plateInertiaKgM2 + plateKg * (plateComForwardM * plateComForwardM + plateComBelowM * plateComBelowM);
    this.#comForwardM = plateComForwardM;
    this.#comBelowM = plateComBelowM;
  }

  /** Torque that the drives have to give for the weight, Nm. Fills `out` */
  gravity(anglesRad: ArrayLike<number>, out: Float64Array): Float64Array {
    for (const { foreAft, vertical, pitch, verticalM } of this.#plates) {
      out[foreAft] = 0;
      out[vertical] = verticalM * this.#weightN;
      out[pitch] = this.#plateKg * GRAVITY_MPS2 * this.#forwardAt(anglesRad[pitch] ?? Number.NaN);
    }
    return out;
  }

  /** Of the weight and the motion, without the rotors, Nm. Fills `out` */
  inertia(anglesRad: ArrayLike<number>, radPerSec: ArrayLike<number>, radPerSec2: ArrayLike<number>, out: Float64Array): Float64Array {
    for (const { foreAft, vertical, pitch, foreAftM, verticalM } of this.#plates) {
      const angle = anglesRad[pitch] ?? Number.NaN;
      const spin = radPerSec[pitch] ?? Number.NaN;
      const spinUp = radPerSec2[pitch] ?? Number.NaN;
      const [forward, up] = [this.#forwardAt(angle), this.#upAt(angle)];
      const forwardMps2 = foreAftM * (radPerSec2[foreAft] ?? Number.NaN);
      const upMps2 = verticalM * (radPerSec2[vertical] ?? Number.NaN);
      out[foreAft] = foreAftM * (this.#forwardKg * forwardMps2 + this.#plateKg * (-up * spinUp - forward * spin * spin));
      out[vertical] = verticalM * (this.#upKg * upMps2 + this.#plateKg * (forward * spinUp - up * spin * spin));
      out[pitch] = this.#pitchKgM2 * spinUp + this.#plateKg * (-up * forwardMps2 + forward * upMps2);
    }
    return out;
  }

  /** Generalised momenta, and what of their change is the motion's own, Nm s and Nm. Fills both */
  momentum(anglesRad: ArrayLike<number>, radPerSec: ArrayLike<number>, momentaNms: Float64Array, ownNm: Float64Array): void {
    for (const { foreAft, vertical, pitch, foreAftM, verticalM } of this.#plates) {
      const angle = anglesRad[pitch] ?? Number.NaN;
      const spin = radPerSec[pitch] ?? Number.NaN;
      const [forward, up] = [this.#forwardAt(angle), this.#upAt(angle)];
      const forwardMps = foreAftM * (radPerSec[foreAft] ?? Number.NaN);
      const upMps = verticalM * (radPerSec[vertical] ?? Number.NaN);
      momentaNms[foreAft] = foreAftM * (this.#forwardKg * forwardMps - this.#plateKg * up * spin);
      momentaNms[vertical] = verticalM * (this.#upKg * upMps + this.#plateKg * forward * spin);
      momentaNms[pitch] = this.#pitchKgM2 * spin + this.#plateKg * (-up * forwardMps + forward * upMps);
      ownNm[foreAft] = ownNm[vertical] = 0;
      ownNm[pitch] = -this.#plateKg * spin * (forward * forwardMps + up * upMps);
    }
  }

  /** What a joint accelerates, without its rotor; the others stand. */
  inertiaKgM2(index: number): number {
    for (const { foreAft, vertical, pitch, foreAftM, verticalM } of this.#plates) {
      if (index === foreAft) return this.#forwardKg * foreAftM * foreAftM;
      if (index === vertical) return this.#upKg * verticalM * verticalM;
      if (index === pitch) return this.#pitchKgM2;
    }
    return Number.NaN;
  }

  /** Of the plate's centre of mass from the ankle axis, m. */
  #forwardAt(pitchRad: number): number {
    return this.#comForwardM * cos(pitchRad) + this.#comBelowM * sin(pitchRad);
  }

  #upAt(pitchRad: number): number {
    return this.#comForwardM * sin(pitchRad) - this.#comBelowM * cos(pitchRad);
  }
}

/** Empty footplates. */
export class PlateDevice implements DeviceModel {
  readonly #model: PlateModel;
  readonly #anglesRad: Float64Array;
  readonly #torquesNm: Float64Array;

  constructor(profile: FootplateProfile) {
    this.#model = new PlateModel(profile);
    this.#anglesRad = new Float64Array(profile.joints.length);
    this.#torquesNm = new Float64Array(profile.joints.length);
  }

  gravityNm(index: number, joints: readonly JointAngle[]): number {
    for (let j = 0; j < this.#anglesRad.length; j++) this.#anglesRad[j] = joints[j]?.positionRad ?? Number.NaN;
    return this.#model.gravity(this.#anglesRad, this.#torquesNm)[index] ?? Number.NaN;
  }

  inertiaKgM2(index: number): number {
    return this.#model.inertiaKgM2(index);
  }
}
