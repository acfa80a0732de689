/** The objects of a virtual CANopen device: what each looks like, who may write it, and what its value is now. */
import type { CanopenObject } from '../../protocols/wire/cia402.ts';
import { SDO_ABORT } from '../../protocols/wire/canopen.ts';

export interface OdOptions {
  readonly value?: number;
  readonly access?: 'ro' | 'rw' | 'wo';
  /** In which PDOs it may stand. */
  readonly pdo?: 'tx' | 'rx' | 'both';
  readonly low?: number;
  readonly high?: number;
  /** @returns an abort code, or 0 when the value is fine now */
  readonly check?: (value: number) => number;
  readonly onWrite?: (value: number) => void;
}

export class OdEntry {
  readonly index: number;
  readonly sub: number;
  /** 0: a string. */
  readonly bytes: number;
  readonly signed: boolean;
  value: number;

  constructor(
    object: CanopenObject | { readonly index: number; readonly sub: number; readonly bytes: 0; readonly signed: false },
    readonly options: OdOptions,
    /** A string's characters; else empty. */
    readonly text: string = '',
  ) {
    this.index = object.index;
    this.sub = object.sub;
    this.bytes = object.bytes;
    this.signed = object.signed;
    this.value = options.value ?? 0;
  }

  get readable(): boolean {
    return this.options.access !== 'wo';
  }

  get writable(): boolean {
    return this.options.access === 'rw' || this.options.access === 'wo';
  }

  /** As a host writes it. @returns an abort code, or 0 */
  write(value: number): number {
    const { low, high, check, onWrite } = this.options;
    if (low !== undefined && value < low) return SDO_ABORT.tooLow;
    if (high !== undefined && value > high) return SDO_ABORT.tooHigh;
    const abort = check?.(value) ?? 0;
    if (abort !== 0) return abort;
    this.value = value;
    onWrite?.(value);
    return 0;
  }

  restoreDefault(): void {
    this.value = this.options.value ?? 0;
  }
}

const keyOf = (index: number, sub: number): number => index * 0x100 + sub;
/** Objects of the communication profile lie below. */
const FIRST_DEVICE_INDEX = 0x2000;

export class ObjectDictionary {
  readonly #entries = new Map<number, OdEntry>();
  readonly #indices = new Set<number>();

  add(object: CanopenObject, options: OdOptions = {}): OdEntry {
    return this.#put(new OdEntry(object, { access: 'ro', ...options }));
  }

  addText(index: number, text: string): void {
    this.#put(new OdEntry({ index, sub: 0, bytes: 0, signed: false }, { access: 'ro' }, text));
  }

  /** Sub-index 0 of a record: how many follow. */
  addCount(index: number, count: number): void {
    this.add({ index, sub: 0, bytes: 1, signed: false }, { value: count });
  }

  find(index: number, sub: number): OdEntry | undefined {
    return this.#entries.get(keyOf(index, sub));
  }

  has(index: number): boolean {
    return this.#indices.has(index);
  }

  /** As after a reset of the communication, or of the whole node. */
  restoreDefaults(whole: boolean): void {
    for (const entry of this.#entries.values()) if (whole || entry.index < FIRST_DEVICE_INDEX) entry.restoreDefault();
  }

  #put(entry: OdEntry): OdEntry {
    this.#entries.set(keyOf(entry.index, entry.sub), entry);
    this.#indices.add(entry.index);
    return entry;
  }
}
