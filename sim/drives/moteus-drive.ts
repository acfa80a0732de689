/**
 * A moteus controller with its motor: registers, sub-frames, console, control loop. Sources: mjbots/moteus
 * `docs/protocol/can.md`, `docs/protocol/registers.md`, `fw/moteus_controller.cc`; mjbots/mjlib `micro_server.cc`.
 */
import { degToRad } from '../../protocols/units.ts';
import type { DriveProfileOf } from '../../protocols/drive-profile.ts';
import { BROADCAST_ID, MOTEUS, MOTEUS_MODE, MOTEUS_MODES, MoteusReader, MoteusWriter, REPLY_WANTED, TYPE, unitOf, valueOf, type ValueType } from '../../protocols/wire/moteus.ts';
import type { FdFrame } from '../../protocols/wire/fdcanusb.ts';
import { noDriveFaults, type JointPort, type VirtualDrive } from './device.ts';
import { Motor } from './motor.ts';
import { MoteusConfig } from './moteus-config.ts';
import { commandFields, isIgnored, readsZero } from './moteus-registers.ts';
import { freshCommand, MoteusServo, type ServoMotor } from './moteus-servo.ts';

/** From power to the first answer: our own figure. */
const BOOT_US = 200_000;
const TURN_RAD = 2 * Math.PI;
const FIRMWARE_VERSION = 0x01_0a;
const REGISTER_MAP_VERSION = 5;
const BUS_VOLTAGE = 24;
/** `servo.max_current_A` as shipped: the current at which the motor gives its peak torque. */
const PEAK_CURRENT_A = 100;
const [UNKNOWN_REGISTER, READ_ONLY, NO_SUCH_MODE, DOES_NOT_FIT] = [1, 2, 3, 2];
/** Longest answer, and what of it a console text may take beside its own head. */
const ANSWER_BYTES = 64;
const TEXT_HEAD_BYTES = 3;

interface Report {
  position: number;
  velocity: number;
  torque: number;
  tempC: number;
}

export class MoteusDrive implements VirtualDrive {
  readonly faults = noDriveFaults();
  readonly #config: MoteusConfig;
  readonly #servo: MoteusServo;
  readonly #motor: Motor;
  readonly #limits: ServoMotor & { velocityRadPerSec: number };
  readonly #command = freshCommand();
  readonly #writer = new MoteusWriter();
  readonly #reader: MoteusReader;
  readonly #report: Report = { position: 0, velocity: 0, torque: 0, tempC: 0 };
  readonly #motion = { position: 0, velocity: 0 };
  readonly #turnsPerRad: number;
  /** Joint angle at position 0. */
  #zeroRad: number;
  #state: 'unpowered' | 'booting' | 'alive' = 'unpowered';
  #aliveUs = 0;
  #nowUs = 0;
  #answers = false;
  #commanded = false;
  #discarded = false;

  constructor(
    private readonly drive: DriveProfileOf<'moteus'>,
    private readonly joint: JointPort,
  ) {
    const { gearRatio } = drive;
    this.#turnsPerRad = (drive.direction * gearRatio) / TURN_RAD;
    this.#zeroRad = degToRad(drive.zeroOffsetDeg);
    const perTurn = TURN_RAD / (gearRatio * gearRatio);
    this.#config = new MoteusConfig(
      { id: drive.address, kpNmPerTurn: drive.stiffnessMaxNmPerRad * perTurn, kdNmPerHz: drive.dampingMaxNmsPerRad * perTurn, faultTemperatureC: drive.tempLimitC, temperatureMarginC: Math.max(1, drive.tempLimitC - drive.tempWarnC) },
      () => this.#servo.stop(),
    );
    this.#servo = new MoteusServo(this.#config);
    const motor = new Motor(drive);
    this.#motor = motor;
    this.#limits = {
      torqueConstantNmPerA: drive.peakTorqueNm / gearRatio / PEAK_CURRENT_A,
      velocityRadPerSec: 0,
      get tempC() {
        return motor.tempC;
      },
      limitNm(wantedNm) {
        return motor.limitNm(wantedNm * gearRatio, this.velocityRadPerSec) / gearRatio;
      },
    };
    this.#reader = new MoteusReader({
      onWrite: (register, type, raw) => this.#onWrite(register, type, raw),
      onRead: (type, count, register) => this.#onRead(type, count, register),
      onText: (toDevice, bytes) => this.#onText(toDevice, bytes),
      onPoll: (maxBytes) => this.#sayText(maxBytes),
    });
  }

  get energised(): boolean {
    return this.#state === 'alive' && this.#servo.works;
  }

  /** Its controller runs: it hears and answers. */
  get isAlive(): boolean {
    return this.#state === 'alive';
  }

  setPower(on: boolean, nowUs: number): void {
    if (on && this.#state === 'unpowered') {
      this.#state = 'booting';
      this.#aliveUs = nowUs + BOOT_US;
      this.#config.boot();
      this.#servo.reset();
      Object.assign(this.#command, freshCommand());
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

  /**
   * A frame is on its bus.
   * @param answer its frame, when it gives one
   * @returns whether it does
   */
  onFrame(frame: Readonly<FdFrame>, nowUs: number, answer: FdFrame): boolean {
    const destination = frame.id & 0x7f;
    if (this.#state !== 'alive' || frame.id >>> 16 !== this.#config.get('can.prefix')) return false;
    if (destination !== this.#config.get('id.id') && destination !== BROADCAST_ID) return false;
    this.#nowUs = nowUs;
    this.#begin((frame.id & REPLY_WANTED) !== 0, answer.data);
    this.#reader.parse(frame.data, frame.length);
    if (this.#commanded && !this.#discarded) this.#obey();
    answer.id = (this.#config.get('can.prefix') << 16) | (this.#config.get('id.id') << 8) | ((frame.id >> 8) & 0x7f);
    answer.length = this.#writer.length;
    answer.bitRateSwitch = frame.bitRateSwitch;
    return this.#answers && !this.#discarded;
  }

  step(nowUs: number, durationS: number): void {
    if (this.#state === 'booting' && nowUs >= this.#aliveUs) this.#state = 'alive';
    let torque = 0;
    if (this.#state === 'alive') {
      this.#move();
      this.#limits.velocityRadPerSec = this.drive.direction * this.joint.velocityRadPerSec();
      this.#servo.step(this.#motion, this.#limits, durationS);
      torque = this.#servo.torque * this.drive.gearRatio;
    }
    this.#motor.heat(torque, durationS);
    this.joint.applyTorqueNm(this.drive.direction * torque);
  }

  #begin(answers: boolean, answer: Uint8Array): void {
    this.#answers = answers;
    this.#commanded = false;
    this.#discarded = false;
    this.#writer.reset(answer);
    this.#look();
  }

  #obey(): void {
    if (this.faults.ignoresCommands) {
      this.#servo.feed();
      return;
    }
    const told = this.#command.mode;
    if (this.faults.wrongMode && told === MOTEUS_MODE.position) this.#command.mode = MOTEUS_MODE.zeroVelocity;
    this.#servo.command(this.#command);
    this.#command.mode = told;
  }

  #move(): void {
    this.#motion.position = this.#turnsPerRad * (this.joint.positionRad() - this.#zeroRad);
    this.#motion.velocity = this.#turnsPerRad * this.joint.velocityRadPerSec();
  }

  /** What it reports from now on. */
  #look(): void {
    if (this.faults.frozenReport) return;
    this.#move();
    const report = this.#report;
    report.position = this.#motion.position;
    report.velocity = this.#motion.velocity;
    report.torque = this.#servo.torque;
    report.tempC = this.#motor.tempC;
  }

  #onWrite(register: number, type: ValueType, raw: number): void {
    const value = valueOf(unitOf(register), type, raw);
    const field = commandFields[register];
    if (field !== undefined) this.#command[field] = value;
    else if (register === MOTEUS.mode) this.#writeMode(raw);
    else if (register === MOTEUS.setOutputExact) this.#shift(value - this.#motion.position);
    // One turn of the rotor is one turn of the output here.
    else if (register === MOTEUS.setOutputNearest) this.#shift(Math.round(value - this.#motion.position));
    else if (register === MOTEUS.recapture) this.#servo.recapture(this.#motion);
    else if (register >= MOTEUS.uuidMask && register < MOTEUS.uuidMask + 4) this.#compareUuid(register - MOTEUS.uuidMask, raw);
    else if (!isIgnored(register)) this.#refuse('write', register, this.#value(register, type) === null ? UNKNOWN_REGISTER : READ_ONLY);
  }

  #writeMode(mode: number): void {
    if (!(mode >= 0) || mode >= MOTEUS_MODES) {
      this.#refuse('write', MOTEUS.mode, NO_SUCH_MODE);
      return;
    }
    Object.assign(this.#command, freshCommand(mode));
    this.#commanded = true;
  }

  #refuse(of: 'write' | 'read', register: number, code: number): void {
    if (this.#answers) this.#writer.error(of, register, code);
  }

  #shift(turns: number): void {
    if (!Number.isFinite(turns)) return;
    this.#zeroRad -= turns / this.#turnsPerRad;
    this.#look();
  }

  /** Frames may go to one controller of many with the same id: the others take no notice of what follows. */
  #compareUuid(index: number, raw: number): void {
    if (raw === this.#uuidWord(index)) return;
    this.#discarded = true;
    this.#reader.stop();
  }

  /** All of it, or, when one register fails, its error and nothing more of the frame. */
  #onRead(type: ValueType, count: number, first: number): void {
    if (!this.#answers) return;
    const writer = this.#writer;
    const start = writer.length;
    writer.reply(type, count, first);
    for (let register = first; register < first + count && !writer.overrun; register++) {
      const value = this.#value(register, type);
      if (value === null) {
        writer.cut(start);
        this.#refuse('read', register, UNKNOWN_REGISTER);
        this.#reader.stop();
        return;
      }
      writer.value(type, unitOf(register), value);
    }
    if (!writer.overrun) return;
    writer.cut(start);
    this.#refuse('read', first, DOES_NOT_FIT);
  }

  /** @returns null for a register that does not exist, or not in this type */
  #value(register: number, type: ValueType): number | null {
    const field = commandFields[register];
    if (field !== undefined) return this.#command[field];
    if (register >= MOTEUS.modelNumber) return type === TYPE.int32 ? this.#identity(register) : null;
    return this.#stateValue(register) ?? this.#measured(register, type);
  }

  #measured(register: number, type: ValueType): number | null {
    const { position, velocity, torque, tempC } = this.#report;
    const kt = this.#limits.torqueConstantNmPerA;
    switch (register) {
      case MOTEUS.position:
      case MOTEUS.absPosition:
      case 0x050:
        return position;
      case MOTEUS.velocity:
      case 0x051:
        return velocity;
      case MOTEUS.torque:
        return torque;
      case MOTEUS.qCurrent:
        return torque / kt;
      case MOTEUS.power:
        return torque * velocity * TURN_RAD;
      case MOTEUS.motorTemperature:
      case MOTEUS.temperature:
        return tempC;
      case MOTEUS.milliseconds:
        return this.#milliseconds(type);
      default:
        return isIgnored(register) || readsZero(register) ? 0 : null;
    }
  }

  #stateValue(register: number): number | null {
    const servo = this.#servo;
    switch (register) {
      case MOTEUS.mode:
        return servo.mode;
      case MOTEUS.fault:
        return servo.fault;
      case MOTEUS.trajectoryComplete:
        return Number(servo.trajectoryDone);
      case MOTEUS.homeState:
        return 2;
      case MOTEUS.voltage:
        return BUS_VOLTAGE;
      case MOTEUS.proportionalTorque:
        return servo.proportionalTorque;
      case MOTEUS.feedforwardTorque:
        return this.#command.torque;
      case 0x034:
      case MOTEUS.controlTorque:
        return servo.torque;
      case MOTEUS.controlPosition:
        return servo.controlPosition;
      case MOTEUS.controlVelocity:
        return servo.controlVelocity;
      case MOTEUS.positionError:
        return this.#report.position - servo.controlPosition;
      case 0x058:
        return 0b11;
      case MOTEUS.dCurrent:
      case 0x031:
      case 0x032:
      case 0x03c:
      case 0x03d:
        return 0;
      default:
        return null;
    }
  }

  /** Wraps at the greatest value of the type that asks. */
  #milliseconds(type: ValueType): number {
    const ms = Math.floor((this.#nowUs - this.#aliveUs) / 1_000);
    if (type === TYPE.float) return ms % 8_388_608;
    if (type === TYPE.int8) return (ms << 24) >> 24;
    return type === TYPE.int16 ? (ms << 16) >> 16 : ms | 0;
  }

  #identity(register: number): number | null {
    if (register === MOTEUS.modelNumber) return this.drive.modelNumber + (this.faults.wrongIdentity ? 0x100 : 0);
    if (register === MOTEUS.firmwareVersion) return FIRMWARE_VERSION;
    if (register === MOTEUS.registerMapVersion) return REGISTER_MAP_VERSION;
    if (register === MOTEUS.multiplexId) return this.#config.get('id.id');
    if (register === MOTEUS.uuidMaskCapable) return 1;
    if (register >= MOTEUS.serialNumber && register < MOTEUS.serialNumber + 3) return this.#serialWord(register - MOTEUS.serialNumber);
    if (register >= MOTEUS.uuid && register < MOTEUS.uuid + 4) return this.#uuidWord(register - MOTEUS.uuid);
    return register === MOTEUS.driverFault1 || register === MOTEUS.driverFault2 ? 0 : null;
  }

  #serialWord(index: number): number {
    return 0x4d50_0000 + 0x100 * index + this.drive.address + (this.faults.wrongIdentity ? 0x80 : 0);
  }

  #uuidWord(index: number): number {
    return this.#serialWord(index) ^ 0x0055_aa00;
  }

  #onText(toDevice: boolean, bytes: Uint8Array): void {
    if (!toDevice) return;
    this.#config.type(bytes);
    this.#sayText(ANSWER_BYTES);
  }

  #sayText(maxBytes: number): void {
    if (!this.#answers) return;
    const room = ANSWER_BYTES - this.#writer.length - TEXT_HEAD_BYTES;
    if (room >= 0) this.#writer.text(false, this.#config.take(Math.min(maxBytes, room)));
  }
}

/** A qdd100-class servo: a moteus r4 in a 6:1 gearbox, counting at its output. */
export const bareMoteus = (address: number): DriveProfileOf<'moteus'> => ({
  protocol: 'moteus',
  model: 'moteus r4.8 (qdd100)',
  link: 'bus',
  address,
  setPoint: 'impedance',
  watchdog: 'readBack',
  line: 'fdcanusb',
  modelNumber: 0x700,
  gearRatio: 1,
  positionRangeRad: 12.5,
  velocityRangeRadPerSec: 60,
  torqueRangeNm: 17,
  stiffnessMaxNmPerRad: 100,
  dampingMaxNmsPerRad: 5,
  direction: 1,
  zeroOffsetDeg: 0,
  continuousTorqueNm: 6,
  peakTorqueNm: 16,
  peakTimeSec: 10,
  watchdogMs: 100,
  tempWarnC: 60,
  tempLimitC: 75,
});
