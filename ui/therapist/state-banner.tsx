/** The state as a sentence with its reason, top left, always; an alarm adds what to do. */
import { useSignal } from '@preact/signals';
import { degToRad } from '../../protocols/units.ts';
import { language, textOf } from '../app/language.ts';
import { useFrame } from '../app/frame-loop.ts';
import { useStation } from '../app/station-context.ts';
import { Button } from '../design/components.tsx';
import { alarmOf } from '../readiness/alarm.ts';
import { MUTE_MS, mutedUntilMs } from '../readiness/alarm-sound.ts';
import { readinessTexts } from '../readiness/texts.ts';
import { stateSentence } from './state-sentence.ts';
import { liveTexts } from './texts.ts';
import './state-banner.css';

const LOOK_EVERY_MS = 250;
/** Tracking error at the end of a range is not worth a word. */
const TOLERANCE_RAD = degToRad(1);

/** For alarms of medium priority; those of high priority cannot be silenced. */
function Mute() {
  const words = textOf(readinessTexts);
  const muted = useSignal(performance.now() < mutedUntilMs.peek());
  useFrame(() => {
    muted.value = performance.now() < mutedUntilMs.peek();
  }, LOOK_EVERY_MS);
  const mute = (): void => {
    mutedUntilMs.value = performance.now() + MUTE_MS;
  };
  return <Button tone="quiet" testId="mute" disabled={muted.value} onPress={mute}>{muted.value ? words.muted : words.mute}</Button>;
}

export function StateBanner() {
  const words = textOf(liveTexts);
  const { state } = useStation();
  const atLimit = useSignal('');
  useFrame(() => {
    const telemetry = state.telemetry.peek();
    const outside = state.permittedRangeRad.peek().flatMap((range, joint) => {
      const angle = telemetry?.joint(joint).angleRad ?? Number.NaN;
      return angle < range.min - TOLERANCE_RAD || angle > range.max + TOLERANCE_RAD ? [joint] : [];
    });
    atLimit.value = outside.join(',');
  }, LOOK_EVERY_MS);
  const status = state.status.value;
  const heard = alarmOf({ link: state.link.value, supervision: state.supervision.value, sessionOpen: (status?.session ?? null) !== null, preparation: status?.preparation });
  const sentence = stateSentence(
    {
      link: state.link.value,
      supervision: state.supervision.value,
      status,
      profile: state.profile.value,
      parameters: state.parameters.value,
      measuredStop: state.measuredStop.value,
      jointsAtLimit: atLimit.value === '' ? [] : atLimit.value.split(',').map(Number),
    },
    language.value,
  );
  return (
    <div class="state-banner" data-tone={sentence.tone} data-boxed={sentence.check !== '' || sentence.tone === 'high'} role="status" aria-live="polite">
      <h1 data-testid="state" data-state={state.supervision.value?.state ?? 'unknown'} data-cause={state.supervision.value?.cause ?? 'none'} data-link={state.link.value}>{sentence.title}</h1>
      {sentence.detail === '' ? null : <p data-testid="state-detail">{sentence.detail}</p>}
      {sentence.check === '' ? null : (
        <p class="state-check">
          <b>{words.check}</b>
          {sentence.check}
        </p>
      )}
      {heard === 'medium' ? <Mute /> : null}
    </div>
  );
}
