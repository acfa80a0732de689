/** Everything that the safety lab lets a person set: what one joint, the hub and the people report, and what is desired. */
import type { DriveState } from '../../protocols/joints.ts';
import type { JointProfile, RobotProfile } from '../../protocols/profile.ts';

/** Readings that follow the model joint until somebody holds them. */
export const readings = ['motorPositionDeg', 'motorVelocityDegPerSec', 'motorTorqueNm', 'encoderPositionDeg', 'jointTorqueNm'] as const;
export type Reading = (typeof readings)[number];

const values = [
  'desiredPositionDeg',
  'desiredSwingDeg',
  'desiredVelocityDegPerSec',
  'desiredTorqueNm',
  'desiredStiffnessNmPerRad',
  'desiredDampingNmsPerRad',
  'patientTorqueNm',
  'driveTempC',
  'driveAgeMs',
  'encoderQuality',
  'hubAgeMs',
  'latenessMs',
  'leaseAgeMs',
] as const;
type Value = (typeof values)[number];

export const switches = ['estopClosed', 'relayHeldOpen', 'brakeEngaged', 'patientButton', 'linkUp', 'hubClockRuns', 'monitorAgrees', 'leaseHeld', 'stationConnected', 'sessionOpen', 'prepared', 'recorderHealthy'] as const;
export type Switch = (typeof switches)[number];

export type Slider = Reading | Value;

/** `null`: as the model joint shows it. */
export type LabInputs = Readonly<Record<Value, number> & Record<Reading, number | null> & Record<Switch, boolean> & { driveState: DriveState | null }>;

export const isReading = (slider: Slider): slider is Reading => readings.some((reading) => reading === slider);

export interface SliderRange {
  readonly min: number;
  readonly max: number;
  readonly step: number;
  readonly unit: string;
}

export const groups = ['desired', 'patient', 'drive', 'hub', 'people'] as const;
export type Group = (typeof groups)[number];

export const slidersOf: Readonly<Record<Group, readonly Slider[]>> = {
  desired: ['desiredPositionDeg', 'desiredSwingDeg', 'desiredVelocityDegPerSec', 'desiredTorqueNm', 'desiredStiffnessNmPerRad', 'desiredDampingNmsPerRad'],
  patient: ['patientTorqueNm'],
  drive: ['motorPositionDeg', 'motorVelocityDegPerSec', 'motorTorqueNm', 'driveTempC', 'driveAgeMs'],
  hub: ['encoderPositionDeg', 'jointTorqueNm', 'encoderQuality', 'hubAgeMs'],
  people: ['leaseAgeMs', 'latenessMs'],
};

export const switchesOf: Readonly<Record<Group, readonly Switch[]>> = {
  desired: [],
  patient: ['patientButton'],
  drive: ['linkUp'],
  hub: ['estopClosed', 'relayHeldOpen', 'brakeEngaged', 'hubClockRuns', 'monitorAgrees'],
  people: ['leaseHeld', 'stationConnected', 'sessionOpen', 'prepared', 'recorderHealthy'],
};

/** A fifth beyond each limit can be set, so that every limit can be tried. */
const BEYOND = 1.2;
const beyond = (limit: number, step: number): number => Math.ceil((limit * BEYOND) / step) * step;
const between = (min: number, max: number, step: number, unit: string): SliderRange => ({ min, max, step, unit });
const around = (limit: number, step: number, unit: string): SliderRange => between(-beyond(limit, step), beyond(limit, step), step, unit);

export function sliderRanges({ watchdogs }: RobotProfile, joint: JointProfile): Readonly<Record<Slider, SliderRange>> {
  const { mechanicalStopDeg: stop, drive } = joint;
  const angle = between(stop.min - 10, stop.max + 10, 0.5, '°');
  const speed = around(joint.speedLimitDegPerSec * BEYOND, 5, '°/s');
  const torque = around(joint.torqueLimitNm * BEYOND, 1, 'Nm');
  return {
    desiredPositionDeg: angle,
    desiredSwingDeg: between(0, 60, 1, '°'),
    desiredVelocityDegPerSec: speed,
    desiredTorqueNm: torque,
    desiredStiffnessNmPerRad: between(0, beyond(joint.stiffnessNmPerRad, 10), 10, 'Nm/rad'),
    desiredDampingNmsPerRad: between(0, beyond(joint.dampingNmsPerRad, 0.5), 0.5, 'Nms/rad'),
    patientTorqueNm: torque,
    motorPositionDeg: angle,
    motorVelocityDegPerSec: speed,
    motorTorqueNm: torque,
    encoderPositionDeg: angle,
    jointTorqueNm: torque,
    driveTempC: between(0, beyond(drive.tempLimitC, 1), 1, '°C'),
    driveAgeMs: between(0, watchdogs.inputMaxAgeMs * 4, 1, 'ms'),
    encoderQuality: between(0, 255, 1, ''),
    hubAgeMs: between(0, watchdogs.inputMaxAgeMs * 4, 1, 'ms'),
    latenessMs: between(0, watchdogs.inputMaxAgeMs * 4, 1, 'ms'),
    leaseAgeMs: between(0, watchdogs.leaseMs * 2, 50, 'ms'),
  };
}

/** A joint that swings gently in the middle of its range, with everything in order. */
export function healthyInputs(joint: JointProfile): LabInputs {
  const { softRangeDeg } = joint;
  return {
    desiredPositionDeg: Math.round((softRangeDeg.min + softRangeDeg.max) / 2),
    desiredSwingDeg: 12,
    desiredVelocityDegPerSec: 0,
    desiredTorqueNm: 0,
    desiredStiffnessNmPerRad: joint.stiffnessNmPerRad,
    desiredDampingNmsPerRad: joint.dampingNmsPerRad,
    patientTorqueNm: 0,
    motorPositionDeg: null,
    motorVelocityDegPerSec: null,
    motorTorqueNm: null,
    encoderPositionDeg: null,
    jointTorqueNm: null,
    driveTempC: 35,
    driveAgeMs: 1,
    driveState: null,
    encoderQuality: 255,
    hubAgeMs: 1,
    latenessMs: 0,
    leaseAgeMs: 100,
    estopClosed: true,
    relayHeldOpen: false,
    brakeEngaged: false,
    patientButton: false,
    linkUp: true,
    hubClockRuns: true,
    monitorAgrees: true,
    leaseHeld: true,
    stationConnected: true,
    sessionOpen: true,
    prepared: true,
    recorderHealthy: true,
  };
}

export const presets = ['healthy', 'cablePulled', 'spasm', 'encoderStuck', 'speedTooHigh', 'estop'] as const;
export type Preset = (typeof presets)[number];

/** What a preset changes of the healthy joint. @param encoderDeg where the joint-side encoder stands now */
export function presetInputs(preset: Preset, profile: RobotProfile, joint: JointProfile, encoderDeg: number): LabInputs {
  const changes: Readonly<Record<Preset, Partial<LabInputs>>> = {
    healthy: {},
    cablePulled: { linkUp: false, driveState: 'absent', driveAgeMs: 2 * profile.watchdogs.inputMaxAgeMs },
    // A strong one against a leg guided at 55 %: it yields, and is then seen not to follow.
    spasm: { desiredStiffnessNmPerRad: 0.55 * joint.stiffnessNmPerRad, patientTorqueNm: 60 },
    encoderStuck: { encoderPositionDeg: encoderDeg },
    speedTooHigh: { motorVelocityDegPerSec: Math.round(1.3 * joint.speedLimitDegPerSec) },
    estop: { estopClosed: false },
  };
  return { ...healthyInputs(joint), ...changes[preset] };
}
