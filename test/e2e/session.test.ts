/** The therapist's day in a real browser: train, stop, find the session again and replay it. */
import { AxeBuilder } from '@axe-core/playwright';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser } from '../support/browser.ts';
import { processesWith, startDari, type RunningStation } from '../support/station.ts';
import { Therapist } from '../support/therapist.ts';

let station: RunningStation;
let browser: Browser;
let page: Page;
let therapist: Therapist;
const problems: string[] = [];

beforeAll(async () => {
  station = await startDari();
  browser = await launchBrowser();
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'en-US' });
  page = await context.newPage();
  therapist = new Therapist(page);
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text());
  });
  await page.goto(station.url);
});

afterAll(async () => {
  await browser.close();
  await station.stop();
});

const byId = (id: string) => page.getByTestId(id);

/** Rules of WCAG 2.2 AA that the page breaks as it stands now. */
const brokenRules = async (): Promise<string[]> => {
  const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']).analyze();
  return violations.map((violation) => `${violation.id}: ${violation.nodes[0]?.html ?? ''}`);
};

const number = async (id: string): Promise<number> => Number((await byId(id).innerText()).replace(/[^\d.-]/g, ''));

describe('a training session in the browser', () => {
  it('is for a prepared robot only: a test that is stopped has failed and says why, and a released button stops the robot', { timeout: 240_000 }, async () => {
    expect(await brokenRules()).toEqual([]);
    expect(await byId('begin-self-test').isEnabled()).toBe(false);
    await therapist.untilAsked('pressEstop');
    expect(await brokenRules()).toEqual([]);
    expect(await therapist.stopSelfTest()).toBe('operatorStop');
    await therapist.hold('acknowledge', (seen) => seen !== 'stopped');
    await therapist.selfTest();
    expect(await brokenRules()).toEqual([]);

    // The look at the whole page may have held the robot up for too long.
    await therapist.selfTest();
    await therapist.press('home');
    await expect.poll(() => therapist.state(), { timeout: 20_000 }).toBe('homing');
    await page.mouse.up();
    await expect.poll(() => therapist.preparation('status'), { timeout: 20_000 }).toBe('failed');
    expect(await byId('prep-failure').getAttribute('data-reason')).toBe('holdReleased');
    await expect.poll(() => therapist.state(), { timeout: 20_000 }).toBe('idle');
    expect(await page.getByTestId(/^patient-option-/).count()).toBe(0);
  });

  it('starts walking, counts steps, stops at once and is found in the history', { timeout: 300_000 }, async () => {
    await therapist.prepare();
    expect(await brokenRules()).toEqual([]);
    await therapist.beginSession();
    await therapist.start();

    const angles = new Set<number>();
    await therapist.walkingUntil(async () => angles.add(await number('angle-kneeLeft')).size > 5);
    await therapist.walkingUntil(async () => (await number('steps')) >= 4);

    await byId('stop').dispatchEvent('pointerdown', { button: 0, isPrimary: true });
    await expect.poll(() => therapist.state(), { timeout: 5_000 }).toBe('stopped');
    expect(await brokenRules()).toEqual([]);
    await therapist.hold('acknowledge', (seen) => seen !== 'stopped');
    await expect.poll(() => therapist.state(), { timeout: 20_000 }).toBe('ready');
    await byId('end-session').click();

    await byId('nav-history').click();
    await page.getByTestId('session-row').first().click();
    await expect.poll(() => number('metric-steps'), { timeout: 30_000 }).toBeGreaterThanOrEqual(4);
    expect(await brokenRules()).toEqual([]);
    const before = await byId('replay-time').innerText();
    await byId('replay-play').click();
    await expect.poll(() => byId('replay-time').innerText(), { timeout: 20_000 }).not.toBe(before);
    expect(problems).toEqual([]);
  });

  it('leaves no process behind when it is stopped with Ctrl-C', async () => {
    const started = Date.now();
    expect(await station.stop()).toBe(0);
    expect(Date.now() - started).toBeLessThan(5_000);
    expect(processesWith(station.dataFolder)).toEqual([]);
  });
});
