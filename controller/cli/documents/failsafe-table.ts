/** `docs/failsafe-table.md`: what is watched, what happens then, and how it ends. */
import { policy, type Rule } from '../../safety/policy.ts';
import { code, page, table } from './markdown.ts';

const clears: Readonly<Record<Rule['clear'], string>> = { whenGone: 'ends by itself', onAcknowledge: 'latched until acknowledged' };
const scopes: Readonly<Record<Rule['scope'], string>> = { always: 'always', energised: 'while drives hold or move' };

/** Several rules are typed by their own values; here all are only rules. */
const rules: readonly Rule[] = policy;

export const failsafeTable = (): string =>
  page('Failsafe table', 'controller/safety/policy.ts', [
    'In each cycle every check is tried. The worst action wins: none < warn < limit < soften < hold < protectiveStop < torqueOff < emergencyStop; among equals the first that came stays. ' +
      'A condition may last as long as its grace, which refills at a quarter of the speed at which it is spent. A latched stop needs a person, after its cause is gone; then the robot has to be armed and started anew.',
    table(
      ['check', 'cause', 'action', 'clear condition', 'acts', 'grace', 'blocks arming', 'advice'],
      rules.map((rule) => [
        code(rule.check),
        code(rule.cause),
        code(rule.action),
        rule.whileUnpowered === true ? `${clears[rule.clear]}; may still be there while the stop has cut the power` : clears[rule.clear],
        scopes[rule.scope],
        `${rule.graceMs} ms`,
        rule.blocksArming ? 'yes' : 'no',
        rule.advice,
      ]),
    ),
    'What each check measures, with its own tolerances and the reason why they are not tighter, stands in `controller/safety/checks.ts` and `controller/safety/input-trust.ts`.',
  ]);
