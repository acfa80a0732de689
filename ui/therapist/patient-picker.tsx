/** Before a session: who trains today, told apart by two identifiers. */
import { useEffect, useState } from 'preact/hooks';
import type { Patient } from '../../protocols/api.ts';
import { formatNumber, textOf } from '../app/language.ts';
import { routeHash } from '../app/route.ts';
import { useStation } from '../app/station-context.ts';
import { Button } from '../design/components.tsx';
import { useSettled } from '../design/use-settled.ts';
import { loadPatients, patients } from './patients.ts';
import { liveTexts } from './texts.ts';
import './patient-picker.css';

function Option(props: { patient: Patient; chosen: boolean; onChoose: () => void }) {
  const words = textOf(liveTexts);
  const { patient } = props;
  return (
    <li>
      <button type="button" class="patient-option" aria-pressed={props.chosen} data-testid={`patient-option-${patient.id}`} onClick={props.onChoose}>
        <span class="patient-name">
          {patient.displayName}
          {patient.demo ? <em>{words.demoPatient}</em> : null}
        </span>
        <span class="patient-ids">{`${patient.birthDate} · ${words.recordNumber} ${patient.recordNumber}`}</span>
        <span class="patient-more">{`${patient.diagnosis} · ${words.heightMass(formatNumber(patient.heightM, 2), formatNumber(patient.massKg))}`}</span>
      </button>
    </li>
  );
}

function Saved(props: { sessionId: string }) {
  const words = textOf(liveTexts);
  return (
    <div class="session-saved" role="status">
      <svg viewBox="0 0 24 24" width="22" height="22" aria-hidden="true" fill="none" stroke="currentColor" stroke-width="2.4" stroke-linecap="round" stroke-linejoin="round">
        <path d="M5 12.500l4.500 4.500L19 7.500" />
      </svg>
      <strong>{words.sessionSaved}</strong>
      <a href={routeHash({ room: 'history', sessionId: props.sessionId })} data-testid="open-in-history">{words.openInHistory}</a>
    </div>
  );
}

export function PatientPicker() {
  const words = textOf(liveTexts);
  const { state, operator } = useStation();
  const [chosen, setChosen] = useState<string | null>(null);
  const settled = useSettled(chosen ?? '');
  useEffect(() => {
    void loadPatients();
  }, []);
  const list = patients.value;
  const finished = operator.finishedSession.value;
  const canBegin = chosen !== null && settled && state.link.value === 'up' && !operator.busy.value;
  return (
    <section class="panel picker" data-testid="patient-select" aria-label={words.choosePatient}>
      {finished === null ? null : <Saved sessionId={finished} />}
      <h2>{finished === null ? words.choosePatient : words.nextPatient}</h2>
      {list.kind === 'failed' ? (
        <div class="picker-note">
          <p>{words.patientsFailed}</p>
          <Button onPress={() => void loadPatients()}>{words.retry}</Button>
        </div>
      ) : null}
      {list.kind === 'ready' && list.patients.length === 0 ? <p class="picker-note">{words.noPatients}</p> : null}
      <ul class="patient-list">
        {list.kind === 'ready' ? list.patients.map((patient) => <Option key={patient.id} patient={patient} chosen={patient.id === chosen} onChoose={() => setChosen(patient.id)} />) : null}
      </ul>
      <Begin disabled={!canBegin} onBegin={() => chosen !== null && void operator.beginSession(chosen)} />
    </section>
  );
}

function Begin(props: { disabled: boolean; onBegin: () => void }) {
  const words = textOf(liveTexts);
  return (
    <div class="picker-begin">
      <Button tone="accent" testId="begin-session" disabled={props.disabled} onPress={props.onBegin}>
        {words.beginSession}
      </Button>
      <p>{words.beginSummary}</p>
    </div>
  );
}
