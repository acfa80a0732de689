/**
 * What a person feels of a robot that should not be felt: RMS of the true torque in the cuffs while he swings a joint by ±15° and holds the
 * others of that limb. An arm's joint swings about the middle of its range: nearer to its end than 23° it meets the spring that holds it off
 * there (`end-of-range.ts`), which is to be felt.
 */
import { armsOf } from '../../../protocols/arm-profile.ts';
import { allJointsOf, isArm, isDriven, isGait, sensedJointsOf, type ArmProfile, type RobotProfile } from '../../../protocols/profile.ts';
import { modesOf, type TrainingMode } from '../../../protocols/training-mode.ts';
import { US_PER_S } from '../../../protocols/units.ts';
import { createArmChain } from '../../estimation/arm-dynamics.ts';
import { knownProfiles, loadProfile } from '../profiles.ts';
import { atMost, type Reached } from './reached.ts';
import { Rms, Swing } from './swing.ts';
import { Training } from './training.ts';

/** The bar is for the first; the other one shows that it does not hold there alone. */
const HZ = 1;
const SLOW_HZ = 0.5;
const AMPLITUDE_DEG = 15;
/** A person's own control of his limb, and who he is. A leg of 75 kg asks more of him for this swing than an orthosis lets him give (`interactionLimitNm`). */
const LEG = { stiffnessNmPerRad: 250, dampingNmsPerRad: 15, mostNm: 3, person: { bodyMassKg: 50, heightM: 1.55 } };
const ANKLE = { ...LEG, stiffnessNmPerRad: 60, dampingNmsPerRad: 3 };
const ARM = { ...ANKLE, mostNm: 1, person: { bodyMassKg: 75, heightM: 1.8 } };
/** Where a leg swings about. */
const MIDDLE_DEG: Readonly<Record<string, number>> = { hip: 0, knee: 30, ankle: 0 };
const [SETTLED_SEC, GROWING_SEC] = [6, 16];
const LOOKED_AT_SEC = 6 - 0.004; // ends within the last swing

export async function benchTransparent(): Promise<Reached[]> {
  const reached: Reached[] = [];
  for (const name of knownProfiles()) {
    const { profile } = loadProfile(name);
    if (!isDriven(profile) || !(isGait(profile) || isArm(profile))) continue;
    const side = profile.joints[0]?.side;
    for (const mode of yieldingModes(profile)) for (const [joint, { side: of, kind }] of profile.joints.entries()) {
      if (of !== side) continue;
      reached.push(await felt(profile, { mode, joint }));
      reached.push(await felt(profile, { mode, joint, hz: SLOW_HZ }));
      if (kind === 'hip') reached.push(await felt(profile, { mode, joint, dangling: 'knee' }));
    }
  }
  return reached;
}

/** In which this robot is to be felt least, on the first side that it has; null: it has none, and gives no guidance instead. */
function yieldingModes(profile: RobotProfile): readonly (TrainingMode | null)[] {
  const modes = modesOf(profile).filter((mode) => mode === 'transparent' || mode === `${profile.joints[0]?.side ?? ''}Leads`);
  return modes.length === 0 ? [null] : modes;
}

interface Look {
  readonly mode: TrainingMode | null;
  readonly joint: number;
  readonly hz?: number;
  /** Of the same limb, what he lets hang. */
  readonly dangling?: string;
}

async function felt(profile: RobotProfile, { mode, joint, hz = HZ, dangling }: Look): Promise<Reached> {
  const { id = '', kind = '', side, softRangeDeg } = profile.joints[joint] ?? {};
  const whose = isArm(profile) ? ARM : kind === 'ankle' ? ANKLE : LEG;
  const training = await Training.begin({ profile, patient: whose.person, initial: mode === null ? { guidance: { left: 0, right: 0 } } : { mode } });
  try {
    const { body } = training.rig.robot.robot;
    const periodSec = training.rig.periodUs / US_PER_S;
    await training.run(SETTLED_SEC);
    const middleDeg = MIDDLE_DEG[kind] ?? ((softRangeDeg?.min ?? Number.NaN) + (softRangeDeg?.max ?? Number.NaN)) / 2;
    const swing = new Swing(body, { joint, hz, amplitudeDeg: AMPLITUDE_DEG, middleDeg, ...whose });
    const held = allJointsOf(profile).flatMap((other, j) => (j !== joint && other.side === side && other.kind !== dangling ? [new Swing(body, { joint: j, hz, amplitudeDeg: 0, ...whose })] : []));
    const go = (): void => {
      for (const one of [swing, ...held]) one.go(periodSec);
    };
    const weightNm = isArm(profile) ? carriedWeight(profile, joint, (j) => body.positionRad(j)) : (): number => 0;
    const rms = new Rms();
    await training.run(GROWING_SEC, go);
    await training.run(LOOKED_AT_SEC, () => {
      go();
      rms.add(body.cuffTorqueNm(joint) + weightNm());
    });
    const state = training.stoppedBy;
    const note = state ?? `± ${swing.amplitudeDeg.toFixed(1)}°`;
    const how = `${hz} Hz${dangling === undefined ? '' : `, ${dangling} hanging free`}`;
    return atMost(`${profile.id}, ${mode ?? 'no guidance'}, ${id}, ${how}: in the cuffs${isArm(profile) ? ', beside the weight of the arm that is carried' : ''}, RMS`, state === null ? rms.value : Infinity, whose.mostNm, 'Nm', note);
  } finally {
    training.dispose();
  }
}

/** Of the person's arm at one joint, which the robot carries on purpose. */
function carriedWeight(profile: ArmProfile, joint: number, positionRad: (joint: number) => number): () => number {
  const arm = armsOf(profile.joints).find(({ places }) => places.includes(joint));
  if (arm === undefined) throw new RangeError(`joint ${joint} is of no arm`);
  const seen = sensedJointsOf(profile).map((_, i) => ({
    get positionRad() {
      return positionRad(profile.joints.length + i);
    },
    velocityRadPerSec: 0,
  }));
  const chains = [ARM.person, null].map((person) => createArmChain(profile, arm, person, ARM.person.heightM, seen));
  const at = arm.places.indexOf(joint);
  return () => {
    const [withArm, without] = chains.map((chain) => chain.gravity(arm.places.map(positionRad), new Float64Array(arm.places.length))[at] ?? Number.NaN);
    return (withArm ?? Number.NaN) - (without ?? Number.NaN);
  };
}
