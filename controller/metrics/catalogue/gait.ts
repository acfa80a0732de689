/** Gait in the catalogue: events, times and lengths, joint angles and their distance from a reference. */
import { gaitVariableScore, rootMeanSquareDifference, twoJointScore } from '../deviation.ts';
import { contactEvents, eventAgreement, kinematicEvents, type EventAgreement, type GaitEvents } from '../gait-events.ts';
import {
  cadenceOfStride,
  doubleSupportPercents,
  peakOf,
  rangeOf,
  speedDisagreementPercent,
  stancePercents,
  stepLengthsM,
  strideCurves,
  strideTimesSec,
  walkingSpeedMps,
} from '../gait-variables.ts';
import { coefficientOfVariationPercent, mean } from '../variability.ts';
import { radToDeg } from '../../../protocols/units.ts';
import { NO_STRIDE, orBecause, way, type Metric, type Outcome, type Way } from './metric.ts';

const meanOf = (values: readonly number[], refusal = NO_STRIDE): Outcome => mean(values) ?? refusal;

/** Per foot, from its force or, where there is none, from heel and toe against the pelvis. */
const footWays = (measure: (events: GaitEvents) => Outcome, of = '<side>'): Way[] => [
  way(of, ['t', 'foot_<side>'], ([force], rateHz) => measure(contactEvents(force, rateHz))),
  way(of, ['t', 'heel_<side>_x', 'toe_<side>_x', 'pelvis_x'], ([heelM, toeM, pelvisM], rateHz) => measure(kinematicEvents({ heelM, toeM, pelvisM }, rateHz))),
];

interface BothFeet {
  readonly left: GaitEvents;
  readonly right: GaitEvents;
}

/** Likewise of both feet together. */
const walkWays = (of: string, measure: (feet: BothFeet) => Outcome): Way[] => [
  way(of, ['t', 'foot_left', 'foot_right'], ([left, right], rateHz) => measure({ left: contactEvents(left, rateHz), right: contactEvents(right, rateHz) })),
  way(of, ['t', 'heel_left_x', 'toe_left_x', 'heel_right_x', 'toe_right_x', 'pelvis_x'], ([heelLeft, toeLeft, heelRight, toeRight, pelvisM], rateHz) =>
    measure({ left: kinematicEvents({ heelM: heelLeft, toeM: toeLeft, pelvisM }, rateHz), right: kinematicEvents({ heelM: heelRight, toeM: toeRight, pelvisM }, rateHz) }),
  ),
];

interface Steps {
  readonly lengthsM: { readonly left: readonly number[]; readonly right: readonly number[] };
  readonly strideTimesSec: readonly number[];
}

const walkingSteps = (heelLeft: Float64Array, heelRight: Float64Array, { left, right }: BothFeet, rateHz: number): Steps => ({
  lengthsM: { left: stepLengthsM(left.strikesSec, heelLeft, heelRight, rateHz), right: stepLengthsM(right.strikesSec, heelRight, heelLeft, rateHz) },
  strideTimesSec: [...strideTimesSec(left), ...strideTimesSec(right)],
});

/** Where both heels are known, too. */
const heelWays = (of: string, measure: (steps: Steps) => Outcome): Way[] => [
  way(of, ['t', 'heel_left_x', 'heel_right_x', 'foot_left', 'foot_right'], ([heelLeft, heelRight, left, right], rateHz) =>
    measure(walkingSteps(heelLeft, heelRight, { left: contactEvents(left, rateHz), right: contactEvents(right, rateHz) }, rateHz)),
  ),
  way(of, ['t', 'heel_left_x', 'heel_right_x', 'toe_left_x', 'toe_right_x', 'pelvis_x'], ([heelLeft, heelRight, toeLeft, toeRight, pelvisM], rateHz) => {
    const left = kinematicEvents({ heelM: heelLeft, toeM: toeLeft, pelvisM }, rateHz);
    return measure(walkingSteps(heelLeft, heelRight, { left, right: kinematicEvents({ heelM: heelRight, toeM: toeRight, pelvisM }, rateHz) }, rateHz));
  }),
];

const average = (values: ArrayLike<number>): number => mean(values) ?? Number.NaN;
const cadenceOf = (strideSec: readonly number[]): Outcome => (strideSec.length === 0 ? NO_STRIDE : cadenceOfStride(average(strideSec)));
const meanStep = (left: ArrayLike<number>, right: ArrayLike<number>): number => (average(left) + average(right)) / 2;

function speedOfSteps({ lengthsM, strideTimesSec: strides }: Steps): Outcome {
  const speed = walkingSpeedMps(meanStep(lengthsM.left, lengthsM.right), cadenceOfStride(average(strides)));
  return Number.isNaN(speed) ? NO_STRIDE : speed;
}

const againstBelt = (belt: Float64Array, stepM: number, strideSec: number): Outcome => {
  const percent = speedDisagreementPercent(average(belt), stepM, cadenceOfStride(strideSec));
  return percent === null || Number.isNaN(percent) ? { because: 'the belt stands still, or the record holds no whole stride' } : percent;
};

const agreement = (which: keyof GaitEvents): Way =>
  way('<side>', ['t', 'foot_<side>', 'heel_<side>_x', 'toe_<side>_x', 'pelvis_x'], ([force, heelM, toeM, pelvisM], rateHz) => {
    const found: EventAgreement | null = eventAgreement(contactEvents(force, rateHz)[which], kinematicEvents({ heelM, toeM, pelvisM }, rateHz)[which]);
    return found === null ? { because: 'no event is seen by both within 0.2 s' } : found.meanMs;
  });

/** Of an angle: over each stride where the foot is sensed, else over the whole record. */
const angleWays = (measure: (angle: ArrayLike<number>) => number): Way[] => [
  way('<kind>_<side>', ['t', '<kind>_<side>', 'foot_<side>'], ([angle, force], rateHz) => meanOf(strideCurves(contactEvents(force, rateHz), angle, rateHz).map(measure))),
  way('<joint>', ['<joint>'], ([angle]) => measure(angle)),
];

/** Of cycles against the reference's. */
const cyclesOf = (angle: Float64Array, force: Float64Array, rateHz: number): Float64Array[] => strideCurves(contactEvents(force, rateHz), angle, rateHz);
const scoreOf = (cycles: readonly Float64Array[], reference: Float64Array): number => average(cycles.map((cycle) => gaitVariableScore(cycle, reference)));
const degrees = (rad: number): Outcome => (Number.isNaN(rad) ? NO_STRIDE : radToDeg(rad));

const twoJointScoreOf = ([hip, knee, hipReference, kneeReference]: readonly [Float64Array, Float64Array, Float64Array, Float64Array]): Outcome =>
  degrees(twoJointScore(gaitVariableScore(hip, hipReference), gaitVariableScore(knee, kneeReference)));

export const gaitMetrics: readonly Metric[] = [
  {
    name: 'stride_time',
    unit: 's',
    definition: 'From one heel strike of a foot to its next, mean.',
    source: 'Perry 2010',
    detectableChange: null,
    sessionKey: 'strideTimeSec',
    ways: [way('', ['stride_time'], ([sec]) => average(sec)), way('<side>', ['stride_time_<side>'], ([sec]) => average(sec)), ...footWays((events) => meanOf(strideTimesSec(events)))],
  },
  {
    name: 'cadence',
    unit: 'steps/min',
    definition: 'Steps of both feet per minute: 120 s over the mean stride time.',
    source: 'Perry 2010',
    detectableChange: null,
    sessionKey: 'cadenceStepsPerMin',
    ways: [
      way('', ['stride_time'], ([sec]) => cadenceOf([...sec])),
      way('', ['stride_time_left', 'stride_time_right'], ([left, right]) => cadenceOf([...left, ...right])),
      ...walkWays('', ({ left, right }) => cadenceOf([...strideTimesSec(left), ...strideTimesSec(right)])),
    ],
  },
  {
    name: 'step_length',
    unit: 'm',
    definition: 'Distance between the heels along the direction of walking when this foot strikes, mean.',
    source: 'Perry 2010',
    detectableChange: null,
    ways: [
      way('<side>', ['step_length_<side>'], ([lengthM]) => average(lengthM)),
      way('', ['step_length'], ([lengthM]) => average(lengthM)),
      ...(['left', 'right'] as const).flatMap((side) => heelWays(side, ({ lengthsM }) => meanOf(lengthsM[side], { because: 'this foot is not seen to strike' }))),
    ],
  },
  {
    name: 'stance',
    unit: '%',
    definition: 'Share of the stride from heel strike to toe off of the same foot, mean.',
    source: 'Perry 2010',
    detectableChange: null,
    ways: [way('<side>', ['stance_<side>'], ([percent]) => average(percent)), ...footWays((events) => meanOf(stancePercents(events)))],
  },
  {
    name: 'double_support',
    unit: '%',
    definition: 'Share of the stride in which both feet stand, both times together, mean of both sides.',
    source: 'Perry 2010',
    detectableChange: null,
    ways: walkWays('', ({ left, right }) => meanOf([...doubleSupportPercents(left, right), ...doubleSupportPercents(right, left)])),
  },
  {
    name: 'walking_speed',
    unit: 'm/s',
    definition: 'Mean step length × cadence / 60, always.',
    source: 'Perry 2010',
    detectableChange: null,
    ways: [
      way('', ['step_length_left', 'step_length_right', 'stride_time'], ([left, right, sec]) => walkingSpeedMps(meanStep(left, right), cadenceOfStride(average(sec)))),
      way('', ['step_length', 'stride_time'], ([lengthM, sec]) => walkingSpeedMps(average(lengthM), cadenceOfStride(average(sec)))),
      ...heelWays('', speedOfSteps),
    ],
  },
  {
    name: 'speed_disagreement',
    unit: '%',
    definition: "Step length × cadence / 60 minus the belt's speed, of the latter.",
    source: 'own',
    detectableChange: null,
    ways: [
      way('', ['belt_speed', 'step_length_left', 'step_length_right', 'stride_time'], ([belt, left, right, sec]) => againstBelt(belt, meanStep(left, right), average(sec))),
      way('', ['t', 'belt_speed', 'heel_left_x', 'heel_right_x', 'foot_left', 'foot_right'], ([belt, heelLeft, heelRight, left, right], rateHz) => {
        const { lengthsM, strideTimesSec: strides } = walkingSteps(heelLeft, heelRight, { left: contactEvents(left, rateHz), right: contactEvents(right, rateHz) }, rateHz);
        return againstBelt(belt, meanStep(lengthsM.left, lengthsM.right), average(strides));
      }),
    ],
  },
  {
    name: 'heel_strike_agreement',
    unit: 'ms',
    definition: 'Heel strike as kinematics see it (heel farthest in front of the pelvis) minus foot contact, mean of those within 0.2 s.',
    source: 'Zeni 2008',
    detectableChange: null,
    ways: [agreement('strikesSec')],
  },
  {
    name: 'toe_off_agreement',
    unit: 'ms',
    definition: 'Toe off as kinematics see it (toe farthest behind the pelvis) minus foot contact, mean of those within 0.2 s.',
    source: 'Zeni 2008',
    detectableChange: null,
    ways: [agreement('offsSec')],
  },
];

export const angleMetrics: readonly Metric[] = [
  { name: 'rom', unit: 'deg', definition: 'Largest minus smallest angle, mean over the strides or over the whole record.', source: 'Winter 2009', detectableChange: null, sessionKey: 'romDeg', ways: angleWays((angle) => radToDeg(rangeOf(angle))) },
  { name: 'peak_angle', unit: 'deg', definition: 'Largest angle, flexion positive, mean over the strides or over the whole record.', source: 'Winter 2009', detectableChange: null, sessionKey: 'peakDeg', ways: angleWays((angle) => radToDeg(peakOf(angle))) },
  {
    name: 'tracking_rms',
    unit: 'deg',
    definition: 'Root mean square of measured minus reference angle.',
    source: 'own',
    detectableChange: null,
    sessionKey: 'trackingRmsDeg',
    ways: [way('<joint>', ['<joint>', 'reference_<joint>'], ([angle, reference]) => radToDeg(rootMeanSquareDifference(angle, reference)))],
  },
  {
    name: 'gait_variable_score',
    unit: 'deg',
    definition: 'Root mean square over 51 points of the gait cycle between a joint and its reference, mean over the strides or of the whole record as one cycle.',
    source: 'Baker 2009',
    detectableChange: null,
    ways: [
      way('<kind>_<side>', ['t', '<kind>_<side>', 'foot_<side>', '@<kind>_<side>'], ([angle, force, reference], rateHz) => degrees(scoreOf(cyclesOf(angle, force, rateHz), reference))),
      way('<joint>', ['t', '<joint>', '@<joint>'], ([angle, reference]) => degrees(gaitVariableScore(angle, reference))),
      way('<joint>', ['<joint>', '@<joint>'], ([angle, reference]) => degrees(gaitVariableScore(angle, reference))),
    ],
  },
  {
    name: 'two_joint_gvs',
    unit: 'deg',
    definition: 'Root mean square of the gait variable scores of hip and knee of one side; it is no Gait Profile Score and no Gait Deviation Index, which need nine curves.',
    source: 'own',
    detectableChange: null,
    ways: [
      way('<side>', ['t', 'hip_<side>', 'knee_<side>', 'foot_<side>', '@hip_<side>', '@knee_<side>'], ([hip, knee, force, hipReference, kneeReference], rateHz) =>
        degrees(twoJointScore(scoreOf(cyclesOf(hip, force, rateHz), hipReference), scoreOf(cyclesOf(knee, force, rateHz), kneeReference))),
      ),
      way('<side>', ['t', 'hip_<side>', 'knee_<side>', '@hip_<side>', '@knee_<side>'], (curves) => twoJointScoreOf(curves)),
      way('<side>', ['hip_<side>', 'knee_<side>', '@hip_<side>', '@knee_<side>'], (curves) => twoJointScoreOf(curves)),
    ],
  },
  {
    name: 'coefficient_of_variation',
    unit: '%',
    definition: 'Standard deviation (n − 1) over the mean of repetitions; compare it at equal speed only.',
    source: 'own',
    detectableChange: null,
    ways: [
      ...['<step>', '<step>_<side>', 'stance_<side>', 'value'].map((stem) => way(stem, [stem], ([values]) => variation(values))),
      ...footWays((events) => variation(strideTimesSec(events)), 'stride_time_<side>'),
    ],
  },
];

function variation(values: ArrayLike<number>): Outcome {
  return orBecause(coefficientOfVariationPercent(values), values.length < 2 ? 'at least 2 values are needed' : 'the mean is zero');
}
