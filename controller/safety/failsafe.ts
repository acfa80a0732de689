/**
 * The mechanism behind the failsafe table; it knows nothing of what is checked. A condition may last as long as its
 * grace: the budget drains with time and refills at a quarter of that speed, so a flickering fault is not forgiven.
 * The worst action wins; among equals the first that came stays, so that the cause on the screen does not wander.
 */
import { actions, type Action, type Cause } from '../../protocols/supervision.ts';
import { US_PER_MS } from '../../protocols/units.ts';
import { ABSENT, PRESENT } from './checks.ts';
import type { Rule } from './policy.ts';

const REFILL = 0.25;

export const severity = (action: Action): number => actions.indexOf(action);

export class Failsafe {
  action: Action = 'none';
  cause: Cause = 'none';
  causeJoint = PRESENT;
  readonly #rules: readonly Rule[];
  readonly #severity: Int32Array;
  readonly #spentUs: Float64Array;
  readonly #latched: Uint8Array;
  readonly #joint: Int32Array;
  /** Rule in force, −1 = none. */
  #current = -1;

  /** @param standing a stop that was latched before and still waits for a person */
  constructor(rules: readonly Rule[], standing: Cause) {
    this.#rules = rules;
    this.#severity = Int32Array.from(rules, (rule) => severity(rule.action));
    this.#spentUs = new Float64Array(rules.length);
    this.#latched = new Uint8Array(rules.length);
    this.#joint = new Int32Array(rules.length).fill(PRESENT);
    const carried = rules.findIndex((rule) => rule.cause === standing && rule.clear === 'onAcknowledge');
    if (carried >= 0) this.#latched[carried] = 1;
    this.#select(-1);
  }

  update(findings: Int32Array, elapsedUs: number, energised: boolean): void {
    let active = -1;
    for (let i = 0; i < this.#rules.length; i++) {
      if (!this.#due(i, findings[i] ?? PRESENT, elapsedUs, energised)) continue;
      if (this.#isWorse(i, active)) active = i;
    }
    this.#select(active);
  }

  /** Clears what is latched and gone. What is still present stays latched. */
  acknowledge(findings: Int32Array): void {
    for (let i = 0; i < this.#rules.length; i++) {
      if (findings[i] !== ABSENT) continue;
      this.#latched[i] = 0;
      this.#spentUs[i] = 0;
    }
    this.#current = -1;
    this.#select(-1);
  }

  /** The latched stop that a person has to acknowledge, or `none`. */
  get latched(): Cause {
    const rule = this.#rules[this.#current];
    return rule !== undefined && this.#latched[this.#current] === 1 ? rule.cause : 'none';
  }

  /** Is this rule's action due in this cycle? Latches it where the table says so. */
  #due(i: number, finding: number, elapsedUs: number, energised: boolean): boolean {
    const rule = this.#rules[i];
    if (rule === undefined) return false;
    const spentUs = this.#spentUs[i] ?? 0;
    if (finding === ABSENT || (rule.scope === 'energised' && !energised)) {
      this.#spentUs[i] = Math.max(0, spentUs - REFILL * elapsedUs);
      return false;
    }
    const graceUs = rule.graceMs * US_PER_MS;
    this.#spentUs[i] = Math.min(graceUs, spentUs + elapsedUs);
    if (spentUs + elapsedUs < graceUs) return false;
    if (this.#latched[i] === 0) this.#joint[i] = finding;
    if (rule.clear === 'onAcknowledge') this.#latched[i] = 1;
    return true;
  }

  #isWorse(candidate: number, than: number): boolean {
    return (this.#severity[candidate] ?? 0) > (than < 0 ? 0 : (this.#severity[than] ?? 0));
  }

  #select(active: number): void {
    let worst = this.#current >= 0 && this.#latched[this.#current] === 1 ? this.#current : -1;
    for (let i = 0; i < this.#rules.length; i++) if (this.#latched[i] === 1 && this.#isWorse(i, worst)) worst = i;
    if (active >= 0 && this.#isWorse(active, worst)) worst = active;
    this.#current = worst;
    const rule = this.#rules[worst];
    this.action = rule?.action ?? 'none';
    this.cause = rule?.cause ?? 'none';
    this.causeJoint = this.#joint[worst] ?? PRESENT;
  }
}

/** The first condition that keeps the robot from being armed; a latched stop comes before all. */
export function readyBlocker(rules: readonly Rule[], findings: Int32Array, latched: Cause): Cause {
  if (latched !== 'none') return latched;
  for (let i = 0; i < rules.length; i++) {
    const rule = rules[i];
    if (rule?.blocksArming === true && findings[i] !== ABSENT) return rule.cause;
  }
  return 'none';
}
