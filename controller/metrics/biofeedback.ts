/**
 * What the patient does in one stride, per joint and phase (structure: L. Lünenburger, G. Colombo & R. Riener, "Biofeedback
 * for robotic gait rehabilitation", J NeuroEng Rehabil 4:1, 2007). The value is the mean of the torque with which the
 * patient acts on the robot, projected on the wanted direction of movement, each moment weighted by how fast the wanted
 * movement is there and by where in the phase it is. So it is in Nm, positive where the patient drives the movement, negative
 * where the robot has to, and does not grow with the walking speed by itself. The torque of stretched tissue counts as the
 * patient's: a relaxed leg is not at zero, and values are to be compared with each other.
 */
import type { JointKind } from '../../protocols/profile.ts';

export interface PhaseWeights {
  /** Evenly spaced over the phase from its begin to its end, straight in between. */
  readonly stance: readonly number[];
  readonly swing: readonly number[];
}

/** Own values: loading and unloading of the foot shake the torque at either end of a phase, so its middle counts. */
export const DEFAULT_WEIGHTS: PhaseWeights = { stance: [0, 1, 1, 1, 0], swing: [0, 1, 1, 1, 0] };

/**
 * Own values. The knee counts while it bends for the swing, from the last sixth of the stance until it turns, at 72 % of the
 * stride: before it hardly moves, and afterwards the shank swings out by itself and whoever walks well brakes it (D. Winter,
 * Biomechanics and Motor Control of Human Movement, 2009, power of the knee: K4), which must not look like resisting.
 */
const KNEE_WEIGHTS: PhaseWeights = { stance: [0, 0, 0, 0, 0, 1], swing: [1, 0, 0, 0] };

export const weightsOf = (kind: JointKind | undefined): PhaseWeights => (kind === 'knee' ? KNEE_WEIGHTS : DEFAULT_WEIGHTS);

export interface StrideTorque {
  /** Torque of the patient on the robot, evenly sampled from heel strike to heel strike, Nm; the joint's positive direction. */
  readonly interactionNm: ArrayLike<number>;
  /** Velocity of the reference at the same moments, rad/s. */
  readonly wantedVelocityRadPerSec: ArrayLike<number>;
  /** Where in the stride the toe leaves the ground, 0 … 1. */
  readonly stanceShare: number;
}

export interface PhaseFeedback {
  /** Nm; null where the phase wants no movement or has no sample. */
  readonly stanceNm: number | null;
  readonly swingNm: number | null;
}

export function strideBiofeedback(stride: StrideTorque, weights: PhaseWeights = DEFAULT_WEIGHTS): PhaseFeedback {
  const { interactionNm, wantedVelocityRadPerSec: wanted, stanceShare } = stride;
  const sums = { stance: { torque: 0, weight: 0 }, swing: { torque: 0, weight: 0 } };
  const last = interactionNm.length - 1;
  for (let i = 0; i <= last; i++) {
    const share = last === 0 ? 0 : i / last;
    const phase = share < stanceShare ? 'stance' : 'swing';
    const progress = phase === 'stance' ? share / stanceShare : (share - stanceShare) / (1 - stanceShare);
    const weight = weightAt(weights[phase], progress);
    const velocity = wanted[i] ?? 0;
    sums[phase].torque += weight * (interactionNm[i] ?? 0) * velocity;
    sums[phase].weight += weight * Math.abs(velocity);
  }
  // A torque that was not known for a while leaves the whole phase unknown.
  const value = ({ torque, weight }: { torque: number; weight: number }): number | null => (weight > 0 && Number.isFinite(torque) ? torque / weight : null);
  return { stanceNm: value(sums.stance), swingNm: value(sums.swing) };
}

/** @param progress through the phase, 0 … 1 */
function weightAt(weights: readonly number[], progress: number): number {
  const place = progress * (weights.length - 1);
  const before = Math.min(Math.floor(place), weights.length - 1);
  const left = weights[before] ?? 0;
  return left + ((weights[before + 1] ?? left) - left) * (place - before);
}
