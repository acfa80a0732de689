/**
 * A CiA 402 servo drive on a CANopen node, as an EPOS4 or a Copley drive behaves: power state machine, profile and cyclic
 * modes, its own limits and loops, EMCY, and the abort connection option when the host's heartbeat stays out. It has
 * no watchdog until a host writes one into 1016h.
 */
import { clamp } from '../../protocols/math.ts';
import type { DriveProfileOf } from '../../protocols/drive-profile.ts';
import { degToRad } from '../../protocols/units.ts';
import { ABORT_CONNECTION, CIA402_ERROR, CONTROL, MODE, STATUS, stateBits } from '../../protocols/wire/cia402.ts';
import type { CanFrame } from '../../protocols/wire/slcan.ts';
import { CanopenNode, type NodeApplication } from './canopen-node.ts';
import { emptyTargets, Motion } from './cia402-motion.ts';
import { CIA402_PDOS, createCia402Objects, type Cia402Objects } from './cia402-objects.ts';
import { PowerMachine } from './cia402-state.ts';
import { noDriveFaults, type CanNode, type CanTransmit, type JointPort, type VirtualDrive } from './device.ts';
import { Motor } from './motor.ts';

/** From power to the boot-up message. */
const BOOT_US = 300_000;
const BIT_RATE = 1_000_000;
/** Slower than this is a stand. */
const REST_RAD_PER_SEC = 0.01;
const I32 = 0x7fff_ffff;
const I16 = 0x7fff;

/** An EPOS4-class drive (251 is maxon's vendor number) with a geared flat motor; product code and figures are our own. */
export const bareCia402 = (address: number): DriveProfileOf<'cia402'> => ({
  protocol: 'cia402',
  model: 'EPOS4 50/15',
  link: 'bus',
  address,
  setPoint: 'torque',
  watchdog: 'readBack',
  positionRangeRad: 12.5,
  velocityRangeRadPerSec: 6,
  torqueRangeNm: 160,
  stiffnessMaxNmPerRad: 400,
  dampingMaxNmsPerRad: 12,
  direction: 1,
  zeroOffsetDeg: 0,
  continuousTorqueNm: 40,
  peakTorqueNm: 120,
  peakTimeSec: 10,
  watchdogMs: 100,
  tempWarnC: 75,
  tempLimitC: 95,
  countsPerTurn: 655_360,
  velocityUnitsPerTurnPerSec: 655_360,
  gearRatio: 80,
  ratedTorqueNm: 40,
  torqueMode: 10,
  vendorId: 0x0000_00fb,
  productCode: 0x6351_0000,
});

export class Cia402Drive implements CanNode, VirtualDrive, NodeApplication {
  readonly faults = noDriveFaults();
  readonly #objects: Cia402Objects;
  readonly #node: CanopenNode;
  readonly #power = new PowerMachine();
  readonly #motion: Motion;
  readonly #targets = emptyTargets();
  readonly #motor: Motor;
  readonly #radPerCount: number;
  readonly #radPerSecPerUnit: number;
  readonly #nmPerThousandth: number;
  readonly #zeroRad: number;
  #transmit: CanTransmit = () => false;
  #on = false;
  #nowUs = 0;
  #torqueNm = 0;
  /** Homing has put the counter's zero here. */
  #homeCounts = 0;
  #homed = false;
  #wasEnabled = false;
  #lastControlword = 0;
  #acknowledged = false;

  constructor(
    private readonly drive: DriveProfileOf<'cia402'>,
    private readonly joint: JointPort,
  ) {
    this.#objects = createCia402Objects(drive, (controlword) => this.#onControlword(controlword));
    this.#node = new CanopenNode(drive.address, this.#objects.dictionary, CIA402_PDOS, this, (frame, nowUs) => this.#transmit(frame, nowUs));
    this.#motion = new Motion(drive.stiffnessMaxNmPerRad, drive.dampingMaxNmsPerRad, (2 * Math.PI) / drive.countsPerTurn);
    this.#motor = new Motor(drive);
    this.#radPerCount = (2 * Math.PI) / drive.countsPerTurn;
    this.#radPerSecPerUnit = (2 * Math.PI) / drive.velocityUnitsPerTurnPerSec;
    this.#nmPerThousandth = drive.ratedTorqueNm / 1_000;
    this.#zeroRad = degToRad(drive.zeroOffsetDeg);
  }

  get energised(): boolean {
    return this.#power.energised;
  }

  get canBitRate(): number {
    return this.#on && this.#node.listens ? BIT_RATE : 0;
  }

  attach(transmit: CanTransmit): void {
    this.#transmit = transmit;
  }

  setPower(on: boolean, nowUs: number): void {
    if (on === this.#on) return;
    this.#on = on;
    this.#power.reset();
    if (on) this.#boot(nowUs);
    else this.#node.off();
  }

  reset(nowUs: number): void {
    if (this.#on) this.#boot(nowUs);
  }

  heatTo(tempC: number): void {
    this.#motor.heatTo(tempC);
  }

  onCanFrame(frame: CanFrame, nowUs: number): void {
    this.#nowUs = nowUs;
    this.#node.onCanFrame(frame, nowUs);
  }

  step(nowUs: number, durationS: number): void {
    this.#nowUs = nowUs;
    if (this.#on) {
      if (this.#node.listens) this.#power.onReady();
      this.#watchMotor(nowUs);
      this.#turn(durationS);
      this.#node.step(nowUs);
    } else this.#torqueNm = 0;
    this.#motor.heat(this.#torqueNm, durationS);
    this.joint.applyTorqueNm(this.drive.direction * this.#torqueNm);
  }

  onSample(): void {
    const { statusword, modeDisplay, mode, vendorId, productCode, serialNumber } = this.#objects;
    statusword.value = this.#statusword();
    modeDisplay.value = this.#mode(mode.value);
    const wrong = Number(this.faults.wrongIdentity);
    vendorId.value = this.drive.vendorId;
    productCode.value = this.drive.productCode + wrong;
    serialNumber.value = (serialNumber.options.value ?? 0) + wrong;
    if (!this.faults.frozenReport) this.#report();
  }

  onConnectionLost(errorCode: number, nowUs: number): void {
    const { abortConnection } = this.#objects;
    if (this.#power.energised && abortConnection.value === ABORT_CONNECTION.fault) this.#fail(errorCode === 0 ? CIA402_ERROR.heartbeatLost : errorCode, true, nowUs);
    else if (abortConnection.value === ABORT_CONNECTION.disableVoltage) this.#power.disableVoltage();
    else if (abortConnection.value === ABORT_CONNECTION.quickStop) this.#power.quickStop();
  }

  onNodeReset(nowUs: number): void {
    this.#boot(nowUs);
  }

  #boot(nowUs: number): void {
    this.#power.reset();
    this.#torqueNm = 0;
    this.#homeCounts = 0;
    this.#homed = false;
    this.#lastControlword = 0;
    this.#acknowledged = false;
    this.#node.boot(nowUs + BOOT_US, true);
  }

  #onControlword(controlword: number): void {
    if (this.faults.ignoresCommands) return;
    const { quickStopOption, faultReactionOption, errorCode, targetPosition } = this.#objects;
    this.#power.quickStopOption = quickStopOption.value;
    this.#power.faultReactionOption = faultReactionOption.value;
    const wasFault = this.#power.state === 'fault';
    this.#power.onControlword(controlword, this.#motor.tempC < this.drive.tempWarnC);
    if (wasFault && this.#power.state !== 'fault') {
      errorCode.value = 0;
      this.#node.emergency(0, this.#nowUs);
    }
    const rises = controlword & ~this.#lastControlword & CONTROL.newSetPoint;
    this.#lastControlword = controlword;
    this.#acknowledged = (controlword & CONTROL.newSetPoint) !== 0;
    if (rises === 0 || this.#power.state !== 'operationEnabled') return;
    const isRelative = (controlword & CONTROL.relative) !== 0;
    if (this.#running === MODE.profilePosition) this.#motion.setPoint((isRelative ? this.#motion.positionRefRad : 0) + this.#toRad(targetPosition.value, isRelative));
    else if (this.#running === MODE.homing) this.#home();
  }

  /** Homing at the present place: it reads the home offset from now on. */
  #home(): void {
    const { homeOffset } = this.#objects;
    this.#homeCounts = Math.round(this.#positionRad() / this.#radPerCount) - homeOffset.value;
    this.#homed = true;
  }

  #watchMotor(nowUs: number): void {
    if (this.#motor.tempC >= this.drive.tempLimitC) this.#fail(CIA402_ERROR.motorTemperature, false, nowUs);
    const window = this.#objects.followingWindow.value * this.#radPerCount;
    const positions = this.#running === MODE.cyclicPosition || this.#running === MODE.profilePosition;
    if (positions && this.#power.state === 'operationEnabled' && Math.abs(this.#motion.positionRefRad - this.#positionRad()) > window) this.#fail(CIA402_ERROR.followingError, true, nowUs);
  }

  #fail(errorCode: number, braking: boolean, nowUs: number): void {
    const { state } = this.#power;
    if (state === 'fault' || state === 'faultReaction' || state === 'notReady') return;
    this.#power.fault(braking);
    this.#objects.errorCode.value = errorCode;
    this.#node.emergency(errorCode, nowUs);
  }

  #turn(durationS: number): void {
    const positionRad = this.#positionRad();
    const velocityRadPerSec = this.#velocityRadPerSec();
    const enabled = this.#power.energised;
    if (enabled && (!this.#wasEnabled || this.#targets.mode !== this.#running)) this.#motion.start(positionRad, velocityRadPerSec);
    this.#wasEnabled = enabled;
    this.#torqueNm = 0;
    if (!enabled) return;
    if (!this.faults.ignoresCommands) this.#takeTargets();
    const halted = this.#power.stopping || (this.#lastControlword & CONTROL.halt) !== 0;
    const wantedNm = this.#motion.torqueNm(this.#targets, halted, positionRad, velocityRadPerSec, durationS);
    this.#torqueNm = this.#motor.limitNm(wantedNm, velocityRadPerSec);
    if (this.#power.stopping && Math.abs(velocityRadPerSec) < REST_RAD_PER_SEC) this.#power.onStandstill();
  }

  #takeTargets(): void {
    const { drive } = this;
    const objects = this.#objects;
    const targets = this.#targets;
    const unit = this.#radPerSecPerUnit;
    const slowest = Math.min(objects.maxProfileVelocity.value * unit, (objects.maxMotorSpeed.value * 2 * Math.PI) / (60 * drive.gearRatio));
    targets.mode = this.#running;
    targets.positionRad = this.#toRad(clamp(objects.targetPosition.value, objects.softLimitLow.value, objects.softLimitHigh.value), false);
    targets.velocityRadPerSec = objects.targetVelocity.value * unit;
    targets.torqueNm = objects.targetTorque.value * this.#nmPerThousandth;
    targets.torqueOffsetNm = objects.torqueOffset.value * this.#nmPerThousandth;
    targets.profileVelocityRadPerSec = objects.profileVelocity.value * unit;
    targets.accelerationRadPerSec2 = objects.profileAcceleration.value * unit;
    targets.decelerationRadPerSec2 = objects.profileDeceleration.value * unit;
    targets.quickStopRadPerSec2 = objects.quickStopDeceleration.value * unit;
    targets.torqueSlopeNmPerSec = objects.torqueSlope.value * this.#nmPerThousandth;
    targets.maxVelocityRadPerSec = Math.min(drive.velocityRangeRadPerSec, slowest);
    targets.maxTorqueNm = Math.min(drive.peakTorqueNm, objects.maxTorque.value * this.#nmPerThousandth);
    targets.interpolationS = objects.interpolationValue.value / 1_000;
  }

  /** The mode that it is in. */
  get #running(): number {
    return this.#mode(this.#objects.mode.value);
  }

  #mode(told: number): number {
    if (!this.faults.wrongMode) return told;
    return told === MODE.profileVelocity ? MODE.cyclicVelocity : MODE.profileVelocity;
  }

  #report(): void {
    const objects = this.#objects;
    const counts = Math.round(this.#positionRad() / this.#radPerCount);
    objects.positionInternal.value = clamp(counts, -I32, I32);
    objects.position.value = clamp(counts - this.#homeCounts, -I32, I32);
    objects.positionDemand.value = clamp(Math.round(this.#motion.positionRefRad / this.#radPerCount) - this.#homeCounts, -I32, I32);
    objects.velocity.value = clamp(Math.round(this.#velocityRadPerSec() / this.#radPerSecPerUnit), -I32, I32);
    const thousandths = clamp(Math.round(this.#torqueNm / this.#nmPerThousandth), -I16, I16);
    objects.torque.value = thousandths;
    objects.current.value = thousandths;
    objects.torqueDemand.value = thousandths;
  }

  #statusword(): number {
    const { state } = this.#power;
    let word = stateBits(state) | STATUS.remote;
    if (state !== 'notReady') word |= STATUS.voltageEnabled;
    if (this.#motor.tempC >= this.drive.tempWarnC) word |= STATUS.warning;
    if (this.#motion.limited && state === 'operationEnabled') word |= STATUS.internalLimit;
    return word | this.#modeBits();
  }

  /** Bits 10, 12 and 13, whose meaning is the mode's. */
  #modeBits(): number {
    const operates = this.#power.state === 'operationEnabled';
    switch (this.#running) {
      case MODE.profilePosition:
        return (this.#motion.arrived ? STATUS.targetReached : 0) | (this.#acknowledged ? STATUS.modeSpecific : 0);
      case MODE.homing:
        return STATUS.targetReached | (this.#homed ? STATUS.modeSpecific : 0);
      case MODE.cyclicPosition:
      case MODE.cyclicVelocity:
      case MODE.cyclicTorque:
        return operates ? STATUS.modeSpecific : 0;
      case MODE.profileVelocity: {
        const error = Math.abs(this.#velocityRadPerSec() - this.#targets.velocityRadPerSec);
        return error < REST_RAD_PER_SEC ? STATUS.targetReached : 0;
      }
      default:
        return 0;
    }
  }

  #toRad(counts: number, relative: boolean): number {
    return (counts + (relative ? 0 : this.#homeCounts)) * this.#radPerCount;
  }

  #positionRad(): number {
    return this.drive.direction * (this.joint.positionRad() - this.#zeroRad);
  }

  #velocityRadPerSec(): number {
    return this.drive.direction * this.joint.velocityRadPerSec();
  }
}
