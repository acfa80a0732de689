import { describe, expect, it } from 'vitest';
import { loadReplay, loadSession, loadSessions } from '../../../ui/clinician/records-client.ts';

const never = new AbortController().signal;
const answering = (status: number, body: unknown) => () => Promise.resolve(new Response(typeof body === 'string' ? body : JSON.stringify(body), { status }));

describe('reading records from the station', () => {
  it('passes on what fits the schema', async () => {
    expect(await loadSessions(never, answering(200, []))).toEqual({ ok: true, value: [] });
  });

  it('hands on the words of the station when it refuses', async () => {
    const loaded = await loadSession('s1', never, answering(404, { code: 'sessionUnknown', message: 'Choose one from the list.' }));
    expect(loaded).toEqual({ ok: false, failure: { kind: 'server', code: 'sessionUnknown', message: 'Choose one from the list.' } });
  });

  it('says which field it does not understand', async () => {
    const loaded = await loadSessions(never, answering(200, [{ id: 7 }]));
    expect(loaded).toMatchObject({ ok: false, failure: { kind: 'notUnderstood' } });
    expect(loaded.ok ? '' : loaded.failure.code).toMatch(/^0\./);
  });

  it('takes an answer that is not JSON for a failure, not for a session', async () => {
    expect(await loadSession('s1', never, answering(200, '<html>'))).toMatchObject({ ok: false, failure: { kind: 'notUnderstood' } });
    expect(await loadSession('s1', never, answering(502, '<html>'))).toMatchObject({ ok: false, failure: { kind: 'server', code: 'HTTP 502' } });
  });

  it('says that the station does not answer', async () => {
    expect(await loadSessions(never, () => Promise.reject(new TypeError('fetch failed')))).toMatchObject({ ok: false, failure: { kind: 'unreachable' } });
  });

  it('asks for the replay of exactly this session', async () => {
    const asked: string[] = [];
    await loadReplay('a/b c', never, (url) => {
      asked.push(url);
      return Promise.reject(new TypeError('offline'));
    });
    expect(asked).toEqual(['/api/sessions/a%2Fb%20c/replay?rateHz=30']);
  });
});
