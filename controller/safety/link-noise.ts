/** Tells a link that loses much of what it carries: more than 1 % of it within a second. */
import type { LinkInputs } from '../../protocols/joints.ts';
import { US_PER_S } from '../../protocols/units.ts';

const NOISY = 0.01;
/** Own value: half, so that the warning does not flicker. */
const QUIET_AGAIN = 0.005;
const WINDOW_US = US_PER_S;
/** Own value: the shortest answers of a drive. A link with longer frames is told somewhat earlier. */
const FRAME_BYTES = 20;

interface Line {
  readonly index: number;
  frames: number;
  discarded: number;
  /** What the window still holds of both. */
  goodBytes: number;
  badBytes: number;
}

export class LinkNoise {
  /** At least one link is noisy. */
  noisy = false;
  readonly #lines: readonly Line[];

  constructor(linkCount: number) {
    this.#lines = Array.from({ length: linkCount }, (_, index) => ({ index, frames: Number.NaN, discarded: Number.NaN, goodBytes: 0, badBytes: 0 }));
  }

  update(links: readonly LinkInputs[], elapsedUs: number): void {
    const most = this.noisy ? QUIET_AGAIN : NOISY;
    this.noisy = false;
    for (const line of this.#lines) {
      const link = links[line.index];
      if (link === undefined) continue;
      count(line, link, 1 - Math.min(1, elapsedUs / WINDOW_US));
      if (line.badBytes > most * (line.badBytes + line.goodBytes)) this.noisy = true;
    }
  }
}

/** The totals that are there at first are no news. */
function count(line: Line, { framesReceived, bytesDiscarded }: LinkInputs, kept: number): void {
  const isFirst = Number.isNaN(line.frames);
  line.goodBytes = line.goodBytes * kept + (isFirst ? 0 : framesReceived - line.frames) * FRAME_BYTES;
  line.badBytes = line.badBytes * kept + (isFirst ? 0 : bytesDiscarded - line.discarded);
  line.frames = framesReceived;
  line.discarded = bytesDiscarded;
}
