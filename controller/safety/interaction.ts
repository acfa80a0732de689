/**
 * Tells a spasm, a push or a blocked limb from what this patient always does. Per joint and part of the stride it learns
 * mean and spread of the torque that the person adds, from cycles judged normal alone. A torque that leaves the band around
 * the mean, or will by its slope, is a suspicion; so is a smaller one at a joint that stands while it should move. A
 * suspicion that lasts is kept until the drives are released: the leg softens, then the robot stops and waits for a person,
 * even if the muscle has let go meanwhile, because it may answer again. A torque that is no number counts as the worst.
 */
import { clamp } from '../../protocols/math.ts';
import type { JointProfile } from '../../protocols/profile.ts';
import type { Intent } from '../../protocols/session-log.ts';
import type { Side } from '../../protocols/supervision.ts';
import { US_PER_MS, US_PER_S } from '../../protocols/units.ts';
import { collapsed, patternOf, type GaitView } from './gait-view.ts';
import { StrideMemory } from './interaction-memory.ts';

/** Own values, found on the simulator (50 to 100 kg, limb mass ± 20 %, patients at rest, active with 20 Nm and spastic). */
const FLOOR_NM = 8; // sensor noise, the rounding of speeds and the play of the cuffs stay below 6
const SPREADS = 6;
/** The spread of all joints together is known after a few strides, that of a part of the stride only after many. */
const POOLED_SPREADS = 8;
const POOL_SEC = 5;
const POOL_PRIOR_NM2 = 4;
const CEILING_NM = 25; // of a patient who himself gives 20 Nm, never twice the same
const STANDING_NM = 10;
/** A leg whose guidance changes moves otherwise than it will: wider by so much per change within this time. */
const GUIDANCE_NM = 100;
const GUIDANCE_SEC = 0.6;
/** A leg that is led by less moves as it likes, and nothing of it is expected: wider by so much at no guidance. */
const FREE_NM = 15;
const FREE_GUIDANCE = 0.25;
/** While nothing is learned, what was there in this time is expected: weight, tissue and muscles change by nearly the limit. */
const FOLLOW_SEC = 0.5;
const LEAD_SEC = 0.02; // what the slope adds in this time counts already
const LASTING_CYCLES = 2;
const SETTLING_US = 1_500 * US_PER_MS; // after a change of speed or range; therapy blends it in within a second
/** A joint that is led and stands although it should move: then this share of the band is enough. */
const LED_GUIDANCE = 0.5;
const COLLAPSED_SHARE = 0.6;
/** Own value: more than tissue and wrong masses alone. */
const PUSHED_SHARE = 0.5;
/** Own value: a stop has braked, held and lowered the leg by then. What lasts longer is no push; the budget comes back at a quarter. */
const PUSHED_US = 3 * US_PER_S;
const PUSHED_REFILL = 0.25;
/** Time for a leg to soften and to give way; short against a step. */
const SOFT_US = 250 * US_PER_MS;

/** How one joint stands. */
export interface InteractionFinding {
  /** A suspicion has lasted. */
  suspected: boolean;
  /** It has been answered softly for long enough. */
  lasted: boolean;
  /** Beyond the joint's limit. */
  tooStrong: boolean;
  /** Where a person moves the joint with a share of it, and not for too long: 1 flexion, −1 extension, 0 nowhere. */
  pushed: -1 | 0 | 1;
}

interface Lane {
  readonly index: number;
  readonly limitNm: number;
  readonly side: Side;
  readonly memory: StrideMemory;
  readonly finding: InteractionFinding;
  expectation: 'none' | 'followed' | 'learned';
  followedNm: number;
  laggedNm: number;
  laggedGuidance: number;
  cyclesBeyond: number;
  suspectedUs: number;
  pushedUs: number;
}

export class InteractionWatch {
  readonly joints: readonly InteractionFinding[];
  readonly #lanes: readonly Lane[];
  #phase = 0;
  #pattern = Number.NaN;
  #settledUs = 0;
  #pooledNm2 = POOL_PRIOR_NM2;

  constructor(joints: readonly JointProfile[]) {
    this.#lanes = joints.map((joint, index) => createLane(joint, index));
    this.joints = this.#lanes.map((lane) => lane.finding);
  }

  /**
   * Once per cycle while the drives are told to hold or move.
   * @param torqueNm per joint: what the person adds, flexion positive
   * @param isNew per joint: 0 when it is the one of the cycle before; the same one twice is no suspicion that lasts
   */
  update(torqueNm: ArrayLike<number>, isNew: ArrayLike<number>, gait: GaitView, intent: Intent, elapsedUs: number): void {
    const pattern = patternOf(intent);
    this.#settledUs = pattern === this.#pattern && gait.blend === 1 ? this.#settledUs + elapsedUs : 0;
    if (pattern !== this.#pattern) for (const { memory } of this.#lanes) memory.restart();
    this.#pattern = pattern;
    const ahead = gait.phase - this.#phase;
    this.#phase = gait.phase;
    for (const lane of this.#lanes) this.#judge(lane, torqueNm[lane.index] ?? Number.NaN, isNew[lane.index] !== 0, gait, ahead < 0 ? ahead + 1 : ahead, elapsedUs);
  }

  /** The drives are released: suspicions end with them. What the patient's strides are like stays known. */
  release(): void {
    for (const lane of this.#lanes) {
      lane.expectation = 'none';
      lane.cyclesBeyond = 0;
      lane.suspectedUs = 0;
      lane.pushedUs = 0;
      lane.finding.suspected = false;
      lane.finding.lasted = false;
      lane.finding.tooStrong = false;
      lane.finding.pushed = 0;
    }
  }

  #judge(lane: Lane, torqueNm: number, isNew: boolean, gait: GaitView, advance: number, elapsedUs: number): void {
    const { memory, finding } = lane;
    const elapsedSec = elapsedUs / US_PER_S;
    const settled = this.#settledUs >= SETTLING_US;
    const guidance = lane.side === 'left' ? gait.guidanceLeft : gait.guidanceRight;
    const phase = lane.side === 'left' ? gait.phase : gait.phase + 0.5;
    memory.lookAt(phase < 1 ? phase : phase - 1, guidance);
    lane.laggedGuidance += (guidance - lane.laggedGuidance) * Math.min(1, elapsedSec / GUIDANCE_SEC);
    const offNm = torqueNm - expectedNm(lane, torqueNm, settled);
    // What is not learned yet has slopes of its own.
    const leadingNm = lane.expectation === 'learned' ? offNm + (offNm - lane.laggedNm) : offNm;
    const led = Math.min(guidance, lane.laggedGuidance) >= LED_GUIDANCE;
    const bandNm = (led && collapsed(gait, lane.index) ? COLLAPSED_SHARE : 1) * this.#band(lane, gait.blend, guidance);
    const normal = Math.abs(offNm) <= bandNm && Math.abs(leadingNm) <= bandNm;
    if (normal) lane.cyclesBeyond = 0;
    else if (isNew || !Number.isFinite(torqueNm)) lane.cyclesBeyond++;
    finding.suspected ||= lane.cyclesBeyond >= LASTING_CYCLES;
    if (finding.suspected) lane.suspectedUs += elapsedUs;
    finding.lasted = lane.suspectedUs >= SOFT_US;
    finding.tooStrong = !(Math.abs(torqueNm) <= lane.limitNm);
    const side = torqueNm > PUSHED_SHARE * lane.limitNm ? 1 : torqueNm < -PUSHED_SHARE * lane.limitNm ? -1 : 0;
    lane.pushedUs = Math.max(0, lane.pushedUs + (side === 0 ? -PUSHED_REFILL : 1) * elapsedUs);
    finding.pushed = lane.pushedUs <= PUSHED_US ? side : 0;
    if (!Number.isFinite(torqueNm)) return;
    // A late cycle never steps beyond what it follows.
    lane.laggedNm += (offNm - lane.laggedNm) * Math.min(1, elapsedSec / LEAD_SEC);
    if (finding.suspected) return;
    // No more than the band is believed, so that a push teaches little, and a lasting change can be learned.
    const believedNm = torqueNm - offNm + clamp(offNm, -bandNm, bandNm);
    lane.followedNm += (believedNm - lane.followedNm) * Math.min(1, elapsedSec / FOLLOW_SEC);
    if (!settled) return;
    memory.learn(believedNm, advance);
    if (lane.expectation === 'learned' && guidance >= FREE_GUIDANCE) this.#pooledNm2 += ((offNm * offNm - this.#pooledNm2) * elapsedSec) / (POOL_SEC * this.#lanes.length);
  }

  #band({ expectation, memory, limitNm, laggedGuidance }: Lane, blend: number, guidance: number): number {
    if (expectation === 'followed') return blend === 0 ? STANDING_NM : limitNm;
    const usualNm = clamp(Math.max(SPREADS * memory.spreadNm, POOLED_SPREADS * Math.sqrt(this.#pooledNm2)), FLOOR_NM, CEILING_NM);
    const freeNm = FREE_NM * Math.max(0, 1 - guidance / FREE_GUIDANCE);
    return usualNm + freeNm + GUIDANCE_NM * Math.abs(guidance - laggedGuidance);
  }
}

/** Begins with what is there, and anew when it changes what it goes by. */
function expectedNm(lane: Lane, torqueNm: number, settled: boolean): number {
  const expectation = settled && lane.memory.isKnown ? 'learned' : 'followed';
  if (expectation === 'followed' && lane.expectation !== 'followed') lane.followedNm = Number.isFinite(torqueNm) ? torqueNm : 0;
  const expected = expectation === 'learned' ? lane.memory.meanNm : lane.followedNm;
  if (expectation !== lane.expectation) lane.laggedNm = torqueNm - expected;
  lane.expectation = expectation;
  return expected;
}

const createLane = (joint: JointProfile, index: number): Lane => ({
  index,
  limitNm: joint.interactionLimitNm,
  side: joint.side,
  memory: new StrideMemory(),
  finding: { suspected: false, lasted: false, tooStrong: false, pushed: 0 },
  expectation: 'none',
  followedNm: 0,
  laggedNm: 0,
  laggedGuidance: 0,
  cyclesBeyond: 0,
  suspectedUs: 0,
  pushedUs: 0,
});
