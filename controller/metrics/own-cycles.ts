/**
 * What an arm repeats that nobody leads. It makes no heel strikes: its cycle goes from one passing of the middle of the joint that
 * moves most to the next the same way, or to the second or third next, where only then everything comes back. Own definition.
 */
import type { RobotProfile } from '../../protocols/profile.ts';
import { fieldOffset, layoutOf } from '../../protocols/session-log.ts';
import { supervisorStates } from '../../protocols/supervision.ts';
import { radToDeg } from '../../protocols/units.ts';
import { MAX_GAP_SEC, resample } from './sampling.ts';
import { CURVE_POINTS } from './strides.ts';

/** Of a movement of a hand, enough by far. */
const SAMPLE_SEC = 0.02;
/** Rounding of a sample's time. */
const EARLY_SEC = 1e-6;
/** Of its scatter, how far a joint has to go to both sides of its middle. Own value. */
const SIDE_SD = 0.5;
/** Own value: more would make one cycle of any movement. */
export const MOST_PASSINGS = 3;
const RUNNING = supervisorStates.indexOf('running');

export interface OwnCycle {
  readonly startSec: number;
  readonly endSec: number;
  /** Of each joint over the cycle, degrees. */
  readonly curvesDeg: readonly (readonly number[])[];
}

/** Without a hole in time. */
interface Span {
  readonly timeSec: number[];
  /** Per joint. */
  readonly rad: readonly number[][];
}

export class OwnCycles {
  readonly #columns: { readonly state: number; readonly blend: number; readonly angles: readonly number[] };
  readonly #spans: Span[] = [];

  constructor(profile: RobotProfile) {
    const layout = layoutOf(profile);
    this.#columns = { state: fieldOffset(layout, 'state'), blend: fieldOffset(layout, 'blend'), angles: profile.joints.map((_, j) => fieldOffset(layout, 'encoderPositionRad', j)) };
  }

  /** @param start index of the row's first number in `rows` @param counts nobody leads the arm, and the time is one that is asked for */
  row(rows: Float64Array, start: number, timeSec: number, counts: boolean): void {
    const { state, blend, angles } = this.#columns;
    if (!counts || rows[start + state] !== RUNNING || rows[start + blend] !== 1) return;
    let span = this.#spans.at(-1);
    const sinceSec = timeSec - (span?.timeSec.at(-1) ?? -Infinity);
    if (sinceSec < SAMPLE_SEC - EARLY_SEC) return;
    if (span === undefined || sinceSec > MAX_GAP_SEC) this.#spans.push((span = { timeSec: [], rad: angles.map(() => []) }));
    span.timeSec.push(timeSec);
    angles.forEach((at, j) => span.rad[j]?.push(rows[start + at] ?? Number.NaN));
  }

  /** @param passings of the middle in a cycle */
  cycles(passings: number): OwnCycle[] {
    const { joint, middleRad, sideRad } = this.#main();
    return this.#spans.flatMap((span) => {
      const at = risesSec(span.timeSec, span.rad[joint] ?? [], middleRad, sideRad);
      const cycles: OwnCycle[] = [];
      for (let i = passings; i < at.length; i += passings) {
        const [startSec = 0, endSec = 0] = [at[i - passings], at[i]];
        cycles.push({ startSec, endSec, curvesDeg: span.rad.map((rad) => Array.from(resample(span.timeSec, rad, { startSec, endSec }, CURVE_POINTS), radToDeg)) });
      }
      return cycles;
    });
  }

  /** The joint that moves most. */
  #main(): { joint: number; middleRad: number; sideRad: number } {
    const best = { joint: 0, middleRad: 0, sideRad: 0 };
    this.#columns.angles.forEach((_, joint) => {
      let [count, sum, squares] = [0, 0, 0];
      for (const { rad } of this.#spans)
        for (const angle of rad[joint] ?? []) {
          count++;
          sum += angle;
          squares += angle * angle;
        }
      const mean = sum / count;
      const sideRad = SIDE_SD * Math.sqrt(Math.max(0, squares / count - mean * mean));
      if (sideRad > best.sideRad) Object.assign(best, { joint, middleRad: mean, sideRad });
    });
    return best;
  }
}

/** When it passed its middle upward, on a way from one side of it to the other. */
function risesSec(timeSec: readonly number[], rad: readonly number[], middleRad: number, sideRad: number): number[] {
  const found: number[] = [];
  let wasLow = false;
  let passedSec = Number.NaN;
  for (let i = 1; i < rad.length; i++) {
    const [before = 0, after = 0, fromSec = 0, toSec = 0] = [rad[i - 1], rad[i], timeSec[i - 1], timeSec[i]];
    if (before < middleRad && after >= middleRad) passedSec = fromSec + ((toSec - fromSec) * (middleRad - before)) / (after - before);
    if (after < middleRad - sideRad) wasLow = true;
    if (!wasLow || after < middleRad + sideRad) continue;
    wasLow = false;
    found.push(passedSec);
  }
  return found;
}
