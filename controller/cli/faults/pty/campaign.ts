/** Runs the cases of each fault one after the other and sums them up. The same seed gives the same cases. */
import { systemClock } from '../../../../hal/clock.ts';
import { DariError } from '../../../../protocols/errors.ts';
import { createRandom } from '../../../../protocols/random.ts';
import { US_PER_S } from '../../../../protocols/units.ts';
import { inTurn, type Fault } from './fault.ts';
import type { Place } from './place.ts';
import { Places, type PlaceOptions } from './places.ts';
import { StallMeter, stopsRobotMs } from './stall-meter.ts';
import type { CaseResult } from './judge.ts';

export interface Quantiles {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

type Figures = Readonly<Record<string, Quantiles>>;

interface Tally {
  readonly cases: number;
  /** Cases in which something happened that must not. */
  readonly breaches: number;
  /** Cases that this machine spoilt by standing still, each time they were tried: neither passed nor breached. */
  readonly spoilt: number;
}

export interface KindRow extends Tally {
  readonly kind: string;
  readonly figures: Figures;
}

export interface FaultRow extends Tally {
  readonly fault: string;
  readonly what: string;
  readonly kinds: readonly KindRow[];
  readonly findings: readonly string[];
  readonly [figure: `${string}Ms`]: Quantiles;
}

export interface CampaignResult {
  readonly seed: number;
  readonly breaches: number;
  readonly rows: readonly FaultRow[];
}

/** One try of a case. */
export interface Told {
  readonly fault: Fault;
  readonly kind: string;
  readonly index: number;
  readonly result: CaseResult;
  readonly seconds: number;
  /** Of all cases. */
  readonly done: number;
  readonly of: number;
}

export interface CampaignOrder {
  readonly faults: readonly Fault[];
  /** Of each fault; null: each kind once. */
  readonly cases: number | null;
  /** This one alone, of each fault; null: all. */
  readonly only: number | null;
}

/** What came of a case in the end. */
export interface CaseOutcome {
  readonly index: number;
  readonly kind: string;
  readonly result: CaseResult;
}

const FINDINGS_KEPT = 10;
const TRIES = 3;
/** Each case has a seed of its own, so that one can be run again alone. */
const CASE_SEED_STEP = 0x9e37_79b9;

export async function runCampaign(order: CampaignOrder, options: PlaceOptions, onCase: (told: Told) => void): Promise<CampaignResult> {
  const planned = order.faults.flatMap((fault) => indices(order, fault).map((index) => ({ fault, index })));
  const places = new Places(options);
  const cases: (CaseOutcome & { readonly fault: Fault })[] = [];
  try {
    for (const { fault, index } of planned) {
      const kind = inTurn<{ readonly name: string }>(fault.kinds, index).name;
      const tell = (result: CaseResult, seconds: number): void => onCase({ fault, kind, index, result, seconds, done: cases.length + 1, of: planned.length });
      cases.push({ fault, index, kind, result: await untilUnspoilt(() => runCase(fault, index, places, options), tell) });
    }
  } finally {
    await places.close();
  }
  const rows = order.faults.map((fault) => rowOf(fault, cases.filter((each) => each.fault === fault)));
  return { seed: options.seed, breaches: rows.reduce((sum, row) => sum + row.breaches, 0), rows };
}

const indices = ({ cases, only }: CampaignOrder, { kinds }: Fault): number[] => (only === null ? Array.from({ length: cases ?? kinds.length }, (_, index) => index) : [only]);

/** Tries a case again that this machine spoils, but not for ever. @param tell of each try, and how many seconds it took */
export async function untilUnspoilt(run: () => Promise<CaseResult>, tell: (result: CaseResult, seconds: number) => void): Promise<CaseResult> {
  for (let tries = 1; ; tries++) {
    const startUs = systemClock.nowUs();
    const result = await run();
    tell(result, (systemClock.nowUs() - startUs) / US_PER_S);
    if (result.machineStallMs === undefined || tries === TRIES) return result;
  }
}

/** What stops the campaign's own people from doing their part is a finding too. */
async function runCase(fault: Fault, index: number, places: Places, { profile, seed }: PlaceOptions): Promise<CaseResult> {
  const machine = new StallMeter();
  const random = createRandom(seed + index * CASE_SEED_STEP);
  try {
    if (fault.place === 'robot') {
      const room = await places.robot();
      return await leave(room, places, await inTurn(fault.kinds, index).run(room, random));
    }
    const station = await places.station();
    return await leave(station, places, await inTurn(fault.kinds, index).run(station, random));
  } catch (error) {
    if (!(error instanceof DariError)) throw error;
    const machineStallMs = machine.ownMs();
    await places.close();
    return { figures: {}, breaches: [error.message], ...(machineStallMs >= stopsRobotMs(profile) ? { machineStallMs } : {}) };
  } finally {
    machine.end();
  }
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

export function rowOf(fault: Pick<Fault, 'id' | 'what'> & { readonly kinds: readonly { readonly name: string }[] }, cases: readonly CaseOutcome[]): FaultRow {
  const kinds = fault.kinds.flatMap(({ name }): KindRow[] => {
    const those = cases.filter(({ kind }) => kind === name);
    return those.length === 0 ? [] : [{ kind: name, ...tally(those), figures: figuresOf(those) }];
  });
  const findings = cases.flatMap(({ index, kind, result }) => {
    if (result.machineStallMs !== undefined) return [`case ${index}: spoilt, this machine stood still for ${result.machineStallMs.toFixed(0)} ms (${kind})`];
    return result.breaches.map((breach) => `case ${index}: ${breach} (${kind})`);
  });
  return { fault: fault.id, what: fault.what, ...tally(cases), kinds, findings: findings.slice(0, FINDINGS_KEPT), ...figuresOf(cases) };
}

const isSpoilt = ({ result }: CaseOutcome): boolean => result.machineStallMs !== undefined;

function tally(cases: readonly CaseOutcome[]): Tally {
  return { cases: cases.length, breaches: cases.filter((each) => !isSpoilt(each) && each.result.breaches.length > 0).length, spoilt: cases.filter(isSpoilt).length };
}

function figuresOf(cases: readonly CaseOutcome[]): Figures {
  const values = new Map<string, number[]>();
  for (const { result } of cases.filter((each) => !isSpoilt(each))) for (const [name, value] of Object.entries(result.figures)) values.set(name, [...(values.get(name) ?? []), value]);
  return Object.fromEntries([...values].map(([name, all]) => [name, quantiles(all)]));
}

function quantiles(values: readonly number[]): Quantiles {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number): number => Number((sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0).toFixed(1));
  return { p50: at(0.5), p99: at(0.99), max: at(1) };
}
