import { describe, expect, it } from 'vitest';
import { EmgChannel, IntentionTrigger, shareOfMvc } from '../../../controller/estimation/intention.ts';
import { createRandom } from '../../../protocols/random.ts';
import { bell } from '../../../sim/bell.ts';

const PERIOD_SEC = 1 / 250;
const BLOCK = 10;
const CALIBRATION = { restUv: 4, mvcUv: 240 };
const LEVELS = { on: 0.15, off: 0.08 };

/** A muscle seen at 1 kHz in blocks of 10 ms, by cycles of 4 ms. */
class Muscle {
  readonly channel = new EmgChannel();
  readonly trigger = new IntentionTrigger(LEVELS);
  readonly #random = createRandom(7);
  #blockSec = Infinity;
  #meanUv = 0;
  #peakUv = 0;

  /** @param rmsUv of the signal now @returns times at which it fired, s */
  run(seconds: number, rmsUv: (t: number) => number, sample: (noise: number) => number = (noise) => noise): number[] {
    const fired: number[] = [];
    for (let n = 0; n < seconds / PERIOD_SEC; n++) {
      const t = n * PERIOD_SEC;
      this.#blockSec += PERIOD_SEC;
      const isNew = this.#blockSec >= 0.01;
      if (isNew) this.#take(rmsUv(t), sample);
      this.channel.update(this.#meanUv, this.#peakUv, isNew, PERIOD_SEC);
      const level = this.channel.state === 'good' ? shareOfMvc(this.channel.envelopeUv, CALIBRATION) : Number.NaN;
      if (this.trigger.update(level, PERIOD_SEC)) fired.push(t);
    }
    return fired;
  }

  #take(rmsUv: number, sample: (noise: number) => number): void {
    this.#blockSec = 0;
    const samples = Array.from({ length: BLOCK }, () => Math.abs(sample(rmsUv * bell(this.#random))));
    this.#meanUv = samples.reduce((sum, uv) => sum + uv, 0) / BLOCK;
    this.#peakUv = Math.max(...samples);
  }
}

describe('an intention in the EMG', () => {
  it('is not seen in ten minutes of rest', () => {
    expect(new Muscle().run(600, () => 5)).toEqual([]);
  });

  it.each([0.3, 0.6, 1])('is seen once in each of 50 efforts of %f of the greatest one, within 0.2 s', (effort) => {
    const fired = new Muscle().run(150, (t) => (t % 3 >= 2 ? 5 + effort * 300 : 5));
    expect(fired).toHaveLength(50);
    fired.forEach((t, i) => {
      expect(t - (3 * i + 2)).toBeGreaterThan(0);
      expect(t - (3 * i + 2)).toBeLessThan(0.2);
    });
  });

  it('is one, however long it lasts and however much it wavers', () => {
    expect(new Muscle().run(20, (t) => (t < 1 ? 5 : 120 + 40 * Math.sin(2 * Math.PI * 5 * t)))).toHaveLength(1);
  });

  it('is not a twitch of 30 ms', () => {
    expect(new Muscle().run(60, (t) => (t % 2 < 0.03 ? 150 : 5))).toEqual([]);
  });

  it('comes again only after he has let go', () => {
    expect(new Muscle().run(12, (t) => (t < 1 ? 5 : t < 5 ? 150 : t < 7 ? 5 : 150))).toHaveLength(2);
  });

  it.each<[string, (muscle: Muscle) => number[]]>([
    ['flat', (muscle) => muscle.run(5, () => 0.1)],
    ['saturated', (muscle) => muscle.run(5, () => 60_000, (uv) => Math.max(-32_768, Math.min(32_767, uv)))],
  ])('cannot be seen in a channel that is %s, which says so', (state, run) => {
    const muscle = new Muscle();
    expect(run(muscle)).toEqual([]);
    expect(muscle.channel.state).toBe(state);
  });

  it('cannot be seen in a channel that fell silent, and can be once it is heard again', () => {
    const muscle = new Muscle();
    muscle.run(2, () => 5);
    for (let n = 0; n < 30; n++) muscle.channel.update(4, 9, false, PERIOD_SEC);
    expect(muscle.channel.state).toBe('silent');
    expect(muscle.run(4, (t) => (t < 2 ? 5 : 150))).toHaveLength(1);
    expect(muscle.channel.state).toBe('good');
  });
});

it('a level that is no number triggers nothing', () => {
  const trigger = new IntentionTrigger(LEVELS);
  for (let n = 0; n < 1000; n++) expect(trigger.update(Number.NaN, PERIOD_SEC)).toBe(false);
});
