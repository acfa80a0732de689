/** Everything that the safety lab lets a person set: what sensors, drives, hub, belt, support, people and processes say. */
import type { DriveState } from '../../protocols/joints.ts';
import type { JointProfile, RobotProfile } from '../../protocols/profile.ts';
import { paceOf } from '../../protocols/therapy-limits.ts';
import { kmhToMps, mpsToKmh, radToDeg } from '../../protocols/units.ts';
import { clamp } from '../../protocols/math.ts';
import { paceUnitOf } from '../state/parameters.ts';

/** What a try-out of the envelope replaces of the command that therapy wants, until somebody lets it go. */
export const ownCommands = ['ownPositionDeg', 'ownVelocityDegPerSec', 'ownTorqueNm', 'ownStiffnessNmPerRad', 'ownDampingNmsPerRad'] as const;
export type OwnCommand = (typeof ownCommands)[number];

/** Readings that follow the model robot until somebody holds them. */
export const readings = [
  ...ownCommands,
  'motorPositionDeg',
  'motorVelocityDegPerSec',
  'motorTorqueNm',
  'encoderPositionDeg',
  'jointTorqueNm',
  'beltSpeedKmh',
  'ropeUnloadingKg',
] as const;
export type Reading = (typeof readings)[number];

const values = [
  'bodyMassKg',
  'patientTorqueNm',
  'pace',
  'guidancePercent',
  'unloadingKg',
  'driveTempC',
  'driveAgeMs',
  'lossPercent',
  'encoderOffsetDeg',
  'encoderDriftDegPerSec',
  'encoderQuality',
  'hubAgeMs',
  'treadmillAgeMs',
  'supportAgeMs',
  'latenessMs',
  'leaseAgeMs',
] as const;
type Value = (typeof values)[number];

export const switches = [
  'confirmed',
  'patientButton',
  'linkUp',
  'ownWatchdog',
  'torqueSensorFrozen',
  'hubClockRuns',
  'estopClosed',
  'relayHeldOpen',
  'treadmillReady',
  'stopRope',
  'supportFault',
  'ropeLocks',
  'leaseHeld',
  'stationConnected',
  'sessionOpen',
  'prepared',
  'recorderHealthy',
  'monitorAgrees',
] as const;
export type Switch = (typeof switches)[number];

export const selects = ['driveState', 'brakes', 'stopEndsIn'] as const;
export type Select = (typeof selects)[number];

/** `follow`: as the robot is told, or as its profile says. */
export const choices = {
  driveState: ['follow', 'absent', 'disabled', 'enabled', 'fault'],
  brakes: ['follow', 'closed', 'open'],
  stopEndsIn: ['lower', 'hold', 'brake'],
} as const satisfies Record<Select, readonly string[]>;
export type Choice<S extends Select> = (typeof choices)[S][number];
export type ChoiceWord = Choice<Select>;

export type Slider = Reading | Value;

/** A reading that is `null` is as the model robot shows it. */
export type LabInputs = Readonly<Record<Value, number> & Record<Reading, number | null> & Record<Switch, boolean> & { driveState: 'follow' | DriveState; brakes: Choice<'brakes'>; stopEndsIn: Choice<'stopEndsIn'> }>;

export const isReading = (slider: Slider): slider is Reading => readings.some((reading) => reading === slider);

/** What is fixed while a session is open: a change begins it anew, with a step of its own. */
const sessionInputs = ['bodyMassKg', 'confirmed', 'ownWatchdog', 'stopEndsIn'] as const satisfies readonly (keyof LabInputs)[];
export const beginsAnew = (before: LabInputs, after: LabInputs): boolean => sessionInputs.some((name) => before[name] !== after[name]);

export interface SliderRange {
  readonly min: number;
  readonly max: number;
  readonly step: number;
  readonly unit: string;
}

export const groups = ['joint', 'person', 'sensors', 'drive', 'hub', 'actuators', 'people', 'session', 'own'] as const;
export type Group = (typeof groups)[number];

interface GroupInputs {
  readonly sliders: readonly Slider[];
  readonly selects: readonly Select[];
  readonly switches: readonly Switch[];
}

const inputsIn: Readonly<Record<Group, GroupInputs>> = {
  joint: { sliders: ['pace', 'guidancePercent', 'unloadingKg'], selects: [], switches: [] },
  person: { sliders: ['patientTorqueNm'], selects: [], switches: ['patientButton'] },
  sensors: { sliders: ['encoderPositionDeg', 'encoderOffsetDeg', 'encoderDriftDegPerSec', 'jointTorqueNm', 'encoderQuality'], selects: [], switches: ['torqueSensorFrozen'] },
  drive: { sliders: ['motorPositionDeg', 'motorVelocityDegPerSec', 'motorTorqueNm', 'driveTempC', 'driveAgeMs', 'lossPercent'], selects: ['driveState'], switches: ['linkUp'] },
  hub: { sliders: ['hubAgeMs'], selects: ['brakes'], switches: ['hubClockRuns', 'estopClosed', 'relayHeldOpen'] },
  actuators: { sliders: ['beltSpeedKmh', 'treadmillAgeMs', 'ropeUnloadingKg', 'supportAgeMs'], selects: [], switches: ['treadmillReady', 'stopRope', 'supportFault', 'ropeLocks'] },
  people: { sliders: ['leaseAgeMs', 'latenessMs'], selects: [], switches: ['leaseHeld', 'stationConnected', 'sessionOpen', 'prepared', 'recorderHealthy', 'monitorAgrees'] },
  session: { sliders: ['bodyMassKg'], selects: ['stopEndsIn'], switches: ['confirmed', 'ownWatchdog'] },
  own: { sliders: ownCommands, selects: [], switches: [] },
};

const ofBelt: ReadonlySet<Slider | Switch> = new Set(['beltSpeedKmh', 'treadmillAgeMs', 'treadmillReady', 'stopRope']);
const ofSupport: ReadonlySet<Slider | Switch> = new Set(['unloadingKg', 'ropeUnloadingKg', 'supportAgeMs', 'supportFault', 'ropeLocks']);

/** What a robot without a belt or a support does not have is not asked for. */
export function inputsOf(group: Group, { treadmill, bodyWeightSupport }: Pick<RobotProfile, 'treadmill' | 'bodyWeightSupport'>): GroupInputs {
  const { sliders, selects: chosen, switches: switched } = inputsIn[group];
  const has = (name: Slider | Switch): boolean => (treadmill !== undefined || !ofBelt.has(name)) && (bodyWeightSupport !== undefined || !ofSupport.has(name));
  return { sliders: sliders.filter(has), selects: chosen, switches: switched.filter(has) };
}

/** A fifth beyond each limit can be set, so that every limit can be tried. */
const BEYOND = 1.2;
const beyond = (limit: number, step: number): number => Math.ceil((limit * BEYOND) / step) * step;
const between = (min: number, max: number, step: number, unit: string): SliderRange => ({ min, max, step, unit });
const around = (limit: number, step: number, unit: string): SliderRange => between(-beyond(limit, step), beyond(limit, step), step, unit);

/** Of the walk or of the hand, as people tell it of this robot. */
const shownPace = (profile: RobotProfile, speedMps: number): number => paceUnitOf(profile).perKmh * mpsToKmh(speedMps);
export const paceMps = (profile: RobotProfile, shown: number): number => kmhToMps(shown / paceUnitOf(profile).perKmh);

export function sliderRanges(profile: RobotProfile, joint: JointProfile): Readonly<Record<Slider, SliderRange>> {
  const { watchdogs, therapy, treadmill, bodyWeightSupport } = profile;
  const { mechanicalStopDeg: stop, drive } = joint;
  const pace = paceOf(profile);
  const { unit: paceUnit, decimals } = paceUnitOf(profile);
  const angle = between(stop.min - 10, stop.max + 10, 0.5, '°');
  // As far as a frame can tell it, and a little more.
  const speed = around(radToDeg(drive.velocityRangeRadPerSec), 5, '°/s');
  const torque = around(drive.torqueRangeNm, 1, 'Nm');
  const age = between(0, watchdogs.inputMaxAgeMs * 4, 1, 'ms');
  return {
    ownPositionDeg: angle,
    ownVelocityDegPerSec: speed,
    ownTorqueNm: torque,
    ownStiffnessNmPerRad: between(0, beyond(joint.stiffnessNmPerRad, 10), 10, 'Nm/rad'),
    ownDampingNmsPerRad: between(0, beyond(joint.dampingNmsPerRad, 0.5), 0.5, 'Nms/rad'),
    bodyMassKg: between(therapy.patient.massKg.min, therapy.patient.massKg.max, 1, 'kg'),
    patientTorqueNm: around(joint.torqueLimitNm, 1, 'Nm'),
    pace: between(shownPace(profile, pace.min), shownPace(profile, pace.max), 10 ** -decimals, paceUnit),
    guidancePercent: between(0, 100, 5, '%'),
    unloadingKg: between(0, bodyWeightSupport?.unloadingMaxKg ?? 0, 1, 'kg'),
    motorPositionDeg: angle,
    motorVelocityDegPerSec: speed,
    motorTorqueNm: torque,
    encoderPositionDeg: angle,
    encoderOffsetDeg: between(-20, 20, 0.5, '°'),
    encoderDriftDegPerSec: between(-30, 30, 1, '°/s'),
    jointTorqueNm: torque,
    driveTempC: between(0, beyond(drive.tempLimitC, 1), 1, '°C'),
    driveAgeMs: age,
    lossPercent: between(0, 10, 0.5, '%'),
    encoderQuality: between(0, 255, 1, ''),
    hubAgeMs: age,
    beltSpeedKmh: between(-1, beyond(treadmill?.speedMaxKmh ?? 0, 0.1), 0.1, 'km/h'),
    treadmillAgeMs: age,
    ropeUnloadingKg: between(0, beyond(bodyWeightSupport?.unloadingMaxKg ?? 0, 1), 1, 'kg'),
    supportAgeMs: age,
    latenessMs: age,
    leaseAgeMs: between(0, watchdogs.leaseMs * 2, 50, 'ms'),
  };
}

const FOLLOWED = Object.fromEntries(readings.map((reading) => [reading, null])) as Record<Reading, null>;

/** A patient of usual weight trains, with everything in order. */
export const healthyInputs = (profile: RobotProfile): LabInputs => ({
  ...FOLLOWED,
  bodyMassKg: clamp(75, profile.therapy.patient.massKg.min, profile.therapy.patient.massKg.max),
  patientTorqueNm: 0,
  pace: shownPace(profile, paceOf(profile).initial),
  guidancePercent: 100 * profile.therapy.guidance.initial,
  unloadingKg: profile.bodyWeightSupport?.initialKg ?? 0,
  driveTempC: 35,
  driveAgeMs: 1,
  driveState: 'follow',
  lossPercent: 0,
  encoderOffsetDeg: 0,
  encoderDriftDegPerSec: 0,
  encoderQuality: 255,
  hubAgeMs: 1,
  brakes: 'follow',
  treadmillAgeMs: 1,
  supportAgeMs: 1,
  latenessMs: 0,
  leaseAgeMs: 100,
  stopEndsIn: profile.stop.endsIn,
  confirmed: true,
  patientButton: false,
  linkUp: true,
  ownWatchdog: true,
  torqueSensorFrozen: false,
  hubClockRuns: true,
  estopClosed: true,
  relayHeldOpen: false,
  treadmillReady: true,
  stopRope: false,
  supportFault: false,
  ropeLocks: true,
  leaseHeld: true,
  stationConnected: true,
  sessionOpen: true,
  prepared: true,
  recorderHealthy: true,
  monitorAgrees: true,
});

/** How many inputs of a group are not as they were at first. */
export const changedIn = ({ sliders, selects: chosen, switches: switched }: GroupInputs, inputs: LabInputs, healthy: LabInputs): number =>
  [...sliders, ...chosen, ...switched].filter((name) => inputs[name] !== healthy[name]).length;

/** Of the torque between person and robot that stops by itself. */
const SPASM_SHARE = 2 / 3;

export const presets = ['healthy', 'cablePulled', 'spasm', 'encoderStuck', 'speedTooHigh', 'beltRunsAway', 'estop'] as const;
export type Preset = (typeof presets)[number];

/** What a preset changes of the healthy robot. @param encoderDeg where the joint-side encoder stands now */
export function presetInputs(preset: Preset, profile: RobotProfile, chosen: number, encoderDeg: number): LabInputs {
  const { interactionLimitNm = 0, speedLimitDegPerSec = 0 } = profile.joints[chosen] ?? {};
  const changes: Readonly<Record<Preset, Partial<LabInputs>>> = {
    healthy: {},
    cablePulled: { linkUp: false },
    spasm: { patientTorqueNm: Math.round(SPASM_SHARE * interactionLimitNm) },
    encoderStuck: { encoderPositionDeg: encoderDeg },
    speedTooHigh: { motorVelocityDegPerSec: Math.round(1.3 * speedLimitDegPerSec) },
    beltRunsAway: profile.treadmill === undefined ? {} : { beltSpeedKmh: profile.treadmill.speedMaxKmh },
    estop: { estopClosed: false },
  };
  return { ...healthyInputs(profile), ...changes[preset] };
}

/** A robot without a belt has none that could run away. */
export const presetsOf = ({ treadmill }: Pick<RobotProfile, 'treadmill'>): readonly Preset[] => presets.filter((preset) => preset !== 'beltRunsAway' || treadmill !== undefined);
