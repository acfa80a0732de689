/** A game of reaching: it first watches where the hand goes, then asks for one target after the other, as hard as he can reach most of. Pure. */
import type { GameRecord, GameTarget } from '../../protocols/game.ts';
import type { Random } from '../../protocols/random.ts';
import { US_PER_S } from '../../protocols/units.ts';
import { difficultyAfter, nextTarget } from './game-difficulty.ts';

/** Own values: a few free movements tell where the hand goes; passing through a target is not reaching it. */
const WATCHES_SEC = 4;
const STAYS_SEC = 0.2;
const FIRST_DIFFICULTY = 0.3;

export interface ReachGameOptions {
  readonly targets: number;
  readonly seed: number;
  readonly armLengthM: number;
}

export class ReachGame {
  over = false;
  readonly #leastM = new Float64Array(3).fill(Infinity);
  readonly #mostM = new Float64Array(3).fill(-Infinity);
  #difficulty = FIRST_DIFFICULTY;
  #beganUs = Number.NaN;
  #target: GameTarget | null = null;
  #shownUs = 0;
  #insideUs = Number.NaN;
  #closestM = Infinity;
  #number = 0;
  #reached = 0;

  constructor(
    private readonly options: ReachGameOptions,
    private readonly random: Random,
  ) {}

  /** @param handM from the shoulder; null: not believed, and time goes on @returns what is to be told, most often nothing */
  look(handM: Float64Array | null, nowUs: number): GameRecord | null {
    const { targets, seed } = this.options;
    if (this.over) return null;
    if (handM !== null) this.#widen(handM);
    if (Number.isNaN(this.#beganUs)) {
      this.#beganUs = nowUs;
      return { what: 'begin', game: 'reach', targets, seed, difficulty: this.#difficulty };
    }
    if (this.#target !== null) return this.#judge(this.#target, handM, nowUs);
    if (this.#number >= targets) {
      this.over = true;
      return { what: 'end', targets, reached: this.#reached, difficulty: this.#difficulty };
    }
    return nowUs - this.#beganUs < WATCHES_SEC * US_PER_S || handM === null ? null : this.#show(nowUs);
  }

  #show(nowUs: number): GameRecord {
    const { armLengthM } = this.options;
    this.#target = { what: 'target', number: this.#number++, difficulty: this.#difficulty, ...nextTarget({ leastM: this.#leastM, mostM: this.#mostM, armLengthM }, this.#difficulty, this.random) };
    this.#shownUs = nowUs;
    this.#insideUs = Number.NaN;
    this.#closestM = Infinity;
    return this.#target;
  }

  #judge(target: GameTarget, handM: Float64Array | null, nowUs: number): GameRecord | null {
    const apartM = handM === null ? Infinity : distanceM(handM, target.atM);
    this.#closestM = Math.min(this.#closestM, apartM);
    if (!(apartM <= target.radiusM)) this.#insideUs = Number.NaN;
    else if (Number.isNaN(this.#insideUs)) this.#insideUs = nowUs;
    const reached = nowUs - this.#insideUs >= STAYS_SEC * US_PER_S;
    const afterSec = (nowUs - this.#shownUs) / US_PER_S;
    if (!reached && afterSec < target.withinSec) return null;
    this.#target = null;
    this.#reached += Number(reached);
    this.#difficulty = difficultyAfter(this.#difficulty, reached);
    return { what: 'outcome', number: target.number, reached, afterSec, closestM: Math.min(this.#closestM, this.options.armLengthM * 2) };
  }

  #widen(handM: Float64Array): void {
    for (let axis = 0; axis < 3; axis++) {
      const m = handM[axis] ?? 0;
      this.#leastM[axis] = Math.min(this.#leastM[axis] ?? m, m);
      this.#mostM[axis] = Math.max(this.#mostM[axis] ?? m, m);
    }
  }
}

function distanceM(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let squared = 0;
  for (let axis = 0; axis < 3; axis++) squared += ((a[axis] ?? 0) - (b[axis] ?? 0)) ** 2;
  return Math.sqrt(squared);
}
