/**
 * What somebody showed an arm robot: of each joint a closed curve over the cycle, scaled and shifted about the fitting posture as the
 * program is. How long a cycle takes follows from the way of the hand, as there.
 */
import { armLengths, armPoints, noArmPoints } from '../../protocols/arm-kinematics.ts';
import { armsOf, type OneArm } from '../../protocols/arm-profile.ts';
import type { ArmProfile, RangeRad } from '../../protocols/profile.ts';
import type { Trajectory } from '../../protocols/trajectory.ts';
import { degToRad } from '../../protocols/units.ts';
import { LEVER_M, type JointScale, type Pace } from './arm-program.ts';
import { evaluateSeries, publishedShape, toSeries, type GaitPlace, type ReferencePoint, type Series } from './gait-reference.ts';

const WAY_POINTS = 100;
const UNBOUNDED: RangeRad = { min: -Infinity, max: Infinity };

export class ShownArm {
  /** Way of the hand in one cycle, of the arm that goes farther, m. */
  readonly wayM: number;
  readonly #homeRad: Float64Array;
  /** About the fitting posture, in the profile's order. */
  readonly #series: readonly Series[];
  readonly #shape = publishedShape();
  readonly #place: Required<GaitPlace> = { phase: 0, cyclesPerSec: 0, cyclesPerSec2: 0 };

  /** @param trajectory of this robot, all its joints */
  constructor(profile: ArmProfile, trajectory: Trajectory, heightM: number) {
    this.#homeRad = Float64Array.from(profile.joints, ({ homePositionDeg }) => degToRad(homePositionDeg));
    this.#series = profile.joints.map(({ id, homePositionDeg }) => {
      const { meanDeg = homePositionDeg, cosDeg = [], sinDeg = [] } = trajectory.joints.find(({ jointId }) => jointId === id) ?? {};
      return toSeries({ meanDeg: meanDeg - homePositionDeg, cosDeg, sinDeg });
    });
    this.wayM = Math.max(...armsOf(profile.joints).map((arm) => this.#wayM(profile, arm, heightM)));
  }

  repetitionsPerSec(handSpeedMps: number): number {
    return handSpeedMps / this.wayM;
  }

  /** Where a joint should be. @param joint of the profile @param phase of the cycle, 0 … 1. Fills `out` */
  at(joint: number, phase: number, { perSec, perSec2 }: Pace, { scale, scalePerSec, offsetRad, offsetRadPerSec, timing, timingPerSec }: JointScale, bounds: RangeRad, out: ReferencePoint): ReferencePoint {
    const series = this.#series[joint];
    if (series === undefined) return out;
    const shape = this.#shape;
    shape.amplitude = scale;
    shape.amplitudePerSec = scalePerSec;
    shape.offsetRad = (this.#homeRad[joint] ?? Number.NaN) + offsetRad;
    shape.offsetRadPerSec = offsetRadPerSec;
    shape.timing = timing;
    shape.timingPerSec = timingPerSec;
    this.#place.phase = phase;
    this.#place.cyclesPerSec = perSec;
    this.#place.cyclesPerSec2 = perSec2;
    evaluateSeries(series, this.#place, shape, bounds, out);
    return out;
  }

  /** Of the hand's tip, but not less than the greatest turn at a lever. */
  #wayM({ geometry }: ArmProfile, { side, places }: OneArm, heightM: number): number {
    const lengths = armLengths(geometry, heightM);
    const point: ReferencePoint = { positionRad: 0, velocityRadPerSec: 0, accelerationRadPerSec2: 0 };
    const shape = publishedShape();
    const points = noArmPoints();
    const anglesRad = new Float64Array(places.length);
    const turnedRad = new Float64Array(places.length);
    let [x, y, z] = [Number.NaN, Number.NaN, Number.NaN];
    let sumM = 0;
    for (let i = 0; i <= WAY_POINTS; i++) {
      this.#place.phase = i / WAY_POINTS;
      places.forEach((j, place) => {
        const series = this.#series[j];
        if (series === undefined) return;
        evaluateSeries(series, this.#place, shape, UNBOUNDED, point);
        const angle = (this.#homeRad[j] ?? 0) + point.positionRad;
        if (i > 0) turnedRad[place] = (turnedRad[place] ?? 0) + Math.abs(angle - (anglesRad[place] ?? 0));
        anglesRad[place] = angle;
      });
      const [tx = 0, ty = 0, tz = 0] = armPoints(lengths, side, anglesRad, points).tipM;
      if (i > 0) sumM += Math.sqrt((tx - x) ** 2 + (ty - y) ** 2 + (tz - z) ** 2);
      [x, y, z] = [tx, ty, tz];
    }
    return Math.max(sumM, LEVER_M * Math.max(...turnedRad));
  }
}
