/**
 * Stalls of this computer, told apart from silence of the robot. A drive answers only when asked: while the loop stood
 * still nobody asked or listened, so that time is no silence. It is excused until the device answers again, and all
 * stalls together only up to the lateness that is allowed at all; with the shipped limits that stays below the drives'
 * own watchdog.
 *
 * A tick's own lateness tells only of a stall before it. One that began within the tick before shows in the time since
 * that tick alone, because the metronome goes on with its next deadline.
 */
export class HostStall {
  /** Control time that was lost before the newest tick; NaN: not known. */
  lostUs = 0;
  #stalledUs = 0;
  #endedUs = Number.NEGATIVE_INFINITY;
  /** Before the first tick nothing was lost. */
  #nowUs = Number.POSITIVE_INFINITY;

  /**
   * @param periodUs more than this lost is a stall
   * @param mostUs excused at most
   */
  constructor(
    private readonly periodUs: number,
    private readonly mostUs: number,
  ) {}

  update(nowUs: number, latenessUs: number): void {
    this.lostUs = Math.max(latenessUs, nowUs - this.#nowUs - this.periodUs);
    this.#nowUs = nowUs;
    if (!(this.lostUs > this.periodUs)) return;
    // One that follows closely may have kept the same answer away, so they add up.
    const together = nowUs - this.lostUs - this.#endedUs < this.mostUs;
    this.#stalledUs = Math.min(this.mostUs, this.lostUs + (together ? this.#stalledUs : 0));
    this.#endedUs = nowUs;
  }

  /** How much of this age was a stall. A device that answered after the stall is excused nothing. */
  excusedUs(ageUs: number): number {
    return ageUs >= this.#nowUs - this.#endedUs ? this.#stalledUs : 0;
  }
}

/** Not heard for longer than may be, what this computer is to blame for left out. Negated: an age that is no number is silence. */
export const silent = (ageUs: number, { stall, inputMaxAgeUs }: { readonly stall: HostStall; readonly inputMaxAgeUs: number }): boolean => !(ageUs - stall.excusedUs(ageUs) <= inputMaxAgeUs);
