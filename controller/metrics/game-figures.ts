/** What came of the games of a session: fed with what they told. */
import type { SessionMetrics } from '../../protocols/api.ts';
import type { GameRecord } from '../../protocols/game.ts';
import { Mean } from './joint-statistics.ts';

export class GameFigures {
  readonly #reachSec = new Mean();
  #targets = 0;
  #reached = 0;
  #difficulty = 0;

  take(record: GameRecord): void {
    if (record.what === 'outcome') {
      this.#targets++;
      this.#reached += Number(record.reached);
      if (record.reached) this.#reachSec.add(record.afterSec);
    } else this.#difficulty = record.difficulty;
  }

  result(): NonNullable<SessionMetrics['games']> {
    return { targets: this.#targets, reached: this.#reached, meanReachSec: this.#reachSec.value, lastDifficulty: this.#difficulty };
  }
}
