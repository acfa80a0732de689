/**
 * Tells a spasm, a push or a blocked limb from what this patient always does. Per joint and part of the stride it learns
 * mean and spread of the torque that the person adds, from cycles judged normal alone, and expects it between rest and the
 * whole pattern by the share that the pattern has. A torque that leaves the band around what is expected, or will by its
 * slope, is a suspicion; so is a step of it in a slow pattern that is not known yet, and a smaller one at a joint that comes
 * to stand while it should move. The band is wider where less is known: in first strides, at another pace or guidance, in a
 * pattern that grows or fades. A suspicion that lasts is kept until the drives are released: the leg softens, then the
 * robot stops and waits for a person, even if the muscle has let go meanwhile, because it may answer again. A torque that
 * is no number counts as the worst.
 */
import { clamp } from '../../protocols/math.ts';
import type { JointProfile } from '../../protocols/profile.ts';
import type { Intent } from '../../protocols/session-log.ts';
import { US_PER_MS, US_PER_S } from '../../protocols/units.ts';
import { collapsed, patternOf, type GaitView } from './gait-view.ts';
import { begin, createLanes, goOn, isLeg, type InteractionFinding, type Lane } from './interaction-lane.ts';

/** Own values, found on the simulator (50 to 100 kg, limb mass ± 20 %, patients at rest, active with 20 Nm and spastic). */
const SPREADS = 6;
const POOL_SEC = 5; // the spread of all joints together is known after a few strides, that of a part of the stride only after many
const CEILING_NM = 25; // of a patient who himself gives 20 Nm, never twice the same
const STANDING_NM = 10;
/** Wider by so much in strides that are the first: of all, or of this guidance. */
const FIRST_NM = 15;
const NEW_NM = 3;
const JOLT_NM = 15;
const BLEND_NM = 6; // half of a pattern is not half of its torques
/** The belt speeds up and slows down more slowly than a therapist asks; at another pace a stride is not the usual one. */
const PACE_NM = 12;
const PACE_STRIDES = 2;
const USUAL_PACE = 0.002; // before the first stride: two seconds at 250 Hz
/** Own value: no pattern goes by in a tenth of a second; one that begins anew leaps to its beginning. */
const LEAP = 0.05;
const GUIDANCE_NM = 12; // a leg whose guidance changes moves otherwise than it will: per change within this time
const GUIDANCE_SEC = 0.6;
/** A leg that is led by less moves as it likes, and nothing of it is expected: wider by so much at no guidance. */
const FREE_NM = 15;
const FREE_GUIDANCE = 0.25;
const freedomNm = (guidance: number): number => FREE_NM * Math.max(0, 1 - guidance / FREE_GUIDANCE);
/** At rest, what was there in this time is expected; a pattern that loses so much in a cycle has ended. */
const FOLLOW_SEC = 0.5;
const STOPPED_BLEND = 0.05;
/**
 * A pattern of which no more than this goes by meanwhile is slow: little known or not, its torques go along with it, and a push shows as
 * a step beyond what was there. So much of a step is the pattern's own, for all of it. In arms of patients at rest, active and spastic,
 * repetitions of 10 s and more took torques 5 Nm away, and the lightest push 15.
 */
const SLOW_SHARE = 0.1;
const STEP_NM = 40;
/** Patterns that wait after a pause alone, until the drives lead again: never for a push. */
const waitForNobody: readonly Intent['mode'][] = ['passiveMotion', 'mirrorMotion'];
const LEAD_SEC = 0.02; // what the slope adds in this time counts already
const LASTING_CYCLES = { beyond: 2, leading: 3 }; // a slope alone may be that of readings whose moments are not known well
/** A joint that is led and stands although it should move: then this share of the band is enough. */
const LED_GUIDANCE = 0.5;
const COLLAPSED_SHARE = 0.6;
/** A firm drive whose joint is blocked passes the whole band in this time; a joint that has stood for longer does so by itself, as some do in each stride. */
const COLLAPSE_US = 100 * US_PER_MS;
const PUSHED_SHARE = 0.5; // own value: more than tissue and wrong masses alone
/** Own value: a stop has braked, held and lowered the leg by then. What lasts longer is no push; the budget comes back at a quarter. */
const PUSHED_US = 3 * US_PER_S;
const PUSHED_REFILL = 0.25;
/** Time for a leg to soften and to give way; short against a step. */
const SOFT_US = 250 * US_PER_MS;

export class InteractionWatch {
  readonly joints: readonly InteractionFinding[];
  readonly #lanes: readonly Lane[];
  #phase = 0;
  /** Of this cycle. */
  #advance = 0;
  #elapsedUs = 0;
  #pattern = Number.NaN;
  /** A leap is no pace. Legs' bands were found with it as one, which widens them for some ten strides. */
  readonly #knowsLeaps: boolean;
  /** Of the phase in a cycle, as in the last strides. */
  #pace = USUAL_PACE;
  /** Of the pattern, in the time in which a torque is followed; the whole one, after it waited for somebody: perhaps for a push that sets it going. */
  #passing = 1;
  /** How much more than usual is let pass, because the pattern is not as it was or the legs swing out; of a leg's size. */
  #unusualNm = 0;
  #joltNm = 0;

  constructor(joints: readonly JointProfile[]) {
    this.#lanes = createLanes(joints);
    this.joints = this.#lanes.map((lane) => lane.finding);
    this.#knowsLeaps = !joints.some(isLeg);
  }

  /**
   * Once per cycle while the drives are told to hold or move.
   * @param torqueNm per joint: what the person adds, flexion positive
   * @param isNew per joint: 0 when it is the one of the cycle before; the same one twice is no suspicion that lasts
   */
  update(torqueNm: ArrayLike<number>, isNew: ArrayLike<number>, gait: GaitView, intent: Intent, elapsedUs: number): void {
    const pattern = patternOf(intent);
    if (pattern !== this.#pattern) for (const { memory } of this.#lanes) memory.restart();
    if (gait.changing) for (const { memory } of this.#lanes) memory.unsettle();
    this.#pattern = pattern;
    const ahead = gait.phase - this.#phase;
    const turned = ahead < 0 ? ahead + 1 : ahead;
    const advance = this.#knowsLeaps && turned > LEAP ? 0 : turned;
    this.#phase = gait.phase;
    this.#advance = advance;
    this.#elapsedUs = elapsedUs;
    this.#unusualNm = PACE_NM * gait.blend * Math.min(1, Math.abs(advance / this.#pace - 1)) + BLEND_NM * 4 * gait.blend * (1 - gait.blend);
    this.#joltNm = JOLT_NM * gait.jolt;
    const goesOn = advance > 0 || (advance === 0 && waitForNobody.includes(intent.mode));
    this.#passing = goesOn ? this.#passing + advance - this.#passing * Math.min(1, elapsedUs / (FOLLOW_SEC * US_PER_S)) : 1;
    if (advance > 0) this.#pace += (advance - this.#pace) * Math.min(1, advance / PACE_STRIDES);
    for (const lane of this.#lanes) this.#judge(lane, torqueNm, isNew[lane.index] !== 0, gait);
  }

  /** The drives are released: suspicions end with them. What the patient's strides are like stays known. */
  release(): void {
    for (const lane of this.#lanes) {
      lane.begun = false;
      lane.cyclesBeyond = lane.suspectedUs = lane.pushedUs = 0;
      lane.finding.suspected = lane.finding.lasted = false;
      lane.finding.tooStrong = false;
      lane.finding.pushed = 0;
    }
  }

  #judge(lane: Lane, torquesNm: ArrayLike<number>, isNew: boolean, gait: GaitView): void {
    const elapsedUs = this.#elapsedUs;
    const { memory, finding } = lane;
    const torqueNm = torquesNm[lane.index] ?? Number.NaN;
    const { blend } = gait;
    const elapsedSec = elapsedUs / US_PER_S;
    const guidance = lane.side === 'left' ? gait.guidanceLeft : gait.guidanceRight;
    const phase = lane.side === 'left' ? gait.phase : gait.phase + 0.5;
    // A leg that is stopped in the middle of a stride rests there.
    if (!lane.begun) begin(lane, torqueNm, 0);
    else if (lane.blend - blend > STOPPED_BLEND) begin(lane, torqueNm, freedomNm(guidance));
    lane.blend = blend;
    memory.lookAt(phase < 1 ? phase : phase - 1, guidance);
    lane.laggedGuidance += (guidance - lane.laggedGuidance) * Math.min(1, elapsedSec / GUIDANCE_SEC);
    const missedNm = torqueNm - blend * memory.meanNm - (1 - blend) * lane.restNm;
    const offNm = memory.offNm(missedNm, blend);
    // What is not known yet has slopes of its own.
    const leadingNm = blend === 1 && memory.newness === 0 ? offNm + (offNm - lane.laggedNm) : offNm;
    const led = Math.min(guidance, lane.laggedGuidance) >= LED_GUIDANCE;
    lane.guidance = guidance;
    this.#widen(lane, gait);
    lane.stoodUs = collapsed(gait, lane.index) ? lane.stoodUs + elapsedUs : 0;
    const collapses = led && lane.stoodUs > 0 && lane.stoodUs <= COLLAPSE_US;
    const bandNm = (collapses ? COLLAPSED_SHARE : 1) * lane.bandNm;
    const steppedNm = torqueNm - lane.recentNm;
    const steps = Math.abs(steppedNm) > lane.stepNm;
    const within = Math.abs(offNm) <= bandNm && !steps;
    const normal = within && Math.abs(leadingNm) <= bandNm;
    if (normal) lane.cyclesBeyond = 0;
    else if (isNew || !Number.isFinite(torqueNm)) goOn(lane, Math.sign(steps ? steppedNm : leadingNm));
    finding.suspected ||= lane.cyclesBeyond >= (within ? LASTING_CYCLES.leading : LASTING_CYCLES.beyond);
    if (finding.suspected) lane.suspectedUs += elapsedUs;
    finding.lasted = lane.suspectedUs >= SOFT_US;
    finding.tooStrong = !(Math.abs(torqueNm) <= lane.limitNm);
    const side = torqueNm > PUSHED_SHARE * lane.limitNm ? 1 : torqueNm < -PUSHED_SHARE * lane.limitNm ? -1 : 0;
    lane.pushedUs = Math.max(0, lane.pushedUs + (side === 0 ? -PUSHED_REFILL : 1) * elapsedUs);
    finding.pushed = lane.pushedUs <= PUSHED_US ? side : 0;
    if (!Number.isFinite(missedNm + bandNm)) return;
    // A late cycle never steps beyond what it follows.
    lane.laggedNm += (offNm - lane.laggedNm) * Math.min(1, elapsedSec / LEAD_SEC);
    if (finding.suspected) return;
    lane.recentNm += steppedNm * Math.min(1, elapsedSec / FOLLOW_SEC);
    // No more than the band is believed, so that a push teaches little, and a lasting change can be learned.
    const believedNm = clamp(missedNm, -bandNm, bandNm);
    lane.restNm += believedNm * Math.min(1, ((1 - blend) * elapsedSec) / FOLLOW_SEC);
    if (blend > 0) memory.learn(believedNm, this.#advance, blend);
    if (guidance >= FREE_GUIDANCE) lane.pool.nm2 += (((offNm / lane.size) * (offNm / lane.size) - lane.pool.nm2) * (1 - memory.newness) * blend * elapsedSec) / (POOL_SEC * lane.pool.lanes);
  }

  #widen(lane: Lane, gait: GaitView): void {
    const { memory, limitNm, size, guidance, floorNm, pool, pooledSpreads } = lane;
    const { blend, freeJoint, groundNm } = gait;
    // What a foot that stands does to its leg is known for the whole pattern alone, once that has been walked.
    const standsNm = (groundNm?.[lane.index] ?? 0) * (blend < 1 ? 1 : memory.newness);
    lane.stepNm = Infinity;
    if (blend === 0) {
      lane.bandNm = Math.min(limitNm, size * (STANDING_NM + lane.settlingNm) + standsNm);
      lane.settlingNm -= lane.settlingNm * Math.min(1, this.#elapsedUs / (FOLLOW_SEC * US_PER_S));
      return;
    }
    const usualNm = clamp(Math.max((SPREADS * memory.spreadNm) / size, pooledSpreads * Math.sqrt(pool.nm2)), floorNm, CEILING_NM);
    const otherwiseNm = freedomNm(guidance) + this.#joltNm + GUIDANCE_NM * Math.abs(guidance - lane.laggedGuidance);
    const newNm = blend * (NEW_NM * memory.newness + FIRST_NM * memory.firstness);
    const helpedNm = Math.min(limitNm, standsNm + size * (usualNm + newNm + this.#unusualNm + otherwiseNm));
    const free = freeJoint < 0 || freeJoint === lane.index ? (lane.side === 'left' ? gait.freeLeft : gait.freeRight) : 0;
    // A foot that treads makes steps of its own.
    if (groundNm === null && blend === 1 && memory.newness > 0 && this.#passing <= SLOW_SHARE) {
      const stepNm = size * (STANDING_NM + STEP_NM * this.#passing + otherwiseNm);
      lane.stepNm = stepNm + free * Math.max(0, limitNm - stepNm);
    }
    lane.bandNm = helpedNm + blend * free * (limitNm - helpedNm);
  }
}
