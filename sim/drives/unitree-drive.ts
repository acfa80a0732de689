/**
 * GO-M8010-6 motors on one RS-485 bus: each answers every command with its id, in any mode, and obeys the last one for
 * ever, because the maker gives it no command watchdog (unitree_actuator_sdk issue 29: the motor runs on when its
 * program has ended). After power comes it is locked until told FOC. Its gains, torque and angles are the rotor's.
 */
import type { DriveProfileOf } from '../../protocols/drive-profile.ts';
import { degToRad } from '../../protocols/units.ts';
import {
  decodeUnitreeCommand,
  emptyUnitreeCommand,
  emptyUnitreeReply,
  encodeUnitreeReply,
  UNITREE_BROADCAST_ID,
  UNITREE_FOC,
  UNITREE_LOCK,
  UNITREE_REPLY_BYTES,
  unitreeErrors,
  UnitreeSplitter,
  type UnitreeCommand,
} from '../../protocols/wire/unitree.ts';
import { noDriveFaults, type JointPort, type SendBytes, type VirtualDevice, type VirtualDrive } from './device.ts';
import { Motor } from './motor.ts';

/** Our own figure: from power to the first answer. */
export const UNITREE_BOOT_US = 200_000;
/** Our own figure: from the last byte of a command to the first of the answer, as half duplex needs. */
const TURNAROUND_US = 100;
const OVER_TEMPERATURE = unitreeErrors.indexOf('overTemperature');

export class UnitreeDrive implements VirtualDrive {
  readonly faults = noDriveFaults();
  readonly id: number;
  readonly #motor: Motor;
  readonly #direction: number;
  readonly #gearRatio: number;
  readonly #tempWarnC: number;
  readonly #tempLimitC: number;
  /** Joint angle when the drive reads 0. A real rotor encoder forgets its turns without power; this one does not. */
  readonly #zeroRad: number;
  readonly #command = emptyUnitreeCommand();
  readonly #reply = emptyUnitreeReply();
  #state: 'unpowered' | 'booting' | 'running' = 'unpowered';
  #status = UNITREE_LOCK;
  #bootedUs = 0;
  #torqueNm = 0;
  #errorCode = 0;

  constructor(
    drive: DriveProfileOf<'unitree'>,
    private readonly joint: JointPort,
  ) {
    this.id = drive.address;
    this.#motor = new Motor(drive);
    this.#direction = drive.direction;
    this.#gearRatio = drive.gearRatio;
    this.#tempWarnC = drive.tempWarnC;
    this.#tempLimitC = drive.tempLimitC;
    this.#zeroRad = degToRad(drive.zeroOffsetDeg);
    this.#reply.id = drive.address;
  }

  get energised(): boolean {
    return this.#state === 'running' && this.#status === UNITREE_FOC && this.#errorCode === 0;
  }

  setPower(on: boolean, nowUs: number): void {
    if (on && this.#state === 'unpowered') {
      this.#state = 'booting';
      this.#bootedUs = nowUs + UNITREE_BOOT_US;
      this.#status = UNITREE_LOCK;
      this.#errorCode = 0;
    } else if (!on) this.#state = 'unpowered';
  }

  reset(nowUs: number): void {
    if (this.#state === 'unpowered') return;
    this.#state = 'unpowered';
    this.setPower(true, nowUs);
  }

  heatTo(tempC: number): void {
    this.#motor.heatTo(tempC);
  }

  /** @returns whether it answers */
  onCommand(command: UnitreeCommand): boolean {
    const forMe = command.id === this.id || command.id === UNITREE_BROADCAST_ID;
    if (this.#state !== 'running' || !forMe) return false;
    if (!this.faults.ignoresCommands) {
      Object.assign(this.#command, command);
      this.#status = this.faults.wrongMode ? UNITREE_LOCK : command.status;
      if (command.status !== UNITREE_FOC && this.#motor.tempC < this.#tempWarnC) this.#errorCode = 0;
    }
    return command.id === this.id;
  }

  encodeAnswer(out: Uint8Array): void {
    const reply = this.#reply;
    reply.status = this.#status;
    if (!this.faults.frozenReport) {
      reply.positionRad = this.#rotorRad();
      reply.velocityRadPerSec = this.#rotorRadPerSec();
      reply.torqueNm = this.#torqueNm / this.#gearRatio;
      reply.tempC = this.#motor.tempC;
    }
    reply.errorCode = this.#errorCode;
    encodeUnitreeReply(reply, out, 0);
  }

  step(nowUs: number, durationS: number): void {
    if (this.#state === 'booting' && nowUs >= this.#bootedUs) this.#state = 'running';
    if (this.#motor.tempC >= this.#tempLimitC) this.#errorCode = OVER_TEMPERATURE;
    const velocity = this.#direction * this.joint.velocityRadPerSec();
    this.#torqueNm = this.energised ? this.#motor.limitNm(this.#impedanceNm() * this.#gearRatio, velocity) : 0;
    this.#motor.heat(this.#torqueNm, durationS);
    this.joint.applyTorqueNm(this.#direction * this.#torqueNm);
  }

  #rotorRad(): number {
    return this.#gearRatio * this.#direction * (this.joint.positionRad() - this.#zeroRad);
  }

  #rotorRadPerSec(): number {
    return this.#gearRatio * this.#direction * this.joint.velocityRadPerSec();
  }

  #impedanceNm(): number {
    const { positionRad, velocityRadPerSec, stiffnessNmPerRad, dampingNmsPerRad, torqueNm } = this.#command;
    return stiffnessNmPerRad * (positionRad - this.#rotorRad()) + dampingNmsPerRad * (velocityRadPerSec - this.#rotorRadPerSec()) + torqueNm;
  }
}

/** The bus and all motors on it. */
export class UnitreeBus implements VirtualDevice {
  readonly #splitter: UnitreeSplitter;
  readonly #command = emptyUnitreeCommand();
  readonly #frame = new Uint8Array(UNITREE_REPLY_BYTES);
  /** Motors whose answer is due, with the same turnaround, so in the order of their commands. */
  readonly #due: { drive: UnitreeDrive; atUs: number }[] = [];
  #nowUs = 0;

  constructor(
    private readonly drives: readonly UnitreeDrive[],
    private readonly send: SendBytes,
  ) {
    this.#splitter = new UnitreeSplitter({ onFrame: (frame) => this.#onFrame(frame), onDiscarded: () => {} }, 'command');
  }

  receive(bytes: Uint8Array, nowUs: number): void {
    this.#nowUs = nowUs;
    this.#splitter.push(bytes);
  }

  step(nowUs: number): void {
    for (let next = this.#due[0]; next !== undefined && next.atUs <= nowUs; next = this.#due[0]) {
      this.#due.shift();
      next.drive.encodeAnswer(this.#frame);
      this.send(this.#frame);
    }
  }

  unplugged(): void {
    this.#splitter.reset();
    this.#due.length = 0;
  }

  #onFrame(frame: Uint8Array): void {
    if (!decodeUnitreeCommand(frame, this.#command)) return;
    for (const drive of this.drives) if (drive.onCommand(this.#command)) this.#due.push({ drive, atUs: this.#nowUs + TURNAROUND_US });
  }
}

/** A GO-M8010-6 as it is sold: 23.7 Nm and 30 rad/s at its output, gear 6.33, hot at 90 °C (data sheet, SDK header). */
export const bareUnitree = (address: number): DriveProfileOf<'unitree'> => ({
  protocol: 'unitree',
  model: 'GO-M8010-6',
  link: 'bus',
  address,
  setPoint: 'impedance',
  watchdog: 'hubRelay',
  positionRangeRad: 12.5,
  velocityRangeRadPerSec: 30,
  torqueRangeNm: 23.7,
  stiffnessMaxNmPerRad: 300,
  dampingMaxNmsPerRad: 10,
  direction: 1,
  zeroOffsetDeg: 0,
  continuousTorqueNm: 8,
  peakTorqueNm: 23.7,
  peakTimeSec: 10,
  watchdogMs: 100,
  tempWarnC: 75,
  tempLimitC: 90,
  gearRatio: 6.33,
});
