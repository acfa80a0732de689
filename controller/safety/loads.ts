/**
 * What a drive is burdened with, and how much of its torque it may still be asked for: I²t against its peak time, its
 * temperature, and the mechanical power that it exchanges with the limb. Both heats take torque away gently and without
 * chatter, down to what the drive can bear for ever; only beyond that they stop.
 */
import { clamp } from '../../protocols/math.ts';
import { US_PER_S } from '../../protocols/units.ts';
import type { JointLimits } from './limits.ts';
import type { TrustedJoint } from './trusted-joint.ts';

/** Own values, of the I²t budget: torque falls from the first on, and is full again below the second. */
const NEAR = 0.7;
const NEAR_NO_MORE = 0.6;
/** Own value: a winding has to cool by this much before it is given torque again. */
const HYSTERESIS_C = 3;
/** Own value, of the continuous torque: with less than that a hot drive surely cools. */
const COOLING_SHARE = 0.5;

export class JointLoad {
  /** Of the joint's torque limit, 0 … 1. */
  torqueShare = 1;
  /** Of the I²t budget that is spent; 1 and more: the drive is beyond what its maker allows. */
  overload = 0;
  overloadNear = false;
  hot = false;
  /** Given to the limb, or negative: taken from it, W. */
  powerW = 0;
  readonly #limits: JointLimits;
  readonly #budgetNm2s: number;
  readonly #continuousShare: number;
  #spentNm2s = 0;
  /** Follows the temperature up at once and down only behind the hysteresis. */
  #heldC = -Infinity;

  constructor(limits: JointLimits) {
    this.#limits = limits;
    const { continuousTorqueNm, peakTorqueNm, peakTimeSec, torqueNm } = limits;
    this.#budgetNm2s = (peakTorqueNm * peakTorqueNm - continuousTorqueNm * continuousTorqueNm) * peakTimeSec;
    this.#continuousShare = Math.min(1, continuousTorqueNm / torqueNm);
  }

  /** Once per cycle. @param tempC one that is no number counts as hot */
  update(joint: TrustedJoint, tempC: number, elapsedUs: number): void {
    this.#heat(joint, elapsedUs);
    this.#warm(tempC);
    // Between gear and limb; a sensor that is doubted is replaced by the motor's own torque.
    this.powerW = joint.motorFresh ? (joint.torqueDoubted ? joint.torqueNm : joint.jointTorqueNm) * joint.velocityRadPerSec : 0;
    const { tempWarnC, tempLimitC } = this.#limits;
    const byOverload = falling((this.overload - NEAR) / (1 - NEAR), this.#continuousShare);
    const byTemperature = falling((this.#heldC - tempWarnC) / (tempLimitC - tempWarnC), COOLING_SHARE * this.#continuousShare);
    this.torqueShare = Math.min(byOverload, byTemperature);
  }

  /** A drive that is not heard neither heats nor cools. */
  #heat({ motorFresh, torqueNm }: TrustedJoint, elapsedUs: number): void {
    const { continuousTorqueNm } = this.#limits;
    if (motorFresh) this.#spentNm2s = Math.max(0, this.#spentNm2s + ((torqueNm * torqueNm - continuousTorqueNm * continuousTorqueNm) * elapsedUs) / US_PER_S);
    // A drive whose peak is its continuous torque has no budget at all.
    this.overload = this.#spentNm2s > 0 ? this.#spentNm2s / this.#budgetNm2s : 0;
    this.overloadNear = this.overload > (this.overloadNear ? NEAR_NO_MORE : NEAR);
  }

  #warm(tempC: number): void {
    if (!(tempC <= this.#heldC)) this.#heldC = Number.isNaN(tempC) ? Infinity : tempC;
    else if (tempC < this.#heldC - HYSTERESIS_C) this.#heldC = tempC + HYSTERESIS_C;
    this.hot = this.#heldC > this.#limits.tempWarnC;
  }
}

/** 1 up to 0, `least` from 1 on, straight between. */
const falling = (way: number, least: number): number => 1 - (1 - least) * clamp(way, 0, 1);
