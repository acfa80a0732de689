/** A robot with footplates: who sits on its saddle, a plate on its rails under each foot, and a ghost leg of where it should be. */
import { BoxGeometry, CylinderGeometry, Group, Mesh, type BufferGeometry, type MeshStandardMaterial } from 'three';
import { legOnPlate, travelM, type LegPose, type PlatePose } from '../../protocols/footplate-kinematics.ts';
import { plateKinds, type PlateKind } from '../../protocols/footplate-profile.ts';
import type { FootplateProfile } from '../../protocols/profile.ts';
import { sides, type Side } from '../../protocols/supervision.ts';
import { lateral, type BodySize } from './exoskeleton.ts';
import { LEGS_PICTURE, type RobotFigure } from './figure.ts';
import { at, merged, solid } from './geometry-kit.ts';
import { createGhostLeg } from './ghost.ts';
import { metalMaterial, palette, setStale, shellMaterial } from './materials.ts';
import { buildFoot, buildShankLimb, buildThighLimb, buildTrunk } from './patient.ts';

/** Own values, m. */
const SOLE_M = 0.067;
const PLATE_M = { length: 0.34, width: 0.13, thick: 0.025 } as const;
const RAIL_M = { height: 0.05, width: 0.05 } as const;
const SADDLE_M = { length: 0.26, radius: 0.055, post: 0.6 } as const;
/** Beside the foot. */
const LIFT_BESIDE_M = 0.12;

interface PlateFigure {
  readonly carriage: Group;
  readonly lift: Group;
  readonly plate: Group;
  readonly materials: readonly MeshStandardMaterial[];
  readonly hip: Group;
  readonly knee: Group;
  readonly ankle: Group;
  readonly ghost: ReturnType<typeof createGhostLeg>;
  readonly anchors: Readonly<Record<PlateKind, Group>>;
  readonly pose: PlatePose;
  readonly ghostPose: PlatePose;
  readonly leg: LegPose;
}

const box = (x: number, y: number, z: number, color: string, place = at(0, 0, 0)): BufferGeometry => solid(new BoxGeometry(x, y, z), color, place);

const emptyPose = (): PlatePose => ({ forwardM: 0, upM: 0, pitchRad: 0 });

function buildPlate(side: Side, ankleM: number, railM: number): Pick<PlateFigure, 'carriage' | 'lift' | 'plate' | 'materials'> & { readonly rail: Mesh } {
  const out = lateral(side);
  const color = side === 'right' ? palette.right : palette.left;
  const materials = [shellMaterial(), metalMaterial(), shellMaterial()] as const;
  const rail = new Mesh(box(2 * railM, RAIL_M.height, RAIL_M.width, palette.graphite, at(0, -ankleM + RAIL_M.height / 2, out * LIFT_BESIDE_M)), metalMaterial());
  const [carriage, lift, plate] = [new Group(), new Group(), new Group()];
  carriage.add(new Mesh(merged([box(0.14, 0.1, 0.09, palette.shellDark, at(0, -ankleM + 0.1, out * LIFT_BESIDE_M)), box(0.035, ankleM + 0.12, 0.03, palette.metal, at(-0.03, (0.12 - ankleM) / 2 + 0.05, out * LIFT_BESIDE_M))]), materials[1]));
  lift.add(new Mesh(merged([box(0.09, 0.12, 0.05, palette.shell, at(-0.01, -0.02, out * LIFT_BESIDE_M)), solid(new CylinderGeometry(0.03, 0.03, 0.03, 20).rotateX(Math.PI / 2), color, at(0, 0, out * (LIFT_BESIDE_M - 0.035)))]), materials[0]));
  plate.add(new Mesh(merged([box(PLATE_M.length, PLATE_M.thick, PLATE_M.width, palette.shellDark, at(0.05, -SOLE_M - PLATE_M.thick / 2, 0)), box(0.05, SOLE_M + PLATE_M.thick, 0.02, palette.shell, at(0, -SOLE_M / 2 - 0.01, out * (PLATE_M.width / 2))), box(0.03, 0.05, PLATE_M.width * 0.8, color, at(-0.11, -SOLE_M + 0.02, 0))]), materials[2]));
  lift.add(plate);
  carriage.add(lift);
  return { carriage, lift, plate, materials, rail };
}

function createPlate(side: Side, size: BodySize, ankleM: number, hipM: number, railM: number, root: Group): PlateFigure {
  const z = (lateral(side) * size.hipSpacingM) / 2;
  const { rail, ...parts } = buildPlate(side, ankleM, railM);
  const [hip, knee, ankle] = [new Group(), new Group(), new Group()];
  const ghost = createGhostLeg(size);
  hip.position.set(0, hipM, z);
  ghost.hip.position.set(0, hipM, z);
  knee.position.y = -size.thighM;
  ankle.position.y = -size.shankM;
  hip.add(buildThighLimb(size).mesh, knee);
  knee.add(buildShankLimb(size).mesh, ankle);
  ankle.add(buildFoot(size, 0).mesh);
  ghost.show(null);
  rail.position.z = parts.carriage.position.z = z;
  const anchors = { foreAft: new Group(), vertical: new Group(), pitch: new Group() };
  plateKinds.forEach((kind, i) => {
    anchors[kind].position.set(0, 0.14 - 0.07 * i, lateral(side) * (LIFT_BESIDE_M + 0.06));
    parts.lift.add(anchors[kind]);
  });
  root.add(rail, parts.carriage, hip, ghost.hip);
  return { ...parts, hip, knee, ankle, ghost, anchors, pose: emptyPose(), ghostPose: emptyPose(), leg: { hipRad: 0, kneeRad: 0, ankleRad: 0 } };
}

function buildSaddle(): Mesh {
  const seat = new CylinderGeometry(SADDLE_M.radius, SADDLE_M.radius, SADDLE_M.length, 20).rotateZ(Math.PI / 2);
  return new Mesh(merged([solid(seat, palette.fabric, at(-0.04, -0.13, 0)), box(0.05, SADDLE_M.post, 0.05, palette.metal, at(-0.2, -0.13 - SADDLE_M.post / 2, 0)), box(0.2, 0.04, 0.05, palette.metal, at(-0.12, -0.17, 0))]), shellMaterial());
}

function place(pose: PlatePose, kind: PlateKind, value: number): void {
  if (kind === 'foreAft') pose.forwardM = value;
  else if (kind === 'vertical') pose.upM = value;
  else pose.pitchRad = value;
}

export function createPlateFigure(profile: FootplateProfile, bodyHeightM: number): RobotFigure {
  const { geometry, joints } = profile;
  const size: BodySize = { thighM: geometry.thighFraction * bodyHeightM, shankM: geometry.shankFraction * bodyHeightM, footM: geometry.footLengthFraction * bodyHeightM, hipSpacingM: geometry.hipSpacingM, offsetM: 0 };
  const ankleM = geometry.plateHeightM + SOLE_M;
  // Nobody measures where the saddle is: it is shown where he is seated.
  const hipM = geometry.saddleFraction * (size.thighM + size.shankM);
  const railM = Math.max(...joints.map((joint) => (joint.kind === 'foreAft' ? travelM(joint, (joint.mechanicalStopDeg.max * Math.PI) / 180) : 0)));
  const root = new Group();
  root.position.y = ankleM;
  const plates = { left: createPlate('left', size, ankleM, hipM, railM, root), right: createPlate('right', size, ankleM, hipM, railM, root) };
  const trunk = buildTrunk(size).mesh;
  const saddle = buildSaddle();
  trunk.position.y = saddle.position.y = hipM;
  root.add(trunk, saddle);
  const move = ({ carriage, lift, plate, hip, knee, ankle, pose, leg }: PlateFigure): void => {
    carriage.position.x = pose.forwardM;
    lift.position.y = pose.upM;
    plate.rotation.z = pose.pitchRad;
    legOnPlate(size, hipM, pose, leg);
    hip.rotation.z = leg.hipRad;
    knee.rotation.z = -leg.kneeRad;
    ankle.rotation.z = leg.ankleRad;
  };
  for (const side of sides) move(plates[side]);
  return {
    root,
    stanceM: geometry.hipSpacingM,
    picture: LEGS_PICTURE,
    setJoint(index, { positionRad, stale }) {
      const joint = joints[index];
      if (joint === undefined) return;
      const plate = plates[joint.side];
      const material = plate.materials[joint.kind === 'foreAft' ? 1 : joint.kind === 'vertical' ? 0 : 2];
      if (material !== undefined) setStale(material, stale);
      if (positionRad === null) return;
      place(plate.pose, joint.kind, travelM(joint, positionRad));
      move(plate);
    },
    setFrame: () => {},
    setRange: () => {},
    setReference(positionsRad) {
      joints.forEach((joint, j) => place(plates[joint.side].ghostPose, joint.kind, travelM(joint, positionsRad?.[j] ?? Number.NaN)));
      const changes = sides.map((side) => {
        const { ghost, ghostPose } = plates[side];
        return ghost.show(positionsRad === null ? null : legOnPlate(size, hipM, ghostPose, { hipRad: 0, kneeRad: 0, ankleRad: 0 }));
      });
      return changes.includes(true);
    },
    lookFrom: () => {},
    anchor(index) {
      const joint = joints[index];
      return joint === undefined ? undefined : plates[joint.side].anchors[joint.kind];
    },
    feet: () => null,
  };
}
