/** Which recorded movement is repeated; a new one is made of an earlier session of this patient. */
import { useState } from 'preact/hooks';
import type { SessionListItem } from '../../protocols/api.ts';
import { formatNumber, textOf } from '../app/language.ts';
import { useStation } from '../app/station-context.ts';
import { loadPatientSessions, loadTrajectories } from '../clinician/records-client.ts';
import { spanText } from '../clinician/figures.ts';
import { useLoaded } from '../clinician/use-loaded.ts';
import { Button } from '../design/components.tsx';
import type { PlanFormProps } from './plan-form.ts';
import { planTexts } from './texts.ts';

interface MakeFormProps {
  readonly sessions: readonly SessionListItem[];
  readonly onMade: () => void;
}

function MakeForm({ sessions, onMade }: MakeFormProps) {
  const words = textOf(planTexts);
  const { operator } = useStation();
  const [sessionId, setSessionId] = useState(sessions[0]?.id ?? '');
  const [name, setName] = useState('');
  const [making, setMaking] = useState(false);
  if (sessions.length === 0) return <p class="plan-note">{words.noSessions}</p>;
  const make = async (): Promise<void> => {
    setMaking(true);
    const made = await operator.makeTrajectory(sessionId, name.trim());
    setMaking(false);
    if (made) onMade();
  };
  return (
    <fieldset class="plan-form">
      <legend>{words.makeOne}</legend>
      <p class="plan-note">{words.makeHow}</p>
      <label>
        <span>{words.session}</span>
        <select value={sessionId} data-testid="trajectory-session" onChange={(event) => setSessionId(event.currentTarget.value)}>
          {sessions.map(({ id, startedAt }) => <option key={id} value={id}>{spanText(startedAt, null)}</option>)}
        </select>
      </label>
      <label>
        <span>{words.name}</span>
        <input type="text" maxLength={100} value={name} data-testid="trajectory-name" onInput={(event) => setName(event.currentTarget.value)} />
      </label>
      <Button testId="trajectory-make" disabled={making || name.trim() === '' || operator.busy.value} onPress={() => void make()}>{making ? words.making : words.make}</Button>
    </fieldset>
  );
}

interface TrajectoryFormProps extends Pick<PlanFormProps<string>, 'profile' | 'onChange'> {
  readonly patientId: string;
  /** null: none is chosen yet. */
  readonly value: string | null;
}

export function TrajectoryForm({ profile, patientId, value, onChange }: TrajectoryFormProps) {
  const words = textOf(planTexts);
  const [known, reload] = useLoaded(patientId, loadTrajectories);
  const [sessions] = useLoaded(patientId, loadPatientSessions);
  if (known.phase === 'failed' || sessions.phase === 'failed') return <p class="plan-note" role="alert">{words.unreadable}</p>;
  if (known.phase === 'loading' || sessions.phase === 'loading') return <p class="plan-note" role="status">{words.loading}</p>;
  const recorded = sessions.value.filter(({ profileId, status }) => profileId === profile.id && (status === 'sealed' || status === 'recovered'));
  return (
    <>
      <fieldset class="plan-options">
        <legend>{words.movements}</legend>
        {known.value.length === 0 ? <p class="plan-note">{words.noMovements}</p> : null}
        {known.value.map((movement) => (
          <label key={movement.id} data-testid="trajectory">
            <input type="radio" name="trajectory" checked={movement.id === value} onChange={() => onChange(movement.id)} />
            <b>{movement.name}</b>
            <span>{words.movementOf(spanText(movement.sessionStartedAt, null), formatNumber(movement.cycles), formatNumber(movement.cycleSec, 1))}</span>
          </label>
        ))}
      </fieldset>
      <MakeForm sessions={recorded} onMade={reload} />
    </>
  );
}
