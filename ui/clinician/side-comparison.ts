/** Joints as the clinician reads them: by kind, left beside right. */
import { symmetryIndexPercent } from '../../controller/metrics/symmetry.ts';
import type { JointMetrics, SessionMetrics } from '../../protocols/api.ts';
import type { RobotProfile } from '../../protocols/profile.ts';
import type { Side } from '../../protocols/supervision.ts';

export interface JointLabel {
  readonly jointId: string;
  /** `hip`, `knee`, …: what left and right have in common. */
  readonly kind: string;
  readonly side: Side | null;
}

/** From the profile where it is there, else from the id (`kneeLeft` → knee, left). */
export function labelJoint(jointId: string, profile: RobotProfile | null): JointLabel {
  const joint = profile?.joints.find((candidate) => candidate.id === jointId);
  if (joint !== undefined) return { jointId, kind: joint.kind, side: joint.side };
  const match = /^(.+?)(Left|Right)$/.exec(jointId);
  if (match?.[1] === undefined) return { jointId, kind: jointId, side: null };
  return { jointId, kind: match[1], side: match[2] === 'Left' ? 'left' : 'right' };
}

export interface SidePair {
  readonly kind: string;
  readonly rows: readonly { readonly label: JointLabel; readonly metrics: JointMetrics }[];
  /** Symmetry index of the range of motion, percent; null: a side is missing. */
  readonly romSymmetryPercent: number | null;
}

export function sidePairs(metrics: SessionMetrics, profile: RobotProfile | null): SidePair[] {
  const labelled = metrics.joints.map((joint) => ({ label: labelJoint(joint.jointId, profile), metrics: joint }));
  const kinds = [...new Set(labelled.map(({ label }) => label.kind))];
  return kinds.map((kind) => {
    const rows = labelled.filter(({ label }) => label.kind === kind).sort((a, b) => sideOrder(a.label) - sideOrder(b.label));
    const romOf = (side: Side): number | null => rows.find(({ label }) => label.side === side)?.metrics.romDeg ?? null;
    return { kind, rows, romSymmetryPercent: symmetryIndexPercent(romOf('left'), romOf('right')) };
  });
}

const sideOrder = (label: JointLabel): number => (label.side === 'left' ? 0 : label.side === 'right' ? 1 : 2);
