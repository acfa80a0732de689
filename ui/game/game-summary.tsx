/** What came of the games of a session. */
import type { SessionMetrics } from '../../protocols/api.ts';
import { formatNumber, textOf } from '../app/language.ts';
import { gameTexts } from './texts.ts';
import './game.css';

export function GameSummary({ games }: { readonly games: NonNullable<SessionMetrics['games']> }) {
  const words = textOf(gameTexts);
  return (
    <section class="game-summary" data-testid="game-summary" aria-label={words.title}>
      <h2>{words.title}</h2>
      <dl class="game-figures">
        <div>
          <dt>{words.reached}</dt>
          <dd>{words.ofTargets(formatNumber(games.reached), formatNumber(games.targets))}</dd>
        </div>
        <div>
          <dt>{words.meanReach}</dt>
          <dd>{games.meanReachSec === null ? '–' : `${formatNumber(games.meanReachSec, 1)} s`}</dd>
        </div>
        <div>
          <dt>{words.difficulty}</dt>
          <dd>{`${formatNumber(100 * games.lastDifficulty)} %`}</dd>
        </div>
      </dl>
    </section>
  );
}
