/**
 * The motor side of the VESC family: what each kind of set-point makes of the joint. Simple loops of our own, at the
 * output shaft; the products' loops run faster on the rotor, their tuning is in no manual.
 */
import { clamp } from '../../protocols/math.ts';
import type { DriveProfileOf } from '../../protocols/drive-profile.ts';
import { degToRad } from '../../protocols/units.ts';
import type { JointPort } from './device.ts';
import { Motor } from './motor.ts';

export type ServoProfile = DriveProfileOf<'vesc' | 'cubemars-v1' | 'cubemars-v3'>;

export type ServoMode = 'off' | 'duty' | 'current' | 'brake' | 'speed' | 'position' | 'hold' | 'impedance';

/** Speed loop: full torque at this share of the no-load speed off; integral time. */
const SPEED_BAND = 0.05;
const SPEED_INTEGRAL_S = 0.2;
/** Position loop: speed per radian off. */
const POSITION_GAIN_PER_S = 6;
/** A set-point without an acceleration reaches full speed in this time. */
const FULL_SPEED_S = 0.1;
/** Handbrake: full torque at this angle off. */
const HOLD_BAND_RAD = 0.05;
/** Of a voltage, at standstill: more than the current limit lets through. */
const STALL_PEAKS = 2;
const DUTY_MAX = 0.95;

export class ServoMotor {
  readonly #motor: Motor;
  readonly #direction: number;
  readonly #noLoadRadPerSec: number;
  readonly #peakNm: number;
  readonly #torqueConstantNmPerA: number;
  /** Joint angle when the drive reads 0. */
  #zeroRad: number;
  #mode: ServoMode = 'off';
  /** Of the mode: duty, torque (Nm), speed (rad/s), position (rad). */
  #target = 0;
  #holdNm = 0;
  #speedMaxRadPerSec = 0;
  #accelerationRadPerSec2 = 0;
  #speedRadPerSec = 0;
  #integralNm = 0;
  #velocityTarget = 0;
  #stiffness = 0;
  #damping = 0;
  #torqueNm = 0;
  /** Limits that a host can set: shares of the current, speed (rad/s). */
  currentScale = 1;
  speedLimitRadPerSec = Infinity;

  constructor(
    drive: ServoProfile,
    private readonly joint: JointPort,
  ) {
    this.#motor = new Motor(drive);
    this.#direction = drive.direction;
    this.#noLoadRadPerSec = drive.velocityRangeRadPerSec;
    this.#peakNm = drive.peakTorqueNm;
    this.#torqueConstantNmPerA = drive.torqueConstantNmPerA;
    this.#zeroRad = degToRad(drive.zeroOffsetDeg);
  }

  get mode(): ServoMode {
    return this.#mode;
  }

  get tempC(): number {
    return this.#motor.tempC;
  }

  heatTo(tempC: number): void {
    this.#motor.heatTo(tempC);
  }

  get torqueNm(): number {
    return this.#torqueNm;
  }

  get currentA(): number {
    return this.#torqueNm / this.#torqueConstantNmPerA;
  }

  get noLoadRadPerSec(): number {
    return this.#noLoadRadPerSec;
  }

  get positionRad(): number {
    return this.#direction * (this.joint.positionRad() - this.#zeroRad);
  }

  get velocityRadPerSec(): number {
    return this.#direction * this.joint.velocityRadPerSec();
  }

  /** Where the shaft is becomes 0. */
  setOrigin(): void {
    this.#zeroRad = this.joint.positionRad();
  }

  get zeroRad(): number {
    return this.#zeroRad;
  }

  set zeroRad(zeroRad: number) {
    this.#zeroRad = zeroRad;
  }

  release(): void {
    this.#mode = 'off';
    this.#target = 0;
  }

  duty(duty: number): void {
    this.#enter('duty', clamp(duty, -DUTY_MAX, DUTY_MAX));
  }

  /** @param leastA a smaller current is none */
  current(currentA: number, leastA: number): void {
    if (Math.abs(currentA) < leastA) this.release();
    else this.#enter('current', currentA * this.#torqueConstantNmPerA);
  }

  /** Against the motion. */
  brake(currentA: number): void {
    this.#holdNm = Math.abs(currentA) * this.#torqueConstantNmPerA;
    if (currentA === 0) this.release();
    else this.#enter('brake', 0);
  }

  /** Against leaving the place where it was told. */
  hold(currentA: number): void {
    this.#holdNm = Math.abs(currentA) * this.#torqueConstantNmPerA;
    if (currentA === 0) this.release();
    else if (this.#mode !== 'hold') this.#enter('hold', this.positionRad);
  }

  speed(radPerSec: number): void {
    this.#accelerationRadPerSec2 = this.#noLoadRadPerSec / FULL_SPEED_S;
    this.#enter('speed', radPerSec);
  }

  position(targetRad: number, speedRadPerSec = this.#noLoadRadPerSec, accelerationRadPerSec2 = this.#noLoadRadPerSec / FULL_SPEED_S): void {
    this.#speedMaxRadPerSec = Math.min(Math.abs(speedRadPerSec), this.#noLoadRadPerSec);
    this.#accelerationRadPerSec2 = Math.abs(accelerationRadPerSec2);
    this.#enter('position', targetRad);
  }

  /** Gains of a torque. */
  impedance(positionRad: number, velocityRadPerSec: number, torqueNm: number, stiffnessNmPerRad: number, dampingNmsPerRad: number): void {
    this.#velocityTarget = velocityRadPerSec;
    this.#stiffness = stiffnessNmPerRad;
    this.#damping = dampingNmsPerRad;
    this.#holdNm = torqueNm;
    this.#enter('impedance', positionRad);
  }

  /** Torque of the coming physics step. @param share what a hot drive still gives of its current, 0 … 1 */
  step(durationS: number, share: number): void {
    const velocity = this.velocityRadPerSec;
    const limitNm = this.#peakNm * clamp(share * this.currentScale, 0, 1);
    const wantedNm = clamp(this.#wantedNm(velocity, limitNm, durationS), -limitNm, limitNm);
    this.#torqueNm = this.#mode === 'off' ? 0 : this.#motor.limitNm(this.#slowed(wantedNm, velocity), velocity);
    this.#motor.heat(this.#torqueNm, durationS);
    this.joint.applyTorqueNm(this.#direction * this.#torqueNm);
  }

  #enter(mode: ServoMode, target: number): void {
    if (mode !== this.#mode) {
      this.#integralNm = 0;
      this.#speedRadPerSec = this.velocityRadPerSec;
    }
    this.#mode = mode;
    this.#target = target;
  }

  #wantedNm(velocity: number, limitNm: number, durationS: number): number {
    switch (this.#mode) {
      case 'off':
        break;
      case 'duty':
        return STALL_PEAKS * this.#peakNm * (this.#target - velocity / this.#noLoadRadPerSec);
      case 'current':
        return this.#target;
      case 'brake':
        return clamp(-this.#speedGain * velocity, -this.#holdNm, this.#holdNm);
      case 'hold':
        return clamp(this.#holdNm * ((this.#target - this.positionRad) / HOLD_BAND_RAD - velocity / (SPEED_BAND * this.#noLoadRadPerSec)), -this.#holdNm, this.#holdNm);
      case 'impedance':
        return this.#stiffness * (this.#target - this.positionRad) + this.#damping * (this.#velocityTarget - velocity) + this.#holdNm;
      case 'speed':
        return this.#speedLoopNm(this.#target, velocity, limitNm, durationS);
      case 'position':
        return this.#speedLoopNm(this.#approachRadPerSec(), velocity, limitNm, durationS);
    }
    return 0;
  }

  get #speedGain(): number {
    return this.#peakNm / (SPEED_BAND * this.#noLoadRadPerSec);
  }

  /** As fast as the shaft may move and still stop at the target. */
  #approachRadPerSec(): number {
    const off = this.#target - this.positionRad;
    const fastest = Math.min(this.#speedMaxRadPerSec, Math.sqrt(2 * this.#accelerationRadPerSec2 * Math.abs(off)));
    return clamp(POSITION_GAIN_PER_S * off, -fastest, fastest);
  }

  #speedLoopNm(targetRadPerSec: number, velocity: number, limitNm: number, durationS: number): number {
    const change = this.#accelerationRadPerSec2 * durationS;
    this.#speedRadPerSec += clamp(targetRadPerSec - this.#speedRadPerSec, -change, change);
    const proportional = this.#speedGain * (this.#speedRadPerSec - velocity);
    this.#integralNm = clamp(this.#integralNm + (proportional * durationS) / SPEED_INTEGRAL_S, -limitNm, limitNm);
    return proportional + this.#integralNm;
  }

  /** Toward the speed limit the torque in that direction fades, over the last fifth. */
  #slowed(torqueNm: number, velocity: number): number {
    if (torqueNm * velocity <= 0) return torqueNm;
    return torqueNm * clamp((1 - Math.abs(velocity) / this.speedLimitRadPerSec) / (1 - FADING_STARTS), 0, 1);
  }
}

const FADING_STARTS = 0.8;
