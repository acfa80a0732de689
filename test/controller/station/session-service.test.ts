import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import pino from 'pino';
import { afterEach, expect, it } from 'vitest';
import { SessionService, type SessionContext } from '../../../controller/station/session-service.ts';
import { openSqliteStore } from '../../../controller/station/records/sqlite-store.ts';
import { profile } from './support/stand-in-station.ts';

const MB = 1024 * 1024;
const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});
const request = { patientId: 'P-001', epoch: 1, actor: 'test' };

async function opening(freeBytes: number): Promise<{ result: Promise<string>; asked: string[] }> {
  const asked: string[] = [];
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'dari-service-'));
  const store = openSqliteStore(path.join(folder, 'dari.db'));
  ends.push(async () => {
    await store.close();
    fs.rmSync(folder, { recursive: true });
  });
  const [first] = await store.patients();
  const context: SessionContext = {
    profile,
    dataFolder: '/data',
    simulated: true,
    store,
    controller: { request: async ({ type }) => void asked.push(type), kill: () => {} },
    log: pino({ enabled: false }),
    wallTime: () => '2026-01-01T00:00:00.000Z',
    newSessionId: () => 's1',
    freeBytes: async () => freeBytes,
    changed: () => {},
    finishable: () => {},
  };
  return { result: new SessionService(context).open({ ...request, patientId: first?.id ?? '' }), asked };
}

it('begins no session on a disk that would not hold its recording, and says how much is missing', async () => {
  const { result, asked } = await opening(511 * MB);
  await expect(result).rejects.toMatchObject({ code: 'diskFull', message: expect.stringContaining('511 MB left; a session needs 512 MB') });
  expect(asked).toEqual([]);
});

it('begins a session on a disk with room for an hour', async () => {
  const { result, asked } = await opening(512 * MB);
  await expect(result).resolves.toBe('s1');
  expect(asked).toEqual(['openSession']);
});
