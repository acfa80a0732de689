/**
 * A drive that speaks MIT frames. The mode it is in stands in no frame, so it is concluded from its answers: one that
 * resets and boots within its watchdog looks enabled, and only its missing torque tells, which the loop watches. The
 * third version of AK drives answers by timed upload in servo units, and is released by a current of 0 A.
 */
import type { JointCommand, JointInputs } from '../../protocols/joints.ts';
import { degToRad, US_PER_MS, US_PER_S } from '../../protocols/units.ts';
import { emptyMitCommand, emptyMitReply, encodeMitSpecial, MIT_FRAME_BYTES, MIT_HOST_CAN_ID, MitCodec, mitReplyBytes } from '../../protocols/wire/mit.ts';
import { decodeServoUpload, emptyServoUpload, encodeServoValue, SERVO_MODE, SERVO_UPLOAD_BYTES, SERVO_UPLOAD_ID, SERVO_VALUE_BYTES, servoCanId } from '../../protocols/wire/servo-can.ts';
import type { CanFrame } from '../../protocols/wire/slcan.ts';
import { emptyDriveStatistics, type DriveCapability, type JointOf, type WireCost } from './drive.ts';
import { Enablement } from './enablement.ts';
import type { CanDrive } from './slcan-line.ts';

/** The first answer after a change may still answer the frame before it; the second cannot. */
const ANSWERS_THAT_TELL = 2;
/** `t` + 3 id digits + length + 2 digits per data byte + CR, each way, and the adapter's `z` CR. */
const LINE_BYTES = 22;
const lineBytes = (dataBytes: number): number => 6 + 2 * dataBytes;
const ACK_BYTES = 2;
/** `T` + 8 id digits + length + 16 data digits + CR. */
const EXTENDED_LINE_BYTES = 27;
/** The rate at which the loop is planned; faster uploads come several per cycle. */
const CYCLE_HZ = 250;
/** A value at the end of its range is told rounded to the upload's units. */
const ROUNDING = 1.01;
const RAD_PER_SEC_PER_RPM = (2 * Math.PI) / 60;

const NO_EFFECT = emptyMitCommand();

export class MitDrive implements CanDrive {
  readonly capability: DriveCapability;
  readonly cost: WireCost;
  /** MIT frames tell nothing of who sends them. */
  readonly identity = null;
  readonly refusal = null;
  readonly statistics = emptyDriveStatistics();
  readonly #codec: MitCodec;
  readonly #direction: number;
  readonly #zeroOffsetRad: number;
  readonly #command = emptyMitCommand();
  readonly #reply = emptyMitReply();
  readonly #upload = emptyServoUpload();
  readonly #enablement: Enablement;
  #answersSinceTold = 0;
  #linkOpen = false;
  #sequence = 0;
  /** The newest upload told what the drive cannot be: nobody is to go on with the one before. */
  #impossible = false;
  #answeredUs = -Infinity;
  #sentUs = -Infinity;
  #frameDue = false;
  /** Uploads that the drive's rate lets expect. */
  #expectedUploads = 0;

  constructor(readonly joint: JointOf<'mit'>) {
    const { drive } = joint;
    this.capability = drive;
    this.cost =
      drive.v3 === undefined
        ? { requestBytes: LINE_BYTES, replyBytes: lineBytes(mitReplyBytes(drive)) + ACK_BYTES }
        : { requestBytes: EXTENDED_LINE_BYTES, replyBytes: EXTENDED_LINE_BYTES * Math.ceil(drive.v3.uploadHz / CYCLE_HZ) + ACK_BYTES };
    this.#codec = new MitCodec(drive);
    this.#direction = drive.direction;
    this.#zeroOffsetRad = degToRad(drive.zeroOffsetDeg);
    this.#enablement = new Enablement(drive.watchdogMs * US_PER_MS);
  }

  onLinkOpen(nowUs: number): void {
    this.#enablement.onLinkOpen(nowUs);
    this.#answersSinceTold = 0;
    this.#linkOpen = true;
    this.#sequence = 0;
    this.#impossible = false;
    this.#answeredUs = -Infinity;
  }

  onLinkClosed(): void {
    this.#enablement.onLinkClosed();
    this.#linkOpen = false;
  }

  command(enable: boolean, joint: Readonly<JointCommand>, nowUs: number): void {
    if (this.#enablement.choose(enable, nowUs)) this.#answersSinceTold = 0;
    const command = this.#command;
    command.positionRad = this.#direction * (joint.positionRad - this.#zeroOffsetRad);
    command.velocityRadPerSec = this.#direction * joint.velocityRadPerSec;
    command.stiffnessNmPerRad = joint.stiffnessNmPerRad;
    command.dampingNmsPerRad = joint.dampingNmsPerRad;
    command.torqueNm = this.#direction * joint.torqueNm;
    this.#frameDue = true;
  }

  nextFrame(nowUs: number, frame: CanFrame): boolean {
    if (!this.#frameDue) return false;
    this.#frameDue = false;
    this.#count(nowUs);
    this.#sentUs = nowUs;
    if (this.#enablement.wanted && this.#enablement.observed) {
      this.#address(frame, SERVO_MODE.mit);
      if (this.#codec.encodeCommand(this.#command, frame.data)) return true;
      // A command without meaning (not finite) releases the drive.
      this.#enablement.block();
    }
    if (this.#enablement.wanted) this.#invite(frame);
    else this.farewellFrame(frame);
    return true;
  }

  onSent(nowUs: number): void {
    this.#enablement.onSent(nowUs);
  }

  expectSilence(): void {
    this.#enablement.expectSilence();
  }

  onCanFrame(frame: CanFrame, nowUs: number): boolean {
    if (frame.remote || !(this.joint.drive.v3 === undefined ? this.#isReply(frame) : this.#isUpload(frame))) return false;
    this.statistics.replies++;
    if (this.joint.drive.v3 === undefined) this.#codec.decodeReply(frame.data, this.#reply);
    else if (!this.#takeUpload(frame.data)) {
      this.statistics.refused++;
      if (this.#sequence > 0) this.#sequence++;
      return true;
    }
    this.#sequence++;
    this.#answeredUs = nowUs;
    this.statistics.roundTripUs = nowUs - this.#sentUs;
    this.#enablement.onAnswer(nowUs);
    if (++this.#answersSinceTold >= ANSWERS_THAT_TELL) this.#enablement.observe(this.#enablement.wanted);
    return true;
  }

  /** Exit, which is always answered and so is also the poll of a drive out of motor mode; or, third version, 0 A. */
  farewellFrame(frame: CanFrame): void {
    if (this.joint.drive.v3 === undefined) {
      this.#address(frame, SERVO_MODE.mit);
      encodeMitSpecial('exit', frame.data);
      return;
    }
    this.#address(frame, SERVO_MODE.current);
    frame.length = SERVO_VALUE_BYTES;
    frame.data.fill(0);
    encodeServoValue('current', 0, frame.data);
  }

  read(joint: JointInputs, nowUs: number): void {
    const reply = this.#reply;
    joint.driveState = this.#state();
    joint.driveErrorCode = reply.errorCode;
    joint.motorPositionRad = this.#impossible ? Number.NaN : this.#direction * reply.positionRad + this.#zeroOffsetRad;
    joint.motorVelocityRadPerSec = this.#direction * reply.velocityRadPerSec;
    joint.motorTorqueNm = this.#direction * reply.torqueNm;
    joint.driveTempC = reply.tempC;
    joint.driveAgeUs = Math.max(0, nowUs - this.#answeredUs);
    joint.driveSequence = this.#sequence;
  }

  /** Until it is seen to obey: enter motor mode; the third version has none, and gets a set-point without effect. */
  #invite(frame: CanFrame): void {
    this.#address(frame, SERVO_MODE.mit);
    if (this.joint.drive.v3 === undefined) encodeMitSpecial('enter', frame.data);
    else this.#codec.encodeCommand(NO_EFFECT, frame.data);
  }

  /** A timed upload is no answer, so what may be expected by now stands for the requests. */
  #count(nowUs: number): void {
    const { v3 } = this.joint.drive;
    if (v3 === undefined) this.statistics.requests++;
    else if (this.#sentUs > -Infinity) this.#expectedUploads += ((nowUs - this.#sentUs) * v3.uploadHz) / US_PER_S;
    if (v3 !== undefined) this.statistics.requests = Math.ceil(this.#expectedUploads);
  }

  #isReply(frame: CanFrame): boolean {
    const { drive } = this.joint;
    const id = frame.data[0] ?? 0;
    return !frame.extended && frame.length === mitReplyBytes(drive) && id === drive.address && (frame.id === MIT_HOST_CAN_ID || frame.id === id);
  }

  #isUpload(frame: CanFrame): boolean {
    return frame.extended && frame.length === SERVO_UPLOAD_BYTES && frame.id === (SERVO_UPLOAD_ID | this.joint.drive.address);
  }

  /** @returns false, with nothing taken, when the drive cannot have such a value */
  #takeUpload(data: Uint8Array): boolean {
    const { drive } = this.joint;
    if (drive.v3 === undefined) return false;
    const upload = this.#upload;
    decodeServoUpload(data, upload);
    const positionRad = degToRad(upload.positionDeg);
    const velocityRadPerSec = (upload.erpm * RAD_PER_SEC_PER_RPM) / (drive.v3.polePairs * drive.v3.gearRatio);
    const torqueNm = upload.currentA * drive.v3.torqueConstantNmPerA;
    this.#impossible =
      Math.abs(positionRad) > drive.positionRangeRad * ROUNDING ||
      Math.abs(velocityRadPerSec) > drive.velocityRangeRadPerSec * ROUNDING ||
      Math.abs(torqueNm) > drive.torqueRangeNm * ROUNDING;
    if (this.#impossible) return false;
    const reply = this.#reply;
    reply.positionRad = positionRad;
    reply.velocityRadPerSec = velocityRadPerSec;
    reply.torqueNm = torqueNm;
    reply.tempC = upload.tempC;
    reply.errorCode = upload.errorCode;
    return true;
  }

  /** @param mode of a third-version identifier; older ones are addressed by their id alone */
  #address(frame: CanFrame, mode: typeof SERVO_MODE.mit | typeof SERVO_MODE.current): void {
    const { address, v3 } = this.joint.drive;
    frame.id = v3 === undefined ? address : servoCanId(mode, address);
    frame.extended = v3 !== undefined;
    frame.remote = false;
    frame.length = MIT_FRAME_BYTES;
    frame.timestampMs = -1;
  }

  #state(): JointInputs['driveState'] {
    if (!this.#linkOpen || this.#sequence === 0) return 'absent';
    if (this.#reply.errorCode !== 0) return 'fault';
    return this.#enablement.observed ? 'enabled' : 'disabled';
  }
}
