/** One leg of the scene: orthosis, limb, ghost, range arcs and torque arrows, moved by the angles of its joints. */
import { Group, type Object3D, type Vector3 } from 'three';
import { emptyLegPoints, legPoints } from '../../protocols/kinematics.ts';
import { legKinds, type LegJoint, type RangeRad, type GaitProfile } from '../../protocols/profile.ts';
import type { Side } from '../../protocols/supervision.ts';
import { buildFootPlate, buildShank, buildThigh, lateral, type BodySize, type RigidPart } from './exoskeleton.ts';
import type { JointLook } from './figure.ts';
import { createGhostLeg, type GhostPose } from './ghost.ts';
import { setStale } from './materials.ts';
import { buildFoot, buildShankLimb, buildThighLimb, type Limb } from './patient.ts';
import { createRangeArc, type RangeArc } from './range-arc.ts';
import { createTorqueArrow, type TorqueArrow } from './torque-arrow.ts';

/** The arrow is full at this share of the torque limit: guided walking uses little of it. */
const FULL_ARROW_SHARE = 0.35;

type Kind = LegJoint['kind'];

export interface Leg {
  readonly root: Group;
  setJoint(kind: Kind, look: JointLook): void;
  setRange(kind: Kind, permitted: RangeRad): void;
  /** @returns whether anything changed that can be seen */
  setGhost(pose: GhostPose | null): boolean;
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

function createMarks(joint: LegJoint | undefined, parent: Group, z: number, arcRadius: number, turn: 1 | -1): Marks | null {
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

type Parts = Readonly<Record<Kind, { readonly rigid: RigidPart | null; readonly limbs: readonly Limb[] }>>;

/** What turns with each joint. */
const buildParts = (size: BodySize, side: Side, movesFoot: boolean): Parts => ({
  hip: { rigid: buildThigh(size, side), limbs: [buildThighLimb(size)] },
  knee: { rigid: buildShank(size, side, !movesFoot), limbs: [buildShankLimb(size)] },
  ankle: { rigid: movesFoot ? buildFootPlate(size, side) : null, limbs: [buildFoot(size, 0)] },
});

/** One frame per joint, each in the one above. */
function hang(parts: Parts, size: BodySize): Readonly<Record<Kind, Group>> {
  const groups = { hip: new Group(), knee: new Group(), ankle: new Group() };
  groups.knee.position.y = -size.thighM;
  groups.ankle.position.y = -size.shankM;
  groups.hip.add(groups.knee);
  groups.knee.add(groups.ankle);
  for (const kind of legKinds) {
    const { rigid, limbs } = parts[kind];
    groups[kind].add(...(rigid === null ? [] : [rigid.group]), ...limbs.map((limb) => limb.mesh));
  }
  return groups;
}

export function createLeg(profile: GaitProfile, size: BodySize, side: Side): Leg {
  const out = lateral(side);
  const root = new Group();
  root.position.z = (out * size.hipSpacingM) / 2;
  const jointOf = (kind: Kind): LegJoint | undefined => profile.joints.find((joint) => joint.kind === kind && joint.side === side);
  const movesFoot = jointOf('ankle') !== undefined;
  const parts = buildParts(size, side, movesFoot);
  const groups = hang(parts, size);
  const { hip, knee } = groups;
  const ghost = createGhostLeg(size);
  // In the plane of the orthosis, so that from the side any gap between the two is tracking error.
  ghost.hip.position.z = out * (size.offsetM + 0.05);
  ghost.show(null);
  const kneeMarks = new Group();
  kneeMarks.position.y = -size.thighM;
  hip.add(kneeMarks);
  const footMarks = new Group();
  footMarks.position.y = -size.shankM;
  knee.add(footMarks);
  const marksZ = out * (size.offsetM + 0.062);
  const marks: Record<Kind, Marks | null> = {
    hip: createMarks(jointOf('hip'), root, marksZ, 0.185, 1),
    knee: createMarks(jointOf('knee'), kneeMarks, marksZ, 0.155, -1),
    ankle: createMarks(jointOf('ankle'), footMarks, marksZ, 0.12, 1),
  };
  root.add(hip, ghost.hip);
  const ankle = emptyLegPoints();
  return {
    root,
    setJoint(kind, look) {
      if (look.positionRad !== null) groups[kind].rotation.z = kind === 'knee' ? -look.positionRad : look.positionRad;
      for (const material of parts[kind].rigid?.materials ?? []) setStale(material, look.stale);
      for (const limb of [...parts[kind].limbs, ...(kind === 'knee' && !movesFoot ? parts.ankle.limbs : [])]) setStrength(limb, look.stale ? 0.4 : 1);
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
      for (const mark of Object.values(marks)) {
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
