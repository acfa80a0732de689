/** The patient, or somebody who holds the limb, pushes on the human joint: a smooth rise, a hold, and as smooth an end. */
import { z } from 'zod/mini';
import { clamp } from '../../protocols/math.ts';
import { US_PER_MS } from '../../protocols/units.ts';

/** Stronger than anybody (isometric knee extension of athletes ends near 400 Nm). */
export const MOST_PUSH_NM = 400;
const LONGEST_MS = 60_000;
export const pushDurationMs = z.number({ error: `must be 0 to ${LONGEST_MS} ms` }).check(z.minimum(0, `must be 0 to ${LONGEST_MS} ms`), z.maximum(LONGEST_MS, `must be 0 to ${LONGEST_MS} ms`));

/** `torqueNm`: true torque on the human joint, flexion positive. */
export const pushOrder = z.strictObject({
  kind: z.literal('push'),
  joint: z.string({ error: 'must be the id of a joint' }),
  torqueNm: z.number({ error: `must be -${MOST_PUSH_NM} to ${MOST_PUSH_NM} Nm` }).check(z.minimum(-MOST_PUSH_NM, `must be -${MOST_PUSH_NM} to ${MOST_PUSH_NM} Nm`), z.maximum(MOST_PUSH_NM, `must be -${MOST_PUSH_NM} to ${MOST_PUSH_NM} Nm`)),
  riseMs: pushDurationMs,
  holdMs: pushDurationMs,
});

export type PushOrder = z.infer<typeof pushOrder>;

export class Push {
  readonly #torqueNm: number;
  readonly #riseUs: number;
  readonly #holdUs: number;

  constructor(
    { torqueNm, riseMs, holdMs }: PushOrder,
    private readonly onsetUs: number,
  ) {
    this.#torqueNm = torqueNm;
    this.#riseUs = riseMs * US_PER_MS;
    this.#holdUs = holdMs * US_PER_MS;
  }

  torqueNm(nowUs: number): number {
    const sinceUs = nowUs - this.onsetUs;
    return this.#torqueNm * (this.#risen(sinceUs) - this.#risen(sinceUs - this.#riseUs - this.#holdUs));
  }

  isOver(nowUs: number): boolean {
    return nowUs - this.onsetUs > 2 * this.#riseUs + this.#holdUs;
  }

  /** Minimum jerk from 0 to 1 (T. Flash, N. Hogan, J. Neuroscience 5 (1985) 1688-1703). */
  #risen(sinceUs: number): number {
    if (sinceUs < 0) return 0;
    const t = this.#riseUs === 0 ? 1 : clamp(sinceUs / this.#riseUs, 0, 1);
    return t * t * t * (10 - t * (15 - 6 * t));
  }
}
