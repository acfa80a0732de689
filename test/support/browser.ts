/** A real Chromium: an installed one, else the one from the development dependencies. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { chromium, type Browser } from 'playwright-core';

const INSTALLED = [
  process.env['CHROME_PATH'] ?? '',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

const FLAGS = ['--no-sandbox', '--use-angle=swiftshader-webgl', '--enable-unsafe-swiftshader', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];

export async function launchBrowser(): Promise<Browser> {
  const installed = INSTALLED.find((file) => file !== '' && fs.existsSync(file));
  const executablePath = installed ?? (await (await import('@sparticuz/chromium')).default.executablePath());
  return chromium.launch({ executablePath: process.platform === 'linux' ? courteous(executablePath) : executablePath, args: FLAGS, headless: true });
}

/** A therapist's browser has a machine of its own to draw on; here it must not take the robot's processor. */
function courteous(executablePath: string): string {
  const script = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'dari-browser-')), 'browser.sh');
  fs.writeFileSync(script, `#!/bin/sh\necho 19 2>/dev/null >/proc/self/autogroup\nexec nice -n 19 '${executablePath}' "$@"\n`, { mode: 0o700 });
  return script;
}
