/** May this robot repeat, with this patient, what somebody showed it? What does not fit is refused, never made to fit. */
import type { JointLimits } from '../safety/limits.ts';
import { armBounds, UNSCALED } from '../therapy/arm-program.ts';
import { cadenceStepsPerMin, evaluateSeries, publishedShape, referenceBounds, shownSeries, type ReferencePoint, type Series } from '../therapy/gait-reference.ts';
import { ShownArm } from '../therapy/shown-arm.ts';
import { DariError } from '../../protocols/errors.ts';
import { isArm, isDriven, isGait, type ArmProfile, type GaitProfile, type JointProfile, type LegJoint, type RangeRad, type RobotProfile } from '../../protocols/profile.ts';
import type { SessionSetup } from '../../protocols/supervision.ts';
import { trajectoryMistakes, type Trajectory } from '../../protocols/trajectory.ts';
import { degToRad, kmhToMps, radToDeg } from '../../protocols/units.ts';
import { allowedRadPerSec } from './robot-step-fit.ts';

const PHASES = 200;
const UNBOUNDED: RangeRad = { min: -Infinity, max: Infinity };

/**
 * At the fastest that the robot goes, so that a change of speed asks for nothing new.
 * @throws DariError `trajectoryInvalid`, naming joint, place, what it asks for and what is allowed
 */
export function assertTrajectoryFits(profile: RobotProfile, trajectory: Trajectory, limits: readonly JointLimits[], { heightM }: Pick<SessionSetup, 'heightM'>): void {
  const [mistake] = trajectoryMistakes(trajectory, profile);
  if (mistake !== undefined) throw refusal(trajectory, `${mistake}. Record it with this robot`);
  if (isArm(profile) && isDriven(profile)) assertArmsFit(profile, trajectory, limits, heightM);
  else if (isGait(profile)) assertLegsFit(profile, trajectory, limits);
  else throw refusal(trajectory, 'this robot cannot replay. Open the session without it');
}

function assertLegsFit(profile: GaitProfile, trajectory: Trajectory, limits: readonly JointLimits[]): void {
  if (profile.geometry.ground !== undefined) throw refusal(trajectory, 'feet that stand on a belt go by the length of the pattern\'s own step. Open the session without it');
  profile.joints.forEach((joint, j) => {
    const [limit, series] = [limits[j], shownSeries(trajectory, joint.id)];
    if (limit !== undefined && series !== null) assertCurveFits(trajectory, legCurve(profile, joint, series, limit), joint, limit);
  });
}

function assertArmsFit(profile: ArmProfile, trajectory: Trajectory, limits: readonly JointLimits[], heightM: number): void {
  const { max } = profile.therapy.handSpeedMps;
  const shown = new ShownArm(profile, trajectory, heightM);
  const pace = { perSec: shown.repetitionsPerSec(max), perSec2: 0 };
  profile.joints.forEach((joint, j) => {
    const limit = limits[j];
    if (limit === undefined) return;
    const at = (phase: number, out: ReferencePoint): void => void shown.at(j, phase, pace, UNSCALED, UNBOUNDED, out);
    assertCurveFits(trajectory, { at, bounds: armBounds(joint, limit.permitted), fastest: `with ${max} m/s at the hand` }, joint, limit);
  });
}

/** What one joint would do at its fastest. */
interface FastestCurve {
  readonly at: (phase: number, out: ReferencePoint) => void;
  readonly bounds: RangeRad;
  /** How fast that is, in words. */
  readonly fastest: string;
}

function legCurve({ therapy }: GaitProfile, joint: LegJoint, series: Series, limit: JointLimits): FastestCurve {
  const { max } = therapy.speedKmh;
  const cyclesPerSec = cadenceStepsPerMin(kmhToMps(max)) / 120;
  return {
    at: (phase, out) => evaluateSeries(series, { phase, cyclesPerSec }, publishedShape(), UNBOUNDED, out),
    bounds: referenceBounds(joint, limit.permitted, therapy.kneeReferenceMinDeg),
    fastest: `at ${max} km/h`,
  };
}

function assertCurveFits(trajectory: Trajectory, { at, bounds, fastest }: FastestCurve, { id, accelerationLimitDegPerSec2 }: JointProfile, limit: JointLimits): void {
  const mostRadPerSec2 = degToRad(accelerationLimitDegPerSec2);
  const point: ReferencePoint = { positionRad: 0, velocityRadPerSec: 0, accelerationRadPerSec2: 0 };
  for (let i = 0; i < PHASES; i++) {
    at(i / PHASES, point);
    const where = `${id} at ${((100 * i) / PHASES).toFixed(0)} % of the cycle`;
    const deg = (rad: number): string => radToDeg(rad).toFixed(1);
    if (!(point.positionRad >= bounds.min && point.positionRad <= bounds.max))
      throw refusal(trajectory, `${where} is at ${deg(point.positionRad)}°, and this patient's pattern may go from ${deg(bounds.min)}° to ${deg(bounds.max)}°. Show a smaller movement, or widen the permitted range`);
    const allowed = allowedRadPerSec(limit, point);
    if (!(Math.abs(point.velocityRadPerSec) <= allowed))
      throw refusal(trajectory, `${where} needs ${deg(Math.abs(point.velocityRadPerSec))}°/s ${fastest} and may do ${deg(allowed)}°/s. Show a smaller or rounder movement`);
    if (!(Math.abs(point.accelerationRadPerSec2) <= mostRadPerSec2))
      throw refusal(trajectory, `${where} needs ${deg(Math.abs(point.accelerationRadPerSec2))}°/s² ${fastest} and may do ${deg(mostRadPerSec2)}°/s². Show a smaller or rounder movement`);
  }
}

const refusal = ({ name }: Trajectory, why: string): DariError => new DariError('trajectoryInvalid', `The trajectory "${name}" cannot be replayed: ${why}.`);
