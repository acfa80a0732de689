/** The game of reaching for an arm that nothing moves: hand and target as seen from the side and from behind, and how it goes. */
import { useMemo, useRef, useState } from 'preact/hooks';
import { setText, useFrame } from '../app/frame-loop.ts';
import { formatNumber, textOf } from '../app/language.ts';
import { useStation } from '../app/station-context.ts';
import { Button, StepControl } from '../design/components.tsx';
import { distanceM, gameViews, type GameState } from './game-state.ts';
import { createHand, type Hand } from './hand.ts';
import { ReachField } from './reach-field.tsx';
import type { GameTexts } from './text-keys.ts';
import { gameTexts } from './texts.ts';

const FIRST_TARGETS = 10;
const STEP_TARGETS = 5;
const MOST_SHOWN = 50;
const TEXT_EVERY_MS = 90;

function told(game: GameState | null, words: GameTexts): string {
  if (game === null) return words.what;
  if (game.over) return words.over(formatNumber(game.reached), formatNumber(game.targets));
  if (game.target !== null) return words.reach;
  if (game.last === null) return words.watching;
  return game.last.reached ? words.hit(formatNumber(game.last.afterSec, 1)) : words.missed(formatNumber(100 * game.last.closestM));
}

function Figures({ game, hand }: { readonly game: GameState; readonly hand: Hand }) {
  const words = textOf(gameTexts);
  const { state } = useStation();
  const [left, away] = [useRef<HTMLElement>(null), useRef<HTMLElement>(null)];
  useFrame(() => {
    const telemetry = state.telemetry.peek();
    const { target } = game;
    const atM = telemetry === null ? null : hand.at(telemetry);
    const leftSec = target === null || telemetry === null ? Number.NaN : Math.max(0, target.withinSec - (telemetry.timeSec - game.shownAtSec));
    setText(left.current, Number.isNaN(leftSec) ? '–' : `${formatNumber(leftSec, 1)} s`);
    setText(away.current, target === null || atM === null ? '–' : `${formatNumber(100 * Math.max(0, distanceM(atM, target.atM) - target.radiusM))} cm`);
  }, TEXT_EVERY_MS);
  return (
    <dl class="game-figures">
      <div>
        <dt>{words.reached}</dt>
        <dd data-testid="game-score">{words.ofTargets(formatNumber(game.reached), formatNumber(game.tried))}</dd>
      </div>
      <div>
        <dt>{words.left}</dt>
        <dd>{game.targets === 0 ? '–' : formatNumber(game.targets - game.tried)}</dd>
      </div>
      <div>
        <dt>{words.difficulty}</dt>
        <dd>{`${formatNumber(100 * game.difficulty)} %`}</dd>
      </div>
      <div>
        <dt>{words.time}</dt>
        <dd ref={left}>–</dd>
      </div>
      <div>
        <dt>{words.away}</dt>
        <dd ref={away}>–</dd>
      </div>
    </dl>
  );
}

function HandSeen({ hand }: { readonly hand: Hand }) {
  const words = textOf(gameTexts);
  const { state } = useStation();
  const note = useRef<HTMLParagraphElement>(null);
  useFrame(() => {
    const telemetry = state.telemetry.peek();
    setText(note.current, telemetry !== null && hand.at(telemetry) === null ? words.handUnknown : '');
  }, TEXT_EVERY_MS);
  return <p class="game-note" ref={note} role="status" />;
}

export function GamePanel() {
  const words = textOf(gameTexts);
  const { state, operator } = useStation();
  const [targets, setTargets] = useState(FIRST_TARGETS);
  const profile = state.profile.value;
  const heightM = state.status.value?.session?.setup.heightM ?? Number.NaN;
  const hand = useMemo(() => (profile === null ? null : createHand(profile, heightM)), [profile, heightM]);
  if (hand === null) return null;
  const game = state.game.value;
  const playing = game !== null && !game.over;
  return (
    // Scrolled by keyboard on a small screen, though nothing in it may be pressed while a game goes on.
    <section class="panel game" tabIndex={0} data-testid="game" data-playing={playing} aria-label={words.title}>
      <h2>{words.title}</h2>
      <p class="game-told" data-testid="game-told" data-hit={game?.target === null && game.last?.reached === true} role="status">{told(game, words)}</p>
      <div class="game-fields">{gameViews.map((view) => <ReachField key={view} view={view} hand={hand} target={game?.target ?? null} />)}</div>
      <HandSeen hand={hand} />
      {game === null ? null : <Figures game={game} hand={hand} />}
      {playing ? null : (
        <div class="game-begin">
          <StepControl size="row" testId="game-targets" label={words.targets} value={formatNumber(targets)} unit="" detail={`${STEP_TARGETS} … ${MOST_SHOWN}`} atMin={targets <= STEP_TARGETS} atMax={targets >= MOST_SHOWN} lessLabel={words.less} moreLabel={words.more} onStep={(steps) => setTargets(targets + steps * STEP_TARGETS)} />
          <Button tone="accent" testId="game-play" disabled={operator.busy.value || state.link.value !== 'up'} onPress={() => void operator.playGame(targets)}>{game === null ? words.play : words.again}</Button>
        </div>
      )}
    </section>
  );
}
