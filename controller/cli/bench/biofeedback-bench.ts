/** Whether biofeedback ranks who takes part above who is passive, and him above who resists, at every speed and every unloading. */
import { DariError } from '../../../protocols/errors.ts';
import { isGait, type GaitProfile, type RobotProfile } from '../../../protocols/profile.ts';
import type { StrideFigures } from '../../../protocols/stride-figures.ts';
import { StrideWatch } from '../../metrics/stride-figures.ts';
import { mean } from '../../metrics/variability.ts';
import { loadPatient } from '../patients.ts';
import { atLeast, type Reached } from './reached.ts';
import { Training } from './training.ts';

/** From who drives the movement most to who does least. */
const PATIENTS = ['active', 'passive', 'spastic-2'] as const;
const SPEEDS_KMH = [0.5, 1, 1.5, 2, 2.5, 3.2];
const UNLOADED = [0, 0.1, 0.2, 0.3, 0.4, 0.5];
/** Of each leg; the first of them is left out. */
const STRIDES = 3;
const MOST_SEC = 60;
/** Own value: two who are closer are not told apart. */
const LEAST_APART_NM = 0.01;
const phases = ['stanceNm', 'swingNm'] as const;
const kinds = ['hip', 'knee'] as const;

export async function benchBiofeedback(profile: RobotProfile, speedsKmh: readonly number[] = SPEEDS_KMH, unloaded: readonly number[] = UNLOADED): Promise<Reached[]> {
  if (!isGait(profile)) throw new DariError('usage', 'Biofeedback is measured on a gait robot. Choose one of those profiles.');
  const reached: Reached[] = [];
  const shares = profile.bodyWeightSupport === undefined ? [0] : unloaded;
  for (const speedKmh of speedsKmh) for (const share of shares) reached.push(await ranked(profile, speedKmh, share));
  return reached;
}

/** By the pair of patients that are closest to each other, of hip and knee in both phases. */
async function ranked(profile: GaitProfile, speedKmh: number, unloadedShare: number): Promise<Reached> {
  const told: Feedback[] = [];
  for (const patient of PATIENTS) told.push(await feedbackOf(profile, patient, speedKmh, unloadedShare));
  let [leastNm, closest] = [Infinity, ''];
  for (let i = 1; i < PATIENTS.length; i++)
    for (const [key, value] of told[i] ?? []) {
      const apartNm = (told[i - 1]?.get(key) ?? Number.NaN) - value;
      if (apartNm >= leastNm) continue;
      [leastNm, closest] = [apartNm, `${PATIENTS[i - 1]} over ${PATIENTS[i]} at ${key}`];
    }
  return atLeast(`${profile.id}, ${speedKmh} km/h, ${Math.round(100 * unloadedShare)} % unloaded: closest of two neighbours`, leastNm, LEAST_APART_NM, 'Nm apart', closest);
}

/** Nm by kind of joint and phase. */
type Feedback = ReadonlyMap<string, number>;

async function feedbackOf(profile: GaitProfile, patient: string, speedKmh: number, unloadedShare: number): Promise<Feedback> {
  const { bodyMassKg } = loadPatient(patient, profile).patient;
  const unloadingKg = profile.bodyWeightSupport === undefined ? {} : { unloadingKg: unloadedShare * bodyMassKg };
  const strides: StrideFigures[] = [];
  let watch: StrideWatch | null = null;
  const training = await Training.begin({ profile, patient, initial: { speedKmh, ...unloadingKg }, sink: { row: (row, start) => watch?.row(row, start) } });
  try {
    watch = new StrideWatch(profile, training.setup, (figures) => strides.push(figures));
    for (let sec = 0; sec < MOST_SEC && strides.length < 2 * STRIDES; sec++) await training.run(1);
  } finally {
    training.dispose();
  }
  if (strides.length < 2 * STRIDES) throw new DariError('notPermittedNow', `The patient "${patient}" did not walk at ${speedKmh} km/h (${training.stoppedBy ?? 'too slowly'}).`);
  const joints = strides.slice(2, 2 * STRIDES).flatMap((figures) => figures.joints);
  return new Map(
    kinds.flatMap((kind) =>
      phases.map((phase) => {
        const values = joints.filter(({ jointId }) => jointId.startsWith(kind)).flatMap((joint) => joint[phase] ?? []);
        return [`${kind} ${phase === 'stanceNm' ? 'stance' : 'swing'}`, mean(values) ?? Number.NaN] as const;
      }),
    ),
  );
}
