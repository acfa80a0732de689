/**
 * The columns that a table of measurements may have. A column is named `STEM_UNIT`; stems are written here with `<axis>`,
 * `<side>`, `<joint>` and `<step>` for what may vary in them.
 */

/** What a unit is in SI. Percent and steps per minute stay what they are. */
const unitsOf = {
  time: { s: 1, ms: 1e-3, us: 1e-6, min: 60 },
  angle: { deg: Math.PI / 180, rad: 1 },
  angularVelocity: { rad_s: 1, deg_s: Math.PI / 180 },
  length: { m: 1, cm: 1e-2, mm: 1e-3 },
  speed: { m_s: 1, cm_s: 1e-2, mm_s: 1e-3, km_h: 1 / 3.6 },
  torque: { nm: 1 },
  force: { n: 1, kn: 1e3 },
  share: { percent: 1 },
  /** Any unit, as long as both sides have the same. */
  number: { '': 1 },
} as const satisfies Record<string, Readonly<Record<string, number>>>;

export type Dimension = keyof typeof unitsOf;

const choices: Readonly<Record<string, readonly string[]>> = {
  axis: ['x', 'y', 'z'],
  side: ['left', 'right'],
  kind: ['hip', 'knee', 'ankle', 'pelvis', 'trunk', 'shoulder', 'shoulder_horizontal', 'shoulder_elevation', 'shoulder_rotation', 'elbow', 'forearm', 'wrist'],
  step: ['step_length', 'step_time', 'stride_length', 'stride_time', 'stance_time', 'swing_time'],
};
const kinds = choices['kind'] ?? [];
/** The longest first, so that `shoulder_rotation` is not taken for a shoulder with a strange unit. */
const alternatives = (variable: string): string[] =>
  (variable === 'joint' ? kinds.flatMap((name) => [`${name}_left`, `${name}_right`, name]) : [...(choices[variable] ?? [])]).toSorted((a, b) => b.length - a.length);

export interface ColumnKind {
  readonly stem: string;
  readonly dimension: Dimension;
  readonly meaning: string;
}

const kind = (stem: string, dimension: Dimension, meaning: string): ColumnKind => ({ stem, dimension, meaning });

export const columnKinds: readonly ColumnKind[] = [
  kind('t', 'time', 'when the sample was taken'),
  kind('speed', 'speed', 'of the hand, or of whatever moved'),
  kind('hand_<axis>', 'length', 'where the hand was'),
  kind('target_<axis>', 'length', 'where the hand was to go; the same in every line'),
  kind('circle_x', 'length', 'centre of the circle to be traced; the same in every line'),
  kind('circle_y', 'length', 'the same'),
  kind('circle_radius', 'length', 'its radius; the same in every line'),
  kind('line_start_<axis>', 'length', 'begin of the line to be traced; the same in every line'),
  kind('line_end_<axis>', 'length', 'its end; the same in every line'),
  kind('<joint>', 'angle', 'angle of a joint, flexion positive'),
  kind('reference_<joint>', 'angle', 'where the joint was wanted'),
  kind('velocity_<joint>', 'angularVelocity', 'velocity of a joint'),
  kind('wanted_velocity_<joint>', 'angularVelocity', 'velocity of its reference'),
  kind('torque_<joint>', 'torque', 'torque of the robot on the limb'),
  kind('interaction_<joint>', 'torque', 'torque with which the patient acts on the robot'),
  kind('foot_<side>', 'force', 'force under the foot'),
  kind('heel_<side>_x', 'length', 'heel along the direction of walking, forward positive'),
  kind('toe_<side>_x', 'length', 'toe likewise'),
  kind('pelvis_x', 'length', 'pelvis likewise'),
  kind('belt_speed', 'speed', 'of the treadmill'),
  kind('step_length', 'length', 'one value per step'),
  kind('step_length_<side>', 'length', 'one value per step of this foot'),
  kind('stride_length', 'length', 'one value per stride'),
  kind('stride_length_<side>', 'length', 'one value per stride of this foot'),
  ...['step_time', 'stride_time', 'stance_time', 'swing_time'].flatMap((stem) => [kind(stem, 'time', 'one value per step or stride'), kind(`${stem}_<side>`, 'time', 'one value per step or stride of this foot')]),
  kind('stance_<side>', 'share', 'share of the stride that this foot stands; one value per stride'),
  kind('cycle', 'share', 'of the gait cycle, from 0 to 100: the table is one stride'),
  kind('value', 'number', 'any measure, one value per repetition'),
  kind('left_value', 'number', 'any measure of the left side'),
  kind('right_value', 'number', 'the same measure of the right side, in the same unit'),
];

/** How the column is written in a header, in its first unit. */
export const columnExample = ({ stem, dimension }: ColumnKind): string => withUnit(stem, unitNames(dimension)[0] ?? '');

const examples = { joint: 'hip_left', kind: 'hip', side: 'left', step: 'step_length', axis: 'x' };

/** A stem as a header writes it, its variables as they are: `torque_<joint>_nm`. */
export function columnName(stem: string): string {
  const filled = fillStem(stem, examples);
  const known = columnKinds.find((column) => matchStem(column.stem, filled) !== null);
  return known === undefined ? stem : columnExample({ ...known, stem: stem.replace(/<kind>(_<side>)?/, '<joint>') });
}

/** What the variables in the names of columns may be. */
export const variables = (): { readonly name: string; readonly values: readonly string[] }[] => [
  { name: 'joint', values: [...kinds, '…_left', '…_right'] },
  ...['side', 'axis', 'step'].map((name) => ({ name, values: choices[name] ?? [] })),
];

export const unitNames = (dimension: Dimension): string[] => Object.keys(unitsOf[dimension]);

const withUnit = (stem: string, unit: string): string => (unit === '' ? stem : `${stem}_${unit}`);

/** A stem with its variables as named groups, e.g. `heel_(?<side>left|right)_x`. */
const pattern = (stem: string): string => stem.replaceAll(/<(\w+)>/g, (_, variable: string) => `(?<${variable}>${alternatives(variable).join('|')})`);

/** The stem of a metric's need as a column has it, e.g. `torque_<joint>` and hip_left: `torque_hip_left`. */
export const fillStem = (stem: string, values: Readonly<Record<string, string>>): string => stem.replaceAll(/<(\w+)>/g, (whole, variable: string) => values[variable] ?? whole);

const patterns = new Map<string, RegExp>();

function wholePattern(template: string): RegExp {
  const known = patterns.get(template) ?? new RegExp(`^${pattern(template)}$`);
  patterns.set(template, known);
  return known;
}

/** What the variables of a stem stand for in a column's stem; null: it is another column. */
export function matchStem(template: string, stem: string): Readonly<Record<string, string>> | null {
  const match = wholePattern(template).exec(stem);
  return match === null ? null : { ...match.groups };
}

export type ColumnName =
  | { readonly kind: 'column'; readonly stem: string; readonly dimension: Dimension; readonly factor: number }
  /** The quantity is known; `unit` is what stands in its place, '' for none. */
  | { readonly kind: 'unit'; readonly stem: string; readonly unit: string; readonly allowed: readonly string[] }
  | { readonly kind: 'unknown' };

/** @param header as it stands in the table; upper and lower case are the same */
export function readColumnName(header: string): ColumnName {
  const name = header.trim().toLowerCase();
  let known: ColumnName & { kind: 'unit' } | null = null;
  for (const { stem, dimension } of columnKinds) {
    const match = new RegExp(`^(${pattern(stem)})(?:_(.+))?$`).exec(name);
    const [, found, unit = ''] = match === null ? [] : [match[0], match[1], match.at(-1)];
    if (found === undefined) continue;
    const factor = (unitsOf[dimension] as Readonly<Record<string, number>>)[unit];
    if (factor !== undefined) return { kind: 'column', stem: found, dimension, factor };
    const allowed = unitNames(dimension);
    // `hip_lefft_deg` has a unit; it is its name that nobody knows.
    if (allowed.some((candidate) => unit.endsWith(`_${candidate}`))) continue;
    if (known === null || found.length > known.stem.length) known = { kind: 'unit', stem: found, unit, allowed };
  }
  return known ?? { kind: 'unknown' };
}
