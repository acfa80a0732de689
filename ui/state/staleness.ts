/** Every live value has an age. These rules decide when it is too old to look alive. Milliseconds. */

/** Packets come every 17 ms; a page that draws slowly still sees one within this time. */
export const PACKET_LATE_MS = 250;
export const PACKET_LOST_MS = 1_000;

export type Freshness = 'live' | 'late' | 'stale';

/** @param sourceAgeMs how old the value was when the packet was made  @param packetAgeMs how long ago it arrived */
export function freshness(sourceAgeMs: number, packetAgeMs: number, sourceLimitMs: number): Freshness {
  if (!(sourceAgeMs <= sourceLimitMs) || !(packetAgeMs <= PACKET_LOST_MS)) return 'stale';
  return packetAgeMs <= PACKET_LATE_MS ? 'live' : 'late';
}

/** The age to hand to the 3D scene, which knows one limit only: a lost packet makes any value old. */
export const shownAgeMs = (sourceAgeMs: number, packetAgeMs: number): number => (packetAgeMs <= PACKET_LATE_MS ? sourceAgeMs : sourceAgeMs + packetAgeMs);

/** The largest value seen within the last `windowMs`: an age that people can read instead of one that flickers. */
export class WorstOfWindow {
  #worst = 0;
  #previous = 0;
  #sinceMs = -Infinity;

  constructor(private readonly windowMs: number) {}

  add(value: number, nowMs: number): void {
    if (nowMs - this.#sinceMs >= this.windowMs) {
      this.#previous = this.#worst;
      this.#worst = 0;
      this.#sinceMs = nowMs;
    }
    this.#worst = Math.max(this.#worst, value);
  }

  get value(): number {
    return Math.max(this.#worst, this.#previous);
  }
}
