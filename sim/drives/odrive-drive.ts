/**
 * A virtual ODrive behind its UART: one board, up to two axes, ASCII protocol as in `ascii_protocol.cpp` of firmware
 * 0.5.6, answers included to the letter. Boards of firmware 0.6 (Pro, S1) differ here in names, identity and axis count.
 */
import type { DriveProfileOf } from '../../protocols/drive-profile.ts';
import { encodeOdriveReply, formatOdriveFloat, odriveText, OdriveScanner, OdriveSplitter } from '../../protocols/wire/odrive.ts';
import { STEP_US, type JointPort, type SendBytes, type VirtualDevice } from './device.ts';
import { OdriveAxis, type OdrivePowerSupply } from './odrive-axis.ts';
import { OdriveInertSettings } from './odrive-inert.ts';
import { POSITION_CONTROL, TORQUE_CONTROL, TRAPEZOIDAL, VELOCITY_CONTROL } from './odrive-controller.ts';
import { addAxisProperties, readOdriveProperty, writeOdriveProperty, type OdriveFirmware, type OdriveProperties } from './odrive-properties.ts';

/** Our own figure: from power or reboot to the first answer. */
export const ODRIVE_BOOT_US = 500_000;
const IDENTITIES = {
  '0.5': { hardware: [3, 6, 56], firmware: [0, 5, 6], serialNumber: '35619029856331' },
  '0.6': { hardware: [5, 2, 0], firmware: [0, 6, 10], serialNumber: '61994982092085' },
} as const;
const WRONG_IDENTITY = { hardware: [2, 0, 24], firmware: [0, 4, 12], serialNumber: '42' } as const;
/** ODrive v3.x has two axes; those that run 0.6 have one. */
const LEAST_AXES = { '0.5': 2, '0.6': 1 } as const;
const BUS_VOLTAGE = 24;
const HELP = [
  'Please see documentation for more details',
  '',
  'Available commands syntax reference:',
  'Position: q axis pos vel-lim I-lim',
  'Position: p axis pos vel-ff I-ff',
  'Velocity: v axis vel I-ff',
  'Torque: c axis T',
  '',
  'Properties start at odrive root, such as axis0.requested_state',
  'Read: r property',
  'Write: w property value',
  '',
  'Save config: ss',
  'Erase config: se',
  'Reboot: sr',
];

/** Nothing is coupled to this motor. */
const looseShaft = (): JointPort => ({ positionRad: () => 0, velocityRadPerSec: () => 0, applyTorqueNm: () => {} });

export interface OdriveSeat {
  readonly drive: DriveProfileOf<'odrive-ascii'>;
  readonly joint: JointPort;
}

export class OdriveBoard implements VirtualDevice, OdrivePowerSupply {
  readonly #axes: readonly OdriveAxis[];
  /** Axes that move nothing, so that nobody else steps them. */
  readonly #loose: readonly OdriveAxis[];
  readonly #firmware: OdriveFirmware;
  readonly #splitter: OdriveSplitter;
  readonly #scanner = new OdriveScanner();
  readonly #properties: OdriveProperties = new Map();
  readonly #inert: OdriveInertSettings;
  readonly #numbers = [0, 0, 0];
  #state: 'unpowered' | 'booting' | 'running' = 'unpowered';
  #bootedUs = 0;
  #nowUs = 0;
  #looseUs = 0;
  #testProperty = 0;

  /** @param seats of one board; at least one */
  constructor(
    seats: readonly OdriveSeat[],
    private readonly send: SendBytes,
  ) {
    const [first] = seats;
    if (first === undefined) throw new RangeError('an ODrive needs an axis');
    this.#firmware = first.drive.firmware;
    const axisCount = Math.max(LEAST_AXES[this.#firmware], ...seats.map(({ drive }) => drive.address + 1));
    this.#axes = Array.from({ length: axisCount }, (_, i) => {
      const seat = seats.find(({ drive }) => drive.address === i);
      return new OdriveAxis(this, seat?.drive ?? { ...first.drive, address: i }, seat?.joint ?? looseShaft());
    });
    this.#loose = this.#axes.filter((_, i) => !seats.some(({ drive }) => drive.address === i));
    this.#splitter = new OdriveSplitter({ onFrame: (line) => this.#onLine(line), onDiscarded: () => {} }, 'optional');
    this.#inert = new OdriveInertSettings(this.#properties, axisCount, this.#firmware);
    this.#addProperties();
    this.#axes.forEach((axis, i) => addAxisProperties(this.#properties, `axis${i}.`, axis, this.#firmware));
  }

  get running(): boolean {
    return this.#state === 'running';
  }

  /** @throws RangeError for an axis that the board does not have */
  axis(address: number): OdriveAxis {
    const axis = this.#axes[address];
    if (axis === undefined) throw new RangeError(`this ODrive has no axis ${address}`);
    return axis;
  }

  setPower(on: boolean, nowUs: number): void {
    if (on && this.#state === 'unpowered') this.#boot(nowUs);
    else if (!on) this.#state = 'unpowered';
  }

  reset(nowUs: number): void {
    if (this.#state !== 'unpowered') this.#boot(nowUs);
  }

  receive(bytes: Uint8Array, nowUs: number): void {
    this.step(nowUs);
    if (this.#state === 'running') this.#splitter.push(bytes);
  }

  step(nowUs: number): void {
    this.#nowUs = nowUs;
    if (this.#state === 'booting' && nowUs >= this.#bootedUs) this.#state = 'running';
    const durationUs = nowUs - this.#looseUs;
    if (durationUs < STEP_US) return;
    this.#looseUs = nowUs;
    for (const axis of this.#loose) axis.step(nowUs, durationUs / 1e6);
  }

  unplugged(): void {
    this.#splitter.reset();
  }

  #boot(nowUs: number): void {
    this.#state = 'booting';
    this.#bootedUs = nowUs + ODRIVE_BOOT_US;
    this.#splitter.reset();
    this.#inert.restart();
    for (const axis of this.#axes) axis.restart();
  }

  #onLine(line: Uint8Array): void {
    const scanner = this.#scanner.reset(line, 1);
    switch (String.fromCharCode(line[0] ?? 0)) {
      case 'p':
        return this.#withAxis(2, (axis, count) => this.#setPosition(axis, count, false));
      case 'q':
        return this.#withAxis(2, (axis, count) => this.#setPosition(axis, count, true));
      case 'v':
        return this.#withAxis(2, (axis, count) => this.#setVelocity(axis, count));
      case 'c':
        return this.#withAxis(2, (axis) => this.#setTorque(axis));
      case 't':
        return this.#withAxis(2, (axis) => this.#setTrajectory(axis));
      case 'f':
        return this.#withAxis(1, ({ report }) => this.#reply(`${formatOdriveFloat(report.posTurns)} ${formatOdriveFloat(report.velTurnsPerSec)}`));
      case 'u':
        return this.#withAxis(1, (axis) => axis.feed());
      case 'e':
        return this.#encoder(odriveText(line));
      case 'r':
        return this.#read(scanner.word());
      case 'w':
        return this.#write(scanner.word(), scanner.word());
      case 's':
        return this.#system(line[1] ?? 0);
      case 'h':
        return HELP.forEach((text) => this.#reply(text));
      case 'i':
        return this.#info();
      default:
        this.#reply('unknown command');
    }
  }

  /** Reads `axis [number …]`; what is missing is left out, as `sscanf` does. */
  #withAxis(least: number, act: (axis: OdriveAxis, count: number) => void): void {
    const address = this.#scanner.unsigned();
    let count = address < 0 ? 0 : 1;
    while (count > 0 && count <= this.#numbers.length) {
      const value = this.#scanner.number();
      if (value === null) break;
      this.#numbers[count - 1] = Math.fround(value);
      count++;
    }
    const axis = this.#axes[address];
    if (count < least) this.#reply('invalid command format');
    else if (axis === undefined) this.#reply(`invalid motor ${address}`);
    else act(axis, count);
  }

  /** An axis that ignores commands takes them as always: it is fed, and does not change. */
  #obeys(axis: OdriveAxis): boolean {
    axis.feed();
    return !axis.faults.ignoresCommands;
  }

  #setPosition(axis: OdriveAxis, count: number, withLimits: boolean): void {
    if (!this.#obeys(axis)) return;
    const [position = 0, second = 0, third = 0] = this.#numbers;
    axis.setControlMode(POSITION_CONTROL);
    if (withLimits) {
      if (count >= 3) axis.config.velLimit = second;
      if (count >= 4) Object.assign(axis.config, { torqueMaxNm: third, torqueMinNm: -third });
    } else {
      if (count >= 3) axis.controller.inputVelTurnsPerSec = second;
      if (count >= 4) axis.controller.inputTorqueNm = third;
    }
    axis.controller.moveTo(position);
  }

  #setVelocity(axis: OdriveAxis, count: number): void {
    if (!this.#obeys(axis)) return;
    const [velocity = 0, torque = 0] = this.#numbers;
    axis.setControlMode(VELOCITY_CONTROL);
    axis.controller.inputVelTurnsPerSec = velocity;
    if (count >= 3) axis.controller.inputTorqueNm = torque;
  }

  #setTorque(axis: OdriveAxis): void {
    if (!this.#obeys(axis)) return;
    axis.setControlMode(TORQUE_CONTROL);
    axis.controller.inputTorqueNm = this.#numbers[0] ?? 0;
  }

  #setTrajectory(axis: OdriveAxis): void {
    if (!this.#obeys(axis)) return;
    axis.config.inputMode = TRAPEZOIDAL;
    axis.setControlMode(POSITION_CONTROL);
    axis.controller.moveTo(this.#numbers[0] ?? 0);
  }

  /** `esl axis count` */
  #encoder(text: string): void {
    const match = /^esl\s*(\d+)\s+([+-]?\d+)/.exec(text);
    const axis = this.#axes[Number(match?.[1] ?? Number.NaN)];
    if (match === null) this.#reply('invalid command format');
    else if (axis === undefined) this.#reply(`invalid motor ${match[1]}`);
    else {
      axis.setLinearCount(Number(match[2]));
      axis.feed();
      this.#reply(`encoder set to ${Number(match[2]) >>> 0}`);
    }
  }

  #read(name: string): void {
    const property = this.#properties.get(name);
    if (name === '') this.#reply('invalid command format');
    else this.#reply(property === undefined ? 'invalid property' : readOdriveProperty(property));
  }

  #write(name: string, value: string): void {
    const property = this.#properties.get(name);
    if (name === '') this.#reply('invalid command format');
    else if (property === undefined) this.#reply('invalid property');
    else if (!writeOdriveProperty(property, value)) this.#reply('not implemented');
  }

  /** `ss` and `se` restart the board too; a board with an armed axis does not save. */
  #system(letter: number): void {
    const command = String.fromCharCode(letter);
    if (command === 'c') for (const axis of this.#axes) axis.clearErrors();
    if (command === 's' && this.#axes.some((axis) => axis.energised)) return;
    if (command === 's') for (const kept of [this.#inert, ...this.#axes]) kept.save();
    if (command === 'e') for (const kept of [this.#inert, ...this.#axes]) kept.erase();
    if (command === 's' || command === 'e' || command === 'r') this.#boot(this.#nowUs);
  }

  #info(): void {
    const { hardware, firmware, serialNumber } = this.#identity();
    this.#reply(`Hardware version: ${hardware[0]}.${hardware[1]}-${hardware[2]}V`);
    this.#reply(`Firmware version: ${firmware.join('.')}`);
    this.#reply(`Serial number: ${BigInt(serialNumber).toString(16).toUpperCase().padStart(12, '0')}`);
  }

  #identity(): (typeof IDENTITIES)[OdriveFirmware] | typeof WRONG_IDENTITY {
    return this.#axes.some(({ faults }) => faults.wrongIdentity) ? WRONG_IDENTITY : IDENTITIES[this.#firmware];
  }

  #reply(text: string): void {
    this.send(encodeOdriveReply(text, this.#splitter.checksummed));
  }

  #addProperties(): void {
    const parts = ['major', 'minor', 'variant'] as const;
    parts.forEach((part, i) => this.#properties.set(`hw_version_${part}`, { type: 'int', get: () => this.#identity().hardware[i] ?? 0 }));
    ['major', 'minor', 'revision'].forEach((part, i) => this.#properties.set(`fw_version_${part}`, { type: 'int', get: () => this.#identity().firmware[i] ?? 0 }));
    this.#properties.set('fw_version_unreleased', { type: 'int', get: () => 0 });
    this.#properties.set('serial_number', { type: 'text', get: () => this.#identity().serialNumber });
    this.#properties.set('vbus_voltage', { type: 'float', get: () => BUS_VOLTAGE });
    this.#properties.set('ibus', { type: 'float', get: () => 0 });
    this.#properties.set('brake_resistor_armed', { type: 'bool', get: () => 0 });
    this.#properties.set('system_stats.uptime', { type: 'int', get: () => (this.#nowUs - this.#bootedUs + ODRIVE_BOOT_US) / 1_000 });
    this.#properties.set('misconfigured', { type: 'bool', get: () => 0 });
    this.#properties.set('user_config_loaded', { type: 'int', get: () => 1 });
    this.#properties.set('test_property', { type: 'int', get: () => this.#testProperty, set: (value) => (this.#testProperty = value) });
    if (this.#firmware === '0.5') this.#properties.set('error', { type: 'int', get: () => 0, set: () => {} });
  }
}

/** An ODrive v3.6 with a D6374 (Kv 150, 8.27/150 Nm/A) behind a 9:1 planetary gear. */
export const bareOdrive = (address: number): DriveProfileOf<'odrive-ascii'> => ({
  protocol: 'odrive-ascii',
  model: 'ODrive v3.6-56V',
  link: 'bus',
  address,
  setPoint: 'torque',
  watchdog: 'readBack',
  positionRangeRad: 12.5,
  velocityRangeRadPerSec: 30,
  torqueRangeNm: 35,
  stiffnessMaxNmPerRad: 100,
  dampingMaxNmsPerRad: 5,
  direction: 1,
  zeroOffsetDeg: 0,
  continuousTorqueNm: 10,
  peakTorqueNm: 25,
  peakTimeSec: 10,
  watchdogMs: 100,
  tempWarnC: 80,
  tempLimitC: 100,
  torqueConstantNmPerA: 0.496,
  gearRatio: 9,
  firmware: '0.5',
});
