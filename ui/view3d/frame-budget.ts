/**
 * How often the scene is drawn where WebGL runs on the processor. When frames come slower than asked for, the machine
 * is short of time: the picture then asks for less, and leaves the rest to the control loop. Pure: fed with the time
 * between drawn frames, milliseconds.
 */

/** About 30, 20, 15, 8 and 4 frames per second; a little less than whole display frames, so that none is skipped. */
export const FRAME_LEVELS_MS = [30, 46, 62, 120, 240] as const;
const SLOW = 1.4;
const QUICK = 1.2;
const LOOK_FRAMES = 24;
/** Quick looks before it asks for more again: no swinging between two rates. */
const PATIENCE_LOOKS = 12;

export class FrameBudget {
  #level = 0;
  #sumMs = 0;
  #frames = 0;
  #quickLooks = 0;

  get everyMs(): number {
    return FRAME_LEVELS_MS[this.#level] ?? FRAME_LEVELS_MS[0];
  }

  add(intervalMs: number): void {
    // A pause is not slowness: the scene draws on demand.
    if (!(intervalMs < 500)) return;
    this.#sumMs += intervalMs;
    if (++this.#frames < LOOK_FRAMES) return;
    const meanMs = this.#sumMs / this.#frames;
    this.#sumMs = 0;
    this.#frames = 0;
    if (meanMs > this.everyMs * SLOW) this.#change(1);
    else if (meanMs > this.everyMs * QUICK) this.#quickLooks = 0;
    else if (++this.#quickLooks >= PATIENCE_LOOKS) this.#change(-1);
  }

  #change(by: 1 | -1): void {
    this.#level = Math.min(FRAME_LEVELS_MS.length - 1, Math.max(0, this.#level + by));
    this.#quickLooks = 0;
  }
}
