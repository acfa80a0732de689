/** Runs the cases of each fault one after the other on one robot, and sums them up. The same seed gives the same cases. */
import { createRandom } from '../../../../protocols/random.ts';
import type { Fault } from './fault.ts';
import { FaultRoom, type FaultRoomOptions } from './room.ts';

export interface Quantiles {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

export interface FaultRow {
  readonly fault: string;
  readonly what: string;
  readonly cases: number;
  /** Cases in which something happened that must not. */
  readonly breaches: number;
  readonly findings: readonly string[];
  readonly [figure: `${string}Ms`]: Quantiles;
}

export interface CampaignResult {
  readonly seed: number;
  readonly breaches: number;
  readonly rows: readonly FaultRow[];
}

const FINDINGS_KEPT = 10;
/** Each case has a seed of its own, so that one can be run again alone. */
const CASE_SEED_STEP = 0x9e37_79b9;

export async function runCampaign(faults: readonly Fault[], cases: number, options: FaultRoomOptions, onCase: (fault: Fault, index: number, breaches: readonly string[]) => void): Promise<CampaignResult> {
  const rows: FaultRow[] = [];
  const room = await FaultRoom.open(options);
  try {
    for (const fault of faults) rows.push(await runFault(fault, cases, room, options.seed, onCase));
  } finally {
    await room.close();
  }
  return { seed: options.seed, breaches: rows.reduce((sum, row) => sum + row.breaches, 0), rows };
}

async function runFault(fault: Fault, cases: number, room: FaultRoom, seed: number, onCase: (fault: Fault, index: number, breaches: readonly string[]) => void): Promise<FaultRow> {
  const figures = new Map<string, number[]>();
  const findings: string[] = [];
  let breached = 0;
  for (let index = 0; index < cases; index++) {
    const result = await fault.run(room, createRandom(seed + index * CASE_SEED_STEP));
    const truth = await room.truth();
    const breaches = [...result.breaches];
    if (room.state !== 'ready') breaches.push(`it ended ${room.state}`);
    if (truth.joints.some(({ energised }) => energised)) breaches.push('it ended with a drive energised');
    if (breaches.length > 0) breached++;
    findings.push(...breaches.map((breach) => `case ${index}: ${breach}`));
    for (const [name, value] of Object.entries(result.figures)) figures.set(name, [...(figures.get(name) ?? []), value]);
    onCase(fault, index, breaches);
  }
  return { fault: fault.id, what: fault.what, cases, breaches: breached, findings: findings.slice(0, FINDINGS_KEPT), ...Object.fromEntries([...figures].map(([name, values]) => [name, quantiles(values)])) };
}

function quantiles(values: readonly number[]): Quantiles {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number): number => Number((sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0).toFixed(1));
  return { p50: at(0.5), p99: at(0.99), max: at(1) };
}
