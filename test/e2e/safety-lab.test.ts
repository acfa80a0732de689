/** The safety lab in a real browser: the real safety code acts on what a person sets. */
import { AxeBuilder } from '@axe-core/playwright';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser } from '../support/browser.ts';
import { startDari, type RunningStation } from '../support/station.ts';

let station: RunningStation;
let browser: Browser;
let page: Page;
const problems: string[] = [];

beforeAll(async () => {
  station = await startDari();
  browser = await launchBrowser();
  page = await (await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'en-US' })).newPage();
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text());
  });
  await page.goto(`${station.url}/#/safety-lab`);
});

afterAll(async () => {
  await browser.close();
  await station.stop();
});

const byId = (id: string) => page.getByTestId(id);
const decided = (what: 'action' | 'cause' | 'state') => byId('lab-decision').getAttribute(`data-${what}`);

const brokenRules = async (): Promise<string[]> => {
  const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']).analyze();
  return violations.map((violation) => `${violation.id}: ${violation.nodes[0]?.html ?? ''}`);
};

it('names the action and its reason when a slider goes beyond its limit, and a person has to acknowledge it', async () => {
  await expect.poll(() => byId('lab-clock').getAttribute('data-up'), { timeout: 30_000 }).toBe('true');
  expect(await decided('state')).toBe('running');
  expect(await brokenRules()).toEqual([]);
  await byId('lab-driveTempC').fill('100');
  await expect.poll(() => decided('cause'), { timeout: 20_000 }).toBe('driveOverTemperature');
  expect(await decided('action')).toBe('protectiveStop');
  expect(await byId('lab-lines').innerText()).toContain('driveTooHot');
  expect(await brokenRules()).toEqual([]);
  await byId('lab-driveTempC').fill('35');
  await expect.poll(() => decided('state'), { timeout: 20_000 }).toBe('stopped');
  await byId('lab-acknowledge').click();
  await expect.poll(() => decided('action'), { timeout: 20_000 }).toBe('none');
  await expect.poll(() => decided('state'), { timeout: 20_000 }).toBe('ready');
  expect(problems).toEqual([]);
});
