/** The patient's legs, trunk and harness. Shapes follow body height; proportions after Winter (2009). */
import { CatmullRomCurve3, ExtrudeGeometry, Group, Mesh, Shape, TubeGeometry, Vector3, BufferAttribute, type BufferGeometry, type ShaderMaterial } from 'three';
import type { BodySize } from './exoskeleton.ts';
import { loft, merged, smoothRings, solid, type LoftRing } from './geometry-kit.ts';
import { limbMaterial, palette, shellMaterial } from './materials.ts';

export interface Limb {
  readonly mesh: Mesh;
  readonly material: ShaderMaterial;
}

const SKIN = '#9db6c9';
/** Limbs are drawn after all solids, the far ones first. */
const LIMB_ORDER = 2;

function limb(geometry: BufferGeometry): Limb {
  const material = limbMaterial(SKIN);
  const mesh = new Mesh(geometry, material);
  mesh.renderOrder = LIMB_ORDER;
  return { mesh, material };
}

const scaled = (rings: readonly LoftRing[], length: number, girth: number): LoftRing[] =>
  rings.map((ring) => ({ ...ring, y: -ring.y * length, rx: ring.rx * girth, rz: ring.rz * girth, x: (ring.x ?? 0) * girth }));

/** Origin in the hip; `y` is the fraction of the thigh's length. */
export function buildThighLimb(size: BodySize): Limb {
  const girth = size.thighM / 0.441;
  const rings: LoftRing[] = [
    { y: -0.2, rx: 0.02, rz: 0.02, fade: 0 },
    { y: -0.12, rx: 0.07, rz: 0.066, fade: 0.25 },
    { y: 0.05, rx: 0.088, rz: 0.08, x: -0.004 },
    { y: 0.3, rx: 0.08, rz: 0.073, x: 0.006 },
    { y: 0.62, rx: 0.066, rz: 0.06, x: 0.008 },
    { y: 0.86, rx: 0.054, rz: 0.051, x: 0.004 },
    { y: 0.98, rx: 0.054, rz: 0.05, x: 0.004 },
    { y: 1.06, rx: 0.044, rz: 0.042, x: 0.002 },
    { y: 1.1, rx: 0.002, rz: 0.002 },
  ];
  return limb(loft(smoothRings(scaled(rings, size.thighM, girth))));
}

/** Origin in the knee. */
export function buildShankLimb(size: BodySize): Limb {
  const girth = size.shankM / 0.443;
  const rings: LoftRing[] = [
    { y: -0.09, rx: 0.002, rz: 0.002 },
    { y: -0.05, rx: 0.043, rz: 0.042, x: 0.002 },
    { y: 0.06, rx: 0.05, rz: 0.047 },
    { y: 0.26, rx: 0.056, rz: 0.051, x: -0.014 },
    { y: 0.45, rx: 0.051, rz: 0.046, x: -0.012 },
    { y: 0.72, rx: 0.036, rz: 0.034, x: -0.004 },
    { y: 0.92, rx: 0.032, rz: 0.032 },
    { y: 1.04, rx: 0.034, rz: 0.031 },
    { y: 1.1, rx: 0.003, rz: 0.003 },
  ];
  return limb(loft(smoothRings(scaled(rings, size.shankM, girth))));
}

/** A shoe under the ankle. @param ankleY of the ankle in the frame that the shoe is put into */
export function buildFoot(size: BodySize, ankleY: number): Limb {
  const k = size.footM / 0.274;
  const outline = new Shape();
  outline.moveTo(-0.062 * k, -0.062);
  outline.bezierCurveTo(-0.08 * k, -0.01, -0.056 * k, 0.012, -0.03 * k, 0.022);
  outline.bezierCurveTo(0.005, 0.03, 0.03 * k, 0.02, 0.05 * k, -0.002);
  outline.bezierCurveTo(0.09 * k, -0.022, 0.15 * k, -0.02, 0.19 * k, -0.042);
  outline.bezierCurveTo(0.208 * k, -0.052, 0.205 * k, -0.066, 0.19 * k, -0.067);
  outline.lineTo(-0.05 * k, -0.067);
  outline.closePath();
  const foot = new ExtrudeGeometry(outline, { depth: 0.036, bevelEnabled: true, bevelThickness: 0.022, bevelSize: 0.012, bevelOffset: -0.01, bevelSegments: 3, curveSegments: 6 })
    .translate(0, ankleY, -0.018);
  foot.deleteAttribute('uv');
  const count = foot.getAttribute('position').count;
  foot.setAttribute('fade', new BufferAttribute(new Float32Array(count).fill(1), 1));
  return limb(foot);
}

/** Trunk up to the shoulders, fading out: the legs are the subject. Origin between the hips. */
export function buildTrunk(size: BodySize): Limb {
  const k = size.thighM / 0.441;
  const rings: LoftRing[] = [
    { y: -0.09, rx: 0.02, rz: 0.03, fade: 0.1 },
    { y: -0.05, rx: 0.085, rz: 0.12, fade: 0.5 },
    { y: 0.03, rx: 0.115, rz: 0.168, x: -0.01 },
    { y: 0.12, rx: 0.108, rz: 0.158, x: -0.005 },
    { y: 0.24, rx: 0.098, rz: 0.138, fade: 0.9 },
    { y: 0.36, rx: 0.112, rz: 0.158, x: 0.006, fade: 0.6 },
    { y: 0.46, rx: 0.116, rz: 0.17, x: 0.004, fade: 0.28 },
    { y: 0.54, rx: 0.105, rz: 0.17, fade: 0 },
  ].map((ring) => ({ ...ring, rx: ring.rx * k, rz: ring.rz * k }));
  return limb(loft(smoothRings(rings)));
}

/** Pelvic belt, leg loops and the straps up to the body-weight support. */
export function buildHarness(size: BodySize): Group {
  const k = size.thighM / 0.441;
  const belt: LoftRing[] = [
    { y: -0.005, rx: 0.117, rz: 0.17, x: -0.01 },
    { y: 0.0, rx: 0.123, rz: 0.177, x: -0.01 },
    { y: 0.095, rx: 0.118, rz: 0.17, x: -0.006 },
    { y: 0.1, rx: 0.11, rz: 0.162, x: -0.006 },
  ];
  const parts = [fabric(belt, k, palette.fabric)];
  const strap = (points: readonly (readonly [number, number, number])[], radius: number): BufferGeometry =>
    solid(new TubeGeometry(new CatmullRomCurve3(points.map(([x, y, z]) => new Vector3(x * k, y, z * k))), 14, radius, 6), palette.strap);
  for (const out of [1, -1]) {
    parts.push(strap([[0.1, 0.02, out * 0.08], [0.075, -0.06, out * 0.05], [0, -0.1, out * 0.03], [-0.085, -0.05, out * 0.05], [-0.11, 0.03, out * 0.09]], 0.011));
    parts.push(strap([[0.075, 0.09, out * 0.12], [0.1, 0.26, out * 0.12], [0.1, 0.42, out * 0.13], [0.02, 0.72, out * 0.16]], 0.009));
    parts.push(strap([[-0.085, 0.09, out * 0.12], [-0.11, 0.26, out * 0.12], [-0.1, 0.42, out * 0.13], [-0.02, 0.72, out * 0.16]], 0.009));
  }
  const buckle = solid(new TubeGeometry(new CatmullRomCurve3([new Vector3(0.114 * k, 0.03, 0), new Vector3(0.116 * k, 0.07, 0)]), 2, 0.016, 8), palette.shell);
  const group = new Group();
  group.add(new Mesh(merged([...parts, buckle]), shellMaterial()));
  return group;
}

function fabric(rings: readonly LoftRing[], k: number, color: string): BufferGeometry {
  const geometry = loft(smoothRings(rings.map((ring) => ({ ...ring, rx: ring.rx * k, rz: ring.rz * k })), 3));
  geometry.deleteAttribute('fade');
  return solid(geometry, color);
}
