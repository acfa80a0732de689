/** When a drive may be told to make torque: the rules of the `Drive` contract, in one place for all protocols. */
export class Enablement {
  #told: 'blocked' | 'released' | 'on' = 'blocked';
  #observed = false;
  #sentUs = -Infinity;
  #answeredUs = -Infinity;
  #silenceIsMeant = false;

  constructor(private readonly watchdogUs: number) {}

  /** The drive is told to make torque. */
  get wanted(): boolean {
    return this.#told === 'on';
  }

  /** The drive has said or shown that it obeys set-points. */
  get observed(): boolean {
    return this.#observed;
  }

  onLinkOpen(nowUs: number): void {
    this.block();
    this.#answeredUs = -Infinity;
    this.#sentUs = nowUs;
  }

  onLinkClosed(): void {
    this.block();
  }

  onSent(nowUs: number): void {
    this.#sentUs = nowUs;
  }

  onAnswer(nowUs: number): void {
    this.#answeredUs = nowUs;
  }

  /** For the proof of a watchdog: a silence from now on is meant, and the set-point that ends it is to show what the drive did. */
  expectSilence(): void {
    this.#silenceIsMeant = this.#observed;
  }

  /** Once per cycle, before its frames are made. @returns true when what the drive is told has changed */
  choose(enable: boolean, nowUs: number): boolean {
    const before = this.#told;
    if (!enable) this.#release();
    else if (this.#told === 'released') {
      this.#told = 'on';
      this.#observed = false;
    } else if (this.#observed && !this.#silenceIsMeant && Math.max(nowUs - this.#sentUs, nowUs - this.#answeredUs) > this.watchdogUs) this.block();
    return this.#told !== before;
  }

  /** What the drive says of itself. One that left its enabled state without being told is blocked. */
  observe(enabled: boolean): void {
    if (this.#observed && !enabled && this.#told === 'on') this.block();
    this.#observed = enabled;
  }

  block(): void {
    this.#silenceIsMeant = false;
    this.#told = 'blocked';
    this.#observed = false;
  }

  #release(): void {
    this.#silenceIsMeant = false;
    this.#told = 'released';
  }
}
