/** Time is an argument: only this file, the composition roots and the screens may ask the machine for it. */
export interface Clock {
  /** Monotonic, from an arbitrary origin; never steps with the wall clock. */
  nowUs(): number;
}

const originNs = process.hrtime.bigint();

export const systemClock: Clock = {
  nowUs: () => Number(process.hrtime.bigint() - originNs) / 1_000,
};

/** Virtual time for lock-step and tests: moves only when told. */
export class ManualClock implements Clock {
  #nowUs: number;

  constructor(startUs = 0) {
    this.#nowUs = startUs;
  }

  nowUs(): number {
    return this.#nowUs;
  }

  advanceUs(durationUs: number): void {
    this.#nowUs += durationUs;
  }
}
