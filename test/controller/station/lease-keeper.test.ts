import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../../hal/clock.ts';
import { DariError } from '../../../protocols/errors.ts';
import { LeaseKeeper } from '../../../controller/station/lease-keeper.ts';
import { silent } from './support/stand-in-station.ts';

const TTL_US = 2_000_000;

function keeper(changes: { refuse?: boolean; diskFull?: boolean; connected?: (id: string) => boolean } = {}) {
  const clock = new ManualClock();
  const told: object[] = [];
  let stored = 10;
  const lease = new LeaseKeeper({
    clock,
    log: silent,
    ttlUs: TTL_US,
    store: { nextLeaseEpoch: () => (changes.diskFull === true ? Promise.reject(new DariError('diskFull', 'Full. Free some space.')) : Promise.resolve(++stored)) },
    controller: {
      request: (message) => {
        told.push(message);
        return changes.refuse === true ? Promise.reject(new DariError('leaseRefused', 'It moves. Stop it first.')) : Promise.resolve();
      },
      send: (message) => told.push(message),
    },
    wallTime: () => '2026-01-01T00:00:00.000Z',
    isConnected: changes.connected ?? (() => true),
    changed: () => told.push({ changed: true }),
    tell: (clientId, message) => told.push({ clientId, ...message }),
  });
  return { lease, clock, told };
}

describe('the lease keeper', () => {
  it('gives ten thousand racing takers exactly one holder', async () => {
    const { lease } = keeper();
    const results = await Promise.allSettled(Array.from({ length: 10_000 }, (_, index) => lease.take(`client-${index}`, false)));
    expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1);
    expect(lease.status?.clientId).toBe('client-0');
  });

  it('leaves the holder as it was when the robot process refuses a new one', async () => {
    const changes = { refuse: false };
    const { lease } = keeper(changes);
    const epoch = await lease.take('a', false);
    changes.refuse = true;
    await expect(lease.take('b', true)).rejects.toMatchObject({ code: 'leaseRefused', message: 'It moves. Stop it first.' });
    expect(lease.status).toMatchObject({ clientId: 'a', epoch });
  });

  it('gives a lease that was not renewed in time to the next who asks', async () => {
    const { lease, clock } = keeper();
    await lease.take('a', false);
    clock.advanceUs(TTL_US);
    await expect(lease.take('b', false)).rejects.toMatchObject({ code: 'leaseRefused' });
    clock.advanceUs(1);
    await lease.take('b', false);
    expect(lease.status?.clientId).toBe('b');
  });

  it('passes on renewals of the holder with its epoch, and nothing else', async () => {
    const { lease, told } = keeper();
    const epoch = await lease.take('a', false);
    told.length = 0;
    lease.renew('b', epoch, 1, 77);
    lease.renew('a', epoch - 1, 1, 77);
    expect(told).toEqual([]);
    lease.renew('a', epoch, 1, 77);
    expect(told).toEqual([{ type: 'lease', epoch, sequence: 1, challenge: 77 }]);
  });

  it('passes on a held button of the holder with its epoch, and nothing else', async () => {
    const { lease, told } = keeper();
    const epoch = await lease.take('a', false);
    told.length = 0;
    lease.hold('b', epoch, 1);
    lease.hold('a', epoch - 1, 1);
    lease.endHold('b', epoch);
    expect(told).toEqual([]);
    lease.hold('a', epoch, 1);
    lease.endHold('a', epoch);
    expect(told).toEqual([{ type: 'hold', epoch, sequence: 1 }, { type: 'endHold', epoch }]);
  });

  it('hands a challenge to the page that holds its epoch, and to no other', async () => {
    const { lease, told } = keeper();
    const epoch = await lease.take('a', false);
    told.length = 0;
    lease.challenge(epoch - 1, 5);
    lease.challenge(epoch, 6);
    lease.drop();
    lease.challenge(epoch, 7);
    expect(told).toEqual([{ clientId: 'a', type: 'challenge', epoch, challenge: 6 }, { changed: true }]);
  });

  it('gives back at once what it got for a page that is gone by then', async () => {
    const { lease, told } = keeper({ connected: () => false });
    await expect(lease.take('a', false)).rejects.toMatchObject({ code: 'leaseRefused' });
    expect(lease.status).toBeNull();
    expect(told.at(-1)).toEqual({ type: 'releaseLease', epoch: 11 });
  });

  it('still hands out growing epochs when the disk is full', async () => {
    const changes = { diskFull: false };
    const { lease } = keeper(changes);
    const first = await lease.take('a', false);
    changes.diskFull = true;
    const second = await lease.take('a', false);
    changes.diskFull = false;
    const third = await lease.take('a', false);
    expect(second).toBeGreaterThan(first);
    expect(third).toBeGreaterThan(second);
  });
});
