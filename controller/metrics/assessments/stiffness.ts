/** What a relaxed joint resists with when it is moved: least squares of τ = k(q − q0) + b·q̇ + c over all that was seen in one direction. */
import { mean } from './statistics.ts';

export interface ResistanceSample {
  readonly angleRad: number;
  readonly radPerSec: number;
  /** Against the movement's angle: positive where it pulls toward extension. */
  readonly resistanceNm: number;
}

export interface StiffnessFit {
  readonly stiffnessNmPerRad: number;
  /** NaN: all was seen at one speed. */
  readonly dampingNmsPerRad: number;
  /** At q0, at no speed. */
  readonly offsetNm: number;
  /** Share of the torque's variance that the line explains. */
  readonly rSquared: number;
  /** Standard deviation of what is left, Nm. */
  readonly residualNm: number;
}

/** Speeds that differ by less are one. */
const ONE_SPEED = 0.05;

/** @param q0Rad where the offset is told @returns null: fewer than four samples, or all at one angle */
export function fitStiffness(samples: readonly ResistanceSample[], q0Rad: number): StiffnessFit | null {
  if (samples.length < 4) return null;
  const centre = (of: (sample: ResistanceSample) => number): { mean: number; off: number[] } => {
    const middle = mean(samples.map(of));
    return { mean: middle, off: samples.map((sample) => of(sample) - middle) };
  };
  const [angle, speed, torque] = [centre(({ angleRad }) => angleRad), centre(({ radPerSec }) => radPerSec), centre(({ resistanceNm }) => resistanceNm)];
  const [qq, vv, qv] = [dot(angle.off, angle.off), dot(speed.off, speed.off), dot(angle.off, speed.off)];
  const [qt, vt, tt] = [dot(angle.off, torque.off), dot(speed.off, torque.off), dot(torque.off, torque.off)];
  const oneSpeed = Math.sqrt(vv / samples.length) < ONE_SPEED * Math.abs(speed.mean);
  const determinant = oneSpeed ? qq : qq * vv - qv * qv;
  if (!(qq > 0) || !(determinant > 1e-9 * qq * (oneSpeed ? 1 : vv))) return null;
  const k = oneSpeed ? qt / qq : (qt * vv - vt * qv) / determinant;
  const b = oneSpeed ? Number.NaN : (vt * qq - qt * qv) / determinant;
  const damping = oneSpeed ? 0 : b;
  const left = torque.off.reduce((sum, off, i) => sum + (off - k * (angle.off[i] ?? 0) - damping * (speed.off[i] ?? 0)) ** 2, 0);
  return {
    stiffnessNmPerRad: k,
    dampingNmsPerRad: b,
    offsetNm: torque.mean - k * (angle.mean - q0Rad) - damping * speed.mean,
    rSquared: tt > 0 ? 1 - left / tt : Number.NaN,
    residualNm: Math.sqrt(left / (samples.length - (oneSpeed ? 2 : 3))),
  };
}

const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);
