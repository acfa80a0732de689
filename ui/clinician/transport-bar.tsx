/** Play, pause, speed and position of the replay. */
import { useComputed } from '@preact/signals';
import { formatNumber, textOf } from '../app/language.ts';
import { clockText } from './figures.ts';
import { replaySpeeds } from './replay-clock.ts';
import type { ReplayPlayer } from './replay-player.ts';
import { clinicianTexts } from './texts.ts';

export function TransportBar({ player, disabled }: { readonly player: ReplayPlayer; readonly disabled: boolean }) {
  const { replay } = textOf(clinicianTexts);
  const playing = player.playing.value;
  const speed = useComputed(() => player.clock.value.speed).value;
  return (
    <div class="cl-transport">
      <span class="cl-clock">
        <Position player={player} />
        <span class="cl-muted"> / {clockText(player.endSec.value)}</span>
      </span>
      <div class="cl-segmented" role="group" aria-label={replay.speed}>
        {replaySpeeds.map((candidate) => (
          <button key={candidate} type="button" aria-pressed={candidate === speed} disabled={disabled} onClick={() => player.setSpeed(candidate)}>
            {formatNumber(candidate, candidate < 1 ? 1 : 0)}×
          </button>
        ))}
      </div>
      <button type="button" class="cl-play" data-testid="replay-play" disabled={disabled} onClick={() => player.toggle()}>
        <svg viewBox="0 0 20 20" width="18" height="18" aria-hidden="true">
          <path d={playing ? 'M5 3.5h3.6v13H5zM11.4 3.5H15v13h-3.6z' : 'M5.5 3.2v13.6L16.8 10z'} fill="currentColor" />
        </svg>
        {playing ? replay.pause : replay.play}
      </button>
    </div>
  );
}

/** The clock for people; the seconds beside it match the recording's time stamps. */
function Position({ player }: { readonly player: ReplayPlayer }) {
  const text = useComputed(() => clockText(player.timeSec.value, 1));
  const seconds = useComputed(() => (Math.floor(player.timeSec.value * 10) / 10).toFixed(1));
  return (
    <>
      <b>{text}</b>
      <span class="visually-hidden" data-testid="replay-time">
        {seconds}
      </span>
    </>
  );
}
