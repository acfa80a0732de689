/**
 * How fast a joint may move so that it can still stop before a limit: the closed form of a jerk-limited stop.
 * From zero acceleration the stop is taken to need d = v²/(2a) + 2av/j, which solved for v gives ½(−b + √(b² − 4c)) with
 * b = 4a²/j and c = −2ad. Travel during a dead time T adds v·T to d, that is 2aT to b.
 *
 * The stop itself needs less, v²/(2a) + av/(2j). What is left covers the way on which the jerk first turns an acceleration
 * α ≤ a around, v·α/j at most, where v is the greatest speed on that way.
 */
import { clamp } from '../../protocols/math.ts';

export interface BrakingAbility {
  /** Deceleration that the joint really reaches, rad/s². */
  readonly accelerationRadPerSec2: number;
  /** rad/s³ */
  readonly jerkRadPerSec3: number;
  /** Between a measurement and the drive acting on it, s. */
  readonly deadTimeSec: number;
}

/**
 * Largest speed toward a limit, rad/s, never negative.
 * @param distanceRad left to the limit; 0 or less allows nothing
 * @param towardRadPerSec2 current acceleration toward the limit: the speed it still adds while the dead time passes and
 *   the jerk turns it around is subtracted; a deceleration earns nothing, and a joint accelerates no harder than it brakes.
 *   One that is no number counts as the greatest
 */
export function brakingSpeed(ability: BrakingAbility, distanceRad: number, towardRadPerSec2: number): number {
  const { accelerationRadPerSec2: a, jerkRadPerSec3: j, deadTimeSec } = ability;
  const b = (4 * a * a) / j + 2 * a * deadTimeSec;
  const c = -2 * a * distanceRad;
  // The same root as ½(−b + √(b² − 4c)), without the difference that rounding eats up when b is large.
  const fromRest = (-2 * c) / (b + Math.sqrt(b * b - 4 * c));
  const toward = Number.isNaN(towardRadPerSec2) ? a : clamp(towardRadPerSec2, 0, a);
  // Neither a distance that is used up nor one that is no number gives a speed.
  const speed = fromRest - toward * deadTimeSec - (toward * toward) / (2 * j);
  return speed > 0 ? speed : 0;
}
