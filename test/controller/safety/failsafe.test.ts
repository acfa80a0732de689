import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ABSENT, PRESENT } from '../../../controller/safety/checks.ts';
import { Failsafe, readyBlocker, severity } from '../../../controller/safety/failsafe.ts';
import { policy, type Rule } from '../../../controller/safety/policy.ts';
import { actions } from '../../../protocols/supervision.ts';

const rule = (over: Partial<Rule>): Rule => ({ check: 'x', cause: 'linkDown', action: 'protectiveStop', clear: 'onAcknowledge', scope: 'always', graceMs: 0, blocksArming: true, advice: '', ...over });
const none = new Int32Array([ABSENT, ABSENT]);
const first = new Int32Array([PRESENT, ABSENT]);
const second = new Int32Array([ABSENT, 3]);
const both = new Int32Array([2, 3]);

describe('the failsafe mechanism', () => {
  it('lets the worst action win and names its cause and joint', () => {
    const failsafe = new Failsafe([rule({ action: 'hold', cause: 'recorderFailed', clear: 'whenGone' }), rule({ action: 'torqueOff', cause: 'driveFault' })], 'none');
    failsafe.update(both, 4000, true);
    expect([failsafe.action, failsafe.cause, failsafe.causeJoint]).toEqual(['torqueOff', 'driveFault', 3]);
  });

  it('keeps the first of two equally severe causes', () => {
    const failsafe = new Failsafe([rule({ cause: 'linkDown' }), rule({ cause: 'hubSilent' })], 'none');
    failsafe.update(second, 4000, true);
    failsafe.update(both, 4000, true);
    expect([failsafe.cause, failsafe.causeJoint]).toEqual(['hubSilent', 3]);
    failsafe.update(first, 4000, true);
    expect(failsafe.cause).toBe('hubSilent');
  });

  it('tells before an equally severe cause, whichever came first, what has to be told first, and never before a worse one', () => {
    const told = (toldFirst: boolean | undefined, action: Rule['action']): string => {
      const failsafe = new Failsafe([rule({ cause: 'hubSilent' }), { ...rule({ cause: 'brakesOpen', action }), ...(toldFirst === undefined ? {} : { toldFirst }) }], 'none');
      failsafe.update(first, 4000, true);
      failsafe.update(both, 4000, true);
      return failsafe.cause;
    };
    expect([told(true, 'protectiveStop'), told(false, 'protectiveStop'), told(undefined, 'protectiveStop'), told(true, 'hold')]).toEqual(['brakesOpen', 'hubSilent', 'hubSilent', 'hubSilent']);
    expect([told(false, 'torqueOff'), told(undefined, 'torqueOff')]).toEqual(['brakesOpen', 'brakesOpen']);
  });

  it('lets a worse one replace a latched one, and the latched one stay behind it', () => {
    const failsafe = new Failsafe([rule({ cause: 'linkDown' }), rule({ cause: 'estopOpen', action: 'emergencyStop' })], 'none');
    failsafe.update(first, 4000, true);
    failsafe.update(second, 4000, true);
    expect([failsafe.action, failsafe.latched]).toEqual(['emergencyStop', 'estopOpen']);
    failsafe.acknowledge(first, true);
    expect([failsafe.action, failsafe.latched]).toEqual(['protectiveStop', 'linkDown']);
  });

  it('knows whether anything but certain causes is latched, also behind the one that it names', () => {
    const failsafe = new Failsafe([rule({ cause: 'treadmillFault' }), rule({ cause: 'sensorDisagreement' }), rule({ cause: 'recorderFailed', clear: 'whenGone' })], 'none');
    const told = (): boolean[] => [failsafe.latchedOnly([]), failsafe.latchedOnly(['treadmillFault']), failsafe.latchedOnly(['sensorDisagreement', 'treadmillFault'])];
    failsafe.update(new Int32Array([ABSENT, ABSENT, PRESENT]), 4000, true);
    expect(told()).toEqual([true, true, true]);
    failsafe.update(new Int32Array([PRESENT, ABSENT, ABSENT]), 4000, true);
    expect(told()).toEqual([false, true, true]);
    failsafe.update(new Int32Array([ABSENT, PRESENT, ABSENT]), 4000, true);
    expect(failsafe.cause).toBe('treadmillFault');
    expect(told()).toEqual([false, false, true]);
  });

  it('says that a joint has to be let go from when a line that asks for it is latched until it is acknowledged', () => {
    const failsafe = new Failsafe([rule({}), { ...rule({ graceMs: 8 }), letsGo: true }], 'none');
    expect(failsafe.letsGo).toBe(false);
    failsafe.update(both, 4000, true);
    expect(failsafe.letsGo).toBe(false);
    failsafe.update(both, 4000, true);
    expect(failsafe.letsGo).toBe(true);
    failsafe.update(none, 4000, true);
    expect(failsafe.letsGo).toBe(true);
    failsafe.acknowledge(none, true);
    expect(failsafe.letsGo).toBe(false);
  });

  it('clears what let go of its joint when all are released, and not before', () => {
    const failsafe = new Failsafe([rule({}), { ...rule({}), letsGo: true }], 'none');
    failsafe.update(second, 4000, true);
    failsafe.acknowledge(second, true);
    expect(failsafe.latched).toBe('linkDown');
    failsafe.acknowledge(second, false);
    expect([failsafe.latched, failsafe.letsGo]).toEqual(['none', false]);
    failsafe.update(both, 4000, true);
    failsafe.acknowledge(both, false);
    expect([failsafe.latched, failsafe.letsGo]).toEqual(['linkDown', false]);
  });

  it('latches until a person acknowledges, and not before the cause is gone', () => {
    const failsafe = new Failsafe([rule({}), rule({})], 'none');
    failsafe.update(first, 4000, true);
    failsafe.update(none, 4000, true);
    expect(failsafe.action).toBe('protectiveStop');
    failsafe.acknowledge(first, true);
    expect(failsafe.action).toBe('protectiveStop');
    failsafe.acknowledge(none, true);
    expect([failsafe.action, failsafe.cause, failsafe.latched, failsafe.causeJoint]).toEqual(['none', 'none', 'none', PRESENT]);
  });

  it('clears what the cut power itself keeps present, but only while the standing stop cuts the power', () => {
    const silence = rule({ cause: 'driveSilent', scope: 'energised', whileUnpowered: true });
    const cut = new Failsafe([silence, rule({ cause: 'standstillUnconfirmed', action: 'torqueOff' })], 'none');
    cut.update(both, 4000, true);
    cut.acknowledge(first, true);
    expect([cut.action, cut.latched]).toEqual(['none', 'none']);
    const powered = new Failsafe([silence, rule({})], 'none');
    powered.update(both, 4000, true);
    powered.acknowledge(first, true);
    expect([powered.action, powered.latched]).toEqual(['protectiveStop', 'driveSilent']);
  });

  it('lets go by itself of what the table says ends by itself', () => {
    const failsafe = new Failsafe([rule({ action: 'warn', clear: 'whenGone' }), rule({})], 'none');
    failsafe.update(first, 4000, true);
    expect([failsafe.action, failsafe.latched]).toEqual(['warn', 'none']);
    failsafe.update(none, 4000, true);
    expect(failsafe.action).toBe('none');
  });

  it('acts only while energised where the table says so', () => {
    const failsafe = new Failsafe([rule({ scope: 'energised' }), rule({})], 'none');
    failsafe.update(first, 4000, false);
    expect(failsafe.action).toBe('none');
    failsafe.update(first, 4000, true);
    expect(failsafe.action).toBe('protectiveStop');
  });

  it('waits for its grace to be used up', () => {
    const failsafe = new Failsafe([rule({ graceMs: 12 }), rule({})], 'none');
    failsafe.update(first, 4000, true);
    failsafe.update(first, 4000, true);
    expect(failsafe.action).toBe('none');
    failsafe.update(first, 4000, true);
    expect(failsafe.action).toBe('protectiveStop');
  });

  it('refills the grace at a quarter, so that a flickering fault is not forgiven', () => {
    const failsafe = new Failsafe([rule({ graceMs: 12 }), rule({})], 'none');
    for (let i = 0; i < 4; i++) {
      failsafe.update(first, 4000, true);
      failsafe.update(none, 4000, true);
    }
    expect(failsafe.action).toBe('protectiveStop');
    const rare = new Failsafe([rule({ graceMs: 12 }), rule({})], 'none');
    for (let i = 0; i < 40; i++) {
      rare.update(first, 4000, true);
      for (let k = 0; k < 4; k++) rare.update(none, 4000, true);
    }
    expect(rare.action).toBe('none');
  });

  it('starts the grace anew after an acknowledgement', () => {
    const failsafe = new Failsafe([rule({ graceMs: 8 }), rule({})], 'none');
    failsafe.update(first, 4000, true);
    failsafe.update(first, 4000, true);
    failsafe.acknowledge(none, true);
    failsafe.update(first, 4000, true);
    expect(failsafe.action).toBe('none');
  });

  it('names the joint at which a latched stop began, whichever shows it later', () => {
    const failsafe = new Failsafe([rule({})], 'none');
    failsafe.update(new Int32Array([2]), 4000, true);
    failsafe.update(new Int32Array([3]), 4000, true);
    expect(failsafe.causeJoint).toBe(2);
  });

  it('acts on what always counts although nothing is energised', () => {
    const failsafe = new Failsafe([rule({})], 'none');
    failsafe.update(new Int32Array([PRESENT]), 4000, false);
    expect(failsafe.action).toBe('protectiveStop');
  });

  it('shows how each line stands', () => {
    const failsafe = new Failsafe([rule({ graceMs: 12 }), rule({ cause: 'hubSilent' })], 'none');
    failsafe.update(both, 4000, true);
    expect(failsafe.lines.map(({ rule: { cause }, spentUs, latched }) => [cause, spentUs, latched])).toEqual([['linkDown', 4000, false], ['hubSilent', 0, true]]);
  });

  it('counts a missing finding as present', () => {
    const failsafe = new Failsafe([rule({}), rule({ cause: 'hubSilent', action: 'torqueOff' })], 'none');
    failsafe.update(new Int32Array([ABSENT]), 4000, true);
    expect(failsafe.cause).toBe('hubSilent');
  });

  it('takes over a standing stop, which still wants its acknowledgement', () => {
    const failsafe = new Failsafe([rule({ cause: 'operatorStop' }), rule({ cause: 'recorderFailed', clear: 'whenGone' })], 'operatorStop');
    failsafe.update(none, 4000, true);
    expect([failsafe.action, failsafe.latched]).toEqual(['protectiveStop', 'operatorStop']);
    expect(new Failsafe([rule({ cause: 'recorderFailed', clear: 'whenGone' })], 'recorderFailed').action).toBe('none');
    expect(new Failsafe([rule({ cause: 'operatorStop' })], 'none').action).toBe('none');
  });

  it('never answers a worse finding with a milder action', () => {
    const finding = fc.constantFrom(ABSENT, PRESENT, 0, 3);
    const cycle = fc.array(finding, { minLength: policy.length, maxLength: policy.length });
    fc.assert(
      fc.property(fc.array(cycle, { maxLength: 12 }), fc.nat(policy.length - 1), fc.nat(11), (cycles, extra, from) => {
        const [plain, worse] = [new Failsafe(policy, 'none'), new Failsafe(policy, 'none')];
        cycles.forEach((findings, i) => {
          plain.update(Int32Array.from(findings), 4000, true);
          worse.update(Int32Array.from(findings, (found, line) => (line === extra && i >= from ? 0 : found)), 4000, true);
          expect(severity(worse.action)).toBeGreaterThanOrEqual(severity(plain.action));
        });
      }),
    );
  });
});

describe('readiness', () => {
  const rules = [rule({ cause: 'driveHot' as never, blocksArming: false }), rule({ cause: 'hubSilent' })];
  it('names the first condition that blocks arming', () => {
    expect(readyBlocker(rules, both, 'none')).toBe('hubSilent');
    expect(readyBlocker(rules, first, 'none')).toBe('none');
    expect(readyBlocker(rules, none, 'none')).toBe('none');
  });

  it('names a latched stop before all', () => {
    expect(readyBlocker(rules, both, 'operatorStop')).toBe('operatorStop');
  });
});

describe('the failsafe table', () => {
  it('names each check once, with a known action and advice that a person can follow', () => {
    expect(new Set(policy.map((line) => line.check)).size).toBe(policy.length);
    for (const line of policy) {
      expect(actions).toContain(line.action);
      expect(line.advice).toMatch(/^[A-Z].{15,}\.$/);
      expect(line.graceMs).toBeLessThanOrEqual(1000);
    }
  });

  it('latches every stop', () => {
    for (const line of policy) expect([line.check, line.clear === 'onAcknowledge']).toEqual([line.check, severity(line.action) >= severity('protectiveStop')]);
  });
});
