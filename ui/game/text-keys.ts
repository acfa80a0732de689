/** What the game of reaching has to say; each language says all of it. */
import type { GameView } from './game-state.ts';

export interface GameTexts {
  readonly title: string;
  readonly what: string;
  readonly targets: string;
  readonly less: string;
  readonly more: string;
  readonly play: string;
  readonly again: string;
  readonly reached: string;
  readonly ofTargets: (reached: string, tried: string) => string;
  readonly left: string;
  readonly time: string;
  readonly away: string;
  readonly difficulty: string;
  readonly watching: string;
  readonly reach: string;
  readonly hit: (seconds: string) => string;
  readonly missed: (centimetres: string) => string;
  readonly over: (reached: string, targets: string) => string;
  readonly handUnknown: string;
  readonly views: Readonly<Record<GameView, string>>;
  readonly field: (view: string) => string;
  readonly meanReach: string;
}
