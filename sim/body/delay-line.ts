/** What was some time ago: one value per physics step, kept in place. */
export class DelayLine {
  readonly #kept: Float64Array;
  #next = 0;

  constructor(private readonly longestSteps: number) {
    this.#kept = new Float64Array(longestSteps + 1);
  }

  /** @returns the value of `steps` ago (0: this one), before the first one 0; at most `longestSteps` */
  push(value: number, steps: number): number {
    const at = this.#next;
    const length = this.#kept.length;
    this.#kept[at] = value;
    this.#next = (at + 1) % length;
    return this.#kept[(at + length - Math.min(steps, this.longestSteps)) % length] ?? 0;
  }
}
