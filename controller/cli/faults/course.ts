/**
 * The long sessions without a fault from which cases are copied, and in which any stop is a false one. What happens when
 * is laid down beforehand, so that a case can be told by its session and its cycle.
 */
import type { Random } from '../../../protocols/random.ts';
import { isArm, isFootplate, isGait, toRangeRad, type FootplateProfile, type RobotProfile } from '../../../protocols/profile.ts';
import type { OperatorCommand, SessionSetup } from '../../../protocols/supervision.ts';
import { modesOf, type TrainingMode } from '../../../protocols/training-mode.ts';
import { kmhToMps } from '../../../protocols/units.ts';
import { ArmProgram } from '../../therapy/arm-program.ts';
import { BeltPace } from '../../therapy/belt-pace.ts';
import { emptyStep, groundOf, plateBounds, PlateProgram } from '../../therapy/plate-program.ts';
import { cadenceStepsPerMin } from '../../therapy/gait-reference.ts';
import type { Muscles } from '../../../sim/body/muscles.ts';
import type { Mode } from './lockstep/fault.ts';

export const patientKinds: readonly Muscles['kind'][] = ['passive', 'active', 'spastic'];

export interface CourseStep {
  readonly cycle: number;
  readonly command?: OperatorCommand;
  readonly mode?: TrainingMode;
  /** Of both legs. */
  readonly guidance?: number;
}

/** Cycles in which the robot is surely in a mode. */
export interface Window {
  readonly mode: Mode;
  readonly from: number;
  readonly to: number;
}

export interface Course {
  readonly index: number;
  readonly seed: number;
  /** As reports call him. */
  readonly patient: string;
  readonly muscles: Muscles;
  readonly bodyMassKg: number;
  readonly heightM: number;
  /** Of what the controller is told: it knows neither. */
  readonly limbMassScale: number;
  readonly frictionScale: number;
  readonly setup: SessionSetup;
  readonly steps: readonly CourseStep[];
  readonly windows: readonly Window[];
  readonly strideCycles: number;
  readonly cycles: number;
  /** Bytes come late and in bursts, ticks late: only false stops are looked for, because bars are stated for a machine that is on time. */
  readonly jittery: boolean;
}

/** Own values. Body mass and height of most adults; speeds of robot gait. */
const MASS_KG = [50, 100] as const;
const HEIGHT_M = [1.55, 1.95] as const;
const SPEED_KMH = [1.2, 2.8] as const;
/** What a patient gives who takes part, own values: residual strength, as most have who train in a gait orthosis. */
const EFFORT_NM = [4, 10] as const;
/** What the controller does not know of limb and orthosis. */
const MASS_SCALE = [0.8, 1.2] as const;
const FRICTION_SCALE = [0.5, 1.5] as const;
/** Seconds, as the supervisor and the gait need them. */
const BEGIN_SEC = 0.5;
const READY_SEC = 0.5;
const ARMING_SEC = 1;
const HOLD_SEC = 1.5;
const PAUSED_SEC = 2;
const LAST_WALK_SEC = 3;
const LOWER_SEC = 3.5;
interface Part {
  readonly mode: Mode;
  readonly training: TrainingMode;
  readonly guidance: number;
  readonly share: number;
}

/** What a robot that only guides walks in. A third fully guided. */
const guidedParts = (training: TrainingMode): readonly Part[] => [
  { mode: 'walk100', training, guidance: 1, share: 0.34 },
  { mode: 'walk60', training, guidance: 0.6, share: 0.22 },
  { mode: 'walk30', training, guidance: 0.3, share: 0.22 },
  { mode: 'walk0', training, guidance: 0, share: 0.22 },
];
/** Half guided; every other mode at full strength. */
const gaitParts: readonly Part[] = [
  ...guidedParts('guidedGait').slice(0, 1).map((part) => ({ ...part, share: 0.2 })),
  ...(['pathControl', 'assistStiffness', 'assistTorque', 'resist', 'transparent'] as const).map((mode) => ({ mode, training: mode, guidance: 1, share: 0.1 })),
  ...guidedParts('guidedGait').slice(1).map((part) => ({ ...part, share: 0.1 })),
];
/** Stairs, half of it up and half down, a fifth of the way. */
const plateParts: readonly Part[] = [
  ...guidedParts('levelWalk').map((part) => ({ ...part, share: 0.8 * part.share })),
  ...(['stairsUp', 'stairsDown'] as const).map((training) => ({ mode: 'walk100' as const, training, guidance: 1, share: 0.1 })),
];
const partsOf = (profile: RobotProfile): readonly Part[] => (isGait(profile) ? gaitParts : isFootplate(profile) ? plateParts : guidedParts(modesOf(profile)[0]));
/** In which a relaxed patient makes no stride: nobody leads him. */
const aloneModes: readonly TrainingMode[] = ['transparent', 'resist'];
const walkedShare = (profile: RobotProfile): number => partsOf(profile).reduce((sum, { training, share }) => sum + (aloneModes.includes(training) ? 0 : share), 0);
/** Of a session's walking, between one ready and the next. */
const BLOCK_WALK_SEC = 90;
/** The first and the last stride of a block count in part only. */
const UNCOUNTED = 1.05;
const GUIDANCE_STEP = 0.1;
const GUIDANCE_STEP_SEC = 0.2;
/** A mode fades into the next. */
const MODE_SEC = 2.2;

const between = (random: Random, [from, to]: readonly [number, number]): number => from + (to - from) * random.next();

/** Whom the robot is meant for. */
const within = ([from, to]: readonly [number, number], { min, max }: { readonly min: number; readonly max: number }): readonly [number, number] => [Math.max(from, min), Math.min(to, max)];

const spasticGains = [1, 2, 3] as const;

function musclesOf(kind: Muscles['kind'], random: Random): Muscles {
  if (kind === 'active') return { kind, effortNm: between(random, EFFORT_NM) };
  if (kind === 'spastic') return { kind, gain: spasticGains[random.int(spasticGains.length)] ?? 1 };
  return { kind: 'passive' };
}

/** @param strides how many to walk at least @param shortestSec and how long */
export function createCourse(profile: RobotProfile, index: number, random: Random, strides: number, shortestSec: number, jittery = false): Course {
  const seed = random.int(0xffff_ffff);
  const speedMps = speedOf(profile, random);
  const { massKg, heightM: heightsM } = profile.therapy.patient;
  const [bodyMassKg, heightM] = [between(random, within(MASS_KG, massKg)), between(random, within(HEIGHT_M, heightsM))];
  const stridesPerSec = stridesPerSecOf(profile, heightM, speedMps);
  const writer = new CourseWriter(profile, speedMps);
  const walkSec = Math.max(shortestSec, (strides * UNCOUNTED) / (stridesPerSec * walkedShare(profile)));
  const blocks = Math.max(1, Math.ceil(walkSec / BLOCK_WALK_SEC));
  const patient = patientKinds[index % patientKinds.length] ?? 'passive';
  for (let block = 0; block < blocks; block++) writer.block(walkSec / blocks);
  return {
    index,
    seed,
    patient,
    muscles: musclesOf(patient, random),
    bodyMassKg,
    heightM,
    limbMassScale: between(random, MASS_SCALE),
    frictionScale: between(random, FRICTION_SCALE),
    setup: {
      patientRef: 'demo-1',
      bodyMassKg,
      heightM,
      permittedRangeRad: profile.joints.map(({ softRangeDeg }) => ({ ...toRangeRad(softRangeDeg) })),
      confirmed: { identity: true, side: true, consent: true, geometry: true, alarms: true },
      parameters: { speedMps, guidance: { left: 1, right: 1 }, romScale: profile.joints.map(() => 1), offsetRad: profile.joints.map(() => 0), unloadingKg: profile.bodyWeightSupport?.initialKg },
    },
    steps: writer.steps,
    windows: writer.windows,
    strideCycles: profile.controlRateHz / stridesPerSec,
    cycles: writer.cycle,
    jittery,
  };
}

/** Of most robot gait; a hand goes at any speed that the profile lets it. */
function speedOf(profile: RobotProfile, random: Random): number {
  if (profile.class !== 'arm') return kmhToMps(between(random, within(SPEED_KMH, profile.therapy.speedKmh)));
  const { min, max } = profile.therapy.handSpeedMps;
  return between(random, [min, max]);
}

/** Strides or repetitions. */
function stridesPerSecOf(profile: RobotProfile, heightM: number, speedMps: number): number {
  if (isArm(profile)) return new ArmProgram(profile, heightM).repetitionsPerSec(speedMps);
  return isFootplate(profile) ? platesPerSec(profile, heightM, speedMps) : cadenceStepsPerMin(speedMps) / 120;
}

/** Over level ground, as the profile has it. */
function platesPerSec(profile: FootplateProfile, heightM: number, speedMps: number): number {
  const program = new PlateProgram(profile, heightM);
  const lift = profile.joints.find(({ kind }) => kind === 'vertical');
  const plain = { wish: { scale: 1, offsetRad: 0 } };
  const mean = emptyStep();
  if (lift !== undefined) program.shape([{ foreAft: plain, vertical: { ...plain, bounds: plateBounds(lift) }, pitch: plain, step: emptyStep() }], groundOf('levelWalk'), mean);
  return program.stridesPerSec(speedMps, mean);
}

class CourseWriter {
  readonly steps: CourseStep[] = [];
  readonly windows: Window[] = [];
  readonly #parts: readonly Part[];
  readonly #rateHz: number;
  readonly #startSec: number;
  /** A pattern that grows again does so at the speed that it had, as slowly as its belt may. */
  readonly #resumeSec: number;
  readonly #stopSec: number;
  cycle: number;

  constructor(profile: RobotProfile, speedMps: number) {
    this.#parts = partsOf(profile);
    this.#rateHz = profile.controlRateHz;
    this.#startSec = profile.therapy.softStartSec;
    const belt = isGait(profile) ? BeltPace.of(profile, profile.therapy.softStopSec) : null;
    this.#resumeSec = Math.max(this.#startSec, belt?.growSec(speedMps) ?? 0);
    this.#stopSec = profile.therapy.softStopSec;
    this.cycle = Math.round(BEGIN_SEC * this.#rateHz);
  }

  /** From ready to ready. */
  block(walkSec: number): void {
    this.#stay('ready', READY_SEC);
    this.steps.push({ cycle: this.cycle, command: 'arm' });
    this.#stay('arming', ARMING_SEC);
    this.#stay('hold', HOLD_SEC);
    this.steps.push({ cycle: this.cycle, command: 'start' });
    this.#stay('starting', this.#startSec);
    let guidance = 1;
    let training = this.#parts[0]?.training;
    for (const part of this.#parts) {
      if (part.training !== training) this.#change((training = part.training));
      guidance = this.#ramp(guidance, part.guidance);
      this.#stay(part.mode, Math.max(1, walkSec * part.share));
    }
    this.steps.push({ cycle: this.cycle, command: 'pause' });
    this.#stay('pausing', this.#stopSec);
    this.#pass(GUIDANCE_STEP_SEC);
    this.#stay('paused', PAUSED_SEC);
    this.#ramp(guidance, 1);
    this.steps.push({ cycle: this.cycle, command: 'resume' });
    this.#stay('starting', this.#resumeSec);
    this.#stay('walk100', LAST_WALK_SEC);
    this.steps.push({ cycle: this.cycle, command: 'disarm' });
    this.#stay('stopping', this.#stopSec);
    this.#pass(LOWER_SEC);
  }

  #change(mode: TrainingMode): void {
    this.steps.push({ cycle: this.cycle, mode });
    this.#pass(MODE_SEC);
  }

  #ramp(from: number, to: number): number {
    const count = Math.round(Math.abs(to - from) / GUIDANCE_STEP);
    for (let i = 1; i <= count; i++) {
      this.steps.push({ cycle: this.cycle, guidance: Number((from + ((to - from) * i) / count).toFixed(3)) });
      this.#pass(GUIDANCE_STEP_SEC);
    }
    return to;
  }

  #stay(mode: Mode, sec: number): void {
    const from = this.cycle;
    this.#pass(sec);
    // A command takes its first cycles to be obeyed.
    this.windows.push({ mode, from: from + 3, to: this.cycle });
  }

  #pass(sec: number): void {
    this.cycle += Math.round(sec * this.#rateHz);
  }
}
