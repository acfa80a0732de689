/** The alarms as a real browser renders them: heard, in the pattern and the pitch of IEC 60601-1-8, and not distorted. */
import path from 'node:path';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Browser, Page } from 'playwright-core';
import { burst, type AudiblePriority } from '../../ui/readiness/alarm.ts';
import { launchBrowser } from '../support/browser.ts';

const RATE_HZ = 24_000;
const FUNDAMENTAL_HZ = 523;
/** A burst begins this much later than it is asked for. */
const LEAD_SEC = 0.02;

let browser: Browser;
let page: Page;

beforeAll(async () => {
  const entry = path.resolve(import.meta.dirname, '../../ui/readiness/alarm-sound.ts');
  const built = await build({ configFile: false, logLevel: 'silent', build: { write: false, minify: false, lib: { entry, formats: ['iife'], name: 'alarms' } } });
  const outputs = Array.isArray(built) ? built : [built];
  const script = outputs.flatMap((part) => ('output' in part ? part.output : [])).find((part) => part.type === 'chunk');
  browser = await launchBrowser();
  page = await browser.newPage();
  await page.addScriptTag({ content: script!.code });
});

afterAll(() => browser.close());

/** One burst, mono. */
async function rendered(priority: AudiblePriority): Promise<Float64Array> {
  const { atSec, lengthSec } = burst(priority).at(-1)!;
  const samples = await page.evaluate(
    async ([level, seconds, rateHz]) => {
      const audio = new OfflineAudioContext(1, Math.ceil(seconds * rateHz), rateHz);
      (globalThis as unknown as { alarms: typeof import('../../ui/readiness/alarm-sound.ts') }).alarms.playBurst(audio, level);
      return [...(await audio.startRendering()).getChannelData(0)];
    },
    [priority, LEAD_SEC + atSec + lengthSec + 0.1, RATE_HZ] as const,
  );
  return Float64Array.from(samples);
}

const slice = (samples: Float64Array, fromSec: number, toSec: number): Float64Array => samples.subarray(Math.round(fromSec * RATE_HZ), Math.round(toSec * RATE_HZ));
const rms = (samples: Float64Array): number => Math.sqrt(samples.reduce((sum, value) => sum + value * value, 0) / samples.length);

/** How much of one frequency is in it. */
function amplitudeAt(samples: Float64Array, hz: number): number {
  let [re, im] = [0, 0];
  samples.forEach((value, n) => {
    // A window, so that a strong tone does not leak into its neighbours.
    const seen = value * (1 - Math.cos((2 * Math.PI * n) / samples.length));
    re += seen * Math.cos((2 * Math.PI * hz * n) / RATE_HZ);
    im += seen * Math.sin((2 * Math.PI * hz * n) / RATE_HZ);
  });
  return (2 * Math.hypot(re, im)) / samples.length;
}

describe.each(['high', 'medium'] as const)('an alarm of %s priority', (priority) => {
  let samples: Float64Array;

  beforeAll(async () => {
    samples = await rendered(priority);
  });

  it('is heard in each of its pulses, is silent between them, and is never clipped', () => {
    const pulses = burst(priority);
    for (const { atSec, lengthSec } of pulses) expect(rms(slice(samples, LEAD_SEC + atSec + 0.03, LEAD_SEC + atSec + lengthSec - 0.03))).toBeGreaterThan(0.05);
    pulses.slice(1).forEach(({ atSec }, n) => expect(rms(slice(samples, LEAD_SEC + pulses[n]!.atSec + pulses[n]!.lengthSec + 0.005, LEAD_SEC + atSec - 0.005))).toBeLessThan(1e-4));
    const peak = samples.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    expect(peak).toBeGreaterThan(0.2);
    expect(peak).toBeLessThan(0.9);
  });

  it('has its fundamental and at least four harmonics between 300 and 4000 Hz, within 15 dB of it', () => {
    const { atSec, lengthSec } = burst(priority)[0]!;
    const tone = slice(samples, LEAD_SEC + atSec + 0.025, LEAD_SEC + atSec + lengthSec - 0.025);
    const fundamental = amplitudeAt(tone, FUNDAMENTAL_HZ);
    expect(fundamental).toBeGreaterThan(0.02);
    const harmonics = [2, 3, 4, 5, 6, 7].map((n) => n * FUNDAMENTAL_HZ).filter((hz) => hz >= 300 && hz <= 4_000);
    const withinDb = harmonics.filter((hz) => Math.abs(20 * Math.log10(amplitudeAt(tone, hz) / fundamental)) <= 15);
    expect(withinDb.length).toBeGreaterThanOrEqual(4);
    expect(amplitudeAt(tone, 1.5 * FUNDAMENTAL_HZ)).toBeLessThan(0.1 * fundamental);
  });
});

it('the pulses keep the times of the standard: 75 to 200 ms of high, 125 to 250 ms of medium priority, and 3 + 2 of high', () => {
  const gaps = (priority: AudiblePriority): number[] => burst(priority).slice(1).map(({ atSec }, n) => 1_000 * (atSec - burst(priority)[n]!.atSec - burst(priority)[n]!.lengthSec));
  for (const { lengthSec } of burst('high')) expect([lengthSec >= 0.075, lengthSec <= 0.2]).toEqual([true, true]);
  for (const { lengthSec } of burst('medium')) expect([lengthSec >= 0.125, lengthSec <= 0.25]).toEqual([true, true]);
  const long = gaps('high').flatMap((ms, n) => (ms > 125.001 ? [n + 1] : []));
  expect(long).toEqual([3, 5, 8]);
  for (const ms of gaps('high').filter((_, n) => !long.includes(n + 1))) expect(ms).toBeGreaterThanOrEqual(50);
  for (const ms of gaps('medium')) expect([ms >= 124.999, ms <= 250.001]).toEqual([true, true]);
});
