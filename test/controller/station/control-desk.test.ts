import { describe, expect, it } from 'vitest';
import { handleClientMessage, type DeskContext } from '../../../controller/station/control-desk.ts';
import { DariError } from '../../../protocols/errors.ts';
import { clientMessageSchema } from '../../../protocols/messages.ts';
import { silent } from './support/stand-in-station.ts';

function desk(refuse: DariError | null = null) {
  const asked: unknown[] = [];
  const context: DeskContext = {
    lease: {
      take: () => Promise.resolve(1),
      renew: () => {},
      hold: () => {},
      endHold: () => {},
      require: (_, epoch) => {
        if (epoch !== 1) throw new DariError('leaseRefused', 'Take control first.');
      },
      release: () => {},
    },
    sessions: {
      open: (request) => {
        asked.push(request);
        return Promise.resolve('s1');
      },
      close: () => Promise.resolve('s1'),
    },
    controller: { request: (message) => Promise.resolve(void asked.push(message)), stopRobot: () => Promise.reject(refuse), send: () => {} },
    pressVirtual: () => {},
    seatVirtual: () => {},
    makeTrajectory: (sessionId, name) => (refuse === null ? Promise.resolve(void asked.push({ sessionId, name })) : Promise.reject(refuse)),
    enterWalk: (patientId, entry, actor) => (refuse === null ? Promise.resolve(void asked.push({ patientId, entry, actor })) : Promise.reject(refuse)),
    newSeed: () => 77,
    log: silent,
  };
  return { asked, ask: (message: unknown) => handleClientMessage(context, 'page', clientMessageSchema.parse(message)) };
}

describe('at the desk of the station', () => {
  it('a session is opened as it was planned', async () => {
    const { asked, ask } = desk();
    const plan = { kind: 'assessment', order: { kind: 'strength', joint: 'kneeLeft' } };
    expect(await ask({ type: 'openSession', requestId: 1, epoch: 1, patientId: 'p', plan })).toEqual({ type: 'done', requestId: 1, sessionId: 's1' });
    expect(asked).toMatchObject([{ patientId: 'p', plan }]);
  });

  it('a movement is made, or refused in words', async () => {
    const { asked, ask } = desk();
    expect(await ask({ type: 'makeTrajectory', requestId: 2, epoch: 1, sessionId: 's0', name: 'Slow' })).toEqual({ type: 'done', requestId: 2 });
    expect(asked).toEqual([{ sessionId: 's0', name: 'Slow' }]);
    const refusing = desk(new DariError('trajectoryInvalid', 'Show the movement for longer.'));
    expect(await refusing.ask({ type: 'makeTrajectory', requestId: 3, epoch: 1, sessionId: 's0', name: 'Slow' })).toEqual({ type: 'refused', requestId: 3, code: 'trajectoryInvalid', message: 'Show the movement for longer.' });
  });

  it('a walk test over ground is entered by whoever is at the page, without the lease', async () => {
    const { asked, ask } = desk();
    const entry = { kind: 'walk10m', value: 12.5, aid: 'cane', walkedOn: '2026-11-20' };
    expect(await ask({ type: 'enterWalk', requestId: 5, patientId: 'p', entry })).toEqual({ type: 'done', requestId: 5 });
    expect(asked).toEqual([{ patientId: 'p', entry, actor: 'page' }]);
    const refusing = desk(new DariError('entryInvalid', 'Look at the number.'));
    expect(await refusing.ask({ type: 'enterWalk', requestId: 6, patientId: 'p', entry })).toEqual({ type: 'refused', requestId: 6, code: 'entryInvalid', message: 'Look at the number.' });
  });

  it('a game begins with targets from the page and a seed of the station', async () => {
    const { asked, ask } = desk();
    await ask({ type: 'playGame', requestId: 4, epoch: 1, targets: 10 });
    expect(asked).toEqual([{ type: 'playGame', epoch: 1, targets: 10, seed: 77 }]);
  });

  it('a lift is asked for a height in the name of the page', async () => {
    const { asked, ask } = desk();
    await ask({ type: 'moveLift', requestId: 4, epoch: 1, heightM: 1.1 });
    expect(asked).toEqual([{ type: 'moveLift', epoch: 1, actor: 'page', heightM: 1.1 }]);
  });

  it('none of it goes without the lease', async () => {
    const { asked, ask } = desk();
    for (const message of [{ type: 'playGame', targets: 10 }, { type: 'moveLift', heightM: 1.1 }, { type: 'makeTrajectory', sessionId: 's0', name: 'Slow' }, { type: 'openSession', patientId: 'p' }])
      expect(await ask({ ...message, requestId: 5, epoch: 9 })).toMatchObject({ type: 'refused', code: 'leaseRefused' });
    expect(asked).toEqual([]);
  });

  it.each([
    ['no targets', { type: 'playGame', targets: 0 }],
    ['more targets than anybody reaches for', { type: 'playGame', targets: 201 }],
    ['a movement without a name', { type: 'makeTrajectory', sessionId: 's0', name: '' }],
    ['a plan of no kind', { type: 'openSession', patientId: 'p', plan: { kind: 'dance' } }],
    ['a trigger beyond any push', { type: 'openSession', patientId: 'p', plan: { kind: 'triggered', trigger: { source: 'torque', thresholdNm: 31 } } }],
    ['an assessment of nothing known', { type: 'openSession', patientId: 'p', plan: { kind: 'assessment', order: { kind: 'mood', joint: 'kneeLeft' } } }],
  ])('%s is not understood', (_, message) => {
    expect(clientMessageSchema.safeParse({ ...message, requestId: 1, epoch: 1 }).success).toBe(false);
  });
});
