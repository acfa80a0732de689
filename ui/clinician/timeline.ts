/** What the time line shows, worked out from the recording: state bars, stops, parameter changes, tracking error. */
import type { SessionReplay, TimelineEvent } from '../../protocols/api.ts';
import { supervisorStates, type SupervisorState } from '../../protocols/supervision.ts';
import { radToDeg } from '../../protocols/units.ts';

export interface StateSegment {
  readonly state: SupervisorState;
  readonly fromSec: number;
  readonly toSec: number;
}

const asState = (name: string | null): SupervisorState | null => supervisorStates.find((state) => state === name) ?? null;

/** From the recorded cycles: exact. The last segment ends with the recording. */
export function segmentsFromCycles(timeSec: readonly number[], state: readonly number[]): StateSegment[] {
  const segments: StateSegment[] = [];
  const endSec = timeSec.at(-1) ?? 0;
  let start = 0;
  for (let i = 1; i <= state.length; i++) {
    if (i < state.length && state[i] === state[start]) continue;
    const name = supervisorStates[state[start] ?? -1];
    const fromSec = timeSec[start] ?? 0;
    const toSec = timeSec[i] ?? endSec;
    if (name !== undefined && toSec > fromSec) segments.push({ state: name, fromSec, toSec });
    start = i;
  }
  return segments;
}

/** From the state events alone, for as long as the cycles are not there. Before the first event nothing is known. */
export function segmentsFromEvents(events: readonly TimelineEvent[], durationSec: number): StateSegment[] {
  const changes = events.flatMap((event) => {
    const state = event.kind === 'state' ? stateOf(event) : null;
    return state === null ? [] : [{ state, atSec: event.atSec }];
  });
  return changes.flatMap(({ state, atSec }, i) => {
    const toSec = Math.min(changes[i + 1]?.atSec ?? durationSec, durationSec);
    return toSec > atSec ? [{ state, fromSec: Math.max(atSec, 0), toSec }] : [];
  });
}

export const stateOf = (event: TimelineEvent): SupervisorState | null => asState(event.newValue) ?? asState(event.subject);

export interface Stop {
  readonly atSec: number;
  readonly cause: string | null;
  /** The joint that the cause names. */
  readonly jointId: string | null;
  readonly emergency: boolean;
}

/** Entries into a latched stop; from `stopped` to `emergency` and back it is still the same stop. */
export function stopsOf(events: readonly TimelineEvent[]): Stop[] {
  const stops: Stop[] = [];
  let inStop = false;
  for (const event of events) {
    const state = event.kind === 'state' ? stateOf(event) : null;
    if (state === null) continue;
    const stopped = state === 'stopped' || state === 'emergency';
    if (stopped && !inStop) stops.push({ atSec: event.atSec, cause: event.cause, jointId: event.reason, emergency: state === 'emergency' });
    inStop = stopped;
  }
  return stops;
}

export interface ParameterChange {
  /** `speedMps`, `guidance`, `guidance.left`, `romScale.kneeLeft`, … */
  readonly subject: string;
  readonly oldValue: string | null;
  readonly newValue: string | null;
}

export interface ChangeGroup {
  readonly atSec: number;
  readonly actor: string | null;
  readonly reason: string | null;
  readonly changes: readonly ParameterChange[];
}

/** Presses of + and − this close together are one change: old value of the first, new value of the last. */
const ONE_GO_SEC = 3;

/** Changes that one person made in one go, for one reason, stand together. */
export function changeGroups(events: readonly TimelineEvent[]): ChangeGroup[] {
  const groups: { atSec: number; lastSec: number; actor: string | null; reason: string | null; changes: ParameterChange[] }[] = [];
  for (const { kind, atSec, actor, reason, subject, oldValue, newValue } of events) {
    if (kind !== 'parameter') continue;
    let group = groups.at(-1);
    if (group === undefined || atSec - group.lastSec > ONE_GO_SEC || group.actor !== actor || group.reason !== reason) {
      group = { atSec, lastSec: atSec, actor, reason, changes: [] };
      groups.push(group);
    }
    group.lastSec = atSec;
    const earlier = group.changes.findIndex((change) => change.subject === subject);
    if (earlier < 0) group.changes.push({ subject, oldValue, newValue });
    else group.changes[earlier] = { subject, oldValue: group.changes[earlier]?.oldValue ?? null, newValue };
  }
  return groups.map(({ atSec, actor, reason, changes }) => ({ atSec, actor, reason, changes: mergeSides(changes) }));
}

const sidePattern = /^(.+?)[.]?(left|right)$/i;

/** Left and right changed alike become one entry without a side. */
function mergeSides(changes: readonly ParameterChange[]): ParameterChange[] {
  const merged: ParameterChange[] = [];
  for (const change of changes) {
    const base = sidePattern.exec(change.subject)?.[1];
    const isTwin = (other: ParameterChange): boolean =>
      other.subject !== change.subject &&
      sidePattern.exec(other.subject)?.[1] === base &&
      other.oldValue === change.oldValue &&
      other.newValue === change.newValue;
    const twin = base === undefined ? -1 : merged.findIndex(isTwin);
    if (twin >= 0 && base !== undefined) merged[twin] = { ...change, subject: base };
    else merged.push(change);
  }
  return merged;
}

export interface ErrorLane {
  readonly bucketSec: number;
  /** RMS of measured − reference over the joints of a side while running, degrees, per bucket; null: not walking. */
  readonly left: readonly (number | null)[];
  readonly right: readonly (number | null)[];
}

export interface TrackingLaneOptions {
  /** Side of each joint in the profile's order. */
  readonly jointSides: readonly ('left' | 'right')[];
  readonly buckets: number;
  /** After each start the amplitude is still growing towards the reference: no tracking error yet. */
  readonly softStartSec: number;
}

export function trackingLane(replay: SessionReplay, { jointSides, buckets, softStartSec }: TrackingLaneOptions): ErrorLane {
  const endSec = replay.timeSec.at(-1) ?? 0;
  const bucketSec = endSec > 0 ? endSec / buckets : 1;
  const running = supervisorStates.indexOf('running');
  const sums = { left: new Float64Array(buckets), right: new Float64Array(buckets) };
  const counts = { left: new Float64Array(buckets), right: new Float64Array(buckets) };
  let startedSec = Infinity;
  replay.timeSec.forEach((atSec, i) => {
    if (replay.state[i] !== running) startedSec = Infinity;
    else startedSec = Math.min(startedSec, atSec);
    if (!(atSec - startedSec >= softStartSec)) return;
    const bucket = Math.min(Math.floor(atSec / bucketSec), buckets - 1);
    jointSides.forEach((side, joint) => {
      const errorDeg = radToDeg((replay.positionRad[joint]?.[i] ?? 0) - (replay.referenceRad[joint]?.[i] ?? 0));
      sums[side][bucket] = (sums[side][bucket] ?? 0) + errorDeg * errorDeg;
      counts[side][bucket] = (counts[side][bucket] ?? 0) + 1;
    });
  });
  const rms = (side: 'left' | 'right'): (number | null)[] =>
    Array.from(sums[side], (sum, bucket) => ((counts[side][bucket] ?? 0) > 0 ? Math.sqrt(sum / (counts[side][bucket] ?? 1)) : null));
  return { bucketSec, left: rms('left'), right: rms('right') };
}

/** Round steps of a time axis with about `wanted` marks. */
export function axisMarks(endSec: number, wanted: number): number[] {
  const steps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600];
  const step = steps.find((candidate) => endSec / candidate <= wanted) ?? 7200;
  return Array.from({ length: Math.floor(endSec / step) + 1 }, (_, i) => i * step);
}

export interface PlacedLabel {
  readonly index: number;
  readonly lane: number;
  readonly xPx: number;
  readonly anchor: 'start' | 'end';
}

/**
 * Gives each label a lane where it touches no other; a label without room is left out (its mark stays, and the list
 * below the time line names it). Labels that would leave the right edge hang to the left of their mark.
 */
export function placeLabels(marks: readonly { xPx: number; widthPx: number }[], lanes: number, totalPx: number, gapPx = 10): PlacedLabel[] {
  const taken: { from: number; to: number }[][] = Array.from({ length: lanes }, () => []);
  const placed: PlacedLabel[] = [];
  marks.forEach(({ xPx, widthPx }, index) => {
    const anchor = xPx + gapPx + widthPx > totalPx && xPx - widthPx - gapPx > 0 ? 'end' : 'start';
    const from = anchor === 'start' ? xPx : xPx - gapPx - widthPx;
    const to = anchor === 'start' ? xPx + gapPx + widthPx : xPx;
    const lane = taken.findIndex((spans) => spans.every((span) => to + gapPx <= span.from || from >= span.to + gapPx));
    if (lane < 0) return;
    taken[lane]?.push({ from, to });
    placed.push({ index, lane, xPx, anchor });
  });
  return placed;
}

/** A state event says what happened; who asked for it stands in the command just before. */
const COMMAND_TO_STATE_SEC = 0.1;

/**
 * The events that a clinician reads: without leases and single commands (their effect stands as a state, with the
 * name of who asked for it) and without the links that were up from the start.
 */
export function readableEvents(events: readonly TimelineEvent[]): TimelineEvent[] {
  let command: TimelineEvent | null = null;
  const readable: TimelineEvent[] = [];
  for (const event of events) {
    const isCommand = event.kind === 'note' && event.subject === 'command';
    if (isCommand) command = event;
    if (isCommand || event.kind === 'lease' || (event.kind === 'link' && event.newValue === 'up' && event.atSec < 0.5)) continue;
    const asked = event.kind === 'state' && event.actor === null && command !== null && event.atSec - command.atSec <= COMMAND_TO_STATE_SEC;
    readable.push(asked && command !== null ? { ...event, actor: command.actor } : event);
  }
  return readable;
}
