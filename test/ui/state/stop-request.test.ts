import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { supervisorStates } from '../../../protocols/supervision.ts';
import { BRAKING_WITHIN_MS, SHOWN_MS, STANDING_MARGIN_MS, stopIdle, stopObserved, stopOverdue, stopPressed, type StopObservation, type StopRequest } from '../../../ui/state/stop-request.ts';

const times = { maxStopMs: 500, restSpeedDegPerSec: 3 };
const seen = (atMs: number, over: Partial<StopObservation> = {}): StopObservation => ({ atMs, state: 'running', drivesEnabled: true, fastestJointDegPerSec: 90, ...over });

test('STOP says requested until braking is observed, then braking, then standing still', () => {
  let stop = stopPressed(stopIdle, 1_000);
  expect(stop.phase).toBe('requested');
  stop = stopObserved(stop, seen(1_016), times);
  expect(stop.phase).toBe('requested');
  stop = stopObserved(stop, seen(1_040, { state: 'stopping' }), times);
  expect(stop.phase).toBe('braking');
  stop = stopObserved(stop, seen(1_300, { state: 'stopped', fastestJointDegPerSec: 1 }), times);
  expect(stop.phase).toBe('standing');
});

test('braking that is not observed in time is unconfirmed, with or without telemetry', () => {
  const stop = stopPressed(stopIdle, 0);
  expect(stopObserved(stop, seen(BRAKING_WITHIN_MS + 1), times).phase).toBe('unconfirmed');
  expect(stopOverdue(stop, BRAKING_WITHIN_MS, times).phase).toBe('requested');
  expect(stopOverdue(stop, BRAKING_WITHIN_MS + 1, times).phase).toBe('unconfirmed');
});

test('a robot that brakes but does not come to rest in time is unconfirmed', () => {
  const braking: StopRequest = { phase: 'braking', sinceMs: 0 };
  const still = seen(times.maxStopMs + STANDING_MARGIN_MS + 1, { state: 'stopping' });
  expect(stopObserved(braking, still, times).phase).toBe('unconfirmed');
});

test('a late confirmation is still shown, because it is what is observed', () => {
  const unconfirmed: StopRequest = { phase: 'unconfirmed', sinceMs: 0 };
  expect(stopObserved(unconfirmed, seen(2_000, { state: 'stopped', fastestJointDegPerSec: 0 }), times).phase).toBe('standing');
});

test('a frame from before the press confirms nothing', () => {
  const stop = stopPressed(stopIdle, 1_000);
  expect(stopObserved(stop, seen(990, { state: 'stopped', fastestJointDegPerSec: 0 }), times).phase).toBe('requested');
});

test('a robot whose drives are off and that stands is seen standing at once', () => {
  const stop = stopPressed(stopIdle, 0);
  expect(stopObserved(stop, seen(20, { state: 'ready', drivesEnabled: false, fastestJointDegPerSec: 0 }), times).phase).toBe('standing');
});

test('the button forgets the stop when the robot is armed again', () => {
  expect(stopObserved({ phase: 'standing', sinceMs: 0 }, seen(9_000, { state: 'armed' }), times)).toEqual(stopIdle);
});

test('an acknowledged stop is forgotten once it has been read', () => {
  const standing: StopRequest = { phase: 'standing', sinceMs: 0 };
  const ready = (atMs: number): StopObservation => seen(atMs, { state: 'ready', drivesEnabled: false, fastestJointDegPerSec: 0 });
  expect(stopObserved(standing, ready(SHOWN_MS), times).phase).toBe('standing');
  expect(stopObserved(standing, ready(SHOWN_MS + 1), times)).toEqual(stopIdle);
  expect(stopObserved(standing, seen(60_000, { state: 'stopped', fastestJointDegPerSec: 0 }), times).phase).toBe('standing');
});

test('pressing again asks again, unless the robot is already seen braking', () => {
  expect(stopPressed({ phase: 'unconfirmed', sinceMs: 0 }, 700)).toEqual({ phase: 'requested', sinceMs: 700 });
  expect(stopPressed({ phase: 'braking', sinceMs: 5 }, 700)).toEqual({ phase: 'braking', sinceMs: 5 });
});

test('standing still is never shown while a joint moves or the robot is said to run', () => {
  const observation = fc.record({ state: fc.constantFrom(...supervisorStates), drivesEnabled: fc.boolean(), fastestJointDegPerSec: fc.double({ min: 0, max: 400, noNaN: true }), stepMs: fc.integer({ min: 1, max: 400 }) });
  fc.assert(
    fc.property(fc.array(observation, { maxLength: 40 }), (observations) => {
      let atMs = 0;
      let stop = stopPressed(stopIdle, atMs);
      const wrong = observations.filter(({ stepMs, ...rest }) => {
        atMs += stepMs;
        const before = stop.phase;
        stop = stopObserved(stop, { atMs, ...rest }, times);
        const nowStanding = stop.phase === 'standing' && before !== 'standing';
        return nowStanding && (rest.fastestJointDegPerSec > times.restSpeedDegPerSec || ['running', 'paused', 'armed'].includes(rest.state));
      });
      expect(wrong).toEqual([]);
    }),
  );
});
