import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SessionReplay } from '../../../protocols/api.ts';
import { advance, emptySample, indexAt, keyStepSec, sampleAt, seekTo, stoppedClock, strideAt, togglePlay } from '../../../ui/clinician/replay-clock.ts';

const replay = (changes: Partial<SessionReplay> = {}): SessionReplay => ({
  profile: null,
  bodyHeightM: 1.8,
  timeSec: [0, 0.1, 0.2, 5, 5.1],
  state: [1, 3, 3, 4, 4],
  positionRad: [[0, 1, 2, 10, 11]],
  referenceRad: [[0, 0, 0, 0, 0]],
  torqueNm: [[5, 5, 5, 5, 5]],
  permittedRangeRad: [{ min: 0, max: 1 }],
  strides: [],
  ...changes,
});

describe('the replay clock', () => {
  it('stands still until it is started', () => {
    expect(advance(stoppedClock, 1, 10).timeSec).toBe(0);
  });

  it('runs at the chosen speed', () => {
    const playing = { ...togglePlay(stoppedClock, 10), speed: 4 as const };
    expect(advance(playing, 0.1, 10).timeSec).toBeCloseTo(0.4, 12);
  });

  it('stops at the end, and starts over from the beginning', () => {
    const atEnd = advance({ timeSec: 9.95, playing: true, speed: 1 }, 0.1, 10);
    expect(atEnd).toEqual({ timeSec: 10, playing: false, speed: 1 });
    expect(togglePlay(atEnd, 10)).toEqual({ timeSec: 0, playing: true, speed: 1 });
  });

  it('does not jump ahead after the page slept', () => {
    expect(advance({ timeSec: 0, playing: true, speed: 1 }, 3600, 10_000).timeSec).toBe(0.25);
  });

  it('never starts an empty recording', () => {
    expect(togglePlay(stoppedClock, 0).playing).toBe(false);
  });

  it('stays inside the recording wherever it is sent', () => {
    fc.assert(
      fc.property(fc.double(), fc.double({ min: 0, max: 1e5, noNaN: true }), (to, endSec) => {
        const { timeSec } = seekTo(stoppedClock, to, endSec);
        expect(timeSec).toBeGreaterThanOrEqual(0);
        expect(timeSec).toBeLessThanOrEqual(endSec);
      }),
    );
  });

  it('knows its keys: a second, a tenth with Shift, ten seconds by page', () => {
    expect([keyStepSec('ArrowRight', false), keyStepSec('ArrowLeft', true), keyStepSec('PageUp', true), keyStepSec('a', false)]).toEqual([1, -0.1, 10, null]);
  });
});

describe('reading a recording at an instant', () => {
  it('interpolates between two samples', () => {
    const sample = sampleAt(replay(), 0.15, emptySample(1));
    expect(sample.positionRad[0]).toBeCloseTo(1.5, 12);
    expect(sample.state).toBe(3);
  });

  it('does not bridge a gap in which nothing was recorded', () => {
    expect(sampleAt(replay(), 2.5, emptySample(1)).positionRad[0]).toBe(2);
  });

  it('holds the first and last sample outside the recording', () => {
    expect(sampleAt(replay(), -1, emptySample(1)).positionRad[0]).toBe(0);
    expect(sampleAt(replay(), 99, emptySample(1)).positionRad[0]).toBe(11);
  });

  it('gives zeros for an empty recording instead of failing', () => {
    const empty = replay({ timeSec: [], state: [], positionRad: [[]], referenceRad: [[]], torqueNm: [[]] });
    expect(sampleAt(empty, 1, emptySample(1)).positionRad).toEqual([0]);
  });

  it('finds the last sample that is not later', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0.01, max: 1, noNaN: true }), { minLength: 1, maxLength: 50 }), fc.double({ min: 0, max: 50, noNaN: true }), (steps, at) => {
        let sum = 0;
        const times = steps.map((step) => (sum += step));
        const expected = Math.max(times.filter((time) => time <= at).length - 1, 0);
        expect(indexAt(times, at)).toBe(expected);
      }),
    );
  });
});

describe('the stride of an instant', () => {
  const stride = (endSec: number, jointId: string, swingNm: number) => ({ side: 'left' as const, endSec, strideTimeSec: 2, steps: 1, joints: [{ jointId, romDeg: 40, stanceNm: null, swingNm }] });
  const recorded = replay({ strides: [stride(2, 'kneeLeft', 1), stride(3, 'kneeRight', 2), stride(4, 'kneeLeft', 3)] });

  it('is the one in which it lies, of that leg', () => {
    expect([0.5, 2, 2.1, 4].map((atSec) => strideAt(recorded, 'kneeLeft', atSec)?.swingNm)).toEqual([1, 1, 3, 3]);
    expect(strideAt(recorded, 'kneeRight', 2.1)?.swingNm).toBe(2);
  });

  it('is none before, between and after strides', () => {
    expect([strideAt(recorded, 'kneeLeft', 4.1), strideAt(recorded, 'kneeRight', 0.9), strideAt(recorded, 'hipLeft', 2)]).toEqual([null, null, null]);
  });
});
