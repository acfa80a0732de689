/** How much room a hand reached: the convex hull of where it was. */
import { createRandom } from '../../protocols/random.ts';

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
  /** Twice the area long. */
  readonly normal: Point3;
  readonly offset: number;
  /** 1 / length of the normal; 0 for a face without area, over which no point lies. */
  readonly scale: number;
}

/** Nearer to a face than this share of the cloud's extent a point lies in it: a hand is not measured finer, and a smooth path would make every sample a corner (own). */
const FLATNESS = 1e-6;

/** Points are moved by so much of the extent before their hull is looked for (option QJ of Qhull, qhull.org): of four in one plane or three on one line rounding alone would say who sees whom. */
const JOGGLE = FLATNESS / 8;

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
  const random = createRandom(1);
  const moved = (coordinate: number): number => coordinate + extentM * JOGGLE * (2 * random.next() - 1);
  const joggled = points.map(([a, b, c]): Point3 => [moved(a), moved(b), moved(c)]);
  const first = startingTetrahedron(joggled, extentM * FLATNESS);
  if (first === null) return 0;
  const hull = new Hull(joggled, first);
  for (const index of coarseToFine(points.length)) hull.add(index, extentM * FLATNESS);
  return hull.volumeOver(points);
}

/** Every index once, far apart at first: a hull that is large early leaves little to do for the samples in between. */
function coarseToFine(count: number): number[] {
  const order = [0];
  let step = 1;
  while (step < count) step *= 2;
  for (; step >= 1; step /= 2) for (let i = step; i < count; i += 2 * step) order.push(i);
  return order;
}

/** A closed surface of triangles; each directed edge belongs to one face, its reverse to the neighbour. */
class Hull {
  readonly #faces = new Set<Face>();
  readonly #faceOfEdge = new Map<number, Face>();

  constructor(
    private readonly points: readonly Point3[],
    faces: readonly Face[],
  ) {
    faces.forEach((face) => this.#insert(face));
  }

  /** With its corners where they were before they were moved. */
  volumeOver(points: readonly Point3[]): number {
    let sum = 0;
    for (const { corners } of this.#faces) sum += createFace(points, corners).offset;
    return sum / 6;
  }

  /** Faces that the point sees give way to a cone from their rim. They hang together, so that rounding tears no hole. */
  add(index: number, toleranceM: number): void {
    const point = this.points[index] ?? [0, 0, 0];
    let nearest: Face | null = null;
    let highest = toleranceM;
    for (const face of this.#faces) {
      const height = heightOver(face, point);
      if (height > highest) [nearest, highest] = [face, height];
    }
    if (nearest === null) return;
    const seen = new Set([nearest]);
    const rim: (readonly [number, number])[] = [];
    // A set that grows while it is walked through visits what was added.
    for (const face of seen) {
      for (const [from, to] of edgesOf(face)) {
        const neighbour = this.#faceOfEdge.get(this.#key(to, from));
        if (neighbour === undefined || seen.has(neighbour)) continue;
        if (heightOver(neighbour, point) > 0) seen.add(neighbour);
        else rim.push([from, to]);
      }
    }
    for (const face of seen) this.#remove(face);
    for (const [from, to] of rim) this.#insert(createFace(this.points, [from, to, index]));
  }

  #key(from: number, to: number): number {
    return from * this.points.length + to;
  }

  #insert(face: Face): void {
    this.#faces.add(face);
    for (const [from, to] of edgesOf(face)) this.#faceOfEdge.set(this.#key(from, to), face);
  }

  #remove(face: Face): void {
    this.#faces.delete(face);
    for (const [from, to] of edgesOf(face)) this.#faceOfEdge.delete(this.#key(from, to));
  }
}

const edgesOf = ({ corners: [a, b, c] }: Face): readonly (readonly [number, number])[] => [[a, b], [b, c], [c, a]];

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
  if (a === undefined || b === undefined || c === undefined) return { corners, normal: [0, 0, 0], offset: 0, scale: 0 };
  const normal = cross(minus(b, a), minus(c, a));
  const length = norm(normal);
  return { corners, normal, offset: dot(normal, a), scale: length > 0 ? 1 / length : 0 };
}

/** How far a point lies outside a face, m. */
const heightOver = ({ normal, offset, scale }: Face, point: Point3): number => (dot(normal, point) - offset) * scale;

const minus = (a: Point3, b: Point3): Point3 => [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
const dot = (a: Point3, b: Point3): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
const cross = (a: Point3, b: Point3): Point3 => [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
const norm = (a: Point3): number => Math.sqrt(dot(a, a));
