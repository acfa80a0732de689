/**
 * Who sits on a saddle with his feet strapped to plates: what carries his trunk (the saddle, or the clamp of the empty robot), and
 * what the cells in the plates feel. Below the end of its travel the saddle does not go, whatever it is told to carry.
 */
import type { FootplateProfile } from '../../protocols/profile.ts';
import { sides, type Side } from '../../protocols/supervision.ts';
import { US_PER_S } from '../../protocols/units.ts';
import { STEP_US } from '../drives/device.ts';
import type { Engine } from './engine.ts';
import { CLAMP_N_PER_M, CLAMP_NS_PER_M, type Footing, type FootTruth, type SoleTruth } from './footing.ts';
import { PELVIS, soles } from './ground-model.ts';
import type { Patient } from './human.ts';
import { legLengthM, strapPoint } from './plate-plan.ts';
import { GRAVITY_MPS2 } from './rest-pose.ts';

const STEP_S = STEP_US / US_PER_S;
/** Rows of a strap: along x, y and z. */
const STRAP_ROWS = 3;
const VERTICAL = 2;

interface Strap {
  /** Row of its vertical force. */
  readonly row: number;
  readonly plate: number;
  readonly foot: number;
  readonly truth: SoleTruth;
  aheadM: number;
}

export class Saddle implements Footing {
  readonly feet: Readonly<Record<Side, FootTruth>>;
  readonly footLoadsN = new Float64Array(sides.length * soles.length);
  readonly bodyWeightN: number;
  ropeN = 0;
  clamped = false;
  readonly harnessNPerM: number;
  readonly harnessNsPerM: number;
  readonly #engine: Engine;
  readonly #pelvis: number;
  readonly #legM: number;
  readonly #seatedM: number;
  readonly #straps: readonly Strap[];

  constructor(engine: Engine, profile: FootplateProfile, patient: Patient) {
    const { geometry } = profile;
    this.#engine = engine;
    this.#pelvis = engine.jointIndex(PELVIS);
    this.#legM = legLengthM(patient, profile);
    this.#seatedM = geometry.saddleFraction * this.#legM;
    this.bodyWeightN = GRAVITY_MPS2 * patient.bodyMassKg;
    this.harnessNPerM = geometry.harnessNPerM;
    this.harnessNsPerM = geometry.harnessNsPerM;
    // In the order in which the plan has them.
    const straps = sides.map((side, i) => soles.map((sole, k) => createStrap(engine, strapPoint('plate', sole, side), strapPoint('foot', sole, side), STRAP_ROWS * (soles.length * i + k) + VERTICAL)));
    this.#straps = straps.flat();
    const foot = (i: number): FootTruth => ({ heel: truthOf(straps[i]?.[0]), forefoot: truthOf(straps[i]?.[1]) });
    this.feet = { left: foot(0), right: foot(1) };
  }

  /** Of the hips above the ankles of level plates at home. */
  get pelvisHeightM(): number {
    return this.#legM + (this.#engine.qposRad[this.#pelvis] ?? 0);
  }

  get pelvisMps(): number {
    return this.#engine.qvelRadPerSec[this.#pelvis] ?? 0;
  }

  carry(): void {
    const clampN = this.clamped ? this.bodyWeightN + CLAMP_N_PER_M * (this.#seatedM - this.pelvisHeightM) - CLAMP_NS_PER_M * this.pelvisMps : 0;
    this.#engine.appliedNm[this.#pelvis] = this.ropeN + clampN;
  }

  look(): void {
    const { geomM } = this.#engine;
    const forces = this.#engine.constraintForces();
    for (let i = 0; i < this.#straps.length; i++) {
      const strap = this.#straps[i];
      if (strap === undefined) continue;
      const { truth, plate, foot, row } = strap;
      // A cell that is pressed on from below, by a strap that is pulled, tells nothing.
      truth.loadN = this.footLoadsN[i] = Math.max(0, -(forces[row] ?? 0));
      truth.forwardM = geomM[3 * foot] ?? 0;
      truth.heightM = (geomM[3 * foot + 2] ?? 0) - (geomM[3 * plate + 2] ?? 0);
      const aheadM = truth.forwardM - (geomM[3 * plate] ?? 0);
      truth.slipMps = (aheadM - strap.aheadM) / STEP_S;
      strap.aheadM = aheadM;
    }
  }
}

const nothing = (): SoleTruth => ({ loadN: 0, forwardM: 0, heightM: 0, slipMps: 0 });

const createStrap = (engine: Engine, plate: string, foot: string, row: number): Strap => ({ row, plate: engine.geomIndex(plate), foot: engine.geomIndex(foot), truth: nothing(), aheadM: 0 });

const truthOf = (strap: Strap | undefined): SoleTruth => strap?.truth ?? nothing();
