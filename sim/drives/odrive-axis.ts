/**
 * One axis of a virtual ODrive: state machine, command watchdog (off as shipped), limits and error bits as in the
 * firmware's `MotorControl/axis.cpp` and `odrive-interface.yaml`. It arms only when told, unless its saved
 * configuration says otherwise, and with an error it disarms at once.
 */
import type { DriveProfileOf } from '../../protocols/drive-profile.ts';
import { clamp } from '../../protocols/math.ts';
import { degToRad } from '../../protocols/units.ts';
import { noDriveFaults, type JointPort, type VirtualDrive } from './device.ts';
import { Motor } from './motor.ts';
import { odriveFactoryConfig, type OdriveAxisConfig } from './odrive-config.ts';
import { OdriveController, TORQUE_CONTROL, VELOCITY_CONTROL, type ControllerFault } from './odrive-controller.ts';

export const AXIS_IDLE = 1;
export const AXIS_CLOSED_LOOP = 8;
/** Full calibration, motor calibration, index search, offset calibration. */
const CALIBRATIONS: readonly number[] = [3, 4, 6, 7];
/** Our own figure; a real motor turns meanwhile, this one stands. */
const CALIBRATION_US = 2_000_000;
const TURN_RAD = 2 * Math.PI;

type Failure = ControllerFault | 'watchdog' | 'overTemperature' | 'invalidState';
/** Bits that a failure leaves: 0.5 in the errors of axis, motor and controller, 0.6 in `active_errors` and `disarm_reason`. */
const FAILURES: Readonly<Record<Failure, { axis: number; motor: number; controller: number; since06: number }>> = {
  watchdog: { axis: 0x800, motor: 0, controller: 0, since06: 0x0100_0000 },
  invalidState: { axis: 0x1, motor: 0, controller: 0, since06: 0x10 },
  overTemperature: { axis: 0, motor: 0x4_0000, controller: 0, since06: 0x4000 },
  overspeed: { axis: 0, motor: 0x20_0000, controller: 0x1, since06: 0x8000 },
  inputMode: { axis: 0, motor: 0x20_0000, controller: 0x2, since06: 0x10 },
  notFinite: { axis: 0, motor: 0x1000_0000, controller: 0, since06: 0x40 },
};

/** What the axis sits on. */
export interface OdrivePowerSupply {
  setPower(on: boolean, nowUs: number): void;
  reset(nowUs: number): void;
  readonly running: boolean;
}

export class OdriveAxis implements VirtualDrive {
  readonly faults = noDriveFaults();
  readonly controller = new OdriveController(() => this.config);
  config: OdriveAxisConfig;
  errors = { axis: 0, motor: 0, controller: 0, since06: 0 };
  state = AXIS_IDLE;
  requestedState = 0;
  /** What it reports; stands still while the report is frozen. */
  readonly report = { posTurns: 0, velTurnsPerSec: 0, iqA: 0, tempC: 0 };
  readonly #motor: Motor;
  readonly #direction: number;
  readonly #gearRatio: number;
  /** Joint angle at 0 turns; the encoder is taken to sit where it does not lose turns without power. */
  readonly #zeroRad: number;
  /** The configuration in flash. */
  #saved: OdriveAxisConfig;
  #offsetTurns = 0;
  #watchdogLeftUs = 0;
  #calibratedUs = 0;
  #torqueNm = 0;

  constructor(
    private readonly supply: OdrivePowerSupply,
    drive: DriveProfileOf<'odrive-ascii'>,
    private readonly joint: JointPort,
  ) {
    this.#motor = new Motor(drive);
    this.#direction = drive.direction;
    this.#gearRatio = drive.gearRatio;
    this.#zeroRad = degToRad(drive.zeroOffsetDeg);
    // As commissioned by `odrivetool`: the motor's constants and temperatures are known, all else is as shipped.
    const torqueConstantNmPerA = drive.torqueConstantNmPerA / drive.gearRatio;
    this.#saved = { ...odriveFactoryConfig(), calibrated: 1, torqueConstantNmPerA, tempLowerC: drive.tempWarnC, tempUpperC: drive.tempLimitC };
    this.config = { ...this.#saved };
  }

  get energised(): boolean {
    return this.supply.running && this.state === AXIS_CLOSED_LOOP;
  }

  get anyError(): boolean {
    return (this.errors.axis | this.errors.motor | this.errors.controller) !== 0;
  }

  setPower(on: boolean, nowUs: number): void {
    this.supply.setPower(on, nowUs);
  }

  reset(nowUs: number): void {
    this.supply.reset(nowUs);
  }

  heatTo(tempC: number): void {
    this.#motor.heatTo(tempC);
  }

  /** The board has no power, or restarts: what is not in flash is forgotten. */
  restart(): void {
    this.config = { ...this.#saved };
    this.clearErrors();
    this.state = AXIS_IDLE;
    this.requestedState = this.config.startupClosedLoop === 1 ? AXIS_CLOSED_LOOP : 0;
    Object.assign(this.controller, { inputPosTurns: 0, inputVelTurnsPerSec: 0, inputTorqueNm: 0 });
    this.#offsetTurns = 0;
    this.feed();
  }

  save(): void {
    this.#saved = { ...this.config };
  }

  erase(): void {
    this.#saved = odriveFactoryConfig();
  }

  clearErrors(): void {
    this.errors = { axis: 0, motor: 0, controller: 0, since06: 0 };
  }

  /** `watchdog_feed` of the firmware: the time-out that is set now counts from now. */
  feed(): void {
    this.#watchdogLeftUs = clamp(this.config.watchdogTimeoutS, 0, 1e5) * 1e6;
  }

  setControlMode(mode: number): void {
    const other = mode === TORQUE_CONTROL ? VELOCITY_CONTROL : TORQUE_CONTROL;
    this.config.controlMode = this.faults.wrongMode ? other : mode;
  }

  requestState(state: number): void {
    if (!this.faults.ignoresCommands) this.requestedState = state;
  }

  /** `esl`: the encoder stands at this count. */
  setLinearCount(count: number): void {
    this.#offsetTurns += count / this.config.encoderCpr - this.#posTurns();
  }

  /** Current limit after the thermistor's: falls from the lower to the upper temperature limit. */
  get effectiveCurrentLimA(): number {
    const { currentLimA, tempLowerC, tempUpperC } = this.config;
    return currentLimA * clamp((tempUpperC - this.#motor.tempC) / (tempUpperC - tempLowerC), 0, 1);
  }

  step(nowUs: number, durationS: number): void {
    this.#torqueNm = 0;
    if (this.supply.running) {
      this.#runWatchdog(durationS);
      this.#runState(nowUs);
      if (this.#motor.tempC >= this.config.tempUpperC) this.#fail('overTemperature');
      if (this.anyError && this.state === AXIS_CLOSED_LOOP) this.state = AXIS_IDLE;
      if (this.state === AXIS_CLOSED_LOOP) this.#control(durationS);
    }
    this.#motor.heat(this.#torqueNm, durationS);
    this.joint.applyTorqueNm(this.#direction * this.#torqueNm);
    if (!this.faults.frozenReport) this.#measure();
  }

  #control(durationS: number): void {
    const { torqueConstantNmPerA, torqueMaxNm, torqueMinNm } = this.config;
    const torqueLimitNm = Math.max(0, Math.min(this.effectiveCurrentLimA * torqueConstantNmPerA, torqueMaxNm, -torqueMinNm));
    const failure = this.controller.update(this.#posTurns(), this.#velTurnsPerSec(), torqueLimitNm, durationS);
    if (failure !== null) this.#fail(failure);
    else this.#torqueNm = this.#motor.limitNm(this.controller.torqueNm * this.#gearRatio, this.#direction * this.joint.velocityRadPerSec());
  }

  #measure(): void {
    this.report.posTurns = this.#posTurns();
    this.report.velTurnsPerSec = this.#velTurnsPerSec();
    this.report.iqA = this.#torqueNm / this.#gearRatio / this.config.torqueConstantNmPerA;
    this.report.tempC = this.#motor.tempC;
  }

  /** It runs in every state as soon as it is enabled. */
  #runWatchdog(durationS: number): void {
    if (this.config.enableWatchdog === 0) return;
    if (this.#watchdogLeftUs > 0) this.#watchdogLeftUs -= durationS * 1e6;
    else this.#fail('watchdog');
  }

  #runState(nowUs: number): void {
    if (CALIBRATIONS.includes(this.state) && nowUs >= this.#calibratedUs) {
      this.config.calibrated = 1;
      this.state = AXIS_IDLE;
    }
    const wanted = this.requestedState;
    if (wanted === 0) return;
    this.requestedState = 0;
    this.errors.axis &= ~FAILURES.invalidState.axis;
    if (wanted === AXIS_IDLE) this.state = AXIS_IDLE;
    else if (CALIBRATIONS.includes(wanted)) {
      this.state = wanted;
      this.#calibratedUs = nowUs + CALIBRATION_US;
    } else if (wanted === AXIS_CLOSED_LOOP && this.config.calibrated === 1) {
      this.feed();
      this.controller.begin(this.#posTurns());
      this.state = AXIS_CLOSED_LOOP;
    } else this.#fail('invalidState');
  }

  #fail(failure: Failure): void {
    const bits = FAILURES[failure];
    this.errors.axis |= bits.axis;
    this.errors.motor |= bits.motor;
    this.errors.controller |= bits.controller;
    this.errors.since06 |= bits.since06;
    this.state = AXIS_IDLE;
    this.#torqueNm = 0;
  }

  #posTurns(): number {
    return (this.#gearRatio * this.#direction * (this.joint.positionRad() - this.#zeroRad)) / TURN_RAD + this.#offsetTurns;
  }

  #velTurnsPerSec(): number {
    return (this.#gearRatio * this.#direction * this.joint.velocityRadPerSec()) / TURN_RAD;
  }
}
