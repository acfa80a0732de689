import { describe, expect, it } from 'vitest';
import { ABSENT, PRESENT } from '../../../controller/safety/checks.ts';
import { LiftEnvelope, liftIsFree } from '../../../controller/safety/lift.ts';
import { LiftWatch } from '../../../controller/safety/lift-watch.ts';
import { policy, type CheckId } from '../../../controller/safety/policy.ts';
import type { LiftInputs } from '../../../protocols/joints.ts';
import { lift } from './fixtures.ts';

const PERIOD_US = 4_000;
const PERIOD_SEC = PERIOD_US / 1e6;
const seen = (heightM: number, more: Partial<LiftInputs> = {}): LiftInputs => ({ ageUs: 1_000, heightM, moving: false, fault: false, ...more });
const envelopeOf = (): LiftEnvelope => new LiftEnvelope(lift, PERIOD_SEC);

describe('what a lift may be told', () => {
  it('is nothing while nobody asks', () => {
    const envelope = envelopeOf();
    expect([envelope.enable, envelope.heightM]).toEqual([false, 0]);
    envelope.apply(0, seen(1.05), true);
    expect([envelope.enable, envelope.heightM]).toEqual([false, 1.05]);
  });

  it.each([
    ['upward', 1.2, 1],
    ['downward', 0.8, -1],
  ])('goes %s from where it stands, by its own speed', (_where, wishM, way) => {
    const envelope = envelopeOf();
    envelope.apply(wishM, seen(1.05), true);
    expect(envelope.enable).toBe(true);
    expect(envelope.heightM).toBeCloseTo(1.05 + way * lift.speedMps * PERIOD_SEC, 9);
    envelope.apply(wishM, seen(1.05), true);
    expect(envelope.heightM).toBeCloseTo(1.05 + 2 * way * lift.speedMps * PERIOD_SEC, 9);
  });

  it.each([
    [9, lift.heightM.max],
    [0.01, lift.heightM.min],
  ])('ends at the end of its range: %f m', (wishM, endM) => {
    const envelope = envelopeOf();
    let heightM = 1.05;
    for (let n = 0; n < 10_000; n++) {
      envelope.apply(wishM, seen(heightM), true);
      heightM = envelope.heightM;
      expect(heightM).toBeLessThanOrEqual(lift.heightM.max);
      expect(heightM).toBeGreaterThanOrEqual(lift.heightM.min);
    }
    expect(heightM).toBe(endM);
    expect(envelope.enable).toBe(true);
  });

  it('waits for a lift that does not follow, and goes on with it', () => {
    const envelope = envelopeOf();
    for (let n = 0; n < 1_000; n++) envelope.apply(1.2, seen(1.05), true);
    const aheadM = envelope.heightM - 1.05;
    expect(aheadM).toBeGreaterThan(0.009);
    expect(aheadM).toBeLessThanOrEqual(0.0101);
    envelope.apply(1.2, seen(1.052), true);
    expect(envelope.heightM - 1.05).toBeGreaterThan(aheadM);
  });

  it('comes back to a lift that it went too far ahead of', () => {
    const envelope = envelopeOf();
    envelope.apply(1.2, seen(1.05), true);
    const before = envelope.heightM;
    envelope.apply(0.8, seen(1.02), true);
    expect(envelope.heightM).toBeLessThan(before);
  });

  it.each([
    ['nobody holds it any more', 0, true],
    ['it may not', 1.2, false],
    ['the wish is no number', Number.NaN, true],
    ['the wish is below the ground', -1, true],
  ])('ends at once when %s', (_why, wishM, free) => {
    const envelope = envelopeOf();
    envelope.apply(1.2, seen(1.05), true);
    envelope.apply(wishM, seen(1.051), free);
    expect([envelope.enable, envelope.heightM]).toEqual([false, 1.051]);
  });

  it('does not go on after what interrupted it, until it is let go and asked for anew', () => {
    const envelope = envelopeOf();
    envelope.apply(1.2, seen(1.05), true);
    envelope.apply(1.2, seen(1.05), false);
    envelope.apply(1.2, seen(1.05), true);
    expect(envelope.enable).toBe(false);
    envelope.apply(0, seen(1.05), true);
    expect(envelope.enable).toBe(false);
    envelope.apply(1.2, seen(1.05), true);
    expect(envelope.enable).toBe(true);
  });

  it('does not begin later when it was asked for while it might not', () => {
    const envelope = envelopeOf();
    envelope.apply(1.2, seen(1.05), false);
    envelope.apply(1.2, seen(1.05), true);
    expect(envelope.enable).toBe(false);
  });

  it('is nothing where the lift stands nowhere that is a number', () => {
    const envelope = envelopeOf();
    envelope.apply(1.2, seen(Number.NaN), true);
    expect(envelope.enable).toBe(false);
  });
});

describe('a lift may move', () => {
  const findings = (...present: CheckId[]): Int32Array => Int32Array.from(policy, ({ check }) => (present.includes(check) ? PRESENT : ABSENT));

  it('before the robot is prepared, before a session, and with a joint outside its range', () => {
    expect(liftIsFree(findings())).toBe(true);
    expect(liftIsFree(findings('sessionClosed', 'notPrepared', 'notConfirmed', 'outsideSoftRange', 'liftMoving', 'brakeEngaged'))).toBe(true);
  });

  it.each(['estopOpen', 'linkDown', 'hubSilent', 'hubFrozen', 'monitorDisagrees', 'loopOverrun', 'relayOpen', 'patientButton', 'stationLost', 'operatorLost', 'operatorStop', 'liftSilent', 'liftFault', 'liftMoved', 'liftRunsOn', 'liftBlocked'] as const)('not with %s', (check) => {
    expect(liftIsFree(findings(check))).toBe(false);
  });

  it('not with a finding that names a joint, nor without findings', () => {
    const named = findings();
    named[policy.findIndex(({ check }) => check === 'monitorDisagrees')] = 2;
    expect(liftIsFree(named)).toBe(false);
    expect(liftIsFree(new Int32Array(0))).toBe(false);
  });
});

const stop = { liftEnable: false, liftHeightM: 0 };
const to = (liftHeightM: number): { liftEnable: boolean; liftHeightM: number } => ({ liftEnable: true, liftHeightM });
type Told = typeof stop;

class Bench {
  readonly watch = new LiftWatch(lift);
  heightM = 1.05;

  run(sec: number, told: Told, more: { readonly mps?: number; readonly input?: Partial<LiftInputs> } = {}): this {
    for (let n = 0; n < Math.round(sec / PERIOD_SEC); n++) {
      this.heightM += (more.mps ?? 0) * PERIOD_SEC;
      this.watch.update(seen(this.heightM, more.input), told, PERIOD_US);
    }
    return this;
  }

  /** The set-point goes ahead of a lift that follows it. */
  follow(sec: number, mps: number, aheadM = 0.005): this {
    for (let n = 0; n < Math.round(sec / PERIOD_SEC); n++) {
      this.heightM += mps * PERIOD_SEC;
      this.watch.update(seen(this.heightM, { moving: true }), to(this.heightM + Math.sign(mps) * aheadM), PERIOD_US);
    }
    return this;
  }

  get found(): string[] {
    const { standing, moved, runsOn, blocked } = this.watch;
    return Object.entries({ standing, moved, runsOn, blocked }).flatMap(([name, is]) => (is ? [name] : []));
  }
}

describe('a lift that stands', () => {
  it('is not known to stand before it was heard', () => {
    const bench = new Bench();
    expect(bench.found).toEqual([]);
    expect(bench.run(0.1, stop, { input: { ageUs: Infinity } }).found).toEqual([]);
    expect(bench.run(PERIOD_SEC, stop).found).toEqual(['standing']);
  });

  it('does not, while it says that it moves', () => {
    expect(new Bench().run(0.1, stop, { input: { moving: true } }).found).toEqual([]);
  });

  it.each([1, -1])('may creep by the tolerance, however slowly and no further: way %i', (way) => {
    const bench = new Bench().run(0.1, stop);
    expect(bench.run(4.9, stop, { mps: way * 0.001 }).found).toEqual(['standing']);
    expect(bench.run(0.2, stop, { mps: way * 0.001 }).found).toEqual(['moved']);
  });

  it('runs on when it goes a centimetre further', () => {
    const bench = new Bench().run(0.1, stop);
    expect(bench.run(0.45, stop, { mps: 0.03 }).found).toEqual(['moved']);
    expect(bench.run(0.1, stop, { mps: 0.03 }).found).toEqual(['moved', 'runsOn']);
  });

  it('that is nowhere that is a number has moved', () => {
    const bench = new Bench().run(0.1, stop);
    bench.heightM = Number.NaN;
    expect(bench.run(PERIOD_SEC, stop).found).toEqual(['moved', 'runsOn']);
  });

  it('that has moved stands where it has come to rest, after a second', () => {
    const bench = new Bench().run(0.1, stop).run(0.3, stop, { mps: 0.03 });
    expect(bench.found).toEqual(['moved']);
    expect(bench.run(0.9, stop).found).toEqual(['moved']);
    expect(bench.run(0.2, stop).found).toEqual(['standing']);
    expect(bench.run(0.16, stop, { mps: -0.03 }).found).toEqual(['standing']);
    expect(bench.run(0.04, stop, { mps: -0.03 }).found).toEqual(['moved']);
  });

  it('is still known to have moved after it was not heard for a while', () => {
    const bench = new Bench().run(0.1, stop);
    bench.heightM += 0.02;
    expect(bench.run(0.5, stop, { input: { ageUs: Infinity } }).found).toEqual([]);
    expect(bench.run(PERIOD_SEC, stop).found).toEqual(['moved', 'runsOn']);
  });
});

describe('a lift that is let go', () => {
  it('comes to rest on the way that it needs, and then stands there', () => {
    const bench = new Bench().run(0.1, stop).follow(2, 0.03);
    expect(bench.found).toEqual([]);
    expect(bench.run(0.3, stop, { mps: 0.015, input: { moving: true } }).found).toEqual([]);
    expect(bench.run(0.15, stop).found).toEqual([]);
    expect(bench.run(0.1, stop).found).toEqual(['standing']);
    expect(bench.run(0.16, stop, { mps: 0.03 }).found).toEqual(['standing']);
    expect(bench.run(0.04, stop, { mps: 0.03 }).found).toEqual(['moved']);
  });

  it('and goes on is found within half a second, and runs on within a second', () => {
    const bench = new Bench().follow(2, 0.03).run(0.5, stop, { mps: 0.03 });
    expect(bench.found).toEqual(['moved']);
    expect(bench.run(0.5, stop, { mps: 0.03 }).found).toEqual(['moved', 'runsOn']);
  });
});

describe('a lift that is told to move', () => {
  it.each([0.03, -0.03])('and follows is in order: %f m/s', (mps) => {
    const bench = new Bench().run(0.1, stop);
    for (let n = 0; n < 20; n++) expect(bench.follow(0.5, mps).found).toEqual([]);
  });

  it('and stands near its goal is not blocked', () => {
    expect(new Bench().run(0.1, stop).run(5, to(1.055)).found).toEqual([]);
  });

  it('and does not is blocked after a second', () => {
    const bench = new Bench().run(0.1, stop);
    expect(bench.run(0.98, to(1.06)).found).toEqual([]);
    expect(bench.run(0.06, to(1.06)).found).toEqual(['blocked']);
    expect(bench.run(0.1, stop).found).toEqual([]);
    expect(bench.run(0.98, to(1.06)).found).toEqual([]);
  });

  it('and goes the other way, or too far, has moved', () => {
    for (const way of [1, -1]) {
      const bench = new Bench().run(0.1, stop);
      bench.heightM += way * 0.0151;
      expect(bench.run(PERIOD_SEC, to(1.05)).found).toEqual(['moved']);
      bench.heightM += way * 0.01;
      expect(bench.run(PERIOD_SEC, to(1.05)).found).toEqual(['moved', 'runsOn']);
    }
  });
});
