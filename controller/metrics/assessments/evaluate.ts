/** From the record of an assessment to its results: one definition each, whoever asks. */
import type { JointProfile, RangeRad, RobotProfile } from '../../../protocols/profile.ts';
import { radToDeg } from '../../../protocols/units.ts';
import { stiffnessSpeeds } from '../../therapy/assessments/plan.ts';
import { TRIALS } from '../../therapy/assessments/steps.ts';
import { PRESS_SHARE } from '../../therapy/assessments/procedure.ts';
import { END_RAD } from '../../therapy/end-of-range.ts';
import type { AssessmentRecord, AssessmentSample, DoneStep } from './record.ts';
import { known, MISSING, nameOf, type AssessmentResult } from './result.ts';
import { mean, repeatability } from './statistics.ts';
import { fitStiffness, type ResistanceSample } from './stiffness.ts';
import { bestPlateau, restOffset } from './strength.ts';

const directions = [1, -1] as const;
/** Own value: a push that got so near to its mark was ended by it. */
const AT_MARK = 0.93;
/**
 * A relaxed limb resists the same whenever it is moved the same way; what differs by more than this share of what the joint may be
 * held with is done by the person. Own value: simulated relaxed limbs, spastic ones too, differ by 0.3 Nm at most in hips and knees,
 * one with a tremor of 2 Nm or that takes part by 0.9 and more.
 */
const VOLUNTARY_SHARE = 0.012;
/** Ramps and what swings after them. */
const STEADY = 0.995;
const SETTLED_SEC = 0.08;
const DEG = radToDeg(1);

export function evaluateAssessment(profile: RobotProfile, record: AssessmentRecord): readonly AssessmentResult[] {
  const joint = profile.joints[record.plan.joint];
  if (joint === undefined) return [];
  const steps = record.steps();
  if (record.plan.kind === 'strength') return directions.map((direction) => strength(joint, steps, direction, profile.hub.rateHz));
  if (record.plan.kind === 'stiffness') return directions.map((direction) => stiffness(joint, steps, direction));
  return rom(joint, steps, profile, record);
}

function strength(joint: JointProfile, steps: readonly DoneStep[], direction: 1 | -1, rateHz: number): AssessmentResult {
  const pushes = steps.filter(({ step }) => step.kind === 'push' && step.direction === direction);
  const found = pushes.map(({ index, samples }) => {
    const rest = steps.find((other) => other.index === index - 1);
    const offsetNm = restOffset(rest?.samples.map(({ personNm }) => personNm) ?? [], rateHz);
    const plateau = bestPlateau(samples.map(({ personNm }) => direction * (personNm - offsetNm)), rateHz);
    return { plateau, atMark: plateau !== null && plateau.torqueNm >= AT_MARK * Math.abs(samples[0]?.markNm ?? Number.NaN), motorNm: plateau === null ? null : motorStrengthNm(samples, rest?.samples ?? [], plateau.fromSec, direction, rateHz) };
  });
  const trials = found.map(({ plateau }) => plateau?.torqueNm ?? null);
  const whole = known(trials).length >= TRIALS;
  const best = found.reduce<(typeof found)[number] | null>((most, trial) => ((trial.plateau?.torqueNm ?? -Infinity) > (most?.plateau?.torqueNm ?? -Infinity) ? trial : most), null);
  return {
    ...header('isometric_strength', joint, nameOf(direction), 'Nm'),
    value: whole ? (best?.plateau?.torqueNm ?? null) : null,
    uncertainty: repeatability(known(trials)),
    trials,
    atLeast: best?.atMark ?? false,
    rejected: whole ? null : MISSING,
    source: 'Bolliger 2008',
    // What a motor's current tells is blind for as much as friction can hold, in the push and in the rest before it.
    beside: { from_motor_current_nm: best?.motorNm ?? null, from_motor_current_half_interval_nm: best === null ? null : 2 * joint.coulombFrictionNm },
  };
}

/** The same second, by what the motor gave beyond what it gave at rest. */
function motorStrengthNm(push: readonly AssessmentSample[], rest: readonly AssessmentSample[], fromSec: number, direction: number, rateHz: number): number {
  const first = Math.round(fromSec * rateHz);
  const held = push.slice(first, first + rateHz).map(({ motorNm }) => motorNm);
  return direction * (restOffset(rest.map(({ motorNm }) => motorNm), rateHz) - mean(held));
}

/** The part of a sweep in which the joint is moved at its speed. */
export function steadyPart(samples: readonly AssessmentSample[], radPerSec: number): AssessmentSample[] {
  const steady = samples.filter(({ plannedRadPerSec }) => Math.abs(plannedRadPerSec) >= STEADY * radPerSec);
  const fromSec = (steady[0]?.atSec ?? 0) + SETTLED_SEC;
  return steady.filter(({ atSec, personNm }) => atSec >= fromSec && Number.isFinite(personNm));
}

const resistance = ({ limbRad, radPerSec, personNm }: AssessmentSample): ResistanceSample => ({ angleRad: limbRad, radPerSec, resistanceNm: -personNm });

function stiffness(joint: JointProfile, steps: readonly DoneStep[], direction: 1 | -1): AssessmentResult {
  const sweeps = steps.filter(({ step }) => step.kind === 'sweep' && step.direction === direction).map(({ step, samples }) => ({ step, samples: steadyPart(samples, step.radPerSec).map(resistance) }));
  const all = sweeps.flatMap(({ samples }) => samples);
  const q0Rad = mean(all.map(({ angleRad }) => angleRad));
  const fit = fitStiffness(all, q0Rad);
  const trials = Array.from({ length: TRIALS }, (_, trial) => inDeg(fitStiffness(sweeps.filter(({ step }) => step.trial === trial).flatMap(({ samples }) => samples), q0Rad)?.stiffnessNmPerRad));
  const speeds = stiffnessSpeeds(joint);
  const whole = sweeps.length === TRIALS * speeds.length && fit !== null;
  const voluntaryNm = Math.max(0, ...speeds.map((radPerSec) => unlikeness(sweeps.filter(({ step }) => step.radPerSec === radPerSec).map(({ samples }) => samples))));
  const voluntary = voluntaryNm > VOLUNTARY_SHARE * joint.interactionLimitNm;
  const perSpeed = speeds.map((radPerSec) => [`k_at_${Math.round(radToDeg(radPerSec))}_deg_s_nm_per_deg`, inDeg(fitStiffness(sweeps.filter(({ step }) => step.radPerSec === radPerSec).flatMap(({ samples }) => samples), q0Rad)?.stiffnessNmPerRad)] as const);
  return {
    ...header('passive_stiffness', joint, nameOf(direction), 'Nm/deg'),
    value: whole && !voluntary ? inDeg(fit.stiffnessNmPerRad) : null,
    uncertainty: withModel(repeatability(known(trials)), joint, all),
    trials,
    atLeast: false,
    rejected: !whole ? MISSING : voluntary ? { reason: 'notRelaxed', figure: voluntaryNm } : null,
    source: 'Lünenburger 2005',
    beside: { r_squared: fit?.rSquared ?? null, damping_nms_per_deg: inDeg(fit?.dampingNmsPerRad), offset_nm: fit?.offsetNm ?? null, residual_nm: fit?.residualNm ?? null, q0_deg: q0Rad * DEG, voluntary_nm: voluntaryNm, ...Object.fromEntries(perSpeed) },
  };
}

/** Own value, of what the joint may be held with: the torque that a limb of a table's mass and centre differs by over the way of a sweep. */
const MODEL_SHARE = 0.01;

/** A stiffness cannot be told more surely than the limb's own weight. */
function withModel(repeated: number | null, joint: JointProfile, samples: readonly ResistanceSample[]): number | null {
  const angles = samples.map(({ angleRad }) => angleRad);
  const wayDeg = (angles.reduce((most, angle) => Math.max(most, angle), -Infinity) - angles.reduce((least, angle) => Math.min(least, angle), Infinity)) * DEG;
  return repeated === null ? null : Math.sqrt(repeated * repeated + ((MODEL_SHARE * joint.interactionLimitNm) / wayDeg) ** 2);
}

/** Angles at which sweeps are compared. */
const GRID = 20;

/** RMS of the most unlike of several sweeps over the same way at the same speed, about their mean. */
function unlikeness(sweeps: readonly (readonly ResistanceSample[])[]): number {
  const lowRad = Math.max(...sweeps.map((sweep) => Math.min(...sweep.map(({ angleRad }) => angleRad))));
  const highRad = Math.min(...sweeps.map((sweep) => Math.max(...sweep.map(({ angleRad }) => angleRad))));
  const at = (sweep: readonly ResistanceSample[], angleRad: number): number => sweep.reduce((near, sample) => (Math.abs(sample.angleRad - angleRad) < Math.abs(near.angleRad - angleRad) ? sample : near), sweep[0] ?? { angleRad: 0, radPerSec: 0, resistanceNm: 0 }).resistanceNm;
  const curves = sweeps.filter((sweep) => sweep.length > 0).map((sweep) => Array.from({ length: GRID }, (_, i) => at(sweep, lowRad + ((highRad - lowRad) * i) / (GRID - 1))));
  const usual = Array.from({ length: GRID }, (_, i) => mean(curves.map((curve) => curve[i] ?? 0)));
  return Math.max(0, ...curves.map((curve) => Math.sqrt(mean(curve.map((value, i) => (value - (usual[i] ?? 0)) ** 2)))));
}

const inDeg = (perRad: number | undefined): number | null => (perRad === undefined || Number.isNaN(perRad) ? null : perRad / DEG);

interface End {
  readonly jointDeg: number;
  readonly limbDeg: number;
  /** It was the robot's and not the limb's. */
  readonly ofRobot: boolean;
}

/** Own value: less of the resistance at which a limb's end is told is none. */
const MET_SHARE = 0.9;

/** Where the joint went furthest, and the limb with it. */
function furthest({ step, samples, index }: DoneStep, steps: readonly DoneStep[], joint: JointProfile, range: RangeRad, rateHz: number): End | null {
  const { direction } = step;
  const most = (of: (sample: AssessmentSample) => number): number => Math.max(...samples.map((sample) => direction * of(sample)).filter((value) => Number.isFinite(value)));
  const [jointRad, limbRad] = [direction * most(({ angleRad }) => angleRad), direction * most(({ limbRad: angle }) => angle)];
  if (!Number.isFinite(jointRad)) return null;
  const offsetNm = restOffset(steps.find((other) => other.index === index - 1)?.samples.map(({ personNm }) => personNm) ?? [], rateHz);
  const resisted = most(({ personNm }) => offsetNm - personNm) >= MET_SHARE * PRESS_SHARE * joint.interactionLimitNm;
  const roomRad = direction > 0 ? range.max - jointRad : jointRad - range.min;
  return { jointDeg: jointRad * DEG, limbDeg: limbRad * DEG, ofRobot: step.kind === 'press' ? !resisted : roomRad < END_RAD };
}

function rom(joint: JointProfile, steps: readonly DoneStep[], { joints, hub }: RobotProfile, { setup }: AssessmentRecord): AssessmentResult[] {
  const range = setup.permittedRangeRad[joints.indexOf(joint)] ?? { min: Number.NaN, max: Number.NaN };
  const results = (['press', 'free'] as const).flatMap((kind) => {
    const manner = kind === 'press' ? 'passive' : 'active';
    const endsOf = (direction: 1 | -1): (End | null)[] => steps.filter(({ step }) => step.kind === kind && step.direction === direction).map((done) => furthest(done, steps, joint, range, hub.rateHz));
    const told = directions.flatMap((direction) => {
      const ends = endsOf(direction);
      const atLeast = ends.some((end) => end?.ofRobot === true);
      return [angleResult(`rom_${manner}_joint`, joint, nameOf(direction), ends.map((end) => end?.jointDeg ?? null), atLeast), angleResult(`rom_${manner}_limb`, joint, nameOf(direction), ends.map((end) => end?.limbDeg ?? null), atLeast)];
    });
    const [flexed = [], extended = []] = directions.map(endsOf);
    const widths = flexed.map((end, i) => between(end?.jointDeg, extended[i]?.jointDeg, (a, b) => a - b));
    return [...told, angleResult(`rom_${manner}_range`, joint, 'both', widths, told.some(({ atLeast }) => atLeast))];
  });
  return [...results, ratioOf(joint, results)];
}

const between = (a: number | null | undefined, b: number | null | undefined, of: (a: number, b: number) => number): number | null => (a === undefined || a === null || b === undefined || b === null ? null : of(a, b));

function angleResult(name: string, joint: JointProfile, direction: AssessmentResult['direction'], trials: readonly (number | null)[], atLeast: boolean): AssessmentResult {
  const whole = known(trials).length >= TRIALS;
  return { ...header(name, joint, direction, 'deg'), value: whole ? mean(known(trials)) : null, uncertainty: repeatability(known(trials)), trials, atLeast, rejected: whole ? null : MISSING, source: 'own', beside: {} };
}

function ratioOf(joint: JointProfile, results: readonly AssessmentResult[]): AssessmentResult {
  const [passive, active] = ['rom_passive_range', 'rom_active_range'].map((name) => results.find((result) => result.name === name));
  const trials = (active?.trials ?? []).map((trial, i) => between(trial, passive?.trials[i], (a, b) => a / b));
  return { ...angleResult('rom_active_passive_ratio', joint, 'both', trials, (active?.atLeast ?? false) || (passive?.atLeast ?? false)), unit: '1' };
}

const header = (name: string, joint: JointProfile, direction: AssessmentResult['direction'], unit: string) => ({ name, joint: joint.id, direction, unit, detectableChange: null });
