/** The orthosis as rigid bodies: pelvis frame, thigh and shank of each side. Metres; x forward, y up, z to the right. */
import { BoxGeometry, CatmullRomCurve3, CylinderGeometry, Group, Matrix4, Mesh, TubeGeometry, Vector3, type BufferGeometry, type MeshStandardMaterial } from 'three';
import { RoundedBoxGeometry } from 'three/examples/jsm/geometries/RoundedBoxGeometry.js';
import type { Side } from '../../protocols/supervision.ts';
import { at, band, bar, merged, puck, solid, turned } from './geometry-kit.ts';
import { metalMaterial, palette, shellMaterial } from './materials.ts';

export interface BodySize {
  readonly thighM: number;
  readonly shankM: number;
  readonly footM: number;
  readonly hipSpacingM: number;
  readonly offsetM: number;
}

export interface RigidPart {
  readonly group: Group;
  readonly materials: readonly MeshStandardMaterial[];
}

/** +1 right, −1 left. */
export const lateral = (side: Side): number => (side === 'right' ? 1 : -1);

const sideColor = (side: Side): string => (side === 'right' ? palette.right : palette.left);

function rigid(shell: readonly BufferGeometry[], metal: readonly BufferGeometry[]): RigidPart {
  const group = new Group();
  const materials = [shellMaterial(), metalMaterial()] as const;
  group.add(new Mesh(merged(shell), materials[0]), new Mesh(merged(metal), materials[1]));
  return { group, materials };
}

/** The moving face of an actuator: ring in the side's colour, dark cap, bolts that show the turning. */
function outputFace(radius: number, side: Side, z: number): { shell: BufferGeometry[]; metal: BufferGeometry[] } {
  const out = lateral(side);
  const ring = turned([[radius * 0.7, 0.004], [radius * 0.7, 0.008], [radius * 0.86, 0.008], [radius * 0.86, 0]]);
  const bolts = Array.from({ length: 6 }, (_, i) => {
    const angle = (i * Math.PI) / 3 + Math.PI / 6;
    const bolt = new CylinderGeometry(0.0055, 0.0055, 0.008, 6).rotateX(Math.PI / 2);
    return solid(bolt, palette.metal, at(radius * 0.5 * Math.cos(angle), radius * 0.5 * Math.sin(angle), z + out * 0.008));
  });
  const facing = new Matrix4().makeScale(1, 1, 1);
  if (out < 0) facing.makeRotationX(Math.PI);
  return {
    shell: [solid(ring, sideColor(side), at(0, 0, z).multiply(facing)), solid(puck(radius * 0.68, 0.012, 0.003), palette.graphite, at(0, 0, z))],
    metal: [...bolts, solid(puck(radius * 0.2, 0.02, 0.003), palette.metal, at(0, 0, z))],
  };
}

/** The motor housing that stays with the proximal segment. */
const housing = (radius: number, thickness: number, place: Matrix4): BufferGeometry[] => [
  solid(puck(radius, thickness, 0.008), palette.shellDark, place.clone()),
  solid(puck(radius * 1.04, thickness * 0.3, 0.004), palette.metal, place.clone()),
];

/** Left is one solid line, right is dashed: the same code as in the plots, for those who do not see the colours. */
function sideStripe(side: Side, fromY: number, toY: number, z: number): BufferGeometry[] {
  const dashes = side === 'left' ? 1 : 5;
  const length = Math.abs(toY - fromY);
  const dash = side === 'left' ? length : (length / dashes) * 0.6;
  return Array.from({ length: dashes }, (_, i) => {
    const y = fromY - (length / dashes) * (i + 0.5);
    return solid(new BoxGeometry(0.009, dash, 0.003), sideColor(side), at(0, y, z));
  });
}

/** A cuff around the limb: padded shell behind, two straps in front, and the bracket to the bar. */
function cuff(y: number, radius: number, height: number, side: Side, offset: number): { shell: BufferGeometry[]; metal: BufferGeometry[] } {
  const out = lateral(side);
  const back = 0.35 * Math.PI;
  const shell = [
    solid(band(radius, 0.01, height, back, 2 * Math.PI - back), palette.shell, at(0, y, 0)),
    solid(band(radius - 0.006, 0.008, height * 1.08, back - 0.1, 2 * Math.PI - back + 0.1), palette.fabric, at(0, y, 0)),
  ];
  for (const dy of [-0.28, 0.28]) {
    shell.push(solid(band(radius + 0.002, 0.005, height * 0.26, -back - 0.15, back + 0.15), palette.strap, at(0, y + dy * height, 0)));
    shell.push(solid(new RoundedBoxGeometry(0.012, height * 0.3, 0.03, 1, 0.004), palette.shellDark, at(radius + 0.006, y + dy * height, out * 0.02)));
  }
  const reach = offset - radius;
  const metal = [solid(new RoundedBoxGeometry(0.036, height * 0.5, reach + 0.012, 1, 0.006), palette.graphite, at(0, y, out * (radius + reach / 2)))];
  return { shell, metal };
}

/** Origin in the hip joint. */
export function buildThigh(size: BodySize, side: Side): RigidPart {
  const out = lateral(side);
  const z = out * size.offsetM;
  const face = outputFace(0.078, side, z + out * 0.036);
  const upper = cuff(-size.thighM * 0.42, 0.077, 0.13, side, size.offsetM);
  const shell = [
    ...face.shell,
    ...upper.shell,
    solid(bar(size.thighM, 0.088, 0.074, 0.02, { from: 0.13, to: size.thighM * 0.55, width: 0.018 }), palette.shell, at(0, 0, z + out * 0.02)),
    solid(bar(size.thighM * 0.34, 0.05, 0.044, 0.014, null), palette.shellDark, at(0, -size.thighM * 0.6, z + out * 0.033)),
    ...sideStripe(side, -size.thighM * 0.62, -size.thighM * 0.9, z + out * 0.041),
    ...housing(0.068, 0.052, at(0, -size.thighM, z - out * 0.002)),
  ];
  return rigid(shell, [...face.metal, ...upper.metal]);
}

/** Origin in the knee joint; where no drive moves the ankle it carries the foot plate. */
export function buildShank(size: BodySize, side: Side, carriesFoot: boolean): RigidPart {
  const out = lateral(side);
  const z = out * size.offsetM;
  const face = outputFace(0.066, side, z + out * 0.034);
  const calf = cuff(-size.shankM * 0.4, 0.062, 0.12, side, size.offsetM);
  const shell = [
    ...face.shell,
    ...calf.shell,
    solid(bar(size.shankM, 0.074, 0.046, 0.018, { from: 0.11, to: size.shankM * 0.5, width: 0.015 }), palette.shell, at(0, 0, z + out * 0.018)),
    solid(bar(size.shankM * 0.3, 0.042, 0.034, 0.012, null), palette.shellDark, at(0, -size.shankM * 0.56, z + out * 0.03)),
    ...sideStripe(side, -size.shankM * 0.58, -size.shankM * 0.84, z + out * 0.037),
  ];
  const metal = [...face.metal, ...calf.metal];
  if (!carriesFoot) return rigid([...shell, ...housing(0.05, 0.046, at(0, -size.shankM, z - out * 0.002))], metal);
  const plate = footPlate(size, z, -size.shankM);
  return rigid([...shell, ...plate.shell], [...metal, ...plate.metal]);
}

/** Origin in the ankle joint. */
export function buildFootPlate(size: BodySize, side: Side): RigidPart {
  const out = lateral(side);
  const z = out * size.offsetM;
  const face = outputFace(0.05, side, z + out * 0.032);
  const plate = footPlate(size, z, 0);
  return rigid([...face.shell, ...plate.shell], [...face.metal, ...plate.metal]);
}

function footPlate(size: BodySize, z: number, ankleY: number): { shell: BufferGeometry[]; metal: BufferGeometry[] } {
  const stirrupZ = z * 0.86;
  return {
    shell: [
      solid(new RoundedBoxGeometry(size.footM * 0.8, 0.012, 0.095, 1, 0.005), palette.shellDark, at(size.footM * 0.24, ankleY - 0.074, 0)),
      solid(new RoundedBoxGeometry(0.05, 0.012, Math.abs(stirrupZ) + 0.02, 1, 0.005), palette.shellDark, at(0, ankleY - 0.074, stirrupZ / 2)),
    ],
    metal: [solid(puck(0.03, 0.03, 0.004), palette.metal, at(0, ankleY, stirrupZ)), solid(new RoundedBoxGeometry(0.03, 0.08, 0.01, 1, 0.004), palette.metal, at(0, ankleY - 0.036, stirrupZ))],
  };
}

/** Frame behind the pelvis with the hip motors and the electronics; origin between the hip joints. */
export function buildPelvis(size: BodySize): RigidPart {
  const reach = size.hipSpacingM / 2 + size.offsetM;
  const curve = (y: number, back: number): CatmullRomCurve3 =>
    new CatmullRomCurve3([new Vector3(0, y * 0.4, -reach), new Vector3(-back * 0.6, y, -reach * 0.98), new Vector3(-back, y, -reach * 0.62), new Vector3(-back, y, 0), new Vector3(-back, y, reach * 0.62), new Vector3(-back * 0.6, y, reach * 0.98), new Vector3(0, y * 0.4, reach)]);
  const tube = (y: number, back: number, radius: number): BufferGeometry => solid(new TubeGeometry(curve(y, back), 28, radius, 8), palette.shell);
  const hips = ([1, -1] as const).flatMap((out) => housing(0.08, 0.06, at(0, 0, out * (reach - 0.004))));
  const pack = [
    solid(new RoundedBoxGeometry(0.075, 0.21, 0.25, 2, 0.026), palette.shell, at(-0.215, 0.1, 0)),
    solid(new RoundedBoxGeometry(0.02, 0.15, 0.18, 2, 0.009), palette.graphite, at(-0.248, 0.1, 0)),
    solid(new RoundedBoxGeometry(0.05, 0.05, 0.2, 2, 0.018), palette.shellDark, at(-0.185, 0.0, 0)),
  ];
  const mast = [
    solid(new CylinderGeometry(0.013, 0.016, 0.75, 8), palette.metal, at(-0.255, 0.52, 0.07)),
    solid(new CylinderGeometry(0.013, 0.016, 0.75, 8), palette.metal, at(-0.255, 0.52, -0.07)),
  ];
  return rigid([tube(0.075, 0.2, 0.02), tube(0.0, 0.175, 0.014), ...hips, ...pack], mast);
}
