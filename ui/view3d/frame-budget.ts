/**
 * Keeps the picture moving on slow machines: fewer pixels when frames come too slowly, more again when there is time.
 * Pure: fed with the time between drawn frames.
 */

export const SHARPEST = 1;
export const COARSEST = 0.75;
/** Slower than about 24 frames per second looks like jerks. */
const SLOW_MS = 42;
const QUICK_MS = 35;
const STEP = 0.85;
const LOOK_FRAMES = 24;
/** After a step back it stays there for a while: no swinging between two sharpnesses. */
const PATIENCE_LOOKS = 12;

export class FrameBudget {
  #ratio = SHARPEST;
  #sumMs = 0;
  #frames = 0;
  #quickLooks = 0;

  get ratio(): number {
    return this.#ratio;
  }

  /** @returns true when `ratio` changed */
  add(intervalMs: number): boolean {
    // A pause is not slowness: the scene draws on demand.
    if (!(intervalMs < 500)) return false;
    this.#sumMs += intervalMs;
    if (++this.#frames < LOOK_FRAMES) return false;
    const meanMs = this.#sumMs / this.#frames;
    this.#sumMs = 0;
    this.#frames = 0;
    const before = this.#ratio;
    if (meanMs > SLOW_MS) {
      this.#ratio = Math.max(COARSEST, this.#ratio * STEP);
      this.#quickLooks = 0;
    } else if (meanMs < QUICK_MS && ++this.#quickLooks >= PATIENCE_LOOKS) {
      this.#ratio = Math.min(SHARPEST, this.#ratio / STEP);
      this.#quickLooks = 0;
    }
    return this.#ratio !== before;
  }
}
