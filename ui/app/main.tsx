/** Where the page is put together: the connection, the state, the frame loop, the shell. */
import './locale-guard.ts';
import { render } from 'preact';
import 'pretendard/dist/web/variable/pretendardvariable-dynamic-subset.css';
import { connectStation, NO_ANSWER, startSocketWorker } from '../net/station-link.ts';
import { unlockSoundOnTouch } from '../readiness/alarm-sound.ts';
import { createOperator } from '../state/operator.ts';
import { createStationState } from '../state/station-state.ts';
import { showToast } from '../state/toasts.ts';
import { liveTexts } from '../therapist/texts.ts';
import '../design/tokens.css';
import '../design/base.css';
import { onFrame } from './frame-loop.ts';
import { textOf } from './language.ts';
import { followHash } from './route.ts';
import { Shell } from './shell.tsx';
import { StationContext } from './station-context.ts';

const ALIVE_EVERY_MS = 150;

const misunderstood = (): void => showToast('warn', textOf(liveTexts).misunderstood);
const state = createStationState(misunderstood);
const socketUrl = `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/ws`;
const link = connectStation(startSocketWorker(), socketUrl, {
  onLink: (up) => state.onLink(up),
  onMessage: (message) => state.onMessage(message),
  onTelemetry: (frame, receivedMs, dropped) => state.onTelemetry(frame, receivedMs, dropped),
  onRoundTrip: (milliseconds) => {
    state.roundTripMs.value = milliseconds;
  },
  onMisunderstood: misunderstood,
});
const operator = createOperator(state, link, (answer) => showToast('warn', answer.code === NO_ANSWER ? textOf(liveTexts).noAnswer : answer.message));

// Frames stop when the page is hidden or frozen; so do the beats, the lease runs out, and the robot stops.
onFrame(() => state.tick());
onFrame(() => link.alive(), ALIVE_EVERY_MS);
document.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'hidden') link.hidden();
});
followHash();
unlockSoundOnTouch();

const app = document.getElementById('app');
if (app !== null) {
  render(
    <StationContext.Provider value={{ state, operator }}>
      <Shell />
    </StationContext.Provider>,
    app,
  );
}
