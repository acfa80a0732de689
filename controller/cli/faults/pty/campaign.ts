/** Runs the cases of each fault one after the other and sums them up. The same seed gives the same cases. */
import { DariError } from '../../../../protocols/errors.ts';
import { createRandom, type Random } from '../../../../protocols/random.ts';
import type { CaseResult, Fault } from './fault.ts';
import { Places, type Place, type PlaceOptions } from './places.ts';

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
  /** Cases that this machine spoilt by standing still: neither passed nor breached. */
  readonly spoilt: number;
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

type OnCase = (fault: Fault, index: number, breaches: readonly string[]) => void;

export async function runCampaign(faults: readonly Fault[], cases: number, options: PlaceOptions, onCase: OnCase): Promise<CampaignResult> {
  const rows: FaultRow[] = [];
  const places = new Places(options);
  try {
    for (const fault of faults) rows.push(await runFault(fault, cases, places, options.seed, onCase));
  } finally {
    await places.close();
  }
  return { seed: options.seed, breaches: rows.reduce((sum, row) => sum + row.breaches, 0), rows };
}

async function runFault(fault: Fault, cases: number, places: Places, seed: number, onCase: OnCase): Promise<FaultRow> {
  const figures = new Map<string, number[]>();
  const findings: string[] = [];
  let [breached, spoilt] = [0, 0];
  for (let index = 0; index < cases; index++) {
    const result = await runCase(fault, index, places, seed);
    if (result.machineStallMs !== undefined) {
      spoilt++;
      findings.push(`case ${index}: spoilt, this machine stood still for ${result.machineStallMs.toFixed(0)} ms`);
      onCase(fault, index, [`spoilt by a stall of this machine (${result.machineStallMs.toFixed(0)} ms)`]);
      continue;
    }
    if (result.breaches.length > 0) breached++;
    findings.push(...result.breaches.map((breach) => `case ${index}: ${breach}`));
    for (const [name, value] of Object.entries(result.figures)) figures.set(name, [...(figures.get(name) ?? []), value]);
    onCase(fault, index, result.breaches);
  }
  return { fault: fault.id, what: fault.what, cases, breaches: breached, spoilt, findings: findings.slice(0, FINDINGS_KEPT), ...Object.fromEntries([...figures].map(([name, values]) => [name, quantiles(values)])) };
}

/** What stops the campaign's own people from doing their part is a finding too. */
async function runCase(fault: Fault, index: number, places: Places, seed: number): Promise<CaseResult> {
  try {
    return await runAtItsPlace(fault, index, places, createRandom(seed + index * CASE_SEED_STEP));
  } catch (error) {
    if (!(error instanceof DariError)) throw error;
    await places.close();
    return { figures: {}, breaches: [error.message] };
  }
}

async function runAtItsPlace(fault: Fault, index: number, places: Places, random: Random): Promise<CaseResult> {
  if (fault.place === 'robot') {
    const room = await places.robot();
    return leave(room, places, await fault.run(room, random, index));
  }
  const station = await places.station();
  return leave(station, places, await fault.run(station, random, index));
}

/**
 * What one case leaves behind is not the next one's fault; and a robot that is to be prepared anew is more like one in a
 * clinic, empty and hanging freely, when it is a new one.
 */
async function leave(place: Place, places: Places, result: CaseResult): Promise<CaseResult> {
  const left = await place.whatIsLeft();
  if (left.length > 0 || !place.prepared) await places.close();
  return { ...result, breaches: [...result.breaches, ...left] };
}

function quantiles(values: readonly number[]): Quantiles {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number): number => Number((sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0).toFixed(1));
  return { p50: at(0.5), p99: at(0.99), max: at(1) };
}
