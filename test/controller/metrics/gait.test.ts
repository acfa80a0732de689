import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { contactEvents, eventAgreement, kinematicEvents } from '../../../controller/metrics/gait-events.ts';
import {
  cadenceOfStride,
  doubleSupportPercents,
  peakOf,
  rangeOf,
  speedDisagreementPercent,
  stancePercents,
  stepLengthsM,
  stridesOf,
  strideTimesSec,
  walkingSpeedMps,
} from '../../../controller/metrics/gait-variables.ts';

const RATE_HZ = 200;
const STRIDE_SEC = 1.25;
const STANCE = 0.62;
const seconds = 8;
const samples = Array.from({ length: seconds * RATE_HZ }, (_, i) => i / RATE_HZ);

/** Force of a foot that strikes at these parts of a second: rises and falls within 20 ms. */
const force = (strikeSec: number): number[] =>
  samples.map((t) => {
    const share = (((t - strikeSec) % STRIDE_SEC) + STRIDE_SEC) % STRIDE_SEC;
    const [on, off] = [share / 0.02, (STANCE * STRIDE_SEC - share) / 0.02];
    return 700 * Math.max(0, Math.min(1, on, off));
  });
const left = contactEvents(force(0.3), RATE_HZ);
const right = contactEvents(force(0.3 + STRIDE_SEC / 2), RATE_HZ);

describe('the events of foot contact', () => {
  test('lie between the samples where the force crosses its thresholds', () => {
    expect(left.strikesSec).toHaveLength(7);
    left.strikesSec.forEach((atSec, k) => expect(atSec).toBeCloseTo(0.3 + k * STRIDE_SEC + (0.02 * 50) / 700, 4));
    left.offsSec.forEach((atSec, k) => expect(atSec).toBeCloseTo(0.3 + k * STRIDE_SEC + STANCE * STRIDE_SEC - (0.02 * 20) / 700, 4));
  });

  test('are not multiplied by a force that trembles around one threshold', () => {
    const trembling = force(0.3).map((n, i) => Math.max(0, n + (i % 2 === 0 ? 14 : -14)));
    expect(contactEvents(trembling, RATE_HZ).strikesSec).toHaveLength(7);
  });

  test('begin with the toe off when the record begins on the foot', () => {
    expect(contactEvents([600, 600, 0, 0, 600], 10)).toEqual({ strikesSec: [expect.closeTo(0.3 + 0.1 * (50 / 600), 9)], offsSec: [expect.closeTo(0.1 + 0.1 * (580 / 600), 9)] });
  });

  test('are none on an empty record or without a step', () => {
    expect(contactEvents([], 100)).toEqual({ strikesSec: [], offsSec: [] });
    expect(contactEvents([700, 700, 700], 100)).toEqual({ strikesSec: [], offsSec: [] });
  });
});

describe('the events of the foot against the pelvis', () => {
  const TURN = 2 * Math.PI;
  const walk = (speedMps: number) => ({
    heelM: samples.map((t) => speedMps * t + 0.3 * Math.cos((TURN * (t - 0.4)) / STRIDE_SEC)),
    toeM: samples.map((t) => speedMps * t + 0.15 + 0.3 * Math.cos((TURN * (t - 0.4 - (STANCE - 0.5) * STRIDE_SEC)) / STRIDE_SEC)),
    pelvisM: samples.map((t) => speedMps * t),
  });

  test('are the farthest points in front and behind, on the treadmill and over ground', () => {
    for (const speedMps of [0, 1.2]) {
      const { strikesSec, offsSec } = kinematicEvents(walk(speedMps), RATE_HZ);
      strikesSec.forEach((atSec, k) => expect(atSec).toBeCloseTo(0.4 + k * STRIDE_SEC, 4));
      // The seventh is not followed by a fall any more.
      expect(strikesSec).toHaveLength(6);
      offsSec.forEach((atSec) => expect((((atSec - 0.4) / STRIDE_SEC) % 1 + 1) % 1).toBeCloseTo(STANCE, 4));
    }
  });

  test('are none where the foot stands still, and not multiplied by noise', () => {
    const still = samples.map(() => 1);
    expect(kinematicEvents({ heelM: still, toeM: still, pelvisM: still }, RATE_HZ)).toEqual({ strikesSec: [], offsSec: [] });
    const { heelM, toeM, pelvisM } = walk(0);
    expect(kinematicEvents({ heelM: heelM.map((x, i) => x + 0.02 * Math.sin(7.3 * i)), toeM, pelvisM }, RATE_HZ).strikesSec).toHaveLength(6);
  });
});

describe('the agreement of two ways to find events', () => {
  test('is their mean difference, with what only one of them saw', () => {
    expect(eventAgreement([1, 2, 3, 4], [1.01, 2.03, 3.02, 9])).toEqual({ meanMs: expect.closeTo(20, 6), meanAbsoluteMs: expect.closeTo(20, 6), matched: 3, unmatched: 2 });
    expect(eventAgreement([1, 2], [1.02, 1.98])).toMatchObject({ meanMs: expect.closeTo(0, 6), meanAbsoluteMs: expect.closeTo(20, 6) });
  });

  test('is unknown where nothing is the same event', () => {
    expect([eventAgreement([1], [2]), eventAgreement([], [1]), eventAgreement([1], [])]).toEqual([null, null, null]);
  });

  test('changes its sign when the two are swapped', () => {
    const events = fc.array(fc.integer({ min: -90, max: 90 }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(events, (shiftsMs) => {
        const [first, other] = [shiftsMs.map((_, k) => k), shiftsMs.map((ms, k) => k + ms / 1_000)];
        expect(eventAgreement(other, first)!.meanMs).toBeCloseTo(-eventAgreement(first, other)!.meanMs, 9);
      }),
    );
  });
});

describe('the variables of a walk', () => {
  test('follow from the events', () => {
    strideTimesSec(left).forEach((sec) => expect(sec).toBeCloseTo(STRIDE_SEC, 9));
    expect(strideTimesSec(left)).toHaveLength(6);
    stancePercents(left).forEach((percent) => expect(percent).toBeCloseTo(STANCE * 100, 0));
    expect(stancePercents(left)).toHaveLength(6);
    doubleSupportPercents(left, right).forEach((percent) => expect(percent).toBeCloseTo((2 * STANCE - 1) * 100, 0));
    expect(doubleSupportPercents(left, right).length).toBeGreaterThanOrEqual(5);
  });

  test('make stance, swing and double support fit together', () => {
    const stance = stancePercents(left)[1]!;
    expect(doubleSupportPercents(left, right)[1]).toBeCloseTo(2 * stance - 100, 6);
  });

  test('leave out what was not seen whole', () => {
    expect(stridesOf({ strikesSec: [0, 1, 2], offsSec: [1.6] })).toEqual([{ startSec: 0, toeOffSec: null, endSec: 1 }, { startSec: 1, toeOffSec: 1.6, endSec: 2 }]);
    expect(stancePercents({ strikesSec: [0, 1, 2], offsSec: [1.6] })).toEqual([expect.closeTo(60, 9)]);
    expect(doubleSupportPercents({ strikesSec: [0, 1], offsSec: [0.6] }, { strikesSec: [], offsSec: [] })).toEqual([]);
    expect(strideTimesSec({ strikesSec: [1], offsSec: [] })).toEqual([]);
  });

  test('measure a step from heel to heel when the foot strikes', () => {
    const [own, other] = [[0, 0.5, 1, 1.5], [0, 0.1, 0.2, 0.3]];
    expect(stepLengthsM([0.1, 0.25], own, other, 10)).toEqual([expect.closeTo(0.4, 9), expect.closeTo(1, 9)]);
  });

  test('always give speed = step length × cadence / 60', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.1, max: 1, noNaN: true }), fc.double({ min: 0.8, max: 4, noNaN: true }), (stepM, strideSec) => {
        // A stride is two steps.
        expect(walkingSpeedMps(stepM, cadenceOfStride(strideSec))).toBeCloseTo((2 * stepM) / strideSec, 9);
        expect(speedDisagreementPercent((2 * stepM) / strideSec, stepM, cadenceOfStride(strideSec))).toBeCloseTo(0, 9);
      }),
    );
    expect(speedDisagreementPercent(1, 0.55, 120)).toBeCloseTo(10, 9);
    expect(speedDisagreementPercent(0, 0.5, 100)).toBeNull();
  });

  test('take range of motion and peak from an angle', () => {
    expect([rangeOf([10, -5, 30]), peakOf([10, -5, 30])]).toEqual([35, 30]);
  });
});
