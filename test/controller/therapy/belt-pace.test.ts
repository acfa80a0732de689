import { assert as assertProperty, array, boolean, constantFrom, double, oneof, property, record } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BeltPace } from '../../../controller/therapy/belt-pace.ts';
import { SmoothValue } from '../../../controller/therapy/smooth.ts';
import { kmhToMps } from '../../../protocols/units.ts';
import { driven, profile } from '../safety/fixtures.ts';

const CYCLE_SEC = 0.004;
const BRAKE_SEC = 0.2;
const SLOWEST_MPS = kmhToMps(driven.therapy.speedKmh.min);
const paceOf = (): BeltPace => BeltPace.of(driven, BRAKE_SEC)!;

function speedAt(mps: number): SmoothValue {
  const speed = new SmoothValue();
  speed.reset(mps);
  return speed;
}

it('there is none on a robot without a belt', () => {
  const { treadmill: _none, ...without } = profile;
  expect(BeltPace.of(without, BRAKE_SEC)).toBeNull();
});

describe('stepping legs', () => {
  it('speed up only once their pattern is whole, by less than the start ramp', () => {
    const [pace, speed] = [paceOf(), speedAt(SLOWEST_MPS)];
    for (let n = 0; n < 500; n++) pace.lead(speed, 0.8, false, CYCLE_SEC);
    expect(speed.value).toBeCloseTo(SLOWEST_MPS, 9);
    let before = speed.value;
    for (let n = 0; n < 1_500; n++) {
      pace.lead(speed, 0.8, true, CYCLE_SEC);
      expect(speed.value - before).toBeLessThanOrEqual(0.25 * CYCLE_SEC);
      before = speed.value;
    }
    expect(speed.value).toBeCloseTo(0.8, 3);
  });

  it('keep within the start ramp whatever is asked for', () => {
    const wish = oneof(double({ min: 0, max: 0.9, noNaN: true }), constantFrom(Number.NaN));
    assertProperty(
      property(array(record({ wish, whole: boolean() }), { maxLength: 300 }), (cycles) => {
        const [pace, speed] = [paceOf(), speedAt(SLOWEST_MPS)];
        for (const cycle of cycles) {
          const before = speed.value;
          pace.lead(speed, cycle.wish, cycle.whole, CYCLE_SEC);
          expect(Math.abs(speed.value - before)).toBeLessThanOrEqual(0.25 * CYCLE_SEC);
        }
      }),
    );
  });

  it('take longer to grow the faster they step, so that the belt can follow', () => {
    expect(paceOf().growSec(0.8)).toBeCloseTo((1.875 * 0.8) / 0.2, 9);
  });

  it('slow by the stop ramp to the slowest walking when a leg is softened, and do not speed up to it', () => {
    const [pace, speed] = [paceOf(), speedAt(0.8)];
    pace.eased = true;
    pace.lead(speed, 0.8, true, CYCLE_SEC);
    expect(speed.value).toBeCloseTo(0.8 - 2 * CYCLE_SEC, 9);
    for (let n = 0; n < 125; n++) pace.lead(speed, 0.8, true, CYCLE_SEC);
    expect(speed.value).toBe(SLOWEST_MPS);
    pace.eased = false;
    pace.lead(speed, 0.8, true, CYCLE_SEC);
    expect(speed.value - SLOWEST_MPS).toBeLessThan(0.25 * CYCLE_SEC);
    const slower = speedAt(SLOWEST_MPS / 2);
    pace.eased = true;
    pace.lead(slower, 0.8, true, CYCLE_SEC);
    expect(slower.value).toBe(SLOWEST_MPS / 2);
  });
});

describe('legs that slow down with a belt', () => {
  const slowing = (permittedMps: number, measuredMps: number, cycles: number): BeltPace => {
    const pace = paceOf();
    pace.beginSlowing(0.8);
    Object.assign(pace, { permittedMps, measuredMps });
    for (let n = 0; n < cycles; n++) pace.slow(CYCLE_SEC);
    return pace;
  };

  it('follow the slower of what the belt is told and what it does', () => {
    expect(slowing(0.6, 0.78, 50).share).toBeCloseTo(0.75, 9);
    expect(slowing(0.78, 0.6, 50).share).toBeCloseTo(0.75, 9);
  });

  it('never step faster again', () => {
    const pace = slowing(0.4, 0.4, 50);
    Object.assign(pace, { permittedMps: 0.8, measuredMps: 2 });
    pace.slow(CYCLE_SEC);
    expect(pace.share).toBeCloseTo(0.5, 9);
  });

  it('stop within the time of a stop of the legs when the belt stands at once', () => {
    expect(slowing(0.8, 0, 25).share).toBeCloseTo(0.5, 9);
    expect(slowing(0.8, 0, 50).share).toBe(0);
    expect(slowing(0.8, Number.NaN, 51).share).toBe(0);
  });

  it('that did not step stand', () => {
    const pace = paceOf();
    pace.beginSlowing(0);
    Object.assign(pace, { permittedMps: 0.1, measuredMps: 0.1 });
    for (let n = 0; n < 51; n++) pace.slow(CYCLE_SEC);
    expect(pace.share).toBe(0);
  });
});
