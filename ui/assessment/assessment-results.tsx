/** What an assessment told: each value with its uncertainty, its trials and the least change that is more than error. */
import type { AssessmentOutcome, ToldResult } from '../../protocols/assessment-outcome.ts';
import { causeTexts } from '../app/causes.ts';
import { formatNumber, textOf } from '../app/language.ts';
import { planTexts } from '../plan/texts.ts';
import type { AssessmentTexts } from './text-keys.ts';
import { assessmentTexts } from './texts.ts';
import './assessment.css';

const shownUnits: Readonly<Partial<Record<string, string>>> = { deg: '°', 'Nm/deg': 'Nm/°', '1': '' };
/** By the unit's usual size. */
const decimalsOf: Readonly<Partial<Record<string, number>>> = { 'Nm/deg': 3, '1': 2 };

function inUnit(value: number | null, { unit }: ToldResult): string {
  return value === null ? '–' : formatNumber(value, decimalsOf[unit] ?? 1);
}

function Value({ result, words }: { readonly result: ToldResult; readonly words: AssessmentTexts }) {
  if (result.value === null) return <em>{words.notMeasured}</em>;
  const unit = shownUnits[result.unit] ?? result.unit;
  return (
    <>
      {result.atLeast ? `${words.atLeast} ` : ''}
      <b>{inUnit(result.value, result)}</b>
      {result.uncertainty === null ? '' : ` ± ${inUnit(result.uncertainty, result)}`}
      {unit === '' ? '' : ` ${unit}`}
    </>
  );
}

/** Why nothing was measured stands in the robot's own words, as every refusal. */
function Row({ result }: { readonly result: ToldResult }) {
  const words = textOf(assessmentTexts);
  return (
    <tr data-testid={`result-${result.name}-${result.direction}`}>
      <th scope="row">
        {words.names[result.name] ?? result.name}
        <small>{words.directions[result.direction]}</small>
      </th>
      <td>
        <Value result={result} words={words} />
        {result.rejected === null ? null : <small lang="en">{result.rejected}</small>}
      </td>
      <td>{result.trials.length === 0 ? '–' : result.trials.map((trial) => inUnit(trial, result)).join(' · ')}</td>
      <td>{result.detectableChange ?? words.unknown}</td>
    </tr>
  );
}

function whyIncomplete({ interruptedBy }: AssessmentOutcome, words: AssessmentTexts): string {
  if (interruptedBy === null) return words.neverBegun;
  return interruptedBy === 'none' ? words.endedByHand : textOf(causeTexts)[interruptedBy].title;
}

export function AssessmentResults({ outcome, jointName }: { readonly outcome: AssessmentOutcome; readonly jointName: string }) {
  const words = textOf(assessmentTexts);
  const sources = [...new Set(outcome.results.map(({ source }) => source))];
  return (
    <section class="assess-results" data-testid="assessment-results" data-complete={outcome.complete} aria-labelledby="assess-results-title">
      <h2 id="assess-results-title">{`${words.result} · ${textOf(planTexts).assessments[outcome.kind].name}: ${jointName}`}</h2>
      <p class="assess-state" data-testid="assessment-state">{outcome.complete ? words.complete : words.incomplete(whyIncomplete(outcome, words))}</p>
      <div class="assess-table" tabIndex={0} role="group" aria-label={words.result}>
        <table>
          <thead>
            <tr>
              <th scope="col">{words.measure}</th>
              <th scope="col">{words.value}</th>
              <th scope="col">{words.trials}</th>
              <th scope="col">{words.detectable}</th>
            </tr>
          </thead>
          <tbody>{outcome.results.map((result) => <Row key={`${result.name} ${result.direction}`} result={result} />)}</tbody>
        </table>
      </div>
      <p class="assess-hint">{words.uncertaintyWhat}</p>
      {outcome.results.some(({ detectableChange }) => detectableChange === null) ? <p class="assess-hint">{words.detectableUnknown}</p> : null}
      {sources.map((source) => <p key={source} class="assess-hint" lang="en">{source}</p>)}
    </section>
  );
}
