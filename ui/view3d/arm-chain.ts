/** The joints of an arm as nested frames: x forward, y up, z to the right, as everything on the screen. */
import { Group, Vector3 } from 'three';
import { armAxis, type ArmLengths, type Vector } from '../../protocols/arm-kinematics.ts';
import { armKinds } from '../../protocols/arm-profile.ts';
import type { Side } from '../../protocols/supervision.ts';

export interface ArmChain {
  /** At the shoulder. */
  readonly root: Group;
  /** What turns with each joint, in the order of `armKinds`; joints that a robot does not have stay straight. */
  readonly frames: readonly Group[];
  setJoint(index: number, angleRad: number): void;
}

/** From forward, left, up. */
const onScreen = ([forward, left, up]: Vector): Vector3 => new Vector3(forward, up, -left);

export function createArmChain({ upperArmM, forearmM }: ArmLengths, side: Side): ArmChain {
  const root = new Group();
  let before = root;
  const frames = armKinds.map((kind) => {
    const frame = new Group();
    frame.position.y = kind === 'elbow' ? -upperArmM : kind === 'wrist' ? -forearmM : 0;
    before.add(frame);
    before = frame;
    return frame;
  });
  const axes = armKinds.map((kind) => onScreen(armAxis(kind, side)));
  return {
    root,
    frames,
    setJoint(index, angleRad) {
      const axis = axes[index];
      if (axis !== undefined) frames[index]?.quaternion.setFromAxisAngle(axis, angleRad);
    },
  };
}
