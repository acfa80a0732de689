/**
 * The control table of a servo as the bus sees it: every byte, who may write it, and what the indirect bytes stand for.
 * A write is carried out whole or not at all.
 */
import { dxlErrors } from '../../protocols/wire/dynamixel.ts';
import { DXL_EEPROM_END, DXL_INDIRECT_LEAST, DXL_INDIRECT_MOST, DXL_TABLE_END, dxlTable, type DxlItem, type DxlModel } from '../../protocols/wire/dynamixel-table.ts';

/** The servo's own rules, beside those of the table. */
export interface DxlWriteRules {
  /** @returns an error number, 0 when the value may be written */
  check(item: DxlItem, value: number): number;
  /** The value is to be stored and to take effect. */
  apply(item: DxlItem, value: number): void;
}

const WRITE_MOST = DXL_TABLE_END;

export class DxlRegisters {
  readonly #memory = new Uint8Array(DXL_TABLE_END);
  /** By the address of each item's first byte. */
  readonly #items = new Map<number, DxlItem>();
  /** 1 where a byte belongs to an item. */
  readonly #defined = new Uint8Array(DXL_TABLE_END);
  readonly #addresses = new Uint16Array(WRITE_MOST);
  readonly #pending: { item: DxlItem; value: number }[] = [];

  /** A write that waits for the instruction `action`. */
  readonly #registered = new Uint8Array(WRITE_MOST);
  #registeredAddress = 0;
  #registeredCount = 0;

  constructor(private readonly model: DxlModel) {
    for (const item of Object.values<DxlItem>(dxlTable)) if (model.current || (item !== dxlTable.goalCurrent && item !== dxlTable.currentLimit)) this.#define(item);
    for (const area of model.indirect)
      for (let i = 0; i < area.entries; i++) {
        this.#define({ address: area.addresses + 2 * i, bytes: 2, writable: true, signed: false, min: DXL_INDIRECT_LEAST, max: DXL_INDIRECT_MOST, initial: area.data + i });
        this.#define({ address: area.data + i, bytes: 1, writable: true, signed: false, min: 0, max: 0xff, initial: 0 });
      }
    this.resetEeprom();
    this.resetRam();
  }

  get(item: DxlItem): number {
    const at = item.address;
    const low = this.#memory[at] ?? 0;
    if (item.bytes === 1) return item.signed ? (low << 24) >> 24 : low;
    const word = low | ((this.#memory[at + 1] ?? 0) << 8);
    if (item.bytes === 2) return item.signed ? (word << 16) >> 16 : word;
    const long = word | ((this.#memory[at + 2] ?? 0) << 16) | ((this.#memory[at + 3] ?? 0) << 24);
    return item.signed ? long : long >>> 0;
  }

  set(item: DxlItem, value: number): void {
    for (let i = 0; i < item.bytes; i++) this.#memory[item.address + i] = (value >> (8 * i)) & 0xff;
  }

  resetRam(): void {
    this.#registeredCount = 0;
    for (const item of this.#items.values()) if (item.address >= DXL_EEPROM_END) this.set(item, item.initial);
  }

  resetEeprom(): void {
    for (const item of this.#items.values()) if (item.address < DXL_EEPROM_END) this.set(item, item.initial);
  }

  /** Gaps between items read as 0. @returns an error number; 0: `out` holds `length` bytes */
  read(address: number, length: number, out: Uint8Array): number {
    if (length === 0 || length > out.length) return dxlErrors.dataLength;
    if (address + length > DXL_TABLE_END) return dxlErrors.access;
    let defined = 0;
    for (let i = 0; i < length; i++) {
      defined += this.#defined[address + i] ?? 0;
      out[i] = this.#memory[this.#resolve(address + i)] ?? 0;
    }
    return defined === 0 ? dxlErrors.access : dxlErrors.none;
  }

  /** @returns an error number; then nothing was written */
  write(address: number, data: Uint8Array, from: number, length: number, rules: DxlWriteRules): number {
    if (length <= 0) return dxlErrors.dataLength;
    if (address + length > DXL_TABLE_END) return dxlErrors.access;
    for (let i = 0; i < length; i++) this.#addresses[i] = this.#resolve(address + i);
    this.#pending.length = 0;
    for (let i = 0; i < length; ) {
      const item = this.#items.get(this.#addresses[i] ?? 0);
      if (item === undefined) return this.#defined[this.#addresses[i] ?? 0] === 1 ? dxlErrors.dataLength : dxlErrors.access;
      if (!item.writable) return dxlErrors.access;
      if (!this.#holdsWhole(item, i, length)) return dxlErrors.dataLength;
      const value = valueOf(item, data, from + i);
      if (value < item.min || value > item.max) return dxlErrors.dataRange;
      const error = rules.check(item, value);
      if (error !== dxlErrors.none) return error;
      this.#pending.push({ item, value });
      i += item.bytes;
    }
    for (const { item, value } of this.#pending) rules.apply(item, value);
    return dxlErrors.none;
  }

  /** Keeps a write for later. @returns an error number */
  register(address: number, data: Uint8Array, from: number, length: number): number {
    if (length <= 0 || length > WRITE_MOST) return dxlErrors.dataLength;
    this.#registeredAddress = address;
    this.#registeredCount = length;
    this.#registered.set(data.subarray(from, from + length));
    this.set(dxlTable.registeredInstruction, 1);
    return dxlErrors.none;
  }

  /** Carries the kept write out. @returns an error number */
  action(rules: DxlWriteRules): number {
    const length = this.#registeredCount;
    if (length === 0) return dxlErrors.instruction;
    this.#registeredCount = 0;
    this.set(dxlTable.registeredInstruction, 0);
    return this.write(this.#registeredAddress, this.#registered, 0, length, rules);
  }

  #holdsWhole(item: DxlItem, at: number, length: number): boolean {
    if (at + item.bytes > length) return false;
    for (let k = 1; k < item.bytes; k++) if (this.#addresses[at + k] !== item.address + k) return false;
    return true;
  }

  /** An indirect byte stands for what its address entry names; one that names an indirect byte stands for itself. */
  #resolve(address: number): number {
    const entry = this.#indirectEntry(address);
    if (entry < 0) return address;
    const named = (this.#memory[entry] ?? 0) | ((this.#memory[entry + 1] ?? 0) << 8);
    return this.#indirectEntry(named) < 0 ? named : address;
  }

  /** Where the address entry of an indirect byte stands; −1: it is not one. */
  #indirectEntry(address: number): number {
    for (const area of this.model.indirect) {
      const i = address - area.data;
      if (i >= 0 && i < area.entries) return area.addresses + 2 * i;
    }
    return -1;
  }

  #define(item: DxlItem): void {
    this.#items.set(item.address, item);
    this.#defined.fill(1, item.address, item.address + item.bytes);
  }
}

function valueOf(item: DxlItem, data: Uint8Array, at: number): number {
  let value = 0;
  for (let i = item.bytes - 1; i >= 0; i--) value = value * 256 + (data[at + i] ?? 0);
  const half = 2 ** (8 * item.bytes - 1);
  return item.signed && value >= half ? value - 2 * half : value;
}
