/** Before the drives are switched on: what this patient's own sessions speak for, each with its reason. The therapist sets it, or not. */
import { signal } from '@preact/signals';
import type { Proposal, ProposalLine } from '../../protocols/proposal.ts';
import { mpsToKmh } from '../../protocols/units.ts';
import { formatNumber, textOf } from '../app/language.ts';
import { useStation } from '../app/station-context.ts';
import { loadProposal } from '../clinician/records-client.ts';
import { useLoaded } from '../clinician/use-loaded.ts';
import { Button } from '../design/components.tsx';
import { HoldButton } from '../design/hold-button.tsx';
import { proposedParameters } from './proposed-parameters.ts';
import { proposalTexts } from './texts.ts';
import './proposal.css';

/** The session whose proposal was taken over or declined on this screen. */
const answered = signal<string | null>(null);

/** A proposal waits for an answer: a session is open, and nothing moves yet. */
export function useProposal(): Proposal | null {
  const { state } = useStation();
  const session = state.status.value?.session ?? null;
  const waits = session !== null && session.sessionId !== answered.value && state.supervision.value?.state === 'ready' && state.leaseMine.value;
  const [request] = useLoaded(waits ? session.patientId : null, loadProposal);
  return waits && request.phase === 'ready' && request.value.lines.length > 0 ? request.value : null;
}

function shown({ subject }: ProposalLine, value: number): string {
  if (subject === 'speedMps') return `${formatNumber(mpsToKmh(value), 1)} km/h`;
  return subject === 'unloadingKg' ? `${formatNumber(value, 1)} kg` : `${formatNumber(100 * value)} %`;
}

function Line({ line }: { readonly line: ProposalLine }) {
  const words = textOf(proposalTexts);
  const figures = { band: `${formatNumber(100 * line.inBand)} %`, strides: formatNumber(line.strides), stops: line.stops };
  const changes = line.to !== line.from;
  return (
    <li data-changes={changes} data-testid={`proposal-${line.subject}`} data-reason={line.reason}>
      <span>{words.subjects[line.subject]}</span>
      <b>{shown(line, line.from)}</b>
      {changes ? (
        <>
          <i aria-hidden="true">→</i>
          <b class="change-new">{shown(line, line.to)}</b>
        </>
      ) : (
        <em>{words.stays}</em>
      )}
      <p>{words.reasons[line.reason](figures)}</p>
    </li>
  );
}

export function ProposalPanel({ proposal }: { readonly proposal: Proposal }) {
  const words = textOf(proposalTexts);
  const { state, operator } = useStation();
  const current = state.parameters.value;
  const answer = (): void => void (answered.value = state.status.peek()?.session?.sessionId ?? null);
  const take = (): void => {
    if (current !== null) void operator.setParameters(proposedParameters(current, proposal), 'proposal');
    answer();
  };
  return (
    <section class="panel proposal" data-testid="proposal" aria-label={words.title}>
      <h2>{words.title}</h2>
      <p class="proposal-from">{words.from(proposal.basedOn.length)}</p>
      <ul class="changes">
        {proposal.lines.map((line) => <Line key={line.subject} line={line} />)}
      </ul>
      <div class="change-actions">
        <Button tone="quiet" testId="proposal-leave" onPress={answer}>{words.leave}</Button>
        <HoldButton testId="proposal-take" label={words.take} summary={words.takeSummary} disabled={current === null || operator.busy.value} onHold={take} />
      </div>
    </section>
  );
}
