/** The state as a sentence with its reason: what stands top left, always. */
import type { StationStatus } from '../../protocols/messages.ts';
import type { RobotProfile } from '../../protocols/profile.ts';
import type { Cause } from '../../protocols/supervision.ts';
import { causePriority, causeTexts, type AlarmPriority } from '../app/causes.ts';
import { formatNumber, type Language } from '../app/language.ts';
import type { ShownParameters } from '../state/parameters.ts';
import type { LinkState, Supervision } from '../state/station-state.ts';
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
}

const nameOf = (facts: StateFacts, joint: number, language: Language): string => facts.profile?.joints[joint]?.name[language] ?? '';

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
  const what = parameters === null ? '' : `${words.runningWhat(formatNumber(parameters.speedKmh, 1, language), guidance)} · `;
  const limits = facts.jointsAtLimit.map((joint) => nameOf(facts, joint, language)).join(', ');
  return what + (limits === '' ? words.allInside : words.outside(limits));
}

export function stateSentence(facts: StateFacts, language: Language): StateSentence {
  const gone = disconnected(facts, language);
  if (gone !== null || facts.supervision === null) return gone ?? { title: '', detail: '', check: '', tone: 'calm' };
  const words = liveTexts[language];
  const { state, cause, readyBlocker } = facts.supervision;
  const title = words.states[state];
  const blocker = readyBlocker === 'none' ? null : readyBlocker;
  switch (state) {
    case 'idle':
    case 'selfTest':
    case 'homing':
    case 'recovering':
    case 'connecting':
      return { title, detail: blocker === null ? '' : causeSentence(facts, blocker, language), check: blocker === null ? '' : causeTexts[language][blocker].check, tone: 'medium' };
    case 'ready':
      if ((facts.status?.session ?? null) === null) return { title, detail: words.chooseFirst, check: '', tone: 'calm' };
      if (blocker === null) return { title, detail: words.readyWhat, check: '', tone: 'calm' };
      return { title, detail: words.notReady(causeSentence(facts, blocker, language)), check: causeTexts[language][blocker].check, tone: 'medium' };
    case 'armed':
      return { title, detail: words.armedWhat, check: '', tone: 'active' };
    case 'running':
      return { title, detail: runningDetail(facts, language), check: '', tone: facts.jointsAtLimit.length > 0 ? 'medium' : 'active' };
    case 'paused':
      return { title, detail: words.pausedWhat, check: '', tone: 'active' };
    case 'stopping':
      return { title, detail: cause === 'none' ? words.stoppingWhat : causeSentence(facts, cause, language), check: '', tone: causePriority(cause) };
    case 'stopped':
    case 'emergency':
      break;
  }
  return { title, detail: causeSentence(facts, cause, language), check: causeTexts[language][cause].check, tone: state === 'emergency' ? 'high' : causePriority(cause) };
}
