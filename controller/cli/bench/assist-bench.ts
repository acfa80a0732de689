/**
 * Both laws that assist as needed, with every patient that comes with Dari. That help decays with the stated constant where there is
 * no error, and never is more than it may be, follows for whatever a patient does (test/controller/therapy/laws/assist.test.ts). Here:
 * that his error stays bounded, that no motor exceeds its limit, and how much he does compared with help that forgets nothing, which
 * is guided gait.
 */
import { isGait, type GaitProfile, type RobotProfile } from '../../../protocols/profile.ts';
import type { GaitMode } from '../../../protocols/training-mode.ts';
import { DariError } from '../../../protocols/errors.ts';
import { radToDeg } from '../../../protocols/units.ts';
import { knownPatients, loadPatient } from '../patients.ts';
import { atLeast, atMost, beside, type Reached } from './reached.ts';
import { Rms } from './swing.ts';
import { Training } from './training.ts';

const LAWS: readonly GaitMode[] = ['assistStiffness', 'assistTorque'];
const FORGETS_NOTHING: GaitMode = 'guidedGait';
const SPEED_KMH = 2;
/** Who slacks is guided first, and so feels how his legs should go: the model of slacking is about an error. */
const SHOWN_SEC = 32;
/** The pattern grows and the law learns; then two looks, to see that the error does not grow. */
const [LEARNS_SEC, LOOK_SEC] = [42, 15];
/** Own bars: a leg that has lost the pattern is 15 to 30° off; and what varies from one look to the next. */
const MOST_OFF_DEG = 8;
const MOST_GROWTH = 1.15;

interface Look {
  readonly offDeg: number;
  /** Of his muscles, W of positive power, all joints together. */
  readonly ownW: number;
  /** Of a drive's limit, the worst. */
  readonly motorShare: number;
}

/** @param patients by name; of those that train arms none */
export async function benchAssist(profile: RobotProfile, patients: readonly string[] = legPatients(profile)): Promise<Reached[]> {
  if (!isGait(profile)) throw new DariError('usage', 'Only gait robots assist as needed. Choose one of those profiles.');
  const reached: Reached[] = [];
  for (const patient of patients) {
    const usual = await trained(profile, patient, FORGETS_NOTHING);
    for (const mode of LAWS) reached.push(...compared(`${patient}, ${mode}`, await trained(profile, patient, mode), usual, slacksAtAll(profile, patient)));
  }
  return reached;
}

const legPatients = (profile: RobotProfile): string[] => knownPatients().filter((name) => loadPatient(name, profile).patient.reaches === undefined);

const slacksAtAll = (profile: GaitProfile, patient: string): boolean => loadPatient(patient, profile).patient.slacksTo !== undefined;

/** @returns two looks, or what stopped it */
async function trained(profile: GaitProfile, patient: string, mode: GaitMode): Promise<readonly [Look, Look] | string> {
  const slacks = slacksAtAll(profile, patient);
  const training = await Training.begin({ profile, patient, initial: { mode: slacks ? FORGETS_NOTHING : mode, speedKmh: SPEED_KMH, guidance: { left: 1, right: 1 } } });
  try {
    if (slacks) {
      await training.run(SHOWN_SEC);
      training.changeMode(mode);
    }
    await training.run(LEARNS_SEC);
    const looks = [await look(training), await look(training)] as const;
    return training.stoppedBy ?? looks;
  } finally {
    training.dispose();
  }
}

async function look(training: Training): Promise<Look> {
  const { profile, rig } = training;
  const { body } = rig.robot.robot;
  const off = profile.joints.map(() => new Rms());
  let [ownW, cycles, motorShare] = [0, 0, 0];
  await training.run(LOOK_SEC, () => {
    cycles++;
    profile.joints.forEach(({ torqueLimitNm }, j) => {
      off[j]?.add(radToDeg((rig.loop.cycle.output.joints[j]?.referencePositionRad ?? Number.NaN) - body.positionRad(j)));
      ownW += Math.max(0, body.muscleTorqueNm(j) * body.limbRadPerSec(j));
      motorShare = Math.max(motorShare, Math.abs(body.motorTorqueNm(j)) / torqueLimitNm);
    });
  });
  return { offDeg: Math.max(...off.map(({ value }) => value)), ownW: ownW / cycles, motorShare };
}

function compared(what: string, helped: readonly [Look, Look] | string, usual: readonly [Look, Look] | string, slacks: boolean): Reached[] {
  if (typeof helped === 'string') return [beside(`${what}: stopped`, Number.NaN, '', helped)];
  const [before, after] = helped;
  const ownShare = typeof usual === 'string' ? Number.NaN : after.ownW / usual[1].ownW;
  const participation = `${what}: what he does, of what he does where help forgets nothing`;
  return [
    atMost(`${what}: error of the worst joint, RMS`, after.offDeg, MOST_OFF_DEG, 'deg'),
    atMost(`${what}: the same, of what it was ${LOOK_SEC} s before`, after.offDeg / before.offDeg, MOST_GROWTH, ''),
    atMost(`${what}: torque of a motor, of its limit`, Math.max(before.motorShare, after.motorShare), 1, ''),
    ...(Number.isFinite(ownShare) ? [slacks ? atLeast(participation, ownShare, 1, '') : beside(participation, ownShare, '')] : []),
  ];
}
