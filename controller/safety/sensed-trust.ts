/**
 * Which readings of joints that are only measured may be believed. There is one sensor per joint and no motor to compare it
 * with: a reading counts while it is fresh, lies within the mechanical stops, and could be reached from the one before; an
 * encoder of the hub also has to show the noise that it showed at rest.
 */
import { sensedJointsOf, toRangeRad, type RangeRad, type RobotProfile, type SensedJoint } from '../../protocols/profile.ts';
import type { RobotInputs } from '../../protocols/joints.ts';
import { emptySensedInputs, type SensedInputs } from '../../protocols/sensed-joint.ts';
import { degToRad, US_PER_MS, US_PER_S } from '../../protocols/units.ts';
import { JumpCheck } from './jump-check.ts';
import { isSensedPossible } from './possible.ts';
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
  known: boolean;
  sequence: number;
  atUs: number;
  silenceUs: number;
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

  constructor(profile: RobotProfile) {
    this.#maxAgeUs = profile.watchdogs.inputMaxAgeMs * US_PER_MS;
    this.#jumps = new JumpCheck(US_PER_S / profile.controlRateHz, this.#maxAgeUs);
    this.#lanes = sensedJointsOf(profile).map(createLane);
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
      if (!Number.isFinite(reading.ageUs)) {
        lane.known = false;
        joint.implausible = false;
      } else if (reading.sequence !== lane.sequence) this.#look(reading, lane, inputs.nowUs - reading.ageUs);
      joint.trusted = lane.known && !joint.implausible && !joint.stuck && !reading.energised && reading.ageUs <= this.#maxAgeUs;
    }
  }

  #look(reading: SensedInputs, lane: Lane, atUs: number): void {
    const { joint, limits } = lane;
    // Fewer frames than before: the link was reopened, so there is nothing to compare with.
    if (reading.sequence < lane.sequence) lane.known = false;
    const readings = reading.sequence - lane.sequence;
    lane.sequence = reading.sequence;
    const silenceUs = atUs - lane.atUs;
    const changeRad = reading.positionRad - joint.positionRad;
    joint.implausible =
      !isSensedPossible(reading, lane.mechanical) || (lane.known && this.#jumps.isOne(changeRad, this.#jumps.elapsedUs(silenceUs, readings, lane.silenceUs), limits.speedRadPerSec, limits));
    if (joint.implausible) return;
    const elapsedSec = silenceUs / US_PER_S;
    if (!lane.known) joint.velocityRadPerSec = 0;
    else if (elapsedSec > 0) joint.velocityRadPerSec += (changeRad / elapsedSec - joint.velocityRadPerSec) * (elapsedSec / (elapsedSec + SPEED_S));
    joint.positionRad = reading.positionRad;
    lane.silenceUs = silenceUs;
    lane.known = true;
    lane.atUs = atUs;
    lane.frozen?.look(reading.positionRad, Math.abs(joint.velocityRadPerSec) < REST_RAD_PER_SEC);
    joint.stuck = lane.frozen?.frozen === true;
  }
}

const createLane = ({ mechanicalStopDeg, speedLimitDegPerSec, reading }: SensedJoint, index: number): Lane => ({
  index,
  mechanical: toRangeRad(mechanicalStopDeg),
  limits: { speedRadPerSec: degToRad(speedLimitDegPerSec) },
  joint: { positionRad: 0, velocityRadPerSec: 0, ageUs: Infinity, energised: false, trusted: false, implausible: false, stuck: false },
  frozen: reading.by === 'hub' ? new FrozenReading() : null,
  known: false,
  sequence: -1,
  atUs: 0,
  silenceUs: 0,
});
