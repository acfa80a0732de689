import { once } from 'node:events';
import { jsonValue, sample } from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { systemClock } from '../../../../hal/clock.ts';
import { serverMessageSchema, type ClientMessage, type ServerMessage } from '../../../../protocols/messages.ts';
import { listen, type HttpServer } from '../../../../controller/station/gateway/http-server.ts';
import { openSocketGateway, type SocketGateway } from '../../../../controller/station/gateway/socket.ts';

let http: HttpServer;
let gateway: SocketGateway;
let received: ClientMessage[];
let gone: string[];
const sockets: WebSocket[] = [];

beforeEach(async () => {
  received = [];
  gone = [];
  http = await listen(0);
  gateway = openSocketGateway({
    server: http.server,
    clock: systemClock,
    welcome: (clientId) => ({ type: 'welcome', clientId, stationVersion: '0', profile: {}, channels: [], status: { controller: 'running', simulated: true, lease: null, session: null } }),
    handle: (_clientId, message) => {
      received.push(message);
      return Promise.resolve('requestId' in message ? { type: 'done', requestId: message.requestId } : null);
    },
    gone: (clientId) => gone.push(clientId),
  });
});

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.terminate();
  gateway.close();
  await http.close();
});

class Page {
  readonly messages: ServerMessage[] = [];
  packets = 0;
  readonly #waiting: (() => void)[] = [];

  constructor(readonly socket: WebSocket) {
    sockets.push(socket);
    socket.on('error', () => {});
    socket.on('message', (data: Buffer, isBinary) => {
      if (isBinary) this.packets++;
      else this.messages.push(serverMessageSchema.parse(JSON.parse(data.toString())));
      for (const look of this.#waiting.splice(0)) look();
    });
  }

  async next(accept: (message: ServerMessage) => boolean): Promise<ServerMessage> {
    for (;;) {
      const found = this.messages.find(accept);
      if (found !== undefined) return found;
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  async packetsReach(count: number): Promise<void> {
    while (this.packets < count) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  send(message: unknown): void {
    this.socket.send(typeof message === 'string' ? message : JSON.stringify(message));
  }

  async answerTo(message: { requestId: number }): Promise<ServerMessage> {
    this.send(message);
    return this.next((answer) => 'requestId' in answer && answer.requestId === message.requestId);
  }
}

const address = (): string => `${http.url.replace('http', 'ws')}/ws`;

async function connect(): Promise<Page> {
  const page = new Page(new WebSocket(address(), { origin: http.url }));
  await page.next((message) => message.type === 'welcome');
  return page;
}

const refusal = (url: string, options: object): Promise<number> =>
  new Promise((resolve, reject) => {
    const socket = new WebSocket(url, options);
    sockets.push(socket);
    socket.on('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0));
    socket.on('open', () => reject(new Error('was let in')));
    socket.on('error', () => {});
  });

describe('the handshake', () => {
  it('lets in the page of this station only', async () => {
    const { port } = new URL(http.url);
    for (const origin of ['http://evil.example', 'null', `https://127.0.0.1:${port}`, 'http://127.0.0.1:1', `http://localhost:${port}`, undefined])
      expect({ origin, status: await refusal(address(), origin === undefined ? {} : { origin }) }).toEqual({ origin, status: 403 });
    expect(await refusal(address(), { origin: 'http://evil.example', headers: { host: 'evil.example' } })).toBe(403);
    expect(await refusal(`${address()}/other`, { origin: http.url })).toBe(404);
    expect(received).toEqual([]);
    expect(gateway.clientCount).toBe(0);
  });

  it('welcomes each page under a name of its own, without compression', async () => {
    const [a, b] = await Promise.all([connect(), connect()]);
    const ids = [a, b].map((page) => (page.messages[0]?.type === 'welcome' ? page.messages[0].clientId : ''));
    expect(new Set(ids).size).toBe(2);
    expect(a.socket.extensions).toBe('');
    expect(gateway.clientCount).toBe(2);
  });

  it('says goodbye to a page that is gone', async () => {
    const page = await connect();
    const id = page.messages[0]?.type === 'welcome' ? page.messages[0].clientId : '';
    page.socket.terminate();
    await expect.poll(() => gone).toContain(id);
    expect(gateway.clientCount).toBe(0);
  });
});

describe('a message', () => {
  it('is answered when it is well-formed', async () => {
    const page = await connect();
    expect(await page.answerTo({ type: 'stop', requestId: 7 } as { requestId: number })).toEqual({ type: 'done', requestId: 7 });
  });

  it('is refused with a reason when it is garbage, and the connection stays', async () => {
    const page = await connect();
    const garbage = ['', 'not json', '{}', '[]', 'null', '{"type":"fly","requestId":3}', '{"type":"stop"}', '{"type":"stop","requestId":1.5}', '{"type":"command","requestId":1,"epoch":1,"command":"jump"}', '{"type":"stop","requestId":4,"extra":true}'];
    for (const [index, text] of garbage.entries()) {
      page.send(text);
      await page.next(() => page.messages.length === index + 2);
    }
    const answers = page.messages.slice(1);
    expect(answers.every((answer) => answer.type === 'refused' && answer.code === 'messageInvalid')).toBe(true);
    expect(answers.map((answer) => ('requestId' in answer ? answer.requestId : -1))).toEqual([0, 0, 0, 0, 0, 3, 0, 0, 1, 4]);
    page.socket.send(Buffer.from([1, 2, 3]), { binary: true });
    await page.next((message) => message.type === 'refused' && message.message.includes('binary'));
    expect(await page.answerTo({ type: 'stop', requestId: 9 } as { requestId: number })).toEqual({ type: 'done', requestId: 9 });
    expect(received).toEqual([{ type: 'stop', requestId: 9 }]);
  });

  it('never gets through with a number that JSON cannot mean', async () => {
    const page = await connect();
    page.send('{"type":"parameters","requestId":5,"epoch":1,"parameters":{"speedMps":1e999,"guidance":{"left":1,"right":1},"romScale":[],"offsetRad":[]}}');
    expect(await page.next((message) => 'requestId' in message && message.requestId === 5)).toMatchObject({ type: 'refused', code: 'messageInvalid' });
    expect(received).toEqual([]);
  });

  it('of any JSON shape is answered or refused, never fatal', async () => {
    const page = await connect();
    const values = sample(jsonValue(), { numRuns: 100, seed: 1 });
    for (const value of values) page.send(JSON.stringify(value));
    expect(await page.answerTo({ type: 'stop', requestId: 424_242 } as { requestId: number })).toMatchObject({ type: 'done' });
    expect(received).toHaveLength(1);
  });

  it('that is too long ends the connection', async () => {
    const page = await connect();
    page.send('x'.repeat(17 * 1024));
    const [code] = (await once(page.socket, 'close')) as [number];
    expect(code).toBe(1009);
  });
});

describe('a page that floods', () => {
  it('is cut off, but its stops are all heard', async () => {
    const page = await connect();
    for (let requestId = 1; requestId <= 1_000; requestId++) page.send({ type: 'stop', requestId });
    await page.next((message) => message.type === 'done' && message.requestId === 1_000);
    for (let i = 0; i < 1_000; i++) page.send({ type: 'ping', sentMs: i });
    const [code] = (await once(page.socket, 'close')) as [number];
    expect(code).toBe(1008);
    expect(received.filter((message) => message.type === 'stop')).toHaveLength(1_000);
  });
});

describe('a page that stalls', () => {
  it('does not hold the others up, and is cut off before it takes the memory', async () => {
    const [stalled, live] = await Promise.all([connect(), connect()]);
    stalled.socket.pause();
    // A broadcast reaches the live page each time, whatever the stalled one does.
    for (let sent = 1; sent <= 20; sent++) {
      gateway.broadcastTelemetry(new Uint8Array(32 * 1024));
      await live.packetsReach(sent);
    }
    let events = 0;
    while (gateway.clientCount === 2) {
      gateway.broadcast({ type: 'refused', requestId: ++events, code: 'test', message: 'x'.repeat(100_000) });
      await live.next(() => live.messages.length === 1 + events);
      expect(events).toBeLessThan(1_000);
    }
    expect(live.packets).toBe(20);
    expect(gateway.clientCount).toBe(1);
  });
});
