/**
 * Which readings of joints that are only measured may be believed. There is one sensor per joint and no motor to compare it
 * with: a reading counts while it is fresh, lies within the mechanical stops, and could be reached from the one before; an
 * encoder of the hub also has to show the noise that it showed at rest.
 *
 * A sensor that has jumped is wrong by as much until it jumps back: that a joint could have gone there in the time since proves
 * nothing. So it stays in doubt, however long, until it goes back about as far at once, or its link begins anew.
 */
import { linkOf, sensedJointsOf, toRangeRad, type RangeRad, type RobotProfile, type SensedJoint } from '../../protocols/profile.ts';
import type { RobotInputs } from '../../protocols/joints.ts';
import { emptySensedInputs, type SensedInputs } from '../../protocols/sensed-joint.ts';
import { degToRad, US_PER_MS, US_PER_S } from '../../protocols/units.ts';
import { JumpCheck } from './jump-check.ts';
import { isSensedPossible, MIN_ENCODER_QUALITY } from './possible.ts';
import { FrozenReading } from './repeated-reading.ts';

/** Time constant of the speed, which nobody measures; own value: it follows a hand, and a hundredth of a degree of noise stays below 1 °/s. */
const SPEED_S = 0.03;
/** Own value: slower than this a joint rests. */
const REST_RAD_PER_SEC = degToRad(0.5);

export interface TrustedSensed {
  /** The last one that could be believed. */
  positionRad: number;
  velocityRadPerSec: number;
  /** Of the newest frame; Infinity before the first one. */
  ageUs: number;
  /** A servo's torque is on, which nobody asked for. */
  energised: boolean;
  /** It may be used now. */
  trusted: boolean;
  /** What came last cannot be. */
  implausible: boolean;
  /** It repeats itself to the last bit. */
  stuck: boolean;
}

interface Lane {
  readonly index: number;
  readonly mechanical: RangeRad;
  readonly limits: { readonly speedRadPerSec: number };
  readonly joint: TrustedSensed;
  /** Of a servo the steps are too coarse for noise to be missed. */
  readonly frozen: FrozenReading | null;
  readonly link: number;
  known: boolean;
  sequence: number;
  /** Of the newest possible reading, believed or not. */
  readRad: number;
  madeUs: number;
  silenceUs: number;
  /** How far it has jumped, and by how much that may be wrong because the joint moved meanwhile; 0: it is not in doubt. */
  astrayRad: number;
  astrayReachRad: number;
}

/** The first joint that passes the test; −1: none does. */
export function firstSensed<C>(joints: readonly TrustedSensed[], test: (joint: TrustedSensed, context: C) => boolean, context: C): number {
  let at = 0;
  for (const joint of joints) {
    if (test(joint, context)) return at;
    at++;
  }
  return -1;
}

const NOT_MEASURED: Readonly<SensedInputs> = emptySensedInputs();

export class SensedTrust {
  readonly joints: readonly TrustedSensed[];
  readonly #lanes: readonly Lane[];
  readonly #jumps: JumpCheck;
  readonly #maxAgeUs: number;
  readonly #periodUs: number;

  constructor(profile: RobotProfile) {
    this.#maxAgeUs = profile.watchdogs.inputMaxAgeMs * US_PER_MS;
    this.#periodUs = US_PER_S / profile.controlRateHz;
    this.#jumps = new JumpCheck(this.#periodUs, this.#maxAgeUs);
    this.#lanes = sensedJointsOf(profile).map((joint, index) => createLane(joint, index, profile.links.findIndex(({ id }) => id === linkOf(profile, joint))));
    this.joints = this.#lanes.map(({ joint }) => joint);
  }

  /** A joint without a record in `inputs` is not trusted. */
  update(inputs: RobotInputs): void {
    this.#jumps.nextCycle(inputs.latenessUs);
    for (const lane of this.#lanes) {
      const reading = inputs.sensed[lane.index] ?? NOT_MEASURED;
      const { joint } = lane;
      joint.ageUs = reading.ageUs;
      joint.energised = reading.energised;
      if (!Number.isFinite(reading.ageUs) || inputs.links[lane.link]?.up === false) {
        lane.known = false;
        joint.implausible = false;
      } else if (reading.sequence !== lane.sequence) this.#look(reading, lane, inputs.nowUs);
      joint.trusted = lane.known && !joint.implausible && !joint.stuck && !reading.energised && reading.ageUs <= this.#maxAgeUs;
    }
  }

  #look(reading: SensedInputs, lane: Lane, nowUs: number): void {
    const { joint, limits } = lane;
    // Fewer frames than before: the link was reopened, so there is nothing to compare with.
    if (reading.sequence < lane.sequence) lane.known = false;
    const readings = reading.sequence - lane.sequence;
    lane.sequence = reading.sequence;
    const isPossible = isSensedPossible(reading, lane.mechanical);
    joint.implausible = !isPossible;
    // Where nobody is it may have jumped to, and come back into its range little by little.
    if (!isPossible && !(reading.quality >= MIN_ENCODER_QUALITY && Number.isFinite(reading.positionRad))) return;
    const madeUs = nowUs - reading.ageUs;
    const silenceUs = madeUs - lane.madeUs;
    const changeRad = reading.positionRad - lane.readRad;
    // What was asked for long ago may have been measured just now.
    const sinceUs = Math.max(silenceUs, nowUs - this.#periodUs - lane.madeUs);
    const reachRad = this.#jumps.reachRad(this.#jumps.elapsedUs(sinceUs, readings, lane.silenceUs), limits.speedRadPerSec, limits);
    const elapsedSec = silenceUs / US_PER_S;
    const doubted = lane.astrayRad !== 0;
    joint.implausible = (lane.known && isAstray(lane, changeRad, reachRad, elapsedSec)) || !isPossible;
    lane.readRad = reading.positionRad;
    lane.silenceUs = silenceUs;
    lane.madeUs = madeUs;
    if (joint.implausible) return;
    if (!lane.known) joint.velocityRadPerSec = 0;
    else if (elapsedSec > 0 && !doubted) joint.velocityRadPerSec += (changeRad / elapsedSec - joint.velocityRadPerSec) * (elapsedSec / (elapsedSec + SPEED_S));
    joint.positionRad = reading.positionRad;
    lane.astrayRad = 0;
    lane.known = true;
    lane.frozen?.look(reading.positionRad, Math.abs(joint.velocityRadPerSec) < REST_RAD_PER_SEC);
    joint.stuck = lane.frozen?.frozen === true;
  }
}

/**
 * Is it away from where it was, by a jump? It is back when it has gone faster than a joint does, by more than half of the way, and what is left is
 * no more than a joint moves unnoticed.
 */
function isAstray(lane: Lane, changeRad: number, reachRad: number, elapsedSec: number): boolean {
  const { astrayRad, limits } = lane;
  const jumped = !(Math.abs(changeRad) <= reachRad);
  if (astrayRad === 0 && !jumped) return false;
  const leftRad = astrayRad + changeRad;
  const leapt = Math.abs(changeRad) > limits.speedRadPerSec * elapsedSec;
  if (leapt && 2 * Math.abs(leftRad) < Math.abs(astrayRad) && Math.abs(leftRad) <= Math.max(lane.astrayReachRad, reachRad)) return false;
  if (astrayRad === 0) lane.astrayReachRad = reachRad;
  if (jumped) lane.astrayRad = leftRad;
  return true;
}

const createLane = ({ mechanicalStopDeg, speedLimitDegPerSec, reading }: SensedJoint, index: number, link: number): Lane => ({
  index,
  link,
  mechanical: toRangeRad(mechanicalStopDeg),
  limits: { speedRadPerSec: degToRad(speedLimitDegPerSec) },
  joint: { positionRad: 0, velocityRadPerSec: 0, ageUs: Infinity, energised: false, trusted: false, implausible: false, stuck: false },
  frozen: reading.by === 'hub' ? new FrozenReading() : null,
  known: false,
  sequence: -1,
  readRad: 0,
  madeUs: 0,
  silenceUs: 0,
  astrayRad: 0,
  astrayReachRad: 0,
});
