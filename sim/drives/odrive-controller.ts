/**
 * The position, velocity and torque loops of an ODrive axis, in motor turns and motor torque, after the firmware's
 * `MotorControl/controller.cpp` and `trapTraj.cpp` (0.5.x); one update per physics step instead of 8 kHz.
 */
import { clamp } from '../../protocols/math.ts';
import type { OdriveAxisConfig } from './odrive-config.ts';

export const TORQUE_CONTROL = 1;
export const VELOCITY_CONTROL = 2;
export const POSITION_CONTROL = 3;

const INACTIVE = 0;
const PASSTHROUGH = 1;
const VELOCITY_RAMP = 2;
const POSITION_FILTER = 3;
export const TRAPEZOIDAL = 5;
const TORQUE_RAMP = 6;

export type ControllerFault = 'overspeed' | 'inputMode' | 'notFinite';

export class OdriveController {
  inputPosTurns = 0;
  inputVelTurnsPerSec = 0;
  inputTorqueNm = 0;
  posSetpointTurns = 0;
  velSetpointTurnsPerSec = 0;
  torqueSetpointNm = 0;
  velIntegratorNm = 0;
  trajectoryDone = true;
  /** Motor torque of the newest update. */
  torqueNm = 0;

  constructor(private readonly config: () => OdriveAxisConfig) {}

  /** The axis is armed: nothing jumps, because the set-points begin where it is (`start_closed_loop_control`). */
  begin(positionTurns: number): void {
    this.posSetpointTurns = positionTurns;
    if (this.config().controlMode >= POSITION_CONTROL) this.inputPosTurns = positionTurns;
    this.velSetpointTurnsPerSec = 0;
    this.torqueSetpointNm = 0;
    this.velIntegratorNm = 0;
    this.trajectoryDone = this.config().inputMode !== TRAPEZOIDAL;
  }

  /** A new goal for the trajectory planner. */
  moveTo(positionTurns: number): void {
    this.inputPosTurns = positionTurns;
    this.trajectoryDone = false;
  }

  /** Leaves the motor torque in `torqueNm`. @returns what disarms the motor, or null */
  update(positionTurns: number, velocityTurnsPerSec: number, torqueLimitNm: number, durationS: number): ControllerFault | null {
    const config = this.config();
    if (!this.#updateSetpoints(config, durationS)) return 'inputMode';
    if (config.enableVelLimit !== 0) this.velSetpointTurnsPerSec = clamp(this.velSetpointTurnsPerSec, -config.velLimit, config.velLimit);
    this.torqueSetpointNm = clamp(this.torqueSetpointNm, -torqueLimitNm, torqueLimitNm);
    if (config.enableOverspeedError !== 0 && Math.abs(velocityTurnsPerSec) > config.velLimitTolerance * config.velLimit) return 'overspeed';
    let torque = this.torqueSetpointNm;
    let velocityError = 0;
    if (config.controlMode >= VELOCITY_CONTROL) {
      let wanted = this.velSetpointTurnsPerSec;
      if (config.controlMode >= POSITION_CONTROL) wanted += config.posGain * (this.posSetpointTurns - positionTurns);
      if (config.enableVelLimit !== 0) wanted = clamp(wanted, -config.velLimit, config.velLimit);
      velocityError = wanted - velocityTurnsPerSec;
      torque += config.velGain * velocityError + this.velIntegratorNm;
    } else if (config.enableTorqueModeVelLimit !== 0) {
      torque = clamp(torque, (-config.velLimit - velocityTurnsPerSec) * config.velGain, (config.velLimit - velocityTurnsPerSec) * config.velGain);
    }
    if (!Number.isFinite(torque)) return 'notFinite';
    this.torqueNm = clamp(torque, -torqueLimitNm, torqueLimitNm);
    if (config.controlMode < VELOCITY_CONTROL) this.velIntegratorNm = 0;
    else if (this.torqueNm === torque) this.velIntegratorNm += config.velIntegratorGain * durationS * velocityError;
    else this.velIntegratorNm *= 0.99;
    return null;
  }

  /** @returns false for an input mode that this firmware does not have */
  #updateSetpoints(config: OdriveAxisConfig, durationS: number): boolean {
    switch (config.inputMode) {
      case INACTIVE:
        return true;
      case PASSTHROUGH:
        this.posSetpointTurns = this.inputPosTurns;
        this.velSetpointTurnsPerSec = this.inputVelTurnsPerSec;
        this.torqueSetpointNm = this.inputTorqueNm;
        return true;
      case VELOCITY_RAMP: {
        const most = Math.abs(config.velRampRate) * durationS;
        const step = clamp(this.inputVelTurnsPerSec - this.velSetpointTurnsPerSec, -most, most);
        this.velSetpointTurnsPerSec += step;
        this.torqueSetpointNm = (step / durationS) * config.inertia;
        return true;
      }
      case TORQUE_RAMP: {
        const most = Math.abs(config.torqueRampRate) * durationS;
        this.torqueSetpointNm += clamp(this.inputTorqueNm - this.torqueSetpointNm, -most, most);
        return true;
      }
      case POSITION_FILTER:
        this.#filter(config, durationS);
        return true;
      case TRAPEZOIDAL:
        if (!this.trajectoryDone) this.#follow(config, durationS);
        return true;
      default:
        return false;
    }
  }

  /** Critically damped second-order tracking of the input. */
  #filter(config: OdriveAxisConfig, durationS: number): void {
    const ki = 2 * config.inputFilterBandwidth;
    const acceleration = 0.25 * ki * ki * (this.inputPosTurns - this.posSetpointTurns) + ki * (this.inputVelTurnsPerSec - this.velSetpointTurnsPerSec);
    this.torqueSetpointNm = acceleration * config.inertia;
    this.velSetpointTurnsPerSec += acceleration * durationS;
    this.posSetpointTurns += this.velSetpointTurnsPerSec * durationS;
  }

  /** One step of a trapezoid to the goal: brakes as soon as the way that is left asks for it. */
  #follow(config: OdriveAxisConfig, durationS: number): void {
    const left = this.inputPosTurns - this.posSetpointTurns;
    const direction = Math.sign(left);
    const speed = this.velSetpointTurnsPerSec * direction;
    const brakingWay = (speed * speed) / (2 * config.trapDecelLimit);
    const wanted = speed > 0 && brakingWay >= Math.abs(left) ? 0 : config.trapVelLimit;
    const most = (wanted < speed ? config.trapDecelLimit : config.trapAccelLimit) * durationS;
    const next = clamp(wanted, speed - most, speed + most);
    if (Math.abs(left) <= Math.abs(next) * durationS || (next <= 0 && Math.abs(left) < config.trapAccelLimit * durationS * durationS)) {
      this.posSetpointTurns = this.inputPosTurns;
      this.velSetpointTurnsPerSec = 0;
      this.torqueSetpointNm = 0;
      this.trajectoryDone = true;
      return;
    }
    this.velSetpointTurnsPerSec = next * direction;
    this.posSetpointTurns += this.velSetpointTurnsPerSec * durationS;
  }
}
