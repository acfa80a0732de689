import { beforeEach, describe, expect, it } from 'vitest';
import { handleRequest, type RequestTools } from '../../../controller/robot/requests.ts';
import { SessionKeeper } from '../../../controller/robot/session-keeper.ts';
import type { FromController, ToController } from '../../../protocols/messages.ts';
import { LoopRig, profile } from './support/fake-robot.ts';
import { ListeningRecorder, openRequest } from './support/sessions.ts';

let rig: LoopRig;
let sent: FromController[];
let tools: RequestTools;
let estopClosed: boolean;
/** No drive says anything. */
let silent: boolean;

beforeEach(() => {
  estopClosed = true;
  silent = false;
  rig = new LoopRig((inputs) => {
    inputs.hub.estopClosed = estopClosed;
    if (silent) for (const joint of inputs.joints) joint.driveAgeUs = 1e9;
  });
  sent = [];
  const sessions = new SessionKeeper({ profile, loop: rig.loop, recorder: new ListeningRecorder(), simulated: true, nowUs: () => rig.nowUs, onSession: () => {} });
  tools = {
    profile,
    loop: rig.loop,
    sessions,
    nowUs: () => rig.nowUs,
    send: (message) => sent.push(message),
    stats: () => {
      throw new TypeError('not measured here');
    },
    shutdown: () => sent.push({ type: 'hello', pid: 0 }),
  };
  rig.ticks(10, false);
});

/** Handles the request while cycles go on, as they do. */
async function ask(request: ToController): Promise<FromController | undefined> {
  sent.length = 0;
  const handled = handleRequest(request, tools);
  await Promise.resolve();
  rig.ticks(2);
  await handled;
  return sent.at(-1);
}

const command = (name: 'arm' | 'start' | 'acknowledge') => ({ type: 'command', requestId: 7, epoch: 1, actor: 'x', command: name }) as const;

describe('a game', () => {
  const play = { type: 'playGame', requestId: 8, epoch: 1, targets: 5, seed: 1 } as const;

  it('needs the lease, an open session, and an arm that moves by itself', async () => {
    expect(await ask(play)).toMatchObject({ type: 'refused', requestId: 8, code: 'leaseRefused' });
    await ask({ type: 'takeLease', requestId: 1, epoch: 1 });
    expect(await ask(play)).toMatchObject({ type: 'refused', code: 'notPermittedNow', message: expect.stringContaining('Open a session first') });
    await ask({ ...openRequest, type: 'openSession' });
    expect(await ask(play)).toMatchObject({ type: 'refused', code: 'notPermittedNow', message: expect.stringContaining('no arm that moves by itself') });
  });
});

describe('a request', () => {
  it('is done when the robot is seen to have followed', async () => {
    expect(await ask({ type: 'takeLease', requestId: 3, epoch: 1 })).toEqual({ type: 'done', requestId: 3 });
    expect(await ask(openRequest)).toEqual({ type: 'done', requestId: 1 });
    rig.ticks(2);
    expect(await ask(command('arm'))).toEqual({ type: 'done', requestId: 7 });
    expect(rig.state).toBe('armed');
  });

  it('is refused when the robot does not follow, with the reason', async () => {
    await ask({ type: 'takeLease', requestId: 3, epoch: 1 });
    await ask(openRequest);
    estopClosed = false;
    rig.ticks(3);
    expect(rig.state).toBe('emergency');
    expect(await ask(command('acknowledge'))).toEqual({ type: 'refused', requestId: 7, code: 'notPermittedNow', message: expect.stringContaining('"acknowledge" had no effect: the robot is emergency (estopOpen)') });
  });

  it('gets the refusal of an older epoch', async () => {
    await ask({ type: 'takeLease', requestId: 3, epoch: 5 });
    expect(await ask({ type: 'takeLease', requestId: 4, epoch: 4 })).toMatchObject({ type: 'refused', requestId: 4, code: 'leaseRefused' });
  });

  it('to close a session reports the sealed file before it is done', async () => {
    await ask({ type: 'takeLease', requestId: 3, epoch: 1 });
    await ask(openRequest);
    await ask({ type: 'closeSession', requestId: 9 });
    expect(sent.map((message) => message.type)).toEqual(['sessionClosed', 'done']);
  });

  it('to stop is taken from anybody', async () => {
    expect(await ask({ type: 'stop', requestId: 8, actor: 'anybody' })).toEqual({ type: 'done', requestId: 8, seen: { robot: 'released', state: 'stopped', cause: 'operatorStop', afterMs: 4 } });
    expect(rig.state).toBe('stopped');
  });

  it('to stop is done when a walking robot is seen to stand, not before', async () => {
    rig.walk();
    sent.length = 0;
    const handled = handleRequest({ type: 'stop', requestId: 8, actor: 'anybody' }, tools);
    rig.ticks(2);
    await Promise.resolve();
    expect(sent).toEqual([]);
    rig.ticks(150);
    await handled;
    expect(sent).toEqual([{ type: 'done', requestId: 8, seen: { robot: 'standing', state: 'stopped', cause: 'operatorStop', afterMs: expect.any(Number) } }]);
    expect(rig.loop.moving).toBe(false);
  });

  it('to stop is refused with what to do when nobody sees the robot stop', async () => {
    rig.walk();
    silent = true;
    sent.length = 0;
    const handled = handleRequest({ type: 'stop', requestId: 8, actor: 'anybody' }, tools);
    rig.ticks(((profile.stop.maxTimeMs + 400) * profile.controlRateHz) / 1_000);
    await handled;
    expect(sent).toEqual([{ type: 'refused', requestId: 8, code: 'stopUnconfirmed', message: expect.stringMatching(/^Nobody saw the robot stop.*Press the hardware emergency stop/) }]);
  });

  it('to stop is confirmed by the hub when the drives have no power and say nothing', async () => {
    rig.walk();
    silent = true;
    estopClosed = false;
    sent.length = 0;
    const handled = handleRequest({ type: 'stop', requestId: 8, actor: 'anybody' }, tools);
    rig.ticks(250);
    await handled;
    expect(sent).toMatchObject([{ type: 'done', seen: { robot: 'released', state: 'emergency', cause: 'estopOpen' } }]);
  });

  it('to stop is refused when the loop has failed', async () => {
    rig.loop.abandon(rig.nowUs);
    expect(await ask({ type: 'stop', requestId: 8, actor: 'anybody' })).toMatchObject({ type: 'refused', code: 'stopUnconfirmed' });
  });

  it('that breaks the program is not answered as if it were the station’s mistake', async () => {
    await expect(ask({ type: 'stats', requestId: 1, startOver: false })).rejects.toThrow(TypeError);
  });
});
