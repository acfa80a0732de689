/** A drive that speaks MIT frames. The mode it is in stands in no frame, so it is concluded from its answers. */
import type { JointCommand, JointInputs } from '../../protocols/joints.ts';
import { degToRad, US_PER_MS } from '../../protocols/units.ts';
import { emptyMitCommand, emptyMitReply, encodeMitSpecial, MIT_FRAME_BYTES, MIT_HOST_CAN_ID, MitCodec } from '../../protocols/wire/mit.ts';
import type { CanFrame } from '../../protocols/wire/slcan.ts';
import { emptyDriveStatistics, type DriveCapability, type JointOf } from './drive.ts';
import { Enablement } from './enablement.ts';
import type { CanDrive } from './slcan-line.ts';

/** The first answer after a change may still answer the frame before it; the second cannot. */
const ANSWERS_THAT_TELL = 2;
/** `t` + 3 id digits + length + 16 data digits + CR, each way, and the adapter's `z` CR. */
const LINE_BYTES = 22;
const ACK_BYTES = 2;

export class MitDrive implements CanDrive {
  readonly capability: DriveCapability;
  readonly cost = { requestBytes: LINE_BYTES, replyBytes: LINE_BYTES + ACK_BYTES };
  /** MIT frames tell nothing of who sends them. */
  readonly identity = null;
  readonly refusal = null;
  readonly statistics = emptyDriveStatistics();
  readonly #codec: MitCodec;
  readonly #direction: number;
  readonly #zeroOffsetRad: number;
  readonly #command = emptyMitCommand();
  readonly #reply = emptyMitReply();
  readonly #enablement: Enablement;
  #answersSinceTold = 0;
  #linkOpen = false;
  #sequence = 0;
  #answeredUs = -Infinity;
  #sentUs = -Infinity;
  #frameDue = false;

  constructor(readonly joint: JointOf<'mit'>) {
    const { drive } = joint;
    this.capability = drive;
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
    this.#address(frame);
    this.statistics.requests++;
    this.#sentUs = nowUs;
    if (this.#enablement.wanted && this.#enablement.observed) {
      if (this.#codec.encodeCommand(this.#command, frame.data)) return true;
      // A command without meaning (not finite) releases the drive.
      this.#enablement.block();
    }
    // An exit frame is always answered, so it is also the poll of a drive that is out of motor mode.
    encodeMitSpecial(this.#enablement.wanted ? 'enter' : 'exit', frame.data);
    return true;
  }

  onSent(nowUs: number): void {
    this.#enablement.onSent(nowUs);
  }

  expectSilence(): void {
    this.#enablement.expectSilence();
  }

  onCanFrame(frame: CanFrame, nowUs: number): boolean {
    const id = frame.data[0] ?? 0;
    const isReply = !frame.extended && !frame.remote && frame.length === MIT_FRAME_BYTES && (frame.id === MIT_HOST_CAN_ID || frame.id === id);
    if (!isReply || id !== this.joint.drive.address) return false;
    this.#codec.decodeReply(frame.data, this.#reply);
    this.#sequence++;
    this.#answeredUs = nowUs;
    this.statistics.replies++;
    this.statistics.roundTripUs = nowUs - this.#sentUs;
    this.#enablement.onAnswer(nowUs);
    if (++this.#answersSinceTold >= ANSWERS_THAT_TELL) this.#enablement.observe(this.#enablement.wanted);
    return true;
  }

  farewellFrame(frame: CanFrame): void {
    this.#address(frame);
    encodeMitSpecial('exit', frame.data);
  }

  read(joint: JointInputs, nowUs: number): void {
    const reply = this.#reply;
    joint.driveState = this.#state();
    joint.driveErrorCode = reply.errorCode;
    joint.motorPositionRad = this.#direction * reply.positionRad + this.#zeroOffsetRad;
    joint.motorVelocityRadPerSec = this.#direction * reply.velocityRadPerSec;
    joint.motorTorqueNm = this.#direction * reply.torqueNm;
    joint.driveTempC = reply.tempC;
    joint.driveAgeUs = Math.max(0, nowUs - this.#answeredUs);
    joint.driveSequence = this.#sequence;
  }

  #address(frame: CanFrame): void {
    frame.id = this.joint.drive.address;
    frame.extended = false;
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
