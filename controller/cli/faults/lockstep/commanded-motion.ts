/** What a stuck sensor can be told from: that a joint is commanded to move. */
import { driveTorqueNm } from '../../../safety/envelope.ts';
import { degToRad, US_PER_MS } from '../../../../protocols/units.ts';
import type { Bench, Exposure } from './fault.ts';

const FEWEST_CYCLES = 3;
/** A transparent joint is told where the pattern is, and not to go there: own value, of full stiffness. */
const GUIDED_SHARE = 0.1;

export interface CommandedMotion {
  /** Slower commands do not count. */
  readonly aboveDegPerSec: number;
  /** So much commanded travel uses the bar up, but not in fewer than three cycles. */
  readonly travelDeg: number;
  /** Counts from when the joint moves or has moved so far: until then a stuck sensor tells the truth. */
  readonly trueTravelDeg?: number;
  /** Counts while the joint is truly so far from zero: until then a turned sign changes little. */
  readonly awayDeg?: number;
  /** Counts while the motor's torque is truly so far from the one that its drive is told: until then the drive does what it is told. */
  readonly offNm?: number;
}

/** What the drive of a joint is told to give where the joint truly is. */
function toldNm({ rig }: Bench, joint: number): number {
  const command = rig.loop.cycle.output.permitted.joints[joint];
  const { body } = rig.robot.robot;
  return command === undefined ? Number.NaN : driveTorqueNm(command, { positionRad: body.positionRad(joint), velocityRadPerSec: body.velocityRadPerSec(joint), trusted: true });
}

/** Counts cycles in which the set-point of one joint moves. */
export function whileCommanded(joint: number, { aboveDegPerSec, travelDeg, trueTravelDeg = 0, awayDeg = 0, offNm = 0 }: CommandedMotion): Exposure {
  let beforeRad = Number.NaN;
  let travelRad = 0;
  let cycles = 0;
  let stoodRad = Number.NaN;
  let moved = false;
  return {
    counts(bench: Bench): boolean {
      const { rig, profile } = bench;
      const { output } = rig.loop.cycle;
      const positionRad = output.permitted.joints[joint]?.positionRad ?? Number.NaN;
      const stepRad = Math.abs(positionRad - beforeRad);
      beforeRad = positionRad;
      const guided = (output.permitted.joints[joint]?.stiffnessNmPerRad ?? 0) >= GUIDED_SHARE * (profile.joints[joint]?.stiffnessNmPerRad ?? Infinity);
      const moves = output.permitted.enable && guided && stepRad > degToRad(aboveDegPerSec) * (rig.periodUs / (1_000 * US_PER_MS));
      const { body } = rig.robot.robot;
      if (Number.isNaN(stoodRad)) stoodRad = body.positionRad(joint);
      moved ||= Math.abs(body.velocityRadPerSec(joint)) > degToRad(aboveDegPerSec) || Math.abs(body.positionRad(joint) - stoodRad) >= degToRad(trueTravelDeg);
      if (!moves || !moved || Math.abs(body.positionRad(joint)) < degToRad(awayDeg) || Math.abs(toldNm(bench, joint) - body.motorTorqueNm(joint)) < offNm) return false;
      travelRad += stepRad;
      cycles++;
      return true;
    },
    exhausted: () => cycles > FEWEST_CYCLES && travelRad > degToRad(travelDeg),
  };
}
