/**
 * Spastic muscles: stretched faster than a threshold, they pull against it a reflex time later (J. W. Lance's
 * definition of 1980: a velocity-dependent increase in tonic stretch reflexes). Both sides of the joint, so any movement
 * is resisted.
 */
import { clamp } from '../../protocols/math.ts';
import type { LimbKind } from '../../protocols/profile.ts';
import { US_PER_S } from '../../protocols/units.ts';
import { STEP_US } from '../drives/device.ts';
import { DelayLine } from './delay-line.ts';
import type { JointMuscles } from './joint-muscles.ts';

const THRESHOLD_RAD_PER_SEC = 0.05;
const REFLEX_STEPS = 30;
/**
 * Per grade. Isokinetic tests of spastic knees find some 5 to 20 Nm of reflex resistance at 2 to 3 rad/s between mild
 * and severe, so that grades 1 to 3 are 3, 6 and 9 Nm per rad/s. Own choice within that.
 */
const NM_PER_RAD_PER_SEC = 3;
/** Per grade: as much as a grade gives at 5 rad/s, which is more than gait ever asks of a joint. */
const SATURATION_NM = 15;
/** Twitch of the muscle: own figure, at the fast end of activation. */
const ACTIVATION_S = 0.02;
/** A foot and an arm are light: with more a relaxed one would beat by itself. Own figures. */
const SHARE: Readonly<Record<LimbKind, number>> = { hip: 1, knee: 1, ankle: 0.15, shoulderHorizontal: 0.3, shoulderElevation: 0.3, shoulderRotation: 0.15, elbow: 0.3, forearm: 0.03, wrist: 0.03 };
const STEP_S = STEP_US / US_PER_S;

export class Spasticity implements JointMuscles {
  readonly #reflex = new DelayLine(REFLEX_STEPS);
  #torqueNm = 0;

  readonly #gain: number;

  constructor(grade: 1 | 2 | 3, joint: LimbKind) {
    this.#gain = grade * SHARE[joint];
  }

  torqueNm(velocityRadPerSec: number): number {
    const delayed = this.#reflex.push(velocityRadPerSec, REFLEX_STEPS);
    const stretch = delayed - clamp(delayed, -THRESHOLD_RAD_PER_SEC, THRESHOLD_RAD_PER_SEC);
    const most = this.#gain * SATURATION_NM;
    const wantedNm = clamp(-this.#gain * NM_PER_RAD_PER_SEC * stretch, -most, most);
    this.#torqueNm += ((wantedNm - this.#torqueNm) * STEP_S) / ACTIVATION_S;
    return this.#torqueNm;
  }
}
