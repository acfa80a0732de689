import { describe, expect, it } from 'vitest';
import { Operator } from '../../../controller/robot/operator.ts';
import { createRandom } from '../../../protocols/random.ts';
import { HOLD_MAX_AGE_MS, HOLD_RENEW_MS, type SupervisorState } from '../../../protocols/supervision.ts';
import { US_PER_MS } from '../../../protocols/units.ts';
import { profile } from './support/fake-robot.ts';

const MAX_AGE_US = HOLD_MAX_AGE_MS * US_PER_MS;
const RENEW_US = HOLD_RENEW_MS * US_PER_MS;

function heldBy(epoch: number, state: SupervisorState = 'idle'): Operator {
  const operator = new Operator(profile, createRandom(1), () => {}, () => {});
  operator.observe({ state, cause: 'none', readyBlocker: 'none', moving: false });
  operator.takeLease(epoch, 0);
  return operator;
}

const ageUs = (operator: Operator, nowUs: number): number => operator.fill(nowUs).holdAgeUs;

describe('a hold-to-run button', () => {
  it('is not held before it is pressed', () => {
    expect(ageUs(heldBy(1), 0)).toBe(Infinity);
  });

  it('is held while it is renewed and as old as its last renewal', () => {
    const operator = heldBy(1);
    for (let n = 1; n <= 5; n++) {
      expect(operator.hold(1, n, n * RENEW_US)).toBe(true);
      expect(ageUs(operator, n * RENEW_US + 4_000)).toBe(4_000);
    }
  });

  it('outlives a page that stands still for 160 ms, at the worst moment', () => {
    const operator = heldBy(1);
    operator.hold(1, 1, 0);
    // The next renewal was due when the page stopped.
    const backUs = RENEW_US + 160_000;
    expect(ageUs(operator, backUs)).toBe(backUs);
    expect(operator.hold(1, 2, backUs)).toBe(true);
  });

  it('is over within the bar of 250 ms when the renewals stop', () => {
    const operator = heldBy(1);
    operator.hold(1, 1, 0);
    expect(ageUs(operator, MAX_AGE_US)).toBe(MAX_AGE_US);
    expect(ageUs(operator, MAX_AGE_US + 1)).toBe(Infinity);
    expect(HOLD_MAX_AGE_MS + 2_000 / profile.controlRateHz).toBeLessThan(250);
  });

  it('does not come back by renewals that arrive late; it must be let go and pressed again', () => {
    const operator = heldBy(1);
    operator.hold(1, 1, 0);
    expect(operator.hold(1, 2, MAX_AGE_US + 1)).toBe(false);
    expect(operator.hold(1, 3, MAX_AGE_US + 2)).toBe(false);
    expect(ageUs(operator, MAX_AGE_US + 2)).toBe(Infinity);
    operator.endHold(1);
    expect(operator.hold(1, 3, MAX_AGE_US + 3)).toBe(false);
    expect(operator.hold(1, 4, MAX_AGE_US + 4)).toBe(true);
    expect(ageUs(operator, MAX_AGE_US + 4)).toBe(0);
  });

  it('is over at once when it is let go', () => {
    const operator = heldBy(1);
    operator.hold(1, 1, 0);
    expect(operator.endHold(1)).toBe(true);
    expect(ageUs(operator, 0)).toBe(Infinity);
  });

  it.each([Number.NaN, 0, 1])('is not renewed by the sequence %s after 1', (sequence) => {
    const operator = heldBy(1);
    operator.hold(1, 1, 0);
    expect(operator.hold(1, sequence, 1_000)).toBe(false);
    expect(ageUs(operator, 1_000)).toBe(1_000);
  });

  it('counts for nothing without the lease, by an older epoch, or after the lease is lost', () => {
    const operator = heldBy(5);
    expect(operator.hold(4, 1, 0)).toBe(false);
    expect(operator.hold(0, 1, 0)).toBe(false);
    expect(operator.endHold(4)).toBe(false);
    expect(ageUs(operator, 0)).toBe(Infinity);
    operator.hold(5, 1, 0);
    operator.releaseLease(5, 0);
    expect(ageUs(operator, 0)).toBe(Infinity);
    expect(operator.hold(5, 2, 0)).toBe(false);
    expect(operator.endHold(0)).toBe(false);
  });

  it('does not pass on to the next holder', () => {
    const operator = heldBy(1);
    operator.hold(1, 9, 0);
    operator.takeLease(2, 1_000);
    expect(ageUs(operator, 1_000)).toBe(Infinity);
    expect(operator.hold(1, 10, 1_000)).toBe(false);
    expect(operator.hold(2, 1, 1_000)).toBe(true);
  });

  it('ends with a lease that is not renewed, even while it is held', () => {
    const operator = heldBy(1);
    const ttlUs = profile.watchdogs.leaseMs * US_PER_MS;
    for (let n = 1; n * RENEW_US <= ttlUs; n++) operator.hold(1, n, n * RENEW_US);
    expect(operator.hold(1, 1_000, ttlUs + 1)).toBe(false);
    expect(ageUs(operator, ttlUs + 1)).toBe(Infinity);
  });

  it('must be pressed before a motion that needs it is asked for', () => {
    const operator = heldBy(1);
    expect(() => operator.command(1, 'home', 'x', 0)).toThrow(/only while its button is held/);
    operator.hold(1, 1, 0);
    operator.command(1, 'home', 'x', 0);
    expect(operator.fill(0).command).toBe('none');
    expect(operator.fill(0).command).toBe('home');
  });
});
