/** A drive that speaks MIT frames. The mode it is in stands in no frame, so it is concluded from its answers. */
import type { JointCommand, JointInputs } from '../../protocols/joints.ts';
import type { JointProfile } from '../../protocols/profile.ts';
import { degToRad, US_PER_MS } from '../../protocols/units.ts';
import { emptyMitCommand, emptyMitReply, encodeMitSpecial, MitCodec } from '../../protocols/wire/mit.ts';
import type { Drive } from './drive.ts';

/** The first answer after a change may still answer the frame before it; the second cannot. */
const ANSWERS_THAT_TELL = 2;

export class MitDrive implements Drive {
  readonly #codec: MitCodec;
  readonly #direction: number;
  readonly #zeroOffsetRad: number;
  readonly #watchdogUs: number;
  readonly #command = emptyMitCommand();
  readonly #reply = emptyMitReply();
  /** What the drive is told: `motor` enters and keeps motor mode, the others leave it. */
  #told: 'blocked' | 'released' | 'motor' = 'blocked';
  #observedEnabled = false;
  #answersSinceTold = 0;
  #linkOpen = false;
  #sequence = 0;
  #answeredUs = -Infinity;
  #sentUs = -Infinity;

  constructor(joint: JointProfile) {
    this.#codec = new MitCodec(joint.drive);
    this.#direction = joint.drive.direction;
    this.#zeroOffsetRad = degToRad(joint.drive.zeroOffsetDeg);
    this.#watchdogUs = joint.drive.watchdogMs * US_PER_MS;
  }

  onLinkOpen(nowUs: number): void {
    this.#block();
    this.#linkOpen = true;
    this.#sequence = 0;
    this.#answeredUs = -Infinity;
    this.#sentUs = nowUs;
  }

  onLinkClosed(): void {
    this.#block();
    this.#linkOpen = false;
  }

  encode(enable: boolean, command: JointCommand, nowUs: number, data: Uint8Array): void {
    this.#choose(enable, nowUs);
    if (this.#told === 'motor' && this.#observedEnabled && this.#encodeSetPoint(command, data)) return;
    // An exit frame is always answered, so it is also the poll of a drive that is out of motor mode.
    encodeMitSpecial(this.#told === 'motor' ? 'enter' : 'exit', data);
  }

  onSent(nowUs: number): void {
    this.#sentUs = nowUs;
  }

  onFrame(data: Uint8Array, nowUs: number): void {
    this.#codec.decodeReply(data, this.#reply);
    this.#sequence++;
    this.#answeredUs = nowUs;
    if (++this.#answersSinceTold >= ANSWERS_THAT_TELL) this.#observedEnabled = this.#told === 'motor';
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

  #state(): JointInputs['driveState'] {
    if (!this.#linkOpen || this.#sequence === 0) return 'absent';
    if (this.#reply.errorCode !== 0) return 'fault';
    return this.#observedEnabled ? 'enabled' : 'disabled';
  }

  #choose(enable: boolean, nowUs: number): void {
    if (!enable) {
      if (this.#told === 'motor') this.#answersSinceTold = 0;
      this.#told = 'released';
    } else if (this.#told === 'released') {
      this.#told = 'motor';
      this.#observedEnabled = false;
      this.#answersSinceTold = 0;
    } else if (this.#observedEnabled && Math.max(nowUs - this.#sentUs, nowUs - this.#answeredUs) > this.#watchdogUs) this.#block();
  }

  #block(): void {
    this.#told = 'blocked';
    this.#observedEnabled = false;
    this.#answersSinceTold = 0;
  }

  /** @returns false for a command without meaning (not finite): the drive is then released */
  #encodeSetPoint(joint: JointCommand, data: Uint8Array): boolean {
    const command = this.#command;
    command.positionRad = this.#direction * (joint.positionRad - this.#zeroOffsetRad);
    command.velocityRadPerSec = this.#direction * joint.velocityRadPerSec;
    command.stiffnessNmPerRad = joint.stiffnessNmPerRad;
    command.dampingNmsPerRad = joint.dampingNmsPerRad;
    command.torqueNm = this.#direction * joint.torqueNm;
    if (this.#codec.encodeCommand(command, data)) return true;
    this.#block();
    return false;
  }
}
