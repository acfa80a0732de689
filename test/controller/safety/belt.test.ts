import { assert as assertProperty, array, boolean, constantFrom, double, oneof, property, record } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BeltEnvelope, createBeltLimits, type BeltLimits, type BeltMode } from '../../../controller/safety/belt.ts';
import type { TreadmillInputs } from '../../../protocols/joints.ts';
import { driven, profile } from './fixtures.ts';

const PERIOD_SEC = 0.004;
const LIMITS: BeltLimits = { speedMps: 0.9, easedMps: 0.15, startRampMps2: 0.25, stopRampMps2: 2, fadeSec: 2.5 };
const belt = (mps: number): TreadmillInputs => ({ ageUs: 1000, leftMps: mps, rightMps: mps, ready: true, stopRopePulled: false, fault: false });
const ROUNDING = 1e-12;

function running(speedMps: number): BeltEnvelope {
  const envelope = new BeltEnvelope(LIMITS, PERIOD_SEC);
  while (envelope.speedMps < speedMps - 1e-9) envelope.apply(speedMps, belt(envelope.speedMps), 'walk', true);
  return envelope;
}

const repeat = (seconds: number, cycle: () => void): void => {
  for (let n = Math.round(seconds / PERIOD_SEC); n > 0; n--) cycle();
};

describe('the limits of a belt', () => {
  it('come from the profile, in SI units, with the slowest walking under a softened leg', () => {
    expect(createBeltLimits(driven)).toEqual({ speedMps: 3.2 / 3.6, easedMps: 0.5 / 3.6, startRampMps2: 0.25, stopRampMps2: 2, fadeSec: driven.therapy.softStopSec + 0.5 });
  });

  it('are none for a robot that drives no belt', () => {
    const { treadmill: _none, ...without } = driven;
    expect(createBeltLimits(without)).toBeNull();
    expect(profile.id).toBe(driven.id);
  });
});

describe('the belt', () => {
  it('is enabled by walking, even before it moves, and by nothing before that', () => {
    const envelope = new BeltEnvelope(LIMITS, PERIOD_SEC);
    expect(envelope.enable).toBe(false);
    envelope.apply(0, belt(0), 'walk', true);
    expect([envelope.speedMps, envelope.enable]).toEqual([0, true]);
    envelope.apply(0, belt(0), 'stand', true);
    expect(envelope.enable).toBe(false);
  });

  it('gains speed by the start ramp and loses it by the stop ramp', () => {
    const envelope = new BeltEnvelope(LIMITS, PERIOD_SEC);
    repeat(1, () => envelope.apply(0.5, belt(envelope.speedMps), 'walk', true));
    expect(envelope.speedMps).toBeCloseTo(0.25, 9);
    expect(envelope.enable).toBe(true);
    repeat(0.1, () => envelope.apply(0, belt(envelope.speedMps), 'walk', true));
    expect(envelope.speedMps).toBeCloseTo(0.05, 9);
    repeat(0.04, () => envelope.apply(0, belt(envelope.speedMps), 'walk', true));
    expect(envelope.speedMps).toBe(0);
  });

  it('is never faster than its limit', () => {
    expect(running(0.9).speedMps).toBeCloseTo(0.9, 9);
    const envelope = running(0.9);
    repeat(1, () => envelope.apply(Infinity, belt(0.9), 'walk', true));
    expect(envelope.speedMps).toBe(0.9);
  });

  it.each([
    ['moves on the left', { ...belt(0), leftMps: 0.03 }],
    ['moves on the right', { ...belt(0), rightMps: -0.03 }],
    ['was never heard of', { ...belt(0), ageUs: Infinity }],
    ['says what is no number', belt(Number.NaN)],
  ])('does not start when it %s', (_what, measured) => {
    const envelope = new BeltEnvelope(LIMITS, PERIOD_SEC);
    repeat(1, () => envelope.apply(0.5, measured, 'walk', true));
    expect(envelope.speedMps).toBe(0);
    repeat(1, () => envelope.apply(0.5, belt(0.02), 'walk', true));
    expect(envelope.speedMps).toBeCloseTo(0.25, 9);
  });

  it.each([Number.NaN, -1])('comes to rest when %f is asked for', (wish) => {
    const envelope = running(0.4);
    repeat(0.2, () => envelope.apply(wish, belt(0.4), 'walk', true));
    expect(envelope.speedMps).toBe(0);
  });

  it('stands at once by the stop ramp where nobody walks, and only then gives up its enable', () => {
    const envelope = running(0.4);
    repeat(0.1, () => envelope.apply(0.4, belt(0.4), 'stand', true));
    expect(envelope.speedMps).toBeCloseTo(0.2, 9);
    expect(envelope.enable).toBe(true);
    repeat(0.104, () => envelope.apply(0.4, belt(0.4), 'stand', true));
    expect([envelope.speedMps, envelope.enable]).toEqual([0, false]);
  });

  it('loses its enable at once when it does not obey, while its set-point falls on', () => {
    const envelope = running(0.4);
    envelope.apply(0.4, belt(0.8), 'stand', false);
    expect(envelope.enable).toBe(false);
    expect(envelope.speedMps).toBeCloseTo(0.392, 9);
  });

  it('follows the legs down in a soft stop, never up, and stands when that is over', () => {
    const envelope = running(0.4);
    envelope.apply(0.3999, belt(0.4), 'fade', true);
    expect(envelope.speedMps).toBeCloseTo(0.3999, 9);
    envelope.apply(0.5, belt(0.4), 'fade', true);
    expect(envelope.speedMps).toBeCloseTo(0.3999, 9);
    repeat(2.4, () => envelope.apply(0.3, belt(0.3), 'fade', true));
    expect(envelope.speedMps).toBeCloseTo(0.3, 9);
    repeat(0.3, () => envelope.apply(0.3, belt(0.3), 'fade', true));
    expect(envelope.speedMps).toBe(0);
  });

  it('has the time of a soft stop anew for each one', () => {
    const envelope = running(0.4);
    repeat(2.4, () => envelope.apply(0.4, belt(0.4), 'fade', true));
    envelope.apply(0.4, belt(0.4), 'walk', true);
    repeat(2.4, () => envelope.apply(0.4, belt(0.4), 'fade', true));
    expect(envelope.speedMps).toBeCloseTo(0.4, 9);
  });

  it('slows to the slowest walking under a softened leg, and does not start under one', () => {
    const envelope = running(0.4);
    repeat(0.3, () => envelope.apply(0.4, belt(0.4), 'ease', true));
    expect(envelope.speedMps).toBeCloseTo(0.15, 9);
    const standing = new BeltEnvelope(LIMITS, PERIOD_SEC);
    repeat(0.3, () => standing.apply(0.4, belt(0), 'ease', true));
    expect(standing.speedMps).toBe(0);
  });

  it('keeps its ramps and limits whatever is asked for, measured or going on', () => {
    const anyMps = oneof(double(), constantFrom(Number.NaN, Infinity, -Infinity, 0, 0.4, 0.9));
    const cycles = array(record({ wish: anyMps, measured: anyMps, mode: constantFrom<BeltMode>('stand', 'fade', 'ease', 'walk'), obeying: boolean() }), { minLength: 1, maxLength: 200 });
    assertProperty(
      property(cycles, (list) => {
        const envelope = new BeltEnvelope(LIMITS, PERIOD_SEC);
        for (const { wish, measured, mode, obeying } of list) {
          const before = envelope.speedMps;
          envelope.apply(wish, belt(measured), mode, obeying);
          const { speedMps, enable } = envelope;
          expect(speedMps >= 0 && speedMps <= LIMITS.speedMps).toBe(true);
          expect(speedMps - before).toBeLessThanOrEqual(LIMITS.startRampMps2 * PERIOD_SEC + ROUNDING);
          expect(before - speedMps).toBeLessThanOrEqual(LIMITS.stopRampMps2 * PERIOD_SEC + ROUNDING);
          expect(mode === 'walk' || speedMps <= before).toBe(true);
          expect(before > 0 || speedMps === 0 || Math.abs(measured) <= 0.02).toBe(true);
          expect(!Number.isNaN(wish) || Math.abs(speedMps - Math.max(0, before - LIMITS.stopRampMps2 * PERIOD_SEC)) < ROUNDING).toBe(true);
          expect(obeying || !enable).toBe(true);
        }
      }),
    );
  });
});
