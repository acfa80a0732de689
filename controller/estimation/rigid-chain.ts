/**
 * Gravity, inertia and momentum of a chain of hinges in space, each turning all that follows. Sums over the bodies outward of a
 * joint are taken about the origin and then moved to the joint, so that one way out and one way back are enough (R. Featherstone,
 * Rigid Body Dynamics Algorithms, 2008, chapter 5). Nothing is allocated after construction.
 */
import { cos, sin } from '../../protocols/math.ts';
import type { Vector } from '../../protocols/arm-kinematics.ts';

const GRAVITY_MPS2 = 9.81;

export interface ChainJoint {
  /** Along an axis of its own frame: one number is ±1, the others 0. */
  readonly axis: Vector;
  /** In the frame of the joint before. */
  readonly offsetM: Vector;
}

/** Turns with a joint. */
export interface ChainBody {
  readonly joint: number;
  readonly massKg: number;
  /** Centre of mass, in the joint's frame. */
  readonly comM: Vector;
  /** About it, along the frame's axes. */
  readonly inertiaKgM2: Vector;
}

/** Three numbers that change. */
class V3 {
  x = 0;
  y = 0;
  z = 0;

  zero(): void {
    this.x = this.y = this.z = 0;
  }
}

/** out = a × b, added to what is there. */
function addCross(out: V3, a: V3, b: V3): void {
  out.x += a.y * b.z - a.z * b.y;
  out.y += a.z * b.x - a.x * b.z;
  out.z += a.x * b.y - a.y * b.x;
}

const dot = (a: V3, b: V3): number => a.x * b.x + a.y * b.y + a.z * b.z;
/** a · (b × c) */
const triple = (a: V3, b: V3, c: V3): number => a.x * (b.y * c.z - b.z * c.y) + a.y * (b.z * c.x - b.x * c.z) + a.z * (b.x * c.y - b.y * c.x);

class Frame {
  /** Columns of its rotation, place, axis; how it moves. */
  readonly ex = new V3();
  readonly ey = new V3();
  readonly ez = new V3();
  readonly place = new V3();
  readonly axis = new V3();
  readonly spin = new V3();
  readonly speed = new V3();
  readonly spinUp = new V3();
  readonly acceleration = new V3();
}

function addTurned(out: V3, { ex, ey, ez }: Frame, [x, y, z]: Vector): void {
  out.x += ex.x * x + ey.x * y + ez.x * z;
  out.y += ex.y * x + ey.y * y + ez.y * z;
  out.z += ex.z * x + ey.z * y + ez.z * z;
}

function addScaled(out: V3, share: number, a: V3): void {
  out.x += share * a.x;
  out.y += share * a.y;
  out.z += share * a.z;
}

/** b and c turn toward each other's place: (b, c) · rotation by the angle. */
function turn(b: V3, c: V3, cosine: number, sine: number): void {
  const { x, y, z } = b;
  b.x = cosine * x + sine * c.x;
  b.y = cosine * y + sine * c.y;
  b.z = cosine * z + sine * c.z;
  c.x = cosine * c.x - sine * x;
  c.y = cosine * c.y - sine * y;
  c.z = cosine * c.z - sine * z;
}

export class RigidChain {
  readonly count: number;
  readonly #frames: readonly Frame[];
  /** Of a body: centre of mass from its joint, what turns and what pushes. */
  readonly #arm = new V3();
  readonly #own = new V3();
  readonly #tmp = new V3();
  /** Outward of a joint: mass, first moment, momentum or force, angular momentum or torque about the origin. */
  readonly #moment = new V3();
  readonly #linear = new V3();
  readonly #angular = new V3();

  constructor(
    private readonly joints: readonly ChainJoint[],
    private readonly bodies: readonly ChainBody[],
  ) {
    this.count = joints.length;
    this.#frames = joints.map(() => new Frame());
  }

  /** @returns torque that holds it there, per joint. Fills `out` */
  gravity(anglesRad: ArrayLike<number>, out: Float64Array): Float64Array {
    this.#pose(anglesRad);
    let massKg = 0;
    const moment = this.#moment;
    moment.zero();
    for (let j = this.count - 1; j >= 0; j--) {
      const frame = this.#frame(j);
      for (const body of this.bodies) {
        if (body.joint !== j) continue;
        massKg += body.massKg;
        this.#centre(frame, body);
        addScaled(moment, body.massKg, this.#tmp);
      }
      const [rx, ry] = [moment.x - massKg * frame.place.x, moment.y - massKg * frame.place.y];
      out[j] = GRAVITY_MPS2 * (frame.axis.x * ry - frame.axis.y * rx);
    }
    return out;
  }

  /** About one joint, all outward of it, kg·m². */
  inertiaKgM2(joint: number, anglesRad: ArrayLike<number>): number {
    this.#pose(anglesRad);
    const { axis, place } = this.#frame(joint);
    let sum = 0;
    for (const body of this.bodies) {
      if (body.joint < joint) continue;
      const frame = this.#frame(body.joint);
      this.#centre(frame, body);
      addScaled(this.#tmp, -1, place);
      const along = dot(axis, this.#tmp);
      const [ix, iy, iz] = body.inertiaKgM2;
      sum += body.massKg * (dot(this.#tmp, this.#tmp) - along * along) + ix * dot(axis, frame.ex) ** 2 + iy * dot(axis, frame.ey) ** 2 + iz * dot(axis, frame.ez) ** 2;
    }
    return sum;
  }

  /** Torque that a motion needs, without gravity. Fills `out`. */
  inertia(anglesRad: ArrayLike<number>, speeds: ArrayLike<number>, accelerations: ArrayLike<number>, out: Float64Array): Float64Array {
    this.#pose(anglesRad);
    this.#move(speeds, accelerations);
    const [force, torque] = [this.#linear, this.#angular];
    force.zero();
    torque.zero();
    for (let j = this.count - 1; j >= 0; j--) {
      const frame = this.#frame(j);
      for (const body of this.bodies) if (body.joint === j) this.#push(frame, body, force, torque);
      out[j] = dot(frame.axis, torque) - triple(frame.axis, frame.place, force);
    }
    return out;
  }

  /** Generalised momentum, and what changes it beside torques: the Coriolis part. Fills both. */
  momentum(anglesRad: ArrayLike<number>, speeds: ArrayLike<number>, momentumNms: Float64Array, coriolisNm: Float64Array): void {
    this.#pose(anglesRad);
    this.#move(speeds, NO_ACCELERATION);
    const [linear, angular, tmp] = [this.#linear, this.#angular, this.#own];
    linear.zero();
    angular.zero();
    for (let j = this.count - 1; j >= 0; j--) {
      const frame = this.#frame(j);
      for (const body of this.bodies) if (body.joint === j) this.#gather(frame, body, linear, angular);
      const { axis, place, spin, speed } = frame;
      momentumNms[j] = dot(axis, angular) - triple(axis, place, linear);
      // The axis turns with the frame before it; about itself it does not, so its own spin does as well.
      tmp.zero();
      addCross(tmp, spin, axis);
      coriolisNm[j] = dot(tmp, angular) - triple(tmp, place, linear) - triple(axis, speed, linear);
    }
  }

  #frame(joint: number): Frame {
    return this.#frames[joint] ?? STRAY;
  }

  /** `#tmp` = where its centre of mass is, `#arm` = from its joint. */
  #centre(frame: Frame, { comM }: ChainBody): void {
    this.#arm.zero();
    addTurned(this.#arm, frame, comM);
    this.#tmp.zero();
    addScaled(this.#tmp, 1, frame.place);
    addScaled(this.#tmp, 1, this.#arm);
  }

  /** `out` = inertia times a spin. */
  #spun(out: V3, { ex, ey, ez }: Frame, [ix, iy, iz]: Vector, spin: V3): void {
    out.zero();
    addScaled(out, ix * dot(ex, spin), ex);
    addScaled(out, iy * dot(ey, spin), ey);
    addScaled(out, iz * dot(ez, spin), ez);
  }

  #gather(frame: Frame, body: ChainBody, linear: V3, angular: V3): void {
    const own = this.#own;
    this.#centre(frame, body);
    this.#spun(own, frame, body.inertiaKgM2, frame.spin);
    addScaled(angular, 1, own);
    own.zero();
    addScaled(own, 1, frame.speed);
    addCross(own, frame.spin, this.#arm);
    const { x, y, z } = own;
    own.x = body.massKg * x;
    own.y = body.massKg * y;
    own.z = body.massKg * z;
    addScaled(linear, 1, own);
    addCross(angular, this.#tmp, own);
  }

  #push(frame: Frame, body: ChainBody, force: V3, torque: V3): void {
    const own = this.#own;
    this.#centre(frame, body);
    this.#spun(own, frame, body.inertiaKgM2, frame.spin);
    addCross(torque, frame.spin, own);
    this.#spun(own, frame, body.inertiaKgM2, frame.spinUp);
    addScaled(torque, 1, own);
    // Of the centre of mass: a + α × r + ω × (ω × r).
    own.zero();
    addCross(own, frame.spin, this.#arm);
    const across = this.#moment;
    across.zero();
    addScaled(across, 1, frame.acceleration);
    addCross(across, frame.spin, own);
    addCross(across, frame.spinUp, this.#arm);
    own.zero();
    addScaled(own, body.massKg, across);
    addScaled(force, 1, own);
    addCross(torque, this.#tmp, own);
  }

  #pose(anglesRad: ArrayLike<number>): void {
    let before = ORIGIN;
    for (let j = 0; j < this.count; j++) {
      const frame = this.#frame(j);
      const joint = this.joints[j];
      if (joint === undefined) continue;
      const { ex, ey, ez, place, axis } = frame;
      place.zero();
      addScaled(place, 1, before.place);
      addTurned(place, before, joint.offsetM);
      for (const column of [ex, ey, ez]) column.zero();
      addScaled(ex, 1, before.ex);
      addScaled(ey, 1, before.ey);
      addScaled(ez, 1, before.ez);
      axis.zero();
      addTurned(axis, frame, joint.axis);
      const [ax, ay, az] = joint.axis;
      const angleRad = anglesRad[j] ?? Number.NaN;
      const [cosine, sine] = [cos(angleRad), (ax + ay + az) * sin(angleRad)];
      if (ax !== 0) turn(ey, ez, cosine, sine);
      else if (ay !== 0) turn(ez, ex, cosine, sine);
      else turn(ex, ey, cosine, sine);
      before = frame;
    }
  }

  #move(speeds: ArrayLike<number>, accelerations: ArrayLike<number>): void {
    let before = ORIGIN;
    const [arm, tmp] = [this.#arm, this.#tmp];
    for (let j = 0; j < this.count; j++) {
      const frame = this.#frame(j);
      const { spin, speed, spinUp, acceleration, place, axis } = frame;
      arm.zero();
      addScaled(arm, 1, place);
      addScaled(arm, -1, before.place);
      for (const vector of [spin, speed, spinUp, acceleration, tmp]) vector.zero();
      addCross(tmp, before.spin, arm);
      addScaled(speed, 1, before.speed);
      addScaled(speed, 1, tmp);
      addScaled(acceleration, 1, before.acceleration);
      addCross(acceleration, before.spinUp, arm);
      addCross(acceleration, before.spin, tmp);
      const speedRadPerSec = speeds[j] ?? Number.NaN;
      addScaled(spin, 1, before.spin);
      addScaled(spin, speedRadPerSec, axis);
      addScaled(spinUp, 1, before.spinUp);
      addScaled(spinUp, accelerations[j] ?? 0, axis);
      tmp.zero();
      addCross(tmp, before.spin, axis);
      addScaled(spinUp, speedRadPerSec, tmp);
      before = frame;
    }
  }
}

const NO_ACCELERATION: ArrayLike<number> = [];

function originFrame(): Frame {
  const frame = new Frame();
  frame.ex.x = frame.ey.y = frame.ez.z = 1;
  return frame;
}

const ORIGIN = originFrame();
/** For a joint that is not there. */
const STRAY = originFrame();
