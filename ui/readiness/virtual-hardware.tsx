/** With the simulator there is no robot to walk to: its two buttons are pressed here. They show what the robot sees. */
import type { VirtualButton } from '../../protocols/messages.ts';
import { textOf } from '../app/language.ts';
import { useStation } from '../app/station-context.ts';
import { readinessTexts } from './texts.ts';
import './preparation.css';

export function VirtualHardware() {
  const words = textOf(readinessTexts);
  const { state, operator } = useStation();
  const seen = state.supervision.value;
  const { ask } = state.status.value?.preparation ?? { ask: 'none' };
  if (state.status.value?.simulated !== true || seen === null) return null;
  const button = (id: VirtualButton, label: string, pressed: boolean, asked: boolean) => (
    <button type="button" class="virtual-button" data-button={id} data-testid={`virtual-${id}`} aria-pressed={pressed} data-asked={asked} disabled={state.link.value !== 'up'} onClick={() => void operator.pressVirtual(id, !pressed)}>
      <i aria-hidden="true" />
      <span>
        {label}
        <b>{pressed ? words.release : words.press}</b>
      </span>
    </button>
  );
  return (
    <section class="virtual-hardware" data-testid="virtual-hardware" aria-label={words.virtualHardware}>
      <h3>{words.virtualHardware}</h3>
      {button('estop', words.virtualEstop, !seen.estopClosed, ask === 'pressEstop' || ask === 'releaseEstop')}
      {button('patient', words.virtualPatient, seen.patientButton, false)}
    </section>
  );
}
