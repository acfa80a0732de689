/**
 * The control loop of a virtual moteus, in its own units: turns, turns per second and Nm at its output. Sources:
 * mjbots/moteus `docs/reference.md` (control law), `fw/bldc_servo.cc` and `fw/bldc_servo_structs.h`.
 */
import { clamp } from '../../protocols/math.ts';
import { MOTEUS_FAULT, MOTEUS_LIMIT, MOTEUS_MODE } from '../../protocols/wire/moteus.ts';
import type { MoteusConfig } from './moteus-config.ts';

/** From stopped to the commanded mode: the gate driver wakes and 256 samples calibrate the current sensors. */
const ENABLING_S = 0.01;

export interface MoteusCommand {
  mode: number;
  /** NaN: stay where the controller wants to be. */
  position: number;
  velocity: number;
  torque: number;
  kpScale: number;
  kdScale: number;
  /** NaN: what the current limit allows. */
  maxTorque: number;
  stopPosition: number;
  /** 0: as configured; NaN: this command never expires. */
  timeoutS: number;
  /** Negative: none; NaN: as configured. */
  velocityLimit: number;
  accelLimit: number;
  qCurrentA: number;
  withinLower: number;
  withinUpper: number;
}

/** As a write of the mode register leaves it. */
export const freshCommand = (mode = 0): MoteusCommand => ({
  mode,
  position: 0,
  velocity: 0,
  torque: 0,
  kpScale: 1,
  kdScale: 1,
  maxTorque: NaN,
  stopPosition: NaN,
  timeoutS: 0,
  velocityLimit: NaN,
  accelLimit: NaN,
  qCurrentA: 0,
  withinLower: 0,
  withinUpper: 0,
});

/** Motion as the encoder sees it. */
export interface ServoMotion {
  readonly position: number;
  readonly velocity: number;
}

/** What the motor gives of a wanted torque, and why less. */
export interface ServoMotor {
  readonly torqueConstantNmPerA: number;
  readonly tempC: number;
  limitNm(wantedNm: number): number;
}

export class MoteusServo {
  mode: number = MOTEUS_MODE.stopped;
  fault = 0;
  torque = 0;
  proportionalTorque = 0;
  controlPosition = NaN;
  controlVelocity = 0;
  trajectoryDone = false;
  #command = freshCommand();
  #target = NaN;
  #timeoutS = NaN;
  #enablingS = 0;

  constructor(private readonly config: MoteusConfig) {}

  get works(): boolean {
    return this.mode > MOTEUS_MODE.calibrationComplete && !(this.mode === MOTEUS_MODE.timeout && this.config.get('servo.timeout_mode') === MOTEUS_MODE.stopped);
  }

  reset(): void {
    this.#command = freshCommand();
    this.mode = MOTEUS_MODE.stopped;
    this.fault = 0;
    this.torque = 0;
    this.#leave();
  }

  /** A frame that wrote the mode register has ended. */
  command(command: Readonly<MoteusCommand>): void {
    const { mode } = command;
    // Fault and the steps of enabling cannot be commanded.
    if (mode >= MOTEUS_MODE.fault && mode <= MOTEUS_MODE.calibrationComplete) return;
    Object.assign(this.#command, command);
    if (!Number.isNaN(command.position)) this.#target = command.position;
    this.feed();
  }

  /** The watchdog of the command that is under way begins anew. */
  feed(): void {
    const { timeoutS } = this.#command;
    this.#timeoutS = timeoutS === 0 ? this.config.get('servo.default_timeout_s') : timeoutS;
  }

  /** The console's `d stop`. */
  stop(): void {
    this.command(freshCommand());
  }

  /** After "recapture": where it is, and at rest. */
  recapture(motion: ServoMotion): void {
    this.#target = motion.position;
    this.controlPosition = motion.position;
    this.controlVelocity = motion.velocity;
  }

  step(motion: ServoMotion, motor: ServoMotor, durationS: number): void {
    this.#changeMode(motion, durationS);
    const { mode } = this;
    if (mode !== MOTEUS_MODE.stopped && mode !== MOTEUS_MODE.fault) {
      if (motor.tempC > this.config.get('servo.fault_temperature')) this.#fail(MOTEUS_FAULT.overTemperature);
      const expires = mode === MOTEUS_MODE.position || mode === MOTEUS_MODE.stayWithin;
      if (expires && this.#timeoutS <= 0) this.mode = MOTEUS_MODE.timeout;
      this.#timeoutS -= durationS;
    }
    if (this.mode !== MOTEUS_MODE.fault) this.fault = 0;
    this.torque = this.#torque(motion, motor, durationS);
  }

  #changeMode(motion: ServoMotion, durationS: number): void {
    const wanted = this.#command.mode;
    if (wanted === this.mode) return;
    if (wanted === MOTEUS_MODE.stopped) {
      this.mode = wanted;
      this.#leave();
    } else if (this.mode === MOTEUS_MODE.stopped) {
      this.mode = MOTEUS_MODE.enabling;
      this.#enablingS = ENABLING_S;
    } else if (this.mode === MOTEUS_MODE.enabling) {
      this.#enablingS -= durationS;
      if (this.#enablingS <= 0) this.mode = MOTEUS_MODE.calibrationComplete;
    } else if (this.mode !== MOTEUS_MODE.fault && this.mode !== MOTEUS_MODE.timeout) {
      // From a fault or a timeout only a stop leads on.
      this.#leave();
      if (wanted === MOTEUS_MODE.position && !this.#isWithinBounds(motion)) this.#fail(MOTEUS_FAULT.outsideLimit);
      else this.mode = wanted;
    }
  }

  #isWithinBounds({ position }: ServoMotion): boolean {
    return !(position < this.config.get('servopos.position_min')) && !(position > this.config.get('servopos.position_max'));
  }

  #fail(code: number): void {
    this.mode = MOTEUS_MODE.fault;
    this.fault = code;
    this.#leave();
  }

  #leave(): void {
    this.controlPosition = NaN;
    this.controlVelocity = 0;
    this.proportionalTorque = 0;
    if (Number.isNaN(this.#command.position)) this.#target = NaN;
  }

  #torque(motion: ServoMotion, motor: ServoMotor, durationS: number): number {
    const command = this.#command;
    const { mode } = this;
    if (mode === MOTEUS_MODE.position) return this.#follow(motion, motor, durationS);
    if (mode === MOTEUS_MODE.current) return this.#limited(command.qCurrentA * motor.torqueConstantNmPerA, Infinity, motor, motion);
    if (mode === MOTEUS_MODE.zeroVelocity) return this.#zeroVelocity(motion, motor);
    if (mode === MOTEUS_MODE.stayWithin) return this.#stayWithin(motion, motor);
    if (mode === MOTEUS_MODE.brake) return this.#shortCircuit(motion, motor);
    if (mode !== MOTEUS_MODE.timeout) return 0;
    const fallback = this.config.get('servo.timeout_mode');
    if (fallback === MOTEUS_MODE.zeroVelocity) return this.#zeroVelocity(motion, motor);
    if (fallback === MOTEUS_MODE.brake) return this.#shortCircuit(motion, motor);
    return fallback === MOTEUS_MODE.position ? this.#hold(motion, motor) : 0;
  }

  #follow(motion: ServoMotion, motor: ServoMotor, durationS: number): number {
    const command = this.#command;
    this.#advance(motion, durationS);
    // registers.md, 0x024: the derivative scale never exceeds the proportional one.
    const kdScale = Math.min(command.kdScale, command.kpScale);
    const pd = this.#pd(command.kpScale, kdScale, this.controlPosition - motion.position, this.controlVelocity - motion.velocity);
    return this.#limited(pd + command.torque, Number.isNaN(command.maxTorque) ? Infinity : command.maxTorque, motor, motion);
  }

  #pd(kpScale: number, kdScale: number, positionError: number, velocityError: number): number {
    this.proportionalTorque = kpScale * this.config.get('servo.pid_position.kp') * positionError;
    return this.proportionalTorque + kdScale * this.config.get('servo.pid_position.kd') * velocityError;
  }

  /** Moves the control position to the target and on with its velocity, within the limits of velocity and acceleration. */
  #advance(motion: ServoMotion, durationS: number): void {
    const { velocity, stopPosition } = this.#command;
    if (Number.isNaN(this.controlPosition)) {
      this.controlPosition = motion.position;
      this.controlVelocity = motion.velocity;
      if (Number.isNaN(this.#target)) this.#target = motion.position;
      this.trajectoryDone = false;
    }
    const speed = Number.isNaN(velocity) ? 0 : velocity;
    const mayMove = Number.isNaN(stopPosition) || (stopPosition - this.#target) * speed > 0;
    const targetVelocity = mayMove ? speed : 0;
    this.#target += targetVelocity * durationS;
    const accelLimit = this.#limit('accelLimit', 'servo.default_accel_limit');
    const velocityLimit = this.#limit('velocityLimit', 'servo.default_velocity_limit');
    if (accelLimit === Infinity && velocityLimit === Infinity) {
      this.controlPosition = this.#target;
      this.controlVelocity = targetVelocity;
      this.trajectoryDone = true;
      return;
    }
    const left = this.#target - this.controlPosition;
    const stride = accelLimit * durationS;
    if (Math.abs(left) <= Math.abs(this.controlVelocity) * durationS + stride * durationS && Math.abs(targetVelocity - this.controlVelocity) <= 2 * stride) {
      this.controlPosition = this.#target;
      this.controlVelocity = targetVelocity;
      this.trajectoryDone = true;
      return;
    }
    this.trajectoryDone = false;
    // The speed from which the limited acceleration can still stop at the target.
    const closing = accelLimit === Infinity ? Math.abs(left) / durationS : Math.sqrt(2 * accelLimit * Math.abs(left));
    const wanted = clamp(Math.sign(left) * closing + targetVelocity, -velocityLimit, velocityLimit);
    this.controlVelocity += clamp(wanted - this.controlVelocity, -stride, stride);
    this.controlPosition += this.controlVelocity * durationS;
  }

  #limit(own: 'accelLimit' | 'velocityLimit', configured: string): number {
    const limit = Number.isNaN(this.#command[own]) ? this.config.get(configured) : this.#command[own];
    return limit >= 0 ? limit : Infinity;
  }

  #hold(motion: ServoMotion, motor: ServoMotor): number {
    if (Number.isNaN(this.controlPosition)) this.controlPosition = motion.position;
    return this.#limited(this.#pd(1, 1, this.controlPosition - motion.position, -motion.velocity), this.config.get('servo.timeout_max_torque_Nm'), motor, motion);
  }

  #zeroVelocity(motion: ServoMotion, motor: ServoMotor): number {
    return this.#limited(this.#pd(0, this.#command.kdScale, 0, -motion.velocity), this.config.get('servo.timeout_max_torque_Nm'), motor, motion);
  }

  #stayWithin(motion: ServoMotion, motor: ServoMotor): number {
    const { withinLower, withinUpper, kpScale, kdScale, torque, maxTorque } = this.#command;
    const bound = motion.position < withinLower ? withinLower : motion.position > withinUpper ? withinUpper : NaN;
    const pd = Number.isNaN(bound) ? 0 : this.#pd(kpScale, Math.min(kdScale, kpScale), bound - motion.position, -motion.velocity);
    return this.#limited(pd + torque, Number.isNaN(maxTorque) ? Infinity : maxTorque, motor, motion);
  }

  /** Short-circuited phases brake like a strong damper. */
  #shortCircuit(motion: ServoMotion, motor: ServoMotor): number {
    return motor.limitNm(-this.config.get('servo.pid_position.kd') * motion.velocity);
  }

  /** Command's limit, bounds, temperature, current, speed and voltage, in this order; the fault register tells which one acts. */
  #limited(wanted: number, maxTorque: number, motor: ServoMotor, motion: ServoMotion): number {
    // Infinite set-points are floats too; their differences make no torque.
    if (Number.isNaN(wanted)) return 0;
    let torque = clamp(wanted, -maxTorque, maxTorque);
    if (torque !== wanted) this.fault = MOTEUS_LIMIT.torque;
    const [min, max] = [this.config.get('servopos.position_min'), this.config.get('servopos.position_max')];
    const beyond = motion.position > max && torque > 0 ? motion.position - max : motion.position < min && torque < 0 ? min - motion.position : 0;
    if (beyond > 0) {
      torque *= Math.max(0, 1 - beyond / this.config.get('servo.position_derate'));
      this.fault = MOTEUS_LIMIT.positionBounds;
    }
    const margin = this.config.get('servo.temperature_margin');
    const left = (this.config.get('servo.fault_temperature') - motor.tempC) / margin;
    if (left < 1) {
      torque *= clamp(left, 0, 1);
      this.fault = MOTEUS_LIMIT.temperature;
    }
    const most = this.config.get('servo.max_current_A') * motor.torqueConstantNmPerA;
    if (Math.abs(torque) > most) {
      torque = clamp(torque, -most, most);
      this.fault = MOTEUS_LIMIT.current;
    }
    const beyondSpeed = Math.abs(motion.velocity) - this.config.get('servo.max_velocity');
    if (beyondSpeed > 0 && motion.velocity * torque > 0) {
      const left = most * Math.max(0, 1 - beyondSpeed / this.config.get('servo.max_velocity_derate'));
      torque = clamp(torque, -left, left);
      this.fault = MOTEUS_LIMIT.velocity;
    }
    const given = motor.limitNm(torque);
    if (given !== torque) this.fault = MOTEUS_LIMIT.voltage;
    return given;
  }
}
