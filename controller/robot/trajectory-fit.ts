/** May this robot repeat, with this patient, what somebody showed it? What does not fit is refused, never made to fit. */
import type { JointLimits } from '../safety/limits.ts';
import { cadenceStepsPerMin, evaluateSeries, publishedShape, referenceBounds, shownSeries, type ReferencePoint, type Series } from '../therapy/gait-reference.ts';
import { DariError } from '../../protocols/errors.ts';
import { isGait, type GaitProfile, type LegJoint, type RangeRad, type RobotProfile } from '../../protocols/profile.ts';
import { trajectoryMistakes, type Trajectory } from '../../protocols/trajectory.ts';
import { degToRad, kmhToMps, radToDeg } from '../../protocols/units.ts';
import { allowedRadPerSec } from './robot-step-fit.ts';

const PHASES = 200;
const UNBOUNDED: RangeRad = { min: -Infinity, max: Infinity };

/**
 * At the fastest walk that the robot has, so that a change of speed asks for nothing new.
 * @throws DariError `trajectoryInvalid`, naming joint, place, what it asks for and what is allowed
 */
export function assertTrajectoryFits(profile: RobotProfile, trajectory: Trajectory, limits: readonly JointLimits[]): void {
  const [mistake] = trajectoryMistakes(trajectory, profile);
  if (mistake !== undefined) throw refusal(trajectory, `${mistake}. Record it with this robot`);
  if (!isGait(profile)) throw refusal(trajectory, 'this robot cannot replay. Open the session without it');
  if (profile.geometry.ground !== undefined) throw refusal(trajectory, 'feet that stand on a belt go by the length of the pattern\'s own step. Open the session without it');
  profile.joints.forEach((joint, j) => {
    const [limit, series] = [limits[j], shownSeries(trajectory, joint.id)];
    if (limit !== undefined && series !== null) assertCurveFits(trajectory, profile, joint, series, limit);
  });
}

function assertCurveFits(trajectory: Trajectory, profile: GaitProfile, joint: LegJoint, series: Series, limit: JointLimits): void {
  const bounds = referenceBounds(joint, limit.permitted, profile.therapy.kneeReferenceMinDeg);
  const cyclesPerSec = cadenceStepsPerMin(kmhToMps(profile.therapy.speedKmh.max)) / 120;
  const mostRadPerSec2 = degToRad(joint.accelerationLimitDegPerSec2);
  const point: ReferencePoint = { positionRad: 0, velocityRadPerSec: 0, accelerationRadPerSec2: 0 };
  for (let i = 0; i < PHASES; i++) {
    evaluateSeries(series, { phase: i / PHASES, cyclesPerSec }, publishedShape(), UNBOUNDED, point);
    const where = `${joint.id} at ${((100 * i) / PHASES).toFixed(0)} % of the cycle`;
    const deg = (rad: number): string => radToDeg(rad).toFixed(1);
    if (!(point.positionRad >= bounds.min && point.positionRad <= bounds.max))
      throw refusal(trajectory, `${where} is at ${deg(point.positionRad)}°, and this patient's pattern may go from ${deg(bounds.min)}° to ${deg(bounds.max)}°. Show a smaller movement, or widen the permitted range`);
    const allowed = allowedRadPerSec(limit, point);
    const fastest = `at ${profile.therapy.speedKmh.max} km/h`;
    if (!(Math.abs(point.velocityRadPerSec) <= allowed))
      throw refusal(trajectory, `${where} needs ${deg(Math.abs(point.velocityRadPerSec))}°/s ${fastest} and may do ${deg(allowed)}°/s. Show a smaller or rounder movement`);
    if (!(Math.abs(point.accelerationRadPerSec2) <= mostRadPerSec2))
      throw refusal(trajectory, `${where} needs ${deg(Math.abs(point.accelerationRadPerSec2))}°/s² ${fastest} and may do ${deg(mostRadPerSec2)}°/s². Show a smaller or rounder movement`);
  }
}

const refusal = ({ name }: Trajectory, why: string): DariError => new DariError('trajectoryInvalid', `The trajectory "${name}" cannot be replayed: ${why}.`);
