/** A game of reaching as far as its records have told: what is recorded is what is shown. Pure. */
import type { GameRecord, GameTarget } from '../../protocols/game.ts';

export interface GameState {
  /** 0: this page came too late to hear how many there are. */
  readonly targets: number;
  readonly tried: number;
  readonly reached: number;
  /** 0 … 1 */
  readonly difficulty: number;
  /** null: the hand is watched first, or one was just decided. */
  readonly target: GameTarget | null;
  /** Of the controller's clock, when the target appeared, s. */
  readonly shownAtSec: number;
  /** How the last target ended; null: none has. */
  readonly last: { readonly reached: boolean; readonly afterSec: number; readonly closestM: number } | null;
  readonly over: boolean;
}

const NO_GAME: GameState = { targets: 0, tried: 0, reached: 0, difficulty: 0, target: null, shownAtSec: 0, last: null, over: false };

/** @param before null: no game was heard of */
export function gameAfter(before: GameState | null, record: GameRecord, atSec: number): GameState {
  const game = before ?? NO_GAME;
  switch (record.what) {
    case 'begin':
      return { ...NO_GAME, targets: record.targets, difficulty: record.difficulty };
    case 'target':
      return { ...game, target: record, shownAtSec: atSec, difficulty: record.difficulty, tried: record.number };
    case 'outcome':
      return { ...game, target: null, tried: record.number + 1, reached: game.reached + Number(record.reached), last: record };
    case 'end':
      break;
  }
  // It has counted all of them, also those that this page did not hear of.
  return { ...game, target: null, targets: record.targets, tried: record.targets, reached: record.reached, difficulty: record.difficulty, over: true };
}

/** From the side one sees forward and up, from behind sideways and up. */
export const gameViews = ['side', 'behind'] as const;
export type GameView = (typeof gameViews)[number];

/** Place in a field whose middle is the shoulder and whose edge, at ±1, an outstretched arm reaches; down is positive, as on a screen. */
export function fieldPoint(view: GameView, [forwardM, leftM, upM]: readonly [number, number, number], armLengthM: number): { x: number; y: number } {
  return { x: (view === 'side' ? forwardM : -leftM) / armLengthM, y: -upM / armLengthM };
}

export const distanceM = (a: readonly [number, number, number], b: readonly [number, number, number]): number => Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
