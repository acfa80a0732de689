/**
 * A moteus: impedance closed in the drive at 15-30 kHz, one frame per cycle that carries the set-point and asks for the
 * status. Its gains are shares of those configured in it, so they are read first. With every set-point goes the
 * watchdog of the profile, and comes back with the status.
 */
import { DariError } from '../../protocols/errors.ts';
import type { JointCommand, JointInputs } from '../../protocols/joints.ts';
import { fastestToldRadPerSec } from '../../protocols/drive-profile.ts';
import { degToRad, US_PER_MS } from '../../protocols/units.ts';
import { canFdLength, decodeRcv, emptyFdFrame, encodeCanSend, FDCANUSB_LINE_MAX_BYTES, FdcanusbSplitter, isError, isOk } from '../../protocols/wire/fdcanusb.ts';
import { MOTEUS, MOTEUS_MODE, MoteusReader, MoteusWriter, REPLY_WANTED, TYPE, unitOf, valueOf, type ValueType } from '../../protocols/wire/moteus.ts';
import { emptyDriveStatistics, type DriveCapability, type DriveIdentity, type JointOf, type LineCounters, type WireCost } from './drive.ts';
import { Enablement } from './enablement.ts';
import { emptyMoteusAnswer, moteusSetup, TIMEOUT_UNIT_S } from './moteus-setup.ts';
import { PlainLine, type PlainDrive } from './plain-line.ts';
import { Setup } from './setup.ts';

const TURN_RAD = 2 * Math.PI;
/** A UART carries one request at a time; the controller answers within a millisecond, the rest is this computer's. */
const REPLY_PATIENCE_US = 10_000;
const SETUP_PATIENCE_US = 20_000;
/** The drive's own milliseconds must have gone on after this long, or its answers are old. */
const CLOCK_PATIENCE_US = 10_000;
/** A drive that has not told its status for so long is not asked for more. */
const LIVING_US = 100_000;
/** `can send 8001`, 48 data bytes, LF; `OK` and `rcv 100` with 32 data bytes and flags. */
const ADAPTER_COST = { requestBytes: 111, replyBytes: 90 };
/** The same with ` *XX` on each line; `rcv 00000100` with 31 data bytes, for a UART neither fills up nor flags. */
const UART_COST = { requestBytes: 115, replyBytes: 89 };
/** Both limits of the planned motion are switched off by any negative value: the set-point is the trajectory. */
const NO_LIMIT = -1;

/** @throws DariError `profileInvalid` for two drives on one UART */
export function createMoteusLine(joints: readonly JointOf<'moteus'>[], counters: LineCounters): PlainLine {
  const uart = joints.some(({ drive }) => drive.line === 'uart');
  if (uart && joints.length > 1) throw new DariError('profileInvalid', `The moteus of ${joints[0]?.id ?? ''} is alone on its UART, but other drives have the same link. Give each a link of its own, or use an fdcanusb.`);
  return new PlainLine({
    drives: joints.map((joint) => new MoteusDrive(joint)),
    counters,
    splitter: (sink) =>
      new FdcanusbSplitter(
        {
          onFrame: (line) => {
            if (isError(line)) counters.framesRefused++;
            else if (!isOk(line)) sink.onFrame(line);
          },
          onDiscarded: (byteCount) => sink.onDiscarded(byteCount),
          onChecksumError: () => sink.onChecksumError(),
        },
        () => uart,
      ),
    replyPatienceUs: uart ? REPLY_PATIENCE_US : null,
    silenceAdvice: uart ? 'Check that the controller has power, that its UART is enabled in its configuration, and that TX and RX are not swapped.' : 'Check that an fdcanusb adapter is on this port and that the controllers have power.',
    opening: Uint8Array.of(0x0a),
  });
}

export class MoteusDrive implements PlainDrive {
  readonly capability: DriveCapability;
  readonly cost: WireCost;
  readonly statistics = emptyDriveStatistics();
  readonly #address: number;
  readonly #uart: boolean;
  readonly #zeroOffsetRad: number;
  /** Controller's turns per radian of the joint, with its sign. */
  readonly #turnsPerRad: number;
  readonly #torquePerJointNm: number;
  readonly #maxTorque: number;
  readonly #timeoutS: number;
  readonly #enablement: Enablement;
  readonly #gains = { stiffnessNmPerRad: NaN, dampingNmsPerRad: NaN };
  readonly #setup;
  readonly #frame = emptyFdFrame();
  readonly #received = emptyFdFrame();
  readonly #writer = new MoteusWriter();
  readonly #answer = emptyMoteusAnswer();
  readonly #reader = new MoteusReader({
    onReply: (register, type, raw) => this.#onReply(register, type, raw),
    onError: (_of, register) => (this.#answer.missing = register),
    onText: (toDevice, bytes) => {
      if (!toDevice) this.#answer.text = String.fromCharCode(...bytes);
    },
  });
  /** Of the joint, as commanded and as last seen. */
  readonly #command = { positionRad: 0, velocityRadPerSec: 0, stiffnessNmPerRad: 0, dampingNmsPerRad: 0, torqueNm: 0 };
  readonly #seen = { positionRad: 0, velocityRadPerSec: 0, torqueNm: 0, tempC: 0, fault: 0, mode: NaN };
  #identity: DriveIdentity | null = null;
  #linkOpen = false;
  #sequence = 0;
  /** Its newest answer told what it cannot be: nobody is to go on with the one before. */
  #impossible = false;
  #answeredUs = -Infinity;
  #askedUs = -Infinity;
  #milliseconds = NaN;
  #clockUs = -Infinity;
  /** false: firmware without a clock register. */
  #hasClock = true;
  #statusDue = false;
  #setupDue = false;
  #clearDue = false;
  #wasOn = false;
  #awaitsReply = false;

  constructor(readonly joint: JointOf<'moteus'>) {
    const { drive } = joint;
    this.capability = drive;
    this.#address = drive.address;
    this.#uart = drive.line === 'uart';
    this.cost = this.#uart ? UART_COST : ADAPTER_COST;
    this.#zeroOffsetRad = degToRad(drive.zeroOffsetDeg);
    this.#turnsPerRad = (drive.direction * drive.gearRatio) / TURN_RAD;
    this.#torquePerJointNm = drive.direction / drive.gearRatio;
    this.#maxTorque = Math.min(joint.torqueLimitNm, drive.peakTorqueNm) / drive.gearRatio;
    this.#timeoutS = drive.watchdogMs / 1_000;
    this.#enablement = new Enablement(drive.watchdogMs * US_PER_MS);
    this.#setup = new Setup(moteusSetup(joint, (fill, out, at) => this.#line(fill, out, at), this.#gains), SETUP_PATIENCE_US);
  }

  get identity(): DriveIdentity | null {
    return this.#identity;
  }

  get refusal(): string | null {
    const { refusal, unanswered } = this.#setup;
    if (refusal !== null || unanswered === null) return refusal;
    return `it does not tell ${unanswered}. Update its firmware, or where its console cannot be reached write its gains in the profile.`;
  }

  get awaitsReply(): boolean {
    return this.#awaitsReply;
  }

  onReplyTimeout(): void {
    this.#awaitsReply = false;
  }

  onLinkOpen(nowUs: number): void {
    this.#enablement.onLinkOpen(nowUs);
    this.#linkOpen = true;
    this.#hasClock = true;
    this.#awaitsReply = false;
    this.#forget();
  }

  onLinkClosed(): void {
    this.#enablement.onLinkClosed();
    this.#linkOpen = false;
  }

  command(enable: boolean, command: Readonly<JointCommand>, nowUs: number): void {
    if (this.#enablement.choose(enable, nowUs) && this.#enablement.wanted) this.#wasOn = true;
    // What is not known yet is not enabled when it becomes known.
    if (!this.#setup.done) this.#enablement.block();
    if (!enable && this.#wasOn) {
      this.#wasOn = false;
      this.#clearDue = true;
    }
    Object.assign(this.#command, command);
    this.#statusDue = true;
    this.#setupDue = true;
  }

  encode(nowUs: number, out: Uint8Array, at: number): number {
    if (at + FDCANUSB_LINE_MAX_BYTES > out.length) return at;
    if (this.#statusDue) {
      this.#statusDue = false;
      this.#askedUs = nowUs;
      return this.#line(this.#status, out, at);
    }
    if (!this.#setupDue || this.#setup.done || nowUs - this.#answeredUs > LIVING_US) return at;
    this.#setupDue = false;
    const end = this.#setup.encode(nowUs, out, at);
    this.statistics.retries = this.#setup.retries;
    return end;
  }

  onSent(nowUs: number): void {
    this.#enablement.onSent(nowUs);
  }

  onFrame(line: Uint8Array, nowUs: number): boolean {
    const frame = this.#received;
    if (!decodeRcv(line, frame) || frame.id !== this.#address << 8) return false;
    this.#awaitsReply = false;
    this.statistics.replies++;
    this.#clearAnswer();
    if (!this.#reader.parse(frame.data, frame.length)) this.statistics.refused++;
    else if (!Number.isNaN(this.#answer.mode)) this.#onStatus(nowUs);
    else if (this.#setup.accept(this.#answer)) this.#identify();
    if (this.#answer.missing === MOTEUS.milliseconds) this.#hasClock = false;
    return true;
  }

  encodeFarewell(out: Uint8Array, at: number): number {
    return this.#line(stop, out, at);
  }

  read(joint: JointInputs, nowUs: number): void {
    const seen = this.#seen;
    const isReady = this.#linkOpen && this.#setup.done && this.#sequence > 0;
    joint.driveState = !isReady ? 'absent' : seen.mode === MOTEUS_MODE.fault ? 'fault' : this.#enablement.observed ? 'enabled' : 'disabled';
    joint.driveErrorCode = seen.mode === MOTEUS_MODE.fault ? seen.fault : 0;
    joint.motorPositionRad = this.#impossible ? Number.NaN : seen.positionRad;
    joint.motorVelocityRadPerSec = seen.velocityRadPerSec;
    joint.motorTorqueNm = seen.torqueNm;
    joint.driveTempC = seen.tempC;
    joint.driveAgeUs = isReady ? Math.max(0, nowUs - this.#answeredUs) : Infinity;
    joint.driveSequence = isReady ? this.#sequence : 0;
  }

  #line(fill: (writer: MoteusWriter) => void, out: Uint8Array, at: number): number {
    const writer = this.#writer.reset(this.#frame.data);
    fill(writer);
    writer.pad(canFdLength(writer.length));
    this.#frame.id = REPLY_WANTED | this.#address;
    this.#frame.length = writer.length;
    this.statistics.requests++;
    this.#awaitsReply = true;
    return encodeCanSend(this.#frame, this.#uart, out, at);
  }

  /** Set-point, or what releases the drive, and the question how it is. */
  readonly #status = (writer: MoteusWriter): void => {
    const { mode } = this.#seen;
    if (!this.#enablement.wanted || !this.#setPoint(writer)) {
      const isReleased = mode === MOTEUS_MODE.stopped || mode === MOTEUS_MODE.fault;
      if (!isReleased || this.#clearDue) stop(writer);
    }
    writer.write(TYPE.int16, 1, MOTEUS.timeout);
    writer.value(TYPE.int16, 'time', this.#timeoutS);
    writer.read(TYPE.int8, 1, MOTEUS.mode);
    writer.read(TYPE.float, 3, MOTEUS.position);
    writer.read(TYPE.int8, 2, MOTEUS.temperature);
    writer.read(TYPE.int16, 1, MOTEUS.timeout);
    // Last, because firmware that has no such register ends its answer there.
    if (this.#hasClock) writer.read(TYPE.int32, 1, MOTEUS.milliseconds);
  };

  /** @returns false for a command without meaning (not finite): the drive is then released */
  #setPoint(writer: MoteusWriter): boolean {
    const { positionRad, velocityRadPerSec, torqueNm } = this.#command;
    const { stiffnessNmPerRad, dampingNmsPerRad } = this.#gains;
    const obeyed = this.#enablement.observed;
    const kpScale = obeyed ? share(this.#command.stiffnessNmPerRad, stiffnessNmPerRad) : 0;
    const kdWanted = obeyed ? share(this.#command.dampingNmsPerRad, dampingNmsPerRad) : 0;
    // The drive holds its damping share to its stiffness share; what is left is closed here, at the loop's rate.
    const kdScale = Math.min(kdWanted, kpScale);
    const damperNm = (kdWanted - kdScale) * dampingNmsPerRad * (velocityRadPerSec - this.#seen.velocityRadPerSec);
    const torque = obeyed ? this.#torquePerJointNm * (torqueNm + damperNm) : 0;
    const position = obeyed ? this.#turnsPerRad * (positionRad - this.#zeroOffsetRad) : NaN;
    const velocity = obeyed ? this.#turnsPerRad * velocityRadPerSec : 0;
    if (!Number.isFinite(kpScale + kdScale + torque + velocity) || (obeyed && !Number.isFinite(position))) {
      this.#enablement.block();
      return false;
    }
    writer.write(TYPE.int8, 1, MOTEUS.mode);
    writer.value(TYPE.int8, 'count', MOTEUS_MODE.position);
    writer.write(TYPE.float, 6, MOTEUS.commandPosition);
    writer.value(TYPE.float, 'position', position);
    writer.value(TYPE.float, 'velocity', velocity);
    writer.value(TYPE.float, 'torque', torque);
    writer.value(TYPE.float, 'scale', kpScale);
    writer.value(TYPE.float, 'scale', kdScale);
    writer.value(TYPE.float, 'torque', obeyed ? this.#maxTorque : 0);
    writer.write(TYPE.int8, 2, MOTEUS.velocityLimit);
    writer.value(TYPE.int8, 'velocity', NO_LIMIT);
    writer.value(TYPE.int8, 'acceleration', NO_LIMIT);
    return true;
  }

  #onStatus(nowUs: number): void {
    const { mode, fault, milliseconds } = this.#answer;
    this.#impossible = !this.#isPossible();
    if (this.#impossible || !this.#isCurrent(nowUs)) {
      this.statistics.refused++;
      if (this.#impossible && this.#sequence > 0) this.#sequence++;
      return;
    }
    const restarted = this.#milliseconds - milliseconds > 0 && milliseconds >= 0;
    if (milliseconds !== this.#milliseconds) this.#clockUs = nowUs;
    this.#milliseconds = milliseconds;
    if (restarted) this.#forget();
    this.#keep();
    this.#seen.mode = mode;
    this.#seen.fault = fault;
    if (mode === MOTEUS_MODE.stopped) this.#clearDue = false;
    this.#sequence++;
    this.#answeredUs = nowUs;
    this.statistics.roundTripUs = nowUs - this.#askedUs;
    this.#enablement.onAnswer(nowUs);
    this.#enablement.observe(mode === MOTEUS_MODE.position);
  }

  /** Within what the drive can have. */
  #isPossible(): boolean {
    const { position, velocity, torque } = this.#answer;
    const { drive } = this.joint;
    return (
      Math.abs(position / this.#turnsPerRad) <= drive.positionRangeRad &&
      Math.abs(velocity / this.#turnsPerRad) <= fastestToldRadPerSec(drive) &&
      Math.abs(torque / this.#torquePerJointNm) <= drive.torqueRangeNm
    );
  }

  /** Whole, with our watchdog, and from a clock that goes on. */
  #isCurrent(nowUs: number): boolean {
    const { tempC, fault, timeoutS, milliseconds } = this.#answer;
    const clockStands = milliseconds === this.#milliseconds && nowUs - this.#clockUs > CLOCK_PATIENCE_US;
    return !clockStands && !Number.isNaN(tempC + fault) && timeoutS !== null && Math.abs(timeoutS - this.#timeoutS) < TIMEOUT_UNIT_S;
  }

  #keep(): void {
    const { position, velocity, torque, tempC } = this.#answer;
    const seen = this.#seen;
    seen.positionRad = position / this.#turnsPerRad + this.#zeroOffsetRad;
    seen.velocityRadPerSec = velocity / this.#turnsPerRad;
    seen.torqueNm = torque / this.#torquePerJointNm;
    seen.tempC = tempC;
  }

  #onReply(register: number, type: ValueType, raw: number): void {
    const answer = this.#answer;
    const value = valueOf(unitOf(register), type, raw);
    if (register === MOTEUS.mode) answer.mode = value;
    else if (register === MOTEUS.position) answer.position = value;
    else if (register === MOTEUS.velocity) answer.velocity = value;
    else if (register === MOTEUS.torque) answer.torque = value;
    else if (register === MOTEUS.temperature) answer.tempC = value;
    else if (register === MOTEUS.fault) answer.fault = value;
    else if (register === MOTEUS.timeout) answer.timeoutS = value;
    else if (register === MOTEUS.milliseconds) answer.milliseconds = value;
    else if (register === MOTEUS.modelNumber) answer.modelNumber = raw;
    else if (register === MOTEUS.firmwareVersion) answer.firmwareVersion = raw;
    else if (register >= MOTEUS.serialNumber && register < MOTEUS.serialNumber + 3) answer.serialNumber[register - MOTEUS.serialNumber] = raw;
  }

  #clearAnswer(): void {
    const answer = this.#answer;
    answer.mode = answer.position = answer.velocity = answer.torque = answer.tempC = answer.fault = NaN;
    answer.milliseconds = answer.modelNumber = answer.firmwareVersion = answer.missing = NaN;
    answer.serialNumber.fill(NaN);
    answer.timeoutS = answer.text = null;
  }

  #identify(): void {
    const { firmwareVersion, serialNumber } = this.#answer;
    if (Number.isNaN(firmwareVersion)) return;
    this.#identity = {
      model: `0x${(this.#answer.modelNumber >>> 0).toString(16)}`,
      firmware: [16, 8, 0].map((shift) => (firmwareVersion >> shift) & 0xff).join('.'),
      serialNumber: Number.isNaN(serialNumber[2]) ? '' : serialNumber.map((word) => (word >>> 0).toString(16).padStart(8, '0')).reverse().join(''),
    };
  }

  /** The link opened or the drive started anew: what was set in it is gone. */
  #forget(): void {
    this.#setup.restart();
    this.#enablement.block();
    this.#identity = null;
    this.#sequence = 0;
    this.#impossible = false;
    this.#answeredUs = -Infinity;
    this.#milliseconds = NaN;
    this.#clockUs = -Infinity;
    this.#clearDue = false;
    this.#wasOn = false;
    this.#seen.mode = NaN;
  }
}

/** A write of mode 0 also clears a fault. */
function stop(writer: MoteusWriter): void {
  writer.write(TYPE.int8, 1, MOTEUS.mode);
  writer.value(TYPE.int8, 'count', MOTEUS_MODE.stopped);
}

/** Part of a configured gain; what the drive has not, it cannot give. */
const share = (wanted: number, configured: number): number => Math.max(0, Math.min(1, wanted / configured));
