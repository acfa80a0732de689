/** Sessions of a robot that only measures: a person moves his arm by himself, from posture to posture, and every reading is to be believed. */
import { sensedJointsOf, type RobotProfile } from '../../../protocols/profile.ts';
import type { Random } from '../../../protocols/random.ts';
import type { SimulatedPatient } from '../../../sim/body/simulated-patient.ts';
import { scriptSetup } from '../session-script.ts';
import type { Course } from './course.ts';

/** What is left of his strength. */
const patients = { reaching: 1, 'reaching-weak': 0.25 } as const;
type Patient = keyof typeof patients;
export const reachingPatients: readonly Patient[] = ['reaching', 'reaching-weak'];

/** Own values: most adults; from a slow hand to one whose elbow turns at 200 °/s. */
const MASS_KG = [50, 100] as const;
const HEIGHT_M = [1.55, 1.95] as const;
const MASS_SCALE = [0.8, 1.2] as const;
const MOVE_SEC = [0.6, 1.6] as const;
const REST_SEC = [0, 0.8] as const;
const POSTURES = 6;
/** A healthy arm's, as of the patient that comes with Dari. */
const EFFORT_NM = 40;
const GRIP_N = 60;
/** Within the range that is meant to be used. */
const MARGIN_DEG = 8;
const BEGIN_SEC = 1.5;

const between = (random: Random, [from, to]: readonly [number, number]): number => from + (to - from) * random.next();

/** @param movements from posture to posture, at least @param shortestSec and how long */
export function createMeasuredCourse(profile: RobotProfile, index: number, random: Random, movements: number, shortestSec: number, jittery: boolean): Course {
  const seed = random.int(0xffff_ffff);
  const name = reachingPatients[index % reachingPatients.length] ?? 'reaching';
  const [bodyMassKg, heightM] = [between(random, MASS_KG), between(random, HEIGHT_M)];
  const [moveSec, restSec] = [between(random, MOVE_SEC), between(random, REST_SEC)];
  const springs = { upperArm: 2 + random.int(4), forearm: 2 + random.int(4) };
  const cycleSec = moveSec + restSec;
  const cycles = Math.ceil((BEGIN_SEC + Math.max(shortestSec, movements * cycleSec)) * profile.controlRateHz);
  const script = { title: 'campaign', profile: profile.id, patient: { ref: 'demo-1', bodyMassKg, heightM }, durationSec: 1, initial: { springs }, timeline: [] };
  return {
    index,
    seed,
    patient: name,
    muscles: { kind: 'person', patient: { ...personOf(profile, name, random, { moveSec, restSec }), bodyMassKg, heightM } },
    bodyMassKg,
    heightM,
    limbMassScale: between(random, MASS_SCALE),
    frictionScale: 1,
    setup: scriptSetup(script, profile),
    steps: [],
    windows: [{ mode: 'ready', from: Math.round(BEGIN_SEC * profile.controlRateHz), to: cycles }],
    strideCycles: cycleSec * profile.controlRateHz,
    cycles,
    jittery,
  };
}

function personOf(profile: RobotProfile, name: Patient, random: Random, pace: { readonly moveSec: number; readonly restSec: number }): Omit<SimulatedPatient, 'bodyMassKg' | 'heightM'> {
  const strength = patients[name];
  const posture = (): number[] => sensedJointsOf(profile).map(({ softRangeDeg: { min, max } }) => between(random, [min + MARGIN_DEG, max - MARGIN_DEG]));
  return {
    schemaVersion: 1,
    name: { en: name, ko: name, de: name },
    effortNm: EFFORT_NM,
    strength: { left: strength, right: strength },
    spasticity: { left: 0, right: 0 },
    reaches: { posturesDeg: Array.from({ length: POSTURES }, posture), ...pace, gripN: GRIP_N },
  };
}
