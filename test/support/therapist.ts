/** A therapist at the page of a virtual robot: presses and holds as a person who means it, and looks at what is seen. */
import { expect } from 'vitest';
import type { Page } from 'playwright-core';
import { confirmations } from '../../protocols/supervision.ts';
import { isMachineStall, MOST_NEW_STARTS } from './machine-stalls.ts';

const SEEN_MS = 30_000;
/** Longer than any hold button asks for. */
const HELD_IN_VAIN_MS = 3_000;

export class Therapist {
  constructor(private readonly page: Page) {}

  byId(id: string) {
    return this.page.getByTestId(id);
  }

  state(): Promise<string | null> {
    return this.byId('state').getAttribute('data-state');
  }

  /** Presses and holds until the robot is seen to follow, or gives up when it does not. */
  async hold(id: string, followed: (state: string | null) => boolean): Promise<void> {
    await this.press(id);
    const pressed = Date.now();
    await expect.poll(async () => followed(await this.state()) || Date.now() - pressed > HELD_IN_VAIN_MS, { timeout: SEEN_MS }).toBe(true);
    await this.page.mouse.up();
  }

  async press(id: string): Promise<void> {
    await expect.poll(() => this.byId(id).isEnabled(), { timeout: SEEN_MS }).toBe(true);
    await this.byId(id).hover();
    await this.page.mouse.down();
  }

  /** What the panel of the preparation says; it goes when the robot is prepared. */
  async preparation(what: 'step' | 'status' | 'ask'): Promise<string | null> {
    const panel = this.byId('preparation');
    return (await panel.count()) === 0 ? 'prepared' : panel.getAttribute(`data-${what}`);
  }

  /** Begins the self-test, and again where this machine's own stalls ended it, until the robot asks for something. */
  async untilAsked(ask: string): Promise<void> {
    for (let starts = 0; ; starts++) {
      await expect.poll(async () => (await this.preparation('ask')) === ask || (await this.preparation('status')) !== 'running', { timeout: SEEN_MS }).toBe(true);
      if ((await this.preparation('ask')) === ask) return;
      expect(starts).toBeLessThan(MOST_NEW_STARTS);
      await this.beginSelfTest();
    }
  }

  async beginSelfTest(): Promise<void> {
    await expect.poll(() => this.byId('nobody-inside').isEnabled(), { timeout: SEEN_MS }).toBe(true);
    await this.byId('nobody-inside').check();
    await this.hold('begin-self-test', (state) => state !== 'idle');
  }

  /** From an idle robot until a patient can be chosen. */
  async prepare(): Promise<void> {
    for (let starts = 0; (await this.preparation('status')) !== 'prepared'; starts++) {
      expect(starts).toBeLessThan(MOST_NEW_STARTS);
      if ((await this.preparation('ask')) !== 'home') await this.selfTest();
      if ((await this.preparation('ask')) !== 'home') continue;
      await this.press('home');
      await expect.poll(async () => (await this.preparation('status')) === 'prepared' || (await this.preparation('status')) === 'failed', { timeout: 60_000 }).toBe(true);
      await this.page.mouse.up();
    }
  }

  async selfTest(): Promise<void> {
    await this.untilAsked('pressEstop');
    await this.byId('virtual-estop').click();
    await expect.poll(() => this.preparation('ask'), { timeout: SEEN_MS }).toBe('releaseEstop');
    await this.byId('virtual-estop').click();
    await expect.poll(() => this.preparation('ask'), { timeout: SEEN_MS }).toBe('acknowledge');
    await this.hold('acknowledge', (state) => state !== 'emergency');
    await expect.poll(async () => (await this.preparation('ask')) === 'home' || (await this.preparation('status')) === 'failed', { timeout: 60_000 }).toBe(true);
  }

  /** Chooses the first patient, confirms everything and opens the session. */
  async beginSession(): Promise<void> {
    await this.page.getByTestId(/^patient-option-/).first().click();
    await expect.poll(() => this.byId('play-tone').isEnabled(), { timeout: SEEN_MS }).toBe(true);
    await this.byId('play-tone').click();
    for (const what of confirmations) await this.byId(`confirm-${what}`).check();
    await this.byId('begin-session').click();
  }

  async start(): Promise<void> {
    await this.hold('arm', (seen) => seen === 'armed' || seen === 'stopped');
    if ((await this.state()) === 'armed') await this.hold('start', (seen) => seen === 'running' || seen === 'stopped');
  }

  /** Goes on training until the condition holds. */
  async walkingUntil(reached: () => Promise<boolean>): Promise<void> {
    for (let starts = 0; ; starts++) {
      await expect.poll(async () => (await reached()) || (await this.state()) === 'stopped', { timeout: 60_000 }).toBe(true);
      if ((await this.state()) !== 'stopped') return;
      const cause = await this.byId('state').getAttribute('data-cause');
      expect({ stoppedBy: cause, restarted: isMachineStall(cause) && starts < MOST_NEW_STARTS }).toMatchObject({ restarted: true });
      while ((await this.state()) === 'stopped') await this.hold('acknowledge', (seen) => seen !== 'stopped');
      await this.start();
    }
  }
}
