/** Orthosis and patient as the drives and sensors meet them: torques in, true joint motion out. */
import { createRandom } from '../../protocols/random.ts';
import { DariError } from '../../protocols/errors.ts';
import { allJointsOf, type RobotProfile } from '../../protocols/profile.ts';
import { STEP_US } from '../drives/device.ts';
import type { BodyPlan, Tissue } from './body-plan.ts';
import { Engine, loadEngine } from './engine.ts';
import type { Patient } from './human.ts';
import { CUFF_IMPEDANCE } from './model.ts';
import type { Footing } from './footing.ts';
import { groundOf } from './ground.ts';
import type { JointMuscles } from './joint-muscles.ts';
import type { Prompt } from './prompt.ts';
import { createMuscles } from './muscles.ts';
import { GRAVITY_MPS2 } from './rest-pose.ts';
import { planOf } from './plan-of.ts';

/** Spreads the seeds of the joints' muscles. */
const SEED_STEP = 0xc2b2_ae35;
/**
 * What holds a limb fast gives no more than so much: beyond any drive. A friction, because the engine balances it with the
 * cuffs; a damper of this strength it does not, and 2 000 Nm in the cuffs flung a leg away at 780 degrees per second.
 */
const BLOCK_NM = 300;
/** What a brake adds to a joint's friction: at least so much, and more than its drive. */
const BRAKE_NM = 150;
const BRAKE_MARGIN = 1.2;

export class Body {
  readonly #engine: Engine;
  readonly #profile: RobotProfile;
  /** Place of each joint in the engine's vectors, those that are only measured behind the driven ones. */
  readonly #joints: readonly number[];
  /** What the engine has of a belt axis, m and N, is so much of its drum's angle; of a hinge 1. */
  readonly #leads: readonly number[];
  readonly #plan: BodyPlan;
  readonly #tissue: Tissue;
  /** Place of the patient's own joint beside each of the profile. */
  readonly #humanJoints: readonly number[];
  /** The joint beside the hand; −1: no arm. */
  readonly #hand: number;
  readonly #motorNm: Float64Array;
  /** What pushes on each human joint beside its own tissue. */
  readonly #pushNm: Float64Array;
  /** What his muscles did in the newest step, per joint of the profile. */
  readonly muscleNm: Float64Array;
  /** His muscles rest whatever they are, and nothing happens to him: while the robot is prepared, which is done without a patient. */
  relaxed = false;
  #cuffsClosed = true;
  /** null: his feet swing free. */
  readonly ground: Footing | null;
  /** Beside each joint of the profile; null: relaxed. */
  readonly #muscles: readonly (JointMuscles | null)[];
  /** Fetched at most once per step: reaching into the engine costs more than all the rest of a sensor. */
  #forces: Float64Array | null = null;
  #jacobian: Float64Array | null = null;

  private constructor(engine: Engine, profile: RobotProfile, patient: Patient, plan: BodyPlan, seed: number) {
    this.#engine = engine;
    this.#profile = profile;
    this.#plan = plan;
    const joints = allJointsOf(profile);
    this.#muscles = joints.map((joint, i) => createMuscles(patient.muscles ?? { kind: 'passive' }, { id: joint.id, side: joint.side, kind: plan.limbKind(joint) }, createRandom(seed + SEED_STEP * (i + 1))));
    this.#hand = joints.findIndex(({ kind }) => kind === 'wrist');
    this.#joints = joints.map((joint) => engine.jointIndex(plan.deviceJoint(joint)));
    this.#leads = profile.joints.map(({ leadMPerRad = 1 }) => leadMPerRad);
    this.#humanJoints = joints.map((joint) => engine.jointIndex(plan.humanJoint(joint)));
    this.#tissue = plan.tissue((name) => engine.jointIndex(name));
    this.ground = groundOf(profile, patient, engine);
    this.#motorNm = new Float64Array(joints.length);
    this.#pushNm = new Float64Array(joints.length);
    this.muscleNm = new Float64Array(joints.length);
    for (const { name, bodies } of plan.cuffs) engine.setConnectStiffness(name, bodies, plan.cuffStiffnessNPerM, plan.cuffDampingNsPerM, CUFF_IMPEDANCE);
    this.#hang();
  }

  /** The patient hangs in the orthosis, at rest. @param seed of what his muscles do */
  static async create(profile: RobotProfile, patient: Patient, seed = 0): Promise<Body> {
    const mujoco = await loadEngine();
    const plan = planOf(profile, patient);
    return new Body(new Engine(mujoco, plan.xml(STEP_US / 1e6)), profile, patient, plan, seed);
  }

  positionRad(joint: number): number {
    return (this.#engine.qposRad[this.#index(joint)] ?? 0) / this.#lead(joint);
  }

  velocityRadPerSec(joint: number): number {
    return (this.#engine.qvelRadPerSec[this.#index(joint)] ?? 0) / this.#lead(joint);
  }

  /** Torque of the motor at the joint, before friction; it stays until changed. */
  setMotorTorqueNm(joint: number, torqueNm: number): void {
    this.#motorNm[joint] = torqueNm;
    this.#engine.appliedNm[this.#index(joint)] = torqueNm / this.#lead(joint);
  }

  /** Of the patient's hand around the handle. */
  get gripN(): number {
    return this.relaxed ? 0 : (this.#muscles[this.#hand]?.gripN ?? 0);
  }

  /**
   * What a torque sensor between gear and segment shows: the motor's torque less what friction takes and what the
   * rotor needs to be accelerated.
   */
  jointTorqueNm(joint: number): number {
    const profile = this.#profile.joints[joint];
    if (profile === undefined) return 0;
    const index = this.#index(joint);
    const accelerationRadPerSec2 = (this.#engine.qaccRadPerSec2[index] ?? 0) / this.#lead(joint);
    const friction = this.#lead(joint) * this.#coulombNm(index) - profile.viscousFrictionNmsPerRad * this.velocityRadPerSec(joint);
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
    return this.#lead(joint) * torqueNm;
  }

  /** Springs lift upper arm and forearm of the device, each like a weight of so many kg on a rope over a pulley. */
  setSprings(upperArmKg: number, forearmKg: number): void {
    for (const { upperArm, forearm } of this.#plan.lifted) {
      this.#engine.setLiftN(upperArm, upperArmKg * GRAVITY_MPS2);
      this.#engine.setLiftN(forearm, forearmKg * GRAVITY_MPS2);
    }
  }

  setBrakes(engaged: boolean): void {
    this.#profile.joints.forEach((joint, i) => {
      this.#engine.frictionLossNm[this.#index(i)] = (joint.coulombFrictionNm + (engaged ? Math.max(BRAKE_NM, BRAKE_MARGIN * joint.torqueLimitNm) : 0)) / this.#lead(i);
    });
  }

  /** Torque of somebody else on the patient's joint, flexion positive; it stays until changed. */
  setPushNm(joint: number, torqueNm: number): void {
    this.#pushNm[joint] = torqueNm;
  }

  /** Somebody speaks to the patient. */
  prompt(prompt: Prompt | null): void {
    for (const muscles of this.#muscles) muscles?.hear?.(prompt);
  }

  /** Of the patient's own joint, which the cuffs let differ from the robot's. */
  limbRad(joint: number): number {
    return this.#engine.qposRad[this.#humanJoints[joint] ?? 0] ?? 0;
  }

  limbRadPerSec(joint: number): number {
    return this.#engine.qvelRadPerSec[this.#humanJoints[joint] ?? 0] ?? 0;
  }

  /** Of his own muscles on that joint, in the step just made, flexion positive. */
  muscleTorqueNm(joint: number): number {
    return this.muscleNm[joint] ?? 0;
  }

  /** And of everything of his that turns it: muscles, tissue and its viscous part. */
  limbTorqueNm(joint: number): number {
    const index = this.#humanJoints[joint] ?? 0;
    return (this.#engine.appliedNm[index] ?? 0) - (this.#engine.dampingNmsPerRad[index] ?? 0) * this.limbRadPerSec(joint);
  }

  /** Opens the cuffs, so that the orthosis is empty, or closes them again. */
  setCuffs(closed: boolean): void {
    this.#cuffsClosed = closed;
    this.#engine.connect(closed);
  }

  /** He is put into the orthosis, or taken out. */
  setPatient(inside: boolean): void {
    if (inside && !this.#cuffsClosed) this.#layIn();
    this.setCuffs(inside);
    this.relaxed = !inside;
    if (this.ground !== null) this.ground.clamped = !inside;
  }

  /** Holds the patient's joint fast where it is, or lets it go. */
  setBlocked(joint: number, blocked: boolean): void {
    this.#engine.frictionLossNm[this.#humanJoints[joint] ?? 0] = blocked ? BLOCK_NM : 0;
  }

  /** Moves everything by one `STEP_US`. @throws DariError `simulatorFailed` when the physics has blown up */
  step(): void {
    const { qposRad, qvelRadPerSec, appliedNm } = this.#engine;
    this.#tissue(qposRad, appliedNm);
    for (let joint = 0; joint < this.#pushNm.length; joint++) {
      const index = this.#humanJoints[joint] ?? 0;
      const ownNm = this.relaxed ? 0 : (this.#muscles[joint]?.torqueNm(qvelRadPerSec[index] ?? 0, qposRad[index] ?? 0) ?? 0);
      this.muscleNm[joint] = ownNm;
      appliedNm[index] = (appliedNm[index] ?? 0) + (this.#pushNm[joint] ?? 0) + ownNm;
    }
    this.#forces = null;
    this.#jacobian = null;
    this.ground?.carry();
    this.#engine.step();
    this.ground?.look();
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

  #lead(joint: number): number {
    return this.#leads[joint] ?? 1;
  }

  #hang(): void {
    const { qposRad } = this.#engine;
    const { restRad } = this.#plan;
    restRad.forEach((rad, i) => (qposRad[this.#index(i)] = this.#lead(i) * rad));
    this.#lay(restRad);
    this.#engine.forward();
    this.ground?.look();
  }

  /** In the robot's posture: cuffs that closed on another one would snap his limbs there, with 19 Nm at the hip. */
  #layIn(): void {
    const { qvelRadPerSec } = this.#engine;
    this.#lay(this.#joints.map((_, i) => this.positionRad(i)));
    this.#humanJoints.forEach((index, i) => (qvelRadPerSec[index] = this.#plan.lay === undefined ? this.velocityRadPerSec(i) : 0));
  }

  #lay(deviceRad: readonly number[]): void {
    const { qposRad } = this.#engine;
    if (this.#plan.lay === undefined) this.#humanJoints.forEach((index, i) => (qposRad[index] = deviceRad[i] ?? 0));
    else for (const [name, place] of this.#plan.lay(deviceRad)) qposRad[this.#engine.jointIndex(name)] = place;
  }
}
