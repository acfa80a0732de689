/**
 * A patient who helps: he pushes the way his leg goes, after a reaction time, and never the same twice. He knows no
 * reference: what he follows is the movement that he feels. But he walks: he lets a leg that is as fast as his own gait go
 * by itself, and catches it before it leaves the range of his gait, which he knows beforehand and needs no reaction for.
 */
import { clamp } from '../../protocols/math.ts';
import type { LimbKind, RangeRad } from '../../protocols/profile.ts';
import { degToRad, US_PER_S } from '../../protocols/units.ts';
import type { Random } from '../../protocols/random.ts';
import { bell } from '../bell.ts';
import { STEP_US } from '../drives/device.ts';
import { DelayLine } from './delay-line.ts';
import type { JointMuscles } from './joint-muscles.ts';

const STEP_S = STEP_US / US_PER_S;
/** From feeling how the leg is moved to the torque: a long-latency response of about 100 ms, which varies (own figures). */
const REACTION_STEPS = { mean: 100, deviation: 20, least: 40, most: 180 };
/**
 * From one stroke to the next, and beside that a slow wandering: together a sixth of the effort. Own figures, after the
 * repeatability of the sagittal hip and knee moments of healthy people (M. Kadaba et al., J. Orthop. Res. 7 (1989) 849-860).
 */
const STROKE_VARIATION = 0.15;
const WANDER = 0.08;
const WANDER_S = 0.5;
/** Excitation to force: F. Zajac, Crit. Rev. Biomed. Eng. 17 (1989) 359-411, deactivation of 40 to 60 ms. */
const ACTIVATION_S = 0.05;
/** At this speed he gives half of his effort; below the threshold he feels no movement to follow. Own figures. */
const HALF_EFFORT_RAD_PER_SEC = 0.7;
const FELT_RAD_PER_SEC = 0.1;
/** He takes part while movement goes on, and relaxes when it ends: own figures. */
const TAKES_PART_RAD_PER_SEC = 0.3;
const TAKES_PART_S = 0.5;

/** How his joints move when he walks at ease: the angles and speeds of slow to usual gait (J. Perry, Gait Analysis, 1992), and a little more. */
const GAIT: Readonly<Record<LimbKind, { readonly rangeRad: RangeRad; readonly radPerSec: number; readonly effort?: number }>> = {
  hip: { rangeRad: { min: degToRad(-15), max: degToRad(45) }, radPerSec: 3 },
  knee: { rangeRad: { min: degToRad(4), max: degToRad(68) }, radPerSec: 6 },
  ankle: { rangeRad: { min: degToRad(-18), max: degToRad(14) }, radPerSec: 3 },
  // Reaching at ease, within most of the range, with the share of a leg's effort that such a joint can give (own values).
  shoulderHorizontal: { rangeRad: { min: degToRad(-40), max: degToRad(100) }, radPerSec: 1.5, effort: 0.8 },
  shoulderElevation: { rangeRad: { min: degToRad(45), max: degToRad(115) }, radPerSec: 1.5, effort: 0.8 },
  shoulderRotation: { rangeRad: { min: degToRad(5), max: degToRad(85) }, radPerSec: 1.5, effort: 0.4 },
  elbow: { rangeRad: { min: degToRad(5), max: degToRad(95) }, radPerSec: 2, effort: 0.5 },
  forearm: { rangeRad: { min: degToRad(-50), max: degToRad(50) }, radPerSec: 2, effort: 0.1 },
  wrist: { rangeRad: { min: degToRad(-50), max: degToRad(50) }, radPerSec: 2, effort: 0.1 },
};

/** Of what a leg's joint can give at most. */
export const effortShare = (joint: LimbKind): number => GAIT[joint].effort ?? 1;

/** He catches a leg that will be outside so soon, with all his effort when it will be so far outside: own figures. */
const FORESIGHT_S = 0.15;
const ALL_EFFORT_RAD = 0.3;

export class TakingPart implements JointMuscles {
  readonly #felt = new DelayLine(REACTION_STEPS.most);
  #strokeGain = 1;
  #reactionSteps = REACTION_STEPS.mean;
  #direction = 0;
  #excitation = 0;
  #vigour = 0;
  #wander = 0;

  readonly #effortNm: number;

  /** @param effortNm of a leg's joint, at most */
  constructor(
    effortNm: number,
    private readonly joint: LimbKind,
    private readonly random: Random,
  ) {
    this.#effortNm = effortShare(joint) * effortNm;
  }

  torqueNm(velocityRadPerSec: number, positionRad: number): number {
    const velocity = this.#felt.push(velocityRadPerSec, this.#reactionSteps);
    const speed = Math.max(0, Math.abs(velocity) - FELT_RAD_PER_SEC);
    const direction = speed === 0 ? 0 : Math.sign(velocity);
    if (direction !== 0 && direction !== this.#direction) this.#beginStroke(direction);
    const { rangeRad, radPerSec } = GAIT[this.joint];
    const pushing = ((direction * speed) / (speed + HALF_EFFORT_RAD_PER_SEC)) * Math.max(0, 1 - Math.abs(velocityRadPerSec) / radPerSec);
    const soonRad = positionRad + FORESIGHT_S * velocityRadPerSec;
    const outsideRad = soonRad - clamp(soonRad, rangeRad.min, rangeRad.max);
    const wanted = clamp(outsideRad * pushing > 0 ? -outsideRad / ALL_EFFORT_RAD : pushing - outsideRad / ALL_EFFORT_RAD, -1, 1);
    this.#excitation += ((wanted - this.#excitation) * STEP_S) / ACTIVATION_S;
    this.#vigour += ((Math.min(1, speed / TAKES_PART_RAD_PER_SEC) - this.#vigour) * STEP_S) / TAKES_PART_S;
    this.#wander += (-this.#wander * STEP_S) / WANDER_S + Math.sqrt((2 * STEP_S) / WANDER_S) * bell(this.random);
    return this.#effortNm * this.#vigour * (this.#strokeGain * this.#excitation + WANDER * this.#wander);
  }

  #beginStroke(direction: number): void {
    const { mean, deviation, least, most } = REACTION_STEPS;
    this.#direction = direction;
    this.#strokeGain = Math.max(0, 1 + STROKE_VARIATION * bell(this.random));
    this.#reactionSteps = Math.round(clamp(mean + deviation * bell(this.random), least, most));
  }
}
