/** What stands in for the hardware: limbs, belt, support, relay and brakes, and the record that their sensors would give. */
import { emptyJointCommand, type JointInputs, type PermittedCommand, type RelayOrder, type RobotInputs } from '../../protocols/joints.ts';
import { sensedJointsOf, type JointProfile, type RobotProfile } from '../../protocols/profile.ts';
import { createRandom } from '../../protocols/random.ts';
import { inputsOf } from '../../protocols/session-log.ts';
import { degToRad, kgToNewton, kmhToMps, mpsToKmh, newtonToKg, radToDeg, US_PER_MS, US_PER_S } from '../../protocols/units.ts';
import { createLimbModel, type LimbModel } from '../../controller/estimation/limb-model.ts';
import type { LabInputs, OwnCommand, Reading } from './lab-inputs.ts';
import { ModelJoint, ModelLimbs, type Push } from './model-limbs.ts';

export type Sensed = Exclude<Reading, OwnCommand>;

/** Own values: what a good sensor flickers by; one without any noise would look frozen. */
const ENCODER_NOISE_DEG = 0.004;
const TORQUE_NOISE_NM = 0.1;
/** Of everything that nobody sets. */
const FRESH_US = 1_000;
const TEMP_C = 35;
/** A serial frame of a drive, as the check of noisy links counts it. */
const FRAME_BYTES = 20;
const FRAMES_PER_CYCLE = 2;
/** Own value: of the people whom the model stands for. */
export const HEIGHT_M = 1.75;

interface Lane {
  readonly model: ModelJoint;
  readonly push: Push;
  /** Of the profile, by name. */
  readonly link: string;
}

export class ModelRobot {
  readonly inputs: RobotInputs;
  readonly #lanes: readonly Lane[];
  readonly #pushes: readonly Push[];
  readonly #limbs: ModelLimbs;
  readonly #sensedHomeDeg: readonly number[];
  readonly #random = createRandom(1);
  readonly #periodUs: number;
  #dueUs = 0;
  #fedUs = -Infinity;
  #pluggedUs = 0;
  #driftDeg = 0;
  #beltMps = 0;
  #unloadingN = 0;

  /** @param chosen index of the joint that the sliders are about */
  constructor(
    private readonly profile: RobotProfile,
    private readonly chosen: number,
  ) {
    this.#periodUs = US_PER_S / profile.controlRateHz;
    this.inputs = inputsOf(profile);
    this.#lanes = profile.joints.map(createLane);
    this.#sensedHomeDeg = sensedJointsOf(profile).map(({ homePositionDeg }) => homePositionDeg);
    this.#pushes = this.#lanes.map(({ push }) => push);
    this.#limbs = new ModelLimbs(limbsOf(profile, null), this.#lanes.map(({ model }) => model));
  }

  /** Another patient is fitted. */
  carry(bodyMassKg: number): void {
    this.#limbs.model = limbsOf(this.profile, { bodyMassKg, heightM: HEIGHT_M });
  }

  get timeUs(): number {
    return this.#dueUs;
  }

  /** What the sensors of the chosen joint, of the belt and of the rope show by themselves. */
  get shown(): Record<Sensed, number> {
    const model = this.#lanes[this.chosen]?.model;
    const positionDeg = radToDeg(model?.positionRad ?? Number.NaN);
    return {
      motorPositionDeg: positionDeg,
      motorVelocityDegPerSec: radToDeg(model?.velocityRadPerSec ?? Number.NaN),
      motorTorqueNm: model?.torqueNm ?? Number.NaN,
      encoderPositionDeg: positionDeg,
      jointTorqueNm: model?.jointTorqueNm ?? Number.NaN,
      beltSpeedKmh: mpsToKmh(this.#beltMps),
      ropeUnloadingKg: newtonToKg(this.#unloadingN),
    };
  }

  /** Where the chosen joint is. */
  get positionRad(): number {
    return this.#lanes[this.chosen]?.model.positionRad ?? Number.NaN;
  }

  /** What the joints and the rest do for one period under what they were told. */
  advance(told: PermittedCommand, wanted: LabInputs, order: RelayOrder): void {
    this.#dueUs += this.#periodUs;
    if (order === 'open') this.#fedUs = -Infinity;
    else if (order === 'keepClosed' && wanted.monitorAgrees) this.#fedUs = this.#dueUs;
    if (wanted.linkUp) this.#pluggedUs = this.#dueUs;
    const relay = this.#relayClosed(wanted);
    const seconds = this.#periodUs / US_PER_S;
    this.#lanes.forEach(({ push }, j) => {
      push.command = told.joints[j] ?? push.command;
      push.powered = told.enable && relay && this.#hears(j, wanted) && (j !== this.chosen || wanted.driveState === 'follow' || wanted.driveState === 'enabled');
      push.patientTorqueNm = j === this.chosen ? wanted.patientTorqueNm : 0;
      push.believedRad = j === this.chosen && wanted.motorPositionDeg !== null ? degToRad(wanted.motorPositionDeg) : Number.NaN;
      push.believedRadPerSec = j === this.chosen && wanted.motorVelocityDegPerSec !== null ? degToRad(wanted.motorVelocityDegPerSec) : Number.NaN;
    });
    this.#limbs.advance(this.#pushes, this.#braked(wanted, told), seconds);
    this.#moveBelt(told, seconds);
    if (!told.lockSupport) this.#unloadingN = told.unloadingN;
    this.#driftDeg = wanted.encoderDriftDegPerSec === 0 ? 0 : this.#driftDeg + wanted.encoderDriftDegPerSec * seconds;
  }

  /** The record of this cycle. */
  observe(wanted: LabInputs, told: PermittedCommand): RobotInputs {
    const { inputs } = this;
    inputs.cycle++;
    inputs.latenessUs = wanted.latenessMs * US_PER_MS;
    inputs.nowUs = this.#dueUs + inputs.latenessUs;
    this.#observeHub(wanted, told);
    this.#observeActuators(wanted, told);
    inputs.monitor.ageUs = FRESH_US;
    inputs.monitor.reason = wanted.monitorAgrees ? 'none' : 'range';
    inputs.monitor.joint = wanted.monitorAgrees ? -1 : this.chosen;
    this.profile.links.forEach(({ id }, l) => this.#observeLink(inputs.links[l], id, wanted));
    inputs.joints.forEach((joint, j) => this.#observeJoint(joint, j, wanted));
    this.#observeSensed(wanted);
    return inputs;
  }

  #moveBelt({ beltEnable, beltSpeedMps }: PermittedCommand, seconds: number): void {
    const { treadmill } = this.profile;
    if (treadmill === undefined) return;
    const wantedMps = beltEnable ? beltSpeedMps : Math.max(0, this.#beltMps - treadmill.stopRampMps2 * seconds);
    this.#beltMps = beltEnable ? this.#beltMps + (wantedMps - this.#beltMps) * Math.min(1, (seconds * US_PER_S) / (treadmill.lagMs * US_PER_MS)) : wantedMps;
  }

  #observeHub(wanted: LabInputs, told: PermittedCommand): void {
    const { hub } = this.inputs;
    hub.ageUs = wanted.hubAgeMs * US_PER_MS;
    hub.estopClosed = wanted.estopClosed;
    hub.patientButtonPressed = wanted.patientButton;
    hub.brakeEngaged = this.#braked(wanted, told);
    hub.enableRelayClosed = this.#relayClosed(wanted);
    if (wanted.hubClockRuns) hub.deviceTimeUs = this.#dueUs;
    if (this.#hubIsNew(wanted)) hub.sequence++;
  }

  #observeActuators(wanted: LabInputs, told: PermittedCommand): void {
    const { treadmill, support, lift } = this.inputs;
    const { shown } = this;
    if (this.profile.treadmill !== undefined) {
      treadmill.ageUs = wanted.treadmillAgeMs * US_PER_MS;
      treadmill.leftMps = treadmill.rightMps = kmhToMps(wanted.beltSpeedKmh ?? shown.beltSpeedKmh);
      treadmill.ready = wanted.treadmillReady;
      treadmill.stopRopePulled = wanted.stopRope;
    }
    // Its column stands: nobody in the lab holds a button that moves it.
    if (this.profile.class === 'arm' && this.profile.armLift !== undefined) {
      lift.ageUs = wanted.hubAgeMs * US_PER_MS;
      lift.heightM = this.profile.geometry.shoulderHeightM;
    }
    if (this.profile.bodyWeightSupport === undefined) return;
    support.ageUs = wanted.supportAgeMs * US_PER_MS;
    support.unloadingN = kgToNewton(wanted.ropeUnloadingKg ?? shown.ropeUnloadingKg);
    support.locked = told.lockSupport && wanted.ropeLocks;
    support.fault = wanted.supportFault;
  }

  /** They stay where they were put before a person was laid in. */
  #observeSensed(wanted: LabInputs): void {
    const isNew = this.#hubIsNew(wanted);
    this.inputs.sensed.forEach((joint, i) => {
      joint.ageUs = wanted.hubAgeMs * US_PER_MS;
      if (!isNew) return;
      joint.positionRad = degToRad((this.#sensedHomeDeg[i] ?? Number.NaN) + this.#noise(ENCODER_NOISE_DEG));
      joint.sequence++;
      joint.quality = 255;
    });
  }

  #observeLink(link: RobotInputs['links'][number] | undefined, id: string, wanted: LabInputs): void {
    if (link === undefined) return;
    const isChosen = id === this.#lanes[this.chosen]?.link;
    link.up = wanted.linkUp || !isChosen;
    link.framesReceived += FRAMES_PER_CYCLE;
    const lost = isChosen ? wanted.lossPercent / 100 : 0;
    link.bytesDiscarded += (FRAMES_PER_CYCLE * FRAME_BYTES * lost) / (1 - lost);
  }

  #observeJoint(joint: JointInputs, j: number, wanted: LabInputs): void {
    const lane = this.#lanes[j];
    if (lane === undefined) return;
    const isChosen = j === this.chosen;
    const unpluggedUs = this.#isUnplugged(j, wanted) ? this.#dueUs - this.#pluggedUs : 0;
    joint.driveState = isChosen && wanted.driveState !== 'follow' ? wanted.driveState : lane.push.powered ? 'enabled' : 'disabled';
    joint.driveAgeUs = Math.max(unpluggedUs, isChosen ? wanted.driveAgeMs * US_PER_MS : FRESH_US);
    // What is older than a cycle is no new frame.
    if (joint.driveAgeUs <= this.#periodUs) this.#readDrive(joint, lane.model, isChosen ? wanted : null);
    if (this.#hubIsNew(wanted)) this.#readHub(joint, lane.model, isChosen ? wanted : null);
  }

  /** @param wanted null: nobody holds anything of this joint */
  #readDrive(joint: JointInputs, { positionRad, velocityRadPerSec, torqueNm }: ModelJoint, wanted: LabInputs | null): void {
    joint.driveSequence++;
    joint.motorPositionRad = held(wanted?.motorPositionDeg, positionRad);
    joint.motorVelocityRadPerSec = held(wanted?.motorVelocityDegPerSec, velocityRadPerSec);
    joint.motorTorqueNm = wanted?.motorTorqueNm ?? torqueNm;
    joint.driveTempC = wanted?.driveTempC ?? TEMP_C;
  }

  #readHub(joint: JointInputs, { positionRad, jointTorqueNm }: ModelJoint, wanted: LabInputs | null): void {
    const wrongDeg = wanted === null ? 0 : wanted.encoderOffsetDeg + this.#driftDeg;
    joint.encoderPositionRad = held(wanted?.encoderPositionDeg, positionRad + degToRad(wrongDeg)) + degToRad(this.#noise(ENCODER_NOISE_DEG));
    if (wanted?.torqueSensorFrozen !== true) joint.jointTorqueNm = (wanted?.jointTorqueNm ?? jointTorqueNm) + this.#noise(TORQUE_NOISE_NM);
    joint.encoderQuality = wanted?.encoderQuality ?? 255;
  }

  #noise(size: number): number {
    return (2 * this.#random.next() - 1) * size;
  }

  #hubIsNew({ hubAgeMs }: LabInputs): boolean {
    return hubAgeMs * US_PER_MS <= this.#periodUs;
  }

  #isUnplugged(j: number, { linkUp }: LabInputs): boolean {
    return !linkUp && this.#lanes[j]?.link === this.#lanes[this.chosen]?.link;
  }

  /** A drive that hears nothing lets go by its own watchdog. */
  #hears(j: number, wanted: LabInputs): boolean {
    const watchdogMs = this.profile.joints[j]?.drive.watchdogMs ?? 0;
    return !this.#isUnplugged(j, wanted) || this.#dueUs - this.#pluggedUs <= watchdogMs * US_PER_MS;
  }

  /** Fed by the controller's and the monitor's word alone. */
  #relayClosed({ estopClosed, relayHeldOpen }: LabInputs): boolean {
    return estopClosed && !relayHeldOpen && this.#dueUs - this.#fedUs <= this.profile.hub.heartbeatTimeoutMs * US_PER_MS;
  }

  #braked({ brakes }: LabInputs, { closeBrakes }: PermittedCommand): boolean {
    return brakes === 'follow' ? closeBrakes : brakes === 'closed';
  }
}

/** @param body null: nobody is in it */
const limbsOf = (profile: RobotProfile, body: { readonly bodyMassKg: number; readonly heightM: number } | null): LimbModel =>
  createLimbModel(profile, body, sensedJointsOf(profile).map(({ homePositionDeg }) => ({ positionRad: degToRad(homePositionDeg), velocityRadPerSec: 0 })));

const held = (deg: number | null | undefined, rad: number): number => (deg === null || deg === undefined ? rad : degToRad(deg));

const createLane = (joint: JointProfile): Lane => ({
  model: new ModelJoint(joint),
  push: { command: emptyJointCommand(), powered: false, patientTorqueNm: 0, believedRad: Number.NaN, believedRadPerSec: Number.NaN },
  link: joint.drive.link,
});
