import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import pino from 'pino';
import { afterEach, expect, it } from 'vitest';
import type { SessionPlan } from '../../../protocols/session-plan.ts';
import type { SessionSetup } from '../../../protocols/supervision.ts';
import { SessionService, type SessionContext } from '../../../controller/station/session-service.ts';
import { openSqliteStore } from '../../../controller/station/records/sqlite-store.ts';
import { profile } from './support/stand-in-station.ts';

const MB = 1024 * 1024;
const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});
const request = { patientId: 'P-001', epoch: 1, actor: 'test' };

async function opening(freeBytes: number, plan?: SessionPlan): Promise<{ result: Promise<string>; asked: string[]; setups: SessionSetup[] }> {
  const asked: string[] = [];
  const setups: SessionSetup[] = [];
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
    controller: {
      request: async (message) => {
        asked.push(message.type);
        if (message.type === 'openSession') setups.push(message.setup);
      },
      kill: () => {},
    },
    log: pino({ enabled: false }),
    wallTime: () => '2026-01-01T00:00:00.000Z',
    newSessionId: () => 's1',
    freeBytes: async () => freeBytes,
    changed: () => {},
    finishable: () => {},
  };
  return { result: new SessionService(context).open({ ...request, patientId: first?.id ?? '', plan }), asked, setups };
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

it('begins what was planned: a triggered training in its mode, or an assessment', async () => {
  const trigger = { source: 'torque', thresholdNm: 4 } as const;
  const triggered = await opening(512 * MB, { kind: 'triggered', trigger });
  await triggered.result;
  expect(triggered.setups).toMatchObject([{ trigger, parameters: { mode: 'triggered' } }]);
  const order = { kind: 'rom', joint: 'kneeLeft' } as const;
  const assessed = await opening(512 * MB, { kind: 'assessment', order });
  await assessed.result;
  expect(assessed.setups).toMatchObject([{ assessment: order }]);
  expect(assessed.setups[0]?.parameters).not.toHaveProperty('mode');
});

it('begins no session that is to replay a movement which this patient was never shown', async () => {
  const { result, asked } = await opening(512 * MB, { kind: 'replay', trajectoryId: 't1' });
  await expect(result).rejects.toMatchObject({ code: 'trajectoryUnknown' });
  expect(asked).toEqual([]);
});
