/**
 * The patient on his feet: what carries his trunk (the rope of the support, the counterweight of the orthosis, the clamp of
 * the empty robot), the belts that run under him, and what happens under his soles.
 */
import { isFootplate, isGait, type GaitProfile, type RobotProfile } from '../../protocols/profile.ts';
import { sides, type Side } from '../../protocols/supervision.ts';
import { US_PER_S } from '../../protocols/units.ts';
import { STEP_US } from '../drives/device.ts';
import type { Engine } from './engine.ts';
import { CLAMP_N_PER_M, CLAMP_NS_PER_M, type Footing, type FootTruth, type SoleTruth } from './footing.ts';
import { beltHeightM, beltName, PAD_RADIUS_M, padName, PELVIS, soles, type GroundProfile } from './ground-model.ts';
import { orthosisLeg, type Patient } from './human.ts';
import { humanJointName } from './model.ts';
import { GRAVITY_MPS2 } from './rest-pose.ts';
import { Saddle } from './saddle.ts';

const STEP_S = STEP_US / US_PER_S;
/** Less than a foot weighs. */
const TOUCHES_N = 5;

interface Pad {
  readonly sensor: number;
  readonly geom: number;
  readonly legJoints: readonly [hip: number, knee: number, ankle: number];
  readonly truth: SoleTruth;
}

/** @returns null where feet swing free */
export function groundOf(profile: RobotProfile, patient: Patient, engine: Engine): Footing | null {
  if (isFootplate(profile)) return new Saddle(engine, profile, patient);
  return isGait(profile) && profile.geometry.ground !== undefined ? new Ground(engine, profile, patient, profile.geometry.ground) : null;
}

export class Ground implements Footing {
  readonly feet: Readonly<Record<Side, FootTruth>>;
  readonly footLoadsN = new Float64Array(sides.length * soles.length);
  /** What everything that moves with the pelvis weighs, without the orthosis, which its counterweight carries. */
  readonly bodyWeightN: number;
  ropeN = 0;
  clamped = false;
  #beltMps = 0;
  readonly #engine: Engine;
  readonly #profile: GroundProfile;
  readonly #counterweightN: number;
  readonly #pelvis: number;
  readonly #belts: readonly number[];
  readonly #beltM: number;
  readonly #hangingM: number;
  readonly #pads: readonly Pad[];

  constructor(engine: Engine, { geometry }: GaitProfile, patient: Patient, profile: GroundProfile) {
    const { thigh, shank } = orthosisLeg(patient, geometry);
    this.#engine = engine;
    this.#profile = profile;
    this.#counterweightN = GRAVITY_MPS2 * sides.length * (thigh.massKg + shank.massKg);
    this.bodyWeightN = GRAVITY_MPS2 * patient.bodyMassKg;
    this.#pelvis = engine.jointIndex(PELVIS);
    this.#belts = sides.map((side) => engine.geomIndex(beltName(side)));
    this.#beltM = beltHeightM(patient, geometry);
    this.#hangingM = geometry.hipHeightM - this.#beltM;
    this.#pads = sides.flatMap((side, i) => soles.map((sole, k) => createPad(engine, side, padName(sole, side), soles.length * i + k)));
    const foot = (side: number): FootTruth => ({ heel: truthOf(this.#pads[soles.length * side]), forefoot: truthOf(this.#pads[soles.length * side + 1]) });
    this.feet = { left: foot(0), right: foot(1) };
    this.setBeltMps(0);
  }

  get harnessNPerM(): number {
    return this.#profile.harnessNPerM;
  }

  get harnessNsPerM(): number {
    return this.#profile.harnessNsPerM;
  }

  /** Of the hips above the belt. */
  get pelvisHeightM(): number {
    return this.#hangingM + this.#downM;
  }

  get pelvisMps(): number {
    return this.#engine.qvelRadPerSec[this.#pelvis] ?? 0;
  }

  setBeltMps(speedMps: number): void {
    this.#beltMps = speedMps;
    for (const belt of this.#belts) this.#engine.setSurfaceMps(belt, -speedMps);
  }

  carry(): void {
    const clampN = this.clamped ? this.bodyWeightN - CLAMP_N_PER_M * this.#downM - CLAMP_NS_PER_M * this.pelvisMps : 0;
    this.#engine.appliedNm[this.#pelvis] = this.#counterweightN + this.ropeN + clampN;
  }

  look(): void {
    const { sensed, geomM, qvelRadPerSec } = this.#engine;
    for (const { sensor, geom, legJoints, truth } of this.#pads) {
      const forwardM = geomM[3 * geom] ?? 0;
      const [hip, knee, ankle] = legJoints;
      const pitchRadPerSec = (qvelRadPerSec[hip] ?? 0) - (qvelRadPerSec[knee] ?? 0) + (qvelRadPerSec[ankle] ?? 0);
      const contactMps = (forwardM - truth.forwardM) / STEP_S + PAD_RADIUS_M * pitchRadPerSec;
      truth.loadN = this.footLoadsN[sensor] = sensed[sensor] ?? 0;
      truth.forwardM = forwardM;
      truth.heightM = (geomM[3 * geom + 2] ?? 0) - PAD_RADIUS_M - this.#beltM;
      truth.slipMps = truth.loadN > TOUCHES_N ? contactMps + this.#beltMps : 0;
    }
  }

  get #downM(): number {
    return this.#engine.qposRad[this.#pelvis] ?? 0;
  }
}

function createPad(engine: Engine, side: Side, name: string, sensor: number): Pad {
  const joint = (kind: 'hip' | 'knee' | 'ankle'): number => engine.jointIndex(humanJointName(side, kind));
  return { sensor, geom: engine.geomIndex(name), legJoints: [joint('hip'), joint('knee'), joint('ankle')], truth: { loadN: 0, forwardM: 0, heightM: 0, slipMps: 0 } };
}

const truthOf = (pad: Pad | undefined): SoleTruth => pad?.truth ?? { loadN: 0, forwardM: 0, heightM: 0, slipMps: 0 };
