/** What a campaign has shown, one row per fault. */
import type { Cause } from '../../../protocols/supervision.ts';
import type { CampaignOutcome } from './campaign.ts';
import type { CaseResult } from './case-run.ts';
import type { FalseStop } from './course-run.ts';
import { PAIRS, PROFILES, type Plan } from './plan.ts';
import type { CourseReport } from './worker-lines.ts';

export interface Quantiles {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

export interface Finding {
  /** With --seed and --n it makes the same case again. */
  readonly case: number;
  readonly what: string;
  readonly finding: string;
}

export interface FaultRow {
  readonly fault: string;
  readonly what: string;
  readonly bar: string;
  readonly injected: number;
  /** In the rest nothing was there to be seen, e.g. a stuck sensor of a joint that did not move. */
  readonly visible: number;
  readonly detected: number;
  readonly detectMs: Quantiles | null;
  readonly stopMs: Quantiles | null;
  readonly worstExcursionDeg: number;
  readonly worstTorqueNm: number;
  readonly worstCuffNm: number;
  /** Stops without a fault that are said to be for this one. */
  readonly falseAlarms: number;
  /** Cases with a breach. */
  readonly breaches: number;
  readonly findings: readonly Finding[];
  readonly pass: boolean;
}

export interface NormalRow {
  readonly patient: string;
  readonly strides: number;
  readonly simulatedHours: number;
  readonly falseStops: readonly (FalseStop & { readonly course: number })[];
}

export interface Summary {
  readonly seed: number;
  readonly cases: number;
  /** Cases with a breach, accepted profiles that must not be, and stops without a fault. */
  readonly breaches: number;
  readonly rows: readonly FaultRow[];
  readonly normal: readonly NormalRow[];
  /** Sentences: a bar that was not met, and by how much. */
  readonly barsNotMet: readonly string[];
  /** Cases that could not be injected because a false stop had stopped the robot. */
  readonly skipped: number;
  readonly speed: { readonly simulatedSec: number; readonly elapsedSec: number; readonly timesRealTime: number; readonly jobs: number };
  /** The physics alone on one core, as a multiple of real time. */
  readonly bareEngine: number;
}

const FINDINGS_KEPT = 8;
/** Which row a stop without a fault counts in, by what it is said to be for. */
const alarmOf: Partial<Readonly<Record<Cause, string>>> = {
  linkDown: 'F01',
  driveSilent: 'F03',
  hubSilent: 'F03',
  linkNoisy: 'F03',
  implausibleInput: 'F04',
  sensorStuck: 'F05',
  sensorDisagreement: 'F06',
  torqueSensorFault: 'F07',
  driveNotEnabled: 'F08',
  driveFault: 'F08',
  driveOverTemperature: 'F09',
  overload: 'F09',
  hubFrozen: 'F10',
  loopOverrun: 'F12',
  operatorLost: 'F14',
  stationLost: 'F14',
  estopOpen: 'F16',
  interactionTooStrong: 'F17',
  spasm: 'F17',
  powerTooHigh: 'F17',
  recorderFailed: 'F18',
  treadmillFault: 'F21',
  treadmillDesync: 'F21',
  supportFault: 'F21',
};

export function summarise(plan: Plan, outcome: CampaignOutcome, only: readonly string[] | null, jobs: number): Summary {
  const asked = (id: string): boolean => only === null || only.includes(id);
  const falseStops = outcome.courses.flatMap(({ course, falseStops: stops }) => stops.map((stop) => ({ course, ...stop })));
  const alarms = (id: string): number => falseStops.filter(({ cause }) => alarmOf[cause] === id).length;
  const rows = [
    ...plan.faults.filter(({ id }) => asked(id)).map(({ id, what, bar, share }) => caseRow({ id, what, bar, share: share ?? 1 }, plan, outcome, alarms(id))),
    ...(asked(PROFILES) ? [profileRow(outcome)] : []),
    ...(asked(PAIRS) ? [caseRow({ id: PAIRS, what: 'two of them at once, all pairs', bar: 'the worse action (pushes among them in ≥ 99 % of cases); the bounds of the class hold', share: 0.99 }, plan, outcome, 0)] : []),
  ].toSorted((a, b) => a.fault.localeCompare(b.fault));
  const normal = plan.patients.map((patient) => normalRow(patient, outcome));
  const simulatedSec = outcome.courses.reduce((sum, course) => sum + course.simulatedSec, 0) + outcome.results.reduce((sum, result) => sum + result.simulatedMs, 0) / 1_000;
  const { elapsedSec } = outcome;
  return {
    seed: plan.seed,
    cases: plan.cases.length,
    breaches: rows.reduce((sum, row) => sum + row.breaches, 0) + falseStops.length,
    rows,
    normal,
    barsNotMet: barsNotMet(rows, normal, plan, outcome.courses),
    skipped: outcome.skipped.length,
    speed: { simulatedSec: round(simulatedSec), elapsedSec: round(elapsedSec), timesRealTime: round(simulatedSec / elapsedSec), jobs },
    bareEngine: round(outcome.engineTimesRealTime),
  };
}

interface RowHead {
  readonly id: string;
  readonly what: string;
  readonly bar: string;
  readonly share: number;
}

/** A case that was late, or never came to the action, and nothing else. */
const isMissed = (finding: string): boolean => /^(not at the drives in time|never at the drives)/.test(finding);

function caseRow({ id, what, bar, share }: RowHead, plan: Plan, { results }: CampaignOutcome, falseAlarms: number): FaultRow {
  const own = results.filter((result) => plan.cases[result.case]?.row === id);
  const visible = own.filter((result) => mustStop(result, plan));
  const missed = own.filter(({ findings }) => findings.length > 0 && findings.every(isMissed));
  // Where the table allows that few are missed, those are no breach.
  const excused = visible.length > 0 && missed.length <= Math.floor(visible.length * (1 - share));
  const breached = own.filter(({ findings }) => findings.some((finding) => !(excused && isMissed(finding))));
  const detected = visible.filter(({ detectMs }) => detectMs !== null);
  return {
    fault: id,
    what,
    bar,
    injected: own.length,
    visible: visible.length,
    detected: detected.length,
    detectMs: quantiles(detected.map(({ detectMs }) => detectMs)),
    stopMs: quantiles(detected.map(({ stopMs }) => stopMs)),
    worstExcursionDeg: worst(own, 'excursionDeg'),
    worstTorqueNm: worst(own, 'torqueNm'),
    worstCuffNm: worst(own, 'cuffNm'),
    falseAlarms,
    breaches: breached.length,
    findings: findingsOf(breached, plan),
    pass: breached.length === 0 && falseAlarms === 0,
  };
}

function mustStop(result: CaseResult, plan: Plan): boolean {
  const variants = plan.cases[result.case]?.faults.map(({ variant }) => variant) ?? [];
  return result.exposed && variants.some(({ wanted, withinMs, measured }) => measured?.doubted !== undefined || (wanted !== 'none' && Number.isFinite(withinMs)));
}

/** Different ones first: a hundred times the same says less. */
function findingsOf(breached: readonly CaseResult[], plan: Plan): Finding[] {
  const all = breached.flatMap((result) => result.findings.map((finding) => ({ case: result.case, what: describeCase(plan, result.case), finding })));
  const kinds = new Set<string>();
  const firsts = all.filter(({ finding }) => !kinds.has(finding) && kinds.add(finding).size > 0);
  return [...firsts, ...all.filter((entry) => !firsts.includes(entry))].slice(0, FINDINGS_KEPT);
}

export function describeCase(plan: Plan, index: number): string {
  const planned = plan.cases[index];
  if (planned === undefined) return `case ${index}`;
  const course = plan.courses[planned.course];
  const faults = planned.faults.map(({ fault, variant, afterCycles }) => `${fault.id} ${variant.name}${afterCycles > 0 ? ` ${afterCycles} cycles later` : ''}`);
  return `${faults.join(' + ')}; ${planned.mode}, ${course?.patient ?? ''} patient, session ${planned.course} cycle ${planned.onsetCycle}`;
}

function profileRow({ mutations }: CampaignOutcome): FaultRow {
  const { mutants, accepted, violations } = mutations;
  return {
    fault: PROFILES,
    what: 'a profile is spoilt: limits outside the hardware, not nested, of another joint, missing, no number',
    bar: `0 accepted that must not be (${accepted} were changed in a way that is allowed)`,
    injected: mutants,
    visible: mutants - accepted,
    detected: mutants - accepted,
    detectMs: null,
    stopMs: null,
    worstExcursionDeg: 0,
    worstTorqueNm: 0,
    worstCuffNm: 0,
    falseAlarms: 0,
    breaches: violations.length,
    findings: violations.slice(0, FINDINGS_KEPT).map((finding) => ({ case: -1, what: 'profile', finding })),
    pass: violations.length === 0,
  };
}

function normalRow(patient: string, { courses }: CampaignOutcome): NormalRow {
  const own = courses.filter((course) => course.patient === patient);
  return {
    patient,
    strides: own.reduce((sum, { strides }) => sum + strides, 0),
    simulatedHours: round(own.reduce((sum, { simulatedSec }) => sum + simulatedSec, 0) / 3_600, 3),
    falseStops: own.flatMap(({ course, falseStops }) => falseStops.map((stop) => ({ course, ...stop }))),
  };
}

function barsNotMet(rows: readonly FaultRow[], normal: readonly NormalRow[], plan: Plan, courses: readonly CourseReport[]): string[] {
  // After a false stop the rest of its session's orders are refused, which says nothing new.
  const refused = courses.flatMap((course) => (course.falseStops.length === 0 ? course.refused : []));
  const hours = round(normal.reduce((sum, { simulatedHours }) => sum + simulatedHours, 0), 2);
  return [
    ...rows.flatMap(({ fault, injected, breaches, visible, detected }) => (breaches === 0 ? [] : [`${fault}: ${breaches} of ${injected} cases with a breach; detected ${detected} of ${visible}.`])),
    ...rows.filter(({ injected }) => injected === 0).map(({ fault }) => `${fault}: nothing injected, because this robot has no such part or the campaign is too small.`),
    ...refused.slice(0, FINDINGS_KEPT).map((what) => `An order of a session without a fault was refused: ${what}`),
    ...normal.flatMap(({ patient, strides, falseStops }) => [
      ...(strides < plan.strides ? [`${patient}: ${strides} strides instead of ${plan.strides}.`] : []),
      ...(falseStops.length > 0 ? [`${patient}: ${falseStops.length} stops without a fault (${[...new Set(falseStops.map(({ cause, joint }) => (joint === null ? cause : `${cause} at ${joint}`)))].join(', ')}).`] : []),
    ]),
    ...(plan.faults.some(({ id }) => id === 'F05') ? [`F05: 0 false alarms in 300 h simulated is not shown by this run, which simulated ${hours} h without a fault.`] : []),
  ];
}

const worst = (results: readonly CaseResult[], key: 'excursionDeg' | 'torqueNm' | 'cuffNm'): number => round(Math.max(0, ...results.map((result) => result[key])), 2);

const round = (value: number, digits = 1): number => Number(value.toFixed(digits));

function quantiles(values: readonly (number | null)[]): Quantiles | null {
  const sorted = values.filter((value) => value !== null).toSorted((a, b) => a - b);
  if (sorted.length === 0) return null;
  const at = (share: number): number => round(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0);
  return { p50: at(0.5), p99: at(0.99), max: at(1) };
}
