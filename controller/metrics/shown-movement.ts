/**
 * The movement that a therapist showed the robot in a session: of the strides in which the robot did not lead, or of what an arm
 * repeated then, the mean of each joint over the cycle, closed and without what is faster than its lowest harmonics.
 */
import { isArm, type RobotProfile } from '../../protocols/profile.ts';
import { fieldOffset, layoutOf } from '../../protocols/session-log.ts';
import type { SessionSetup, Side } from '../../protocols/supervision.ts';
import { trainingModes } from '../../protocols/training-mode.ts';
import type { Trajectory, TrajectoryCurve } from '../../protocols/trajectory.ts';
import { cos, sin } from '../../protocols/math.ts';
import { US_PER_S } from '../../protocols/units.ts';
import { LegStrides, type LegStride } from './leg-strides.ts';
import { MOST_PASSINGS, OwnCycles } from './own-cycles.ts';
import { strideCurveDeg } from './stride-figures.ts';
import { CURVE_POINTS } from './strides.ts';

/** Own values. Fewer are no movement that somebody repeats. */
export const LEAST_CYCLES = 3;
/** Farther apart, end and beginning are not the same posture. */
const MOST_GAP_DEG = 5;
/** Of the mean, over the whole cycle: more, and the mean is none of them. */
const MOST_SCATTER_DEG = 12;
/** Eight keep the published hip and knee within 0.2°. */
const HARMONICS = 8;
const POINTS = CURVE_POINTS - 1;
const TRANSPARENT = trainingModes.indexOf('transparent');

export interface ShownWindow {
  /** Seconds of the session. */
  readonly fromSec: number;
  readonly toSec: number;
}

/** What is wrong with what was shown, in words that end with what to do. */
export type ShownMovement = { readonly ok: true; readonly trajectory: Trajectory } | { readonly ok: false; readonly why: string };

/** Of a kind of limb: finds what repeats itself. */
interface CycleFinder {
  /** @param start index of the row's first number in `rows` @param led the robot led in this row */
  row(rows: Float64Array, start: number, timeSec: number, led: boolean): void;
  /** The likeliest first; of each, what is wrong with it, or what was repeated. */
  found(): Found[];
}

type Found = { readonly why: string } | { readonly cycles: number; readonly cycleSec: number; readonly sums: readonly JointSum[] };

export class ShownMovementReader {
  readonly #finder: CycleFinder;
  readonly #modeAt: number;
  readonly #timeAt: number;
  #firstUs = Number.NaN;

  constructor(
    private readonly profile: RobotProfile,
    setup: SessionSetup,
    window: ShownWindow,
  ) {
    const layout = layoutOf(profile);
    this.#modeAt = fieldOffset(layout, 'mode');
    this.#timeAt = fieldOffset(layout, 'nowUs');
    this.#finder = isArm(profile) ? new ArmCycles(profile, window) : new LegCycles(profile, setup, window);
  }

  /** @param start index of the row's first number in `rows` */
  row(rows: Float64Array, start: number): void {
    const nowUs = rows[start + this.#timeAt] ?? Number.NaN;
    if (Number.isNaN(this.#firstUs)) this.#firstUs = nowUs;
    this.#finder.row(rows, start, (nowUs - this.#firstUs) / US_PER_S, rows[start + this.#modeAt] !== TRANSPARENT);
  }

  result(name: string): ShownMovement {
    const all = this.#finder.found().map((found) => this.#judge(found, name));
    const [first] = all;
    return all.find(({ ok }) => ok) ?? first ?? { ok: false, why: 'there is nothing in it' };
  }

  #judge(found: Found, name: string): ShownMovement {
    if ('why' in found) return { ok: false, why: found.why };
    const curves: TrajectoryCurve[] = [];
    for (const [j, sum] of found.sums.entries()) {
      const jointId = this.profile.joints[j]?.id ?? '';
      const { meanDeg, scatterDeg } = sum;
      const gapDeg = Math.abs((meanDeg[POINTS] ?? 0) - (meanDeg[0] ?? 0));
      if (scatterDeg > MOST_SCATTER_DEG) return { ok: false, why: `${jointId} was moved differently each time, by ${scatterDeg.toFixed(1)}° (at most ${MOST_SCATTER_DEG}°). Show the same movement several times` };
      if (gapDeg > MOST_GAP_DEG) return { ok: false, why: `${jointId} ends ${gapDeg.toFixed(1)}° from where it began (at most ${MOST_GAP_DEG}°). Show a movement that comes back` };
      curves.push({ jointId, ...harmonicsOf(meanDeg) });
    }
    return { ok: true, trajectory: { schemaVersion: 1, name, cycleSec: rounded(found.cycleSec, 3), cycles: found.cycles, joints: curves } };
  }
}

/** Both legs' strides, each by its own heel strike. */
class LegCycles implements CycleFinder {
  readonly #legs: LegStrides;
  readonly #sums: readonly JointSum[];
  readonly #cycles: Record<Side, number> = { left: 0, right: 0 };
  #secondsSum = 0;
  /** The newest time at which the robot led. */
  #ledSec = -Infinity;

  constructor(
    profile: RobotProfile,
    setup: SessionSetup,
    private readonly window: ShownWindow,
  ) {
    this.#sums = profile.joints.map(() => new JointSum());
    this.#legs = new LegStrides(profile, setup, (stride) => this.#add(stride));
  }

  row(rows: Float64Array, start: number, timeSec: number, led: boolean): void {
    if (led) this.#ledSec = timeSec;
    this.#legs.row(rows, start);
  }

  found(): Found[] {
    const { left, right } = this.#cycles;
    const cycles = Math.min(left, right);
    if (cycles < LEAST_CYCLES) return [{ why: `there are ${left} left and ${right} right strides in the transparent mode, and it takes ${LEAST_CYCLES} of each. Show the movement for longer, without a stop` }];
    return [{ cycles, cycleSec: this.#secondsSum / (left + right), sums: this.#sums }];
  }

  #add(stride: LegStride): void {
    const { fromSec, toSec } = this.window;
    if (stride.startSec < fromSec || stride.endSec > toSec || stride.startSec <= this.#ledSec) return;
    this.#cycles[stride.side]++;
    this.#secondsSum += stride.endSec - stride.startSec;
    for (const { index, channels } of stride.joints) this.#sums[index]?.add(strideCurveDeg(stride, channels));
  }
}

/** What an arm, or both at once, repeated. */
class ArmCycles implements CycleFinder {
  readonly #own: OwnCycles;

  constructor(
    private readonly profile: RobotProfile,
    private readonly window: ShownWindow,
  ) {
    this.#own = new OwnCycles(profile);
  }

  row(rows: Float64Array, start: number, timeSec: number, led: boolean): void {
    this.#own.row(rows, start, timeSec, !led && timeSec >= this.window.fromSec && timeSec <= this.window.toSec);
  }

  found(): Found[] {
    return Array.from({ length: MOST_PASSINGS }, (_, i) => this.#repeated(i + 1));
  }

  #repeated(passings: number): Found {
    const cycles = this.#own.cycles(passings);
    if (cycles.length < LEAST_CYCLES) return { why: `it repeats itself ${cycles.length} times in the transparent mode, and it takes ${LEAST_CYCLES}. Show the movement for longer, without a stop` };
    const sums = this.profile.joints.map(() => new JointSum());
    for (const { curvesDeg } of cycles) curvesDeg.forEach((curve, j) => sums[j]?.add(curve));
    return { cycles: cycles.length, cycleSec: cycles.reduce((sum, { startSec, endSec }) => sum + endSec - startSec, 0) / cycles.length, sums };
  }
}

/** Mean and scatter of curves. */
class JointSum {
  readonly #sum = new Float64Array(CURVE_POINTS);
  readonly #squares = new Float64Array(CURVE_POINTS);
  #count = 0;

  add(curveDeg: readonly number[]): void {
    this.#count++;
    curveDeg.forEach((deg, i) => {
      this.#sum[i] = (this.#sum[i] ?? 0) + deg;
      this.#squares[i] = (this.#squares[i] ?? 0) + deg * deg;
    });
  }

  get meanDeg(): number[] {
    return Array.from(this.#sum, (sum) => sum / this.#count);
  }

  /** Standard deviation, root mean square over the cycle. */
  get scatterDeg(): number {
    const variance = this.meanDeg.reduce((sum, mean, i) => sum + Math.max(0, (this.#squares[i] ?? 0) / this.#count - mean * mean), 0) / CURVE_POINTS;
    return Math.sqrt(variance);
  }
}

/** Least-squares Fourier coefficients of a curve whose end is laid on its beginning. */
function harmonicsOf(meanDeg: readonly number[]): Omit<TrajectoryCurve, 'jointId'> {
  const gapDeg = (meanDeg[POINTS] ?? 0) - (meanDeg[0] ?? 0);
  const closed = meanDeg.slice(0, POINTS).map((deg, i) => deg - gapDeg * (i / POINTS - 0.5));
  const project = (wave: (angle: number) => number) => (n: number): number => rounded((2 / POINTS) * closed.reduce((sum, deg, i) => sum + deg * wave((2 * Math.PI * n * i) / POINTS), 0), 4);
  const orders = Array.from({ length: HARMONICS }, (_, k) => k + 1);
  return { meanDeg: rounded(closed.reduce((sum, deg) => sum + deg, 0) / POINTS, 4), cosDeg: orders.map(project(cos)), sinDeg: orders.map(project(sin)) };
}

/** Without −0, which a file does not keep. */
const rounded = (value: number, decimals: number): number => Number(value.toFixed(decimals)) + 0;
