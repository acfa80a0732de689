import { describe, expect, it } from 'vitest';
import { AdaptiveOscillator } from '../../../controller/estimation/adaptive-oscillator.ts';

const PERIOD_SEC = 0.01;
const published = (t: number): number => 0.2 + 0.4 * Math.sin(2 * Math.PI * 0.9 * t);

function after(seconds: number, signal: (t: number) => number): AdaptiveOscillator {
  const oscillator = new AdaptiveOscillator({ harmonics: [1, 2, 3], leastHz: 0, mostHz: Infinity, leastAmplitude: 0 });
  oscillator.reset(0.8, 0.3);
  for (let k = 1; k <= Math.round(seconds / PERIOD_SEC); k++) oscillator.update(signal(k * PERIOD_SEC), PERIOD_SEC);
  return oscillator;
}

describe('an adaptive oscillator', () => {
  it.each([
    [2, 0.9227],
    [10, 0.8999],
  ])('has after %f s the frequency of the published case, %f Hz', (seconds, hz) => {
    expect(Math.abs(after(seconds, published).frequencyHz - hz)).toBeLessThan(1e-4);
  });

  it('knows the phase and the size of the movement, without a delay', () => {
    const oscillator = after(20, published);
    const off = oscillator.phaseRad / (2 * Math.PI) - 0.9 * 20;
    expect(Math.abs(off - Math.round(off))).toBeLessThan(0.01);
    expect(oscillator.amplitude).toBeCloseTo(0.4, 2);
  });

  it('goes on by itself where a sample is missing', () => {
    const oscillator = after(10, published);
    const { phaseRad, frequencyHz } = oscillator;
    for (let k = 0; k < 10; k++) oscillator.update(Number.NaN, PERIOD_SEC);
    expect(oscillator.frequencyHz).toBe(frequencyHz);
    expect(oscillator.phaseRad - phaseRad).toBeCloseTo(2 * Math.PI * frequencyHz * 0.1, 9);
  });

  it('keeps within its bounds whatever comes', () => {
    const oscillator = new AdaptiveOscillator({ harmonics: [1, 2], leastHz: 0.1, mostHz: 1.5, leastAmplitude: 0.1 });
    oscillator.reset(0.5, 0);
    for (let k = 0; k < 5000; k++) {
      oscillator.update(k % 7 === 0 ? 3 : -2, 0.004);
      expect(oscillator.frequencyHz).toBeGreaterThanOrEqual(0.1);
      expect(oscillator.frequencyHz).toBeLessThanOrEqual(1.5);
      expect(Number.isFinite(oscillator.phaseRad + oscillator.amplitude)).toBe(true);
    }
  });
});
