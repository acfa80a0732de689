/** Bounds-checked little-endian reading and writing over a caller's buffer; both objects are made once and reused. */

const EMPTY = new Uint8Array(0);

/** Reading past the end gives 0 and sets `overrun`, so a decoder checks once, at its end. */
export class ByteReader {
  #bytes: Uint8Array = EMPTY;
  #at = 0;
  #overrun = false;

  reset(bytes: Uint8Array): this {
    this.#bytes = bytes;
    this.#at = 0;
    this.#overrun = false;
    return this;
  }

  /** true: something was read that was not there. */
  get overrun(): boolean {
    return this.#overrun;
  }

  get remaining(): number {
    return Math.max(0, this.#bytes.length - this.#at);
  }

  u8(): number {
    const value = this.#bytes[this.#at++];
    if (value === undefined) {
      this.#overrun = true;
      return 0;
    }
    return value;
  }

  u16(): number {
    const low = this.u8();
    return low | (this.u8() << 8);
  }

  i16(): number {
    return (this.u16() << 16) >> 16;
  }

  u32(): number {
    const low = this.u16();
    return (low | (this.u16() << 16)) >>> 0;
  }

  i32(): number {
    return this.u32() | 0;
  }
}

/** Writing past the end writes nothing and sets `overrun`. Values are saturated to their field; NaN becomes 0. */
export class ByteWriter {
  #bytes: Uint8Array = EMPTY;
  #at = 0;
  #overrun = false;

  /** Writes from index `at` on. */
  reset(bytes: Uint8Array, at = 0): this {
    this.#bytes = bytes;
    this.#at = at;
    this.#overrun = false;
    return this;
  }

  get overrun(): boolean {
    return this.#overrun;
  }

  get length(): number {
    return this.#at;
  }

  u8(value: number): void {
    this.#put(saturate(value, 0, 0xff));
  }

  u16(value: number): void {
    const whole = saturate(value, 0, 0xffff);
    this.#put(whole & 0xff);
    this.#put(whole >> 8);
  }

  i16(value: number): void {
    this.u16(saturate(value, -0x8000, 0x7fff) & 0xffff);
  }

  u32(value: number): void {
    const whole = saturate(value, 0, 0xffff_ffff);
    this.u16(whole % 0x1_0000);
    this.u16(Math.floor(whole / 0x1_0000));
  }

  i32(value: number): void {
    this.u32(saturate(value, -0x8000_0000, 0x7fff_ffff) >>> 0);
  }

  #put(byte: number): void {
    if (this.#at >= this.#bytes.length) this.#overrun = true;
    else this.#bytes[this.#at++] = byte;
  }
}

function saturate(value: number, low: number, high: number): number {
  if (value >= high) return high;
  return value > low ? Math.round(value) : value <= low ? low : 0;
}
