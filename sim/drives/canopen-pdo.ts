/** PDOs of a virtual CANopen device: their communication and mapping objects, and what they carry. */
import type { CanFrame } from '../../protocols/wire/slcan.ts';
import { canDataFrame, getLe, PDO_INVALID, PDO_ON_EVENT, pdoEntryBits, pdoEntryIndex, pdoEntrySub, putLe, SDO_ABORT } from '../../protocols/wire/canopen.ts';
import type { ObjectDictionary, OdEntry } from './object-dictionary.ts';

const ENTRIES_MAX = 8;
const PDO_BITS = 64;
/** Transmission types up to this one mean: with every so-many-th SYNC. */
const LAST_SYNC_TYPE = 240;
const RTR_NOT_ALLOWED = 0x4000_0000;

export class Pdo {
  readonly #cobId: OdEntry;
  readonly #type: OdEntry;
  readonly #inhibit: OdEntry | null;
  readonly #eventTimer: OdEntry | null;
  readonly #count: OdEntry;
  readonly #entries: readonly OdEntry[];
  readonly #mapped: OdEntry[] = [];
  readonly #last = new Uint8Array(8);
  #lengthBytes = 0;
  #syncs = 0;
  #sentUs = -Infinity;
  #receivedUs = -1;

  /** @param number 0 … 3 */
  constructor(
    private readonly dictionary: ObjectDictionary,
    private readonly direction: 'tx' | 'rx',
    number: number,
    cobId: number,
    defaults: { readonly type: number; readonly entries: readonly number[] },
  ) {
    const [communication, mapping] = direction === 'tx' ? [0x1800 + number, 0x1a00 + number] : [0x1400 + number, 0x1600 + number];
    dictionary.addCount(communication, direction === 'tx' ? 5 : 2);
    const tx = direction === 'tx' ? RTR_NOT_ALLOWED : 0;
    this.#cobId = dictionary.add({ index: communication, sub: 1, bytes: 4, signed: false }, { access: 'rw', value: cobId + tx, check: (value) => this.#checkCobId(value) });
    this.#type = dictionary.add({ index: communication, sub: 2, bytes: 1, signed: false }, { access: 'rw', value: defaults.type });
    const timer = (sub: number): OdEntry => dictionary.add({ index: communication, sub, bytes: 2, signed: false }, { access: 'rw' });
    this.#inhibit = direction === 'tx' ? timer(3) : null;
    this.#eventTimer = direction === 'tx' ? timer(5) : null;
    const { entries } = defaults;
    this.#count = dictionary.add({ index: mapping, sub: 0, bytes: 1, signed: false }, { access: 'rw', value: entries.length, check: (value) => this.#checkCount(value), onWrite: () => this.#resolve() });
    this.#entries = Array.from({ length: ENTRIES_MAX }, (_, i) =>
      dictionary.add({ index: mapping, sub: i + 1, bytes: 4, signed: false }, { access: 'rw', value: entries[i] ?? 0, check: (value) => this.#checkEntry(value) }),
    );
  }

  get id(): number {
    return this.#cobId.value % 0x800;
  }

  /** It exists and carries something. */
  get valid(): boolean {
    return this.#cobId.value < PDO_INVALID && this.#mapped.length > 0;
  }

  /** The defaults have been restored, or the device has become operational. */
  restart(): void {
    this.#resolve();
    this.#syncs = 0;
    this.#sentUs = -Infinity;
    this.#receivedUs = -1;
  }

  /** Receiving: takes the values now, or with the next SYNC. @returns false when the frame is too short */
  receive(frame: CanFrame, nowUs: number): boolean {
    if (frame.length < this.#lengthBytes) return false;
    this.#last.set(frame.data);
    if (this.#type.value <= LAST_SYNC_TYPE) this.#receivedUs = nowUs;
    else this.#take();
    return true;
  }

  /** Receiving: a SYNC passed. */
  onSyncReceive(): void {
    if (this.#receivedUs < 0) return;
    this.#receivedUs = -1;
    this.#take();
  }

  /** Sending: @returns whether the PDO goes with this SYNC */
  isDueAtSync(frame: CanFrame): boolean {
    const type = this.#type.value;
    if (!this.valid || type > LAST_SYNC_TYPE) return false;
    this.#fill(frame);
    if (type === 0) return this.#hasChanged(frame);
    this.#syncs++;
    if (this.#syncs < type) return false;
    this.#syncs = 0;
    return true;
  }

  /** Sending: @returns whether the PDO goes because something changed or its time is over */
  isDueByEvent(frame: CanFrame, nowUs: number): boolean {
    if (!this.valid || this.#type.value < PDO_ON_EVENT - 1) return false;
    const sinceUs = nowUs - this.#sentUs;
    if (sinceUs < 100 * (this.#inhibit?.value ?? 0)) return false;
    this.#fill(frame);
    const timerUs = 1_000 * (this.#eventTimer?.value ?? 0);
    return this.#sentUs === -Infinity || this.#hasChanged(frame) || (timerUs > 0 && sinceUs >= timerUs);
  }

  onSent(frame: CanFrame, nowUs: number): void {
    this.#last.set(frame.data);
    this.#sentUs = nowUs;
  }

  #fill(frame: CanFrame): void {
    canDataFrame(frame, this.id, this.#lengthBytes);
    let at = 0;
    for (const entry of this.#mapped) {
      putLe(frame.data, at, entry.bytes, entry.value);
      at += entry.bytes;
    }
  }

  #take(): void {
    let at = 0;
    for (const entry of this.#mapped) {
      entry.write(getLe(this.#last, at, entry.bytes, entry.signed));
      at += entry.bytes;
    }
  }

  #hasChanged(frame: CanFrame): boolean {
    for (let i = 0; i < this.#lengthBytes; i++) if (frame.data[i] !== this.#last[i]) return true;
    return false;
  }

  /** Another identifier is taken only while the PDO is, or becomes, invalid (CiA 301, 7.5.2.35). */
  #checkCobId(value: number): number {
    if (value >= PDO_INVALID || this.#cobId.value >= PDO_INVALID) return 0;
    return value % 0x2000_0000 === this.#cobId.value % 0x2000_0000 ? 0 : SDO_ABORT.value;
  }

  #checkCount(count: number): number {
    if (count > ENTRIES_MAX) return SDO_ABORT.tooHigh;
    let bits = 0;
    for (const entry of this.#entries.slice(0, count)) {
      if (entry.value === 0) return SDO_ABORT.value;
      bits += pdoEntryBits(entry.value);
    }
    return bits > PDO_BITS ? SDO_ABORT.pdoTooLong : 0;
  }

  #checkEntry(value: number): number {
    if (this.#count.value !== 0) return SDO_ABORT.access;
    const object = this.dictionary.find(pdoEntryIndex(value), pdoEntrySub(value));
    if (object === undefined) return this.dictionary.has(pdoEntryIndex(value)) ? SDO_ABORT.noSub : SDO_ABORT.noObject;
    const { pdo } = object.options;
    return (pdo === this.direction || pdo === 'both') && pdoEntryBits(value) === 8 * object.bytes ? 0 : SDO_ABORT.notMappable;
  }

  #resolve(): void {
    this.#mapped.length = 0;
    this.#lengthBytes = 0;
    for (const { value } of this.#entries.slice(0, this.#count.value)) {
      const object = this.dictionary.find(pdoEntryIndex(value), pdoEntrySub(value));
      if (object === undefined) continue;
      this.#mapped.push(object);
      this.#lengthBytes += object.bytes;
    }
  }
}
