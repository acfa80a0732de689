import fs from 'node:fs';
import { request as rawRequest } from 'node:http';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { getRequestListener } from '@hono/node-server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { apiErrorSchema, patientSchema, sessionListItemSchema } from '../../../../protocols/api.ts';
import { DariError } from '../../../../protocols/errors.ts';
import type { StopSeen } from '../../../../protocols/messages.ts';
import { listen, type HttpServer } from '../../../../controller/station/gateway/http-server.ts';
import { createHttpApp } from '../../../../controller/station/gateway/http.ts';
import { loadStaticPage } from '../../../../controller/station/gateway/static-page.ts';
import { openSqliteStore } from '../../../../controller/station/records/sqlite-store.ts';
import type { RecordStore } from '../../../../controller/station/records/store.ts';
import { aSession, aSummary } from '../records/store-contract.ts';

const knownTrajectory = { id: 't1', name: 'Slow walk', sessionId: 's1', sessionStartedAt: '2026-03-02T09:00:00.000Z', cycleSec: 2.4, cycles: 9 };

let folder: string;
let store: RecordStore;
let http: HttpServer;
let early: Response;
let stopRobot = (): Promise<StopSeen> => Promise.reject(new TypeError('not asked for here'));
const failures: unknown[] = [];

beforeAll(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'dari-http-'));
  const page = path.join(folder, 'page');
  fs.mkdirSync(path.join(page, 'assets'), { recursive: true });
  fs.writeFileSync(path.join(page, 'index.html'), '<!doctype html><title>Dari</title>');
  fs.writeFileSync(path.join(page, 'assets', 'main-abc123.js'), 'export {};');
  fs.writeFileSync(path.join(page, 'assets', 'font-abc123.woff2'), Buffer.from([1, 2, 3]));
  fs.writeFileSync(path.join(folder, 'secret.txt'), 'not for the web');
  store = openSqliteStore(path.join(folder, 'dari.db'));
  await store.openSession(aSession('s1'));
  await store.closeSession('s1', { status: 'sealed', endedAt: '2026-03-02T09:01:00.000Z', sha256: 'ab'.repeat(32) });
  await store.storeSummary('s1', aSummary());
  http = await listen(0);
  const app = createHttpApp({
    page: loadStaticPage(page),
    store,
    health: () => ({ status: 'ok' }),
    stopRobot: () => stopRobot(),
    replay: (id, rateHz) => {
      if (id === 'broken') return Promise.reject(new TypeError('a bug'));
      if (id !== 's1') return Promise.reject(new DariError('sessionUnknown', 'There is no such session. Choose one.'));
      return Promise.resolve({ profile: {}, bodyHeightM: rateHz, timeSec: [], state: [], positionRad: [], referenceRad: [], torqueNm: [], permittedRangeRad: [], strides: [] });
    },
    trajectories: (patientId) => Promise.resolve(patientId === 'demo-1' ? [knownTrajectory] : []),
    proposal: (patientId) => (patientId === 'demo-1' ? Promise.resolve({ patientId, basedOn: [], lines: [] }) : Promise.reject(new DariError('patientUnknown', 'There is no such patient. Choose one.'))),
    onFailure: (error) => failures.push(error),
  });
  early = await fetch(`${http.url}/healthz`);
  const listener = getRequestListener(app.fetch);
  http.serve((request, response) => void listener(request, response));
});

afterAll(async () => {
  await http.close();
  await store.close();
  fs.rmSync(folder, { recursive: true });
});

const get = (urlPath: string, headers: Record<string, string> = {}): Promise<Response> => fetch(http.url + urlPath, { headers });

/** Sends the path as it stands: `fetch` would tidy it up first. */
function getRaw(urlPath: string, headers: Record<string, string> = {}): Promise<{ status: number; body: string }> {
  const { port } = new URL(http.url);
  return new Promise((resolve, reject) => {
    const request = rawRequest({ host: '127.0.0.1', port, path: urlPath, headers }, (response) => {
      let body = '';
      response.on('data', (chunk: Buffer) => (body += chunk.toString()));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
    });
    request.on('error', reject);
    request.end();
  });
}

describe('the page', () => {
  it('is served at / and checked again by browsers, while hashed files may be kept for ever', async () => {
    const index = await get('/');
    expect(index.status).toBe(200);
    expect(index.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(index.headers.get('cache-control')).toBe('no-cache');
    const script = await get('/assets/main-abc123.js');
    expect(script.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    expect(script.headers.get('cache-control')).toContain('immutable');
    expect((await get('/assets/font-abc123.woff2')).headers.get('content-type')).toBe('font/woff2');
    const again = await get('/', { 'if-none-match': index.headers.get('etag') ?? '' });
    expect(again.status).toBe(304);
  });

  it('comes with a strict content security policy and is never sniffed or framed', async () => {
    const { headers } = await get('/');
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toMatch(/unsafe|https:|\*/);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
  });

  it('gives nothing outside its folder, however the path is written', async () => {
    for (const attack of ['/../secret.txt', '/..%2fsecret.txt', '/%2e%2e/secret.txt', '/assets/../../secret.txt', '/....//secret.txt', '//secret.txt', '/assets/..%5c..%5csecret.txt', `/${folder}/secret.txt`]) {
      const answer = await getRaw(attack);
      expect({ attack, status: answer.status }).toEqual({ attack, status: 404 });
      expect(answer.body).not.toContain('not for the web');
    }
  });

  it('answers 404 in JSON for anything unknown', async () => {
    for (const unknown of ['/nothing', '/api/nothing', '/api/sessions/none', '/api/sessions/none/replay', '/assets/']) {
      const answer = await get(unknown);
      expect({ unknown, status: answer.status }).toEqual({ unknown, status: 404 });
      expect(apiErrorSchema.parse(await answer.json()).message).not.toBe('');
    }
  });
});

describe('the API', () => {
  it('answers what the next session of a patient might begin with, and 404 for somebody unknown', async () => {
    expect(await (await get('/api/patients/demo-1/trajectories')).json()).toEqual([knownTrajectory]);
    expect(await (await get('/api/patients/demo-1/entered-walks')).json()).toEqual([]);
    expect(await (await get('/api/patients/demo-1/proposal')).json()).toEqual({ patientId: 'demo-1', basedOn: [], lines: [] });
    expect((await get('/api/patients/nobody/proposal')).status).toBe(404);
  });

  it('lists patients and sessions in the shapes of the contract', async () => {
    const patients = (await (await get('/api/patients')).json()) as unknown[];
    expect(patients.map((patient) => patientSchema.parse(patient).demo)).toContain(true);
    const sessions = (await (await get('/api/sessions')).json()) as unknown[];
    expect(sessions.map((session) => sessionListItemSchema.parse(session).id)).toEqual(['s1']);
    expect(await (await get('/api/sessions?patientId=demo-2')).json()).toEqual([]);
    expect(((await (await get('/api/sessions/s1')).json()) as { sha256: string }).sha256).toBe('ab'.repeat(32));
  });

  it('is never cached', async () => {
    for (const urlPath of ['/api/patients', '/api/sessions', '/healthz', '/api/nothing']) expect({ urlPath, cache: (await get(urlPath)).headers.get('cache-control') }).toEqual({ urlPath, cache: 'no-store' });
  });

  it('passes the rate of a replay on and refuses one that makes no sense', async () => {
    expect(await (await get('/api/sessions/s1/replay?rateHz=50')).json()).toMatchObject({ bodyHeightM: 50 });
    expect(await (await get('/api/sessions/s1/replay')).json()).toMatchObject({ bodyHeightM: 30 });
    for (const rate of ['0', '-1', 'NaN', 'fast', '1e9', '']) {
      const answer = await get(`/api/sessions/s1/replay?rateHz=${rate}`);
      expect({ rate, status: answer.status }).toEqual({ rate, status: 400 });
      expect(await answer.json()).toMatchObject({ code: 'messageInvalid' });
    }
  });

  it('hides the inside of a failure from the browser but not from the log', async () => {
    const answer = await get('/api/sessions/broken/replay');
    expect(answer.status).toBe(500);
    expect(await answer.text()).not.toContain('a bug');
    expect(failures).toEqual([expect.objectContaining({ message: 'a bug' })]);
  });

  it('stops the robot for anybody who asks by POST, and says what was seen or that nothing was', async () => {
    const seen = { robot: 'released', state: 'stopped', cause: 'operatorStop', afterMs: 12 } as const;
    stopRobot = () => Promise.resolve(seen);
    const answer = await fetch(`${http.url}/api/stop`, { method: 'POST' });
    expect([answer.status, await answer.json()]).toEqual([200, seen]);
    stopRobot = () => Promise.reject(new DariError('stopUnconfirmed', 'Nobody saw it. Press the button.'));
    const unseen = await fetch(`${http.url}/api/stop`, { method: 'POST' });
    expect([unseen.status, await unseen.json()]).toEqual([504, { code: 'stopUnconfirmed', message: 'Nobody saw it. Press the button.' }]);
  });

  it('does not stop the robot for another web site, nor by a link that is followed', async () => {
    stopRobot = () => Promise.reject(new TypeError('must not be called'));
    expect((await fetch(`${http.url}/api/stop`, { method: 'POST', headers: { origin: 'http://evil.example' } })).status).toBe(403);
    expect((await fetch(`${http.url}/api/stop`)).status).toBe(404);
  });

  it('lists the measured stops', async () => {
    expect(await (await fetch(`${http.url}/api/stops`)).json()).toEqual([]);
  });

  it('changes nothing: every other method is refused', async () => {
    for (const method of ['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS']) {
      const answer = await fetch(`${http.url}/api/patients`, { method });
      expect({ method, status: answer.status }).toEqual({ method, status: 405 });
      expect(await answer.json()).toMatchObject({ code: 'methodNotAllowed' });
    }
  });

  it('answers a health check while it is up', async () => {
    const answer = await get('/healthz');
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({ status: 'ok' });
  });
});

describe('a station that is still starting', () => {
  it('asks to try again', async () => {
    expect(early.status).toBe(503);
    expect(apiErrorSchema.parse(await early.json())).toMatchObject({ code: 'starting' });
  });
});

describe('strangers', () => {
  it('are refused when they use a name that is not loopback, as DNS rebinding does', async () => {
    for (const host of ['evil.example', 'evil.example:80', '127.0.0.1.evil.example', '10.0.0.1', 'localhost.evil.example:7377', '0.0.0.0'])
      expect({ host, status: (await getRaw('/api/patients', { host })).status }).toEqual({ host, status: 403 });
    for (const host of ['127.0.0.1:1234', 'localhost', 'LOCALHOST:7377', '[::1]:7377'])
      expect({ host, status: (await getRaw('/api/patients', { host })).status }).toEqual({ host, status: 200 });
  });

  it('are refused when another web site asks', async () => {
    for (const origin of ['http://evil.example', 'null', http.url.replace('http', 'https'), 'http://127.0.0.1:1']) {
      const answer = await get('/api/patients', { origin });
      expect({ origin, status: answer.status }).toEqual({ origin, status: 403 });
      expect(await answer.json()).toMatchObject({ code: 'originRefused' });
    }
    expect((await get('/api/patients', { origin: http.url })).status).toBe(200);
  });
});

describe('the port', () => {
  it('is refused with advice when it is taken', async () => {
    const port = Number(new URL(http.url).port);
    await expect(listen(port)).rejects.toMatchObject({ code: 'addressInUse', message: expect.stringMatching(new RegExp(`${port}.*--port`)) });
  });

  it('is open on the loopback address only', async () => {
    const others = Object.values(os.networkInterfaces()).flatMap((entries) => entries ?? []).filter((entry) => !entry.internal && entry.family === 'IPv4');
    for (const { address } of others) {
      const socket = net.connect(Number(new URL(http.url).port), address);
      const outcome = await new Promise((resolve) => socket.on('connect', () => resolve('connected')).on('error', () => resolve('refused')));
      socket.destroy();
      expect({ address, outcome }).toEqual({ address, outcome: 'refused' });
    }
  });
});
