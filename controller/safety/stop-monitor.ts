/**
 * Watches a protective stop, as is published for the UR arms: braking must begin at once, then each joint's speed must stay
 * under a line that falls from the speed at the trip to rest within the profile's stop time, and at rest the joint must
 * stay where it is.
 *
 * A patient who is stronger than the stop is no breach of it: the joint is then seen to move against the torque in it.
 * To take that torque away would take the wall at the end of the range too.
 */
import { degToRad, US_PER_MS, US_PER_S } from '../../protocols/units.ts';
import type { JointProfile, RobotProfile } from '../../protocols/profile.ts';
import type { Side } from '../../protocols/supervision.ts';
import { LEG_LIMIT_NM } from './interaction-lane.ts';
import { untrustedJoint, type TrustedJoint } from './trusted-joint.ts';
import { StopMeter, type StopRecord } from './stop-meter.ts';

/** From the trip until the speed must fall, as published for the UR arms. */
const BRAKING_BEGINS_US = 24 * US_PER_MS;
/** Own value: a limb in its cuffs swings on a little when the orthosis stands. */
const REST_FACTOR = 5;
/** Own value: well above friction, noise and the rotor of a drive that is dragged along, far below what the legs' weight needs; of smaller joints in proportion. */
const YIELDING_NM = 10;

/** `moving`: a joint is seen to move that should stand. `unknown`: one is not seen at all. */
export type StopVerdict = 'none' | 'unknown' | 'moving';

/** Stands for a joint that has no record. */
const UNSEEN: TrustedJoint = untrustedJoint();

interface Lane {
  readonly side: Side;
  readonly yieldingNm: number;
  /** Joint-side angle of the cycle before; NaN: there was none. */
  encoderRad: number;
  speedRadPerSec: number;
  /** Greatest from the trip until braking must have begun. */
  tripRadPerSec: number;
  /** Where the joint stood when the stop time was over; NaN: not yet. */
  restRad: number;
  /** It has gone along, and has not come to rest since. */
  swings: boolean;
}

export class StopMonitor {
  /** Written before `judge`, per joint: a person moves it the way it goes (the wall holds it, which without power nothing would), or its drive was told to let go. */
  readonly goesAlong: Uint8Array;
  readonly #maxUs: number;
  readonly #restRadPerSec: number;
  readonly #driftRad: number;
  readonly #lanes: readonly Lane[];
  readonly #seenRad: Float64Array;
  readonly #meter: StopMeter;
  #elapsedUs = 0;

  constructor(stop: RobotProfile['stop'], joints: readonly Pick<JointProfile, 'side' | 'interactionLimitNm'>[]) {
    this.#maxUs = stop.maxTimeMs * US_PER_MS;
    this.#restRadPerSec = degToRad(stop.restSpeedDegPerSec) * REST_FACTOR;
    this.#driftRad = degToRad(stop.restDriftDeg);
    this.#lanes = joints.map(({ side, interactionLimitNm }) => ({ side, yieldingNm: YIELDING_NM * Math.min(1, interactionLimitNm / LEG_LIMIT_NM), encoderRad: Number.NaN, speedRadPerSec: Number.NaN, tripRadPerSec: 0, restRad: Number.NaN, swings: false }));
    this.goesAlong = new Uint8Array(joints.length);
    this.#seenRad = new Float64Array(joints.length);
    this.#meter = new StopMeter(joints.length);
  }

  get record(): StopRecord {
    return this.#meter;
  }

  /**
   * Once per cycle. What a drive said before it fell silent is no speed of now: its joint is then judged by the
   * joint-side encoder.
   * @param braking the drives are braking or holding after a protective stop (not while lowering, not when released)
   * @param stopping a stop of any category that found the drives energised is not yet over
   * @param hubFresh the joint-side encoders were heard of within the profile's input age
   */
  judge(braking: boolean, stopping: boolean, joints: readonly TrustedJoint[], hubFresh: boolean, elapsedUs: number): StopVerdict {
    const begins = braking && this.#elapsedUs === 0;
    this.#elapsedUs = braking ? this.#elapsedUs + elapsedUs : 0;
    let verdict: StopVerdict = 'none';
    let resting = true;
    let index = 0;
    for (const lane of this.#lanes) {
      const joint = joints[index] ?? UNSEEN;
      const seenRad = positionOf(joint, hubFresh);
      if (begins) begin(lane);
      lane.speedRadPerSec = speedOf(joint, lane, hubFresh, elapsedUs);
      lane.encoderRad = joint.encoderRad;
      const rests = Math.abs(lane.speedRadPerSec) <= this.#restRadPerSec;
      if (!rests) resting = false;
      const goesAlong = this.goesAlong[index] === 1;
      lane.swings = !rests && (lane.swings || goesAlong);
      const excused = goesAlong || (this.#isSwung(lane) && !isDriven(joint, lane.speedRadPerSec, lane.yieldingNm));
      this.#seenRad[index++] = seenRad;
      const judged = braking ? this.#judgeJoint(joint, lane, seenRad) : 'none';
      verdict = worse(verdict, excused && judged === 'moving' ? 'none' : judged);
    }
    this.#meter.measure(stopping, this.#seenRad, resting, elapsedUs);
    return verdict;
  }

  /** Another joint of its limb has gone along, and it may swing until that one has come to rest. */
  #isSwung(lane: Lane): boolean {
    for (const other of this.#lanes) if (other !== lane && other.swings && other.side === lane.side) return true;
    return false;
  }

  #judgeJoint(joint: TrustedJoint, lane: Lane, seenRad: number): StopVerdict {
    const speed = Math.abs(lane.speedRadPerSec);
    if (this.#elapsedUs <= BRAKING_BEGINS_US) {
      if (speed > lane.tripRadPerSec) lane.tripRadPerSec = speed;
      return 'none';
    }
    if (this.#elapsedUs <= this.#maxUs) {
      const left = (this.#maxUs - this.#elapsedUs) / (this.#maxUs - BRAKING_BEGINS_US);
      return speed > lane.tripRadPerSec * left + this.#restRadPerSec && isToBlame(joint, lane.speedRadPerSec, lane.yieldingNm) ? 'moving' : 'none';
    }
    if (Number.isNaN(lane.restRad)) lane.restRad = seenRad;
    if (speed > this.#restRadPerSec) return isLost(joint) && !isDriven(joint, lane.speedRadPerSec, lane.yieldingNm) ? 'none' : 'moving';
    if (Number.isNaN(speed)) return 'unknown';
    const driftRad = seenRad - lane.restRad;
    return Math.abs(driftRad) > this.#driftRad && isToBlame(joint, driftRad, lane.yieldingNm) ? 'moving' : 'none';
  }
}

const worse = (a: StopVerdict, b: StopVerdict): StopVerdict => (a === 'moving' || b === 'none' ? a : b);

function begin(lane: Lane): void {
  const before = Math.abs(lane.speedRadPerSec);
  lane.tripRadPerSec = Number.isNaN(before) ? 0 : before;
  lane.restRad = Number.NaN;
}

/** Joint-side where it is known: an unpowered drive does not tell where its joint goes. */
function positionOf(joint: TrustedJoint, hubFresh: boolean): number {
  if (hubFresh && !joint.encoderImplausible) return joint.encoderRad;
  return joint.motorFresh ? joint.positionRad : Number.NaN;
}

/** @returns rad/s; NaN when nobody sees the joint */
function speedOf(joint: TrustedJoint, lane: Lane, hubFresh: boolean, elapsedUs: number): number {
  if (joint.motorFresh) return joint.velocityRadPerSec;
  if (!hubFresh || joint.encoderImplausible) return Number.NaN;
  return ((joint.encoderRad - lane.encoderRad) * US_PER_S) / elapsedUs;
}

/**
 * The drive is to blame for a motion this way: it is heard, and it does not push against it. A lost drive has let go by
 * its own watchdog, and its joint swings until friction ends it; cutting the others' power for it would make the fault bigger.
 */
const isToBlame = ({ motorFresh, jointTorqueNm }: TrustedJoint, toward: number, yieldingNm: number): boolean => motorFresh && jointTorqueNm * Math.sign(toward) >= -yieldingNm;

/** Nobody hears the drive. One that is heard and not believed goes on as it likes. */
const isLost = ({ motorFresh, motorImplausible, stuck }: TrustedJoint): boolean => !motorFresh && !motorImplausible && !stuck;

/** What pushes the joint on is more than a limb that coasts or is swung: a lost drive that ought to have let go has not, or one goes its own way. */
const isDriven = ({ jointTorqueNm }: TrustedJoint, toward: number, yieldingNm: number): boolean => !(jointTorqueNm * Math.sign(toward) <= yieldingNm);
