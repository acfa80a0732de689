import { assert as assertProperty, array, boolean, constantFrom, double, oneof, property, record } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SupportEnvelope, SupportWatch } from '../../../controller/safety/support.ts';
import type { SupportInputs } from '../../../protocols/joints.ts';
import { kgToNewton } from '../../../protocols/units.ts';

const PERIOD_SEC = 0.004;
const PERIOD_US = 4_000;
const SUPPORT = { unloadingMaxKg: 85, initialKg: 20, rateKgPerSec: 5, dropKg: 5, lockMs: 300, watchdogMs: 100 };
const STEP_N = kgToNewton(5) * PERIOD_SEC;
const MOST_N = kgToNewton(85);
const rope = (unloadingN: number, rest: Partial<SupportInputs> = {}): SupportInputs => ({ ageUs: 1000, unloadingN, locked: false, fault: false, ...rest });

describe('the support', () => {
  it('is locked until somebody trains', () => {
    const envelope = new SupportEnvelope(SUPPORT, PERIOD_SEC);
    envelope.apply(200, rope(0), false);
    expect([envelope.lock, envelope.unloadingN]).toEqual([true, 0]);
  });

  it('takes the rope over with the force that it carries, and changes it by 5 kg in a second', () => {
    const envelope = new SupportEnvelope(SUPPORT, PERIOD_SEC);
    envelope.apply(400, rope(300), true);
    expect(envelope.lock).toBe(false);
    expect(envelope.unloadingN).toBeCloseTo(300 + STEP_N, 9);
    for (let n = 1; n < 250; n++) envelope.apply(400, rope(0), true);
    expect(envelope.unloadingN).toBeCloseTo(300 + kgToNewton(5), 9);
    for (let n = 0; n < 250; n++) envelope.apply(0, rope(0), true);
    expect(envelope.unloadingN).toBeCloseTo(300, 9);
  });

  it.each([
    ['the wish is no number', Number.NaN, rope(300)],
    ['it was never heard of', 300, rope(300, { ageUs: Infinity })],
    ['its force is no number', 300, rope(Number.NaN)],
  ])('locks and keeps its force when %s', (_what, wish, measured) => {
    const envelope = new SupportEnvelope(SUPPORT, PERIOD_SEC);
    envelope.apply(300, rope(300), true);
    envelope.apply(wish, measured, true);
    expect([envelope.lock, envelope.unloadingN]).toEqual([true, 300]);
  });

  it('never steps and never leaves its range while it is free, whatever is asked for', () => {
    const anyN = oneof(double(), constantFrom(Number.NaN, Infinity, 0, 400, 1e6));
    assertProperty(
      property(array(record({ wish: anyN, measured: anyN, free: boolean() }), { minLength: 1, maxLength: 200 }), (list) => {
        const envelope = new SupportEnvelope(SUPPORT, PERIOD_SEC);
        for (const { wish, measured, free } of list) {
          const before = { lock: envelope.lock, unloadingN: envelope.unloadingN };
          envelope.apply(wish, rope(measured), free);
          expect(envelope.unloadingN >= 0 && envelope.unloadingN <= MOST_N).toBe(true);
          expect(free || envelope.lock).toBe(true);
          expect(!envelope.lock || envelope.unloadingN === before.unloadingN).toBe(true);
          const from = before.lock ? Math.min(MOST_N, Math.max(0, measured)) : before.unloadingN;
          expect(envelope.lock || Math.abs(envelope.unloadingN - from) <= STEP_N + 1e-9).toBe(true);
        }
      }),
    );
  });
});

describe('a support that is watched', () => {
  it('is in order before it was looked at', () => {
    const watch = new SupportWatch(SUPPORT);
    expect([watch.dropped, watch.unlocked]).toEqual([false, false]);
  });

  const told = (unloadingN: number, lock = false) => ({ unloadingN, lock });

  it.each([
    ['5 kg less than told', 300 - kgToNewton(5.1), true],
    ['a little less than told', 300 - kgToNewton(4.9), false],
    ['more than told', 400, false],
    ['no number', Number.NaN, true],
  ])('with %s: dropped is %s', (_what, unloadingN, dropped) => {
    const watch = new SupportWatch(SUPPORT);
    watch.update(rope(unloadingN), told(300), true, PERIOD_US);
    expect(watch.dropped).toBe(dropped);
  });

  it('drops when it is locked and loses what it carried', () => {
    const watch = new SupportWatch(SUPPORT);
    watch.update(rope(300), told(300), true, PERIOD_US);
    watch.update(rope(240, { locked: true }), told(0, true), true, PERIOD_US);
    expect(watch.dropped).toBe(true);
  });

  // As recorded of a spastic patient on a saddle whose plates stop, in steps of 32 ms.
  const swing = [294, 402, 486, 564, 651, 669, 631, 561, 510, 467, 419, 371, 339, 312, 240, 197, 166, 181, 181, 147, 156, 208, 221, 196, 204, 249, 245];
  const swung = (): SupportWatch => {
    const watch = new SupportWatch(SUPPORT);
    watch.update(rope(294), told(294), true, PERIOD_US);
    for (const unloadingN of swing)
      for (let n = 0; n < 8; n++) {
        watch.update(rope(unloadingN, { locked: true }), told(294, true), true, PERIOD_US);
        expect(watch.dropped).toBe(false);
      }
    return watch;
  };

  it('does not drop when it is locked and somebody swings in it', () => {
    const watch = swung();
    for (let n = 0; n < 2_000; n++) {
      watch.update(rope(230, { locked: true }), told(294, true), true, PERIOD_US);
      expect(watch.dropped).toBe(false);
    }
  });

  it('drops when somebody swings in it and it is gone, and when he has come to rest and it loses 5 kg', () => {
    const gone = swung();
    gone.update(rope(40, { locked: true }), told(294, true), true, PERIOD_US);
    expect(gone.dropped).toBe(true);
    const rested = swung();
    for (let n = 0; n < 2_000; n++) rested.update(rope(230, { locked: true }), told(294, true), true, PERIOD_US);
    rested.update(rope(170, { locked: true }), told(294, true), true, PERIOD_US);
    expect(rested.dropped).toBe(true);
  });

  it('that was stretched by more than it carried may lack three quarters of that, and no more', () => {
    const watch = new SupportWatch(SUPPORT);
    watch.update(rope(300), told(300), true, PERIOD_US);
    watch.update(rope(700, { locked: true }), told(300, true), true, PERIOD_US);
    watch.update(rope(80, { locked: true }), told(300, true), true, PERIOD_US);
    expect(watch.dropped).toBe(false);
    watch.update(rope(70, { locked: true }), told(300, true), true, PERIOD_US);
    expect(watch.dropped).toBe(true);
  });

  it('drops again when its force is a number again and too little', () => {
    const watch = new SupportWatch(SUPPORT);
    watch.update(rope(300), told(300), true, PERIOD_US);
    watch.update(rope(Number.NaN, { locked: true }), told(300, true), true, PERIOD_US);
    expect(watch.dropped).toBe(true);
    watch.update(rope(300, { locked: true }), told(300, true), true, PERIOD_US);
    expect(watch.dropped).toBe(false);
    watch.update(rope(240, { locked: true }), told(300, true), true, PERIOD_US);
    expect(watch.dropped).toBe(true);
  });

  it('does not drop when somebody gets out of the harness and nobody trains', () => {
    const watch = new SupportWatch(SUPPORT);
    watch.update(rope(300), told(300), true, PERIOD_US);
    watch.update(rope(0, { locked: true }), told(300, true), false, PERIOD_US);
    expect(watch.dropped).toBe(false);
    watch.update(rope(0, { locked: true }), told(300, true), true, PERIOD_US);
    expect(watch.dropped).toBe(false);
  });

  it('is unlocked when the brake does not close in its time', () => {
    const watch = new SupportWatch(SUPPORT);
    const after = (ms: number, locked: boolean): boolean => {
      watch.update(rope(300), told(300), true, PERIOD_US);
      for (let us = 0; us < ms * 1_000; us += PERIOD_US) watch.update(rope(300, { locked }), told(300, true), true, PERIOD_US);
      return watch.unlocked;
    };
    expect(after(300, false)).toBe(false);
    expect(after(304, false)).toBe(true);
    expect(after(1_000, true)).toBe(false);
  });
});
