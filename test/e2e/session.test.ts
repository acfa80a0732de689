/** The therapist's day in a real browser: train, stop, find the session again and replay it. */
import { AxeBuilder } from '@axe-core/playwright';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser } from '../support/browser.ts';
import { isMachineStall, MOST_NEW_STARTS } from '../support/machine-stalls.ts';
import { processesWith, startDari, type RunningStation } from '../support/station.ts';

let station: RunningStation;
let browser: Browser;
let page: Page;
const problems: string[] = [];

beforeAll(async () => {
  station = await startDari();
  browser = await launchBrowser();
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'en-US' });
  page = await context.newPage();
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

const state = (): Promise<string | null> => byId('state').getAttribute('data-state');

/** Presses and holds, as a person who means it, until the robot is seen to follow. */
async function hold(id: string, followed: (state: string | null) => boolean): Promise<void> {
  await expect.poll(() => byId(id).isEnabled(), { timeout: 20_000 }).toBe(true);
  await byId(id).hover();
  await page.mouse.down();
  await expect.poll(async () => followed(await state()), { timeout: 20_000 }).toBe(true);
  await page.mouse.up();
}

async function start(): Promise<void> {
  await hold('arm', (seen) => seen === 'armed' || seen === 'stopped');
  if ((await state()) === 'armed') await hold('start', (seen) => seen === 'running' || seen === 'stopped');
}

/** Goes on training until the condition holds. */
async function walkingUntil(reached: () => Promise<boolean>): Promise<void> {
  for (let starts = 0; ; starts++) {
    await expect.poll(async () => (await reached()) || (await state()) === 'stopped', { timeout: 60_000 }).toBe(true);
    if ((await state()) !== 'stopped') return;
    const cause = await byId('state').getAttribute('data-cause');
    expect({ stoppedBy: cause, restarted: isMachineStall(cause) && starts < MOST_NEW_STARTS }).toMatchObject({ restarted: true });
    while ((await state()) === 'stopped') {
      const pressed = Date.now();
      await hold('acknowledge', (seen) => seen !== 'stopped' || Date.now() - pressed > 2_000);
    }
    await start();
  }
}

/** Rules of WCAG 2.2 AA that the page breaks as it stands now. */
const brokenRules = async (): Promise<string[]> => {
  const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']).analyze();
  return violations.map((violation) => `${violation.id}: ${violation.nodes[0]?.html ?? ''}`);
};

const number = async (id: string): Promise<number> => Number((await byId(id).innerText()).replace(/[^\d.-]/g, ''));

describe('a training session in the browser', () => {
  it('starts walking, counts steps, stops at once and is found in the history', { timeout: 180_000 }, async () => {
    expect(await brokenRules()).toEqual([]);
    await byId('patient-select').click();
    await page.getByTestId(/^patient-option-/).first().click();
    await byId('begin-session').click();
    await start();

    const angles = new Set<number>();
    await walkingUntil(async () => angles.add(await number('angle-kneeLeft')).size > 5);
    await walkingUntil(async () => (await number('steps')) >= 4);

    await byId('stop').dispatchEvent('pointerdown', { button: 0, isPrimary: true });
    await expect.poll(state, { timeout: 5_000 }).toBe('stopped');
    expect(await brokenRules()).toEqual([]);
    await hold('acknowledge', (seen) => seen !== 'stopped');
    await expect.poll(state, { timeout: 20_000 }).toBe('ready');
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
