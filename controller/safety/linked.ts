/** Does every device of the robot answer? */
import { ABSENT } from './checks.ts';
import { policy } from './policy.ts';

const linkLines: readonly number[] = policy.flatMap(({ check }, line) => (check === 'linkDown' || check === 'driveSilent' || check === 'hubSilent' || check === 'sensorSilent' ? [line] : []));

export function allLinked(findings: Int32Array): boolean {
  for (const line of linkLines) if (findings[line] !== ABSENT) return false;
  return true;
}
