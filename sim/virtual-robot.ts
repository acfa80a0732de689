/**
 * The whole robot on virtual time: body, drives, hub and the serial lines to them. Real time and lock-step run this
 * same code; they differ only in who calls `advanceTo` and where the bytes come from.
 */
import { createRandom } from '../protocols/random.ts';
import type { DriveProfile } from '../protocols/drive-profile.ts';
import { allJointsOf, isArm, type AnyJoint, type ArmProfile, type LinkProfile, type RobotProfile } from '../protocols/profile.ts';
import type { SpringPart } from '../protocols/supervision.ts';
import { Body } from './body/body.ts';
import type { Patient } from './body/human.ts';
import type { Prompt } from './body/prompt.ts';
import { Cables, type CableEnd } from './cables.ts';
import { LINE_STEP_US, STEP_US, type JointPort, type SendBytes, type VirtualDrive } from './drives/device.ts';
import { createVirtualLine } from './drives/lines.ts';
import { SensorHub } from './drives/sensor-hub.ts';
import { isRobotFault, type FaultOrder } from './faults/catalogue.ts';
import { RobotFaults } from './faults/robot-faults.ts';
import { beatUsOf, type Machine } from './machine.ts';
import { groundTruth, TruthKeeper, type RobotTruth, type TruthRecord } from './truth.ts';

export interface VirtualRobotOptions extends Patient {
  readonly profile: RobotProfile;
  readonly seed: number;
  /** True friction of the orthosis' joints, in parts of the profile's (1); the controller believes the profile. */
  readonly frictionScale?: number;
  /** True mass and inertia of the patient's legs, in parts of the tables' (1). */
  readonly limbMassScale?: number;
}

export const AVERAGE_PATIENT: Patient = { bodyMassKg: 75, heightM: 1.8 };

export class VirtualRobot implements Machine {
  readonly links: readonly LinkProfile[];
  readonly beatUs: number;
  readonly #cables: Cables;
  /** By joint, those that are only measured behind the driven ones; undefined: the hub alone reads it. */
  readonly #drives: (VirtualDrive | undefined)[];
  readonly #hub: SensorHub;
  readonly #truth: TruthKeeper;
  readonly #faults: RobotFaults;
  readonly #springs: ArmProfile['springs'];
  #nowUs = 0;
  #braked = false;

  private constructor(
    { profile, seed }: VirtualRobotOptions,
    /** The truth, for tests and judges; no device shows it. */
    readonly body: Body,
  ) {
    const joints = allJointsOf(profile);
    this.#drives = joints.map(() => undefined);
    this.#springs = isArm(profile) ? profile.springs : undefined;
    this.links = profile.links;
    this.beatUs = beatUsOf(profile.links);
    this.#truth = new TruthKeeper(joints.length, () => this.#nowUs);
    this.#faults = new RobotFaults({
      profile,
      seed,
      now: () => this.#nowUs,
      body,
      drive: (joint) => this.#drives[joint],
      freezeHubClock: (frozen) => this.#hub.freezeClock(frozen),
      actuators: () => this.#hub.extras,
    });
    let sendFromHub: SendBytes = () => {};
    this.#hub = new SensorHub({
      profile,
      joints: this.#faults.sensors.slice(0, profile.joints.length).map(({ jointEncoder, jointTorque }, i) => ({
        positionRad: () => body.positionRad(i),
        jointTorqueNm: () => body.jointTorqueNm(i),
        encoder: jointEncoder,
        torqueSensor: jointTorque,
      })),
      sensed: this.#faults.sensors.slice(profile.joints.length).map(({ jointEncoder }, i) => ({ positionRad: () => body.positionRad(profile.joints.length + i), encoder: jointEncoder })),
      footLoadsN: body.ground?.footLoadsN,
      random: createRandom(seed),
      send: (bytes) => sendFromHub(bytes),
    });
    this.#putOn();
    this.#cables = new Cables(profile.links, seed, (link, send) => {
      if (link.id !== profile.hub.link) return this.#driveLine(profile, link, send);
      sendFromHub = send;
      return { device: this.#hub, drives: [] };
    });
  }

  static async create(options: VirtualRobotOptions): Promise<VirtualRobot> {
    return new VirtualRobot(options, await Body.create(trueProfile(options), truePatient(options), options.seed));
  }

  get nowUs(): number {
    return this.#nowUs;
  }

  connect(linkId: string, host: SendBytes): void {
    this.#cables.connect(linkId, host);
  }

  disconnect(linkId: string): void {
    this.#cables.disconnect(linkId);
    this.#truth.pulled(linkId);
  }

  receive(linkId: string, bytes: Uint8Array, atUs: number): void {
    this.#cables.receive(linkId, bytes, atUs);
  }

  advanceTo(targetUs: number): void {
    while (this.#nowUs + LINE_STEP_US <= targetUs) this.#step();
  }

  setEstop(open: boolean): void {
    this.#hub.estopClosed = !open;
  }

  setPatientButton(pressed: boolean): void {
    this.#hub.patientButtonPressed = pressed;
  }

  setPatient(inside: boolean): void {
    this.body.setPatient(inside);
    const { ground } = this.body;
    if (ground !== null) this.#hub.extras.support?.hang(inside ? ground.bodyWeightN : 0);
  }

  /** A hand sets the springs to these levels. @throws RangeError for a level that they do not have */
  setSprings({ upperArm, forearm }: Readonly<Record<SpringPart, number>>): void {
    const { upperArmKg, forearmKg } = this.#springs ?? {};
    const [upperKg, foreKg] = [upperArmKg?.[upperArm], forearmKg?.[forearm]];
    if (upperKg === undefined || foreKg === undefined) throw new RangeError(`the springs of this robot have no levels ${upperArm} and ${forearm}`);
    this.body.setSprings(upperKg, foreKg);
  }

  prompt(prompt: Prompt | null): void {
    this.body.prompt(prompt);
  }

  setBrake(engaged: boolean): void {
    this.#hub.brakeLever = engaged;
  }

  fault(order: FaultOrder): void {
    if (isRobotFault(order)) this.#faults.order(order);
    else this.#cables.fault(order);
  }

  clearFaults(linkId: string | null): void {
    this.#cables.clearFaults(linkId);
    this.#faults.clear(linkId);
  }

  energised(joint: number): boolean {
    return this.#drives[joint]?.energised ?? false;
  }

  truth(): RobotTruth {
    const joints = this.#drives.map((drive, i) => ({
      positionRad: this.body.positionRad(i),
      velocityRadPerSec: this.body.velocityRadPerSec(i),
      motorTorqueNm: this.body.motorTorqueNm(i),
      cuffTorqueNm: this.body.cuffTorqueNm(i),
      energised: drive?.energised === true,
      lastTorqueUs: this.#truth.lastTorqueUs(i),
    }));
    const { belt, support, lift } = this.#hub.extras;
    const { ground } = this.body;
    return { nowUs: this.#nowUs, joints, pulledUs: this.#truth.pulledUs, beltMps: belt?.speedMps ?? 0, unloadingN: support?.unloadingN ?? 0, supportLocked: support?.locked ?? false, liftM: lift?.heightM ?? null, ground: ground === null ? null : groundTruth(ground) };
  }

  /** The truth without anything new on the heap; about a microsecond. */
  fillTruth(record: TruthRecord): void {
    const { belt, support } = this.#hub.extras;
    record.nowUs = this.#nowUs;
    record.beltMps = belt?.speedMps ?? 0;
    record.unloadingN = support?.unloadingN ?? 0;
    record.supportLocked = support?.locked ?? false;
    for (let i = 0; i < this.#drives.length; i++) {
      record.positionRad[i] = this.body.positionRad(i);
      record.velocityRadPerSec[i] = this.body.velocityRadPerSec(i);
      record.motorTorqueNm[i] = this.body.motorTorqueNm(i);
      record.cuffTorqueNm[i] = this.body.cuffTorqueNm(i);
      record.energised[i] = Number(this.energised(i));
      record.lastTorqueUs[i] = this.#truth.lastTorqueUs(i);
    }
  }

  dispose(): void {
    this.body.dispose();
  }

  /** The drives set their torques at the start of a physics step, and the body has moved at its end. */
  #step(): void {
    this.#cables.arrive(this.#nowUs);
    if (this.#nowUs % STEP_US === 0) {
      this.#faults.step(this.#nowUs);
      this.#stepDrives();
    }
    this.#nowUs += LINE_STEP_US;
    if (this.#nowUs % STEP_US === 0) this.#stepBody();
    this.#cables.leave(this.#nowUs);
  }

  /** He hangs in his harness. */
  #putOn(): void {
    const { ground } = this.body;
    const { support } = this.#hub.extras;
    if (ground === null || support === null) return;
    support.harness = ground;
    support.hang(ground.bodyWeightN);
  }

  #stepBody(): void {
    this.#hub.extras.grip.forceN = this.body.gripN;
    const { ground } = this.body;
    if (ground !== null) {
      const { belt, support } = this.#hub.extras;
      ground.setBeltMps?.(belt?.speedMps ?? 0);
      ground.ropeN = support?.unloadingN ?? 0;
    }
    this.body.step();
    this.#hub.extras.show(this.body.muscleNm);
  }

  #stepDrives(): void {
    const powered = this.#hub.drivesPowered;
    for (const drive of this.#drives) {
      if (drive === undefined) continue;
      drive.setPower(powered, this.#nowUs);
      drive.step(this.#nowUs, STEP_US / 1e6);
    }
    if (this.#hub.brakeEngaged === this.#braked) return;
    this.#braked = this.#hub.brakeEngaged;
    this.body.setBrakes(this.#braked);
  }

  #driveLine(profile: RobotProfile, link: LinkProfile, send: SendBytes): CableEnd {
    const seats = allJointsOf(profile).flatMap((joint, i) => {
      const drive = driveOf(joint);
      return drive?.link === link.id ? [{ drive, joint: this.#faults.measured(i, this.#truth.watched(i, jointPort(this.body, i))), place: i }] : [];
    });
    const { device, drives } = createVirtualLine(link, seats, send);
    drives.forEach((drive, k) => (this.#drives[seats[k]?.place ?? 0] = drive));
    return { device, drives: drives.map((drive, k) => ({ drive, address: seats[k]?.drive.address ?? 0 })) };
  }
}

/** A servo that only measures is a servo like others; null: no drive sits there. */
const driveOf = (joint: AnyJoint): DriveProfile | null => ('drive' in joint ? joint.drive : joint.reading.by === 'servo' ? joint.reading.servo : null);

function trueProfile({ profile, frictionScale = 1 }: VirtualRobotOptions): RobotProfile {
  const joints = profile.joints.map((joint) => ({
    ...joint,
    coulombFrictionNm: frictionScale * joint.coulombFrictionNm,
    viscousFrictionNmsPerRad: frictionScale * joint.viscousFrictionNmsPerRad,
  }));
  return { ...profile, joints };
}

/** Legs and trunk are parts of the body's mass. */
const truePatient = ({ limbMassScale = 1, ...patient }: VirtualRobotOptions): Patient => ({ ...patient, bodyMassKg: limbMassScale * patient.bodyMassKg });

function jointPort(body: Body, i: number): JointPort {
  return {
    positionRad: () => body.positionRad(i),
    velocityRadPerSec: () => body.velocityRadPerSec(i),
    applyTorqueNm: (torqueNm) => body.setMotorTorqueNm(i, torqueNm),
  };
}
