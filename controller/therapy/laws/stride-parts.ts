/** A quantity over the parts of a stride, read between them. */
const PARTS = 50;

export class StrideParts {
  readonly #values = new Float64Array(PARTS);
  /** The parts around the phase looked at, and the share of the second one. */
  #part = 0;
  #next = 0;
  #share = 0;

  fill(value: number): void {
    this.#values.fill(value);
  }

  /** @param phase 0 … 1, or further on */
  lookAt(phase: number): void {
    const place = (phase - Math.floor(phase)) * PARTS;
    this.#part = Math.floor(place) % PARTS;
    this.#next = (this.#part + 1) % PARTS;
    this.#share = place - Math.floor(place);
  }

  /** At the phase looked at. */
  get value(): number {
    return (this.#values[this.#part] ?? 0) * (1 - this.#share) + (this.#values[this.#next] ?? 0) * this.#share;
  }

  get mean(): number {
    let sum = 0;
    for (const value of this.#values) sum += value;
    return sum / PARTS;
  }

  /**
   * Both parts move toward a target at a rate of their own visit: a whole visit of a part at rate 1 changes it by a factor e.
   * @param advance of the phase since the cycle before
   */
  pull(target: number, rate: number, advance: number, least: number, most: number): void {
    const whole = Math.min(1, rate * advance * PARTS);
    this.#pullOne(this.#part, target, whole * (1 - this.#share), least, most);
    this.#pullOne(this.#next, target, whole * this.#share, least, most);
  }

  #pullOne(part: number, target: number, share: number, least: number, most: number): void {
    const before = this.#values[part] ?? 0;
    this.#values[part] = Math.min(most, Math.max(least, before + (target - before) * share));
  }
}
