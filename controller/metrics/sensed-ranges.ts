/** How far the joints went that a robot measures beside those that it drives, out of a session's rows. What was not believed does not count. */
import type { JointRange } from '../../protocols/api.ts';
import { sensedJointsOf, type RobotProfile } from '../../protocols/profile.ts';
import { fieldOffset, layoutOf } from '../../protocols/session-log.ts';
import { radToDeg } from '../../protocols/units.ts';

export class SensedRanges {
  readonly #joints: readonly { readonly id: string; readonly position: number; readonly trusted: number; minRad: number; maxRad: number }[];

  constructor(profile: RobotProfile) {
    const layout = layoutOf(profile);
    this.#joints = sensedJointsOf(profile).map(({ id }, i) => ({ id, position: fieldOffset(layout, 'sensedPositionRad', i), trusted: fieldOffset(layout, 'sensedTrusted', i), minRad: Infinity, maxRad: -Infinity }));
  }

  /** @param start index of the row's first number in `rows` */
  row(rows: Float64Array, start: number): void {
    for (const joint of this.#joints) {
      if (rows[start + joint.trusted] !== 1) continue;
      const rad = rows[start + joint.position] ?? Number.NaN;
      joint.minRad = Math.min(joint.minRad, rad);
      joint.maxRad = Math.max(joint.maxRad, rad);
    }
  }

  result(): JointRange[] {
    return this.#joints.map(({ id, minRad, maxRad }) => (minRad <= maxRad ? { jointId: id, minDeg: radToDeg(minRad), maxDeg: radToDeg(maxRad) } : { jointId: id, minDeg: null, maxDeg: null }));
  }
}
