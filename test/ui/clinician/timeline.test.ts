import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SessionReplay, TimelineEvent } from '../../../protocols/api.ts';
import { degToRad } from '../../../protocols/units.ts';
import { axisMarks, changeGroups, placeLabels, readableEvents, segmentsFromCycles, segmentsFromEvents, stopsOf, trackingLane } from '../../../ui/clinician/timeline.ts';

const event = (atSec: number, kind: string, subject: string, rest: Partial<TimelineEvent> = {}): TimelineEvent => ({
  atSec,
  kind,
  subject,
  oldValue: null,
  newValue: null,
  cause: null,
  actor: null,
  reason: null,
  ...rest,
});
const state = (atSec: number, name: string, rest: Partial<TimelineEvent> = {}): TimelineEvent => event(atSec, 'state', name, rest);
const change = (atSec: number, subject: string, oldValue: string, newValue: string, rest: Partial<TimelineEvent> = {}): TimelineEvent =>
  event(atSec, 'parameter', subject, { oldValue, newValue, ...rest });

describe('state bars', () => {
  it('follow the recorded cycles without gap or overlap', () => {
    // ready, ready, running, running, paused
    expect(segmentsFromCycles([0, 1, 2, 3, 4], [1, 1, 3, 3, 4])).toEqual([
      { state: 'ready', fromSec: 0, toSec: 2 },
      { state: 'running', fromSec: 2, toSec: 4 },
    ]);
  });

  it('cover the whole recording whatever the states are', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 7 }), { minLength: 2, maxLength: 60 }), (states) => {
        const times = states.map((_, i) => i / 10);
        const segments = segmentsFromCycles(times, states);
        expect(segments[0]?.fromSec).toBe(0);
        expect(segments.at(-1)?.toSec).toBe(times.at(-1));
        segments.slice(1).forEach((segment, i) => expect(segment.fromSec).toBe(segments[i]?.toSec));
      }),
    );
  });

  it('come from the events until the cycles are loaded, the last one lasting to the end', () => {
    expect(segmentsFromEvents([state(2, 'running'), change(3, 'speedMps', '1', '2'), state(5, 'paused')], 8)).toEqual([
      { state: 'running', fromSec: 2, toSec: 5 },
      { state: 'paused', fromSec: 5, toSec: 8 },
    ]);
  });

  it('skip states that this page does not know', () => {
    expect(segmentsFromEvents([state(2, 'dancing')], 8)).toEqual([]);
  });
});

describe('stops', () => {
  it('carry the cause and the joint', () => {
    const [stop] = stopsOf([state(1, 'running'), state(4, 'stopped', { cause: 'torqueOutOfRange', reason: 'kneeRight' })]);
    expect(stop).toEqual({ atSec: 4, cause: 'torqueOutOfRange', jointId: 'kneeRight', emergency: false });
  });

  it('are one while the robot stays stopped, also when it gets worse', () => {
    expect(stopsOf([state(4, 'stopped'), state(5, 'emergency'), state(6, 'stopped'), state(7, 'ready'), state(8, 'stopped')])).toHaveLength(2);
  });
});

describe('parameter changes', () => {
  const therapist = { actor: 'therapist', reason: 'follows well' };

  it('merge left and right when both change alike', () => {
    const groups = changeGroups([change(10, 'guidance.left', '0.7', '0.6', therapist), change(10, 'guidance.right', '0.7', '0.6', therapist)]);
    expect(groups).toEqual([{ atSec: 10, ...therapist, changes: [{ subject: 'guidance', oldValue: '0.7', newValue: '0.6' }] }]);
  });

  it('keep the sides apart when they change differently', () => {
    const [group] = changeGroups([change(10, 'guidance.left', '0.7', '0.6', therapist), change(10, 'guidance.right', '0.7', '0.5', therapist)]);
    expect(group?.changes).toHaveLength(2);
  });

  it('merge joints of both legs', () => {
    const [group] = changeGroups([change(10, 'romScale.kneeLeft', '1', '0.9'), change(10, 'romScale.kneeRight', '1', '0.9')]);
    expect(group?.changes).toEqual([{ subject: 'romScale.knee', oldValue: '1', newValue: '0.9' }]);
  });

  it('read a row of quick presses as one change from the first value to the last', () => {
    const groups = changeGroups([change(10, 'speedMps', '0.4', '0.5'), change(11, 'speedMps', '0.5', '0.6'), change(20, 'speedMps', '0.6', '0.7')]);
    expect(groups.map(({ changes }) => changes[0])).toEqual([
      { subject: 'speedMps', oldValue: '0.4', newValue: '0.6' },
      { subject: 'speedMps', oldValue: '0.6', newValue: '0.7' },
    ]);
  });

  it('do not merge across people', () => {
    expect(changeGroups([change(10, 'speedMps', '1', '2', { actor: 'a' }), change(10, 'speedMps', '2', '3', { actor: 'b' })])).toHaveLength(2);
  });
});

describe('the tracking lane', () => {
  const replay: SessionReplay = {
    profile: null,
    bodyHeightM: 1.8,
    timeSec: [0, 1, 2, 3],
    state: [1, 3, 3, 3],
    positionRad: [[0, degToRad(3), degToRad(4), degToRad(4)], [0, 0, 0, 0]],
    referenceRad: [[0, 0, 0, 0], [0, 0, 0, 0]],
    torqueNm: [[0, 0, 0, 0], [0, 0, 0, 0]],
    permittedRangeRad: [],
    strides: [],
  };

  it('is the RMS over each bucket, by side, and only while walking', () => {
    const lane = trackingLane(replay, { jointSides: ['left', 'right'], buckets: 3, softStartSec: 0 });
    expect(lane.left[0]).toBeNull();
    expect(lane.left[1]).toBeCloseTo(3, 9);
    expect(lane.left[2]).toBeCloseTo(4, 9);
    expect(lane.right).toEqual([null, 0, 0]);
  });
});

describe('the tracking lane after a start', () => {
  it('waits until the amplitude has grown to the reference, every time anew', () => {
    const timeSec = [0, 1, 2, 3, 4, 5, 6];
    const zeros = timeSec.map(() => 0);
    const replay: SessionReplay = {
      profile: null,
      bodyHeightM: 1.8,
      timeSec,
      state: [3, 3, 3, 4, 3, 3, 3],
      positionRad: [zeros],
      referenceRad: [zeros],
      torqueNm: [zeros],
      permittedRangeRad: [],
      strides: [],
    };
    const { left } = trackingLane(replay, { jointSides: ['left'], buckets: 6, softStartSec: 2 });
    expect(left).toEqual([null, null, 0, null, null, 0]);
  });
});

describe('the events that a clinician reads', () => {
  it('name who asked for a change of state, instead of listing the command', () => {
    const command = event(10, 'note', 'command', { newValue: 'pause', actor: 'therapist' });
    expect(readableEvents([command, state(10.004, 'paused'), state(20, 'stopped')]).map(({ subject, actor }) => [subject, actor])).toEqual([
      ['paused', 'therapist'],
      ['stopped', null],
    ]);
  });

  it('leave out leases and the links that were there from the start, but not a cable that was lost', () => {
    const events = [event(0, 'link', 'hub', { newValue: 'up' }), event(1, 'lease', 'taken'), event(9, 'link', 'hub', { newValue: 'down' }), event(12, 'link', 'hub', { newValue: 'up' })];
    expect(readableEvents(events).map(({ atSec }) => atSec)).toEqual([9, 12]);
  });
});

describe('the axis and its labels', () => {
  it('has round marks, few enough to read', () => {
    expect(axisMarks(60, 6)).toEqual([0, 10, 20, 30, 40, 50, 60]);
    expect(axisMarks(1920, 7)).toEqual([0, 300, 600, 900, 1200, 1500, 1800]);
  });

  it('never lets two labels of a lane touch', () => {
    const mark = fc.record({ xPx: fc.integer({ min: 0, max: 900 }), widthPx: fc.integer({ min: 10, max: 200 }) });
    fc.assert(
      fc.property(fc.array(mark, { maxLength: 20 }), (marks) => {
        const spans = placeLabels(marks, 2, 960).map(({ index, lane, xPx, anchor }) => {
          const width = marks[index]?.widthPx ?? 0;
          return { lane, from: anchor === 'start' ? xPx : xPx - 10 - width, to: anchor === 'start' ? xPx + 10 + width : xPx };
        });
        spans.forEach((a, i) => spans.slice(i + 1).forEach((b) => expect(a.lane !== b.lane || a.to <= b.from || b.to <= a.from).toBe(true)));
      }),
    );
  });

  it('hangs a label at the right edge to the left of its mark', () => {
    expect(placeLabels([{ xPx: 900, widthPx: 150 }], 2, 960)[0]?.anchor).toBe('end');
  });
});
