/** Turns recorded events into sentences: SI values become what a clinician reads, causes become plain words. */
import type { TimelineEvent } from '../../protocols/api.ts';
import type { StopFigures } from '../../protocols/stop-figures.ts';
import { causes, type Cause } from '../../protocols/supervision.ts';
import { trainingModes } from '../../protocols/training-mode.ts';
import { mpsToKmh, radToDeg } from '../../protocols/units.ts';
import { causeTexts } from '../app/causes.ts';
import { formatNumber, textOf } from '../app/language.ts';
import { trainingModeTexts } from '../app/training-modes.ts';
import { liftTexts } from '../therapist/lift-texts.ts';
import { labelJoint } from './side-comparison.ts';
import { clinicianTexts } from './texts.ts';
import { stateOf, type ParameterChange, type Stop } from './timeline.ts';

interface Quantity {
  readonly scale: (value: number) => number;
  readonly decimals: number;
  readonly unit: string;
}

const quantities: Record<string, Quantity> = {
  speedMps: { scale: mpsToKmh, decimals: 1, unit: ' km/h' },
  guidance: { scale: (share) => share * 100, decimals: 0, unit: ' %' },
  romScale: { scale: (share) => share * 100, decimals: 0, unit: ' %' },
  offsetRad: { scale: radToDeg, decimals: 1, unit: '°' },
  timingShare: { scale: (share) => share * 100, decimals: 1, unit: ' %' },
  unloadingKg: { scale: (kg) => kg, decimals: 1, unit: ' kg' },
  liftHeightM: { scale: (m) => m, decimals: 2, unit: ' m' },
};

/** `guidance.left`, `guidanceLeft`, `romScale.kneeLeft` → what and whose. */
function splitSubject(subject: string): { base: string; owner: string | null } {
  const base = Object.keys(quantities).find((known) => subject.startsWith(known));
  if (base === undefined) return { base: subject, owner: null };
  const owner = subject.slice(base.length).replace(/^\./, '');
  return { base, owner: owner === '' ? null : owner };
}

/** `Knee, left`; joints of other kinds keep their id. */
export function jointName(jointId: string): string {
  const texts = textOf(clinicianTexts);
  const { kind, side } = labelJoint(jointId, null);
  const name = texts.kinds[kind] ?? kind;
  return side === null ? name : `${name} ${texts.sides[side]}`;
}

function ownerName(owner: string): string {
  const { sides } = textOf(clinicianTexts);
  const lower = owner.toLowerCase();
  return lower === 'left' || lower === 'right' ? sides[lower] : jointName(owner);
}

function parameterName(subject: string): string {
  const { parameters } = textOf(clinicianTexts);
  const { base, owner } = splitSubject(subject);
  const names: Record<string, string> = {
    mode: parameters.mode,
    speedMps: parameters.speed,
    guidance: parameters.guidance,
    romScale: parameters.rom,
    offsetRad: parameters.offset,
    timingShare: parameters.timing,
    unloadingKg: parameters.unloading,
    liftHeightM: textOf(liftTexts).title,
  };
  const name = names[base] ?? base;
  return owner === null ? name : `${name} ${ownerName(owner)}`;
}

function figure(text: string | null, quantity: Quantity | undefined): string {
  if (text === null) return '–';
  const mode = trainingModes.find((known) => known === text);
  if (mode !== undefined) return textOf(trainingModeTexts)[mode].name;
  const value = Number(text);
  return quantity === undefined || text.trim() === '' || !Number.isFinite(value) ? text : formatNumber(quantity.scale(value), quantity.decimals);
}

/** `speed 1.5 → 2.0 km/h` */
export function changeSentence(change: ParameterChange): string {
  const quantity = quantities[splitSubject(change.subject).base];
  return `${parameterName(change.subject)} ${figure(change.oldValue, quantity)} → ${figure(change.newValue, quantity)}${quantity?.unit ?? ''}`;
}

export const causeWords = (cause: string | null): string | null => {
  const known: Cause | undefined = causes.find((candidate) => candidate === cause);
  if (known === undefined) return cause;
  return known === 'none' ? null : textOf(causeTexts)[known].title;
};

/** `A joint's torque exceeded its limit (Knee right)` */
export function stopWords(stop: Stop): string {
  const { timeline } = textOf(clinicianTexts);
  const what = causeWords(stop.cause) ?? (stop.emergency ? timeline.emergency : timeline.stop);
  return stop.jointId === null ? what : `${what} (${jointName(stop.jointId)})`;
}

/** `Stopped in 0.21 s, Knee left 6.3°`: the joint that went farthest. */
function stopSentence({ timeMs, atRest, withinLimits, distanceDeg }: StopFigures): string {
  const { events } = textOf(clinicianTexts);
  const time = `${formatNumber(timeMs / 1_000, 2)} s`;
  const ways = Object.entries(distanceDeg).flatMap(([jointId, deg]) => (deg === null ? [] : [{ jointId, deg }]));
  const farthest = ways.toSorted((a, b) => b.deg - a.deg)[0];
  const parts = [atRest ? events.stoppedIn(time) : events.neverAtRest(time)];
  if (farthest !== undefined) parts.push(`${jointName(farthest.jointId)} ${formatNumber(farthest.deg, 1)}°`);
  if (atRest && !withinLimits) parts.push(events.tooLong);
  return parts.join(', ');
}

/** Why it happened: the reason a person gave, or the joint that a stop names. */
export function reasonWords(event: TimelineEvent): string | null {
  return (event.kind === 'state' || event.kind === 'stop') && event.reason !== null ? jointName(event.reason) : event.reason;
}

/** What happened, for the list of events. */
export function eventSentence(event: TimelineEvent): string {
  const { states, events } = textOf(clinicianTexts);
  if (event.kind === 'parameter') return changeSentence(event);
  const state = event.kind === 'state' ? stateOf(event) : null;
  if (state !== null) {
    const cause = causeWords(event.cause);
    return cause === null ? states[state] : `${states[state]}: ${cause}`;
  }
  if (event.stop !== undefined) return stopSentence(event.stop);
  if (event.kind === 'session') return event.subject === 'opened' ? events.opened : event.subject === 'closed' ? events.closed : event.subject;
  if (event.kind === 'link') return `${event.newValue === 'up' ? events.linkUp : events.linkDown}: ${event.subject}`;
  const kind: Partial<Record<string, string>> = events.kinds;
  const value = [event.oldValue, event.newValue].filter((part) => part !== null).join(' → ');
  return [`${kind[event.kind] ?? event.kind}: ${event.subject}`, value].filter((part) => part !== '').join(' ');
}
