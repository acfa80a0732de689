/** Gait parameters as the robot acknowledges them, in the units people use, and edits to them. */
import type { RobotProfile } from '../../protocols/profile.ts';
import { sides, type GaitParameters, type Side, type SpringPart } from '../../protocols/supervision.ts';
import { trainingModes, type TrainingMode } from '../../protocols/training-mode.ts';
import { paceOf, therapyLimits } from '../../protocols/therapy-limits.ts';
import { clamp } from '../../protocols/math.ts';
import { degToRad, kmhToMps, mpsToKmh, radToDeg } from '../../protocols/units.ts';

export interface ShownParameters {
  readonly mode: TrainingMode;
  readonly speedKmh: number;
  readonly guidancePercent: { readonly left: number; readonly right: number };
  readonly romPercent: readonly number[];
  readonly offsetDeg: readonly number[];
  /** Of the cycle, later is positive. */
  readonly timingPercent: readonly number[];
  /** Absent where the robot carries no weight. */
  readonly unloadingKg?: number | undefined;
  /** Absent where no springs carry an arm. */
  readonly springs?: Readonly<Record<SpringPart, number>> | undefined;
}

export const roundTo = (value: number, step: number): number => {
  const decimals = Math.max(0, Math.ceil(-Math.log10(step)));
  return Number((Math.round(value / step) * step).toFixed(decimals));
};

/** The sides that a robot has joints on. */
export const guidedSides = (profile: RobotProfile): Side[] => sides.filter((side) => profile.joints.some((joint) => joint.side === side));

/** From telemetry, whose 32-bit floats are rounded to what a person can set; null until a whole frame came. */
export function parametersFrom(value: (channel: string) => number, profile: RobotProfile): ShownParameters | null {
  const mode = trainingModes[value('mode')];
  if (mode === undefined) return null;
  const shown: ShownParameters = {
    mode,
    speedKmh: roundTo(mpsToKmh(value('speedMps')), paceUnitOf(profile).grainKmh),
    guidancePercent: { left: roundTo(value('guidanceLeft') * 100, 1), right: roundTo(value('guidanceRight') * 100, 1) },
    romPercent: profile.joints.map((joint) => roundTo(value(`romScale.${joint.id}`) * 100, 1)),
    offsetDeg: profile.joints.map((joint) => roundTo(radToDeg(value(`offsetRad.${joint.id}`)), 0.1)),
    timingPercent: profile.joints.map((joint) => roundTo(value(`timingShare.${joint.id}`) * 100, 0.1)),
    ...(profile.bodyWeightSupport === undefined ? {} : { unloadingKg: roundTo(value('unloadingKg'), 0.1) }),
    ...(therapyLimits(profile).springs === null ? {} : { springs: { upperArm: value('springUpperArm'), forearm: value('springForearm') } }),
  };
  const all = [shown.speedKmh, shown.guidancePercent.left, shown.guidancePercent.right, ...shown.romPercent, ...shown.offsetDeg, ...shown.timingPercent, shown.unloadingKg ?? 0, ...Object.values(shown.springs ?? {})];
  return all.every(Number.isFinite) ? shown : null;
}

export const toGaitParameters = (shown: ShownParameters): GaitParameters => ({
  mode: shown.mode,
  speedMps: kmhToMps(shown.speedKmh),
  guidance: { left: shown.guidancePercent.left / 100, right: shown.guidancePercent.right / 100 },
  romScale: shown.romPercent.map((percent) => percent / 100),
  offsetRad: shown.offsetDeg.map(degToRad),
  timingShare: shown.timingPercent.map((percent) => percent / 100),
  ...(shown.unloadingKg === undefined ? {} : { unloadingKg: shown.unloadingKg }),
  ...(shown.springs === undefined ? {} : { springs: { ...shown.springs } }),
});

export const sameParameters = (a: ShownParameters | null, b: ShownParameters | null): boolean => JSON.stringify(a) === JSON.stringify(b);

/** Small steps that may be given while the patient walks. */
export const SPEED_STEP_KMH = 0.1;
export const GUIDANCE_STEP_PERCENT = 5;
export const ROM_STEP_PERCENT = 5;
export const OFFSET_STEP_DEG = 1;
export const TIMING_STEP_PERCENT = 1;
export const UNLOADING_STEP_KG = 1;

/** How the pace of a robot is told: km/h of a walk, cm/s of a hand. */
export interface PaceUnit {
  readonly unit: 'km/h' | 'cm/s';
  readonly perKmh: number;
  readonly decimals: number;
  readonly stepKmh: number;
  /** To what a set value is rounded. */
  readonly grainKmh: number;
}

const WALKING: PaceUnit = { unit: 'km/h', perKmh: 1, decimals: 1, stepKmh: SPEED_STEP_KMH, grainKmh: 0.01 };
const REACHING: PaceUnit = { unit: 'cm/s', perKmh: 1 / 0.036, decimals: 0, stepKmh: 0.036, grainKmh: 0.001 };

export const paceUnitOf = (profile: Pick<RobotProfile, 'class'> | null): PaceUnit => (profile?.class === 'arm' ? REACHING : WALKING);

export function stepSpeed(shown: ShownParameters, steps: number, profile: RobotProfile): ShownParameters {
  const { min, max } = paceOf(profile);
  const { stepKmh, grainKmh } = paceUnitOf(profile);
  return { ...shown, speedKmh: clamp(roundTo(shown.speedKmh + steps * stepKmh, grainKmh), roundTo(mpsToKmh(min), grainKmh), roundTo(mpsToKmh(max), grainKmh)) };
}

/** Both legs keep their difference until one meets its end. */
export function stepGuidance(shown: ShownParameters, steps: number, which: 'both' | 'left' | 'right'): ShownParameters {
  const step = (percent: number): number => clamp(percent + steps * GUIDANCE_STEP_PERCENT, 0, 100);
  const { left, right } = shown.guidancePercent;
  return { ...shown, guidancePercent: { left: which === 'right' ? left : step(left), right: which === 'left' ? right : step(right) } };
}

const replaced = (values: readonly number[], index: number, next: number): number[] => values.map((value, i) => (i === index ? next : value));

export function stepRom(shown: ShownParameters, joint: number, steps: number, profile: RobotProfile): ShownParameters {
  const { min, max } = profile.therapy.romScale;
  const next = clamp((shown.romPercent[joint] ?? 100) + steps * ROM_STEP_PERCENT, Math.round(min * 100), Math.round(max * 100));
  return { ...shown, romPercent: replaced(shown.romPercent, joint, next) };
}

export function stepOffset(shown: ShownParameters, joint: number, steps: number, profile: RobotProfile): ShownParameters {
  const { min, max } = profile.therapy.offsetDeg;
  const next = clamp(roundTo((shown.offsetDeg[joint] ?? 0) + steps * OFFSET_STEP_DEG, 0.1), min, max);
  return { ...shown, offsetDeg: replaced(shown.offsetDeg, joint, next) };
}

export function stepTiming(shown: ShownParameters, joint: number, steps: number, { min, max }: { readonly min: number; readonly max: number }): ShownParameters {
  const next = clamp(roundTo((shown.timingPercent[joint] ?? 0) + steps * TIMING_STEP_PERCENT, 0.1), 100 * min, 100 * max);
  return { ...shown, timingPercent: replaced(shown.timingPercent, joint, next) };
}

export function stepUnloading(shown: ShownParameters, steps: number, mostKg: number): ShownParameters {
  return { ...shown, unloadingKg: clamp(roundTo((shown.unloadingKg ?? 0) + steps * UNLOADING_STEP_KG, 0.1), 0, mostKg) };
}

export function stepSpring(shown: ShownParameters, part: SpringPart, steps: number, most: number): ShownParameters {
  const springs = shown.springs ?? { upperArm: 0, forearm: 0 };
  return { ...shown, springs: { ...springs, [part]: clamp(springs[part] + steps, 0, most) } };
}

export interface ParameterChange {
  readonly key: 'mode' | 'speed' | 'guidanceLeft' | 'guidanceRight' | 'rom' | 'offset' | 'timing' | 'unloading';
  /** −1 for what belongs to no joint. */
  readonly joint: number;
  /** Of `mode`, places in `trainingModes`. */
  readonly from: number;
  readonly to: number;
}

/** What an edit would change, for the old → new list that is read before it is applied. */
export function parameterChanges(from: ShownParameters, to: ShownParameters): ParameterChange[] {
  const changes: ParameterChange[] = [
    { key: 'mode', joint: -1, from: trainingModes.indexOf(from.mode), to: trainingModes.indexOf(to.mode) },
    { key: 'speed', joint: -1, from: from.speedKmh, to: to.speedKmh },
    { key: 'guidanceLeft', joint: -1, from: from.guidancePercent.left, to: to.guidancePercent.left },
    { key: 'guidanceRight', joint: -1, from: from.guidancePercent.right, to: to.guidancePercent.right },
    { key: 'unloading', joint: -1, from: from.unloadingKg ?? 0, to: to.unloadingKg ?? 0 },
    ...from.romPercent.map((old, joint): ParameterChange => ({ key: 'rom', joint, from: old, to: to.romPercent[joint] ?? old })),
    ...from.offsetDeg.map((old, joint): ParameterChange => ({ key: 'offset', joint, from: old, to: to.offsetDeg[joint] ?? old })),
    ...from.timingPercent.map((old, joint): ParameterChange => ({ key: 'timing', joint, from: old, to: to.timingPercent[joint] ?? old })),
  ];
  return changes.filter((change) => change.from !== change.to);
}
