/**
 * A Dynamixel of the X series (XM430-W350 and its relatives) behind its control table: operating modes, its own limits,
 * bus watchdog, shutdown. Source: ROBOTIS e-manual, pages of XM430-W350 and XL330-M288. It never moves by itself: after
 * power, a reboot or a shutdown torque is off, and when torque comes on the goal is where it stands.
 *
 * A tripped bus watchdog stops it: current and PWM are 0; in the other modes it holds its place, with torque on, until
 * the watchdog is cleared.
 */
import type { DriveProfileOf } from '../../protocols/drive-profile.ts';
import { clamp } from '../../protocols/math.ts';
import { degToRad, US_PER_MS } from '../../protocols/units.ts';
import { DXL_ALERT, DXL_CLEAR_MULTI_TURN, dxlErrors, dxlFactoryReset, dxlInstructions, type DxlPacket } from '../../protocols/wire/dynamixel.ts';
import {
  DXL_COUNTS_PER_TURN,
  DXL_EEPROM_END,
  DXL_RAD_PER_COUNT,
  DXL_RETURN_DELAY_UNIT_US,
  DXL_VELOCITY_UNIT_RAD_PER_SEC,
  DXL_WATCHDOG_UNIT_MS,
  dxlBaudRates,
  dxlDriveMode,
  dxlHardwareErrors,
  dxlModelOf,
  dxlModes,
  dxlTable as table,
  type DxlItem,
  type DxlModel,
} from '../../protocols/wire/dynamixel-table.ts';
import { noDriveFaults, type JointPort, type VirtualDrive } from './device.ts';
import { DxlController, PWM_FULL } from './dynamixel-control.ts';
import { DxlRegisters, type DxlWriteRules } from './dynamixel-registers.ts';
import { Motor } from './motor.ts';

type DynamixelProfile = DriveProfileOf<'dynamixel2'>;

/** From power to the first answer; our own figure. */
export const DYNAMIXEL_BOOT_US = 200 * US_PER_MS;
/** Our own figures: this share of the full torque for this long is an overload. */
const OVERLOAD_SHARE = 0.95;
const OVERLOAD_S = 3;
const TICK_WRAP_MS = 32_768;
const GOALS: readonly DxlItem[] = [table.goalPwm, table.goalCurrent, table.goalVelocity, table.goalPosition];
const TRIPPED = -1;

export class DynamixelDrive implements VirtualDrive, DxlWriteRules {
  readonly faults = noDriveFaults();
  readonly #registers: DxlRegisters;
  readonly #model: DxlModel;
  readonly #motor: Motor;
  readonly #controller: DxlController;
  readonly #torquePerUnitNm: number;
  #state: 'unpowered' | 'booting' | 'running' = 'unpowered';
  #bootedUs = 0;
  #heardUs = 0;
  #nowUs = 0;
  /** Counts of whole turns that the encoder, absolute within one turn, does not know of. */
  #turnCounts = 0;
  #toldMode: number = table.operatingMode.initial;
  #torqueNm = 0;
  #overloadS = 0;

  /** @param baud of the line it sits on, for its register */
  constructor(
    private readonly profile: DynamixelProfile,
    private readonly joint: JointPort,
    baud: number,
  ) {
    this.#model = dxlModelOf(profile.modelNumber);
    this.#registers = new DxlRegisters(this.#model);
    this.#motor = new Motor(profile);
    this.#torquePerUnitNm = (profile.currentUnitMa / 1_000) * profile.torqueConstantNmPerA;
    this.#controller = new DxlController(this.#registers, this.#torquePerUnitNm, profile, this.#model.current);
    const baudRate = dxlBaudRates.indexOf(baud);
    this.#resetEeprom(profile.address, baudRate < 0 ? table.baudRate.initial : baudRate);
  }

  get energised(): boolean {
    const tripped = this.#registers.get(table.busWatchdog) === TRIPPED;
    const mode = this.#registers.get(table.operatingMode);
    return this.#torqueOn && !(tripped && (mode === dxlModes.current || mode === dxlModes.pwm));
  }

  get listening(): boolean {
    return this.#state === 'running';
  }

  get id(): number {
    return this.#registers.get(table.id);
  }

  /** Hears writes to this id too, and does not answer them; 255: none. */
  get secondaryId(): number {
    return this.#registers.get(table.secondaryId);
  }

  get modelNumber(): number {
    this.#refreshIdentity();
    return this.#registers.get(table.modelNumber);
  }

  get firmware(): number {
    return this.#registers.get(table.firmwareVersion);
  }

  get returnDelayUs(): number {
    return this.#registers.get(table.returnDelay) * DXL_RETURN_DELAY_UNIT_US;
  }

  get statusReturnLevel(): number {
    return this.#registers.get(table.statusReturnLevel);
  }

  errorByte(error: number): number {
    return error | (this.#registers.get(table.hardwareErrorStatus) === 0 ? 0 : DXL_ALERT);
  }

  setPower(on: boolean, nowUs: number): void {
    if (on === (this.#state !== 'unpowered')) return;
    this.#state = on ? 'booting' : 'unpowered';
    this.#bootedUs = nowUs + DYNAMIXEL_BOOT_US;
    this.#registers.resetRam();
  }

  reset(nowUs: number): void {
    if (this.#state === 'unpowered') return;
    this.setPower(false, nowUs);
    this.setPower(true, nowUs);
  }

  heatTo(tempC: number): void {
    this.#motor.heatTo(tempC);
  }

  /** An instruction packet, for whomever, was on the bus. */
  heard(nowUs: number): void {
    this.#heardUs = nowUs;
  }

  /** @returns an error number */
  read(address: number, length: number, out: Uint8Array): number {
    this.#refresh();
    return this.#registers.read(address, length, out);
  }

  write(address: number, data: Uint8Array, from: number, length: number, nowUs: number): number {
    this.#nowUs = nowUs;
    return this.#registers.write(address, data, from, length, this);
  }

  /** An instruction other than ping and the reads. @returns an error number */
  command(packet: DxlPacket, nowUs: number): number {
    this.#nowUs = nowUs;
    switch (packet.instruction) {
      case dxlInstructions.write:
        return packet.count < 2 ? dxlErrors.dataLength : this.write(packet.u16(0), packet.parameters, 2, packet.count - 2, nowUs);
      case dxlInstructions.regWrite:
        return this.#registers.register(packet.u16(0), packet.parameters, 2, packet.count - 2);
      case dxlInstructions.action:
        return this.#registers.action(this);
      case dxlInstructions.factoryReset:
        return this.#factoryReset(packet, nowUs);
      case dxlInstructions.reboot:
        this.reset(nowUs);
        return dxlErrors.none;
      case dxlInstructions.clear:
        return this.#clear(packet);
      default:
        return dxlErrors.instruction;
    }
  }

  check(item: DxlItem, value: number): number {
    const registers = this.#registers;
    const torqueOn = this.#torqueOn;
    if (item.address < DXL_EEPROM_END && torqueOn) return dxlErrors.access;
    const tripped = registers.get(table.busWatchdog) === TRIPPED;
    if (GOALS.includes(item) && tripped) return dxlErrors.dataRange;
    switch (item) {
      case table.baudRate:
        return value > this.#model.baudRateMost ? dxlErrors.dataRange : dxlErrors.none;
      case table.operatingMode:
        return this.#hasMode(value) ? dxlErrors.none : dxlErrors.dataRange;
      case table.currentLimit:
        return value > this.#model.currentLimitMost ? dxlErrors.dataRange : dxlErrors.none;
      case table.torqueEnable:
        return value === 1 && registers.get(table.hardwareErrorStatus) !== 0 ? dxlErrors.resultFail : dxlErrors.none;
      case table.busWatchdog:
        return value < 0 || (tripped && value !== 0) ? dxlErrors.dataRange : dxlErrors.none;
      case table.goalPwm:
        return within(value, registers.get(table.pwmLimit));
      case table.goalCurrent:
        return within(value, registers.get(table.currentLimit));
      case table.goalVelocity:
        return within(value, registers.get(table.velocityLimit));
      case table.goalPosition:
        return this.#checkGoalPosition(value);
      default:
        return dxlErrors.none;
    }
  }

  apply(item: DxlItem, value: number): void {
    const isGoal = GOALS.includes(item);
    if (this.faults.ignoresCommands && (isGoal || item === table.torqueEnable)) return;
    if (item === table.torqueEnable) {
      this.#enable(value === 1);
      return;
    }
    if (isGoal && !this.#torqueOn && (this.#registers.get(table.driveMode) & dxlDriveMode.torqueOnByGoalUpdate) !== 0) this.#enable(true);
    this.#registers.set(item, value);
    if (item === table.operatingMode) this.#setMode(value);
    else if (item === table.goalPosition) this.#controller.onGoalPosition();
  }

  step(nowUs: number, durationS: number): void {
    this.#nowUs = nowUs;
    if (this.#state === 'booting' && nowUs >= this.#bootedUs) this.#boot();
    if (this.#state === 'running') this.#guard(nowUs, durationS);
    const sign = this.#sign;
    const velocityRadPerSec = this.profile.direction * this.joint.velocityRadPerSec();
    const wantedNm = this.#torqueOn ? sign * this.#controller.torqueNm(this.#counts(), sign * velocityRadPerSec, durationS) : 0;
    this.#torqueNm = this.#motor.limitNm(wantedNm, velocityRadPerSec);
    this.#motor.heat(this.#torqueNm, durationS);
    this.joint.applyTorqueNm(this.profile.direction * this.#torqueNm);
  }

  get #torqueOn(): boolean {
    return this.#state === 'running' && this.#registers.get(table.torqueEnable) === 1;
  }

  /** −1 in reverse mode. */
  get #sign(): number {
    return (this.#registers.get(table.driveMode) & dxlDriveMode.reverse) === 0 ? 1 : -1;
  }

  /** Position as the encoder and the turn counter tell it, not rounded. */
  #counts(): number {
    const angleRad = this.profile.direction * (this.joint.positionRad() - degToRad(this.profile.zeroOffsetDeg));
    return this.#sign * (angleRad / DXL_RAD_PER_COUNT) + this.#turnCounts + this.#registers.get(table.homingOffset);
  }

  /** After power the encoder tells a place within one turn. */
  #boot(): void {
    this.#state = 'running';
    this.#toOneTurn();
    this.#setMode(this.#toldMode);
    this.#overloadS = 0;
  }

  #toOneTurn(): void {
    const homing = this.#registers.get(table.homingOffset);
    this.#turnCounts -= Math.floor((this.#counts() - homing) / DXL_COUNTS_PER_TURN) * DXL_COUNTS_PER_TURN;
  }

  #hasMode(mode: number): boolean {
    const needsCurrent = mode === dxlModes.current || mode === dxlModes.currentBasedPosition;
    return Object.values<number>(dxlModes).includes(mode) && (this.#model.current || !needsCurrent);
  }

  /** Gains, profile and goals start anew with every mode. */
  #setMode(mode: number): void {
    const registers = this.#registers;
    this.#toldMode = mode;
    for (const item of [table.velocityIGain, table.velocityPGain, table.positionDGain, table.positionIGain, table.positionPGain, table.profileAcceleration, table.profileVelocity])
      registers.set(item, item.initial);
    registers.set(table.goalPwm, mode === dxlModes.pwm ? 0 : registers.get(table.pwmLimit));
    if (this.#model.current) registers.set(table.goalCurrent, mode === dxlModes.current ? 0 : registers.get(table.currentLimit));
    registers.set(table.goalVelocity, 0);
    registers.set(table.operatingMode, mode);
    this.#goNowhere();
  }

  /** The goal is where it stands. */
  #goNowhere(): void {
    this.#registers.set(table.goalPosition, Math.round(this.#counts()));
    this.#controller.restart(this.#counts());
  }

  #enable(on: boolean): void {
    if (on && !this.#torqueOn) {
      this.#goNowhere();
      this.#heardUs = this.#nowUs;
      this.#overloadS = 0;
    }
    this.#registers.set(table.torqueEnable, on ? 1 : 0);
  }

  /** Watchdog and shutdown. */
  #guard(nowUs: number, durationS: number): void {
    const registers = this.#registers;
    const watchdogUs = registers.get(table.busWatchdog) * DXL_WATCHDOG_UNIT_MS * US_PER_MS;
    if (this.#torqueOn && watchdogUs > 0 && nowUs - this.#heardUs > watchdogUs) {
      registers.set(table.busWatchdog, TRIPPED);
      registers.set(table.profileAcceleration, 0);
      registers.set(table.profileVelocity, 0);
      this.#controller.hold(this.#counts());
    }
    this.#overloadS = this.#torqueOn && Math.abs(this.#torqueNm) >= OVERLOAD_SHARE * this.profile.peakTorqueNm ? this.#overloadS + durationS : 0;
    const hot = this.#motor.tempC >= registers.get(table.temperatureLimit) ? dxlHardwareErrors.overheating : 0;
    const overloaded = this.#overloadS >= OVERLOAD_S ? dxlHardwareErrors.overload : 0;
    const errors = (hot | overloaded) & registers.get(table.shutdown);
    if (errors === 0) return;
    registers.set(table.hardwareErrorStatus, registers.get(table.hardwareErrorStatus) | errors);
    registers.set(table.torqueEnable, 0);
  }

  #checkGoalPosition(value: number): number {
    const registers = this.#registers;
    if (registers.get(table.operatingMode) !== dxlModes.position) return dxlErrors.none;
    return value < registers.get(table.minPositionLimit) || value > registers.get(table.maxPositionLimit) ? dxlErrors.dataLimit : dxlErrors.none;
  }

  /** Everything at once for all servos of a bus is refused, because all would then have the same id. */
  #factoryReset(packet: DxlPacket, nowUs: number): number {
    const option = packet.u8(0);
    const { all, exceptId, exceptIdAndBaud } = dxlFactoryReset;
    if (packet.count !== 1) return dxlErrors.dataLength;
    if (option !== all && option !== exceptId && option !== exceptIdAndBaud) return dxlErrors.dataRange;
    if (option === all && packet.id !== this.id) return dxlErrors.resultFail;
    this.#resetEeprom(option === all ? table.id.initial : this.id, option === exceptIdAndBaud ? this.#registers.get(table.baudRate) : table.baudRate.initial);
    this.reset(nowUs);
    return dxlErrors.none;
  }

  #clear(packet: DxlPacket): number {
    if (packet.count !== DXL_CLEAR_MULTI_TURN.length) return dxlErrors.dataLength;
    if (DXL_CLEAR_MULTI_TURN.some((byte, i) => packet.u8(i) !== byte)) return dxlErrors.dataRange;
    this.#refresh();
    if (this.#registers.get(table.moving) === 1) return dxlErrors.resultFail;
    this.#toOneTurn();
    this.#goNowhere();
    return dxlErrors.none;
  }

  #resetEeprom(id: number, baudRate: number): void {
    const registers = this.#registers;
    registers.resetEeprom();
    registers.set(table.modelNumber, this.profile.modelNumber);
    registers.set(table.id, id);
    registers.set(table.baudRate, baudRate);
    if (this.#model.current) registers.set(table.currentLimit, this.#model.currentLimitMost);
    this.#toldMode = table.operatingMode.initial;
  }

  #refreshIdentity(): void {
    const { modelNumber } = this.profile;
    this.#registers.set(table.modelNumber, this.faults.wrongIdentity ? modelNumber + 1 : modelNumber);
  }

  /** Brings what the servo measures into its table. */
  #refresh(): void {
    const registers = this.#registers;
    this.#refreshIdentity();
    registers.set(table.operatingMode, this.faults.wrongMode ? (this.#toldMode === dxlModes.velocity ? dxlModes.pwm : dxlModes.velocity) : this.#toldMode);
    if (this.faults.frozenReport) return;
    const sign = this.#sign;
    const velocity = (sign * this.profile.direction * this.joint.velocityRadPerSec()) / DXL_VELOCITY_UNIT_RAD_PER_SEC;
    registers.set(table.presentPosition, Math.round(this.#counts()));
    registers.set(table.presentVelocity, Math.round(velocity));
    registers.set(table.moving, Math.abs(velocity) > registers.get(table.movingThreshold) ? 1 : 0);
    registers.set(table.presentPwm, Math.round(clamp(this.#controller.duty, -1, 1) * PWM_FULL));
    // Models that measure no current tell their load here, in 0.1 % of the full torque.
    const share = this.#model.current ? this.#torqueNm / this.#torquePerUnitNm : (1_000 * this.#torqueNm) / this.profile.peakTorqueNm;
    registers.set(table.presentCurrent, Math.round(sign * share));
    registers.set(table.velocityTrajectory, Math.round(this.#controller.trajectoryVelocity));
    registers.set(table.positionTrajectory, Math.round(this.#controller.trajectoryCounts));
    registers.set(table.presentTemperature, Math.round(this.#motor.tempC));
    registers.set(table.realtimeTick, Math.floor(this.#nowUs / US_PER_MS) % TICK_WRAP_MS);
  }
}

const within = (value: number, limit: number): number => (Math.abs(value) > limit ? dxlErrors.dataLimit : dxlErrors.none);

/** An XM430-W350 at 12 V (e-manual): 4.1 Nm at 2.3 A stalled, 46 rpm without load. Continuous torque: our own figure. */
export const bareDynamixel = (address: number): DynamixelProfile => ({
  protocol: 'dynamixel2',
  model: 'XM430-W350',
  link: 'bus',
  address,
  setPoint: 'torque',
  watchdog: 'readBack',
  modelNumber: 1_020,
  torqueConstantNmPerA: 4.1 / 2.3,
  currentUnitMa: 2.69,
  positionRangeRad: 2 * Math.PI,
  velocityRangeRadPerSec: 4.8,
  torqueRangeNm: 5.7,
  stiffnessMaxNmPerRad: 10,
  dampingMaxNmsPerRad: 0.5,
  direction: 1,
  zeroOffsetDeg: -180,
  continuousTorqueNm: 1.2,
  peakTorqueNm: 4.1,
  peakTimeSec: 10,
  watchdogMs: 100,
  tempWarnC: 70,
  tempLimitC: 80,
});
