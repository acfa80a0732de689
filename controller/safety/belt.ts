/**
 * What the treadmill may be told: it starts from rest only, gains speed by the start ramp, loses it by the stop ramp, never
 * runs backward, and stands unless the legs walk. What is no number asks for a standing belt.
 */
import type { TreadmillInputs } from '../../protocols/joints.ts';
import { clamp } from '../../protocols/math.ts';
import type { RobotProfile } from '../../protocols/profile.ts';
import { paceOf } from '../../protocols/therapy-limits.ts';
import { kmhToMps } from '../../protocols/units.ts';

/**
 * `stand`: come to rest now. `fade`: the legs end their walking; never faster than before, and at rest when their soft stop
 * is over. `ease`: a leg is softened; no faster than the slowest walking. `walk`: as therapy asks.
 */
export type BeltMode = 'stand' | 'fade' | 'ease' | 'walk';

export interface BeltLimits {
  readonly speedMps: number;
  /** The slowest walking: as fast as a belt may be under a softened leg. */
  readonly easedMps: number;
  readonly startRampMps2: number;
  readonly stopRampMps2: number;
  /** After this the belt of a soft stop has to stand. */
  readonly fadeSec: number;
}

/** A belt slower than this stands; twice the resolution and noise of what treadmills report. */
const REST_MPS = 0.02;
/** Own value: the legs' blend turns around before it fades. */
const FADE_MARGIN_SEC = 0.5;

/** @returns null for a robot that drives no belt */
export function createBeltLimits(profile: RobotProfile): BeltLimits | null {
  const { treadmill, therapy } = profile;
  if (treadmill === undefined) return null;
  return {
    speedMps: kmhToMps(treadmill.speedMaxKmh),
    easedMps: paceOf(profile).min,
    startRampMps2: treadmill.startRampMps2,
    stopRampMps2: treadmill.stopRampMps2,
    fadeSec: therapy.softStopSec + FADE_MARGIN_SEC,
  };
}

export class BeltEnvelope {
  speedMps = 0;
  enable = false;
  #fadedSec = 0;

  constructor(
    private readonly limits: BeltLimits,
    private readonly periodSec: number,
  ) {}

  /**
   * Once per cycle.
   * @param obeying false: it did not do what it was told, and is left to its own brake
   */
  apply(wishMps: number, measured: TreadmillInputs, mode: BeltMode, obeying: boolean): void {
    const { startRampMps2, stopRampMps2 } = this.limits;
    const before = this.speedMps;
    this.#fadedSec = mode === 'fade' ? this.#fadedSec + this.periodSec : 0;
    const wish = wishMps > 0 ? Math.min(wishMps, this.#ceiling(mode)) : 0;
    const startable = before > 0 || atRest(measured);
    this.speedMps = clamp(wish, Math.max(0, before - stopRampMps2 * this.periodSec), before + (startable ? startRampMps2 * this.periodSec : 0));
    this.enable = obeying && (mode !== 'stand' || this.speedMps > 0);
  }

  #ceiling(mode: BeltMode): number {
    const { speedMps, easedMps, fadeSec } = this.limits;
    if (mode === 'walk') return speedMps;
    if (mode === 'ease') return Math.min(this.speedMps, easedMps);
    return mode === 'fade' && this.#fadedSec <= fadeSec ? this.speedMps : 0;
  }
}

/** Negated: an age or a speed that is no number is not at rest. */
const atRest = ({ ageUs, leftMps, rightMps }: TreadmillInputs): boolean => Number.isFinite(ageUs) && Math.abs(leftMps) <= REST_MPS && Math.abs(rightMps) <= REST_MPS;
