import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ReferencePoint } from '../../../controller/therapy/gait-reference.ts';
import { emptyStep, groundOf, plateBounds, PlateProgram, type PlateGround, type ShapedFoot } from '../../../controller/therapy/plate-program.ts';
import type { PlateKind } from '../../../protocols/footplate-profile.ts';
import { legOnPlate } from '../../../protocols/footplate-kinematics.ts';
import { degToRad, kmhToMps, radToDeg } from '../../../protocols/units.ts';
import { footplates } from '../../sim/support/profile.ts';

const profile = footplates();
const { therapy } = profile;
const jointOf = (kind: PlateKind) => profile.joints.find((joint) => joint.kind === kind)!;
const point = (): ReferencePoint => ({ positionRad: 0, velocityRadPerSec: 0, accelerationRadPerSec2: 0 });

function steps(ground: PlateGround, scale = 1, slopeDeg = 0, heightM = 1.8) {
  const program = new PlateProgram(profile, heightM);
  const foot = (): ShapedFoot => ({ foreAft: { wish: { scale, offsetRad: 0 } }, vertical: { wish: { scale, offsetRad: 0 }, bounds: plateBounds(jointOf('vertical')) }, pitch: { wish: { scale, offsetRad: degToRad(slopeDeg) } }, step: emptyStep() });
  const feet = [foot(), foot()];
  const mean = emptyStep();
  program.shape(feet, ground, mean);
  /** Metres, or rad of the plate. */
  const at = (kind: PlateKind, phase: number, perSec = 0) => {
    const { positionRad, velocityRadPerSec, accelerationRadPerSec2 } = program.at(kind, ((phase % 1) + 1) % 1, perSec, feet[0]!.step, plateBounds(jointOf(kind)), point());
    const lead = jointOf(kind).leadMPerRad ?? 1;
    return { at: lead * positionRad, perSec: lead * velocityRadPerSec, perSec2: lead * accelerationRadPerSec2 };
  };
  return { program, mean, at };
}

const grounds = (['levelWalk', 'slopeWalk', 'stairsUp', 'stairsDown'] as const).map((mode) => [mode, groundOf(mode)] as const);
const LEVEL = groundOf('levelWalk');

describe('the way of a foot on its plate', () => {
  it('speed is step length × cadence / 60, the step measured between both feet when one strikes', () => {
    fc.assert(
      fc.property(fc.double({ min: therapy.romScale.min, max: therapy.romScale.max, noNaN: true }), fc.double({ min: 0.1, max: kmhToMps(therapy.speedKmh.max), noNaN: true }), (scale, askedMps) => {
        const { program, mean, at } = steps(LEVEL, scale);
        const stridesPerSec = program.stridesPerSec(askedMps, mean);
        const stepM = at('foreAft', 0).at - at('foreAft', 0.5).at;
        const groundMps = -at('foreAft', 0.3, stridesPerSec).perSec;
        expect((stepM * 120 * stridesPerSec) / 60).toBeCloseTo(groundMps, 9);
        expect(groundMps).toBeLessThanOrEqual(askedMps + 1e-9);
        expect(stridesPerSec).toBeLessThanOrEqual(1 + 1e-9);
      }),
    );
  });

  it.each(grounds)('both feet go with one ground while both stand: %s', (_, ground) => {
    const { at } = steps(ground, 1, 6);
    for (const kind of ['foreAft', 'vertical'] as const) {
      const apart = [0.02, 0.05, 0.08].map((phase) => at(kind, phase).at - at(kind, phase + 0.5).at);
      for (const one of apart) expect(one).toBeCloseTo(apart[0]!, 9);
    }
  });

  it.each(grounds)('velocity and acceleration are those of the places: %s', (_, ground) => {
    const { at } = steps(ground, 1.3, 5);
    const h = 1e-5;
    for (const kind of ['foreAft', 'vertical', 'pitch'] as const)
      for (let phase = 0.0131; phase < 1; phase += 0.0173) {
        const here = at(kind, phase, 1);
        expect((at(kind, phase + h).at - at(kind, phase - h).at) / (2 * h)).toBeCloseTo(here.perSec, 3);
        expect((at(kind, phase + h, 1).perSec - at(kind, phase - h, 1).perSec) / (2 * h)).toBeCloseTo(here.perSec2, 1);
      }
  });

  it.each(grounds)('never leaves its range, nor throws a foot harder than the profile says, at any size and pace: %s', (mode, ground) => {
    for (const slopeDeg of mode === 'slopeWalk' ? [-10, 10] : [0])
      for (const scale of [therapy.romScale.min, 1, therapy.romScale.max])
        for (const heightM of [1.5, 1.95]) {
          const { program, mean, at } = steps(ground, scale, slopeDeg, heightM);
          const perSec = program.stridesPerSec(kmhToMps(therapy.speedKmh.max), mean);
          for (let phase = 0; phase < 1; phase += 0.005)
            for (const kind of ['foreAft', 'vertical', 'pitch'] as const) {
              const joint = jointOf(kind);
              const { at: place, perSec2 } = at(kind, phase, perSec);
              const bounds = plateBounds(joint);
              const lead = joint.leadMPerRad ?? 1;
              expect(place / lead).toBeGreaterThan(bounds.min);
              expect(place / lead).toBeLessThan(bounds.max + 1e-9);
              expect(kind === 'pitch' ? 0 : Math.abs(perSec2)).toBeLessThan(therapy.footAccelerationMps2 * 1.001);
            }
        }
  });

  it('steps are up to 0.55 m long and 0.25 m high, but no longer than the legs reach', () => {
    expect([steps(LEVEL, 2, 0, 1.95).mean.stepM, steps(LEVEL, 2).mean.liftM]).toEqual([expect.closeTo(0.518, 3), 0.25]);
    expect([steps(LEVEL, 1).mean.stepM, steps(LEVEL, 2, 0, 1.5).mean.stepM]).toEqual([0.275, expect.closeTo(0.398, 3)]);
    const { at } = steps(LEVEL, 2);
    expect(Math.max(...Array.from({ length: 400 }, (_, i) => at('vertical', i / 400).at))).toBeCloseTo(0.25, 4);
  });

  it('ground rises by its slope, and by one stair of up to 0.18 m per step; downward it falls', () => {
    const rise = (ground: PlateGround, scale: number, slopeDeg: number): number => {
      const { at } = steps(ground, scale, slopeDeg);
      return at('vertical', 0).at - at('vertical', 0.5).at;
    };
    expect(rise(groundOf('slopeWalk'), 1, 10)).toBeCloseTo(0.275 * Math.tan(degToRad(10)), 9);
    expect(rise(groundOf('slopeWalk'), 1, -10)).toBeCloseTo(-0.275 * Math.tan(degToRad(10)), 9);
    expect([rise(groundOf('stairsUp'), 1, 0), rise(groundOf('stairsUp'), 2, 0), rise(groundOf('stairsDown'), 1.44, 0)]).toEqual([expect.closeTo(0.125, 9), expect.closeTo(0.18, 9), expect.closeTo(-0.18, 9)]);
    expect(steps(groundOf('slopeWalk'), 1, 10).at('pitch', 0.3).at).toBeCloseTo(degToRad(10), 9);
    expect(steps(groundOf('stairsUp'), 1).at('pitch', 0.6).at).toBeCloseTo(0, 9);
  });

  // On level plates an ankle would have to bend by 55°: a calf that does not lifts who is light off his saddle, and his other leg is pulled straight.
  it('down a stair the heel rises, as far as the ankle of who sits needs it, and by no more than 40°', () => {
    const { thighFraction, shankFraction, saddleLowestFraction } = profile.geometry;
    for (const [heightM, scale, mostDeg] of [[1.5, 1, 28], [1.65, 1, 28], [1.8, 1, 28], [1.95, 1, 28], [1.8, 1.44, 31]] as const) {
      const { at } = steps(groundOf('stairsDown'), scale, 0, heightM);
      const leg = { thighM: thighFraction * heightM, shankM: shankFraction * heightM };
      const ankleDeg = (phase: number): number => {
        const plate = { forwardM: at('foreAft', phase).at, upM: at('vertical', phase).at, pitchRad: at('pitch', phase).at };
        return radToDeg(legOnPlate(leg, saddleLowestFraction * (leg.thighM + leg.shankM), plate, { hipRad: 0, kneeRad: 0, ankleRad: 0 }).ankleRad);
      };
      const worstDeg = Math.max(...Array.from({ length: 100 }, (_, i) => ankleDeg(i / 100)));
      expect([heightM, scale, worstDeg > 20, worstDeg < mostDeg]).toEqual([heightM, scale, true, true]);
      expect([at('pitch', 0).at, at('pitch', 0.1).at]).toEqual([expect.closeTo(0, 9), expect.closeTo(0, 9)]);
    }
    expect(steps({ slope: 0, stairs: -0.5 }).at('pitch', 0.6).at).toBeGreaterThan(degToRad(-20));
    expect(steps(groundOf('stairsDown'), 1.44, 0, 1.5).at('pitch', 0.6).at).toBeCloseTo(degToRad(-40), 9);
  });
});
