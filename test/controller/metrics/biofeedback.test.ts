import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { strideBiofeedback, weightsOf, type PhaseFeedback, type PhaseWeights } from '../../../controller/metrics/biofeedback.ts';

const SAMPLES = 201;
const STANCE = 0.6;
const phase = Array.from({ length: SAMPLES }, (_, i) => i / (SAMPLES - 1));
const wanted = phase.map((share) => -2 * Math.sin(2 * Math.PI * share) + 0.5 * Math.cos(4 * Math.PI * share));

const feedback = (interactionNm: (share: number, velocity: number) => number, { speed = 1, weights }: { speed?: number; weights?: PhaseWeights } = {}): PhaseFeedback =>
  strideBiofeedback({ interactionNm: phase.map((share, i) => interactionNm(share, wanted[i]!)), wantedVelocityRadPerSec: wanted.map((v) => v * speed), stanceShare: STANCE }, weights);

describe('biofeedback', () => {
  test('is positive where the patient drives the movement and negative where the robot has to', () => {
    const active = feedback((_, v) => 4 * Math.sign(v));
    const resisting = feedback((_, v) => -4 * Math.sign(v));
    expect(active).toEqual({ stanceNm: expect.closeTo(4, 9), swingNm: expect.closeTo(4, 9) });
    expect(resisting).toEqual({ stanceNm: expect.closeTo(-4, 9), swingNm: expect.closeTo(-4, 9) });
    expect(feedback(() => 0)).toEqual({ stanceNm: 0, swingNm: 0 });
  });

  test('ranks a patient who does more above one who does less', () => {
    const effort = fc.double({ min: -20, max: 20, noNaN: true });
    fc.assert(
      fc.property(effort, effort, (a, b) => {
        fc.pre(Math.abs(a - b) > 1e-6);
        const [first, second] = [feedback((_, v) => a * v), feedback((_, v) => b * v)];
        expect(Math.sign(first.stanceNm! - second.stanceNm!)).toBe(Math.sign(a - b));
        expect(Math.sign(first.swingNm! - second.swingNm!)).toBe(Math.sign(a - b));
      }),
    );
  });

  test('does not change with the speed of the wanted movement for the same torque', () => {
    const torque = (share: number): number => 3 * Math.cos(2 * Math.PI * share) + 1;
    for (const speed of [0.7, 1.3]) expect(feedback(torque, { speed })).toEqual({ stanceNm: expect.closeTo(feedback(torque).stanceNm!, 9), swingNm: expect.closeTo(feedback(torque).swingNm!, 9) });
  });

  test('tells the phases apart', () => {
    const swingOnly = feedback((share, v) => (share < STANCE ? 0 : 5 * Math.sign(v)));
    expect(swingOnly).toEqual({ stanceNm: 0, swingNm: expect.closeTo(5, 9) });
  });

  test('weighs the parts of a phase as configured', () => {
    const late = (share: number, v: number): number => (share < STANCE / 2 ? 0 : 6 * Math.sign(v));
    const onlyLate = feedback(late, { weights: { stance: [0, 0, 1], swing: [1] } });
    const onlyEarly = feedback(late, { weights: { stance: [1, 0, 0], swing: [1] } });
    expect(onlyLate.stanceNm).toBeCloseTo(6, 6);
    expect(onlyEarly.stanceNm).toBeCloseTo(0, 6);
    expect(onlyLate.swingNm).toBeCloseTo(6, 9);
  });

  test('is unknown for a phase in which the torque was not known throughout, and for that one only', () => {
    expect(feedback((share, v) => (share > 0.8 && share < 0.81 ? Number.NaN : 2 * Math.sign(v)))).toEqual({ stanceNm: expect.closeTo(2, 9), swingNm: null });
  });

  test('counts a knee while it bends for the swing, and other joints in the middle of a phase', () => {
    const swingsOut = (share: number, v: number): number => (share > 0.74 ? -5 : 2) * Math.sign(v);
    expect(feedback(swingsOut, { weights: weightsOf('knee') }).swingNm).toBeCloseTo(2, 9);
    expect(feedback(swingsOut, { weights: weightsOf('hip') }).swingNm).toBeLessThan(0);
    const early = (share: number, v: number): number => (share < 0.45 ? 3 : 0) * Math.sign(v);
    expect(feedback(early, { weights: weightsOf('knee') }).stanceNm).toBeCloseTo(0, 9);
    expect(feedback(early, { weights: weightsOf(undefined) }).stanceNm).toBeGreaterThan(1);
  });

  test('is unknown for a phase that is missing or wants no movement', () => {
    expect(strideBiofeedback({ interactionNm: [1, 1, 1], wantedVelocityRadPerSec: [0, 0, 0], stanceShare: STANCE })).toEqual({ stanceNm: null, swingNm: null });
    expect(strideBiofeedback({ interactionNm: [], wantedVelocityRadPerSec: [], stanceShare: STANCE })).toEqual({ stanceNm: null, swingNm: null });
    expect(feedback(() => 1, { weights: { stance: [], swing: [1] } }).stanceNm).toBeNull();
    expect(strideBiofeedback({ interactionNm: [2], wantedVelocityRadPerSec: [1], stanceShare: 0 }, { stance: [1], swing: [1] })).toEqual({ stanceNm: null, swingNm: 2 });
  });
});
