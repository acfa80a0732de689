/** What a therapist can do next: one large control, and a small one beside it. Starting is held, pausing is a tap. */
import type { VNode } from 'preact';
import { isDriven } from '../../protocols/profile.ts';
import type { SupervisorState } from '../../protocols/supervision.ts';
import { formatNumber, textOf } from '../app/language.ts';
import { useStation } from '../app/station-context.ts';
import { assessmentTexts } from '../assessment/texts.ts';
import { Button } from '../design/components.tsx';
import { HoldButton } from '../design/hold-button.tsx';
import { useSteady } from '../design/use-steady.ts';
import { useSettled } from '../design/use-settled.ts';
import { HoldToRunButton } from '../design/hold-to-run-button.tsx';
import { paceUnitOf } from '../state/parameters.ts';
import { needsPreparation } from '../readiness/preparation-steps.ts';
import { readinessTexts } from '../readiness/texts.ts';
import { liveTexts } from './texts.ts';

/** Raising what the patient feels is held longer than confirming that one has read something. */
const START_HOLD_MS = 1_200;
const ACKNOWLEDGE_HOLD_MS = 1_000;
const BLOCKER_MS = 400;

/** A joint outside its range is led back before anything else. */
function Recover({ off }: { readonly off: boolean }): VNode {
  const words = textOf(readinessTexts);
  const { operator } = useStation();
  return <HoldToRunButton testId="recover" label={words.recover} summary={words.recoverSummary} disabled={off} onPress={() => void operator.heldMotion.press('recover')} onRelease={() => operator.heldMotion.letGo()} />;
}

/** A pause would end it, too. */
function EndAssessment({ off }: { readonly off: boolean }): VNode {
  const words = textOf(assessmentTexts);
  const { operator } = useStation();
  return (
    <button type="button" class="pause-button" data-testid="end-assessment" disabled={off} onClick={() => void operator.command('disarm')}>
      <b>{words.end}</b>
      <span>{words.endSummary}</span>
    </button>
  );
}

function Primary(props: { current: SupervisorState; settled: boolean; recover: boolean }): VNode {
  const words = textOf(liveTexts);
  const { state, operator } = useStation();
  const profile = state.profile.value;
  const { perKmh, decimals } = paceUnitOf(profile);
  const speed = formatNumber(((operator.pendingParameters.value ?? state.parameters.value)?.speedKmh ?? Number.NaN) * perKmh, decimals);
  const arm = profile?.class === 'arm';
  const assesses = state.status.value?.session?.setup.assessment !== undefined;
  const assessment = textOf(assessmentTexts);
  // The controller has the last word; a blocker that only blips would tear the hold from the hand.
  const blocked = useSteady(state.supervision.value?.readyBlocker !== 'none', BLOCKER_MS);
  const off = !props.settled || operator.busy.value;
  const send = (command: Parameters<typeof operator.command>[0]) => () => void operator.command(command);
  switch (props.current) {
    case 'recovering':
    case 'connecting':
    case 'ready':
      if (profile !== null && !isDriven(profile)) return <p key="measuring" class="next-measuring">{words.measuring}</p>;
      if (props.recover) return <Recover key="recover" off={!props.settled} />;
      return <HoldButton key="arm" testId="arm" label={words.arm} summary={words.armSummary} holdMs={START_HOLD_MS} disabled={off || blocked} onHold={send('arm')} />;
    case 'armed':
      return <HoldButton key="start" testId="start" label={words.start} summary={assesses ? assessment.startSummary : arm ? words.armStartSummary(speed) : words.startSummary(speed)} holdMs={START_HOLD_MS} disabled={off} onHold={send('start')} />;
    case 'running':
      if (assesses) return <EndAssessment key="end-assessment" off={off} />;
      return (
        <button key="pause" type="button" class="pause-button" data-testid="pause" disabled={off} onClick={send('pause')}>
          <svg viewBox="0 0 24 24" width="28" height="28" aria-hidden="true"><path d="M7 5h3.600v14H7zM13.400 5H17v14h-3.600z" fill="currentColor" /></svg>
          <b>{words.pause}</b>
          <span>{words.pauseSummary}</span>
        </button>
      );
    case 'paused':
      return <HoldButton key="resume" testId="resume" label={words.resume} summary={arm ? words.armResumeSummary(speed) : words.resumeSummary(speed)} holdMs={START_HOLD_MS} disabled={off} onHold={send('resume')} />;
    case 'stopped':
    case 'emergency':
      return <HoldButton key="acknowledge" testId="acknowledge" label={words.acknowledge} summary={words.acknowledgeSummary} holdMs={ACKNOWLEDGE_HOLD_MS} disabled={off} onHold={send('acknowledge')} />;
    case 'idle':
    case 'selfTest':
    case 'homing':
    case 'stopping':
      break;
  }
  return <HoldButton key="wait" label={words.waitingLabel} disabled onHold={() => undefined} />;
}

function Secondary(props: { current: SupervisorState; settled: boolean }): VNode | null {
  const words = textOf(liveTexts);
  const { operator } = useStation();
  const off = !props.settled || operator.busy.value;
  if (props.current === 'armed' || props.current === 'paused') {
    return <Button testId="disarm" disabled={off} onPress={() => void operator.command('disarm')}>{words.disarm}</Button>;
  }
  if (props.current === 'ready' || props.current === 'idle' || props.current === 'stopped' || props.current === 'emergency' || props.current === 'connecting') {
    return <Button testId="end-session" disabled={off} onPress={() => void operator.endSession()}>{words.endSession}</Button>;
  }
  return null;
}

export function NextStep() {
  const { state } = useStation();
  const current = state.supervision.value?.state ?? 'connecting';
  const sessionOpen = (state.status.value?.session ?? null) !== null;
  const linkUp = state.link.value === 'up';
  const layout = current === 'connecting' || current === 'recovering' ? 'ready' : current;
  const recover = useSteady(current === 'recovering' || (current === 'ready' && state.supervision.value?.readyBlocker === 'outsideSoftRange'), BLOCKER_MS);
  const settled = useSettled(`${layout}:${sessionOpen}:${recover}`) && linkUp;
  const stopped = current === 'stopped' || current === 'emergency';
  // Without a session only a standing stop needs a hand here, and a preparation asks for it itself.
  if (!sessionOpen && (!stopped || needsPreparation(state.status.value?.preparation))) return <div class="next-step" data-empty="true" />;
  return (
    <div class="next-step">
      <Primary current={current} settled={settled} recover={recover} />
      {sessionOpen ? <Secondary current={current} settled={settled} /> : null}
    </div>
  );
}
