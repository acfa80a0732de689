/** A robot for an arm or for both: who sits in it, the arms inside the device, and a ghost of where they should be. */
import { CapsuleGeometry, Group, Mesh, MeshBasicMaterial, SphereGeometry, Vector3, type BufferGeometry, type MeshStandardMaterial } from 'three';
import { armLengths, type ArmLengths } from '../../protocols/arm-kinematics.ts';
import { armsOf, type OneArm } from '../../protocols/arm-profile.ts';
import { armJointsOf, type ArmProfile } from '../../protocols/profile.ts';
import { createArmChain, type ArmChain } from './arm-chain.ts';
import { lateral } from './exoskeleton.ts';
import type { RobotFigure } from './figure.ts';
import { at, merged, puck, solid } from './geometry-kit.ts';
import { palette, setStale, shellMaterial } from './materials.ts';

/** Below this no pixel changes. */
const SEEN_RAD = 0.0008;
/** The same of a lift. */
const SEEN_M = 0.001;
/** Radii of limb and device, and how far the device lies beside the limb, m; own values. */
const LIMB_M = { upperArm: 0.048, forearm: 0.038, hand: 0.03 } as const;
const BAR_M = 0.022;
const BESIDE_M = 0.085;
const TORSO_M = { radius: 0.15, length: 0.34, head: 0.1 } as const;
/** The joint after which each part hangs. */
const PART_JOINTS = { upperArm: 2, forearm: 4, hand: 5 } as const;
type Part = keyof typeof PART_JOINTS;
const parts = Object.keys(PART_JOINTS) as Part[];

const lengthOf = (part: Part, { upperArmM, forearmM, handM }: ArmLengths): number => (part === 'upperArm' ? upperArmM : part === 'forearm' ? forearmM : handM);

/** Hangs down from the joint above. */
function rod(lengthM: number, radiusM: number, color: string, besideM = 0): BufferGeometry {
  return solid(new CapsuleGeometry(radiusM, Math.max(0.01, lengthM - 2 * radiusM), 6, 14), color, at(0, -lengthM / 2, besideM));
}

function glass(geometry: BufferGeometry, color: string, opacity: number): Mesh {
  return new Mesh(geometry, new MeshBasicMaterial({ color, transparent: true, opacity, depthWrite: false }));
}

function buildDevice(part: Part, lengthM: number, out: number, color: string): { mesh: Mesh; material: MeshStandardMaterial } {
  const hub = puck(BAR_M * 2, BAR_M * 2, 0.006);
  hub.rotateX(Math.PI / 2);
  const cuff = solid(new CapsuleGeometry(LIMB_M[part] * 1.25, 0.03, 4, 16), palette.shellDark, at(0, -0.6 * lengthM, 0));
  const material = shellMaterial();
  const mesh = new Mesh(merged([rod(lengthM, BAR_M, palette.shell, out * BESIDE_M), solid(hub, color, at(0, 0, out * BESIDE_M)), cuff]), material);
  return { mesh, material };
}

function buildTorso(spacingM: number): Group {
  const torso = new Group();
  const trunk = glass(new CapsuleGeometry(TORSO_M.radius, TORSO_M.length, 6, 18), palette.metal, 0.28);
  trunk.position.y = -TORSO_M.length / 2 - 0.06;
  const head = glass(new SphereGeometry(TORSO_M.head, 20, 14), palette.metal, 0.28);
  head.position.y = 0.24;
  const shoulders = glass(new CapsuleGeometry(0.05, spacingM, 4, 12), palette.metal, 0.2);
  shoulders.rotation.x = Math.PI / 2;
  torso.add(trunk, head, shoulders);
  return torso;
}

/** One arm in its device, and its ghost; what follows is in the order of its own joints. */
interface ArmView {
  readonly arm: ArmChain;
  readonly ghost: ArmChain;
  readonly anchors: readonly Group[];
  setStale(place: number, stale: boolean): void;
}

function createArmView({ side, kinds }: OneArm, lengths: ArmLengths, spacingM: number): ArmView {
  const out = lateral(side);
  const [arm, ghost] = [createArmChain(lengths, side), createArmChain(lengths, side)];
  const materials = parts.map((part) => {
    const lengthM = lengthOf(part, lengths);
    const device = buildDevice(part, lengthM, out, side === 'right' ? palette.right : palette.left);
    arm.frames[PART_JOINTS[part]]?.add(device.mesh, glass(rod(lengthM, LIMB_M[part], palette.shell), palette.metal, 0.4));
    ghost.frames[PART_JOINTS[part]]?.add(glass(rod(lengthM, BAR_M * 0.6, palette.ghost, out * BESIDE_M), palette.ghost, 0.5));
    return device.material;
  });
  for (const chain of [arm, ghost]) chain.root.position.z = (out * spacingM) / 2;
  const anchors = kinds.map((_, j) => {
    const anchor = new Group();
    // The shoulder's three joints turn about one point: their angles are written below each other.
    anchor.position.copy(new Vector3(0, j < 3 ? 0.16 - 0.07 * j : j === 4 ? -lengths.forearmM / 2 : 0, out * (BESIDE_M + 0.04)));
    (j < 3 ? arm.root : (arm.frames[j] ?? arm.root)).add(anchor);
    return anchor;
  });
  return {
    arm,
    ghost,
    anchors,
    setStale(place, stale) {
      parts.forEach((part, p) => {
        const material = materials[p];
        // A part without a joint of its own shows what is known of the last one before it.
        if (material !== undefined && Math.min(PART_JOINTS[part], kinds.length - 1) === place) setStale(material, stale);
      });
    },
  };
}

export function createArmFigure(profile: ArmProfile, bodyHeightM: number): RobotFigure {
  const lengths = armLengths(profile.geometry, bodyHeightM);
  const { shoulderHeightM, shoulderSpacingM } = profile.geometry;
  const root = new Group();
  const ghosts = new Group();
  root.position.y = shoulderHeightM;
  root.add(buildTorso(shoulderSpacingM), ghosts);
  ghosts.visible = false;
  const joints: { readonly view: ArmView; readonly place: number }[] = [];
  for (const arm of armsOf(armJointsOf(profile))) {
    const view = createArmView(arm, lengths, shoulderSpacingM);
    root.add(view.arm.root);
    ghosts.add(view.ghost.root);
    arm.places.forEach((index, place) => (joints[index] = { view, place }));
  }
  const driven = profile.joints.length;
  const shownRad = new Float64Array(driven).fill(Number.NaN);
  return {
    root,
    stanceM: shoulderSpacingM,
    // From head to hip, and as far as the hands reach.
    picture: { forwardM: 0.2, aboveM: shoulderHeightM - 0.1, heightM: 1.2, widthM: 1.4 },
    setJoint(index, { positionRad, stale }) {
      const joint = joints[index];
      if (positionRad !== null) joint?.view.arm.setJoint(joint.place, positionRad);
      // Nothing says where a joint should be that is only measured: its ghost goes with it.
      if (positionRad !== null && index >= driven) joint?.view.ghost.setJoint(joint.place, positionRad);
      joint?.view.setStale(joint.place, stale);
    },
    setFrame: () => {},
    setLift(heightM) {
      if (!(Math.abs(heightM - root.position.y) >= SEEN_M)) return false;
      root.position.y = heightM;
      return true;
    },
    setRange: () => {},
    setReference(positionsRad) {
      const known = positionsRad !== null && profile.joints.every((_, j) => Number.isFinite(positionsRad[j] ?? Number.NaN));
      let changed = ghosts.visible !== known;
      ghosts.visible = known;
      if (!known) return changed;
      for (let j = 0; j < shownRad.length; j++) {
        const rad = positionsRad[j] ?? 0;
        if (Math.abs(rad - (shownRad[j] ?? Number.NaN)) < SEEN_RAD) continue;
        shownRad[j] = rad;
        const joint = joints[j];
        joint?.view.ghost.setJoint(joint.place, rad);
        changed = true;
      }
      return changed;
    },
    lookFrom: () => {},
    anchor: (index) => {
      const joint = joints[index];
      return joint?.view.anchors[joint.place];
    },
    feet: () => null,
  };
}
