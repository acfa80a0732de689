/**
 * Whether what the hub says is of now: its own clock and its count of frames have to go forward. That they stand shows
 * in time alone, slowly; and soon where frames come all the same. A frame that a line doubles, or a burst of late ones,
 * is no such case: at most one cycle sees nothing but the double, and late frames go forward too.
 */
import type { RobotInputs } from '../../protocols/joints.ts';

/** Frames come further apart; within it, the same arrival is told with another rounding. */
const SAME_ARRIVAL_US = 1;

export class HubClock {
  /** How long clock or count have not gone forward, in loop time. */
  standsUs = 0;
  /** Cycles, none between them that went forward, in which a frame came although clock or count stood. */
  repeats = 0;
  #timeUs = Number.NaN;
  #sequence = Number.NaN;
  #timeAtUs = 0;
  #sequenceAtUs = 0;
  #heardUs = Number.NaN;

  /** Once per cycle. One that goes backward does not go. @returns a frame came that was not here before */
  look({ hub, nowUs }: Pick<RobotInputs, 'hub' | 'nowUs'>): boolean {
    const isNew = Number.isFinite(hub.ageUs) && (hub.sequence !== this.#sequence || hub.deviceTimeUs !== this.#timeUs);
    const timeGoes = goes(this.#timeUs, hub.deviceTimeUs);
    const sequenceGoes = goes(this.#sequence, hub.sequence);
    const heardUs = nowUs - hub.ageUs;
    if (timeGoes) this.#timeAtUs = nowUs;
    if (sequenceGoes) this.#sequenceAtUs = nowUs;
    if (timeGoes && sequenceGoes) this.repeats = 0;
    else if (heardUs - this.#heardUs > SAME_ARRIVAL_US) this.repeats++;
    this.#timeUs = hub.deviceTimeUs;
    this.#sequence = hub.sequence;
    this.#heardUs = heardUs;
    this.standsUs = nowUs - Math.min(this.#timeAtUs, this.#sequenceAtUs);
    return isNew;
  }
}

const goes = (from: number, to: number): boolean => to > from || Number.isNaN(from);
