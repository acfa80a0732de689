/** The two rooms under one head. STOP stands in the same corner of both while the robot can move. */
import { useSignalEffect } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { ClinicianRoom } from '../clinician/clinician-room.tsx';
import { LiveRoom } from '../therapist/live-room.tsx';
import { StopButton } from '../therapist/stop-button.tsx';
import { liveTexts } from '../therapist/texts.ts';
import { pxPerMm } from './display-setting.ts';
import { language, textOf } from './language.ts';
import { route } from './route.ts';
import { useStation } from './station-context.ts';
import { ToastList } from './toast-list.tsx';
import { TopBar } from './top-bar.tsx';
import './shell.css';

/** Escape is STOP wherever the robot could be moving or this is its room. */
function useStopKey(): void {
  const { operator } = useStation();
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape' || event.repeat) return;
      event.preventDefault();
      operator.stop();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [operator]);
}

const canMove = new Set(['armed', 'running', 'paused', 'stopping']);

export function Shell() {
  const { state } = useStation();
  const here = route.value;
  useStopKey();
  useSignalEffect(() => {
    const root = document.documentElement;
    root.lang = language.value;
    root.style.setProperty('--mm', `${pxPerMm.value}px`);
    document.title = `${route.value.room === 'live' ? textOf(liveTexts).navLive : textOf(liveTexts).navHistory} · Dari`;
  });
  const moving = canMove.has(state.supervision.value?.state ?? '');
  return (
    <div class="shell" data-theme={here.room === 'live' ? 'dark' : 'light'} data-room={here.room}>
      <TopBar />
      <main class="room">{here.room === 'live' ? <LiveRoom /> : <ClinicianRoom sessionId={here.sessionId} />}</main>
      {here.room === 'history' && moving ? (
        <div class="stop-corner">
          <StopButton />
        </div>
      ) : null}
      <ToastList />
    </div>
  );
}
