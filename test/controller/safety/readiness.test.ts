import { describe, expect, it } from 'vitest';
import { ABSENT, PRESENT } from '../../../controller/safety/checks.ts';
import { readyBlocker } from '../../../controller/safety/failsafe.ts';
import { policy } from '../../../controller/safety/policy.ts';
import { Readiness } from '../../../controller/safety/readiness.ts';

const line = (check: string): number => policy.findIndex((rule) => rule.check === check);
const allMet = (): Int32Array => new Int32Array(policy.length).fill(ABSENT);

describe('readiness', () => {
  it('is not there before anything was looked at', () => {
    expect(new Readiness(policy).items.every(({ met }) => !met)).toBe(true);
  });

  it('has an item for each check that blocks arming, and these are its core', () => {
    const core = new Readiness(policy).items.filter((item) => item.core).map(({ id }) => id);
    expect(core).toEqual(policy.filter((rule) => rule.blocksArming).map(({ check }) => check));
  });

  it('names what is missing, with its reason and its joint', () => {
    const readiness = new Readiness(policy);
    const findings = allMet();
    findings[line('notPrepared')] = PRESENT;
    findings[line('driveFault')] = 2;
    readiness.update(findings);
    expect(readiness.items.filter(({ met }) => !met)).toEqual([
      { id: 'notPrepared', core: true, met: false, cause: 'notPrepared', joint: -1 },
      { id: 'driveFault', core: true, met: false, cause: 'driveFault', joint: 2 },
    ]);
  });

  it('is whole exactly when nothing blocks arming', () => {
    for (const { check } of policy) {
      const readiness = new Readiness(policy);
      const findings = allMet();
      findings[line(check)] = PRESENT;
      readiness.update(findings);
      expect(readiness.items.every(({ core, met }) => met || !core), check).toBe(readyBlocker(policy, findings, 'none') === 'none');
    }
  });

  it('is told anew only when something changes', () => {
    const readiness = new Readiness(policy);
    readiness.update(allMet());
    const { items } = readiness;
    readiness.update(allMet());
    expect(readiness.items).toBe(items);
  });

  it('takes a finding that is missing for a condition that is not met', () => {
    const readiness = new Readiness(policy);
    readiness.update(allMet());
    readiness.update(new Int32Array(0));
    expect(readiness.items.every(({ met }) => !met)).toBe(true);
  });
});
