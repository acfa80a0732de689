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

/** By severity; among equally severe ones goes first what has to be told first. */
const rankOf = ({ action, toldFirst }: Rule): number => severity(action) + (toldFirst === true ? 0.5 : 0);

/** How one line of the table stands, to be shown to people. */
export interface FailsafeLine {
  readonly rule: Rule;
  /** Of the grace, used up so far. */
  readonly spentUs: number;
  readonly latched: boolean;
}

interface Entry extends FailsafeLine {
  readonly rank: number;
  readonly graceUs: number;
  spentUs: number;
  latched: boolean;
  joint: number;
}

export class Failsafe {
  readonly #entries: readonly Entry[];
  #current: Entry | null = null;

  /** @param standing a stop that was latched before and still waits for a person */
  constructor(rules: readonly Rule[], standing: Cause) {
    this.#entries = rules.map((rule) => ({ rule, rank: rankOf(rule), graceUs: rule.graceMs * US_PER_MS, spentUs: 0, latched: false, joint: PRESENT }));
    const carried = this.#entries.find(({ rule }) => rule.cause === standing && rule.clear === 'onAcknowledge');
    if (carried !== undefined) carried.latched = true;
    this.#select(null);
  }

  get action(): Action {
    return this.#current === null ? 'none' : this.#current.rule.action;
  }

  get cause(): Cause {
    return this.#current === null ? 'none' : this.#current.rule.cause;
  }

  /** The joint that the cause names, or −1. */
  get causeJoint(): number {
    return this.#current === null ? PRESENT : this.#current.joint;
  }

  /** The latched stop that a person has to acknowledge, or `none`. */
  get latched(): Cause {
    return this.#current?.latched === true ? this.#current.rule.cause : 'none';
  }

  /** Joints whose condition is of that kind are to be let go, until it is acknowledged. */
  get letsGo(): boolean {
    for (const { latched, rule } of this.#entries) if (latched && rule.letsGo === true) return true;
    return false;
  }

  /** No other stop is latched beside those of these causes. */
  latchedOnly(causes: readonly Cause[]): boolean {
    for (const { latched, rule } of this.#entries) if (latched && !causes.includes(rule.cause)) return false;
    return true;
  }

  get lines(): readonly FailsafeLine[] {
    return this.#entries;
  }

  /** @param findings of `runChecks`; a missing one counts as present */
  update(findings: Int32Array, elapsedUs: number, energised: boolean): void {
    let worst: Entry | null = null;
    let line = 0;
    for (const entry of this.#entries) if (isDue(entry, findings[line++] ?? PRESENT, elapsedUs, energised)) worst = worse(worst, entry);
    this.#select(worst);
  }

  /** Clears what is latched and gone, or present only while the power is cut by the standing stop, or let go of its joint until all were released. The rest stays latched. */
  acknowledge(findings: Int32Array, energised: boolean): void {
    const unpowered = severity(this.action) >= severity('torqueOff');
    let line = 0;
    for (const entry of this.#entries) {
      const { whileUnpowered, letsGo } = entry.rule;
      const clears = (unpowered && whileUnpowered === true) || (!energised && letsGo === true);
      if (findings[line++] !== ABSENT && !clears) continue;
      entry.latched = false;
      entry.spentUs = 0;
    }
    this.#select(null);
  }

  /** The standing one keeps its place unless a latched or due one is worse. */
  #select(due: Entry | null): void {
    let worst = this.#current?.latched === true ? this.#current : null;
    for (const entry of this.#entries) if (entry.latched) worst = worse(worst, entry);
    this.#current = due === null ? worst : worse(worst, due);
  }
}

const worse = (standing: Entry | null, candidate: Entry): Entry => (standing !== null && standing.rank >= candidate.rank ? standing : candidate);

/** Is this line's action due in this cycle? Latches it where the table says so. */
function isDue(entry: Entry, finding: number, elapsedUs: number, energised: boolean): boolean {
  const { rule, graceUs } = entry;
  if (finding === ABSENT || (rule.scope === 'energised' && !energised)) {
    entry.spentUs = Math.max(0, entry.spentUs - REFILL * elapsedUs);
    return false;
  }
  entry.spentUs = Math.min(graceUs, entry.spentUs + elapsedUs);
  if (entry.spentUs < graceUs) return false;
  if (!entry.latched) entry.joint = finding;
  entry.latched = rule.clear === 'onAcknowledge';
  return true;
}

/** The first condition that keeps the robot from being armed; a latched stop comes before all. */
export function readyBlocker(rules: readonly Rule[], findings: Int32Array, latched: Cause): Cause {
  if (latched !== 'none') return latched;
  let line = 0;
  for (const rule of rules) if (findings[line++] !== ABSENT && rule.blocksArming) return rule.cause;
  return 'none';
}
