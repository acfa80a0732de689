/** Brings the robot's shoulder to the patient's, while nothing is driven and a button is held. */
import { proposedLiftM } from '../../protocols/lift-proposal.ts';
import { liftStates } from '../../protocols/supervision.ts';
import { formatNumber, textOf } from '../app/language.ts';
import { useStation } from '../app/station-context.ts';
import { HoldToRunButton } from '../design/hold-to-run-button.tsx';
import { needsPreparation } from '../readiness/preparation-steps.ts';
import { liftTexts } from './lift-texts.ts';
import './lift-control.css';

/** As near as is shown. */
const THERE_M = 0.005;

function LiftButton(props: { readonly testId: string; readonly label: string; readonly toM: number; readonly nowM: number; readonly thereText: string }) {
  const words = textOf(liftTexts);
  const { state, operator } = useStation();
  const { heldMotion } = operator;
  // One that is held stays so: it lets go by itself when the column is there.
  const there = Math.abs(props.toM - props.nowM) < THERE_M;
  return (
    <HoldToRunButton
      testId={props.testId}
      label={props.label}
      summary={there ? props.thereText : words.hold}
      disabled={state.link.value !== 'up' || Number.isNaN(props.nowM)}
      onPress={() => void heldMotion.press({ liftM: props.toM })}
      onRelease={() => heldMotion.letGo()}
    />
  );
}

export function LiftControl() {
  const words = textOf(liftTexts);
  const { state } = useStation();
  const lift = state.profile.value?.armLift;
  const current = state.supervision.value?.state;
  const session = state.status.value?.session ?? null;
  const preparation = state.status.value?.preparation;
  const isBeingPrepared = preparation?.status === 'running' || preparation?.status === 'waiting';
  // An empty robot is prepared first; there is nobody yet whom it could fit.
  if (lift === undefined || current === undefined || !liftStates.includes(current) || isBeingPrepared || (session === null && needsPreparation(preparation))) return null;
  const nowM = state.figures.value.liftM;
  const bodyHeightM = session?.setup.heightM;
  const proposedM = bodyHeightM === undefined ? null : proposedLiftM(lift, bodyHeightM);
  return (
    <section class="panel lift" data-testid="lift" aria-label={words.title}>
      <h2>{words.title}</h2>
      <dl>
        <div>
          <dt>{words.height}</dt>
          <dd data-testid="lift-height">{Number.isNaN(nowM) ? words.unknown : `${formatNumber(nowM, 2)} m`}</dd>
        </div>
        {proposedM === null ? null : (
          <div>
            <dt>{words.proposed}</dt>
            <dd data-testid="lift-proposed">{`${formatNumber(proposedM, 2)} m`}</dd>
          </div>
        )}
      </dl>
      {proposedM === null ? null : <p>{words.why}</p>}
      <div class="lift-buttons">
        <LiftButton testId="lift-lower" label={words.lower} toM={lift.heightM.min} nowM={nowM} thereText={words.atEnd} />
        <LiftButton testId="lift-raise" label={words.raise} toM={lift.heightM.max} nowM={nowM} thereText={words.atEnd} />
        {proposedM === null ? null : <LiftButton testId="lift-to-proposed" label={words.toProposed} toM={proposedM} nowM={nowM} thereText={words.there} />}
      </div>
    </section>
  );
}
