/**
 * One axis of an ODrive. In each cycle it is told its set-point (torque: the impedance is closed here) and asked for
 * position and velocity; then one of state, current, temperature, errors and settings is asked in rotation.
 */
import type { JointCommand, JointInputs } from '../../protocols/joints.ts';
import { fastestToldRadPerSec, type DriveProfileOf } from '../../protocols/drive-profile.ts';
import { degToRad, US_PER_MS } from '../../protocols/units.ts';
import { decodeOdriveFeedback, encodeOdriveLine, encodeOdriveSetPoint, odriveText, OdriveSplitter } from '../../protocols/wire/odrive.ts';
import { emptyDriveStatistics, type DriveCapability, type DriveIdentity, type JointOf, type LineCounters, type WireCost } from './drive.ts';
import { Enablement } from './enablement.ts';
import { hostImpedanceNm } from './host-impedance.ts';
import { OdriveDiagnosis, type OdriveFinding } from './odrive-diagnosis.ts';
import { ODRIVE_CLOSED_LOOP, ODRIVE_IDLE, TURN_RAD } from './odrive-names.ts';
import { odriveSetup, type OdriveTold } from './odrive-setup.ts';
import { OdriveSync } from './odrive-sync.ts';
import { PlainLine, type PlainDrive } from './plain-line.ts';
import type { Setup } from './setup.ts';

/** A reply takes a millisecond; the rest is this computer's. The wire's time comes on top. */
const REPLY_PATIENCE_US = 10 * US_PER_MS;
/** The longest step of set-up with its reply, and ten bit times per byte. */
const LONGEST_EXCHANGE_BYTES = 160;
const byteUs = (baud: number): number => 1e7 / baud;
/** Without an answer for so long the drive may have restarted, and forgotten its watchdog: it is set up anew. */
const SILENCE_US = 100 * US_PER_MS;
/** Asking again for closed loop makes a running axis drop out for a moment, so it is not asked in every cycle. */
const ARM_AGAIN_US = 100 * US_PER_MS;
/** `c 0 -12.345678*NN`, `f 0*NN`, `r axis0.current_state*NN` and their answers, ends included. */
const TORQUE_COST = { requestBytes: 55, replyBytes: 38 };
/** ` -12.345678` */
const VALUE_BYTES = 11;
const LETTERS = { torque: 'c', velocity: 'v', position: 'p' } as const;
const VALUES = { torque: 1, velocity: 2, position: 3 } as const;

export function createOdriveLine(joints: readonly JointOf<'odrive-ascii'>[], baud: number, counters: LineCounters): PlainLine {
  const sync = new OdriveSync();
  return new PlainLine({
    drives: joints.map((joint) => new OdriveDrive(joint, sync)),
    counters,
    splitter: (sink) => new OdriveSplitter(sink, 'required'),
    replyPatienceUs: REPLY_PATIENCE_US + LONGEST_EXCHANGE_BYTES * byteUs(baud),
    silenceAdvice: `Check that the drive has power and that its UART runs at ${baud} baud (config.uart_a_baudrate).`,
    opening: Uint8Array.of(0x0a),
  });
}

type Pending = 'nothing' | 'sync' | 'setup' | 'feedback' | 'diagnosis';

export class OdriveDrive implements PlainDrive {
  readonly capability: DriveCapability;
  readonly cost: WireCost;
  readonly statistics = emptyDriveStatistics();
  readonly #profile: DriveProfileOf<'odrive-ascii'>;
  readonly #zeroOffsetRad: number;
  readonly #enablement: Enablement;
  readonly #told: OdriveTold = { hardware: '', firmware: '', serialNumber: '' };
  readonly #setup: Setup<Uint8Array>;
  readonly #lines: Readonly<Record<'arm' | 'idle' | 'feed' | 'clear' | 'feedback', Uint8Array>>;
  readonly #diagnosis: OdriveDiagnosis;
  readonly #command: JointCommand = { positionRad: 0, velocityRadPerSec: 0, stiffnessNmPerRad: 0, dampingNmsPerRad: 0, torqueNm: 0 };
  readonly #values = new Float64Array(VALUES.position);
  readonly #feedback = { positionTurns: 0, velocityTurnsPerSec: 0 };
  #identity: DriveIdentity | null = null;
  #linkOpen = false;
  #pending: Pending = 'nothing';
  #syncDue = false;
  #cycleDue = false;
  #questionDue = false;
  /** The newest request of a cycle was for feedback, so that a question is next. */
  #fedBack = false;
  #wasToldOn = false;
  #clearDue = false;
  #armedUs = -Infinity;
  #positionRad = 0;
  #velocityRadPerSec = 0;
  #sequence = 0;
  /** Its newest answer told what it cannot be: nobody is to go on with the one before. */
  #impossible = false;
  #answeredUs = -Infinity;
  #askedUs = 0;

  constructor(
    readonly joint: JointOf<'odrive-ascii'>,
    private readonly sync: OdriveSync,
  ) {
    const { drive } = joint;
    const axis = `axis${drive.address}.`;
    this.#profile = drive;
    this.capability = drive;
    this.cost = { ...TORQUE_COST, requestBytes: TORQUE_COST.requestBytes + VALUE_BYTES * (VALUES[drive.setPoint] - 1) };
    this.#zeroOffsetRad = degToRad(drive.zeroOffsetDeg);
    this.#enablement = new Enablement(drive.watchdogMs * US_PER_MS);
    this.#setup = odriveSetup(joint, this.#told);
    this.#lines = {
      arm: encodeOdriveLine(`w ${axis}requested_state ${ODRIVE_CLOSED_LOOP}`),
      idle: encodeOdriveLine(`w ${axis}requested_state ${ODRIVE_IDLE}`),
      feed: encodeOdriveLine(`u ${drive.address}`),
      clear: encodeOdriveLine('sc'),
      feedback: encodeOdriveLine(`f ${drive.address}`),
    };
    this.#diagnosis = new OdriveDiagnosis(drive);
  }

  get identity(): DriveIdentity | null {
    return this.#identity;
  }

  get refusal(): string | null {
    if (this.#setup.refusal !== null) return this.#setup.refusal;
    const { unanswered } = this.#setup;
    return unanswered === null || this.sync.lost ? null : `it does not tell ${unanswered}. Check its firmware, and restart it.`;
  }

  get awaitsReply(): boolean {
    return this.#pending !== 'nothing';
  }

  onLinkOpen(nowUs: number): void {
    this.sync.lose(nowUs);
    this.#linkOpen = true;
    this.#pending = 'nothing';
    this.#wasToldOn = false;
    this.#enablement.onLinkOpen(nowUs);
    this.#forget();
  }

  onLinkClosed(): void {
    this.#enablement.onLinkClosed();
    this.#linkOpen = false;
    this.#pending = 'nothing';
  }

  command(enable: boolean, command: Readonly<JointCommand>, nowUs: number): void {
    this.#enablement.choose(enable, nowUs);
    if (enable) this.#wasToldOn = true;
    else {
      this.#clearDue ||= this.#wasToldOn && this.#diagnosis.errorCode !== 0;
      this.#wasToldOn = false;
    }
    Object.assign(this.#command, command);
    if (this.sync.silentUs(nowUs) > SILENCE_US) this.#forget();
    this.#syncDue = true;
    this.#cycleDue = true;
    this.#questionDue = true;
  }

  encode(nowUs: number, out: Uint8Array, at: number): number {
    const end = this.#encodeNext(nowUs, out, at);
    if (end > at) {
      this.statistics.requests++;
      this.#askedUs = nowUs;
    }
    return end;
  }

  onReplyTimeout(nowUs: number): void {
    this.#pending = 'nothing';
    this.statistics.retries++;
    this.sync.lose(nowUs);
  }

  onSent(nowUs: number): void {
    this.#enablement.onSent(nowUs);
  }

  onFrame(line: Uint8Array, nowUs: number): boolean {
    const pending = this.#pending;
    if (pending === 'nothing') return false;
    if (pending === 'sync') {
      if (!this.sync.accept(odriveText(line))) return false;
    } else if (!this.#take(pending, line, nowUs)) this.statistics.refused++;
    this.#pending = 'nothing';
    this.statistics.replies++;
    this.statistics.roundTripUs = nowUs - this.#askedUs;
    return true;
  }

  encodeFarewell(out: Uint8Array, at: number): number {
    return append(this.#lines.idle, out, at);
  }

  read(joint: JointInputs, nowUs: number): void {
    const { direction } = this.#profile;
    joint.driveState = this.#driveState();
    joint.driveErrorCode = this.#diagnosis.errorCode;
    joint.motorPositionRad = this.#impossible ? Number.NaN : direction * this.#positionRad + this.#zeroOffsetRad;
    joint.motorVelocityRadPerSec = direction * this.#velocityRadPerSec;
    joint.motorTorqueNm = direction * this.#diagnosis.torqueNm;
    joint.driveTempC = this.#diagnosis.tempC;
    joint.driveAgeUs = Math.max(0, nowUs - this.#answeredUs);
    joint.driveSequence = this.#sequence;
  }

  #encodeNext(nowUs: number, out: Uint8Array, at: number): number {
    if (this.sync.lost) {
      if (!this.#syncDue) return at;
      this.#syncDue = false;
      this.#pending = 'sync';
      return this.sync.encode(out, at);
    }
    if (!this.#setup.done) {
      // One step per cycle: the board's other axis may be running.
      if (!this.#cycleDue) return at;
      this.#cycleDue = false;
      const end = this.#setup.encode(nowUs, out, at);
      if (end > at) this.#pending = 'setup';
      return end;
    }
    // By turns, also where the wire has no time for both in every cycle: without the state nothing is ever enabled.
    if (this.#cycleDue && !(this.#questionDue && this.#fedBack)) {
      this.#cycleDue = false;
      this.#fedBack = true;
      this.#pending = 'feedback';
      return append(this.#lines.feedback, out, this.#encodeSetPoint(nowUs, out, at));
    }
    if (!this.#questionDue) return at;
    this.#questionDue = false;
    this.#fedBack = false;
    this.#pending = 'diagnosis';
    return append(this.#diagnosis.next(this.#enablement.wanted ? ODRIVE_CLOSED_LOOP : ODRIVE_IDLE), out, at);
  }

  #encodeSetPoint(nowUs: number, out: Uint8Array, at: number): number {
    if (this.#enablement.wanted) {
      const obeys = this.#enablement.observed;
      const end = this.#fillValues(obeys) ? encodeOdriveSetPoint(LETTERS[this.#profile.setPoint], this.#profile.address, this.#values, VALUES[this.#profile.setPoint], out, at) : at;
      if (end > at) return obeys ? end : this.#encodeArming(nowUs, out, end);
      // A command without meaning (not finite) releases the drive.
      this.#enablement.block();
    }
    this.#armedUs = -Infinity;
    let end = append(this.#lines.feed, out, at);
    if (this.#diagnosis.state !== ODRIVE_IDLE) end = append(this.#lines.idle, out, end);
    if (!this.#clearDue) return end;
    this.#clearDue = false;
    return append(this.#lines.clear, out, end);
  }

  #encodeArming(nowUs: number, out: Uint8Array, at: number): number {
    if (nowUs - this.#armedUs < ARM_AGAIN_US) return at;
    this.#armedUs = nowUs;
    return append(this.#lines.arm, out, at);
  }

  /** The set-point in the drive's units; one that moves nothing until the axis is in closed loop. */
  #fillValues(obeys: boolean): boolean {
    const { direction, gearRatio, setPoint } = this.#profile;
    const command = this.#command;
    const values = this.#values;
    values.fill(0);
    if (!obeys) {
      if (setPoint === 'position') values[0] = (this.#positionRad * gearRatio) / TURN_RAD;
      return true;
    }
    const turnsPerRad = (direction * gearRatio) / TURN_RAD;
    if (setPoint === 'torque') {
      const torqueNm = hostImpedanceNm(this.joint, command, direction * this.#positionRad + this.#zeroOffsetRad, direction * this.#velocityRadPerSec);
      if (torqueNm === null) return false;
      values[0] = (direction * torqueNm) / gearRatio;
    } else if (setPoint === 'velocity') {
      values[0] = command.velocityRadPerSec * turnsPerRad;
      values[1] = (direction * command.torqueNm) / gearRatio;
    } else {
      values[0] = (command.positionRad - this.#zeroOffsetRad) * turnsPerRad;
      values[1] = command.velocityRadPerSec * turnsPerRad;
      values[2] = (direction * command.torqueNm) / gearRatio;
    }
    return true;
  }

  /** @returns false when the drive cannot have answered this */
  #take(pending: Pending, line: Uint8Array, nowUs: number): boolean {
    if (pending === 'setup') {
      this.#setup.accept(line);
      if (this.#setup.done) this.#identity = { model: `ODrive v${this.#told.hardware}`, firmware: this.#told.firmware, serialNumber: this.#told.serialNumber };
      return true;
    }
    if (pending === 'feedback') return this.#takeFeedback(line, nowUs);
    return this.#takeFinding(this.#diagnosis.take(line));
  }

  #takeFeedback(line: Uint8Array, nowUs: number): boolean {
    const { gearRatio, positionRangeRad } = this.#profile;
    if (!decodeOdriveFeedback(line, this.#feedback)) return false;
    const positionRad = (this.#feedback.positionTurns * TURN_RAD) / gearRatio;
    const velocityRadPerSec = (this.#feedback.velocityTurnsPerSec * TURN_RAD) / gearRatio;
    this.#impossible = Math.abs(positionRad) > positionRangeRad || Math.abs(velocityRadPerSec) > fastestToldRadPerSec(this.#profile);
    if (this.#impossible) {
      if (this.#sequence > 0) this.#sequence++;
      return false;
    }
    this.#positionRad = positionRad;
    this.#velocityRadPerSec = velocityRadPerSec;
    this.#sequence++;
    this.#answeredUs = nowUs;
    this.#enablement.onAnswer(nowUs);
    return true;
  }

  #takeFinding(finding: OdriveFinding): boolean {
    if (finding === 'state') this.#enablement.observe(this.#diagnosis.state === ODRIVE_CLOSED_LOOP);
    else if (finding === 'settingLost') this.#forget();
    return finding !== 'refused';
  }

  /** What is known of the drive is void; it is set up anew. */
  #forget(): void {
    this.#setup.restart();
    this.#identity = null;
    this.#diagnosis.reset();
    this.#sequence = 0;
    this.#impossible = false;
    this.#answeredUs = -Infinity;
    this.#clearDue = false;
    this.#enablement.block();
  }

  #driveState(): JointInputs['driveState'] {
    if (!this.#linkOpen || this.#sequence === 0 || this.#diagnosis.state === null || !this.#setup.done) return 'absent';
    if (this.#diagnosis.errorCode !== 0) return 'fault';
    return this.#enablement.observed ? 'enabled' : 'disabled';
  }
}

function append(line: Uint8Array, out: Uint8Array, at: number): number {
  out.set(line, at);
  return at + line.length;
}
