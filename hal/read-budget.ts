/** What a babbling device can cost: so many bytes are read between two cycles, the rest is counted and thrown away. */
import { US_PER_MS } from '../protocols/units.ts';
import type { Link } from './link.ts';

/** Beside twice what is due: late answers, what waited during a stall of this computer, and text at boot. */
const SLACK_BYTES = 2_048;
const QUIET_US = 1_000 * US_PER_MS;
/** The slowest robot has a cycle of 20 ms. */
const STALL_US = 60 * US_PER_MS;

export class ReadBudget {
  readonly #mostBytes: number;
  #bytes = 0;
  #babbledUs = -Infinity;
  #endedUs = -Infinity;
  #told = false;

  /** @param dueBytes what the device sends in one cycle when all is well */
  constructor(
    private readonly link: Link,
    dueBytes: number,
  ) {
    this.#mostBytes = SLACK_BYTES + 2 * dueBytes;
  }

  onOpen(): void {
    this.#bytes = 0;
    this.#told = false;
  }

  /** @returns how many bytes of the chunk may be read; the others are counted as discarded */
  take(chunkBytes: number): number {
    const left = Math.max(0, this.#mostBytes - this.#bytes);
    this.#bytes += chunkBytes;
    if (left >= chunkBytes) return chunkBytes;
    this.link.stats.bytesDiscarded += chunkBytes - left;
    return left;
  }

  /** Once per cycle. People are told when it begins and when it is over. */
  endCycle(nowUs: number): void {
    // After a stall of this computer much has waited: that is no babbling.
    if (this.#bytes > this.#mostBytes && nowUs - this.#endedUs < STALL_US) this.#babbledUs = nowUs;
    this.#endedUs = nowUs;
    this.#bytes = 0;
    const babbles = nowUs - this.#babbledUs <= QUIET_US;
    if (babbles === this.#told) return;
    this.#told = babbles;
    if (babbles) this.link.notify('deviceBabbles', `The device on ${this.link.id} sends far more than it is asked for; the rest is thrown away. Check the device, its baud rate and its cable.`);
    else this.link.notify('linkUp', `The device on ${this.link.id} no longer sends more than it is asked for.`);
  }
}
