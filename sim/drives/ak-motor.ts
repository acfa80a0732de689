/**
 * What every virtual AK drive has, whatever frames it speaks: power and boot, its command watchdog (none where the
 * profile says that the hub's relay stands for it), its error codes, its motor, and what it reports.
 */
import { degToRad } from '../../protocols/units.ts';
import type { MitDriveProfile } from '../../protocols/drive-profile.ts';
import { emptyMitReply, mitErrors, type MitCommand } from '../../protocols/wire/mit.ts';
import { noDriveFaults, type JointPort } from './device.ts';
import { Motor } from './motor.ts';

/** From power to the first answer. */
export const BOOT_US = 150_000;
const BIT_RATE = 1_000_000;
const MOTOR_OVER_TEMPERATURE = mitErrors.indexOf('motorOverTemperature');

type Mode = 'unpowered' | 'booting' | 'rest' | 'motor';

export class AkMotor {
  readonly faults = noDriveFaults();
  /** As it would be told now; `faults.frozenReport` keeps it as it is. */
  readonly report = emptyMitReply();
  readonly #motor: Motor;
  readonly #watchdogUs: number;
  /** Joint angle when the drive reads 0; absolute encoder, so it survives a power cut. */
  #zeroRad: number;
  #savedZeroRad: number;
  #mode: Mode = 'unpowered';
  #bootedUs = 0;
  #fedUs = 0;
  #torqueNm = 0;
  #errorCode = 0;

  constructor(
    private readonly drive: MitDriveProfile,
    private readonly joint: JointPort,
  ) {
    this.#motor = new Motor(drive);
    this.#watchdogUs = drive.watchdog === 'hubRelay' ? Infinity : drive.watchdogMs * 1_000;
    this.#zeroRad = degToRad(drive.zeroOffsetDeg);
    this.#savedZeroRad = this.#zeroRad;
    this.report.id = drive.address;
  }

  get isOn(): boolean {
    return this.#mode === 'motor';
  }

  get isAwake(): boolean {
    return this.#mode === 'rest' || this.#mode === 'motor';
  }

  get canBitRate(): number {
    return this.isAwake ? BIT_RATE : 0;
  }

  setPower(on: boolean, nowUs: number): void {
    if (on && this.#mode === 'unpowered') {
      this.#mode = 'booting';
      this.#bootedUs = nowUs + BOOT_US;
      this.#errorCode = 0;
      this.#zeroRad = this.#savedZeroRad;
    } else if (!on) this.#mode = 'unpowered';
  }

  reset(nowUs: number): void {
    if (this.#mode === 'unpowered') return;
    this.#mode = 'unpowered';
    this.setPower(true, nowUs);
  }

  heatTo(tempC: number): void {
    this.#motor.heatTo(tempC);
  }

  /** Begins to obey, unless a fault stands. @returns whether it does */
  enter(nowUs: number): boolean {
    if (this.faults.ignoresCommands || this.#errorCode !== 0 || !this.isAwake) return false;
    this.#mode = 'motor';
    this.#fedUs = nowUs;
    return true;
  }

  /** Releases; a fault whose cause is gone goes too. */
  exit(): void {
    if (this.faults.ignoresCommands) return;
    this.#mode = 'rest';
    if (this.#motor.tempC < this.drive.tempWarnC) this.#errorCode = 0;
  }

  feed(nowUs: number): void {
    this.#fedUs = nowUs;
  }

  /** @param forGood false: until the power goes */
  setZero(forGood: boolean): void {
    if (this.faults.ignoresCommands) return;
    this.#zeroRad = this.joint.positionRad();
    if (forGood) this.#savedZeroRad = this.#zeroRad;
  }

  get positionRad(): number {
    return this.drive.direction * (this.joint.positionRad() - this.#zeroRad);
  }

  get velocityRadPerSec(): number {
    return this.drive.direction * this.joint.velocityRadPerSec();
  }

  /** The drive's own impedance loop; in the wrong mode it is a plain torque loop. */
  impedanceNm({ positionRad, velocityRadPerSec, stiffnessNmPerRad, dampingNmsPerRad, torqueNm }: Readonly<MitCommand>): number {
    if (this.faults.wrongMode) return torqueNm;
    return stiffnessNmPerRad * (positionRad - this.positionRad) + dampingNmsPerRad * (velocityRadPerSec - this.velocityRadPerSec) + torqueNm;
  }

  /** Boot, watchdog and heat; before the torque of the coming physics step is chosen. */
  beginStep(nowUs: number): void {
    if (this.#mode === 'booting' && nowUs >= this.#bootedUs) this.#mode = 'rest';
    if (this.#mode === 'motor' && nowUs - this.#fedUs >= this.#watchdogUs) this.#mode = 'rest';
    if (this.#motor.tempC >= this.drive.tempLimitC && this.#mode === 'motor') {
      this.#errorCode = MOTOR_OVER_TEMPERATURE;
      this.#mode = 'rest';
    }
  }

  endStep(wantedNm: number, durationS: number): void {
    this.#torqueNm = this.#mode === 'motor' ? this.#motor.limitNm(wantedNm, this.velocityRadPerSec) : 0;
    this.#motor.heat(this.#torqueNm, durationS);
    this.joint.applyTorqueNm(this.drive.direction * this.#torqueNm);
  }

  look(): void {
    this.report.errorCode = this.#errorCode;
    if (this.faults.frozenReport) return;
    this.report.positionRad = this.positionRad;
    this.report.velocityRadPerSec = this.velocityRadPerSec;
    this.report.torqueNm = this.#torqueNm;
    this.report.tempC = this.#motor.tempC;
  }
}
