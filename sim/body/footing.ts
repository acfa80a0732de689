/** What a patient stands or sits on, and what presses there: ground that moves, or plates under a saddle. */
import type { Side } from '../../protocols/supervision.ts';
import type { Harness } from './support.ts';

/** The clamp of the empty robot; own values, stiff and well damped under any patient. */
export const CLAMP_N_PER_M = 200_000;
export const CLAMP_NS_PER_M = 8_000;

/** One pad of one foot, in the step just made. */
export interface SoleTruth {
  /** Vertical force on it. */
  loadN: number;
  /** Its place, forward of the hips, and its lowest point above what it stands on. */
  forwardM: number;
  heightM: number;
  /** Of the point that touches, against what it touches; 0 in the air. */
  slipMps: number;
}

export interface FootTruth {
  readonly heel: SoleTruth;
  readonly forefoot: SoleTruth;
}

export interface Footing extends Harness {
  readonly feet: Readonly<Record<Side, FootTruth>>;
  /** Left heel, left forefoot, right heel, right forefoot: what the load cells feel. */
  readonly footLoadsN: Float64Array;
  /** What the support has to carry when nothing stands. */
  readonly bodyWeightN: number;
  /** By the support; it stays until changed. */
  ropeN: number;
  /** Nobody is in the robot: it is clamped where he would hang or sit. */
  clamped: boolean;
  /** Backward under the feet, where there are belts. */
  setBeltMps?(speedMps: number): void;
  /** Before a step of the engine: what acts on the trunk. */
  carry(): void;
  /** After a step of the engine. */
  look(): void;
}
