/** What the watch over the interaction keeps of each joint, and says of it. */
import type { JointProfile } from '../../protocols/profile.ts';
import type { Side } from '../../protocols/supervision.ts';
import { StrideMemory } from './interaction-memory.ts';

/** How a joint stands. */
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

/** Of joints whose torques are alike, how far from what is usual they have been; of a leg's size. */
export interface Pool {
  readonly lanes: number;
  nm2: number;
}

export interface Lane {
  readonly index: number;
  readonly limitNm: number;
  /** Its bands are so many times those of a leg's joint. */
  readonly size: number;
  /** Less than this, of a leg's size, is what sensors and cuffs make. */
  readonly floorNm: number;
  readonly pool: Pool;
  /** The band is wider than the pool's spread by so much. */
  readonly pooledSpreads: number;
  readonly side: Side;
  readonly memory: StrideMemory;
  readonly finding: InteractionFinding;
  /** Since the drives were released. */
  begun: boolean;
  blend: number;
  restNm: number;
  settlingNm: number;
  laggedNm: number;
  guidance: number;
  laggedGuidance: number;
  /** How far from what is usual still counts as usual. */
  bandNm: number;
  /** What was there of late, and how far from that is no step. */
  recentNm: number;
  stepNm: number;
  cyclesBeyond: number;
  /** To which side of the band. */
  beyond: number;
  /** Since it stands although it should move. */
  stoodUs: number;
  suspectedUs: number;
  pushedUs: number;
}

/** Another side of the band is another suspicion. */
export function goOn(lane: Lane, beyond: number): void {
  lane.cyclesBeyond = beyond === -lane.beyond ? 1 : lane.cyclesBeyond + 1;
  lane.beyond = beyond;
}

/** With what is there at rest. @param settlingNm more than at rest, of a leg's size, until who led himself has come to rest */
export function begin(lane: Lane, torqueNm: number, settlingNm: number): void {
  lane.begun = true;
  lane.settlingNm = settlingNm;
  lane.restNm = Number.isFinite(torqueNm) ? torqueNm : 0;
  lane.recentNm = lane.restNm;
  lane.laggedNm = 0;
  lane.memory.begin(lane.restNm);
}

/** What hips and knees may be held with, on which the bands were found; those of other joints, a foot's too, are in proportion to what they may. */
export const LEG_LIMIT_NM = 45;

export const isLeg = ({ kind }: JointProfile): boolean => kind === 'hip' || kind === 'knee';
const plateKinds: readonly JointProfile['kind'][] = ['foreAft', 'vertical', 'pitch'];

/** Own value, of a foot: a light push leaves bands so small in time, and an active patient who begins to walk after single steps does not, as he does in proportion to 20 Nm. */
const FOOT_SIZE = 0.67;
const sizeOf = (joint: JointProfile): number => (joint.kind === 'ankle' ? FOOT_SIZE : isLeg(joint) ? 1 : joint.interactionLimitNm / LEG_LIMIT_NM);

/** Sensor noise, the rounding of speeds and the play of the cuffs stay below 6 Nm; along a plate, of which who stands on it feels no play, what is usual stays within 2. */
const FLOOR_NM = 8;
const FORE_AFT_FLOOR_NM = 4;
/** A pool of its own is narrower: a spastic patient after a pause left seven of them. */
const POOLED_SPREADS = 6;
const FORE_AFT_POOLED_SPREADS = 9;
const POOL_PRIOR_NM2 = 1;

/** All joints of legs or arms have one pool; how a plate goes tells nothing of how it turns. */
export function createLanes(joints: readonly JointProfile[]): Lane[] {
  const pools = new Map<string, Pool>();
  const poolOf = ({ kind }: JointProfile): string => (plateKinds.includes(kind) ? kind : '');
  return joints.map((joint, index) => {
    const key = poolOf(joint);
    const pool = pools.get(key) ?? { lanes: joints.filter((other) => poolOf(other) === key).length, nm2: POOL_PRIOR_NM2 };
    pools.set(key, pool);
    return createLane(joint, index, pool);
  });
}

const createLane = (joint: JointProfile, index: number, pool: Pool): Lane => ({
  index,
  limitNm: joint.interactionLimitNm,
  size: sizeOf(joint),
  floorNm: joint.kind === 'foreAft' ? FORE_AFT_FLOOR_NM : FLOOR_NM,
  pool,
  pooledSpreads: joint.kind === 'foreAft' ? FORE_AFT_POOLED_SPREADS : POOLED_SPREADS,
  side: joint.side,
  memory: new StrideMemory(),
  finding: { suspected: false, lasted: false, tooStrong: false, pushed: 0 },
  begun: false,
  blend: 0,
  restNm: 0,
  settlingNm: 0,
  laggedNm: 0,
  guidance: 0,
  laggedGuidance: 0,
  bandNm: 0,
  recentNm: 0,
  stepNm: Infinity,
  cyclesBeyond: 0,
  beyond: 0,
  stoodUs: 0,
  suspectedUs: 0,
  pushedUs: 0,
});
