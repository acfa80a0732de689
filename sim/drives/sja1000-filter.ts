/** The acceptance filter of an SJA1000 in dual filter mode, as Lawicel's adapters use it (SJA1000 data sheet, 6.4.15). */
import type { CanFrame } from '../../protocols/wire/slcan.ts';

const EVERYTHING = 0xffff_ffff;

export class Sja1000Filter {
  /** AC0 … AC3, the first in the highest byte. */
  code = 0;
  /** AM0 … AM3; a 1 means: this bit may be anything. */
  mask = EVERYTHING;

  reset(): void {
    this.code = 0;
    this.mask = EVERYTHING;
  }

  passes(frame: CanFrame): boolean {
    if (this.mask === EVERYTHING) return true;
    return frame.extended ? this.#passesExtended(frame.id) : this.#passesStandard(frame);
  }

  /** Each half of the registers is one filter on the identifier's upper 16 bits. */
  #passesExtended(id: number): boolean {
    const upper = id >>> 13;
    return this.#fits(upper, 16, 0xffff) || this.#fits(upper, 0, 0xffff);
  }

  /** Filter 1 also looks at the first data byte: its halves stand in the lower halves of AC1 and AC3. */
  #passesStandard({ id, remote, data }: CanFrame): boolean {
    const header = (id << 5) | (Number(remote) << 4);
    const first = data[0] ?? 0;
    const second = this.#fits(header, 0, 0xfff0);
    const dataFits = remote || (this.#fits(first >> 4, 16, 0x0f) && this.#fits(first & 0x0f, 0, 0x0f));
    return second || (this.#fits(header, 16, 0xfff0) && dataFits);
  }

  #fits(value: number, shift: number, bits: number): boolean {
    return ((value ^ (this.code >>> shift)) & ~(this.mask >>> shift) & bits) === 0;
  }
}
