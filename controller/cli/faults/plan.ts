/** Everything that a campaign does, from one seed: its sessions, and which fault comes when in which of them. */
import { createRandom, type Random } from '../../../protocols/random.ts';
import { isDriven, type RobotProfile } from '../../../protocols/profile.ts';
import { createCourse, patientKinds, type Course } from './course.ts';
import { lockstepFaults } from './lockstep/all.ts';
import type { LockstepFault, Mode, Variant } from './lockstep/fault.ts';
import { measuredFaults } from './lockstep/measured.ts';
import { createMeasuredCourse, reachingPatients } from './measured-course.ts';

export interface PlannedFault {
  readonly fault: LockstepFault;
  readonly variant: Variant;
  /** After the case's onset: only the second of a pair comes later. */
  readonly afterCycles: number;
}

export interface Case {
  readonly index: number;
  /** The row in which it counts: that of its fault, or of the pairs. */
  readonly row: string;
  readonly course: number;
  readonly mode: Mode;
  readonly onsetCycle: number;
  /** Within that cycle: after the loop has looked. */
  readonly afterMs: number;
  /** One, or two at once. */
  readonly faults: readonly PlannedFault[];
  readonly seed: number;
  /** Goes on to the last cycle, long after the stop. */
  readonly long: boolean;
}

export interface Plan {
  readonly seed: number;
  /** What can be done to this robot. */
  readonly faults: readonly LockstepFault[];
  readonly patients: readonly string[];
  readonly cases: readonly Case[];
  readonly courses: readonly Course[];
  /** Strides, repetitions, or what a person who is only measured does by himself; in each patient's sessions together, at least. */
  readonly strides: number;
}

export const PAIRS = 'F22';
export const PROFILES = 'F20';
/** Mutated profiles per case of the campaign: a million at 20 000. */
export const MUTATIONS_PER_CASE = 50;
/** Dealt out to the workers in portions of a fixed size, so that no mutant depends on how many workers there are. */
export const MUTATIONS_PER_PORTION = 5_000;
export const faultIds: readonly string[] = [...lockstepFaults.map(({ id }) => id), PROFILES, PAIRS].toSorted();

/** Hazard table: 3 000 strides per patient in the campaign of 20 000; and a minute at least. */
const FULL_CASES = 20_000;
const FULL_STRIDES = 3_000;
const SHORTEST_WALK_SEC = 40;
/** In a session of more than 20 minutes, at the fastest walk. */
const COURSE_STRIDES = 900;
/** A handful of cases needs no more than one session of each patient; more are dealt out evenly to two cores. */
const FEW_STRIDES = 30;
/** Pairs get this part of all cases: at 20 000 ten for each pair. */
const PAIRS_SHARE = 0.1;
/** Cycles that the second fault of a pair comes after the first. */
const PAIR_DELAYS = [0, 1, 5, 25, 75];
const LONG_EVERY = 10;
/** Onsets of one fault in one mode go through the stride in so many parts, so that few cases meet all of it. */
export const PHASE_BINS = 8;
/** Odd, so that all parts come; neighbours not one after the other. */
const BIN_STEP = 3;
const SEED_STEP = 0x9e37_79b9;

/** The rows of the hazard table of which this robot has the part; of its profile and of pairs there is always something. */
export const possibleFaults = (profile: RobotProfile): readonly string[] =>
  [...possibleOf(profile).map(({ fault }) => fault.id), PROFILES, PAIRS].toSorted();

const faultsOf = (profile: RobotProfile): readonly LockstepFault[] => (isDriven(profile) ? lockstepFaults : measuredFaults);

const possibleOf = (profile: RobotProfile): readonly Possible[] =>
  faultsOf(profile)
    .map((fault) => ({ fault, variants: fault.variants(profile) }))
    .filter(({ variants }) => variants.length > 0);

/** @param only the faults that are asked for; null: all */
export function createPlan(profile: RobotProfile, cases: number, seed: number, only: readonly string[] | null): Plan {
  const random = createRandom(seed);
  const strides = Math.ceil((FULL_STRIDES * cases) / FULL_CASES);
  const courses = planCourses(profile, strides, random);
  const patients = isDriven(profile) ? patientKinds : reachingPatients;
  return { seed, faults: faultsOf(profile), patients, strides, courses, cases: planCases(profile, cases, seed, only, courses, random) };
}

function planCourses(profile: RobotProfile, strides: number, random: Random): Course[] {
  const perPatient = strides < FEW_STRIDES ? 1 : Math.max(3, Math.floor(strides / COURSE_STRIDES));
  const [kinds, create] = isDriven(profile) ? [patientKinds.length, createCourse] : [reachingPatients.length, createMeasuredCourse];
  const count = perPatient * kinds;
  const jitteryFrom = perPatient === 1 ? count : count - kinds * Math.floor(perPatient / 3);
  return Array.from({ length: count }, (_, index) => create(profile, index, random, strides / perPatient, SHORTEST_WALK_SEC / perPatient, index >= jitteryFrom));
}

function planCases(profile: RobotProfile, count: number, seed: number, only: readonly string[] | null, courses: readonly Course[], random: Random): Case[] {
  const chosen = (id: string): boolean => only === null || only.includes(id);
  const possible = possibleOf(profile);
  const single = possible.filter(({ fault }) => chosen(fault.id));
  const pairs = chosen(PAIRS) ? possible.flatMap((a, i) => possible.slice(i + 1).map((b) => [a, b] as const)) : [];
  const pairCases = pairs.length === 0 ? 0 : single.length === 0 ? count : Math.max(1, Math.round(count * PAIRS_SHARE));
  const builder = new CaseBuilder(courses, seed, random, 1_000 / profile.controlRateHz);
  for (let i = 0; single.length > 0 && i < count - pairCases; i++) {
    const entry = single[i % single.length];
    if (entry !== undefined) builder.single(entry.fault, entry.variants, Math.floor(i / single.length));
  }
  // Each round takes the pairs in the same order, beginning elsewhere for every seed.
  const first = random.int(Math.max(1, pairs.length));
  for (let i = 0; i < pairCases; i++) {
    const pair = pairs[(first + i) % pairs.length];
    if (pair !== undefined) builder.pair(pair[0], pair[1]);
  }
  return builder.cases;
}

interface Possible {
  readonly fault: LockstepFault;
  readonly variants: readonly Variant[];
}

interface CourseWindow {
  readonly course: number;
  readonly from: number;
  readonly to: number;
  readonly strideCycles: number;
}

class CaseBuilder {
  readonly cases: Case[] = [];
  /** By row and mode: the part of the stride that comes next. */
  readonly #bins = new Map<string, number>();
  readonly #windows: ReadonlyMap<Mode, readonly CourseWindow[]>;

  constructor(
    courses: readonly Course[],
    private readonly seed: number,
    private readonly random: Random,
    private readonly periodMs: number,
  ) {
    const windows = new Map<Mode, CourseWindow[]>();
    for (const course of courses.filter(({ jittery }) => !jittery)) for (const { mode, from, to } of course.windows) windows.set(mode, [...(windows.get(mode) ?? []), { course: course.index, from, to, strideCycles: course.strideCycles }]);
    this.#windows = windows;
  }

  /** Modes in turn, variants by chance: over many cases each meets each. */
  single(fault: LockstepFault, variants: readonly Variant[], round: number): void {
    const variant = this.#any(variants);
    const modes = this.#walked(variant.modes ?? fault.modes);
    this.#add(fault.id, modes[round % modes.length] ?? 'hold', [{ fault, variant, afterCycles: 0 }]);
  }

  pair(a: Possible, b: Possible): void {
    const ordered = this.random.int(2) === 0 ? [a, b] : [b, a];
    const faults = ordered.map(({ fault, variants }, i) => ({ fault, variant: this.#any(variants), afterCycles: i === 0 ? 0 : this.#any(PAIR_DELAYS) }));
    const common = faults.map(({ fault, variant }) => this.#walked(variant.modes ?? fault.modes)).reduce((one, other) => one.filter((mode) => other.includes(mode)));
    this.#add(PAIRS, this.#any(common.length > 0 ? common : this.#walked(['walk100', 'ready']).slice(0, 1)), faults);
  }

  /** Not every robot has every mode. */
  #walked(modes: readonly Mode[]): readonly Mode[] {
    return modes.filter((mode) => this.#windows.has(mode));
  }

  #add(row: string, mode: Mode, faults: readonly PlannedFault[]): void {
    const index = this.cases.length;
    const window = this.#any(this.#windows.get(mode) ?? []);
    const { course } = window;
    const onsetCycle = this.#onset(`${row} ${mode}`, window);
    const afterMs = this.random.int(this.periodMs);
    this.cases.push({ index, row, course, mode, onsetCycle, afterMs, faults, seed: (this.seed + SEED_STEP * (index + 1)) >>> 0, long: index % LONG_EVERY === 0 });
  }

  /** The parts of the stride in turn; a window that is shorter than one has none to choose from. */
  #onset(key: string, { from, to, strideCycles }: CourseWindow): number {
    const bin = this.#bins.get(key) ?? this.random.int(PHASE_BINS);
    this.#bins.set(key, (bin + BIN_STEP) % PHASE_BINS);
    const strides = Math.floor((to - from) / strideCycles);
    if (strides < 1) return from + this.random.int(to - from);
    return from + Math.floor((this.random.int(strides) + (bin + this.random.next()) / PHASE_BINS) * strideCycles);
  }

  #any<T>(list: readonly T[]): T {
    const chosen = list[this.random.int(list.length)];
    if (chosen === undefined) throw new RangeError('the campaign has nothing to choose from');
    return chosen;
  }
}
