/** How much room a hand reached: the convex hull of where it was. */

/** Area of the convex hull in the plane, m² (A. Andrew's monotone chain, Inf Process Lett 9:216, 1979). */
export function hullAreaM2(x: ArrayLike<number>, y: ArrayLike<number>): number {
  const points = Array.from({ length: x.length }, (_, i): Point2 => [x[i] ?? 0, y[i] ?? 0]).toSorted((a, b) => a[0] - b[0] || a[1] - b[1]);
  const ring = [...chain(points), ...chain(points.toReversed())];
  let doubled = 0;
  ring.forEach(([x0, y0], i) => {
    const [x1, y1] = ring[(i + 1) % ring.length] ?? [x0, y0];
    doubled += x0 * y1 - x1 * y0;
  });
  return Math.abs(doubled) / 2;
}

type Point2 = readonly [number, number];

/** One side of the hull, without its last point, which begins the other side. */
function chain(points: readonly Point2[]): Point2[] {
  const side: Point2[] = [];
  for (const point of points) {
    while (side.length > 1 && turn(side[side.length - 2], side[side.length - 1], point) <= 0) side.pop();
    side.push(point);
  }
  return side.slice(0, -1);
}

function turn(a: Point2 | undefined, b: Point2 | undefined, c: Point2): number {
  const [[ax, ay], [bx, by]] = [a ?? c, b ?? c];
  return (bx - ax) * (c[1] - ay) - (by - ay) * (c[0] - ax);
}

type Point3 = readonly [number, number, number];

/** A triangle of the hull; its corners turn left as seen from outside. */
interface Face {
  readonly corners: readonly [number, number, number];
  /** Not of unit length: the farther corners lie apart, the longer. */
  readonly normal: Point3;
  readonly offset: number;
}

/** Nearer to a face than this share of the cloud's extent a point lies in it: a hand is not measured finer (own). */
const FLATNESS = 1e-10;

/**
 * Volume of the convex hull in space, m³, by adding one point after the other (e.g. M. de Berg et al., Computational
 * Geometry, chapter 11). 0 where all points lie in one plane.
 */
export function hullVolumeM3(x: ArrayLike<number>, y: ArrayLike<number>, z: ArrayLike<number>): number {
  const raw = Array.from({ length: x.length }, (_, i): Point3 => [x[i] ?? 0, y[i] ?? 0, z[i] ?? 0]);
  const origin = raw[0];
  if (origin === undefined) return 0;
  // Around its own first point, so that a cloud far from the origin loses no digits.
  const points = raw.map((point) => minus(point, origin));
  const extentM = points.reduce((most, [a, b, c]) => Math.max(most, Math.abs(a), Math.abs(b), Math.abs(c)), 0);
  const first = startingTetrahedron(points, extentM * FLATNESS);
  if (first === null) return 0;
  let faces = first;
  points.forEach((point, index) => (faces = withPoint(faces, points, point, index, extentM * FLATNESS)));
  return faces.reduce((sum, { corners, normal }) => sum + dot(normal, points[corners[0]] ?? normal), 0) / 6;
}

/** The faces of the hull with one more point: those that it sees give way to a cone from the rim of what it sees. */
function withPoint(faces: Face[], points: readonly Point3[], point: Point3, index: number, toleranceM: number): Face[] {
  const seen = faces.filter((face) => heightOver(face, point) > toleranceM);
  if (seen.length === 0) return faces;
  const edges = new Map<string, readonly [number, number]>();
  for (const { corners } of seen) {
    corners.forEach((from, i) => {
      const to = corners[(i + 1) % 3] ?? from;
      // An edge between two seen faces is met once in each direction.
      if (!edges.delete(`${to} ${from}`)) edges.set(`${from} ${to}`, [from, to]);
    });
  }
  const hidden = faces.filter((face) => !seen.includes(face));
  return [...hidden, ...Array.from(edges.values(), ([from, to]) => createFace(points, [from, to, index]))];
}

/** Four points that span a volume, found by going farthest from point, line and plane; null: there are none. */
function startingTetrahedron(points: readonly Point3[], toleranceM: number): Face[] | null {
  const farthest = (measure: (point: Point3) => number): number => points.reduce((best, point, i) => (measure(point) > measure(points[best] ?? point) ? i : best), 0);
  const at = (i: number): Point3 => points[i] ?? [0, 0, 0];
  const a = 0;
  const b = farthest((point) => norm(minus(point, at(a))));
  const along = minus(at(b), at(a));
  const c = farthest((point) => norm(cross(along, minus(point, at(a)))));
  const plane = createFace(points, [a, b, c]);
  const d = farthest((point) => Math.abs(heightOver(plane, point)));
  const height = heightOver(plane, at(d));
  if (!(Math.abs(height) > toleranceM)) return null;
  const [p, q] = height > 0 ? [c, b] : [b, c];
  return ([[a, p, q], [p, a, d], [q, p, d], [a, q, d]] as const).map((corners) => createFace(points, corners));
}

function createFace(points: readonly Point3[], corners: readonly [number, number, number]): Face {
  const [a, b, c] = corners.map((i) => points[i] ?? ([0, 0, 0] as const));
  if (a === undefined || b === undefined || c === undefined) return { corners, normal: [0, 0, 0], offset: 0 };
  const normal = cross(minus(b, a), minus(c, a));
  return { corners, normal, offset: dot(normal, a) };
}

/** How far a point lies outside a face, m; 0 for a face without area. */
function heightOver({ normal, offset }: Face, point: Point3): number {
  const length = norm(normal);
  return length > 0 ? (dot(normal, point) - offset) / length : 0;
}

const minus = (a: Point3, b: Point3): Point3 => [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
const dot = (a: Point3, b: Point3): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
const cross = (a: Point3, b: Point3): Point3 => [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
const norm = (a: Point3): number => Math.sqrt(dot(a, a));
