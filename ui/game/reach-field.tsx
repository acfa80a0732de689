/** Hand and target in one view of the room that the arm reaches; the hand is moved frame by frame. */
import { useRef } from 'preact/hooks';
import { useFrame } from '../app/frame-loop.ts';
import { textOf } from '../app/language.ts';
import { useStation } from '../app/station-context.ts';
import { fieldPoint, type GameView } from './game-state.ts';
import type { Hand, HandPlace } from './hand.ts';
import { gameTexts } from './texts.ts';
import './game.css';

/** Of the field, whose edge is at 1: what a hand looks like, and a little air. */
const HAND_R = 0.045;
const EDGE = 1.08;

export interface ReachTarget {
  readonly atM: HandPlace;
  readonly radiusM: number;
}

export function ReachField({ view, hand, target }: { readonly view: GameView; readonly hand: Hand; readonly target: ReachTarget | null }) {
  const words = textOf(gameTexts);
  const { state } = useStation();
  const dot = useRef<SVGCircleElement>(null);
  useFrame(() => {
    const telemetry = state.telemetry.peek();
    const atM = telemetry === null || state.link.peek() !== 'up' ? null : hand.at(telemetry);
    if (dot.current === null) return;
    dot.current.style.visibility = atM === null ? 'hidden' : 'visible';
    if (atM === null) return;
    const { x, y } = fieldPoint(view, atM, hand.armLengthM);
    dot.current.setAttribute('cx', x.toFixed(4));
    dot.current.setAttribute('cy', y.toFixed(4));
  });
  const place = target === null ? null : fieldPoint(view, target.atM, hand.armLengthM);
  return (
    <figure>
      <svg viewBox={`${-EDGE} ${-EDGE} ${2 * EDGE} ${2 * EDGE}`} role="img" aria-label={words.field(words.views[view])} data-testid={`game-${view}`}>
        <circle class="game-reach" r={1} />
        <circle class="game-shoulder" r={0.03} />
        {place === null || target === null ? null : <circle class="game-target" data-testid={`target-${view}`} cx={place.x} cy={place.y} r={target.radiusM / hand.armLengthM} />}
        <circle class="game-hand" ref={dot} r={HAND_R} />
      </svg>
      <figcaption>{words.views[view]}</figcaption>
    </figure>
  );
}
