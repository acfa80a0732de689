/**
 * What a moteus frame says: sub-frames that write, read and answer registers, each register in four types. Host and
 * device share this file. Sources: mjbots/moteus `docs/protocol/can.md` and `registers.md`; mjbots/mjlib
 * `mjlib/multiplex/format.h` and `micro_server.cc`.
 *
 * CAN id = source << 8 | destination; bit 7 of the source asks for a reply; destination 0x7F is everybody. Numbers are
 * little-endian; counts and register numbers are varuints (7 bits per byte, low ones first, at most 5 bytes).
 * The most negative integer of a type is NaN.
 */
export const REPLY_WANTED = 0x8000;
export const BROADCAST_ID = 0x7f;

/** The registers that Dari or its virtual controller know by name. Positions are turns, velocities turns per second. */
export const MOTEUS = {
  mode: 0x000,
  position: 0x001,
  velocity: 0x002,
  torque: 0x003,
  qCurrent: 0x004,
  dCurrent: 0x005,
  absPosition: 0x006,
  power: 0x007,
  motorTemperature: 0x00a,
  trajectoryComplete: 0x00b,
  homeState: 0x00c,
  voltage: 0x00d,
  temperature: 0x00e,
  fault: 0x00f,
  commandQCurrent: 0x01c,
  commandDCurrent: 0x01d,
  commandPosition: 0x020,
  commandVelocity: 0x021,
  commandTorque: 0x022,
  kpScale: 0x023,
  kdScale: 0x024,
  maxTorque: 0x025,
  stopPosition: 0x026,
  timeout: 0x027,
  velocityLimit: 0x028,
  accelLimit: 0x029,
  proportionalTorque: 0x030,
  feedforwardTorque: 0x033,
  controlPosition: 0x038,
  controlVelocity: 0x039,
  controlTorque: 0x03a,
  positionError: 0x03b,
  withinLower: 0x040,
  withinUpper: 0x041,
  withinTorque: 0x042,
  withinKpScale: 0x043,
  withinKdScale: 0x044,
  withinMaxTorque: 0x045,
  withinTimeout: 0x046,
  milliseconds: 0x070,
  modelNumber: 0x100,
  firmwareVersion: 0x101,
  registerMapVersion: 0x102,
  multiplexId: 0x110,
  serialNumber: 0x120,
  setOutputNearest: 0x130,
  setOutputExact: 0x131,
  requireReindex: 0x132,
  recapture: 0x133,
  driverFault1: 0x140,
  driverFault2: 0x141,
  uuid: 0x150,
  uuidMask: 0x154,
  uuidMaskCapable: 0x158,
} as const;

export const MOTEUS_MODE = { stopped: 0, fault: 1, enabling: 2, calibrationComplete: 4, pwm: 5, current: 9, position: 10, timeout: 11, zeroVelocity: 12, stayWithin: 13, measureInductance: 14, brake: 15 } as const;
export const MOTEUS_MODES = 16;

/** Codes of the fault register: 32 … 48 with mode 1, 96 … 103 what limits the torque in a working mode. */
export const MOTEUS_FAULT = { calibration: 32, motorDriver: 33, overVoltage: 34, encoder: 35, notConfigured: 36, overTemperature: 38, outsideLimit: 39, underVoltage: 40 } as const;
export const MOTEUS_LIMIT = { velocity: 96, power: 97, voltage: 98, current: 99, temperature: 100, motorTemperature: 101, torque: 102, positionBounds: 103 } as const;

/** Types of a value, as they stand in bits 2 and 3 of a sub-frame's first byte. */
export const TYPE = { int8: 0, int16: 1, int32: 2, float: 3 } as const;
export type ValueType = (typeof TYPE)[keyof typeof TYPE];
const TYPE_BYTES = [1, 2, 4, 4] as const;
const LARGEST = [0x7f, 0x7fff, 0x7fff_ffff, Infinity] as const;

const [WRITE, READ, REPLY] = [0x00, 0x10, 0x20];
const [WRITE_ERROR, READ_ERROR] = [0x30, 0x31];
const [CLIENT_TO_SERVER, SERVER_TO_CLIENT, CLIENT_POLL] = [0x40, 0x41, 0x42];
const NOP = 0x50;
export const MOTEUS_NOP = NOP;

/** What one unit of an integer is, by type int8, int16, int32; a register without unit counts in ones. */
const UNITS = {
  count: [1, 1, 1],
  position: [0.01, 0.0001, 0.00001],
  velocity: [0.1, 0.00025, 0.00001],
  acceleration: [0.05, 0.001, 0.00001],
  torque: [0.5, 0.01, 0.001],
  current: [1, 0.1, 0.001],
  voltage: [0.5, 0.1, 0.001],
  temperature: [1, 0.1, 0.001],
  time: [0.01, 0.001, 0.000001],
  scale: [1 / 127, 1 / 32_767, 1 / 2_147_483_647],
  power: [10, 0.05, 0.0001],
} as const;
export type MoteusUnit = keyof typeof UNITS;

const unitRanges: readonly (readonly [first: number, last: number, unit: MoteusUnit])[] = [
  [0x001, 0x001, 'position'],
  [0x002, 0x002, 'velocity'],
  [0x003, 0x003, 'torque'],
  [0x004, 0x005, 'current'],
  [0x006, 0x006, 'position'],
  [0x007, 0x007, 'power'],
  [0x00a, 0x00a, 'temperature'],
  [0x00d, 0x00d, 'voltage'],
  [0x00e, 0x00e, 'temperature'],
  [0x010, 0x012, 'scale'],
  [0x014, 0x016, 'voltage'],
  [0x018, 0x018, 'scale'],
  [0x019, 0x01b, 'voltage'],
  [0x01c, 0x01d, 'current'],
  [0x01e, 0x01e, 'velocity'],
  [0x020, 0x020, 'position'],
  [0x021, 0x021, 'velocity'],
  [0x022, 0x022, 'torque'],
  [0x023, 0x024, 'scale'],
  [0x025, 0x025, 'torque'],
  [0x026, 0x026, 'position'],
  [0x027, 0x027, 'time'],
  [0x028, 0x028, 'velocity'],
  [0x029, 0x029, 'acceleration'],
  [0x02a, 0x02a, 'voltage'],
  [0x02b, 0x02b, 'scale'],
  [0x02c, 0x02c, 'current'],
  [0x030, 0x034, 'torque'],
  [0x038, 0x038, 'position'],
  [0x039, 0x039, 'velocity'],
  [0x03a, 0x03a, 'torque'],
  [0x03b, 0x03b, 'position'],
  [0x03c, 0x03c, 'velocity'],
  [0x03d, 0x03d, 'torque'],
  [0x040, 0x041, 'position'],
  [0x042, 0x042, 'torque'],
  [0x043, 0x044, 'scale'],
  [0x045, 0x045, 'torque'],
  [0x046, 0x046, 'time'],
  [0x047, 0x047, 'scale'],
  [0x130, 0x131, 'position'],
];

/** Unit of a register's integers (registers.md, "Mappings"). */
export function unitOf(register: number): MoteusUnit {
  for (const [first, last, unit] of unitRanges) if (register >= first && register <= last) return unit;
  return 'count';
}

const scratch = new DataView(new ArrayBuffer(4));

/** Builds the data of one frame; made once and reset for each. Past its end it writes nothing and says `overrun`. */
export class MoteusWriter {
  #out: Uint8Array = new Uint8Array(0);
  #length = 0;
  #overrun = false;

  reset(out: Uint8Array): this {
    this.#out = out;
    this.#length = 0;
    this.#overrun = false;
    return this;
  }

  get length(): number {
    return this.#length;
  }

  get overrun(): boolean {
    return this.#overrun;
  }

  /** Forgets what was written from `length` on. */
  cut(length: number): void {
    this.#length = length;
    this.#overrun = false;
  }

  /** Head of a sub-frame that writes `count` registers; their values follow. */
  write(type: ValueType, count: number, register: number): void {
    this.#head(WRITE, type, count, register);
  }

  read(type: ValueType, count: number, register: number): void {
    this.#head(READ, type, count, register);
  }

  reply(type: ValueType, count: number, register: number): void {
    this.#head(REPLY, type, count, register);
  }

  error(of: 'write' | 'read', register: number, code: number): void {
    this.#byte(of === 'write' ? WRITE_ERROR : READ_ERROR);
    this.#varuint(register);
    this.#varuint(code);
  }

  /** A value in its unit; NaN becomes the most negative integer, what is too great is saturated. */
  value(type: ValueType, unit: MoteusUnit, value: number): void {
    if (type === TYPE.float) {
      scratch.setFloat32(0, value, true);
      this.#bytes(4);
      return;
    }
    const most = LARGEST[type];
    const raw = Math.round(value / UNITS[unit][type]);
    scratch.setInt32(0, Number.isNaN(raw) ? -most - 1 : Math.max(-most, Math.min(most, raw)), true);
    this.#bytes(TYPE_BYTES[type]);
  }

  /** Text to the console of the device (`toDevice`) or from it; channel 1 is the diagnostic one. */
  text(toDevice: boolean, bytes: Uint8Array): void {
    this.#byte(toDevice ? CLIENT_TO_SERVER : SERVER_TO_CLIENT);
    this.#varuint(1);
    this.#varuint(bytes.length);
    for (const byte of bytes) this.#byte(byte);
  }

  /** Asks for at most so many bytes of the console's text. */
  poll(maxBytes: number): void {
    this.#byte(CLIENT_POLL);
    this.#varuint(1);
    this.#varuint(maxBytes);
  }

  /** Up to the given length with NOP, as CAN FD frames have it. */
  pad(length: number): void {
    while (this.#length < length) this.#byte(NOP);
  }

  #head(base: number, type: ValueType, count: number, register: number): void {
    const short = count >= 1 && count <= 3;
    this.#byte(base | (type << 2) | (short ? count : 0));
    if (!short) this.#varuint(count);
    this.#varuint(register);
  }

  #varuint(value: number): void {
    let rest = value >>> 0;
    while (rest > 0x7f) {
      this.#byte((rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    this.#byte(rest);
  }

  #bytes(count: number): void {
    for (let i = 0; i < count; i++) this.#byte(scratch.getUint8(i));
  }

  #byte(byte: number): void {
    if (this.#length >= this.#out.length) this.#overrun = true;
    else this.#out[this.#length++] = byte;
  }
}

/** What a frame can hold; a side takes what concerns it. `raw` is the integer, or the float. */
export interface MoteusSink {
  onWrite?(register: number, type: ValueType, raw: number): void;
  onRead?(type: ValueType, count: number, register: number): void;
  onReply?(register: number, type: ValueType, raw: number): void;
  onError?(of: 'write' | 'read', register: number, code: number): void;
  /** Console text; the view is valid only during the call. */
  onText?(toDevice: boolean, bytes: Uint8Array): void;
  onPoll?(maxBytes: number): void;
}

/** The value of an integer or float in its register's unit; NaN for what stands for it. */
export function valueOf(unit: MoteusUnit, type: ValueType, raw: number): number {
  if (type === TYPE.float) return raw;
  return raw === -LARGEST[type] - 1 ? NaN : raw * UNITS[unit][type];
}

/** Takes frames apart; one per side, made once. */
export class MoteusReader {
  #data: Uint8Array = new Uint8Array(0);
  #length = 0;
  #at = 0;

  constructor(private readonly sink: MoteusSink) {}

  /** For a sink: nothing of the frame after this sub-frame's value is for it. */
  stop(): void {
    this.#length = 0;
  }

  /** @returns false when the frame ends within a sub-frame or has one that nobody knows; what came before was told */
  parse(data: Uint8Array, length: number): boolean {
    this.#data = data;
    this.#length = Math.min(length, data.length);
    this.#at = 0;
    while (this.#at < this.#length) if (!this.#subframe(this.#data[this.#at++] ?? NOP)) return false;
    return true;
  }

  #subframe(head: number): boolean {
    if (head === NOP) return true;
    if (head < REPLY + 0x10) return this.#registers(head & 0x30, (head & 0x0f) >> 2, head & 3);
    if (head === WRITE_ERROR || head === READ_ERROR) {
      const register = this.#varuint();
      const code = this.#varuint();
      if (code < 0) return false;
      this.sink.onError?.(head === WRITE_ERROR ? 'write' : 'read', register, code);
      return true;
    }
    if (head === CLIENT_TO_SERVER || head === SERVER_TO_CLIENT) return this.#text(head === CLIENT_TO_SERVER);
    if (head !== CLIENT_POLL || this.#varuint() !== 1) return false;
    const most = this.#varuint();
    if (most >= 0) this.sink.onPoll?.(most);
    return most >= 0;
  }

  #registers(base: number, type: number, shortCount: number): boolean {
    if (type !== 0 && type !== 1 && type !== 2 && type !== 3) return false;
    const count = shortCount === 0 ? this.#varuint() : shortCount;
    const first = this.#varuint();
    if (count < 0 || first < 0) return false;
    if (base === READ) {
      this.sink.onRead?.(type, count, first);
      return true;
    }
    const bytes = TYPE_BYTES[type];
    for (let i = 0; i < count && this.#length > 0; i++) {
      if (this.#at + bytes > this.#length) return false;
      const raw = this.#raw(type, bytes);
      if (base === WRITE) this.sink.onWrite?.(first + i, type, raw);
      else this.sink.onReply?.(first + i, type, raw);
    }
    return true;
  }

  #text(toDevice: boolean): boolean {
    const channel = this.#varuint();
    const count = this.#varuint();
    if (channel !== 1 || count < 0 || this.#at + count > this.#length) return false;
    this.sink.onText?.(toDevice, this.#data.subarray(this.#at, this.#at + count));
    this.#at += count;
    return true;
  }

  #raw(type: ValueType, bytes: number): number {
    for (let i = 0; i < bytes; i++) scratch.setUint8(i, this.#data[this.#at++] ?? 0);
    if (type === TYPE.int8) return scratch.getInt8(0);
    if (type === TYPE.int16) return scratch.getInt16(0, true);
    return type === TYPE.int32 ? scratch.getInt32(0, true) : scratch.getFloat32(0, true);
  }

  /** @returns −1 when it does not end within the frame or within five bytes */
  #varuint(): number {
    let value = 0;
    for (let i = 0; i < 5; i++) {
      const byte = this.#at < this.#length ? (this.#data[this.#at++] ?? 0) : -1;
      if (byte < 0) return -1;
      value += (byte & 0x7f) * 2 ** (7 * i);
      if (byte < 0x80) return value > 0xffff_ffff ? -1 : value;
    }
    return -1;
  }
}
