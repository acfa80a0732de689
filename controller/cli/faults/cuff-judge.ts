/**
 * Judges how hard the robot holds against a person who pushes, by true torques only. Either the cuffs never carry more than
 * the profile's interaction limit and a tenth beyond what they carry at this phase when nobody pushes. Or the drive yields:
 * at the peak the motor itself pushes back with no more than that limit; what the cuffs carry above it is the weight and
 * the inertia of the orthosis, which no drive can take away. It also yields where the joint goes with the push faster than its
 * device ever moves it, and the motor holds with no more than the hardest push: that keeps its speed and does not hold it. A limb
 * that he drives into the end of its range must be stopped before its mechanical stop: where that needs it, the torque limit
 * wins (class C).
 */
import type { JointKind, JointProfile, RangeRad, RobotProfile } from '../../../protocols/profile.ts';
import { degToRad, US_PER_S } from '../../../protocols/units.ts';
import type { TruthRecord } from '../../../sim/truth.ts';

const LIMIT_TOLERANCE = 1.1;
/** About the joint, with the orthosis, without the rotor: of a person of 130 kg and 1.9 m, of an arm of 110 kg and 2 m (Winter's segment numbers), rounded up; of a belt axis in kg, with a leg of 110 kg and some of the trunk, upward with half of who stands. */
const HEAVIEST_LIMB_KGM2: Readonly<Record<JointKind, number>> = { hip: 6, knee: 1.2, ankle: 0.12, shoulderHorizontal: 1.75, shoulderElevation: 1.7, shoulderRotation: 0.3, elbow: 0.26, forearm: 0.022, wrist: 0.017, foreAft: 60, vertical: 70, pitch: 0.3 };
/** Own value: from a measurement to the drive that acts on it, in periods of the loop. */
const DEAD_TIME_PERIODS = 3;

/** Of the interaction limit, the hardest push of hazard F17: 60 Nm at a leg's 45. */
const HARDEST_PUSH = 60 / 45;

/**
 * Distance from the end of its range, rad, from which a limb has to be braked with all that the joint may give: what the
 * heaviest one still needs to stop there, the way of a dead time, and the reach of the damper that its drive renders.
 * @param spentNm of that torque, what only holds against who pushes
 * @param mostRadPerSec2 no faster than this
 */
function brakingWayRad(joint: JointProfile, outwardRadPerSec: number, spentNm: number, mostRadPerSec2: number, deadTimeSec: number): number {
  const { kind, rotorInertiaKgM2, torqueLimitNm, stiffnessNmPerRad, dampingNmsPerRad, drive, leadMPerRad = 1 } = joint;
  const decelerationRadPerSec2 = Math.min(mostRadPerSec2, (torqueLimitNm - spentNm) / (HEAVIEST_LIMB_KGM2[kind] * leadMPerRad ** 2 + rotorInertiaKgM2));
  const damperSec = drive.setPoint === 'torque' ? 0 : dampingNmsPerRad / stiffnessNmPerRad;
  const speed = Math.max(0, outwardRadPerSec);
  return (speed * speed) / (2 * decelerationRadPerSec2) + speed * (deadTimeSec + damperSec);
}

export class CuffJudge {
  readonly #peakNm: Float64Array;
  readonly #backNm: Float64Array;
  readonly #atEnd: boolean[];
  readonly #tooFast: boolean[];
  /** When he last drove it into an end of its range, µs. */
  readonly #drivenUs: Float64Array;
  readonly #deadTimeUs: number;

  constructor(
    private readonly profile: RobotProfile,
    private readonly ranges: readonly RangeRad[],
  ) {
    this.#peakNm = new Float64Array(profile.joints.length);
    this.#backNm = new Float64Array(profile.joints.length);
    this.#atEnd = profile.joints.map(() => false);
    this.#tooFast = profile.joints.map(() => false);
    this.#drivenUs = new Float64Array(profile.joints.length).fill(Number.NEGATIVE_INFINITY);
    this.#deadTimeUs = (DEAD_TIME_PERIODS * US_PER_S) / profile.controlRateHz;
  }

  /** @param usualNm what the cuffs carry here when nobody pushes */
  look(joint: number, truth: TruthRecord, usualNm: number): void {
    const pushedNm = (truth.cuffTorqueNm[joint] ?? Number.NaN) - usualNm;
    if (this.#nearsEnd(joint, truth, pushedNm)) this.#drivenUs[joint] = truth.nowUs;
    if (Math.abs(pushedNm) <= (this.#peakNm[joint] ?? 0)) return;
    this.#peakNm[joint] = Math.abs(pushedNm);
    this.#backNm[joint] = -(truth.motorTorqueNm[joint] ?? Number.NaN) * Math.sign(pushedNm);
    this.#tooFast[joint] = Math.sign(pushedNm) * (truth.velocityRadPerSec[joint] ?? Number.NaN) > degToRad(this.profile.joints[joint]?.speedLimitDegPerSec ?? Number.NaN);
    // What the motor gives now is the answer to where the joint was a dead time ago.
    this.#atEnd[joint] = truth.nowUs - (this.#drivenUs[joint] ?? Number.NaN) <= this.#deadTimeUs;
  }

  /** The hardest push leaves a leg 40 % of its torque for braking, a wrist 20 %: to an arm it counts, to a leg it does not, which is stricter. A foot is so light that the profile's acceleration bounds the braking, not the torque. */
  #nearsEnd(j: number, truth: TruthRecord, pushedNm: number): boolean {
    const [joint, range] = [this.profile.joints[j], this.ranges[j]];
    if (joint === undefined || range === undefined) return false;
    const positionRad = truth.positionRad[j] ?? Number.NaN;
    const outward = Math.sign(pushedNm);
    const spentNm = this.profile.class === 'arm' ? Math.min(Math.abs(pushedNm), HARDEST_PUSH * joint.interactionLimitNm) : 0;
    const mostRadPerSec2 = this.profile.class === 'arm' ? Infinity : degToRad(joint.accelerationLimitDegPerSec2);
    const leftRad = outward > 0 ? range.max - positionRad : positionRad - range.min;
    return leftRad <= brakingWayRad(joint, outward * (truth.velocityRadPerSec[j] ?? Number.NaN), spentNm, mostRadPerSec2, this.#deadTimeUs / US_PER_S);
  }

  /** @returns a sentence per joint that was held too hard */
  findings(): string[] {
    return this.profile.joints.flatMap(({ id, interactionLimitNm, torqueLimitNm }, j) => {
      const [peakNm, backNm] = [this.#peakNm[j] ?? Number.NaN, this.#backNm[j] ?? Number.NaN];
      const yields = backNm <= (this.#atEnd[j] === true ? torqueLimitNm * LIMIT_TOLERANCE : this.#tooFast[j] === true ? HARDEST_PUSH * interactionLimitNm : interactionLimitNm);
      if (peakNm <= interactionLimitNm * LIMIT_TOLERANCE || yields) return [];
      return [`the cuffs of ${id} carried more than ${(interactionLimitNm * LIMIT_TOLERANCE).toFixed(0)} Nm while its drive did not yield`];
    });
  }
}
