import { describe, expect, it } from 'vitest';
import { CHALLENGE_PERIOD_US, Lease } from '../../../controller/robot/lease.ts';
import { createRandom } from '../../../protocols/random.ts';

const TTL_US = 2_000_000;
const CYCLE_US = 4_000;

/** Held by epoch 1 since 0, and challenged at 0. */
function held(seed = 1) {
  const lease = new Lease(TTL_US, createRandom(seed));
  lease.take(1, 0, false);
  return { lease, first: lease.challenge(0) ?? -1 };
}

describe('the heartbeat of the lease', () => {
  it('asks nobody while nobody holds the robot', () => {
    expect(new Lease(TTL_US, createRandom(1)).challenge(0)).toBeNull();
  });

  it('asks the holder at once and then at a steady pace', () => {
    const { lease } = held();
    const askedUs: number[] = [];
    for (let nowUs = CYCLE_US; nowUs <= TTL_US; nowUs += CYCLE_US) if (lease.challenge(nowUs) !== null) askedUs.push(nowUs);
    expect(askedUs).toEqual([1, 2, 3, 4].map((n) => n * CHALLENGE_PERIOD_US));
  });

  it('asks differently each time and for each seed', () => {
    const asked = new Set<number | null>();
    for (let seed = 0; seed < 10; seed++) {
      const { lease, first } = held(seed);
      asked.add(first).add(lease.challenge(CHALLENGE_PERIOD_US)).add(lease.challenge(2 * CHALLENGE_PERIOD_US));
    }
    expect(asked.size).toBe(30);
  });

  it('does not go on for a sender that is stuck and repeats what it sent', () => {
    const { lease, first } = held();
    expect(lease.renew(1, 1, first, 10_000)).toBe(true);
    let sequence = 1;
    for (let nowUs = CYCLE_US; nowUs <= TTL_US; nowUs += CYCLE_US) {
      lease.challenge(nowUs);
      expect(lease.renew(1, ++sequence, first, nowUs)).toBe(false);
    }
    expect(lease.expire(TTL_US + 1)).toBe(true);
  });

  it('takes the answer to the newest challenge or to the one before, each once, and to none that is older', () => {
    const { lease, first } = held();
    const second = lease.challenge(CHALLENGE_PERIOD_US) ?? -1;
    const third = lease.challenge(2 * CHALLENGE_PERIOD_US) ?? -1;
    const nowUs = 2 * CHALLENGE_PERIOD_US;
    expect(lease.renew(1, 1, first, nowUs)).toBe(false);
    expect(lease.renew(1, 1, second, nowUs)).toBe(true);
    expect(lease.renew(1, 2, second, nowUs)).toBe(false);
    expect(lease.renew(1, 2, third, nowUs)).toBe(true);
    expect(lease.renew(1, 3, third, nowUs)).toBe(false);
  });

  it('counts from when the challenge was sent, not from when its answer came', () => {
    const { lease } = held();
    const second = lease.challenge(CHALLENGE_PERIOD_US) ?? -1;
    lease.renew(1, 1, second, CHALLENGE_PERIOD_US + 300_000);
    expect(lease.ageUs(CHALLENGE_PERIOD_US + 300_000)).toBe(300_000);
    expect(lease.holds(1, CHALLENGE_PERIOD_US + TTL_US)).toBe(true);
    expect(lease.holds(1, CHALLENGE_PERIOD_US + TTL_US + 1)).toBe(false);
  });

  it('does not grow older by an answer to the challenge before', () => {
    const { lease, first } = held();
    const second = lease.challenge(CHALLENGE_PERIOD_US) ?? -1;
    lease.renew(1, 1, second, CHALLENGE_PERIOD_US);
    expect(lease.renew(1, 2, first, CHALLENGE_PERIOD_US)).toBe(true);
    expect(lease.ageUs(CHALLENGE_PERIOD_US)).toBe(0);
  });

  it('does not take the answer to a challenge of the holder before', () => {
    const { lease, first } = held();
    lease.take(2, 1_000, false);
    expect(lease.openChallenge).toBeNull();
    expect(lease.renew(2, 1, first, 1_000)).toBe(false);
    expect(lease.renew(2, 1, lease.challenge(1_000) ?? -1, 1_000)).toBe(true);
  });

  it.each([0, 2, Number.NaN])('does not take the epoch %s', (epoch) => {
    const { lease, first } = held();
    expect(lease.renew(epoch, 1, first, 0)).toBe(false);
  });

  it('asks no more when the lease is released or has run out', () => {
    const { lease } = held();
    expect(lease.challenge(TTL_US + 1)).toBeNull();
    lease.release(1);
    expect(lease.challenge(TTL_US + 1)).toBeNull();
  });
});
