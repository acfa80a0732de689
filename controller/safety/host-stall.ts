/**
 * Stalls of this computer, told apart from silence of the robot. A drive answers only when asked: while the loop stood
 * still nobody asked or listened, so that time is no silence. It is excused until the device answers again, and all
 * stalls together only up to the lateness that is allowed at all; with the shipped limits that stays below the drives'
 * own watchdog.
 */
export class HostStall {
  #stalledUs = 0;
  #endedUs = Number.NEGATIVE_INFINITY;
  #nowUs = 0;

  /**
   * @param periodUs a tick later than this is a stall
   * @param mostUs excused at most
   */
  constructor(
    private readonly periodUs: number,
    private readonly mostUs: number,
  ) {}

  update(nowUs: number, latenessUs: number): void {
    this.#nowUs = nowUs;
    if (!(latenessUs > this.periodUs)) return;
    // One that follows closely may have kept the same answer away, so they add up.
    const together = nowUs - latenessUs - this.#endedUs < this.mostUs;
    this.#stalledUs = Math.min(this.mostUs, latenessUs + (together ? this.#stalledUs : 0));
    this.#endedUs = nowUs;
  }

  /** How much of this age was a stall. A device that answered after the stall is excused nothing. */
  excusedUs(ageUs: number): number {
    return ageUs >= this.#nowUs - this.#endedUs ? this.#stalledUs : 0;
  }
}
