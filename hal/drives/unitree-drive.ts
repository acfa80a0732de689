/**
 * A GO-M8010-6: native impedance at the rotor, one answer per command. It tells its mode and faults in every answer, but
 * not who it is, and has no command watchdog: only the hub's enable relay stops one whose host is gone.
 */
import type { JointCommand, JointInputs } from '../../protocols/joints.ts';
import type { DriveProfileOf } from '../../protocols/drive-profile.ts';
import { degToRad, US_PER_MS } from '../../protocols/units.ts';
import {
  decodeUnitreeReply,
  emptyUnitreeCommand,
  emptyUnitreeReply,
  encodeUnitreeCommand,
  isUnitreeFrame,
  UNITREE_BROADCAST_ID,
  UNITREE_COMMAND_BYTES,
  UNITREE_FOC,
  UNITREE_LOCK,
  UNITREE_REPLY_BYTES,
  UnitreeSplitter,
} from '../../protocols/wire/unitree.ts';
import { emptyDriveStatistics, type DriveCapability, type JointOf, type LineCounters } from './drive.ts';
import { Enablement } from './enablement.ts';
import { PlainLine, type PlainDrive } from './plain-line.ts';

/** A motor answers within a millisecond; the rest is this computer's. */
const REPLY_PATIENCE_US = 10_000;

export const createUnitreeLine = (joints: readonly JointOf<'unitree'>[], baud: number, counters: LineCounters): PlainLine =>
  new PlainLine({
    drives: joints.map((joint) => new UnitreeDrive(joint)),
    counters,
    splitter: (sink) => new UnitreeSplitter(sink, 'reply'),
    replyPatienceUs: REPLY_PATIENCE_US,
    silenceAdvice: `Check that the motors have power, that A and B of the RS-485 pair are not swapped and that the adapter can do ${baud} baud.`,
  });

export class UnitreeDrive implements PlainDrive {
  readonly capability: DriveCapability;
  readonly cost = { requestBytes: UNITREE_COMMAND_BYTES, replyBytes: UNITREE_REPLY_BYTES };
  readonly identity = null;
  readonly refusal = null;
  readonly statistics = emptyDriveStatistics();
  readonly #profile: DriveProfileOf<'unitree'>;
  readonly #zeroOffsetRad: number;
  readonly #command = emptyUnitreeCommand();
  readonly #neutral = emptyUnitreeCommand();
  readonly #farewell = { ...emptyUnitreeCommand(), id: UNITREE_BROADCAST_ID, status: UNITREE_LOCK };
  readonly #received = emptyUnitreeReply();
  /** The newest answer that passed. */
  readonly #reply = emptyUnitreeReply();
  readonly #enablement: Enablement;
  #linkOpen = false;
  #sequence = 0;
  /** Its newest answer told what it cannot be: nobody is to go on with the one before. */
  #impossible = false;
  #answeredUs = -Infinity;
  #askedUs = -Infinity;
  #frameDue = false;
  #unanswered = false;
  #awaitsReply = false;

  constructor(readonly joint: JointOf<'unitree'>) {
    this.#profile = joint.drive;
    this.capability = joint.drive;
    this.#zeroOffsetRad = degToRad(joint.drive.zeroOffsetDeg);
    this.#command.id = joint.drive.address;
    this.#command.status = UNITREE_FOC;
    this.#neutral.id = joint.drive.address;
    this.#enablement = new Enablement(joint.drive.watchdogMs * US_PER_MS);
  }

  get awaitsReply(): boolean {
    return this.#awaitsReply;
  }

  onLinkOpen(nowUs: number): void {
    this.#enablement.onLinkOpen(nowUs);
    this.#linkOpen = true;
    this.#sequence = 0;
    this.#impossible = false;
    this.#answeredUs = -Infinity;
    this.#unanswered = false;
    this.#awaitsReply = false;
  }

  onLinkClosed(): void {
    this.#enablement.onLinkClosed();
    this.#linkOpen = false;
    this.#awaitsReply = false;
  }

  command(enable: boolean, joint: Readonly<JointCommand>, nowUs: number): void {
    this.#enablement.choose(enable, nowUs);
    const { direction, gearRatio, stiffnessMaxNmPerRad, dampingMaxNmsPerRad } = this.#profile;
    const command = this.#command;
    command.positionRad = gearRatio * direction * (joint.positionRad - this.#zeroOffsetRad);
    command.velocityRadPerSec = gearRatio * direction * joint.velocityRadPerSec;
    command.stiffnessNmPerRad = Math.min(joint.stiffnessNmPerRad, stiffnessMaxNmPerRad) / (gearRatio * gearRatio);
    command.dampingNmsPerRad = Math.min(joint.dampingNmsPerRad, dampingMaxNmsPerRad) / (gearRatio * gearRatio);
    command.torqueNm = (direction * joint.torqueNm) / gearRatio;
    this.#frameDue = true;
  }

  encode(nowUs: number, out: Uint8Array, at: number): number {
    if (!this.#frameDue) return at;
    this.#frameDue = false;
    this.#unanswered = true;
    this.#awaitsReply = true;
    this.#askedUs = nowUs;
    this.statistics.requests++;
    if (this.#enablement.wanted && this.#enablement.observed) {
      const end = encodeUnitreeCommand(this.#command, out, at);
      if (end > at) return end;
      // A command without meaning (not finite) releases the drive.
      this.#enablement.block();
    }
    // Without gains and torque: FOC is entered, and the lock is polled, without a jerk.
    this.#neutral.status = this.#enablement.wanted ? UNITREE_FOC : UNITREE_LOCK;
    return encodeUnitreeCommand(this.#neutral, out, at);
  }

  onReplyTimeout(): void {
    this.#awaitsReply = false;
    this.statistics.retries++;
  }

  onSent(nowUs: number): void {
    this.#enablement.onSent(nowUs);
  }

  onFrame(frame: Uint8Array, nowUs: number): boolean {
    const received = this.#received;
    if (!isUnitreeFrame(frame, 'reply') || !decodeUnitreeReply(frame, received) || received.id !== this.#profile.address) return false;
    this.#awaitsReply = false;
    this.statistics.replies++;
    // What was not asked for is an older answer, which tells nothing of now.
    if (this.#unanswered) this.#impossible = !this.#isPossible();
    if (!this.#unanswered || this.#impossible) {
      this.statistics.refused++;
      if (this.#unanswered && this.#sequence > 0) this.#sequence++;
      return true;
    }
    this.#unanswered = false;
    Object.assign(this.#reply, received);
    this.#sequence++;
    this.#answeredUs = nowUs;
    this.statistics.roundTripUs = nowUs - this.#askedUs;
    this.#enablement.onAnswer(nowUs);
    this.#enablement.observe(received.status === UNITREE_FOC && received.errorCode === 0);
    return true;
  }

  encodeFarewell(out: Uint8Array, at: number): number {
    return encodeUnitreeCommand(this.#farewell, out, at);
  }

  read(joint: JointInputs, nowUs: number): void {
    const { direction, gearRatio } = this.#profile;
    const reply = this.#reply;
    joint.driveState = this.#state();
    joint.driveErrorCode = reply.errorCode;
    joint.motorPositionRad = this.#impossible ? Number.NaN : (direction * reply.positionRad) / gearRatio + this.#zeroOffsetRad;
    joint.motorVelocityRadPerSec = (direction * reply.velocityRadPerSec) / gearRatio;
    joint.motorTorqueNm = direction * reply.torqueNm * gearRatio;
    joint.driveTempC = reply.tempC;
    joint.driveAgeUs = Math.max(0, nowUs - this.#answeredUs);
    joint.driveSequence = this.#sequence;
  }

  /** The frame can carry more than the motor can be: a checksum of 16 bits lets one wrong frame in 65 536 pass. */
  #isPossible(): boolean {
    const { positionRangeRad, velocityRangeRadPerSec, torqueRangeNm, gearRatio } = this.#profile;
    const { positionRad, velocityRadPerSec, torqueNm } = this.#received;
    return Math.abs(positionRad) <= positionRangeRad * gearRatio && Math.abs(velocityRadPerSec) <= velocityRangeRadPerSec * gearRatio && Math.abs(torqueNm) * gearRatio <= torqueRangeNm;
  }

  #state(): JointInputs['driveState'] {
    if (!this.#linkOpen || this.#sequence === 0) return 'absent';
    if (this.#reply.errorCode !== 0) return 'fault';
    return this.#enablement.observed ? 'enabled' : 'disabled';
  }
}
