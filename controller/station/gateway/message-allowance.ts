/** How many messages one client may send: a bucket that refills steadily. A page sends about five a second. */
const PER_SECOND = 100;
const BURST = 200;

export class MessageAllowance {
  #left = BURST;
  #countedUs: number | null = null;

  /** @returns false when the client has sent too many */
  take(nowUs: number): boolean {
    const elapsedUs = nowUs - (this.#countedUs ?? nowUs);
    this.#countedUs = nowUs;
    this.#left = Math.min(BURST, this.#left + (elapsedUs / 1_000_000) * PER_SECOND);
    if (this.#left < 1) return false;
    this.#left--;
    return true;
  }
}
