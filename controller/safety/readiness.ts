/**
 * What stands between a robot and its arming, all of it and not only the first: one item per check that blocks arming,
 * and, not in the core, one per check that only warns. Nothing can skip an item of the core: arming asks the same findings.
 */
import type { ReadinessItem } from '../../protocols/readiness.ts';
import { ABSENT, PRESENT } from './checks.ts';
import type { Rule } from './policy.ts';

interface Line {
  readonly index: number;
  readonly rule: Rule;
  finding: number;
}

export class Readiness {
  /** Made anew on every change. */
  items: readonly ReadinessItem[];
  readonly #lines: readonly Line[];

  /** @param rules in the order of the findings */
  constructor(rules: readonly Rule[]) {
    this.#lines = rules.flatMap((rule, index) => (rule.blocksArming || rule.action === 'warn' ? [{ index, rule, finding: PRESENT }] : []));
    this.items = this.#list();
  }

  /** Once per cycle. @param findings of `runChecks`; a missing one counts as present */
  update(findings: Int32Array): void {
    let changed = false;
    for (const line of this.#lines) {
      const finding = findings[line.index] ?? PRESENT;
      if (finding === line.finding) continue;
      line.finding = finding;
      changed = true;
    }
    if (changed) this.items = this.#list();
  }

  #list(): ReadinessItem[] {
    return this.#lines.map(({ rule, finding }) => ({ id: rule.check, core: rule.blocksArming, met: finding === ABSENT, cause: rule.cause, joint: Math.max(finding, PRESENT) }));
  }
}
