/** Orthosis and patient as the drives and sensors meet them: torques in, true joint motion out. */
import { sides, type Side } from '../../protocols/supervision.ts';
import { createRandom } from '../../protocols/random.ts';
import { DariError } from '../../protocols/errors.ts';
import type { JointProfile, RobotProfile } from '../../protocols/profile.ts';
import { STEP_US } from '../drives/device.ts';
import { Engine, loadEngine } from './engine.ts';
import { humanLeg, orthosisLeg, type Patient } from './human.ts';
import { CUFF_IMPEDANCE, HUMAN_DAMPING_NMS_PER_RAD, bodyModel, cuffName, cuffedParts, findJoint, humanJointName, orthosisJointName, segmentName } from './model.ts';
import type { JointMuscles } from './joint-muscles.ts';
import { createMuscles } from './muscles.ts';
import { LIFTED_ANKLE_RAD, passiveAnkleTorqueNm, passiveHipTorqueNm, passiveKneeTorqueNm } from './passive.ts';
import { legChain, restPose, type LegAngles } from './rest-pose.ts';

/** Spreads the seeds of the joints' muscles. */
const SEED_STEP = 0xc2b2_ae35;
/** A held limb creeps by less than 1.5 degrees per second under 50 Nm. */
const BLOCK_NMS_PER_RAD = 2_000;
/** What a brake adds to a joint's friction. */
const BRAKE_NM = 150;

interface LimbIndexes {
  readonly side: Side;
  readonly hip: number;
  readonly knee: number;
  /** −1: a foot lifter holds it. */
  readonly ankle: number;
}

export class Body {
  readonly #engine: Engine;
  readonly #profile: RobotProfile;
  /** Place of each joint of the profile in the engine's vectors. */
  readonly #joints: readonly number[];
  readonly #limbs: readonly LimbIndexes[];
  /** Place of the patient's own joint beside each of the profile. */
  readonly #humanJoints: readonly number[];
  readonly #motorNm: Float64Array;
  /** What pushes on each human joint beside its own tissue. */
  readonly #pushNm: Float64Array;
  /** His muscles rest whatever they are, and nothing happens to him: while the robot is prepared, which is done without a patient. */
  relaxed = false;
  #cuffsClosed = true;
  /** Beside each joint of the profile; null: relaxed. */
  readonly #muscles: readonly (JointMuscles | null)[];
  /** Fetched at most once per step: reaching into the engine costs more than all the rest of a sensor. */
  #forces: Float64Array | null = null;
  #jacobian: Float64Array | null = null;

  private constructor(engine: Engine, profile: RobotProfile, patient: Patient, seed: number) {
    this.#engine = engine;
    this.#profile = profile;
    this.#muscles = profile.joints.map((joint, i) => createMuscles(patient.muscles ?? { kind: 'passive' }, joint, createRandom(seed + SEED_STEP * (i + 1))));
    this.#joints = profile.joints.map((joint) => engine.jointIndex(orthosisJointName(joint.side, joint.kind)));
    this.#humanJoints = profile.joints.map((joint) => engine.jointIndex(humanJointName(joint.side, joint.kind)));
    this.#limbs = sides.map((side) => ({
      side,
      hip: engine.jointIndex(humanJointName(side, 'hip')),
      knee: engine.jointIndex(humanJointName(side, 'knee')),
      ankle: findJoint(profile, side, 'ankle') === undefined ? -1 : engine.jointIndex(humanJointName(side, 'ankle')),
    }));
    this.#motorNm = new Float64Array(profile.joints.length);
    this.#pushNm = new Float64Array(profile.joints.length);
    const { cuffStiffnessNPerM, cuffDampingNsPerM } = profile.geometry;
    for (const side of sides)
      for (const part of cuffedParts(profile, side)) {
        const bodies = [segmentName('orthosis', part, side), segmentName('human', part, side)] as const;
        engine.setConnectStiffness(cuffName(part, side), bodies, cuffStiffnessNPerM, cuffDampingNsPerM, CUFF_IMPEDANCE);
      }
    this.#hang(patient);
  }

  /** The patient hangs in the orthosis, at rest. @param seed of what his muscles do */
  static async create(profile: RobotProfile, patient: Patient, seed = 0): Promise<Body> {
    const mujoco = await loadEngine();
    const engine = new Engine(mujoco, bodyModel(profile, patient, { timestepS: STEP_US / 1e6 }));
    return new Body(engine, profile, patient, seed);
  }

  positionRad(joint: number): number {
    return this.#engine.qposRad[this.#index(joint)] ?? 0;
  }

  velocityRadPerSec(joint: number): number {
    return this.#engine.qvelRadPerSec[this.#index(joint)] ?? 0;
  }

  /** Torque of the motor at the joint, before friction; it stays until changed. */
  setMotorTorqueNm(joint: number, torqueNm: number): void {
    this.#motorNm[joint] = torqueNm;
    this.#engine.appliedNm[this.#index(joint)] = torqueNm;
  }

  /**
   * What a torque sensor between gear and segment shows: the motor's torque less what friction takes and what the
   * rotor needs to be accelerated.
   */
  jointTorqueNm(joint: number): number {
    const profile = this.#profile.joints[joint];
    if (profile === undefined) return 0;
    const index = this.#index(joint);
    const accelerationRadPerSec2 = this.#engine.qaccRadPerSec2[index] ?? 0;
    const friction = this.#coulombNm(index) - profile.viscousFrictionNmsPerRad * this.velocityRadPerSec(joint);
    return (this.#motorNm[joint] ?? 0) + friction - profile.rotorInertiaKgM2 * accelerationRadPerSec2;
  }

  motorTorqueNm(joint: number): number {
    return this.#motorNm[joint] ?? 0;
  }

  /** Torque about the orthosis' joint that the limb exerts through the two cuffs, in the step just made. */
  cuffTorqueNm(joint: number): number {
    if (!this.#cuffsClosed) return 0;
    const { connectRows, qvelRadPerSec } = this.#engine;
    this.#forces ??= this.#engine.constraintForces();
    this.#jacobian ??= this.#engine.constraintJacobian();
    const joints = qvelRadPerSec.length;
    const index = this.#index(joint);
    let torqueNm = 0;
    for (let row = 0; row < connectRows; row++) torqueNm += (this.#jacobian[row * joints + index] ?? 0) * (this.#forces[row] ?? 0);
    return torqueNm;
  }

  setBrakes(engaged: boolean): void {
    this.#profile.joints.forEach((joint, i) => {
      this.#engine.frictionLossNm[this.#index(i)] = joint.coulombFrictionNm + (engaged ? BRAKE_NM : 0);
    });
  }

  /** Torque of somebody else on the patient's joint, flexion positive; it stays until changed. */
  setPushNm(joint: number, torqueNm: number): void {
    this.#pushNm[joint] = torqueNm;
  }

  /** Opens the cuffs, so that the orthosis is empty, or closes them again. */
  setCuffs(closed: boolean): void {
    this.#cuffsClosed = closed;
    this.#engine.connect(closed);
  }

  /** He is put into the orthosis, or taken out. */
  setPatient(inside: boolean): void {
    this.setCuffs(inside);
    this.relaxed = !inside;
  }

  /** Holds the patient's joint fast where it is, or lets it go. */
  setBlocked(joint: number, blocked: boolean): void {
    const kind = this.#profile.joints[joint]?.kind;
    if (kind === undefined) return;
    this.#engine.dampingNmsPerRad[this.#humanJoints[joint] ?? 0] = blocked ? BLOCK_NMS_PER_RAD : HUMAN_DAMPING_NMS_PER_RAD[kind];
  }

  /** Moves everything by one `STEP_US`. @throws DariError `simulatorFailed` when the physics has blown up */
  step(): void {
    const { qposRad, qvelRadPerSec, appliedNm } = this.#engine;
    for (const { hip, knee, ankle } of this.#limbs) {
      const hipRad = qposRad[hip] ?? 0;
      const kneeRad = qposRad[knee] ?? 0;
      const ankleRad = ankle < 0 ? LIFTED_ANKLE_RAD : (qposRad[ankle] ?? 0);
      appliedNm[hip] = passiveHipTorqueNm(hipRad, kneeRad);
      appliedNm[knee] = passiveKneeTorqueNm(hipRad, kneeRad, ankleRad);
      if (ankle >= 0) appliedNm[ankle] = passiveAnkleTorqueNm(kneeRad, ankleRad);
    }
    for (let joint = 0; joint < this.#pushNm.length; joint++) {
      const index = this.#humanJoints[joint] ?? 0;
      const ownNm = this.relaxed ? 0 : (this.#muscles[joint]?.torqueNm(qvelRadPerSec[index] ?? 0, qposRad[index] ?? 0) ?? 0);
      appliedNm[index] = (appliedNm[index] ?? 0) + (this.#pushNm[joint] ?? 0) + ownNm;
    }
    this.#forces = null;
    this.#jacobian = null;
    this.#engine.step();
    if (this.#engine.broken) throw new DariError('simulatorFailed', 'The simulated body became unstable. Lower the stiffness or the torques and start again.');
  }

  dispose(): void {
    this.#engine.dispose();
  }

  #index(joint: number): number {
    return this.#joints[joint] ?? 0;
  }

  /** Friction rows stand in the order of the engine's joints; every driven joint has one if its profile has friction. */
  #coulombNm(index: number): number {
    const { frictionLossNm } = this.#engine;
    if ((frictionLossNm[index] ?? 0) === 0) return 0;
    let row = 0;
    for (let i = 0; i < index; i++) if ((frictionLossNm[i] ?? 0) > 0) row++;
    this.#forces ??= this.#engine.constraintForces();
    return this.#forces[this.#engine.connectRows + row] ?? 0;
  }

  #hang(patient: Patient): void {
    const { geometry } = this.#profile;
    const pose = restPose(legChain(humanLeg(patient, geometry), orthosisLeg(patient, geometry)));
    const { qposRad } = this.#engine;
    this.#profile.joints.forEach((joint, i) => {
      qposRad[this.#index(i)] = angleOf(pose, joint.kind);
      qposRad[this.#humanJoints[i] ?? 0] = angleOf(pose, joint.kind);
    });
    this.#engine.forward();
  }
}

const angleOf = (pose: LegAngles, kind: JointProfile['kind']): number => (kind === 'hip' ? pose.hipRad : kind === 'knee' ? pose.kneeRad : pose.ankleRad);
