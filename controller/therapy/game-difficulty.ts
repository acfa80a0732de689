/**
 * How hard the next target of a game is: a weighted up-and-down rule (C. Kaernbach, Perception & Psychophysics 49 (1991)
 * 227-229). Steps up and down are as far apart as the wanted rate of success says, so the difficulty settles where a person
 * reaches that share of the targets. Where a target may lie comes from how far his own hand went. Pure.
 */
import { clamp } from '../../protocols/math.ts';
import type { Random } from '../../protocols/random.ts';

/** Own values. A game that succeeds three times in four is neither dull nor hopeless. */
export const WANTED_SUCCESS = 0.75;
const STEP = 0.12;
/** Of the half width of what the hand has reached: easy ones well within, the hardest a little beyond. */
const REACH_SHARE = { easiest: 0.4, hardest: 1.15 };
const RADIUS_M = { easiest: 0.1, hardest: 0.04 };
const WITHIN_SEC = { easiest: 8, hardest: 2.5 };
/** Who has hardly moved yet gets targets at least so far around him. */
const LEAST_HALF_M = 0.08;
/** Of the arm's length: what a straight arm can touch. */
const STRETCHED = 0.97;

/** Where the hand has been, from the shoulder. */
export interface Workspace {
  readonly leastM: ArrayLike<number>;
  readonly mostM: ArrayLike<number>;
  readonly armLengthM: number;
}

export const difficultyAfter = (difficulty: number, reached: boolean): number => clamp(difficulty + STEP * (reached ? 1 - WANTED_SUCCESS : -WANTED_SUCCESS), 0, 1);

export interface NextTarget {
  readonly atM: [number, number, number];
  readonly radiusM: number;
  readonly withinSec: number;
}

export function nextTarget({ leastM, mostM, armLengthM }: Workspace, difficulty: number, random: Random): NextTarget {
  const of = ({ easiest, hardest }: { easiest: number; hardest: number }): number => easiest + (hardest - easiest) * difficulty;
  // A direction of any kind: three numbers of a normal law would need more turns than this, and a cube does as well.
  const direction = [0, 1, 2].map(() => 2 * random.next() - 1);
  const longest = Math.max(...direction.map(Math.abs), 1e-9);
  const atM = direction.map((part, axis) => {
    const [least, most] = [leastM[axis] ?? 0, mostM[axis] ?? 0];
    return (least + most) / 2 + (part / longest) * of(REACH_SHARE) * Math.max((most - least) / 2, LEAST_HALF_M);
  });
  const farM = Math.sqrt(atM.reduce((sum, m) => sum + m * m, 0));
  const scale = Math.min(1, (STRETCHED * armLengthM) / Math.max(farM, 1e-9));
  const [x = 0, y = 0, z = 0] = atM.map((m) => m * scale);
  return { atM: [x, y, z], radiusM: of(RADIUS_M), withinSec: of(WITHIN_SEC) };
}
