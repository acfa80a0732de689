/** Smoothness, reaching and workspace in the catalogue. */
import {
  circleTracingErrorM,
  endpointErrorM,
  handPathRatio,
  lineTracingErrorM,
  movementWindow,
  pathLengthM,
  pathRmseM,
  peakSpeed,
  speedOf,
  velocityOf,
  velocityPeaks,
  type Path,
} from '../reach.ts';
import { logDimensionlessJerk, smoothnessObstacle, sparc, vectorLogDimensionlessJerk } from '../smoothness.ts';
import { ARM_DETECTABLE_CHANGE } from '../variability.ts';
import { hullAreaM2, hullVolumeM3 } from '../workspace.ts';
import { constantOf, orBecause, way, type Metric, type Outcome, type Way } from './metric.ts';

const axes = ['x', 'y', 'z'] as const;

/** From a speed, or from that of the hand in space or in the plane. */
const speedWays = (measure: (speed: Float64Array, rateHz: number) => Outcome): Way[] => [
  way('speed', ['t', 'speed'], ([speed], rateHz) => measure(speed, rateHz)),
  way('hand', ['t', 'hand_x', 'hand_y', 'hand_z'], (path, rateHz) => measure(speedOf(velocityOf(path, rateHz)), rateHz)),
  way('hand', ['t', 'hand_x', 'hand_y'], (path, rateHz) => measure(speedOf(velocityOf(path, rateHz)), rateHz)),
];

const pathWays = (measure: (path: Path) => Outcome): Way[] => [way('hand', ['hand_x', 'hand_y', 'hand_z'], measure), way('hand', ['hand_x', 'hand_y'], measure)];

/** With points that say the same in every line, e.g. `target`. */
const pointWays = (points: readonly string[], measure: (path: Path, points: readonly (readonly number[])[]) => Outcome): Way[] =>
  [axes, axes.slice(0, 2)].map((used) => ({
    of: 'hand',
    needs: ['hand', ...points].flatMap((name) => used.map((axis) => `${name}_${axis}`)),
    measure: (columns) => {
      const path = columns.slice(0, used.length);
      const fixed = points.map((_, k) => columns.slice((k + 1) * used.length, (k + 2) * used.length).map(constantOf));
      const moving = points.find((_, k) => fixed[k]?.some(Number.isNaN));
      return moving === undefined ? measure(path, fixed) : { because: `${moving} is not the same in every line; measure one movement at a time` };
    },
  }));

const smooth = (measure: (velocity: Float64Array, rateHz: number) => number | null, samples: number) => (velocity: Float64Array, rateHz: number): Outcome => {
  const obstacle = smoothnessObstacle([velocity], rateHz, samples);
  return obstacle === null ? orBecause(measure(velocity, rateHz), 'the velocity never changes its slope: it has no jerk') : { because: obstacle };
};

const smoothWays = (measure: (velocity: Float64Array, rateHz: number) => number | null, samples: number): Way[] => [
  ...speedWays(smooth(measure, samples)),
  way('<joint>', ['t', 'velocity_<joint>'], ([velocity], rateHz) => smooth(measure, samples)(velocity, rateHz)),
  way('<joint>', ['t', '<joint>'], (angle, rateHz) => smooth(measure, samples)(velocityOf(angle, rateHz)[0] ?? new Float64Array(0), rateHz)),
];

const vectorJerk = (path: Path, rateHz: number): Outcome => {
  const velocity = velocityOf(path, rateHz);
  return orBecause(vectorLogDimensionlessJerk(velocity, rateHz), smoothnessObstacle(velocity, rateHz, 3) ?? 'the velocity never changes its slope: it has no jerk');
};

const window = (measure: (window: { onsetSec: number; endSec: number }) => number) => (speed: Float64Array, rateHz: number): Outcome => {
  if (peakSpeed(speed) === 0) return { because: 'every value is zero: nothing moved' };
  const found = movementWindow(speed, rateHz);
  return found === null ? { because: 'the record begins or ends in the middle of the movement' } : measure(found);
};

const moved = (measure: (speed: Float64Array) => number) => (speed: Float64Array): Outcome => (peakSpeed(speed) > 0 ? measure(speed) : { because: 'every value is zero: nothing moved' });

export const smoothnessMetrics: readonly Metric[] = [
  {
    name: 'sparc',
    unit: '1',
    definition: 'Spectral arc length of the speed (of a joint: of its signed velocity) up to 10 Hz, from the first to the last frequency above 5 % of the peak (padding level 4); below zero, nearer to zero is smoother; it does not see a tremor below 5 % of the spectrum, so read it beside ldlj.',
    source: 'Balasubramanian 2015',
    detectableChange: null,
    sessionKey: 'sparc',
    ways: smoothWays(sparc, 2),
  },
  {
    name: 'ldlj',
    unit: '1',
    definition: 'Minus the logarithm of the squared jerk of the speed (of a joint: of its signed velocity), made dimensionless by duration (samples × period) and peak; below zero, nearer to zero is smoother.',
    source: 'Balasubramanian 2015',
    detectableChange: null,
    sessionKey: 'ldlj',
    ways: smoothWays(logDimensionlessJerk, 3),
  },
  {
    name: 'ldlj_vector',
    unit: '1',
    definition: 'The same of the velocity in space: peak and jerk are norms over the axes.',
    source: 'Balasubramanian 2015',
    detectableChange: null,
    ways: [way('hand', ['t', 'hand_x', 'hand_y', 'hand_z'], vectorJerk), way('hand', ['t', 'hand_x', 'hand_y'], vectorJerk)],
  },
];

export const reachMetrics: readonly Metric[] = [
  {
    name: 'hand_path_ratio',
    unit: '1',
    definition: 'Length of the path over the straight line between its ends; 1 is straight.',
    source: 'Brihmat 2020',
    detectableChange: ARM_DETECTABLE_CHANGE,
    ways: pathWays((path) => orBecause(handPathRatio(path), 'the path ends where it began')),
  },
  { name: 'path_length', unit: 'm', definition: 'Sum of the straight pieces between samples.', source: 'own', detectableChange: null, ways: pathWays(pathLengthM) },
  {
    name: 'movement_time',
    unit: 's',
    definition: 'From when the speed first exceeds 5 % of its peak until it was last above.',
    source: 'Brihmat 2020',
    detectableChange: ARM_DETECTABLE_CHANGE,
    ways: speedWays(window(({ onsetSec, endSec }) => endSec - onsetSec)),
  },
  {
    name: 'reaction_time',
    unit: 's',
    definition: 'From the first sample, which is the cue, until the speed first exceeds 5 % of its peak.',
    source: 'own',
    detectableChange: null,
    ways: speedWays(window(({ onsetSec }) => onsetSec)),
  },
  { name: 'peak_speed', unit: 'm/s', definition: 'Largest speed.', source: 'Brihmat 2020', detectableChange: ARM_DETECTABLE_CHANGE, ways: speedWays(moved(peakSpeed)) },
  {
    name: 'velocity_peaks',
    unit: '1',
    definition: 'How often the speed rises and falls again by at least 5 % of its peak; 1 for an unbroken reach.',
    source: 'Rohrer 2002',
    detectableChange: ARM_DETECTABLE_CHANGE,
    ways: speedWays(moved(velocityPeaks)),
  },
  { name: 'endpoint_error', unit: 'm', definition: 'Distance from the target to the last sample.', source: 'own', detectableChange: null, ways: pointWays(['target'], (path, [target = []]) => endpointErrorM(path, target)) },
  {
    name: 'path_rmse',
    unit: 'm',
    definition: 'Root mean square of the distances to the straight line from the first sample to the target; that sample is not counted.',
    source: 'own',
    detectableChange: null,
    ways: pointWays(['target'], (path, [target = []]) => orBecause(pathRmseM(path, target), 'at least 2 samples are needed')),
  },
  {
    name: 'tracing_error',
    unit: 'm',
    definition: 'Mean distance to the circle or the straight line that was to be traced.',
    source: 'own',
    detectableChange: null,
    ways: [
      way('hand', ['hand_x', 'hand_y', 'circle_x', 'circle_y', 'circle_radius'], ([x, y, ...circle]) => {
        const [centreX = Number.NaN, centreY = Number.NaN, radiusM = Number.NaN] = circle.map(constantOf);
        const error = circleTracingErrorM([x, y], [centreX, centreY], radiusM);
        return error === null || Number.isNaN(error) ? { because: 'the circle is not the same in every line' } : error;
      }),
      ...pointWays(['line_start', 'line_end'], (path, [from = [], to = []]) => orBecause(lineTracingErrorM(path, from, to), 'the table has no sample')),
    ],
  },
  {
    name: 'workspace_volume',
    unit: 'm3',
    definition: 'Volume of the convex hull of all positions of the hand.',
    source: 'own',
    detectableChange: null,
    ways: [way('hand', ['hand_x', 'hand_y', 'hand_z'], ([x, y, z]) => hullVolumeM3(x, y, z))],
  },
  {
    name: 'workspace_area',
    unit: 'm2',
    definition: 'Area of the convex hull of all positions of the hand in the plane of x and y.',
    source: 'own',
    detectableChange: null,
    ways: [way('hand', ['hand_x', 'hand_y'], ([x, y]) => hullAreaM2(x, y))],
  },
];
