/** Small helpers to build solid parts in metres and merge them, so that one rigid body is one draw call. */
import { BufferAttribute, BufferGeometry, Color, ExtrudeGeometry, LatheGeometry, Matrix4, Shape, Vector2, Vector3, type ColorRepresentation } from 'three';
import { mergeGeometries, mergeVertices } from 'three/examples/jsm/utils/BufferGeometryUtils.js';

/** Gives a part one colour and a place; what is returned can be merged with every other solid. */
export function solid(geometry: BufferGeometry, color: ColorRepresentation, place = new Matrix4()): BufferGeometry {
  const part = geometry.index === null ? geometry.clone() : geometry.toNonIndexed();
  geometry.dispose();
  part.deleteAttribute('uv');
  part.applyMatrix4(place);
  const count = part.getAttribute('position').count;
  const tint = new Color(color);
  const colors = new Float32Array(count * 3);
  for (let i = 0; i < count; i++) tint.toArray(colors, i * 3);
  part.setAttribute('color', new BufferAttribute(colors, 3));
  return part;
}

export function merged(parts: readonly BufferGeometry[]): BufferGeometry {
  const whole = mergeGeometries([...parts]);
  for (const part of parts) part.dispose();
  // Shared vertices are shaded once: without a graphics card that is most of the cost.
  return withoutSlivers(mergeVertices(whole, 1e-5));
}

/** Drops faces without area (crisp edges of turned parts make them): each would still be set up for every frame. */
function withoutSlivers(geometry: BufferGeometry): BufferGeometry {
  const index = geometry.getIndex();
  if (index === null) return geometry;
  const place = geometry.getAttribute('position');
  const corners = [new Vector3(), new Vector3(), new Vector3()] as const;
  const kept: number[] = [];
  for (let i = 0; i < index.count; i += 3) {
    const face = [index.getX(i), index.getX(i + 1), index.getX(i + 2)];
    face.forEach((vertex, c) => corners[c]?.fromBufferAttribute(place, vertex));
    const area = corners[1].sub(corners[0]).cross(corners[2].sub(corners[0])).length();
    if (area > 1e-9) kept.push(...face);
  }
  geometry.setIndex(kept);
  return geometry;
}

export const at = (x: number, y: number, z: number): Matrix4 => new Matrix4().makeTranslation(x, y, z);

/** A turned part around the z axis: `profile` is radius over height, height along +z. */
export function turned(profile: readonly (readonly [number, number])[], segments = 20): BufferGeometry {
  return new LatheGeometry(profile.map(([radius, height]) => new Vector2(radius, height)), segments).rotateX(Math.PI / 2);
}

/** A puck with chamfered edges, centred, axis z. */
export function puck(radius: number, thickness: number, chamfer: number): BufferGeometry {
  const half = thickness / 2;
  const inner = radius - chamfer;
  // Doubled corner points keep the edges crisp: a lathe smooths its normals across single points.
  return turned([
    [0, -half], [inner, -half], [inner, -half], [radius, -half + chamfer], [radius, -half + chamfer],
    [radius, half - chamfer], [radius, half - chamfer], [inner, half], [inner, half], [0, half],
  ]);
}

/** A flat bar between two round ends along −y, wider at the top, with an optional slot; thickness along z, centred. */
export function bar(length: number, topWidth: number, bottomWidth: number, thickness: number, slot: { from: number; to: number; width: number } | null): BufferGeometry {
  const [top, bottom] = [topWidth / 2, bottomWidth / 2];
  const outline = new Shape();
  outline.absarc(0, 0, top, 0, Math.PI, false);
  outline.lineTo(-bottom, -length);
  outline.absarc(0, -length, bottom, Math.PI, 2 * Math.PI, false);
  outline.closePath();
  if (slot !== null) {
    const half = slot.width / 2;
    const hole = new Shape();
    hole.absarc(0, -slot.from, half, 0, Math.PI, false);
    hole.absarc(0, -slot.to, half, Math.PI, 2 * Math.PI, false);
    hole.closePath();
    outline.holes.push(hole);
  }
  const bevel = Math.min(0.006, thickness / 3);
  const depth = thickness - 2 * bevel;
  return new ExtrudeGeometry(outline, { depth, bevelEnabled: true, bevelThickness: bevel, bevelSize: bevel, bevelOffset: -bevel, bevelSegments: 1, curveSegments: 6 }).translate(0, 0, -depth / 2);
}

/** A curved band (cuff, strap) around the y axis, open where `fromRad … toRad` does not reach; angle 0 is +x, to +z. */
export function band(radius: number, thickness: number, height: number, fromRad: number, toRad: number): BufferGeometry {
  const outline = new Shape();
  outline.absarc(0, 0, radius + thickness, fromRad, toRad, false);
  outline.absarc(0, 0, radius, toRad, fromRad, true);
  outline.closePath();
  const bevel = Math.min(0.003, thickness / 3);
  return new ExtrudeGeometry(outline, { depth: height - 2 * bevel, bevelEnabled: thickness > 0.006, bevelThickness: bevel, bevelSize: bevel, bevelOffset: -bevel, bevelSegments: 1, curveSegments: 8 })
    .translate(0, 0, -(height - 2 * bevel) / 2)
    .rotateX(Math.PI / 2);
}

export interface LoftRing {
  readonly y: number;
  /** Half widths along x and z. */
  readonly rx: number;
  readonly rz: number;
  readonly x?: number;
  /** 0 = vanished … 1 = solid; only the limb material looks at it. */
  readonly fade?: number;
}

/** A smooth body through ellipses, closed at both ends by their shrinking. Carries a `fade` attribute. */
export function loft(knots: readonly LoftRing[], segments = 16): BufferGeometry {
  // From top to bottom, so that the faces look outward.
  const rings = [...knots].sort((a, b) => b.y - a.y);
  const positions: number[] = [];
  const fades: number[] = [];
  const indices: number[] = [];
  for (const ring of rings) {
    for (let s = 0; s <= segments; s++) {
      const angle = (2 * Math.PI * s) / segments;
      positions.push((ring.x ?? 0) + ring.rx * Math.cos(angle), ring.y, ring.rz * Math.sin(angle));
      fades.push(ring.fade ?? 1);
    }
  }
  const row = segments + 1;
  for (let r = 0; r + 1 < rings.length; r++) {
    for (let s = 0; s < segments; s++) {
      const a = r * row + s;
      indices.push(a, a + 1, a + row, a + 1, a + row + 1, a + row);
    }
  }
  const geometry = new BufferGeometry();
  geometry.setAttribute('position', new BufferAttribute(new Float32Array(positions), 3));
  geometry.setAttribute('fade', new BufferAttribute(new Float32Array(fades), 1));
  geometry.setIndex(indices);
  geometry.computeVertexNormals();
  weldSeam(geometry, rings.length, row);
  return geometry;
}

/** The first and last vertex of a ring stand at the same place: give them the same normal, or a seam shows. */
function weldSeam(geometry: BufferGeometry, ringCount: number, row: number): void {
  const normal = geometry.getAttribute('normal');
  for (let r = 0; r < ringCount; r++) {
    const [first, last] = [r * row, r * row + row - 1];
    const sum = [normal.getX(first) + normal.getX(last), normal.getY(first) + normal.getY(last), normal.getZ(first) + normal.getZ(last)] as const;
    const length = Math.hypot(...sum) || 1;
    for (const index of [first, last]) normal.setXYZ(index, sum[0] / length, sum[1] / length, sum[2] / length);
  }
}

/** Rings interpolated smoothly (Catmull-Rom) between a few given ones. */
export function smoothRings(knots: readonly LoftRing[], steps = 3): LoftRing[] {
  const rings: LoftRing[] = [];
  for (let k = 0; k + 1 < knots.length; k++) {
    for (let i = 0; i < steps; i++) rings.push(between(knots, k, i / steps));
  }
  const last = knots.at(-1);
  if (last !== undefined) rings.push(last);
  return rings;
}

function between(knots: readonly LoftRing[], k: number, t: number): LoftRing {
  const pick = (index: number, key: 'y' | 'rx' | 'rz' | 'x' | 'fade'): number => {
    const knot = knots[Math.min(knots.length - 1, Math.max(0, index))];
    return knot?.[key] ?? (key === 'fade' ? 1 : 0);
  };
  const blend = (key: 'y' | 'rx' | 'rz' | 'x' | 'fade'): number => {
    const [a, b, c, d] = [pick(k - 1, key), pick(k, key), pick(k + 1, key), pick(k + 2, key)];
    return 0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t * t + (3 * b - a - 3 * c + d) * t * t * t);
  };
  return { y: blend('y'), rx: Math.max(0, blend('rx')), rz: Math.max(0, blend('rz')), x: blend('x'), fade: Math.min(1, Math.max(0, blend('fade'))) };
}
