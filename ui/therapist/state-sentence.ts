/** The state as a sentence with its reason: what stands top left, always. */
import type { StationStatus } from '../../protocols/messages.ts';
import type { StopFigures } from '../../protocols/stop-figures.ts';
import { isDriven, jointAt, type RobotProfile } from '../../protocols/profile.ts';
import type { Cause } from '../../protocols/supervision.ts';
import { guidingModes } from '../../protocols/training-mode.ts';
import { causePriority, causeTexts, type AlarmPriority } from '../app/causes.ts';
import { formatNumber, type Language } from '../app/language.ts';
import { assessmentTexts } from '../assessment/texts.ts';
import { trainingModeTexts } from '../app/training-modes.ts';
import { planTexts } from '../plan/texts.ts';
import { paceUnitOf, type ShownParameters } from '../state/parameters.ts';
import type { LinkState, Supervision } from '../state/station-state.ts';
import { estopIsTested } from '../readiness/alarm.ts';
import { readinessTexts } from '../readiness/texts.ts';
import { liveTexts } from './texts.ts';

export interface StateSentence {
  readonly title: string;
  readonly detail: string;
  /** What to check, when there is something to check. */
  readonly check: string;
  readonly tone: 'calm' | 'active' | AlarmPriority;
}

export interface StateFacts {
  readonly link: LinkState;
  readonly supervision: Supervision | null;
  readonly status: StationStatus | null;
  readonly profile: RobotProfile | null;
  readonly parameters: ShownParameters | null;
  /** Joints at or beyond the end of their permitted range. */
  readonly jointsAtLimit: readonly number[];
  /** How the stop went that the robot stands in; null: not measured, or not yet. */
  readonly measuredStop: StopFigures | null;
}

const nameOf = (facts: StateFacts, joint: number, language: Language): string => (facts.profile === null ? undefined : jointAt(facts.profile, joint))?.name[language] ?? '';

function causeSentence(facts: StateFacts, cause: Cause, language: Language): string {
  const text = causeTexts[language][cause].title;
  const joint = nameOf(facts, facts.supervision?.causeJoint ?? -1, language);
  return joint === '' ? text : `${text} · ${liveTexts[language].atJoint(joint)}`;
}

function disconnected(facts: StateFacts, language: Language): StateSentence | null {
  const words = liveTexts[language];
  if (facts.link === 'connecting') return { title: words.connectingStation, detail: '', check: '', tone: 'calm' };
  if (facts.link === 'down') return { title: words.stationDown, detail: words.stationDownWhat, check: '', tone: 'high' };
  if (facts.link === 'waiting' || facts.supervision === null) return { title: words.controllerSilent, detail: words.controllerSilentWhat, check: '', tone: 'medium' };
  return null;
}

function runningDetail(facts: StateFacts, language: Language): string {
  const words = liveTexts[language];
  const { parameters } = facts;
  const percent = (value: number): string => formatNumber(value, 0, language);
  const { left, right } = parameters?.guidancePercent ?? { left: Number.NaN, right: Number.NaN };
  const guidance = left === right ? percent(left) : `${percent(left)}/${percent(right)}`;
  const { unit, perKmh, decimals } = paceUnitOf(facts.profile);
  const mode = parameters?.mode ?? 'guidedGait';
  const inMode = (speed: string, strength: string): string => `${speed} ${unit} · ${trainingModeTexts[language][mode].name} ${strength} %`;
  const guided = facts.profile?.class === 'arm' ? words.armRunningWhat : words.runningWhat;
  const running = guidingModes.includes(mode) ? guided : inMode;
  const what = parameters === null ? '' : `${running(formatNumber(parameters.speedKmh * perKmh, decimals, language), guidance)} · `;
  const limits = facts.jointsAtLimit.map((joint) => nameOf(facts, joint, language)).join(', ');
  return what + (limits === '' ? words.allInside : words.outside(limits));
}

function beforeTraining({ status }: StateFacts, state: 'idle' | 'selfTest' | 'homing' | 'recovering', language: Language): Pick<StateSentence, 'detail' | 'tone'> {
  const words = readinessTexts[language];
  if (state !== 'idle') return { detail: words[`${state}What`], tone: 'active' };
  return (status?.session ?? null) === null ? { detail: words.idleWhat, tone: 'calm' } : { detail: words.idleWithSession, tone: 'medium' };
}

/** What spoils a measurement, of all that keeps a robot from being armed. */
const spoils: readonly Cause[] = ['linkDown', 'hubSilent', 'hubFrozen', 'sensorSilent', 'sensorServoOn', 'implausibleInput'];

function measuring({ status }: StateFacts, language: Language): StateSentence {
  const words = liveTexts[language];
  const trouble = status?.blockers?.find((cause) => spoils.includes(cause));
  const assesses = status?.session?.setup.assessment !== undefined;
  if (trouble === undefined && assesses) return { title: planTexts[language].kinds.assessment.name, detail: assessmentTexts[language].running, check: '', tone: 'active' };
  if (trouble === undefined) return { title: words.measuring, detail: words.measuringWhat, check: '', tone: 'active' };
  return { title: words.measuring, detail: causeTexts[language][trouble].title, check: causeTexts[language][trouble].check, tone: 'medium' };
}

/** How long it took and how far the farthest joint went. */
function stopSentence({ measuredStop, profile }: StateFacts, language: Language): string {
  if (measuredStop === null) return '';
  const words = readinessTexts[language];
  if (!measuredStop.atRest) return words.notAtRest;
  const [jointId, degrees] = Object.entries(measuredStop.distanceDeg).reduce<readonly [string, number]>((far, [id, deg]) => ((deg ?? 0) > far[1] ? [id, deg ?? 0] : far), ['', -1]);
  const joint = profile?.joints.find(({ id }) => id === jointId);
  return words.stoppedIn(formatNumber(measuredStop.timeMs / MS_PER_S, 2, language), joint?.name[language] ?? jointId, formatNumber(degrees, 1, language));
}

const MS_PER_S = 1_000;

export function stateSentence(facts: StateFacts, language: Language): StateSentence {
  const gone = disconnected(facts, language);
  if (gone !== null || facts.supervision === null) return gone ?? { title: '', detail: '', check: '', tone: 'calm' };
  const words = liveTexts[language];
  const { state, cause, readyBlocker } = facts.supervision;
  const title = words.states[state];
  const assesses = facts.status?.session?.setup.assessment !== undefined;
  const blocker = readyBlocker === 'none' ? null : readyBlocker;
  if (facts.status?.interrupted === true) {
    const measures = facts.profile !== null && !isDriven(facts.profile);
    if (measures && (state === 'ready' || state === 'connecting')) return { title, detail: words.interruptedMeasuring, check: words.interruptedMeasuringCheck, tone: 'medium' };
    if (!measures && (state === 'idle' || state === 'connecting')) return { title, detail: words.interrupted, check: words.interruptedCheck, tone: 'high' };
  }
  switch (state) {
    case 'idle':
    case 'selfTest':
    case 'homing':
    case 'recovering':
      return { title, ...beforeTraining(facts, state, language), check: '' };
    case 'connecting':
      return { title, detail: blocker === null ? '' : causeSentence(facts, blocker, language), check: blocker === null ? '' : causeTexts[language][blocker].check, tone: 'medium' };
    case 'ready':
      if ((facts.status?.session ?? null) === null) return { title, detail: words.chooseFirst, check: '', tone: 'calm' };
      if (blocker === 'nothingDriven') return measuring(facts, language);
      if (blocker === null) return { title, detail: words.readyWhat, check: '', tone: 'calm' };
      return { title: words.notReadyYet, detail: words.notReady(causeSentence(facts, blocker, language)), check: causeTexts[language][blocker].check, tone: 'medium' };
    case 'armed':
      return { title, detail: assesses ? assessmentTexts[language].armed : words.armedWhat, check: '', tone: 'active' };
    case 'running':
      if (assesses) return { title: planTexts[language].kinds.assessment.name, detail: assessmentTexts[language].running, check: '', tone: 'active' };
      return { title, detail: runningDetail(facts, language), check: '', tone: facts.jointsAtLimit.length > 0 ? 'medium' : 'active' };
    case 'paused':
      return { title, detail: words.pausedWhat, check: '', tone: 'active' };
    case 'stopping':
      return { title, detail: cause === 'none' ? words.stoppingWhat : causeSentence(facts, cause, language), check: '', tone: causePriority(cause) };
    case 'stopped':
    case 'emergency':
      break;
  }
  if (state === 'emergency' && estopIsTested(facts.status?.preparation)) return { title, detail: readinessTexts[language].estopTested, check: '', tone: 'low' };
  const detail = [causeSentence(facts, cause, language), stopSentence(facts, language)].filter((part) => part !== '').join('. ');
  return { title, detail, check: causeTexts[language][cause].check, tone: state === 'emergency' ? 'high' : causePriority(cause) };
}
