/** Symmetry, work, biofeedback and the headline of a session in the catalogue. */
import { contactEvents } from '../gait-events.ts';
import { rangeOf, stancePercents, strideCurves, stridesOf } from '../gait-variables.ts';
import { legKinds } from '../../../protocols/profile.ts';
import { strideBiofeedback, weightsOf, type PhaseFeedback } from '../biofeedback.ts';
import { gaitAsymmetryPercent, symmetryAnglePercent, symmetryIndexPercent, symmetryRatio } from '../symmetry.ts';
import { mean } from '../variability.ts';
import { addWork, noWork, type Work } from '../work.ts';
import { NO_STRIDE, orBecause, way, type Metric, type Outcome, type Way } from './metric.ts';

/** Of the means of either side. */
function symmetryWays(measure: (left: number, right: number) => number | null): Way[] {
  const compare = (left: number | null, right: number | null): Outcome => {
    if (left === null || right === null) return NO_STRIDE;
    return orBecause(measure(left, right), `it is not defined for ${left} on the left and ${right} on the right`);
  };
  const pair = (of: string, left: string, right: string, reduce: (values: Float64Array) => number | null = mean): Way => way(of, [left, right], ([a, b]) => compare(reduce(a), reduce(b)));
  return [
    pair('value', 'left_value', 'right_value'),
    pair('<step>', '<step>_left', '<step>_right'),
    pair('stance', 'stance_left', 'stance_right'),
    pair('<kind>_rom', '<kind>_left', '<kind>_right', rangeOf),
    way('stance', ['t', 'foot_left', 'foot_right'], ([left, right], rateHz) => compare(mean(stancePercents(contactEvents(left, rateHz))), mean(stancePercents(contactEvents(right, rateHz))))),
  ];
}

export const symmetryMetrics: readonly Metric[] = [
  { name: 'symmetry_index', unit: '%', definition: '(R − L) / (½ (R + L)) · 100; 0 is symmetric, positive means that the right side is larger.', source: 'Robinson 1987', detectableChange: null, ways: symmetryWays(symmetryIndexPercent) },
  { name: 'symmetry_ratio', unit: '1', definition: 'L / R; 1 is symmetric.', source: 'Patterson 2010', detectableChange: null, ways: symmetryWays(symmetryRatio) },
  { name: 'gait_asymmetry', unit: '%', definition: '|100 · ln(R / L)|; 0 is symmetric, the same whichever side is larger.', source: 'Plotnik 2005', detectableChange: null, ways: symmetryWays(gaitAsymmetryPercent) },
  { name: 'symmetry_angle', unit: '%', definition: '(45° − atan(L / R)) / 90° · 100; 0 is symmetric, positive means that the right side is larger.', source: 'Zifchock 2008', detectableChange: null, ways: symmetryWays(symmetryAnglePercent) },
];

const workWays = (part: (work: Work) => number): Way[] => [
  way('<joint>', ['t', 'torque_<joint>', 'velocity_<joint>'], ([torque, velocity], rateHz) => {
    const work = noWork();
    const power = (i: number): number => (torque[i] ?? 0) * (velocity[i] ?? 0);
    for (let i = 1; i < torque.length; i++) addWork(work, power(i - 1), power(i), 1 / rateHz);
    return part(work);
  }),
];

export const workMetrics: readonly Metric[] = [
  { name: 'work_net', unit: 'J', definition: 'Integral of torque × velocity over the record, or per stride of a session; positive when the robot drives the limb.', source: 'Winter 2009', detectableChange: null, sessionKey: 'netWorkJPerStride', ways: workWays(({ netJ }) => netJ) },
  { name: 'work_positive', unit: 'J', definition: 'The same over the times when it is positive.', source: 'Winter 2009', detectableChange: null, sessionKey: 'positiveWorkJPerStride', ways: workWays(({ positiveJ }) => positiveJ) },
  { name: 'work_negative', unit: 'J', definition: 'The same over the times when it is negative: the robot takes energy out of the limb.', source: 'Winter 2009', detectableChange: null, sessionKey: 'negativeWorkJPerStride', ways: workWays(({ negativeJ }) => negativeJ) },
];

const biofeedbackWays = (phase: (feedback: PhaseFeedback) => number | null): Way[] => [
  way('<kind>_<side>', ['t', 'interaction_<kind>_<side>', 'wanted_velocity_<kind>_<side>', 'foot_<side>'], ([torque, wanted, force], rateHz, names) => {
    const weights = weightsOf(legKinds.find((kind) => kind === names['kind']));
    const events = contactEvents(force, rateHz);
    const [torques, velocities] = [strideCurves(events, torque, rateHz), strideCurves(events, wanted, rateHz)];
    const values = stridesOf(events).flatMap(({ startSec, toeOffSec, endSec }, i) => {
      const [interactionNm, wantedVelocityRadPerSec] = [torques[i], velocities[i]];
      if (toeOffSec === null || interactionNm === undefined || wantedVelocityRadPerSec === undefined) return [];
      return phase(strideBiofeedback({ interactionNm, wantedVelocityRadPerSec, stanceShare: (toeOffSec - startSec) / (endSec - startSec) }, weights)) ?? [];
    });
    return mean(values) ?? NO_STRIDE;
  }),
];

export const biofeedbackMetrics: readonly Metric[] = (['stance', 'swing'] as const).map((phase) => ({
  name: `biofeedback_${phase}`,
  unit: 'Nm',
  definition: `Torque of the patient on the robot in ${phase}, projected on the wanted direction and weighted by the wanted speed, mean over the strides; positive: the patient drives the movement, negative: the robot has to.`,
  source: 'Lünenburger 2007',
  detectableChange: null,
  sessionKey: `${phase}FeedbackNm` as const,
  ways: biofeedbackWays((feedback) => (phase === 'stance' ? feedback.stanceNm : feedback.swingNm)),
}));

const beltWays = (measure: (speed: Float64Array, rateHz: number) => number): Way[] => [way('', ['t', 'belt_speed'], ([speed], rateHz) => measure(speed, rateHz))];

/** Between samples by straight lines. */
const integrate = (values: Float64Array, rateHz: number): number => values.reduce((sum, v, i) => sum + (i > 0 ? (v + (values[i - 1] ?? 0)) / (2 * rateHz) : 0), 0);

export const headlineMetrics: readonly Metric[] = [
  {
    name: 'steps',
    unit: '1',
    definition: 'Heel strikes of both feet; in a session as the gait cycle of the robot counts them.',
    source: 'own',
    detectableChange: null,
    sessionKey: 'steps',
    ways: [way('', ['t', 'foot_left', 'foot_right'], ([left, right], rateHz) => contactEvents(left, rateHz).strikesSec.length + contactEvents(right, rateHz).strikesSec.length)],
  },
  { name: 'distance', unit: 'm', definition: 'Integral of the speed of the belt.', source: 'own', detectableChange: null, sessionKey: 'distanceM', ways: beltWays(integrate) },
  { name: 'walk_time', unit: 's', definition: 'Time in which the belt moves; in a session: in which the robot walks.', source: 'own', detectableChange: null, sessionKey: 'walkTimeSec', ways: beltWays((speed, rateHz) => speed.filter((v) => v > 0).length / rateHz) },
  { name: 'up_time', unit: 's', definition: 'Time in which the drives hold the patient.', source: 'own', detectableChange: null, sessionKey: 'upTimeSec', ways: [] },
  {
    name: 'active_time',
    unit: 's',
    definition: "Time of the strides in which the robot's net work on the leg is not positive, so that the patient moves the robot; each leg counts half.",
    source: 'own',
    detectableChange: null,
    sessionKey: 'activeTimeSec',
    ways: [],
  },
  { name: 'dose', unit: 'steps/min', definition: 'Steps per minute of the whole session, pauses included.', source: 'Lang 2009', detectableChange: null, sessionKey: 'dosePerMin', ways: [] },
];
