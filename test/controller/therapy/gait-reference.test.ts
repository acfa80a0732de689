import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { publishedCurvesDeg } from '../../../controller/therapy/gait-reference-data.ts';
import {
  cadenceStepsPerMin,
  evaluateReference,
  REFERENCE_SD_DEG,
  referenceCurveDeg,
  speedAmplitude,
  stepLengthM,
  type CurveShape,
  type ReferencePoint,
} from '../../../controller/therapy/gait-reference.ts';
import { legKinds } from '../../../protocols/profile.ts';
import { degToRad, kmhToMps, radToDeg } from '../../../protocols/units.ts';

const kinds = legKinds;
const shape = (amplitude = 1, offsetRad = 0): CurveShape => ({ amplitude, amplitudePerSec: 0, offsetRad, offsetRadPerSec: 0, timing: 0, timingPerSec: 0 });
const everywhere = { min: -Infinity, max: Infinity };
const emptyPoint = (): ReferencePoint => ({ positionRad: 0, velocityRadPerSec: 0, accelerationRadPerSec2: 0 });

describe('the reference at the published speed', () => {
  it.each([
    ['hip', 0.1],
    ['knee', 0.2],
    ['ankle', 0.2],
  ] as const)('follows the published %s curve within %f° RMS', (kind, boundDeg) => {
    const published: readonly number[] = publishedCurvesDeg[kind];
    const curve = referenceCurveDeg(kind, 1.26, 1, 0);
    const errors = published.map((deg, i) => curve[2 * i]! - deg);
    expect(published).toHaveLength(51);
    expect(Math.sqrt(errors.reduce((sum, e) => sum + e * e, 0) / errors.length)).toBeLessThanOrEqual(boundDeg);
  });

  it.each(kinds)('closes: the %s ends a stride where it began', (kind) => {
    const curve = referenceCurveDeg(kind, 1.26, 1, 0);
    expect(curve).toHaveLength(101);
    expect(curve[100]).toBeCloseTo(curve[0]!, 9);
  });
});

describe('the amplitude falls with speed', () => {
  it.each([
    ['knee', 0.3, 44.7 / 59.1],
    ['knee', 0.47, 44.7 / 59.1],
    ['knee', 0.88, 55.2 / 59.1],
    ['knee', 1.26, 1],
    ['knee', 2, 1],
    ['hip', 0.47, 32.0 / 36.7],
    ['hip', 0.88, 34.3 / 36.7],
    ['hip', 1.26, 1],
  ] as const)('%s at %f m/s', (kind, speed, share) => expect(speedAmplitude(kind, speed)).toBeCloseTo(share, 9));

  it('without a step at any speed', () => {
    for (const kind of kinds)
      for (let speed = 0.1; speed < 1.5; speed += 0.007) {
        const growth = speedAmplitude(kind, speed + 0.007) - speedAmplitude(kind, speed);
        expect(growth).toBeGreaterThanOrEqual(-1e-12);
        expect(growth).toBeLessThan(7e-3);
      }
  });
});

describe('range of motion and offset', () => {
  it('scale the range and shift the curve', () => {
    const full = referenceCurveDeg('knee', 0.88, 1, 0);
    const half = referenceCurveDeg('knee', 0.88, 0.5, degToRad(3));
    const range = (curve: number[]) => Math.max(...curve) - Math.min(...curve);
    expect(range(half)).toBeCloseTo(range(full) / 2, 9);
    expect(half[40]).toBeCloseTo(full[40]! / 2 + 3, 9);
  });

  it('never take the curve out of its bounds, and keep its shape', () => {
    const bounds = { min: degToRad(5), max: degToRad(70) };
    const wild = fc.record({
      kind: fc.constantFrom(...kinds),
      speed: fc.double({ min: 0.1, max: 1.3, noNaN: true }),
      rom: fc.double({ min: 0, max: 2, noNaN: true }),
      offset: fc.double({ min: -2, max: 2, noNaN: true }),
    });
    fc.assert(
      fc.property(wild, ({ kind, speed, rom, offset }) => {
        const free = referenceCurveDeg(kind, speed, rom, offset);
        const kept = referenceCurveDeg(kind, speed, rom, offset, bounds);
        for (let i = 1; i <= 100; i++) {
          expect(kept[i]).toBeGreaterThanOrEqual(5 - 1e-9);
          expect(kept[i]).toBeLessThanOrEqual(70 + 1e-9);
          expect((kept[i]! - kept[i - 1]!) * (free[i]! - free[i - 1]!)).toBeGreaterThanOrEqual(-1e-9);
          expect(Math.abs(kept[i]! - kept[i - 1]!)).toBeLessThanOrEqual(Math.abs(free[i]! - free[i - 1]!) + 1e-9);
        }
      }),
      { numRuns: 30 },
    );
  });

  it('lift the slow knee to its floor without demanding more acceleration than nature', () => {
    const peak = (bounds: { min: number; max: number }) => {
      const point = emptyPoint();
      let most = 0;
      for (let i = 0; i < 1000; i++) {
        evaluateReference('knee', { phase: i / 1000, cyclesPerSec: 0.75 }, shape(0.934), bounds, point);
        most = Math.max(most, Math.abs(point.accelerationRadPerSec2));
      }
      return most;
    };
    expect(peak({ min: degToRad(5), max: degToRad(70) })).toBeLessThanOrEqual(peak(everywhere));
  });
});

describe('velocity and acceleration', () => {
  it.each(kinds)('of the %s are the derivatives of its position', (kind) => {
    const [before, here, after] = [emptyPoint(), emptyPoint(), emptyPoint()];
    const rate = 0.7;
    const dt = 1e-5;
    for (let i = 0; i < 200; i++) {
      const phase = i / 200;
      for (const [point, shift] of [[before, -dt], [here, 0], [after, dt]] as const)
        evaluateReference(kind, { phase: phase + rate * shift, cyclesPerSec: rate }, shape(0.9, 0.1), { min: degToRad(5), max: degToRad(60) }, point);
      expect(here.velocityRadPerSec).toBeCloseTo((after.positionRad - before.positionRad) / (2 * dt), 5);
      expect(here.accelerationRadPerSec2).toBeCloseTo((after.velocityRadPerSec - before.velocityRadPerSec) / (2 * dt), 4);
    }
  });

  it.each(kinds)('of the %s contain what a changing timing adds', (kind) => {
    const at = (sec: number) => {
      const point = emptyPoint();
      evaluateReference(kind, { phase: 0.37 + 0.7 * sec, cyclesPerSec: 0.7 }, { ...shape(0.9), timing: 0.05 + 0.03 * sec, timingPerSec: 0.03 }, everywhere, point);
      return point;
    };
    const dt = 1e-5;
    expect(at(0).velocityRadPerSec).toBeCloseTo((at(dt).positionRad - at(-dt).positionRad) / (2 * dt), 5);
  });

  it('of a joint that is late are those that the pattern had before', () => {
    const [late, before] = [emptyPoint(), emptyPoint()];
    evaluateReference('knee', { phase: 0.4, cyclesPerSec: 0.6 }, { ...shape(), timing: 0.06 }, everywhere, late);
    evaluateReference('knee', { phase: 0.34, cyclesPerSec: 0.6 }, shape(), everywhere, before);
    expect(late).toEqual(before);
  });

  it('contain what a changing amplitude and offset add', () => {
    const point = emptyPoint();
    evaluateReference('hip', { phase: 0.3, cyclesPerSec: 0 }, { amplitude: 1, amplitudePerSec: 0.2, offsetRad: 0, offsetRadPerSec: 0.05, timing: 0, timingPerSec: 0 }, everywhere, point);
    expect(point.velocityRadPerSec).toBeCloseTo(0.2 * point.positionRad + 0.05, 9);
  });
});

describe('cadence', () => {
  it.each([
    [0.5, 36, 38],
    [3.2, 90.9, 96],
  ])('at %f km/h lies in the published band', (kmh, low, high) => {
    expect(cadenceStepsPerMin(kmhToMps(kmh))).toBeGreaterThanOrEqual(low - 0.15);
    expect(cadenceStepsPerMin(kmhToMps(kmh))).toBeLessThanOrEqual(high);
  });

  it('times step length is the walking speed, always', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.01, max: 2, noNaN: true }), (speed) => {
        expect((stepLengthM(speed) * cadenceStepsPerMin(speed)) / 60).toBeCloseTo(speed, 9);
      }),
    );
    expect([cadenceStepsPerMin(0), cadenceStepsPerMin(-1), stepLengthM(0), stepLengthM(-1)]).toEqual([0, 0, 0, 0]);
  });
});

it('the unscaled reference at 3.2 km/h stays within the speeds that the joints are built for', () => {
  const point = emptyPoint();
  for (const [kind, limitDeg] of [['hip', 200], ['knee', 350]] as const)
    for (let i = 0; i < 500; i++) {
      evaluateReference(kind, { phase: i / 500, cyclesPerSec: cadenceStepsPerMin(kmhToMps(3.2)) / 120 }, shape(), everywhere, point);
      expect(Math.abs(radToDeg(point.velocityRadPerSec))).toBeLessThan(limitDeg);
    }
});

it('the band around the reference is the published one', () => expect(REFERENCE_SD_DEG).toMatchObject({ hip: 6.1, knee: 6.9 }));
