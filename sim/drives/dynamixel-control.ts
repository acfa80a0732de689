/**
 * The loops inside a servo, from goals to torque (ROBOTIS e-manual: position PID, velocity PI, profile velocity and
 * acceleration). Their output is a duty cycle; a motor under a duty gives its stall torque at rest and none at its
 * no-load speed.
 */
import type { DriveProfileOf } from '../../protocols/drive-profile.ts';
import { clamp } from '../../protocols/math.ts';
import { DXL_ACCELERATION_UNIT_RAD_PER_SEC2, DXL_RAD_PER_COUNT, DXL_VELOCITY_UNIT_RAD_PER_SEC, dxlDriveMode, dxlModes, dxlTable as table } from '../../protocols/wire/dynamixel-table.ts';
import type { DxlRegisters } from './dynamixel-registers.ts';

/** Goal PWM of 100 %. */
export const PWM_FULL = 885;
/** Gains of the table are these times the gains of the loops. */
const P_GAIN_SCALE = 128;
const I_GAIN_SCALE = 65_536;
const D_GAIN_SCALE = 16;
const MS_PER_S = 1_000;
const COUNTS_PER_SEC_PER_VELOCITY_UNIT = DXL_VELOCITY_UNIT_RAD_PER_SEC / DXL_RAD_PER_COUNT;
const COUNTS_PER_SEC2_PER_ACCELERATION_UNIT = DXL_ACCELERATION_UNIT_RAD_PER_SEC2 / DXL_RAD_PER_COUNT;

export class DxlController {
  /** −1 … 1. */
  duty = 0;
  trajectoryCounts = 0;
  /** In velocity units. */
  trajectoryVelocity = 0;
  /** Sum of error times milliseconds. */
  #integral = 0;
  #lastCounts = 0;
  #held = false;
  /** Counts per second that a time-based profile asks for. */
  #timedVelocity = 0;

  constructor(
    private readonly registers: DxlRegisters,
    private readonly torquePerUnitNm: number,
    private readonly profile: DriveProfileOf<'dynamixel2'>,
    /** The model measures its current, so it can be limited. */
    private readonly limitsCurrent: boolean,
  ) {}

  /** Everything begins where the servo stands. */
  restart(counts: number): void {
    this.#held = false;
    this.#settle(counts);
  }

  /** Stops at this place whatever the goals say. */
  hold(counts: number): void {
    this.#held = true;
    this.#settle(counts);
  }

  /** A new goal position was written. */
  onGoalPosition(): void {
    this.#held = false;
    const spanMs = this.registers.get(table.profileVelocity);
    this.#timedVelocity = spanMs === 0 ? Infinity : Math.abs(this.registers.get(table.goalPosition) - this.trajectoryCounts) / (spanMs / MS_PER_S);
  }

  /** @returns torque in the servo's direction, before the limits of the motor itself */
  torqueNm(counts: number, velocityRadPerSec: number, durationS: number): number {
    const { registers } = this;
    const mode = registers.get(table.operatingMode);
    const tripped = registers.get(table.busWatchdog) < 0;
    if (!tripped && this.#held) this.restart(counts);
    const limitNm = registers.get(table.currentLimit) * this.torquePerUnitNm;
    if (mode === dxlModes.current) return tripped ? 0 : clamp(registers.get(table.goalCurrent) * this.torquePerUnitNm, -limitNm, limitNm);
    this.duty = this.#duty(mode, counts, velocityRadPerSec, durationS);
    if (tripped && mode === dxlModes.pwm) return 0;
    const torqueNm = this.profile.peakTorqueNm * (this.duty - velocityRadPerSec / this.profile.velocityRangeRadPerSec);
    if (!this.limitsCurrent) return torqueNm;
    const mostNm = mode === dxlModes.currentBasedPosition ? Math.min(limitNm, Math.abs(registers.get(table.goalCurrent)) * this.torquePerUnitNm) : limitNm;
    return clamp(torqueNm, -mostNm, mostNm);
  }

  #duty(mode: number, counts: number, velocityRadPerSec: number, durationS: number): number {
    const { registers } = this;
    if (mode === dxlModes.pwm) return registers.get(table.goalPwm) / PWM_FULL;
    const most = Math.min(Math.abs(registers.get(table.goalPwm)), registers.get(table.pwmLimit));
    const pwm = mode === dxlModes.velocity ? this.#velocityPwm(velocityRadPerSec / DXL_VELOCITY_UNIT_RAD_PER_SEC, durationS, most) : this.#positionPwm(counts, durationS, most);
    return clamp(pwm, -most, most) / PWM_FULL;
  }

  #velocityPwm(velocity: number, durationS: number, most: number): number {
    const { registers } = this;
    const goal = this.#held ? 0 : registers.get(table.goalVelocity);
    const acceleration = registers.get(table.profileAcceleration);
    const stepMost = acceleration === 0 ? Infinity : (acceleration * DXL_ACCELERATION_UNIT_RAD_PER_SEC2 * durationS) / DXL_VELOCITY_UNIT_RAD_PER_SEC;
    this.trajectoryVelocity += clamp(goal - this.trajectoryVelocity, -stepMost, stepMost);
    const error = this.trajectoryVelocity - velocity;
    return (registers.get(table.velocityPGain) / P_GAIN_SCALE) * error + this.#integrate(error, registers.get(table.velocityIGain) / I_GAIN_SCALE, durationS, most);
  }

  #positionPwm(counts: number, durationS: number, most: number): number {
    const { registers } = this;
    if (!this.#held) this.#moveTrajectory(durationS);
    const error = this.trajectoryCounts - counts;
    const changePerMs = (this.#lastCounts - counts) / (durationS * MS_PER_S);
    this.#lastCounts = counts;
    const proportional = (registers.get(table.positionPGain) / P_GAIN_SCALE) * error;
    const derivative = (registers.get(table.positionDGain) / D_GAIN_SCALE) * changePerMs;
    return proportional + derivative + this.#integrate(error, registers.get(table.positionIGain) / I_GAIN_SCALE, durationS, most);
  }

  /** Without a profile velocity the goal is taken at once; else the way to it is a rectangle or a trapezium. */
  #moveTrajectory(durationS: number): void {
    const { registers } = this;
    const goal = registers.get(table.goalPosition);
    const left = goal - this.trajectoryCounts;
    const profileVelocity = registers.get(table.profileVelocity);
    if (profileVelocity === 0 || left === 0) {
      this.trajectoryCounts = goal;
      this.trajectoryVelocity = 0;
      return;
    }
    const timed = (registers.get(table.driveMode) & dxlDriveMode.timeBasedProfile) !== 0;
    const most = timed ? this.#timedVelocity : profileVelocity * COUNTS_PER_SEC_PER_VELOCITY_UNIT;
    const acceleration = timed ? 0 : registers.get(table.profileAcceleration) * COUNTS_PER_SEC2_PER_ACCELERATION_UNIT;
    let speed = Math.sign(left) * most;
    if (acceleration > 0) {
      const now = this.trajectoryVelocity * COUNTS_PER_SEC_PER_VELOCITY_UNIT;
      const stoppable = Math.sign(left) * Math.min(most, Math.sqrt(2 * acceleration * Math.abs(left)));
      speed = now + clamp(stoppable - now, -acceleration * durationS, acceleration * durationS);
    }
    const step = speed * durationS;
    this.trajectoryCounts += Math.abs(step) > Math.abs(left) ? left : step;
    this.trajectoryVelocity = speed / COUNTS_PER_SEC_PER_VELOCITY_UNIT;
  }

  /** The integral alone never asks for more than the whole duty. */
  #integrate(error: number, gain: number, durationS: number, most: number): number {
    if (gain === 0) return 0;
    this.#integral = clamp(this.#integral + error * durationS * MS_PER_S, -most / gain, most / gain);
    return gain * this.#integral;
  }

  #settle(counts: number): void {
    this.trajectoryCounts = counts;
    this.trajectoryVelocity = 0;
    this.#lastCounts = counts;
    this.#integral = 0;
    this.#timedVelocity = Infinity;
    this.duty = 0;
  }
}
