/** What the robot was set to while something was measured, as the reader wants it. Pure. */
import type { ToldResult } from '../../protocols/assessment-outcome.ts';
import { mpsToKmh } from '../../protocols/units.ts';
import { formatNumber } from '../app/language.ts';

/** As they stand beside a value. */
const shown = {
  walked_m: (m: number) => `${formatNumber(m, 1)} m`,
  walked_s: (sec: number) => `${formatNumber(sec, 1)} s`,
  speed_mps: (mps: number) => `${formatNumber(mpsToKmh(mps), 2)} km/h`,
  cadence_steps_per_min: (perMin: number) => `${formatNumber(perMin, 1)} /min`,
  guidance: (share: number) => `${formatNumber(100 * share)} %`,
  unloading_kg: (kg: number) => `${formatNumber(kg, 1)} kg`,
  spring_upper_arm_level: (level: number) => formatNumber(level),
  spring_forearm_level: (level: number) => formatNumber(level),
};
export type ShownCondition = keyof typeof shown;
const keys = Object.keys(shown) as ShownCondition[];

export interface Condition {
  readonly key: ShownCondition;
  readonly text: string;
}

export const conditionsOf = ({ beside }: Pick<ToldResult, 'beside'>): Condition[] =>
  keys.flatMap((key) => {
    const value = beside[key];
    return value === undefined || value === null ? [] : [{ key, text: shown[key](value) }];
  });

/** Set by a person, so that values of different ones are not of the same thing. The speed of a walk test is what it measures. */
const set = ['speed_mps', 'guidance', 'unloading_kg', 'spring_upper_arm_level', 'spring_forearm_level'] as const;
/** Own value, of the larger: what is set again alike is told this much differently. */
const ALIKE = 0.02;

export function sameSettings(a: Pick<ToldResult, 'name' | 'beside'>, b: Pick<ToldResult, 'beside'>): boolean {
  const walkTest = a.name.startsWith('walk_');
  return set.every((key) => {
    if (key === 'speed_mps' && walkTest) return true;
    const [one, other] = [a.beside[key] ?? null, b.beside[key] ?? null];
    return one === null || other === null ? one === other : Math.abs(one - other) <= ALIKE * Math.max(Math.abs(one), Math.abs(other));
  });
}
