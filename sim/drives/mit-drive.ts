/**
 * An AK80-64-class drive: MIT frames, impedance closed in the drive on its own motor-side encoder, its own command
 * watchdog. It answers every frame addressed to it, also outside motor mode, and never moves by itself: after power
 * comes, after a watchdog trip and after a fault it stays out of motor mode until told to enter.
 */
import { degToRad } from '../../protocols/units.ts';
import type { MitDriveProfile } from '../../protocols/drive-profile.ts';
import { MIT_FRAME_BYTES, MIT_HOST_CAN_ID, MitCodec, emptyMitCommand, emptyMitReply, mitErrors, mitSpecialOf, type MitSpecial } from '../../protocols/wire/mit.ts';
import { emptyCanFrame, type CanFrame } from '../../protocols/wire/slcan.ts';
import { noDriveFaults, type CanNode, type CanTransmit, type JointPort, type VirtualDrive } from './device.ts';
import { Motor } from './motor.ts';

/** From power to the first answer. */
export const BOOT_US = 150_000;
const BIT_RATE = 1_000_000;
/**
 * CubeMars AK80-9 (V1/V2) as delivered: ranges of its driver manual, and a CAN timeout of 0 cycles, which is none
 * (listing of `setup` in a user's terminal, forum.arduino.cc/t/1359855).
 */
export const bareMit = (address: number): MitDriveProfile => ({
  protocol: 'mit',
  model: 'AK80-9',
  link: 'bus',
  address,
  setPoint: 'impedance',
  watchdog: 'hubRelay',
  watchdogMs: 100,
  scaling: '2^n-1',
  positionRangeRad: 12.5,
  velocityRangeRadPerSec: 50,
  torqueRangeNm: 18,
  stiffnessMaxNmPerRad: 500,
  dampingMaxNmsPerRad: 5,
  direction: 1,
  zeroOffsetDeg: 0,
  continuousTorqueNm: 9,
  peakTorqueNm: 18,
  tempWarnC: 75,
  tempLimitC: 90,
});

const MOTOR_OVER_TEMPERATURE = mitErrors.indexOf('motorOverTemperature');

type Mode = 'unpowered' | 'booting' | 'rest' | 'motor';

export class MitDrive implements CanNode, VirtualDrive {
  readonly faults = noDriveFaults();
  readonly #canId: number;
  readonly #codec: MitCodec;
  readonly #motor: Motor;
  readonly #direction: number;
  readonly #watchdogUs: number;
  readonly #tempWarnC: number;
  readonly #tempLimitC: number;
  readonly #command = emptyMitCommand();
  readonly #reply = emptyMitReply();
  readonly #answer = emptyCanFrame();
  #transmit: CanTransmit | null = null;
  /** Joint angle when the drive reads 0; absolute encoder, so it survives a power cut. */
  #zeroRad: number;
  #mode: Mode = 'unpowered';
  #bootedUs = 0;
  #fedUs = 0;
  #torqueNm = 0;
  #errorCode = 0;

  constructor(
    drive: MitDriveProfile,
    private readonly joint: JointPort,
  ) {
    this.#canId = drive.address;
    this.#codec = new MitCodec(drive);
    this.#motor = new Motor(drive);
    this.#direction = drive.direction;
    this.#watchdogUs = drive.watchdog === 'hubRelay' ? Infinity : drive.watchdogMs * 1_000;
    this.#tempWarnC = drive.tempWarnC;
    this.#tempLimitC = drive.tempLimitC;
    this.#zeroRad = degToRad(drive.zeroOffsetDeg);
    this.#reply.id = drive.address;
  }

  get energised(): boolean {
    return this.#mode === 'motor';
  }

  setPower(on: boolean, nowUs: number): void {
    if (on && this.#mode === 'unpowered') {
      this.#mode = 'booting';
      this.#bootedUs = nowUs + BOOT_US;
      this.#errorCode = 0;
    } else if (!on) this.#mode = 'unpowered';
  }

  reset(nowUs: number): void {
    if (this.#mode === 'unpowered') return;
    this.#mode = 'unpowered';
    this.setPower(true, nowUs);
  }

  get canBitRate(): number {
    return this.#mode === 'unpowered' || this.#mode === 'booting' ? 0 : BIT_RATE;
  }

  attach(transmit: CanTransmit): void {
    this.#transmit = transmit;
  }

  onCanFrame(frame: CanFrame, nowUs: number): void {
    const forMe = !frame.extended && !frame.remote && frame.id === this.#canId && frame.length === MIT_FRAME_BYTES;
    if (!forMe) return;
    const special = mitSpecialOf(frame.data);
    if (special === null) this.#onSetPoint(frame.data, nowUs);
    else if (!this.faults.ignoresCommands) this.#onSpecial(special, nowUs);
    this.#reportAt(nowUs);
  }

  /** Sets the torque of the coming physics step. */
  step(nowUs: number, durationS: number): void {
    if (this.#mode === 'booting' && nowUs >= this.#bootedUs) this.#mode = 'rest';
    if (this.#mode === 'motor' && nowUs - this.#fedUs >= this.#watchdogUs) this.#mode = 'rest';
    if (this.#motor.tempC >= this.#tempLimitC && this.#mode === 'motor') {
      this.#errorCode = MOTOR_OVER_TEMPERATURE;
      this.#mode = 'rest';
    }
    this.#torqueNm = this.#mode === 'motor' ? this.#motor.limitNm(this.#impedanceNm(), this.#velocityRadPerSec()) : 0;
    this.#motor.heat(this.#torqueNm, durationS);
    this.joint.applyTorqueNm(this.#direction * this.#torqueNm);
  }

  #onSetPoint(data: Uint8Array, nowUs: number): void {
    if (this.#mode !== 'motor') return;
    if (!this.faults.ignoresCommands) this.#codec.decodeCommand(data, this.#command);
    this.#fedUs = nowUs;
  }

  #onSpecial(special: MitSpecial, nowUs: number): void {
    if (special === 'zero') this.#zeroRad = this.joint.positionRad();
    else if (special === 'exit') {
      this.#mode = 'rest';
      if (this.#motor.tempC < this.#tempWarnC) this.#errorCode = 0;
    } else if (this.#errorCode === 0) {
      this.#mode = 'motor';
      this.#fedUs = nowUs;
      Object.assign(this.#command, emptyMitCommand());
    }
  }

  #positionRad(): number {
    return this.#direction * (this.joint.positionRad() - this.#zeroRad);
  }

  #velocityRadPerSec(): number {
    return this.#direction * this.joint.velocityRadPerSec();
  }

  #impedanceNm(): number {
    const { positionRad, velocityRadPerSec, stiffnessNmPerRad, dampingNmsPerRad, torqueNm } = this.#command;
    const damper = dampingNmsPerRad * (velocityRadPerSec - this.#velocityRadPerSec());
    // The wrong mode is a speed loop; these frames cannot tell the mode, nor the model.
    return this.faults.wrongMode ? damper : stiffnessNmPerRad * (positionRad - this.#positionRad()) + damper + torqueNm;
  }

  #measure(): void {
    this.#reply.positionRad = this.#positionRad();
    this.#reply.velocityRadPerSec = this.#velocityRadPerSec();
    this.#reply.torqueNm = this.#torqueNm;
    this.#reply.tempC = this.#motor.tempC;
    this.#reply.errorCode = this.#errorCode;
  }

  #reportAt(nowUs: number): void {
    const answer = this.#answer;
    if (!this.faults.frozenReport) this.#measure();
    this.#codec.encodeReply(this.#reply, answer.data);
    answer.id = MIT_HOST_CAN_ID;
    answer.extended = false;
    answer.remote = false;
    answer.length = MIT_FRAME_BYTES;
    this.#transmit?.(answer, nowUs);
  }
}
