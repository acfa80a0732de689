/**
 * Host side of the VESC family (VESC, CubeMars V1/V2 and V3): drives without a command to enable. A current of 0
 * releases; every other set-point makes torque. So what such a drive is doing is concluded from what it reports:
 *
 * - `enabled` from the second status on after it was told to make torque (the first may answer what was before), while
 *   it reports no fault and no command timeout, and while its current is what the set-point calls for;
 * - also `enabled` when it was released and still makes torque: that is what it does, whatever it was told;
 * - nothing is known of a drive that was silent for long: it may have started anew, with other settings. It is absent
 *   until it has been set up again.
 */
import type { JointCommand, JointInputs } from '../../protocols/joints.ts';
import { fastestToldRadPerSec, type DriveProfileOf } from '../../protocols/drive-profile.ts';
import { degToRad, US_PER_MS } from '../../protocols/units.ts';
import { encodeServoNumber, SERVO_LEAST_CURRENT_A, SERVO_SCALE, type ServoDialect } from '../../protocols/wire/vesc.ts';
import { emptyServoValues, STATUS_KILL_SWITCH, STATUS_TIMED_OUT } from '../../protocols/wire/vesc-values.ts';
import { emptyDriveStatistics, type DriveCapability, type DriveIdentity, type DriveSeat, type WireCost } from './drive.ts';
import { Enablement } from './enablement.ts';
import { hostImpedanceNm } from './host-impedance.ts';
import type { PlainDrive } from './plain-line.ts';
import { Setup, type SetupStep } from './setup.ts';

type ServoProfile = DriveProfileOf<'vesc' | 'cubemars-v1' | 'cubemars-v3'>;

const ANSWERS_THAT_TELL = 2;
/** No drive of the family is known to start in less. */
const RESTART_US = 100 * US_PER_MS;
/** Fewer unanswered requests are this computer's own stall. */
const RESTART_REQUESTS = 4;
/** The hotter of power stage and motor; a motor without a sensor reads −80 °C and less. Outside it is no temperature. */
const [TEMP_LEAST_C, TEMP_MOST_C] = [-60, 250];
/** A torque is judged from this part of the peak on: below, currents measure too badly. */
const JUDGED_FROM = 0.05;
/** Less than this part of the told torque is none. */
const OBEYED_FROM = 0.25;
/** So long may a current lag behind. */
const LAG_US = 60 * US_PER_MS;
/** At higher speed the supply may not suffice for the current. */
const JUDGED_SPEED = 0.5;

export abstract class ServoDrive<D extends ServoProfile> implements PlainDrive {
  readonly capability: DriveCapability;
  readonly statistics = emptyDriveStatistics();
  readonly awaitsReply = false;
  abstract readonly cost: WireCost;
  identity: DriveIdentity | null = null;
  protected readonly profile: D;
  protected readonly direction: number;
  protected readonly told = { positionRad: 0, velocityRadPerSec: 0, stiffnessNmPerRad: 0, dampingNmsPerRad: 0, torqueNm: 0 };
  protected readonly values = emptyServoValues();
  protected readonly setup: Setup<Uint8Array>;
  readonly #zeroOffsetRad: number;
  readonly #radPerSecPerErpm: number;
  readonly #fastestRadPerSec: number;
  readonly #enablement: Enablement;
  #positionRad = 0;
  #velocityRadPerSec = 0;
  #torqueNm = 0;
  /** Its newest status told what it cannot be. */
  #impossible = false;
  #tempC = 0;
  #fault = 0;
  #linkOpen = false;
  #due: 'nothing' | 'setPoint' | 'setup' = 'nothing';
  #answersSinceTold = 0;
  #disobeysSinceUs = Infinity;
  #wrongId: string | null = null;
  #sequence = 0;
  #answeredUs = -Infinity;
  #sentUs = -Infinity;
  #unanswered = 0;
  #silenceMeant = false;
  /** Replies that are not news. */
  #staleReplies = 0;

  protected constructor(
    readonly joint: DriveSeat & { readonly drive: D },
    protected readonly dialect: ServoDialect,
  ) {
    const drive: D = joint.drive;
    this.profile = drive;
    this.capability = drive;
    this.direction = drive.direction;
    this.#zeroOffsetRad = degToRad(drive.zeroOffsetDeg);
    this.#radPerSecPerErpm = (2 * Math.PI) / (60 * drive.polePairs * drive.gearRatio);
    this.#fastestRadPerSec = fastestToldRadPerSec(drive);
    this.#enablement = new Enablement(Math.min(drive.watchdogMs * US_PER_MS, RESTART_US));
    // Whatever an earlier host left it doing ends before anything is asked.
    const release: SetupStep<Uint8Array> = { what: 'its release', encode: (out, at) => this.encodeFarewell(out, at) };
    this.setup = new Setup([release, ...this.setupSteps()]);
  }

  get refusal(): string | null {
    return this.#wrongId ?? this.setup.refusal;
  }

  onLinkOpen(nowUs: number): void {
    this.#linkOpen = true;
    this.#enablement.onLinkOpen(nowUs);
    this.#startAnew();
  }

  onLinkClosed(): void {
    this.#linkOpen = false;
    this.#enablement.onLinkClosed();
  }

  command(enable: boolean, command: Readonly<JointCommand>, nowUs: number): void {
    if (this.#enablement.choose(enable, nowUs)) {
      this.#answersSinceTold = 0;
      this.#disobeysSinceUs = Infinity;
    }
    const { told } = this;
    told.positionRad = command.positionRad;
    told.velocityRadPerSec = command.velocityRadPerSec;
    told.stiffnessNmPerRad = command.stiffnessNmPerRad;
    told.dampingNmsPerRad = command.dampingNmsPerRad;
    told.torqueNm = command.torqueNm;
    if (this.#sequence > 0 && this.#unanswered >= RESTART_REQUESTS && nowUs - this.#answeredUs > RESTART_US) this.#startAnew();
    this.#due = this.setup.done && this.#wrongId === null ? 'setPoint' : 'setup';
  }

  encode(nowUs: number, out: Uint8Array, at: number): number {
    const due = this.#due;
    this.#due = 'nothing';
    if (due === 'nothing') return at;
    if (this.#wrongId !== null) return this.encodeFarewell(out, at);
    if (due === 'setPoint') {
      this.#sentUs = nowUs;
      const end = this.#silenceMeant ? this.#encodeAfterSilence(out, at) : this.encodeStatusRequest(out, this.#encodeSetPoint(out, at));
      this.statistics.requests++;
      this.#unanswered++;
      return end;
    }
    let end = at;
    // A silent step is followed by its successor at once.
    for (let next = this.setup.encode(nowUs, out, end); next > end; next = this.setup.encode(nowUs, out, end)) end = next;
    if (end > at) {
      this.statistics.requests++;
      this.statistics.retries = this.setup.retries;
      this.#sentUs = nowUs;
    }
    return end;
  }

  onSent(nowUs: number): void {
    this.#enablement.onSent(nowUs);
  }

  expectSilence(): void {
    this.#enablement.expectSilence();
    this.#silenceMeant = true;
  }

  onReplyTimeout(): void {}

  onFrame(payload: Uint8Array, nowUs: number): boolean {
    if (!this.setup.done) {
      if (!this.setup.accept(payload)) return false;
      this.#count(nowUs);
      return true;
    }
    if (!this.decodeStatus(payload)) return false;
    this.#count(nowUs);
    if (this.#staleReplies > 0) this.#staleReplies--;
    else this.#onStatus(nowUs);
    return true;
  }

  encodeFarewell(out: Uint8Array, at: number): number {
    return encodeServoNumber(this.dialect.frames, this.dialect.setCurrent, 0, out, at);
  }

  read(joint: JointInputs, nowUs: number): void {
    joint.driveState = this.#state();
    joint.driveErrorCode = this.#fault;
    joint.motorPositionRad = this.#impossible ? Number.NaN : this.#positionRad;
    joint.motorVelocityRadPerSec = this.#velocityRadPerSec;
    joint.motorTorqueNm = this.#torqueNm;
    joint.driveTempC = this.#tempC;
    joint.driveAgeUs = Math.max(0, nowUs - this.#answeredUs);
    joint.driveSequence = this.#sequence;
  }

  /** Who it is, what it can be set to: after its release, before anything else. */
  protected abstract setupSteps(): readonly SetupStep<Uint8Array>[];
  protected abstract encodeStatusRequest(out: Uint8Array, at: number): number;
  /** Fills `values`. @returns false when the payload is no status */
  protected abstract decodeStatus(payload: Uint8Array): boolean;
  /** The joint-side command in `told`, in the drive's terms. @param torqueNm what it comes to now, at the joint */
  protected abstract encodeTorque(torqueNm: number, out: Uint8Array, at: number): number;
  /** Degrees as reported → the drive's angle at the joint. */
  protected abstract positionOf(reportedDeg: number): number;

  /** The joint's value in the drive's direction and from the drive's zero. */
  protected toDrivePositionRad(jointRad: number): number {
    return this.direction * (jointRad - this.#zeroOffsetRad);
  }

  /** Of a set-point that makes torque: where that goes through 0 it is told the least current that does not release it. */
  protected currentUnits(torqueNm: number): number {
    const currentA = (this.direction * torqueNm) / this.profile.torqueConstantNmPerA;
    const toldA = Math.abs(currentA) < SERVO_LEAST_CURRENT_A ? (currentA < 0 ? -SERVO_LEAST_CURRENT_A : SERVO_LEAST_CURRENT_A) : currentA;
    return Math.round(toldA * SERVO_SCALE.current);
  }

  #encodeSetPoint(out: Uint8Array, at: number): number {
    if (!this.#enablement.wanted) return this.encodeFarewell(out, at);
    const torqueNm = hostImpedanceNm(this.joint, this.told, this.#positionRad, this.#velocityRadPerSec);
    // Until it has shown that it is fit it is told nothing that moves; a command without meaning releases it.
    if (torqueNm === null) this.#enablement.block();
    if (torqueNm === null || !this.#enablement.observed) return this.encodeFarewell(out, at);
    return this.encodeTorque(torqueNm, out, at);
  }

  /**
   * The state that the silence left is asked for before the set-point changes it, and twice: a VESC tells the average of
   * its current since it was last asked, which is that of the whole silence.
   */
  #encodeAfterSilence(out: Uint8Array, at: number): number {
    this.#silenceMeant = false;
    this.#staleReplies = 1;
    this.statistics.requests++;
    return this.#encodeSetPoint(out, this.encodeStatusRequest(out, this.encodeStatusRequest(out, at)));
  }

  #onStatus(nowUs: number): void {
    const { values, profile } = this;
    if (values.controllerId !== profile.address) {
      this.#wrongId = `it says that its id is ${values.controllerId}, the profile says ${profile.address}. Connect the right drive to this port, or correct its address.`;
      this.#enablement.block();
      return;
    }
    const drivePositionRad = this.positionOf(values.positionDeg);
    const driveVelocity = values.erpm * this.#radPerSecPerErpm;
    const driveTorqueNm = values.qCurrentA * profile.torqueConstantNmPerA;
    const outside = Math.abs(drivePositionRad) > profile.positionRangeRad || Math.abs(driveVelocity) > this.#fastestRadPerSec || Math.abs(driveTorqueNm) > profile.torqueRangeNm;
    const tempC = Math.max(values.fetTempC, values.motorTempC);
    this.#impossible = outside;
    if (outside || tempC < TEMP_LEAST_C || tempC > TEMP_MOST_C) {
      this.statistics.refused++;
      if (outside && this.#sequence > 0) this.#sequence++;
      return;
    }
    this.#tempC = tempC;
    this.#fault = values.fault;
    this.#positionRad = this.direction * drivePositionRad + this.#zeroOffsetRad;
    this.#velocityRadPerSec = this.direction * driveVelocity;
    this.#torqueNm = this.direction * driveTorqueNm;
    this.#sequence++;
    this.#answeredUs = nowUs;
    this.#enablement.onAnswer(nowUs);
    if (++this.#answersSinceTold < ANSWERS_THAT_TELL) return;
    const fit = values.fault === 0 && (values.status & (STATUS_TIMED_OUT | STATUS_KILL_SWITCH)) === 0;
    if (this.#enablement.wanted) this.#enablement.observe(fit && this.#obeys(nowUs));
    else this.#enablement.observe(Math.abs(this.#torqueNm) > JUDGED_FROM * profile.peakTorqueNm);
  }

  /** Whether the current follows the set-point; only a large torque that is missing for a while says no. */
  #obeys(nowUs: number): boolean {
    const { joint, profile } = this;
    const toldNm = this.#enablement.observed ? (hostImpedanceNm(joint, this.told, this.#positionRad, this.#velocityRadPerSec) ?? 0) : 0;
    const judged =
      Math.abs(toldNm) > JUDGED_FROM * profile.peakTorqueNm &&
      Math.abs(this.#velocityRadPerSec) < JUDGED_SPEED * profile.velocityRangeRadPerSec &&
      this.#tempC < profile.tempWarnC;
    if (!judged || this.#torqueNm / toldNm >= OBEYED_FROM) this.#disobeysSinceUs = Infinity;
    else if (this.#disobeysSinceUs === Infinity) this.#disobeysSinceUs = nowUs;
    return nowUs - this.#disobeysSinceUs < LAG_US;
  }

  #count(nowUs: number): void {
    this.#unanswered = 0;
    this.statistics.replies++;
    this.statistics.roundTripUs = nowUs - this.#sentUs;
  }

  #startAnew(): void {
    this.#enablement.block();
    this.setup.restart();
    this.identity = null;
    this.#wrongId = null;
    this.#answersSinceTold = 0;
    this.#unanswered = 0;
    this.#silenceMeant = false;
    this.#staleReplies = 0;
    this.#fault = 0;
    this.#impossible = false;
    this.#sequence = 0;
    this.#answeredUs = -Infinity;
  }

  #state(): JointInputs['driveState'] {
    if (!this.#linkOpen || this.#sequence === 0 || this.refusal !== null) return 'absent';
    if (this.#fault !== 0) return 'fault';
    return this.#enablement.observed ? 'enabled' : 'disabled';
  }
}
