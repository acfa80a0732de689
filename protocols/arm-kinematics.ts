/**
 * How the joints of an arm stand to each other, shared by controller, simulator and screen. x forward, y left, z up. With all
 * angles at 0 the arm hangs straight down, palm to the back, thumb to the body. `shoulderHorizontal` turns the plane of lifting
 * from forward (0) away from the body; `shoulderElevation` lifts the upper arm in that plane; `shoulderRotation` turns the bent
 * forearm from across the body (0) outward; the elbow bends; `forearm` turns the palm to where the elbow bends; the wrist bends
 * the hand to the palm.
 */
import { armKinds, type ArmKind } from './arm-profile.ts';
import { cos, sin } from './math.ts';
import type { Side } from './supervision.ts';

export type Vector = readonly [number, number, number];

/** Axis of a joint in the frame of what it turns, right-handed. */
export function armAxis(kind: ArmKind, side: Side): Vector {
  const out = side === 'left' ? 1 : -1;
  switch (kind) {
    case 'shoulderElevation':
      return [0, -1, 0];
    case 'elbow':
      return [-out, 0, 0];
    case 'wrist':
      return [0, 1, 0];
    case 'shoulderHorizontal':
    case 'shoulderRotation':
    case 'forearm':
    default:
      return [0, 0, out];
  }
}

export interface ArmLengths {
  readonly upperArmM: number;
  readonly forearmM: number;
  readonly handM: number;
}

/** Of a person of this height (Winter's fractions, from the profile). */
export const armLengths = ({ upperArmFraction, forearmFraction, handFraction }: { readonly upperArmFraction: number; readonly forearmFraction: number; readonly handFraction: number }, heightM: number): ArmLengths => ({
  upperArmM: upperArmFraction * heightM,
  forearmM: forearmFraction * heightM,
  handM: handFraction * heightM,
});

export interface ArmPoints {
  readonly elbowM: Float64Array;
  readonly wristM: Float64Array;
  readonly tipM: Float64Array;
}

export const noArmPoints = (): ArmPoints => ({ elbowM: new Float64Array(3), wristM: new Float64Array(3), tipM: new Float64Array(3) });

/** The new vector after a turn about an axis of the frame itself (one of its numbers is ±1). */
function turned([x, y, z]: Vector, [ax, ay, az]: Vector, angleRad: number): Vector {
  const [c, s] = [cos(angleRad), sin(angleRad)];
  if (ax !== 0) return [x, c * y - ax * s * z, ax * s * y + c * z];
  if (ay !== 0) return [c * x + ay * s * z, y, -ay * s * x + c * z];
  return [c * x - az * s * y, az * s * x + c * y, z];
}

/** Elbow, wrist and tip of the hand from the shoulder. @param anglesRad in the order of `armKinds`; joints that a robot does not have are straight */
export function armPoints({ upperArmM, forearmM, handM }: ArmLengths, side: Side, anglesRad: ArrayLike<number>, out: ArmPoints): ArmPoints {
  const placed = (along: Vector, joints: number): Vector => {
    let vector = along;
    for (let j = joints - 1; j >= 0; j--) vector = turned(vector, armAxis(armKinds[j] ?? 'wrist', side), anglesRad[j] ?? 0);
    return vector;
  };
  out.elbowM.set(placed([0, 0, -upperArmM], 3));
  const [forearm, hand] = [placed([0, 0, -forearmM], 5), placed([0, 0, -handM], 6)];
  for (let i = 0; i < 3; i++) {
    out.wristM[i] = (out.elbowM[i] ?? 0) + (forearm[i] ?? 0);
    out.tipM[i] = (out.wristM[i] ?? 0) + (hand[i] ?? 0);
  }
  return out;
}
