/** Walk tests over ground: those that were entered by hand, and a form for one more. */
import { useState } from 'preact/hooks';
import { walkTestKinds, type WalkTestKind } from '../../protocols/assessment.ts';
import { dayOf, walkingAids, walkIssue, walkLimits, walkSpeedMps, type EnteredWalk, type WalkingAid } from '../../protocols/entered-walk.ts';
import { formatDate, formatNumber, formatTime, textOf } from '../app/language.ts';
import { useStation } from '../app/station-context.ts';
import { loadEnteredWalks } from '../clinician/records-client.ts';
import { useLoaded, type Request } from '../clinician/use-loaded.ts';
import { Button } from '../design/components.tsx';
import { walkEntryTexts } from './walk-entry-texts.ts';
import './assessment.css';

interface FormProps {
  readonly patientId: string;
  readonly birthDate: string;
  readonly onEntered: () => void;
}

function WalkForm({ patientId, birthDate, onEntered }: FormProps) {
  const words = textOf(walkEntryTexts);
  const { operator } = useStation();
  const [kind, setKind] = useState<WalkTestKind>('walk10m');
  const [text, setText] = useState('');
  const [aid, setAid] = useState<WalkingAid>('none');
  const [walkedOn, setWalkedOn] = useState(() => dayOf(new Date()));
  const [keeping, setKeeping] = useState(false);
  const entry = { kind, value: text.trim() === '' ? Number.NaN : Number(text.replace(',', '.')), aid, walkedOn };
  const issue = walkIssue(entry, dayOf(new Date()), birthDate);
  const { min, max } = walkLimits[kind];
  const told = issue === null || text === '' ? '' : words.issues[issue](formatNumber(min), formatNumber(max));
  const keep = async (): Promise<void> => {
    setKeeping(true);
    const kept = await operator.enterWalk(patientId, entry);
    setKeeping(false);
    if (!kept) return;
    setText('');
    onEntered();
  };
  return (
    <fieldset class="walk-entry" data-testid="walk-entry">
      <legend class="visually-hidden">{words.title}</legend>
      <label>
        <span>{words.kind}</span>
        <select value={kind} data-testid="walk-kind" onChange={(event) => setKind(walkTestKinds.find((one) => one === event.currentTarget.value) ?? kind)}>
          {walkTestKinds.map((one) => <option key={one} value={one}>{words.kinds[one]}</option>)}
        </select>
      </label>
      <label>
        <span>{words.value[kind]}</span>
        <input type="text" inputMode="decimal" maxLength={10} value={text} data-testid="walk-value" aria-invalid={text !== '' && issue === 'value'} aria-describedby="walk-issue" onInput={(event) => setText(event.currentTarget.value)} />
      </label>
      <label>
        <span>{words.aid}</span>
        <select value={aid} data-testid="walk-aid" onChange={(event) => setAid(walkingAids.find((one) => one === event.currentTarget.value) ?? aid)}>
          {walkingAids.map((one) => <option key={one} value={one}>{words.aids[one]}</option>)}
        </select>
      </label>
      <label>
        <span>{words.day}</span>
        <input type="date" value={walkedOn} data-testid="walk-day" aria-invalid={issue !== null && issue !== 'value'} aria-describedby="walk-issue" onInput={(event) => setWalkedOn(event.currentTarget.value)} />
      </label>
      <Button testId="walk-keep" disabled={keeping || issue !== null} onPress={() => void keep()}>{words.keep}</Button>
      <p id="walk-issue" role="status" data-testid="walk-issue">{told}</p>
    </fieldset>
  );
}

function Walks({ walks }: { readonly walks: readonly EnteredWalk[] }) {
  const words = textOf(walkEntryTexts);
  return (
    <div class="assess-table" tabIndex={0} role="group" aria-label={words.title}>
      <table role="table">
        <thead role="rowgroup">
          <tr role="row">{[words.kind, words.day, words.speed, words.aid, words.byHand].map((title) => <th key={title} role="columnheader" scope="col">{title}</th>)}</tr>
        </thead>
        <tbody role="rowgroup">
          {walks.map((walk) => (
            <tr key={walk.id} role="row" data-testid="entered-walk">
              <th role="rowheader" scope="row">{`${words.kinds[walk.kind]}: ${formatNumber(walk.value, 1)} ${walkLimits[walk.kind].unit}`}</th>
              <td role="cell" data-label={words.day}>{formatDate(`${walk.walkedOn}T00:00:00`)}</td>
              <td role="cell" data-label={words.speed}>{`${formatNumber(walkSpeedMps(walk), 2)} m/s`}</td>
              <td role="cell" data-label={words.aid}>{words.aids[walk.aid]}</td>
              <td role="cell" data-label={words.byHand}>{words.enteredAt(`${formatDate(walk.enteredAt)}, ${formatTime(walk.enteredAt)}`, walk.actor)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface EnteredWalksProps {
  readonly patientId: string;
  readonly birthDate: string;
  readonly known: Request<EnteredWalk[]>;
  readonly reload: () => void;
}

export function EnteredWalks({ patientId, birthDate, known, reload }: EnteredWalksProps) {
  const words = textOf(walkEntryTexts);
  const walks = known.phase === 'ready' ? known.value : [];
  return (
    <section class="entered-walks" data-testid="entered-walks" aria-label={words.title}>
      <h2>{words.title}</h2>
      <p class="assess-hint">{words.what}</p>
      {known.phase === 'failed' ? <p class="assess-hint" role="alert">{words.unread}</p> : null}
      {known.phase === 'ready' && walks.length === 0 ? <p class="assess-hint">{words.none}</p> : null}
      {walks.length === 0 ? null : <Walks walks={walks} />}
      <WalkForm patientId={patientId} birthDate={birthDate} onEntered={reload} />
    </section>
  );
}

/** Before a session; when the patient was born the station knows, and refuses what was before. */
export function EnteredWalksOf({ patientId }: { readonly patientId: string }) {
  const [known, reload] = useLoaded(patientId, loadEnteredWalks);
  return <EnteredWalks patientId={patientId} birthDate="" known={known} reload={reload} />;
}
