/** A therapist at the page of a virtual robot: presses and holds as a person who means it, and looks at what is seen. */
import type { Page } from 'playwright-core';
import { confirmations } from '../../protocols/supervision.ts';
import { isMachineStall, MOST_NEW_STARTS } from './machine-stalls.ts';

const SEEN_MS = 30_000;
const LONG_MS = 60_000;
const LOOK_MS = 50;
/** Longer than any hold button asks for. */
const HELD_IN_VAIN_MS = 3_000;

export class Therapist {
  private takenAgain = 0;

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
    await this.until(`what ${id} does`, async () => followed(await this.state()) || Date.now() - pressed > HELD_IN_VAIN_MS);
    await this.page.mouse.up();
  }

  async press(id: string): Promise<void> {
    await this.until(`the button ${id}`, async () => {
      if (await this.byId(id).isEnabled()) return true;
      await this.takeControlAgain();
      return false;
    });
    await this.byId(id).hover();
    await this.page.mouse.down();
  }

  /** Takes control again, as the page asks for, where this machine's stalls held the page up until its lease was over. */
  private async takeControlAgain(): Promise<void> {
    if ((await this.byId('take-control').count()) === 0) return;
    if (++this.takenAgain > MOST_NEW_STARTS) throw new Error(`control was lost ${this.takenAgain} times`);
    await this.byId('take-control').click();
    await this.until('control', async () => (await this.byId('take-control').count()) === 0);
  }

  private async until(what: string, seen: () => Promise<boolean>, timeoutMs = SEEN_MS): Promise<void> {
    const end = Date.now() + timeoutMs;
    while (!(await seen())) {
      if (Date.now() > end) throw new Error(`waited ${timeoutMs} ms in vain for ${what}; the robot is ${await this.state()}, the page says: ${await this.byId('state').locator('..').innerText()}`);
      await this.page.waitForTimeout(LOOK_MS);
    }
  }

  /** What the panel of the preparation says; it goes when the robot is prepared. */
  async preparation(what: 'step' | 'status' | 'ask'): Promise<string | null> {
    // In one look: between two the panel may go.
    return this.page.evaluate((attribute) => {
      const panel = document.querySelector('[data-testid="preparation"]');
      return panel === null ? 'prepared' : panel.getAttribute(attribute);
    }, `data-${what}`);
  }

  /** Begins the self-test, and again where this machine's own stalls ended it, until the robot asks for something. */
  async untilAsked(ask: string): Promise<void> {
    for (let starts = 0; ; starts++) {
      await this.until(ask, async () => (await this.preparation('ask')) === ask || (await this.preparation('status')) !== 'running');
      if ((await this.preparation('ask')) === ask) return;
      if (starts === MOST_NEW_STARTS) throw new Error(`the self-test never came to ${ask}`);
      await this.beginSelfTest();
    }
  }

  async beginSelfTest(): Promise<void> {
    await this.until('the first question', () => this.byId('nobody-inside').isEnabled());
    await this.byId('nobody-inside').check();
    await this.hold('begin-self-test', (state) => state !== 'idle');
  }

  /** From an idle robot until a patient can be chosen. */
  async prepare(): Promise<void> {
    for (let starts = 0; (await this.preparation('status')) !== 'prepared'; starts++) {
      if (starts === MOST_NEW_STARTS) throw new Error('the robot could not be prepared');
      await this.selfTest();
      await this.press('home');
      await this.until('the way home to begin', async () => ['prepared', 'running'].includes((await this.preparation('status')) ?? ''));
      await this.until('the way home', async () => ['prepared', 'failed'].includes((await this.preparation('status')) ?? ''), LONG_MS);
      await this.page.mouse.up();
    }
  }

  /** Until the robot asks for its way home, and again where this machine's own stalls ended the self-test. */
  async selfTest(): Promise<void> {
    for (let starts = 0; (await this.preparation('ask')) !== 'home'; starts++) {
      if (starts === MOST_NEW_STARTS) throw new Error('the self-test never came to its end');
      while ((await this.state()) === 'stopped') await this.hold('acknowledge', (seen) => seen !== 'stopped');
      await this.untilAsked('pressEstop');
      await this.byId('virtual-estop').click();
      if (!(await this.asks('releaseEstop'))) continue;
      await this.byId('virtual-estop').click();
      if (!(await this.asks('acknowledge'))) continue;
      await this.hold('acknowledge', (state) => state !== 'emergency');
      await this.asks('home');
    }
  }

  /** Presses stop in the middle of the self-test, and again where this machine's own stalls ended it before. @returns what it failed of */
  async stopSelfTest(): Promise<string | null> {
    for (let starts = 0; ; starts++) {
      while ((await this.state()) === 'stopped') await this.hold('acknowledge', (seen) => seen !== 'stopped');
      await this.untilAsked('pressEstop');
      await this.byId('stop').dispatchEvent('pointerdown', { button: 0, isPrimary: true });
      await this.until('the self-test to fail', async () => (await this.preparation('status')) === 'failed');
      const cause = await this.byId('prep-failure').getAttribute('data-cause');
      if (!isMachineStall(cause) || starts === MOST_NEW_STARTS) return cause;
    }
  }

  /** @returns false when the self-test failed before it asked for it */
  private async asks(ask: string): Promise<boolean> {
    await this.until(ask, async () => (await this.preparation('ask')) === ask || (await this.preparation('status')) === 'failed', LONG_MS);
    return (await this.preparation('ask')) === ask;
  }

  /** Chooses the first patient, confirms everything and opens the session. */
  async beginSession(): Promise<void> {
    await this.page.getByTestId(/^patient-option-/).first().click();
    await this.until('the confirmations', () => this.byId('play-tone').isEnabled());
    await this.byId('play-tone').click();
    for (const what of confirmations) await this.byId(`confirm-${what}`).check();
    await this.byId('begin-session').click();
  }

  async start(): Promise<void> {
    await this.hold('arm', (seen) => seen === 'armed' || seen === 'stopped');
    if ((await this.state()) === 'armed') await this.hold('start', (seen) => seen === 'running' || seen === 'stopped');
  }

  /** Notes on the page what each stop begins with: a cause that is shown later is often its consequence. */
  private async noteStops(): Promise<void> {
    await this.page.evaluate(() => {
      const look = (): void => {
        const { state, cause } = document.querySelector<HTMLElement>('[data-testid="state"]')?.dataset ?? {};
        const { dataset } = document.documentElement;
        if (state !== 'stopped') delete dataset['stoppedBy'];
        else dataset['stoppedBy'] ??= cause ?? 'none';
      };
      look();
      new MutationObserver(look).observe(document.body, { subtree: true, attributeFilter: ['data-state', 'data-cause'] });
    });
  }

  /** Goes on training until the condition holds. */
  async walkingUntil(reached: () => Promise<boolean>): Promise<void> {
    await this.noteStops();
    for (let starts = 0; ; starts++) {
      await this.until('the walk', async () => (await reached()) || (await this.state()) === 'stopped', LONG_MS);
      if ((await this.state()) !== 'stopped') return;
      const cause = await this.page.evaluate(() => document.documentElement.dataset['stoppedBy']);
      if (!isMachineStall(cause) || starts === MOST_NEW_STARTS) throw new Error(`stopped by ${cause}`);
      while ((await this.state()) === 'stopped') await this.hold('acknowledge', (seen) => seen !== 'stopped');
      await this.start();
    }
  }
}
