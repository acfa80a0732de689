/** Before a session: who trains today, told apart by two identifiers. */
import { useEffect, useState } from 'preact/hooks';
import type { Patient } from '../../protocols/api.ts';
import { formatNumber, textOf } from '../app/language.ts';
import { useStation } from '../app/station-context.ts';
import { Button } from '../design/components.tsx';
import { ConfirmStep } from '../readiness/confirm-step.tsx';
import { loadPatients, patients } from './patients.ts';
import { SavedSession } from './saved-session.tsx';
import { liveTexts } from './texts.ts';
import './patient-picker.css';

function Option(props: { patient: Patient; onChoose: () => void }) {
  const words = textOf(liveTexts);
  const { patient } = props;
  return (
    <li>
      <button type="button" class="patient-option" data-testid={`patient-option-${patient.id}`} onClick={props.onChoose}>
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

export function PatientPicker() {
  const words = textOf(liveTexts);
  const { operator } = useStation();
  const [chosen, setChosen] = useState<string | null>(null);
  useEffect(() => {
    void loadPatients();
  }, []);
  const list = patients.value;
  const finished = operator.finishedSession.value;
  const patient = list.kind === 'ready' ? list.patients.find(({ id }) => id === chosen) : undefined;
  if (patient !== undefined) {
    return (
      <section class="panel picker" data-testid="patient-select" aria-label={patient.displayName}>
        <ConfirmStep key={patient.id} patient={patient} onBack={() => setChosen(null)} />
      </section>
    );
  }
  return (
    <section class="panel picker" data-testid="patient-select" aria-label={words.choosePatient}>
      {finished === null ? null : <SavedSession session={finished} />}
      <h2>{finished === null ? words.choosePatient : words.nextPatient}</h2>
      {list.kind === 'failed' ? (
        <div class="picker-note">
          <p>{words.patientsFailed}</p>
          <Button onPress={() => void loadPatients()}>{words.retry}</Button>
        </div>
      ) : null}
      {list.kind === 'ready' && list.patients.length === 0 ? <p class="picker-note">{words.noPatients}</p> : null}
      <ul class="patient-list">
        {list.kind === 'ready' ? list.patients.map((one) => <Option key={one.id} patient={one} onChoose={() => setChosen(one.id)} />) : null}
      </ul>
    </section>
  );
}
