/** The rooms under one head. STOP stands in the same corner of each while the robot can move. */
import { useSignalEffect } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { ClinicianRoom } from '../clinician/clinician-room.tsx';
import { SafetyLabRoom } from '../safety-lab/safety-lab-room.tsx';
import { AlarmSoundMaker } from '../readiness/alarm-sound-maker.tsx';
import { LiveRoom } from '../therapist/live-room.tsx';
import { StopButton } from '../therapist/stop-button.tsx';
import { liveTexts } from '../therapist/texts.ts';
import { pxPerMm } from './display-setting.ts';
import { language, textOf } from './language.ts';
import { route, type Route } from './route.ts';
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

const canMove = new Set(['armed', 'running', 'paused', 'stopping', 'selfTest', 'homing', 'recovering']);

function Room({ here }: { readonly here: Route }) {
  if (here.room === 'safety-lab') return <SafetyLabRoom />;
  return here.room === 'live' ? <LiveRoom /> : <ClinicianRoom sessionId={here.sessionId} />;
}

export function Shell() {
  const { state } = useStation();
  const here = route.value;
  useStopKey();
  useSignalEffect(() => {
    const root = document.documentElement;
    root.lang = language.value;
    root.style.setProperty('--mm', `${pxPerMm.value}px`);
    const { navLive, navHistory, navLab } = textOf(liveTexts);
    document.title = `${{ live: navLive, history: navHistory, 'safety-lab': navLab }[route.value.room]} · Dari`;
  });
  const moving = canMove.has(state.supervision.value?.state ?? '');
  return (
    <div class="shell" data-theme={here.room === 'live' ? 'dark' : 'light'} data-room={here.room}>
      <TopBar />
      <main class="room"><Room here={here} /></main>
      {here.room !== 'live' && moving ? (
        <div class="stop-corner">
          <StopButton />
        </div>
      ) : null}
      <ToastList />
      <AlarmSoundMaker />
    </div>
  );
}
