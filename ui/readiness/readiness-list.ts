/** The list that has to be complete before a mode may be armed; the robot itself says what is missing. */
import type { RobotProfile } from '../../protocols/profile.ts';
import { isCore, itemOf, itemsOf, readinessItems, type ReadinessItem } from '../../protocols/readiness.ts';
import type { Cause } from '../../protocols/supervision.ts';
import type { TrainingMode } from '../../protocols/training-mode.ts';

export interface ReadinessRow {
  readonly item: ReadinessItem;
  /** It cannot be skipped in any mode. */
  readonly core: boolean;
  /** null: nothing is missing. */
  readonly cause: Cause | null;
}

/** What is missing first, otherwise in the table's order. What blocks is shown even where the mode does not ask for it. */
export function readinessRows(mode: TrainingMode, blockers: readonly Cause[], profile: Pick<RobotProfile, 'treadmill' | 'bodyWeightSupport'>): ReadinessRow[] {
  const needed = itemsOf(mode, profile);
  const blocking = blockers.map(itemOf);
  const rows = readinessItems
    .filter((item) => needed.includes(item) || blocking.includes(item))
    .map((item) => ({ item, core: isCore(item), cause: blockers[blocking.indexOf(item)] ?? null }));
  return [...rows.filter(({ cause }) => cause !== null), ...rows.filter(({ cause }) => cause === null)];
}
