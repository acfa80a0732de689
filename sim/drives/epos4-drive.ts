/**
 * A maxon EPOS4 with its motor: power state machine, profile and cyclic modes, its own current limit (I²t), speed limit and
 * following error, thermal shutdown. Told over serial, it has no watchdog: it keeps to its last target until it is told
 * otherwise or loses its power. After power and after a fault it waits to be enabled.
 */
import type { DriveProfileOf } from '../../protocols/drive-profile.ts';
import { clamp } from '../../protocols/math.ts';
import { degToRad } from '../../protocols/units.ts';
import { NMT, SDO_ABORT } from '../../protocols/wire/canopen.ts';
import { CONTROL, MODE, STATUS, stateBits } from '../../protocols/wire/cia402.ts';
import { EPOS4_DEVICE_ERROR } from '../../protocols/wire/epos4.ts';
import { emptyTargets, Motion } from './cia402-motion.ts';
import { PowerMachine } from './cia402-state.ts';
import { noDriveFaults, type JointPort, type VirtualDrive } from './device.ts';
import { createEpos4Objects, type Epos4Objects } from './epos4-objects.ts';
import { Motor } from './motor.ts';
import type { OdEntry } from './object-dictionary.ts';

type Epos4Profile = DriveProfileOf<'epos4'>;

/** From power to the first response; our own figure. */
export const EPOS4_BOOT_US = 300_000;
/** Its own loops run faster than a host's, so they are tuned this much stiffer; our own figures. */
const STIFFER = 8;
const MORE_DAMPED = 5;
const REST_RAD_PER_SEC = 0.01;
const I32 = 0x7fff_ffff;
const I16 = 0x7fff;
const GENERIC_ERROR = 0x01;
const NO_FOLLOWING_WINDOW = 0xffff_ffff;
const TENTHS = 10;
/** Over this last part of what the winding may bear, the current limit falls to the nominal current; our own figure. */
const I2T_FADING = 0.1;

export class Epos4Drive implements VirtualDrive {
  readonly faults = noDriveFaults();
  readonly #objects: Epos4Objects;
  readonly #power = new PowerMachine();
  readonly #motion: Motion;
  readonly #targets = emptyTargets();
  readonly #motor: Motor;
  readonly #radPerCount: number;
  readonly #radPerSecPerRpm: number;
  readonly #nmPerThousandth: number;
  readonly #zeroRad: number;
  #state: 'unpowered' | 'booting' | 'running' = 'unpowered';
  #bootedUs = 0;
  #operational = false;
  #torqueNm = 0;
  /** The winding's warmth as it computes it (I²t): 1 is what the nominal current settles at. */
  #warmth = 0;
  #wasEnabled = false;
  #lastControlword = 0;
  #acknowledged = false;

  constructor(
    private readonly profile: Epos4Profile,
    private readonly joint: JointPort,
  ) {
    this.#objects = createEpos4Objects(profile, {
      onControlword: (value) => this.#onControlword(value),
      whilePowered: () => (this.#power.energised ? SDO_ABORT.state : 0),
    });
    this.#motion = new Motion(STIFFER * profile.stiffnessMaxNmPerRad, MORE_DAMPED * profile.dampingMaxNmsPerRad, (2 * Math.PI) / profile.countsPerTurn);
    this.#motor = new Motor(profile);
    this.#radPerCount = (2 * Math.PI) / profile.countsPerTurn;
    this.#radPerSecPerRpm = (2 * Math.PI) / (60 * profile.gearRatio);
    this.#nmPerThousandth = profile.ratedTorqueNm / 1_000;
    this.#zeroRad = degToRad(profile.zeroOffsetDeg);
  }

  get energised(): boolean {
    return this.#state === 'running' && this.#power.energised;
  }

  get listening(): boolean {
    return this.#state === 'running';
  }

  get node(): number {
    return this.profile.address;
  }

  get frameTimeoutMs(): number {
    return this.#objects.frameTimeout.value;
  }

  find(index: number, sub: number): OdEntry | null {
    return this.#objects.dictionary.find(index, sub) ?? null;
  }

  has(index: number): boolean {
    return this.#objects.dictionary.has(index);
  }

  setPower(on: boolean, nowUs: number): void {
    if (on === (this.#state !== 'unpowered')) return;
    this.#state = on ? 'booting' : 'unpowered';
    this.#bootedUs = nowUs + EPOS4_BOOT_US;
    this.#power.reset();
    this.#operational = false;
    this.#lastControlword = 0;
    this.#acknowledged = false;
    this.#objects.dictionary.restoreDefaults(true);
  }

  reset(nowUs: number): void {
    if (this.#state === 'unpowered') return;
    this.setPower(false, nowUs);
    this.setPower(true, nowUs);
  }

  heatTo(tempC: number): void {
    this.#motor.heatTo(tempC);
  }

  /** A network management command, as `SendNMTService` carries it. */
  nmt(command: number, nowUs: number, resets: boolean): void {
    this.#operational = command === NMT.start;
    if (resets) this.reset(nowUs);
  }

  step(nowUs: number, durationS: number): void {
    if (this.#state === 'booting' && nowUs >= this.#bootedUs) {
      this.#state = 'running';
      this.#power.onReady();
    }
    this.#torqueNm = 0;
    if (this.#state === 'running') {
      this.#guard();
      this.#turn(durationS);
    }
    const { windingTimeConstant } = this.#objects;
    this.#warmth += (((this.#torqueNm / this.profile.ratedTorqueNm) ** 2 - this.#warmth) * durationS * TENTHS) / windingTimeConstant.value;
    this.#motor.heat(this.#torqueNm, durationS);
    this.joint.applyTorqueNm(this.profile.direction * this.#torqueNm);
  }

  /** Brings what the drive measures and is into its objects. */
  sample(): void {
    const objects = this.#objects;
    const wrong = Number(this.faults.wrongIdentity);
    objects.productCode.value = this.profile.productCode + wrong;
    objects.serialNumber.value = (objects.serialNumber.options.value ?? 0) + wrong;
    objects.statusword.value = this.#statusword();
    objects.modeDisplay.value = this.#running;
    if (this.faults.frozenReport) return;
    const thousandths = clamp(Math.round(this.#torqueNm / this.#nmPerThousandth), -I16, I16);
    const rpm = clamp(Math.round(this.#velocityRadPerSec() / this.#radPerSecPerRpm), -I32, I32);
    const milliamperes = Math.round((thousandths * objects.nominalCurrent.value) / 1_000);
    objects.position.value = clamp(Math.round(this.#positionRad() / this.#radPerCount), -I32, I32);
    objects.positionDemand.value = clamp(Math.round(this.#motion.positionRefRad / this.#radPerCount), -I32, I32);
    objects.velocity.value = rpm;
    objects.velocityAveraged.value = rpm;
    objects.torque.value = thousandths;
    objects.torqueAveraged.value = thousandths;
    objects.current.value = milliamperes;
    objects.currentAveraged.value = milliamperes;
    objects.temperature.value = Math.round(10 * this.#motor.tempC);
  }

  #onControlword(controlword: number): void {
    if (this.faults.ignoresCommands) return;
    const { quickStopOption, faultReactionOption, errorCode, errorRegister, targetPosition } = this.#objects;
    this.#power.quickStopOption = quickStopOption.value;
    this.#power.faultReactionOption = faultReactionOption.value;
    this.#power.onControlword(controlword, this.#motor.tempC < this.profile.tempWarnC);
    if (this.#power.state === 'switchOnDisabled') {
      errorCode.value = 0;
      errorRegister.value = 0;
    }
    const rises = controlword & ~this.#lastControlword & CONTROL.newSetPoint;
    this.#lastControlword = controlword;
    this.#acknowledged = (controlword & CONTROL.newSetPoint) !== 0;
    if (rises === 0 || this.#power.state !== 'operationEnabled' || this.#running !== MODE.profilePosition) return;
    const from = (controlword & CONTROL.relative) !== 0 ? this.#motion.positionRefRad : 0;
    this.#motion.setPoint(from + targetPosition.value * this.#radPerCount);
  }

  #guard(): void {
    if (this.#motor.tempC >= this.profile.tempLimitC) this.#fail(EPOS4_DEVICE_ERROR.powerStageTemperature, false);
    const window = this.#objects.followingWindow.value;
    const positions = this.#running === MODE.cyclicPosition || this.#running === MODE.profilePosition;
    const isFar = Math.abs(this.#motion.positionRefRad - this.#positionRad()) > window * this.#radPerCount;
    if (positions && this.#wasEnabled && this.#power.state === 'operationEnabled' && window !== NO_FOLLOWING_WINDOW && isFar) this.#fail(EPOS4_DEVICE_ERROR.followingError, true);
  }

  #fail(errorCode: number, braking: boolean): void {
    const { state } = this.#power;
    if (state === 'fault' || state === 'faultReaction' || state === 'notReady') return;
    this.#power.fault(braking);
    const { history, historyCount } = this.#objects;
    this.#objects.errorCode.value = errorCode;
    this.#objects.errorRegister.value = GENERIC_ERROR;
    for (let k = history.length - 1; k >= 0; k--) {
      const entry = history[k];
      if (entry !== undefined) entry.value = k === 0 ? errorCode : (history[k - 1]?.value ?? 0);
    }
    historyCount.value = Math.min(history.length, historyCount.value + 1);
  }

  #turn(durationS: number): void {
    const positionRad = this.#positionRad();
    const velocityRadPerSec = this.#velocityRadPerSec();
    const enabled = this.#power.energised;
    if (enabled && (!this.#wasEnabled || this.#targets.mode !== this.#running)) this.#motion.start(positionRad, velocityRadPerSec);
    // A cyclic mode begins at the place where the motor is, not at an old target.
    if (enabled && !this.#wasEnabled) this.#objects.targetPosition.value = Math.round(positionRad / this.#radPerCount);
    this.#wasEnabled = enabled;
    if (!enabled) return;
    if (!this.faults.ignoresCommands) this.#takeTargets();
    this.#targets.maxTorqueNm = this.#torqueLimitNm();
    const halted = this.#power.stopping || (this.#lastControlword & CONTROL.halt) !== 0;
    const wantedNm = this.#motion.torqueNm(this.#targets, halted, positionRad, velocityRadPerSec, durationS);
    this.#torqueNm = this.#motor.limitNm(wantedNm, velocityRadPerSec);
    if (this.#power.stopping && Math.abs(velocityRadPerSec) < REST_RAD_PER_SEC) this.#power.onStandstill();
  }

  #takeTargets(): void {
    const objects = this.#objects;
    const targets = this.#targets;
    const unit = this.#radPerSecPerRpm;
    targets.mode = this.#running;
    targets.positionRad = clamp(objects.targetPosition.value, objects.softLimitLow.value, objects.softLimitHigh.value) * this.#radPerCount;
    targets.velocityRadPerSec = objects.targetVelocity.value * unit;
    targets.torqueNm = objects.targetTorque.value * this.#nmPerThousandth;
    targets.torqueOffsetNm = objects.torqueOffset.value * this.#nmPerThousandth;
    targets.profileVelocityRadPerSec = objects.profileVelocity.value * unit;
    targets.accelerationRadPerSec2 = objects.profileAcceleration.value * unit;
    targets.decelerationRadPerSec2 = objects.profileDeceleration.value * unit;
    targets.quickStopRadPerSec2 = objects.quickStopDeceleration.value * unit;
    targets.maxVelocityRadPerSec = Math.min(this.profile.velocityRangeRadPerSec, Math.min(objects.maxProfileVelocity.value, objects.maxMotorSpeed.value) * unit);
    targets.interpolationS = objects.interpolationValue.value / 1_000;
  }

  /** The output current limit while the winding is cool, the nominal current when it is as warm as that makes it. */
  #torqueLimitNm(): number {
    const { outputCurrentLimit, nominalCurrent } = this.#objects;
    const { peakTorqueNm, ratedTorqueNm } = this.profile;
    const outputNm = Math.min(peakTorqueNm, (outputCurrentLimit.value / nominalCurrent.value) * ratedTorqueNm);
    const nominalNm = Math.min(outputNm, ratedTorqueNm);
    return nominalNm + (outputNm - nominalNm) * clamp((1 - this.#warmth) / I2T_FADING, 0, 1);
  }

  /** The mode that it is in. */
  get #running(): number {
    const told = this.#objects.mode.value;
    if (!this.faults.wrongMode) return told;
    return told === MODE.profileVelocity ? MODE.profilePosition : MODE.profileVelocity;
  }

  #statusword(): number {
    const { state } = this.#power;
    let word = stateBits(state);
    if (this.#operational) word |= STATUS.remote;
    if (state !== 'notReady') word |= STATUS.voltageEnabled;
    if (this.#motor.tempC >= this.profile.tempWarnC) word |= STATUS.warning;
    if (this.#motion.limited && state === 'operationEnabled') word |= STATUS.internalLimit;
    const cyclic = this.#running >= MODE.cyclicPosition;
    if (cyclic) return state === 'operationEnabled' ? word | STATUS.modeSpecific : word;
    const arrived = this.#running === MODE.profilePosition ? this.#motion.arrived : Math.abs(this.#velocityRadPerSec() - this.#targets.velocityRadPerSec) < REST_RAD_PER_SEC;
    return word | (arrived ? STATUS.targetReached : 0) | (this.#acknowledged && this.#running === MODE.profilePosition ? STATUS.modeSpecific : 0);
  }

  #positionRad(): number {
    return this.profile.direction * (this.joint.positionRad() - this.#zeroRad);
  }

  #velocityRadPerSec(): number {
    return this.profile.direction * this.joint.velocityRadPerSec();
  }
}

/** An EPOS4 Compact 50/5 (product code 61500000h) with a geared flat motor, whose figures are our own. */
export const bareEpos4 = (address: number): Epos4Profile => ({
  protocol: 'epos4',
  model: 'EPOS4 Compact 50/5',
  link: 'bus',
  address,
  setPoint: 'torque',
  watchdog: 'hubRelay',
  positionRangeRad: 12.5,
  velocityRangeRadPerSec: 6,
  torqueRangeNm: 110,
  stiffnessMaxNmPerRad: 150,
  dampingMaxNmsPerRad: 8,
  direction: 1,
  zeroOffsetDeg: 0,
  continuousTorqueNm: 30,
  peakTorqueNm: 90,
  peakTimeSec: 10,
  watchdogMs: 100,
  tempWarnC: 75,
  tempLimitC: 95,
  countsPerTurn: 655_360,
  gearRatio: 80,
  ratedTorqueNm: 30,
  productCode: 0x6150_0000,
});
