/** What must hold whatever arrives; the first breaches of each kind are kept with what they were made of. */
const FINDINGS_KEPT = 5;

export class Oracle {
  /** Plain sentences, each with the round that it came from. */
  readonly findings: string[] = [];
  pushedBytes = 0;
  discardedBytes = 0;
  frames = 0;
  /** Named in findings. */
  round = 0;
  #framedLeastBytes = 0;
  #framedMostBytes = 0;
  readonly #kinds = new Map<string, number>();

  /** A frame came out that took this many bytes of the wire; at most `mostBytes` where the frame does not show it. */
  framed(leastBytes: number, mostBytes = leastBytes): void {
    this.frames++;
    this.#framedLeastBytes += leastBytes;
    this.#framedMostBytes += mostBytes;
  }

  discarded(bytes: number): void {
    if (!(bytes > 0)) this.report('discard', `${bytes} bytes are told as discarded`);
    this.discardedBytes += bytes;
  }

  /** A value that was given out lies in its declared range; NaN lies in none. */
  value(what: string, value: number, min: number, max: number): void {
    if (!(value >= min && value <= max)) this.report(what, `${what} is ${value}, declared are ${min} … ${max}`);
  }

  /** Every byte is in a frame, discarded or still held, and no more are held than the splitter has room for. */
  account(capacityBytes: number): void {
    const rest = this.pushedBytes - this.discardedBytes;
    if (rest - this.#framedLeastBytes < 0) this.report('accounts', `${this.#framedLeastBytes - rest} more bytes came out than went in`);
    if (rest - this.#framedMostBytes > capacityBytes) this.report('accounts', `${rest - this.#framedMostBytes} bytes are neither framed nor discarded; ${capacityBytes} can be held`);
  }

  report(kind: string, finding: string): void {
    const seen = this.#kinds.get(kind) ?? 0;
    this.#kinds.set(kind, seen + 1);
    if (seen < FINDINGS_KEPT) this.findings.push(`${finding} (round ${this.round})`);
  }
}
