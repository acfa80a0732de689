/**
 * A leg that gives way. Soft, it keeps its weight and is damped, but nothing pulls it to the pattern: the reference moves
 * with the person's own torque, away from the stretch that a spasm answers. And however firm a leg is, its spring never
 * holds against a person with more than a share of the joint's interaction limit.
 */
import type { EmgInputs } from '../../protocols/joints.ts';
import { clamp } from '../../protocols/math.ts';

/** Share of the stride at which the foot leaves the ground (J. Perry, Gait Analysis, 1992: 60 to 62 %). */
export const TOE_OFF = 0.6;
/** Own values. */
const SOFTEN_SEC = 0.03; // the torque of full guidance goes at the envelope's rate in less
const FIRM_UP_SEC = 0.1; // before a swinging leg has to stand
/** Beside the drive's own: a leg that is pushed with 40 Nm gives way at 2 rad/s, not faster and faster into its range's end. */
export const SOFT_DAMPING_NMS_PER_RAD = 15;
const YIELD_RAD_PER_SEC_PER_NM = 0.015;
const YIELD_RAD_PER_SEC = 0.35; // slow walking moves a joint three times as fast
/** The rest of the limit is for what nothing can take away: friction, rotor and segments that have to be moved. */
const WALKING_SHARE = 0.75;
const STOPPING_SHARE = 0.9; // little moves then, and the leg should stand
/** Of a leg that swings, all torque together, its weight and friction too; own value: the rest is for the way it makes in the drive's dead time. */
const SWINGING_SHARE = 0.8;

/** What asks a leg to give way. */
export interface Yielding {
  /** Per leg: it is asked to be soft while it swings, and to stop no harder than a person's limb may be held. */
  left: boolean;
  right: boolean;
  /** Per joint, Nm, flexion positive: what the person adds. */
  readonly interactionNm: ArrayLike<number>;
  /** What his muscles show; absent: nobody looks. */
  emg?: EmgInputs | undefined;
}

export const inSwing = (phase: number): boolean => phase - Math.floor(phase) >= TOE_OFF;

/** 0 as guided … 1 soft. */
export const softer = (softness: number, soft: boolean, elapsedSec: number): number =>
  clamp(softness + (soft ? elapsedSec / SOFTEN_SEC : -elapsedSec / FIRM_UP_SEC), 0, 1);

/** How fast a soft joint's reference goes with the person. A torque that is no number moves nothing. */
export function yieldSpeed(interactionNm: number): number {
  const speed = clamp(YIELD_RAD_PER_SEC_PER_NM * interactionNm, -YIELD_RAD_PER_SEC, YIELD_RAD_PER_SEC);
  return Number.isFinite(speed) ? speed : 0;
}

/** Part of a spring's torque that the joint may hold against a person, 0 … 1. */
export function holdingShare(springNm: number, interactionLimitNm: number, stopping: boolean): number {
  const mostNm = (stopping ? STOPPING_SHARE : WALKING_SHARE) * interactionLimitNm;
  return Math.abs(springNm) > mostNm ? mostNm / Math.abs(springNm) : 1;
}

/** Most torque with which a joint that gives way may oppose a person, everything together. */
export const opposingMostNm = (interactionLimitNm: number, swings: boolean): number => (swings ? SWINGING_SHARE : STOPPING_SHARE) * interactionLimitNm;

/**
 * Part of what pulls the joint to where it should be that stays when, with what carries the leg, it opposes a person with
 * no more than so much, 0 … 1.
 * @param personNm what he adds; one without a direction counts as opposed
 */
export function yieldingShare(pullingNm: number, carryingNm: number, personNm: number, mostNm: number): number {
  const direction = opposite(personNm, pullingNm + carryingNm);
  const pulledNm = direction * pullingNm;
  const excessNm = pulledNm + direction * carryingNm - mostNm;
  return excessNm > 0 && pulledNm > 0 ? clamp(1 - excessNm / pulledNm, 0, 1) : 1;
}

/** The whole torque of a joint whose leg swings; against a person, no more than so much. */
export function yieldingNm(wantedNm: number, personNm: number, mostNm: number): number {
  const direction = opposite(personNm, wantedNm);
  return direction * wantedNm > mostNm ? direction * mostNm : wantedNm;
}

/** 1 or -1. */
const opposite = (personNm: number, torqueNm: number): number => -Math.sign(personNm) || Math.sign(torqueNm);
