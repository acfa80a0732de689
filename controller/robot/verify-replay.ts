/**
 * Re-runs the decisions of a recorded session from its recorded inputs and intent, and compares them bit for bit. What
 * it proves: the log holds everything that a decision depended on, and this program decides as the recorded one did.
 */
import type { SessionReading } from '../recording/read-session.ts';
import { readCycleRow, writeCycleRow } from '../../protocols/cycle-row.ts';
import { emptyIntent, fieldOffset, inputsOf, type CycleField, type CycleLayout } from '../../protocols/session-log.ts';
import { createRobotStep } from './robot-step.ts';

export interface ReplayDifference {
  readonly cycle: number;
  /** e.g. `permittedTorqueNm.kneeLeft`. */
  readonly field: string;
  readonly recorded: number;
  readonly replayed: number;
}

export interface ReplayReport {
  readonly cycles: number;
  /** Decision numbers that differ, over all cycles. */
  readonly differences: number;
  readonly first: ReplayDifference | null;
  /** Cycles that the log does not hold; after a hole the decisions need not agree. */
  readonly missingCycles: number;
}

interface DecisionColumn {
  readonly name: string;
  readonly offset: number;
}

/** @throws DariError `logUnreadable` */
export async function verifyReplay(session: SessionReading): Promise<ReplayReport> {
  const { profile, setup, latched } = session.header;
  const { layout } = session;
  const [inputs, intent] = [inputsOf(profile), emptyIntent(profile.joints.length)];
  const step = createRobotStep(profile, setup, latched);
  const columns = decisionColumns(layout, profile.joints.map((joint) => joint.id));
  const replayed = new Float64Array(layout.width);
  let [cycles, differences, missingCycles, lastCycle] = [0, 0, 0, Number.NaN];
  let first: ReplayDifference | null = null;
  for await (const { rows, rowCount } of session.batches()) {
    for (let start = 0; start < rowCount * layout.width; start += layout.width) {
      readCycleRow(rows, start, inputs, intent);
      writeCycleRow(replayed, 0, inputs, intent, step.step(inputs, intent));
      if (inputs.cycle > lastCycle + 1) missingCycles += inputs.cycle - lastCycle - 1;
      lastCycle = inputs.cycle;
      cycles++;
      for (const { name, offset } of columns) {
        const [was, is] = [rows[start + offset] ?? Number.NaN, replayed[offset] ?? Number.NaN];
        if (Object.is(was, is)) continue;
        differences++;
        first ??= { cycle: inputs.cycle, field: name, recorded: was, replayed: is };
      }
    }
  }
  return { cycles, differences, first, missingCycles };
}

function decisionColumns(layout: CycleLayout, jointIds: readonly string[]): DecisionColumn[] {
  const isDecision = (field: CycleField): boolean => field.role === 'decision';
  return [
    ...layout.cycle.filter(isDecision).map(({ key }) => ({ name: key, offset: fieldOffset(layout, key) })),
    ...layout.joint.filter(isDecision).flatMap(({ key }) => jointIds.map((id, j) => ({ name: `${key}.${id}`, offset: fieldOffset(layout, key, j) }))),
  ];
}
