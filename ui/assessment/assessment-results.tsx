/** What an assessment told: each value with its uncertainty, its trials, what it was before, and the least change that is more than error. */
import { useCallback } from 'preact/hooks';
import type { AssessmentOutcome, KnownAssessment, ToldResult } from '../../protocols/assessment-outcome.ts';
import { isWalkTest } from '../../protocols/assessment.ts';
import { causes, type Cause } from '../../protocols/supervision.ts';
import { causeTexts } from '../app/causes.ts';
import { formatDate, formatNumber, formatTime, textOf } from '../app/language.ts';
import { routeHash } from '../app/route.ts';
import { loadAssessments } from '../clinician/records-client.ts';
import { useLoaded } from '../clinician/use-loaded.ts';
import { planTexts } from '../plan/texts.ts';
import { conditionsOf } from './conditions.ts';
import { CycleCurve } from './cycle-curve.tsx';
import { earlierOf, earlierThan } from './earlier-results.ts';
import type { AssessmentTexts } from './text-keys.ts';
import { assessmentTexts } from './texts.ts';
import './assessment.css';

const shownUnits: Readonly<Partial<Record<string, string>>> = { deg: '°', 'Nm/deg': 'Nm/°', m3: 'm³', '1': '' };
/** By the unit's usual size. */
const decimalsOf: Readonly<Partial<Record<string, number>>> = { 'Nm/deg': 3, '1': 2, m3: 3, 'm/s': 3, s: 2 };
/** Some are smaller than their unit. */
const decimalsOfName: Readonly<Partial<Record<string, number>>> = { reach_endpoint_error: 4, reach_hand_path_ratio: 3 };

const decimals = ({ name, unit }: ToldResult): number => decimalsOfName[name] ?? decimalsOf[unit] ?? 1;
const unitText = ({ unit }: ToldResult): string => shownUnits[unit] ?? unit;
const inUnit = (value: number | null, result: ToldResult): string => (value === null ? '–' : formatNumber(value, decimals(result)));
const withUnit = (text: string, result: ToldResult): string => (unitText(result) === '' ? text : `${text} ${unitText(result)}`);

function Value({ result, words }: { readonly result: ToldResult; readonly words: AssessmentTexts }) {
  if (result.value === null) return <em>{words.notMeasured}</em>;
  return (
    <>
      {result.atLeast ? `${words.atLeast} ` : ''}
      <b>{inUnit(result.value, result)}</b>
      {withUnit(result.uncertainty === null ? '' : ` ± ${inUnit(result.uncertainty, result)}`, result)}
    </>
  );
}

/** Told in the words of the measure; its share of the mean is said in the reader's. */
function detectableText(change: string | null, words: AssessmentTexts): string {
  if (change === null) return words.unknown;
  const [, share, source] = /^(.+ %) of the mean \((.+)\)$/.exec(change) ?? [];
  return share === undefined || source === undefined ? change : words.ofMean(share, source);
}

/** A sentence is of a session of before reasons had keys, and in English. */
function Reason({ rejected, words }: { readonly rejected: ToldResult['rejected']; readonly words: AssessmentTexts }) {
  if (rejected === null) return null;
  if (typeof rejected === 'string') return <small lang="en">{rejected}</small>;
  return <small data-testid="reason" data-reason={rejected.reason}>{words.reasons[rejected.reason](rejected.figure === null ? '–' : formatNumber(rejected.figure, 1))}</small>;
}

/** What rounds to nothing has no direction. */
function signed(value: number, result: ToldResult): string {
  const [size, nothing] = [Math.abs(value), 0].map((number) => formatNumber(number, decimals(result)));
  return `${size === nothing ? '±' : value < 0 ? '−' : '+'}${size}`;
}

function Earlier({ result, before, words }: { readonly result: ToldResult; readonly before: readonly KnownAssessment[]; readonly words: AssessmentTexts }) {
  const earlier = earlierOf(result, before);
  if (earlier.length === 0) return <span class="assess-none">{words.noEarlier}</span>;
  return (
    <ul class="assess-earlier">
      {earlier.map(({ sessionId, startedAt, value, atLeast, change, otherSettings }) => (
        <li key={sessionId}>
          <a href={routeHash({ room: 'history', sessionId })}>{`${formatDate(startedAt)}, ${formatTime(startedAt)}`}</a>
          {`: ${atLeast ? `${words.atLeast} ` : ''}${withUnit(inUnit(value, result), result)}`}
          {change === null ? null : <b>{` (${words.change(signed(change, result))})`}</b>}
          {otherSettings ? <small>{words.otherSettings}</small> : null}
        </li>
      ))}
    </ul>
  );
}

interface RowProps {
  readonly result: ToldResult;
  readonly before: readonly KnownAssessment[];
  /** What it is of, beside its name. */
  readonly of: string;
}

function Row({ result, before, of }: RowProps) {
  const words = textOf(assessmentTexts);
  return (
    <tr role="row" data-testid={`result-${result.name}-${result.direction}`}>
      <th role="rowheader" scope="row">
        {words.names[result.name] ?? result.name}
        {of === '' ? null : <small>{of}</small>}
      </th>
      <td role="cell" data-label={words.value}>
        <Value result={result} words={words} />
        <Reason rejected={result.rejected} words={words} />
      </td>
      <td role="cell" data-label={words.trials}>{result.trials.length === 0 ? '–' : result.trials.map((trial) => inUnit(trial, result)).join(' · ')}</td>
      <td role="cell" data-label={words.earlier}><Earlier result={result} before={before} words={words} /></td>
      <td role="cell" data-label={words.detectable}>{detectableText(result.detectableChange, words)}</td>
    </tr>
  );
}

const isCause = (what: string): what is Cause => causes.some((cause) => cause === what);

function whyIncomplete({ interruptedBy }: AssessmentOutcome, words: AssessmentTexts): string {
  if (interruptedBy === null) return words.interrupted.notBegun;
  if (interruptedBy === 'none') return words.endedByHand;
  return isCause(interruptedBy) ? textOf(causeTexts)[interruptedBy].title : words.interrupted[interruptedBy];
}

/** Six minutes are walked once. */
function stateOf(outcome: AssessmentOutcome, words: AssessmentTexts): string {
  const once = outcome.kind === 'walk6min';
  if (outcome.complete) return once ? words.completeOnce : words.complete;
  const why = whyIncomplete(outcome, words);
  return once ? words.incompleteOnce(why) : words.incomplete(why);
}

/** Of all values alike: it is said once. */
function Conditions({ results, words }: { readonly results: readonly ToldResult[]; readonly words: AssessmentTexts }) {
  const [first] = results;
  const conditions = first === undefined ? [] : conditionsOf(first);
  if (conditions.length === 0) return null;
  return (
    <p class="assess-hint" data-testid="assessment-conditions">
      {`${words.conditions}: ${conditions.map(({ key, text }) => `${words.conditionNames[key]} ${text}`).join(' · ')}`}
    </p>
  );
}

export interface AssessmentResultsProps {
  readonly outcome: AssessmentOutcome;
  readonly sessionId: string;
  readonly patientId: string;
  readonly nameOf: (jointId: string) => string;
}

/** Of an arm, of a joint, or of the walk as a whole. */
function subjectOf({ kind, joint }: AssessmentOutcome, nameOf: (jointId: string) => string): string {
  if (kind === 'reach') return textOf(planTexts).arms[joint === 'armLeft' ? 'left' : 'right'];
  return joint === '' ? '' : nameOf(joint);
}

export function AssessmentResults({ outcome, sessionId, patientId, nameOf }: AssessmentResultsProps) {
  const words = textOf(assessmentTexts);
  const [known] = useLoaded(patientId, useCallback(loadAssessments, []));
  const before = known.phase === 'ready' ? earlierThan(known.value, sessionId, outcome) : [];
  const { results } = outcome;
  const sources = [...new Set(results.map(({ source }) => source))];
  const subject = subjectOf(outcome, nameOf);
  const ofRow = ({ joint, direction }: ToldResult): string => (outcome.kind === 'walking' ? nameOf(joint) : outcome.joint === joint && outcome.kind !== 'reach' && joint !== '' ? words.directions[direction] : '');
  const curves = results.flatMap(({ curve, joint, unit }) => (curve === undefined ? [] : [{ curve, joint, unit }]));
  return (
    <section class="assess-results" data-testid="assessment-results" data-complete={outcome.complete} aria-labelledby="assess-results-title">
      <h2 id="assess-results-title">{`${words.result} · ${textOf(planTexts).assessments[outcome.kind].name}${subject === '' ? '' : `: ${subject}`}`}</h2>
      <p class="assess-state" data-testid="assessment-state">{stateOf(outcome, words)}</p>
      <Conditions results={results} words={words} />
      <div class="assess-table" tabIndex={0} role="group" aria-label={words.result}>
        <table role="table">
          <thead role="rowgroup">
            <tr role="row">{[words.measure, words.value, words.trials, words.earlier, words.detectable].map((title) => <th key={title} role="columnheader" scope="col">{title}</th>)}</tr>
          </thead>
          <tbody role="rowgroup">{results.map((result) => <Row key={`${result.name} ${result.joint} ${result.direction}`} result={result} before={before} of={ofRow(result)} />)}</tbody>
        </table>
      </div>
      {curves.length === 0 ? null : <p class="assess-hint">{words.curveAxis}</p>}
      <div class="assess-curves">{curves.map(({ curve, joint, unit }) => <CycleCurve key={joint} curve={curve} unit={unit} jointName={nameOf(joint)} />)}</div>
      {known.phase === 'failed' ? <p class="assess-hint" role="alert">{words.earlierUnread}</p> : null}
      <p class="assess-hint">{isWalkTest(outcome.kind) ? words.uncertaintyOfBelt : words.uncertaintyWhat}</p>
      {results.some(({ detectableChange }) => detectableChange === null) ? <p class="assess-hint">{words.detectableUnknown}</p> : null}
      {sources.map((source) => <p key={source} class="assess-hint" lang="en">{source}</p>)}
    </section>
  );
}
