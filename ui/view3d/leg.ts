/** One leg of the scene: orthosis, limb, ghost, range arcs and torque arrows, moved by two angles. */
import { Group, type Object3D, type Vector3 } from 'three';
import { emptyLegPoints, legPoints } from '../../protocols/kinematics.ts';
import type { JointProfile, RangeRad, RobotProfile } from '../../protocols/profile.ts';
import type { Side } from '../../protocols/supervision.ts';
import { buildShank, buildThigh, lateral, type BodySize, type RigidPart } from './exoskeleton.ts';
import { createGhostLeg } from './ghost.ts';
import { setStale } from './materials.ts';
import { buildFoot, buildShankLimb, buildThighLimb, type Limb } from './patient.ts';
import { createRangeArc, type RangeArc } from './range-arc.ts';
import { createTorqueArrow, type TorqueArrow } from './torque-arrow.ts';

/** The arrow is full at this share of the torque limit: guided walking uses little of it. */
const FULL_ARROW_SHARE = 0.35;

type Kind = JointProfile['kind'];

export interface JointLook {
  /** null: keep the last one. */
  readonly positionRad: number | null;
  readonly torqueNm: number;
  readonly stale: boolean;
}

export interface Leg {
  readonly root: Group;
  setJoint(kind: Kind, look: JointLook): void;
  setRange(kind: Kind, permitted: RangeRad): void;
  /** @returns whether anything changed that can be seen */
  setGhost(pose: { readonly hipRad: number; readonly kneeRad: number } | null): boolean;
  /** Marks face sideways: shown for the near leg only, and not when looked at from the front. */
  lookFrom(camera: Vector3): void;
  anchor(kind: Kind): Object3D;
  /** Where the ankle is: forward of the hip, and how far above its lowest place. */
  footPlace(): { x: number; y: number };
}

interface Marks {
  readonly arc: RangeArc;
  readonly arrow: TorqueArrow;
  readonly anchor: Group;
  stale: boolean;
}

function createMarks(joint: JointProfile | undefined, parent: Group, z: number, arcRadius: number, turn: 1 | -1): Marks | null {
  if (joint === undefined) return null;
  const arc = createRangeArc(joint, arcRadius, turn);
  const arrow = createTorqueArrow(arcRadius * 0.66, joint.torqueLimitNm * FULL_ARROW_SHARE, turn);
  const anchor = new Group();
  for (const group of [arc.group, arrow.group, anchor]) {
    group.position.z = z;
    parent.add(group);
  }
  return { arc, arrow, anchor, stale: false };
}

export function createLeg(profile: RobotProfile, size: BodySize, side: Side): Leg {
  const out = lateral(side);
  const root = new Group();
  root.position.z = (out * size.hipSpacingM) / 2;
  const hip = new Group();
  const knee = new Group();
  knee.position.y = -size.thighM;
  const parts: Record<Kind, { readonly rigid: RigidPart; readonly limbs: readonly Limb[] }> = {
    hip: { rigid: buildThigh(size, side), limbs: [buildThighLimb(size)] },
    knee: { rigid: buildShank(size, side), limbs: [buildShankLimb(size), buildFoot(size)] },
  };
  hip.add(parts.hip.rigid.group, ...parts.hip.limbs.map((limb) => limb.mesh), knee);
  knee.add(parts.knee.rigid.group, ...parts.knee.limbs.map((limb) => limb.mesh));
  const ghost = createGhostLeg(size);
  // In the plane of the orthosis, so that from the side any gap between the two is tracking error.
  ghost.hip.position.z = out * (size.offsetM + 0.05);
  ghost.show(null);
  const jointOf = (kind: Kind): JointProfile | undefined => profile.joints.find((joint) => joint.kind === kind && joint.side === side);
  const kneeMarks = new Group();
  kneeMarks.position.y = -size.thighM;
  hip.add(kneeMarks);
  const marksZ = out * (size.offsetM + 0.062);
  const marks: Record<Kind, Marks | null> = {
    hip: createMarks(jointOf('hip'), root, marksZ, 0.185, 1),
    knee: createMarks(jointOf('knee'), kneeMarks, marksZ, 0.155, -1),
  };
  root.add(hip, ghost.hip);
  const ankle = emptyLegPoints();
  return {
    root,
    setJoint(kind, look) {
      const group = kind === 'hip' ? hip : knee;
      if (look.positionRad !== null) group.rotation.z = kind === 'hip' ? look.positionRad : -look.positionRad;
      for (const material of parts[kind].rigid.materials) setStale(material, look.stale);
      for (const limb of parts[kind].limbs) setStrength(limb, look.stale ? 0.4 : 1);
      const mark = marks[kind];
      if (mark === null) return;
      mark.stale = look.stale;
      if (look.positionRad !== null) mark.arc.setAngle(look.positionRad);
      mark.arrow.setTorque(look.stale ? Number.NaN : look.torqueNm);
    },
    setRange: (kind, permitted) => marks[kind]?.arc.setRange(permitted),
    setGhost: (pose) => ghost.show(pose),
    lookFrom(camera) {
      const sideways = (camera.z * out) / Math.max(0.001, camera.length());
      const opacity = sideways > 0.35 ? 0.92 : 0;
      for (const mark of [marks.hip, marks.knee]) {
        mark?.arc.setLook(opacity, mark.stale);
        mark?.arrow.setOpacity(opacity);
      }
    },
    anchor: (kind) => marks[kind]?.anchor ?? root,
    footPlace() {
      legPoints(size, hip.rotation.z, -knee.rotation.z, ankle);
      return { x: ankle.ankleXM, y: ankle.ankleZM + size.thighM + size.shankM };
    },
  };
}

function setStrength(limb: Limb, strength: number): void {
  const uniform = limb.material.uniforms['strength'];
  if (uniform !== undefined) uniform.value = strength;
}
