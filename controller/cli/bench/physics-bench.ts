/**
 * How fast the physics of each robot runs in lock-step, with a patient in it and everything around it: drives, wires, hub, controller
 * and monitor. Time is processor time of this process, its compiler and collector counted, so that other programs on the machine
 * take nothing away. Each robot trains twice with the same seed, and every millisecond of its truth has to be the same.
 */
import { createHash } from 'node:crypto';
import { isGait, type RobotProfile } from '../../../protocols/profile.ts';
import { measureBareSpeed } from '../../../sim/body/bare-speed.ts';
import { emptyTruthRecord, type TruthRecord } from '../../../sim/truth.ts';
import { AVERAGE_PATIENT } from '../../../sim/virtual-robot.ts';
import { knownProfiles, loadProfile } from '../profiles.ts';
import { ON_GROUND, onGround } from './ground.ts';
import { atLeast, beside, type Reached } from './reached.ts';
import { Training } from './training.ts';

const LEAST_TIMES = 12;
/** Of each training: hashed, then timed. */
const [HASHED_SEC, TIMED_SEC] = [6, 15];
const SEED = 1;
const PATIENT = 'passive';

export async function benchPhysics(robots: readonly RobotProfile[] = everyRobot()): Promise<Reached[]> {
  const reached: Reached[] = [];
  for (const profile of robots) {
    const name = isGait(profile) && profile.geometry.ground !== undefined ? `${profile.id} on ground` : profile.id;
    const bare = await measureBareSpeed(profile, AVERAGE_PATIENT, processorUs);
    const first = await train(profile);
    const again = await train(profile);
    reached.push(
      atLeast(`${name}: whole simulation`, again.timesRealTime, LEAST_TIMES, '× real time'),
      beside(`${name}: bare engine`, bare.timesRealTime, '× real time'),
      atLeast(`${name}: runs of the same seed with the same bits`, first.bits === again.bits ? 2 : 1, 2, 'of 2', again.bits.slice(0, 16)),
    );
  }
  return reached;
}

const everyRobot = (): RobotProfile[] => {
  const robots = knownProfiles().map((name) => loadProfile(name).profile);
  return [...robots, ...robots.filter(isGait).filter(({ bodyWeightSupport }) => bodyWeightSupport !== undefined).map(onGround)];
};

function processorUs(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}

async function train(profile: RobotProfile): Promise<{ timesRealTime: number; bits: string }> {
  const training = await Training.begin({ profile, patient: PATIENT, initial: profile.class === 'gait' && profile.geometry.ground !== undefined ? ON_GROUND : {}, seed: SEED });
  try {
    const { rig } = training;
    const truth = emptyTruthRecord(rig.robot.robot.truth().joints.length);
    const hash = createHash('sha256');
    rig.onMoved = () => {
      rig.robot.robot.fillTruth(truth);
      hash.update(bytesOf(truth.positionRad)).update(bytesOf(truth.velocityRadPerSec)).update(bytesOf(truth.cuffTorqueNm)).update(actuatorsOf(truth));
    };
    await training.run(HASHED_SEC);
    rig.onMoved = () => {};
    const startUs = processorUs();
    await training.run(TIMED_SEC);
    return { timesRealTime: TIMED_SEC / ((processorUs() - startUs) / 1e6), bits: hash.digest('hex') };
  } finally {
    training.dispose();
  }
}

const bytesOf = ({ buffer, byteOffset, byteLength }: Float64Array): Uint8Array => new Uint8Array(buffer, byteOffset, byteLength);
const actuatorsOf = ({ nowUs, beltMps, unloadingN }: TruthRecord): Uint8Array => bytesOf(Float64Array.of(nowUs, beltMps, unloadingN));
