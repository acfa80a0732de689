/**
 * The one gate before the drives: nothing else makes a `PermittedCommand`. It never trusts what therapy wants. Per joint
 * and cycle: (1) the position set-point moves from the previous one no faster than a stop before the permitted range
 * allows; (2) stiffness and damping stay within the profile; (3) where the drive renders an impedance, a spring-damper on
 * the range's edge takes over where it asks for less outward torque; (4) the whole torque that the drive will give,
 * K·(q_d − q) + B·(q̇_d − q̇) + τ_ff, is limited in size, by the edge of the range (`edge.ts`) and in rate. A joint whose
 * sensors are not trusted is only damped; one whose drive may close its loop on a wrong angle is let go.
 */
import { PermittedCommand, type DesiredCommand, type JointCommand } from '../../protocols/joints.ts';
import { clamp } from '../../protocols/math.ts';
import { limitReasons, type LimitReason } from '../../protocols/session-log.ts';
import { brakingSpeed } from './braking.ts';
import { outwardMostNm } from './edge.ts';
import type { JointLimits } from './limits.ts';
import { slackenSpring, steerTo } from './steer.ts';

const bit = (reason: LimitReason): number => 1 << limitReasons.indexOf(reason);
const POSITION = bit('position');
const VELOCITY = bit('velocity');
const TORQUE = bit('torque');
const TORQUE_RATE = bit('torqueRate');
const STIFFNESS = bit('stiffness');
const RELEASED = bit('released');
/** Differences below this are rounding, not limiting (rad, rad/s, Nm). */
const ROUNDING = 1e-9;

/** What was commanded before; forgotten after a release or a violation, so that a command has to ramp again. */
interface Memory {
  known: boolean;
  positionRad: number;
  speedRadPerSec: number;
  accelerationRadPerSec2: number;
  torqueNm: number;
}

/** Where a joint is, motor side. */
export interface Measured {
  readonly positionRad: number;
  readonly velocityRadPerSec: number;
  readonly trusted: boolean;
}

interface Lane {
  readonly index: number;
  readonly limits: JointLimits;
  readonly memory: Memory;
  readonly out: JointCommand;
}

/** Stands for a joint that nothing is known of. */
const UNKNOWN: Measured = { positionRad: 0, velocityRadPerSec: 0, trusted: false };

export class Envelope {
  readonly permitted: PermittedCommand;
  /** Bit mask of `limitReasons` per joint, for the cycle just done. */
  readonly limitedBy: Int32Array;
  /** Written before `apply`: of each joint's torque limit, what its drive can bear now (0 … 1); and 1 for a joint that is let go. */
  readonly torqueShare: Float64Array;
  readonly letGo: Uint8Array;
  readonly #lanes: readonly Lane[];
  readonly #periodSec: number;

  constructor(limits: readonly JointLimits[], periodSec: number) {
    this.#periodSec = periodSec;
    this.permitted = PermittedCommand.mint(limits.length);
    this.limitedBy = new Int32Array(limits.length);
    this.torqueShare = new Float64Array(limits.length).fill(1);
    this.letGo = new Uint8Array(limits.length);
    this.#lanes = this.permitted.joints.flatMap((out, index) => limits.slice(index, index + 1).map((limit) => ({ index, limits: limit, memory: emptyMemory(), out })));
  }

  /** Fills `permitted` and `limitedBy`. @param enable false: release every drive, whatever is desired */
  apply(desired: DesiredCommand, measured: readonly Measured[], enable: boolean): void {
    this.permitted.enable = enable;
    for (const lane of this.#lanes) {
      const want = desired.joints[lane.index];
      const is = measured[lane.index] ?? UNKNOWN;
      if (!enable || this.letGo[lane.index] !== 0) this.limitedBy[lane.index] = release(lane, is);
      else if (want === undefined || !is.trusted || !allFinite(want)) this.limitedBy[lane.index] = dampOnly(lane, is);
      else this.limitedBy[lane.index] = this.#limit(want, is, lane);
    }
  }

  #limit(want: JointCommand, is: Measured, { index, limits, memory, out }: Lane): number {
    if (!memory.known) restart(memory, is, limits);
    let reasons = this.#limitPath(want, is, limits, memory, out);
    out.stiffnessNmPerRad = clamp(want.stiffnessNmPerRad, 0, limits.stiffnessNmPerRad);
    out.dampingNmsPerRad = clamp(want.dampingNmsPerRad, 0, limits.dampingNmsPerRad);
    if (out.stiffnessNmPerRad !== want.stiffnessNmPerRad || out.dampingNmsPerRad !== want.dampingNmsPerRad) reasons |= STIFFNESS;
    out.torqueNm = want.torqueNm;
    if (wall(is, limits, out)) reasons |= TORQUE;
    const predictedNm = driveTorqueNm(out, is);
    const mostNm = limits.torqueNm * shareOf(this.torqueShare[index]);
    const belowMaxNm = Math.max(-mostNm, outwardMostNm(limits.edge, limits.permitted.max - is.positionRad, is.velocityRadPerSec));
    const aboveMinNm = Math.min(mostNm, -outwardMostNm(limits.edge, is.positionRad - limits.permitted.min, -is.velocityRadPerSec));
    // The edge that asks for braking goes first: what holds a pushed limb off its stop is no way to the other edge.
    const lowestNm = belowMaxNm < 0 ? Math.min(belowMaxNm, aboveMinNm) : aboveMinNm;
    const highestNm = aboveMinNm > 0 ? Math.max(belowMaxNm, aboveMinNm) : belowMaxNm;
    const sizedNm = clamp(clamp(predictedNm, -mostNm, mostNm), lowestNm, highestNm);
    if (differs(sizedNm, predictedNm)) reasons |= TORQUE;
    const allowedNm = this.#limitRate(sizedNm, lowestNm, highestNm, limits, memory.torqueNm);
    if (differs(allowedNm, sizedNm)) reasons |= TORQUE_RATE;
    steerTo(allowedNm, predictedNm, limits, out);
    slackenSpring(allowedNm, is.positionRad, is.velocityRadPerSec, limits, out);
    memory.torqueNm = allowedNm;
    return reasons;
  }

  /** Bounds the set-point by the previous one, not by the measured one (that makes joints crawl); toward the measured one it may always come. */
  #limitPath(want: JointCommand, is: Measured, limits: JointLimits, memory: Memory, out: JointCommand): number {
    const { permitted, braking, speedRadPerSec } = limits;
    const before = memory.positionRad;
    const up = Math.min(speedRadPerSec, brakingSpeed(braking, permitted.max - before, memory.accelerationRadPerSec2));
    const down = Math.min(speedRadPerSec, brakingSpeed(braking, before - permitted.min, -memory.accelerationRadPerSec2));
    const lowest = Math.min(before - down * this.#periodSec, is.positionRad);
    const highest = Math.max(before + up * this.#periodSec, is.positionRad);
    out.positionRad = clamp(clamp(want.positionRad, lowest, highest), permitted.min, permitted.max);
    out.velocityRadPerSec = clamp(want.velocityRadPerSec, -down, up);
    const speed = (out.positionRad - before) / this.#periodSec;
    memory.accelerationRadPerSec2 = (speed - memory.speedRadPerSec) / this.#periodSec;
    memory.speedRadPerSec = speed;
    memory.positionRad = out.positionRad;
    return (differs(out.positionRad, want.positionRad) ? POSITION : 0) | (differs(out.velocityRadPerSec, want.velocityRadPerSec) ? VELOCITY : 0);
  }

  /** Slow up, fast down; outward torque that the edge forbids goes at once, and braking before it grows by the fast rate. */
  #limitRate(torqueNm: number, lowestNm: number, highestNm: number, limits: JointLimits, before: number): number {
    const up = limits.torqueUpNmPerSec * this.#periodSec;
    const down = limits.torqueDownNmPerSec * this.#periodSec;
    const highest = before >= 0 ? before + up : Math.min(before + down, up);
    const lowest = before <= 0 ? before - up : Math.max(before - down, -up);
    const least = Math.min(lowestNm, Math.max(0, before) + down);
    const most = Math.max(highestNm, Math.min(0, before) - down);
    return clamp(clamp(torqueNm, lowest, highest), least, most);
  }
}

/** What the drive gives for this command where the joint is now, Nm. */
export const driveTorqueNm = (command: JointCommand, is: Measured): number =>
  command.stiffnessNmPerRad * (command.positionRad - is.positionRad) + command.dampingNmsPerRad * (command.velocityRadPerSec - is.velocityRadPerSec) + command.torqueNm;

/** A share that is no number leaves nothing. */
const shareOf = (share: number | undefined): number => (share !== undefined && share > 0 ? Math.min(1, share) : 0);

const differs = (a: number, b: number): boolean => Math.abs(a - b) > ROUNDING;

const allFinite = (command: JointCommand): boolean =>
  Number.isFinite(command.positionRad + command.velocityRadPerSec + command.stiffnessNmPerRad + command.dampingNmsPerRad + command.torqueNm);

/** Replaces the command by the spring-damper on the edge where that pushes less outward (or more inward). */
function wall(is: Measured, { edge, permitted }: JointLimits, out: JointCommand): boolean {
  if (!edge.rendered) return false;
  const wantedNm = driveTorqueNm(out, is);
  const dampingNm = edge.dampingNmsPerRad * is.velocityRadPerSec;
  const above = wantedNm > edge.stiffnessNmPerRad * (permitted.max - is.positionRad) - dampingNm;
  const below = wantedNm < edge.stiffnessNmPerRad * (permitted.min - is.positionRad) - dampingNm;
  if (!above && !below) return false;
  out.positionRad = above ? permitted.max : permitted.min;
  out.velocityRadPerSec = 0;
  out.stiffnessNmPerRad = edge.stiffnessNmPerRad;
  out.dampingNmsPerRad = edge.dampingNmsPerRad;
  out.torqueNm = 0;
  return true;
}

const emptyMemory = (): Memory => ({ known: false, positionRad: 0, speedRadPerSec: 0, accelerationRadPerSec2: 0, torqueNm: 0 });

function restart(memory: Memory, is: Measured, limits: JointLimits): void {
  memory.known = true;
  memory.positionRad = clamp(is.positionRad, limits.permitted.min, limits.permitted.max);
  memory.speedRadPerSec = 0;
  memory.accelerationRadPerSec2 = 0;
  memory.torqueNm = 0;
}

const release = (lane: Lane, is: Measured): number => passive(lane, is, 0, RELEASED);

const dampOnly = (lane: Lane, is: Measured): number => passive(lane, is, 1, STIFFNESS | TORQUE);

function passive({ limits, memory, out }: Lane, is: Measured, damped: 0 | 1, reasons: number): number {
  memory.known = false;
  out.positionRad = clamp(is.positionRad, limits.permitted.min, limits.permitted.max);
  out.velocityRadPerSec = 0;
  out.stiffnessNmPerRad = 0;
  out.dampingNmsPerRad = damped * limits.dampingNmsPerRad;
  out.torqueNm = 0;
  return reasons;
}
