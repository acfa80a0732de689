/** Before a session a person confirms what no sensor sees. Each point is ticked by itself, by somebody who has looked. */
import { useState } from 'preact/hooks';
import type { Patient } from '../../protocols/api.ts';
import type { SessionPlan } from '../../protocols/session-plan.ts';
import { confirmations, type Confirmation } from '../../protocols/supervision.ts';
import { formatNumber, textOf } from '../app/language.ts';
import { useStation } from '../app/station-context.ts';
import { Button } from '../design/components.tsx';
import { useSettled } from '../design/use-settled.ts';
import { PlanRow, PlanStep } from '../plan/plan-step.tsx';
import { liveTexts } from '../therapist/texts.ts';
import { playTestTone } from './alarm-sound.ts';
import { readinessTexts } from './texts.ts';
import './confirm-step.css';

type Ticks = Record<Confirmation, boolean>;
const NOTHING: Ticks = { identity: false, side: false, consent: false, geometry: false, alarms: false };

function TestTone(props: { readonly disabled: boolean; readonly onHeard: () => void }) {
  const words = textOf(readinessTexts);
  const [playing, setPlaying] = useState(false);
  const play = (): void => {
    setPlaying(true);
    setTimeout(() => setPlaying(false), playTestTone() * 1_000);
    props.onHeard();
  };
  return <Button testId="play-tone" disabled={props.disabled || playing} onPress={play}>{playing ? words.playing : words.playTone}</Button>;
}

export function ConfirmStep(props: { readonly patient: Patient; readonly onBack: () => void }) {
  const words = textOf(readinessTexts);
  const live = textOf(liveTexts);
  const { state, operator } = useStation();
  const { patient } = props;
  const [ticks, setTicks] = useState(NOTHING);
  const [played, setPlayed] = useState(false);
  const [plan, setPlan] = useState<SessionPlan | null>(null);
  const [planning, setPlanning] = useState(false);
  const settled = useSettled(`${patient.id}:${planning}`);
  const left = confirmations.filter((what) => !ticks[what]).length;
  const size = live.heightMass(formatNumber(patient.heightM, 2), formatNumber(patient.massKg));
  const canBegin = settled && left === 0 && state.link.value === 'up' && !operator.busy.value;
  if (planning) {
    const choose = (chosen: SessionPlan | null): void => {
      setPlan(chosen);
      setPlanning(false);
    };
    return <PlanStep patientId={patient.id} plan={plan} onChoose={choose} onBack={() => setPlanning(false)} />;
  }
  return (
    <div class="confirm-step" data-testid="confirm-step">
      <header>
        <div>
          <strong>{patient.displayName}</strong>
          <span>{`${patient.birthDate} · ${live.recordNumber} ${patient.recordNumber}`}</span>
        </div>
        <Button tone="quiet" testId="other-patient" onPress={props.onBack}>{words.otherPatient}</Button>
      </header>
      <PlanRow plan={plan} disabled={!settled} onChange={() => setPlanning(true)} />
      <fieldset>
        <legend>{words.confirmTitle}</legend>
        {confirmations.map((what) => (
          <div key={what} class="confirm-row">
            <label class="tick-row">
              <input type="checkbox" checked={ticks[what]} disabled={!settled || (what === 'alarms' && !played)} data-testid={`confirm-${what}`} onChange={(event) => setTicks({ ...ticks, [what]: event.currentTarget.checked })} />
              <span>{what === 'alarms' && !played ? words.playFirst : words.confirm[what](patient.displayName, patient.birthDate, size)}</span>
            </label>
            {what === 'alarms' ? <TestTone disabled={!settled} onHeard={() => setPlayed(true)} /> : null}
          </div>
        ))}
      </fieldset>
      <div class="picker-begin">
        <Button tone="accent" testId="begin-session" disabled={!canBegin} onPress={() => void operator.beginSession(patient.id, ticks, plan)}>{live.beginSession}</Button>
        <p>{left === 0 ? live.beginSummary : words.stillToConfirm(left)}</p>
      </div>
    </div>
  );
}
