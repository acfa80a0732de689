/**
 * Something that is measured beside the joints: E-stop line, patient's button, foot loads, EMG, heart rate, treadmill,
 * body-weight support, lift. A robot has the inputs that its profile names; where they come from is nobody's concern.
 */
export interface Input<T> {
  /** The newest reading; one record, refilled. Before the first one its age is Infinity. */
  readonly value: Readonly<T>;
  /** Readings since the link opened. */
  readonly sequence: number;
  ageUs(nowUs: number): number;
}

export class NewestInput<T> implements Input<T> {
  sequence = 0;
  #heardUs = -Infinity;

  constructor(readonly value: T) {}

  ageUs(nowUs: number): number {
    return Math.max(0, nowUs - this.#heardUs);
  }

  /** `value` has been refilled. */
  heard(nowUs: number): void {
    this.sequence++;
    this.#heardUs = nowUs;
  }

  /** The link is gone: what was measured over it is void. */
  lost(): void {
    this.sequence = 0;
    this.#heardUs = -Infinity;
  }
}
