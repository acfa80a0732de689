/**
 * F20: spoils valid profiles in many ways and looks at what is still accepted. What a profile must not say is stated here
 * once more, in words of JSON, so that the checks of the schema do not judge themselves.
 */
import { crossCheckProfile, profileSchema, type RobotProfile } from '../../../protocols/profile.ts';
import { createRandom, type Random } from '../../../protocols/random.ts';

export interface MutationCount {
  readonly mutants: number;
  /** Spoilt in a way that a profile may be. */
  readonly accepted: number;
  /** Accepted although they must not be; empty: passed. */
  readonly violations: readonly string[];
}

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** A place in a profile, and how to put a value there. */
interface Place {
  readonly holder: Json[] | { [key: string]: Json };
  readonly key: string | number;
}

const VIOLATIONS_KEPT = 5;
const MOST_CHANGES = 3;
const SEED_STEP = 0x85eb_ca6b;

/** @param first of the mutants: each has a seed of its own, so that any can be made again */
export function tryMutations(profiles: readonly RobotProfile[], seed: number, first: number, count: number): MutationCount {
  const originals = profiles.map((profile) => JSON.parse(JSON.stringify(profile)) as Json);
  let accepted = 0;
  const violations: string[] = [];
  for (let i = first; i < first + count; i++) {
    const random = createRandom(seed + SEED_STEP * (i + 1));
    const original = originals[random.int(originals.length)] ?? null;
    const undo: (() => void)[] = [];
    const changes: string[] = [];
    for (let k = 1 + random.int(MOST_CHANGES); k > 0; k--) changes.push(mutate(original, random, undo));
    if (isAccepted(original)) {
      accepted++;
      const [why] = wrongs(original);
      if (why !== undefined && violations.length < VIOLATIONS_KEPT) violations.push(`mutant ${i}: ${why} (${changes.join('; ')})`);
    }
    for (const back of undo.toReversed()) back();
  }
  return { mutants: count, accepted, violations };
}

/** As a profile is read, without its text. */
function isAccepted(value: unknown): boolean {
  const parsed = profileSchema.safeParse(value);
  return parsed.success && crossCheckProfile(parsed.data).length === 0;
}

function mutate(root: Json, random: Random, undo: (() => void)[]): string {
  const place = pick(root, random);
  const { holder, key } = place;
  const before = read(place);
  const after = change(before, root, random);
  if (after === undefined) {
    // Undone in its old place among the keys: the order is part of what `pick` chooses from.
    if (Array.isArray(holder)) {
      const removed = holder.splice(Number(key), 1);
      undo.push(() => void holder.splice(Number(key), 0, ...removed));
    } else {
      const entries = Object.entries(holder);
      delete holder[key];
      undo.push(() => {
        for (const [name] of entries) delete holder[name];
        Object.assign(holder, Object.fromEntries(entries));
      });
    }
    return `without ${key}`;
  }
  write(place, after);
  undo.push(() => write(place, before));
  return `${key}: ${JSON.stringify(before).slice(0, 40)} → ${JSON.stringify(after).slice(0, 40)}`;
}

/** Anywhere; branches count by what hangs on them only in part, so that the few numbers at the top are met too. */
function pick(root: Json, random: Random): Place {
  let value = root;
  for (;;) {
    const holder = value as Place['holder'];
    const keys = Array.isArray(holder) ? [...holder.keys()] : Object.keys(holder);
    const key = keys[random.int(keys.length)] ?? 0;
    const child = read({ holder, key });
    const isLeaf = child === null || typeof child !== 'object' || Object.keys(child).length === 0;
    if (isLeaf || random.int(12) === 0) return { holder, key };
    value = child;
  }
}

const read = ({ holder, key }: Place): Json => (Array.isArray(holder) ? (holder[Number(key)] ?? null) : (holder[key] ?? null));

function write({ holder, key }: Place, value: Json): void {
  if (Array.isArray(holder)) holder[Number(key)] = value;
  else holder[key] = value;
}

/** @returns undefined: the place goes away */
function change(value: Json, root: Json, random: Random): Json | undefined {
  const kind = random.int(16);
  if (kind === 0) return undefined;
  if (kind === 1) return [null, true, '', 'nonsense', [], {}][random.int(6)] ?? null;
  if (typeof value === 'number') return changeNumber(value, kind, root, random);
  if (typeof value === 'string') return changeString(value, root, random);
  if (Array.isArray(value)) return kind < 8 && value.length > 0 ? [...value, structuredClone(value[0] ?? null)] : value.toReversed();
  if (value !== null && typeof value === 'object') return changeObject(value, kind, root, random);
  return !(value ?? false);
}

function changeNumber(value: number, kind: number, root: Json, random: Random): Json {
  if (kind === 2) return -value;
  if (kind === 3) return [0, Number.NaN, Infinity, -Infinity, 1e300, -1e300, Number.MIN_VALUE][random.int(7)] ?? 0;
  if (kind === 4) return String(value);
  if (kind <= 6) return value * ([10, 1_000, 0.1, 1e-3, 1 / 57.295_779_5, 57.295_779_5][random.int(6)] ?? 1);
  if (kind <= 8) return value + ([1, -1, 0.5, 180, -180, 1e-9][random.int(6)] ?? 1);
  // Another number of the same profile: limits of other joints, of other quantities, of another nesting.
  if (kind <= 10) return anyOf(root, random, (other) => typeof other === 'number') ?? value;
  return value * (0.5 + random.next());
}

function changeString(value: string, root: Json, random: Random): Json {
  if (random.int(3) === 0) return `${value}x`;
  return anyOf(root, random, (other) => typeof other === 'string') ?? value;
}

function changeObject(value: { [key: string]: Json }, kind: number, root: Json, random: Random): Json {
  if (kind <= 4) return { ...value, extra: 1 };
  if (kind <= 9 && 'min' in value && 'max' in value) return { ...value, min: value['max'] ?? null, max: value['min'] ?? null };
  // Another object of the same shape: a joint, a drive, a range.
  const keys = Object.keys(value).join();
  return structuredClone(anyOf(root, random, (other) => other !== null && typeof other === 'object' && Object.keys(other).join() === keys) ?? value);
}

/** Some tries at a place that fits. */
function anyOf(root: Json, random: Random, fits: (value: Json) => boolean): Json | null {
  for (let attempt = 0; attempt < 10; attempt++) {
    const value = read(pick(root, random));
    if (fits(value)) return value;
  }
  return null;
}

type Numbers = Readonly<Record<string, unknown>>;
const numberOf = (holder: unknown, ...path: readonly string[]): number => {
  let value = holder;
  for (const key of path) value = typeof value === 'object' && value !== null ? (value as Numbers)[key] : undefined;
  return typeof value === 'number' ? value : Number.NaN;
};

const DEG_PER_RAD = 180 / Math.PI;

/** What no accepted profile may say. Every comparison fails for what is no number. */
export function wrongs(profile: unknown): string[] {
  const { joints = [], sensedJoints = [], links = [] } = profile as { joints?: unknown[]; sensedJoints?: unknown[]; links?: { id?: unknown }[] };
  const found: string[] = [];
  const need = (holds: boolean, what: string): void => {
    if (!holds) found.push(what);
  };
  need((profile as Numbers)['schemaVersion'] === 1, 'another schema version');
  need(joints.length + sensedJoints.length > 0, 'no joint');
  need(new Set(links.map(({ id }) => id)).size === links.length, 'a link twice');
  const ids = [...joints, ...sensedJoints].map((joint) => (joint as Numbers)['id']);
  need(new Set(ids).size === ids.length, "a joint's id twice");
  for (const key of ['id', 'hubChannel']) need(new Set(joints.map((joint) => (joint as Numbers)[key])).size === joints.length, `a joint's ${key} twice`);
  const periodMs = 1_000 / numberOf(profile, 'controlRateHz');
  need(periodMs >= 1 && periodMs <= 20, 'a control rate that is none');
  for (const joint of joints) for (const what of [...wrongRanges(joint), ...wrongDrive(joint, profile, periodMs)]) found.push(what);
  for (const joint of sensedJoints) for (const what of wrongSensed(joint, profile, periodMs)) found.push(what);
  return found;
}

/** A joint that is only measured: what it could not tell, or could tell for longer than is true. */
function wrongSensed(joint: unknown, profile: unknown, periodMs: number): string[] {
  const of = (...path: readonly string[]): number => numberOf(joint, ...path);
  const [stop, soft] = ['mechanicalStopDeg', 'softRangeDeg'].map((name) => [of(name, 'min'), of(name, 'max')] as const);
  const found: string[] = [];
  const need = (holds: boolean, what: string): void => {
    if (!holds) found.push(what);
  };
  if (stop === undefined || soft === undefined) return ['no range'];
  need(stop[0] < soft[0] && soft[0] < soft[1] && soft[1] < stop[1] && Number.isFinite(stop[0] + stop[1]), 'measured ranges that do not nest');
  need(of('speedLimitDegPerSec') > 0 && of('speedLimitDegPerSec') < Infinity, 'a measured joint without a speed');
  const { servo } = ((joint as { reading?: { servo?: Numbers } }).reading ?? {});
  if (servo === undefined) return found;
  const ofServo = (name: string): number => numberOf(servo, name);
  const furthestDeg = Math.max(...stop.map((deg) => Math.abs(deg - ofServo('zeroOffsetDeg'))));
  need(furthestDeg <= ofServo('positionRangeRad') * DEG_PER_RAD * (1 + 1e-9), 'a range that its servo cannot report');
  need(of('speedLimitDegPerSec') <= ofServo('velocityRangeRadPerSec') * DEG_PER_RAD * (1 + 1e-9), 'a speed that its servo cannot report');
  const [maxAgeMs, overrunPeriods] = [numberOf(profile, 'watchdogs', 'inputMaxAgeMs'), numberOf(profile, 'watchdogs', 'overrunPeriods')];
  need(ofServo('watchdogMs') > maxAgeMs + overrunPeriods * periodMs, 'readings that are believed for longer than a servo waits for its host');
  return found;
}

function wrongRanges(joint: unknown): string[] {
  const range = (name: string): [number, number] => [numberOf(joint, name, 'min'), numberOf(joint, name, 'max')];
  const [stop, hard, soft] = [range('mechanicalStopDeg'), range('hardRangeDeg'), range('softRangeDeg')];
  const ordered = stop[0] < hard[0] && hard[0] < soft[0] && soft[0] < soft[1] && soft[1] < hard[1] && hard[1] < stop[1];
  return ordered && Number.isFinite(stop[0] + stop[1]) ? [] : ['ranges that do not nest'];
}

function wrongDrive(joint: unknown, profile: unknown, periodMs: number): string[] {
  const of = (...path: readonly string[]): number => numberOf(joint, ...path);
  const found: string[] = [];
  const need = (holds: boolean, what: string): void => {
    if (!holds) found.push(what);
  };
  need(of('torqueLimitNm') > 0 && of('torqueLimitNm') <= of('drive', 'peakTorqueNm'), 'a torque beyond the drive');
  need(of('drive', 'peakTorqueNm') <= of('drive', 'torqueRangeNm') && of('drive', 'torqueRangeNm') < Infinity, 'a torque that no frame carries');
  need(of('drive', 'continuousTorqueNm') > 0 && of('drive', 'continuousTorqueNm') <= of('drive', 'peakTorqueNm'), 'a continuous torque beyond the peak');
  need(of('speedLimitDegPerSec') > 0 && of('speedLimitDegPerSec') <= of('drive', 'velocityRangeRadPerSec') * DEG_PER_RAD * (1 + 1e-9), 'a speed that the drive cannot report');
  need(of('stiffnessNmPerRad') > 0 && of('stiffnessNmPerRad') <= of('drive', 'stiffnessMaxNmPerRad'), 'a stiffness beyond the drive');
  need(of('dampingNmsPerRad') > 0 && of('dampingNmsPerRad') <= of('drive', 'dampingMaxNmsPerRad'), 'a damping beyond the drive');
  need(of('torqueRateUpNmPerSec') > 0 && of('torqueRateUpNmPerSec') <= of('torqueRateDownNmPerSec'), 'a torque that grows faster than it goes');
  need(of('interactionLimitNm') > 0 && of('interactionLimitNm') <= of('torqueLimitNm'), 'an interaction limit beyond the torque limit');
  need(of('drive', 'tempWarnC') < of('drive', 'tempLimitC'), 'a warning after the limit');
  const reachDeg = Math.max(Math.abs(of('mechanicalStopDeg', 'min')), Math.abs(of('mechanicalStopDeg', 'max'))) + Math.abs(of('drive', 'zeroOffsetDeg'));
  need(reachDeg <= of('drive', 'positionRangeRad') * DEG_PER_RAD * (1 + 1e-9), 'a range that the drive cannot report');
  const [maxAgeMs, overrunPeriods] = [numberOf(profile, 'watchdogs', 'inputMaxAgeMs'), numberOf(profile, 'watchdogs', 'overrunPeriods')];
  const relay = ((joint as { drive?: Numbers }).drive ?? {})['watchdog'] === 'hubRelay';
  const leastMs = relay ? maxAgeMs + periodMs + numberOf(profile, 'hub', 'heartbeatTimeoutMs') : maxAgeMs + overrunPeriods * periodMs;
  need(of('drive', 'watchdogMs') >= leastMs, 'a watchdog earlier than what the host tolerates');
  return found;
}
