/**
 * A maxon EPOS4 on RS232 or USB: one object is read or written at a time, so a cycle writes the set-point where it has
 * changed and reads on where the cycle before had to stop. A sample counts when position, velocity and status word are
 * new. The drive has no watchdog on this link; the profile names the hub's relay for it.
 */
import type { JointCommand, JointInputs } from '../../protocols/joints.ts';
import { clamp } from '../../protocols/math.ts';
import { fastestToldRadPerSec } from '../../protocols/drive-profile.ts';
import { degToRad, US_PER_MS } from '../../protocols/units.ts';
import { CONTROL, controlwordToward, OD, powerStateOf, type CanopenObject, type PowerState } from '../../protocols/wire/cia402.ts';
import { decodeEpos4Response, emptyEpos4Response, encodeEpos4Read, encodeEpos4Write, EPOS4_BYTES, EPOS4_OD, EPOS4_SHORT_MAX_BYTES, Epos4Splitter, epos4ValueOf, Epos4Writer } from '../../protocols/wire/epos4.ts';
import { emptyDriveStatistics, type DriveCapability, type DriveIdentity, type JointOf, type LineCounters } from './drive.ts';
import { Enablement } from './enablement.ts';
import { epos4ModeOf, epos4Setup, type Epos4Told } from './epos4-setup.ts';
import { hostImpedanceNm } from './host-impedance.ts';
import { PlainLine, type PlainDrive } from './plain-line.ts';
import { Setup } from './setup.ts';

/** The drive answers within some milliseconds; the rest is a USB adapter's and this computer's. */
const REPLY_PATIENCE_US = 20 * US_PER_MS;
/** A response does not say what it answers, so a late one must have passed before the next question. */
const DRAIN_US = 50 * US_PER_MS;
/** A drive that has been silent for so long is looked for anew. */
const SILENCE_US = 200 * US_PER_MS;
/** 0.2°. */
const BEGIN_TURNS = 0.2 / 360;
/** What the object can carry is ten times what a power stage can have. */
const MOST_TEMP_C = 250;
const I32 = 0x7fff_ffff;
const I16 = 0x7fff;

/** Read in every sample, in this order; then one of the others. */
const SAMPLE: readonly CanopenObject[] = [OD.position, OD.velocity, OD.statusword];
const OTHERS: readonly CanopenObject[] = [OD.torque, EPOS4_OD.powerStageTemperature, OD.torque, OD.errorCode, OD.torque, OD.modeDisplay];
const READS_PER_CYCLE = SAMPLE.length + 1;

type Request = 'none' | 'setup' | 'controlword' | 'target' | 'read';

export const createEpos4Line = (joints: readonly JointOf<'epos4'>[], counters: LineCounters): PlainLine =>
  new PlainLine({
    drives: joints.map((joint) => new Epos4Drive(joint)),
    counters,
    splitter: (sink) => new Epos4Splitter(sink),
    replyPatienceUs: REPLY_PATIENCE_US,
    silenceAdvice: 'Check that the drive has power and that its RS232 bit rate (object 2002h) is that of the profile.',
  });

export class Epos4Drive implements PlainDrive {
  readonly capability: DriveCapability;
  readonly cost = { requestBytes: EPOS4_BYTES.writeRequest + READS_PER_CYCLE * EPOS4_BYTES.readRequest, replyBytes: EPOS4_BYTES.writeResponse + READS_PER_CYCLE * EPOS4_BYTES.readResponse };
  readonly statistics = emptyDriveStatistics();
  readonly #writer = new Epos4Writer();
  readonly #response = emptyEpos4Response();
  readonly #told: Epos4Told = { productCode: 0, softwareVersion: 0, serialNumber: 0, nominalCurrentMa: 0 };
  readonly #setup;
  readonly #enablement: Enablement;
  readonly #targetObject: CanopenObject;
  /** How far the target may be from where the drive stands when it begins. */
  readonly #targetTolerance: number;
  readonly #zeroOffsetRad: number;
  readonly #radPerCount: number;
  readonly #radPerSecPerRpm: number;
  readonly #nmPerThousandth: number;
  readonly #command = { positionRad: 0, velocityRadPerSec: 0, stiffnessNmPerRad: 0, dampingNmsPerRad: 0, torqueNm: 0 };
  readonly #seen = { positionRad: 0, velocityRadPerSec: 0, torqueNm: 0, tempC: 0, errorCode: 0 };
  #identity: DriveIdentity | null = null;
  #linkOpen = false;
  #state: PowerState | null = null;
  #sequence = 0;
  /** When the oldest value of the newest sample was asked for. */
  #sampledUs = -Infinity;
  #sampleStartUs = 0;
  #sampleIsGood = true;
  /** What of the next sample has come: it counts when all of it has. */
  readonly #sample = { positionRad: 0, velocityRadPerSec: 0 };
  /** Its newest sample told what it cannot be: nobody is to go on with the one before. */
  #impossible = false;
  #answeredUs = -Infinity;
  #request: Request = 'none';
  #requestValue = 0;
  #asked: CanopenObject = OD.statusword;
  #askedUs = 0;
  #restUntilUs = -Infinity;
  #next = 0;
  #nextOther = 0;
  #readsLeft = 0;
  #writeDue = false;
  #setupDue = false;
  /** What the drive has acknowledged; null: not known. */
  #target: number | null = null;
  #controlword: number | null = null;
  #wasWanted = false;
  #clearsFault = false;

  constructor(readonly joint: JointOf<'epos4'>) {
    const { drive } = joint;
    this.capability = drive;
    this.#setup = new Setup(epos4Setup(joint, this.#writer, this.#told), 0);
    this.#enablement = new Enablement(drive.watchdogMs * US_PER_MS);
    this.#targetObject = drive.setPoint === 'torque' ? OD.targetTorque : drive.setPoint === 'velocity' ? OD.targetVelocity : OD.targetPosition;
    this.#targetTolerance = drive.setPoint === 'position' ? BEGIN_TURNS * drive.countsPerTurn : 0;
    this.#zeroOffsetRad = degToRad(drive.zeroOffsetDeg);
    this.#radPerCount = (drive.direction * 2 * Math.PI) / drive.countsPerTurn;
    this.#radPerSecPerRpm = (drive.direction * 2 * Math.PI) / (60 * drive.gearRatio);
    this.#nmPerThousandth = (drive.direction * drive.ratedTorqueNm) / 1_000;
  }

  get identity(): DriveIdentity | null {
    return this.#identity;
  }

  get refusal(): string | null {
    return this.#setup.refusal;
  }

  get awaitsReply(): boolean {
    return this.#request !== 'none';
  }

  onLinkOpen(nowUs: number): void {
    this.#enablement.onLinkOpen(nowUs);
    this.#linkOpen = true;
    this.#wasWanted = false;
    this.#begin(-Infinity);
  }

  onLinkClosed(): void {
    this.#enablement.onLinkClosed();
    this.#linkOpen = false;
  }

  command(enable: boolean, command: Readonly<JointCommand>, nowUs: number): void {
    this.#enablement.choose(enable, nowUs);
    // What is not known yet is not enabled when it becomes known.
    if (!this.#setup.done) this.#enablement.block();
    if (enable) this.#clearsFault = false;
    else if (this.#wasWanted) this.#clearsFault = this.#isFault;
    this.#wasWanted = enable;
    Object.assign(this.#command, command);
    this.#readsLeft = READS_PER_CYCLE;
    this.#writeDue = true;
    this.#setupDue = true;
  }

  onSent(nowUs: number): void {
    this.#enablement.onSent(nowUs);
  }

  encode(nowUs: number, out: Uint8Array, at: number): number {
    if (nowUs < this.#restUntilUs || at + EPOS4_SHORT_MAX_BYTES > out.length) return at;
    const end = this.#setup.done ? this.#encodeCycle(out, at) : this.#encodeSetup(nowUs, out, at);
    if (end === at) return at;
    this.#askedUs = nowUs;
    this.statistics.requests++;
    return end;
  }

  onReplyTimeout(nowUs: number): void {
    this.#request = 'none';
    this.#target = null;
    this.#controlword = null;
    this.#restUntilUs = nowUs + DRAIN_US;
    this.statistics.retries++;
    if (this.#setup.done && nowUs - this.#answeredUs > SILENCE_US) this.#begin(nowUs + DRAIN_US);
  }

  onFrame(frame: Uint8Array, nowUs: number): boolean {
    const request = this.#request;
    const response = this.#response;
    if (request === 'none' || !decodeEpos4Response(frame, response)) return false;
    this.#request = 'none';
    this.statistics.replies++;
    this.statistics.roundTripUs = nowUs - this.#askedUs;
    this.#answeredUs = nowUs;
    if (request === 'setup') this.#onSetup();
    else if (response.error !== 0 || response.hasValue !== (request === 'read')) this.statistics.refused++;
    else if (request === 'target') this.#target = this.#requestValue;
    else if (request === 'controlword') this.#controlword = this.#requestValue;
    else this.#onValue(epos4ValueOf(this.#asked, response.raw), nowUs);
    return true;
  }

  encodeFarewell(out: Uint8Array, at: number): number {
    return encodeEpos4Write(this.#writer, this.joint.drive.address, OD.controlword, CONTROL.disableVoltage, out, at);
  }

  read(joint: JointInputs, nowUs: number): void {
    const isKnown = this.#linkOpen && this.#setup.done && this.#sequence > 0;
    joint.driveState = !isKnown ? 'absent' : this.#isFault ? 'fault' : this.#enablement.observed ? 'enabled' : 'disabled';
    joint.driveErrorCode = this.#isFault ? this.#seen.errorCode : 0;
    joint.motorPositionRad = this.#impossible ? Number.NaN : this.#seen.positionRad;
    joint.motorVelocityRadPerSec = this.#seen.velocityRadPerSec;
    joint.motorTorqueNm = this.#seen.torqueNm;
    joint.driveTempC = this.#seen.tempC;
    joint.driveAgeUs = isKnown ? Math.max(0, nowUs - this.#sampledUs) : Infinity;
    joint.driveSequence = isKnown ? this.#sequence : 0;
  }

  get #isFault(): boolean {
    return this.#state === 'fault' || this.#state === 'faultReaction';
  }

  /** What is known of the drive is void; it is set up anew. */
  #begin(restUntilUs: number): void {
    this.#setup.restart();
    this.#enablement.block();
    this.#identity = null;
    this.#state = null;
    this.#sequence = 0;
    this.#impossible = false;
    this.#sampledUs = -Infinity;
    this.#request = 'none';
    this.#restUntilUs = restUntilUs;
    this.#next = 0;
    this.#target = null;
    this.#controlword = null;
    this.#clearsFault = false;
  }

  #encodeSetup(nowUs: number, out: Uint8Array, at: number): number {
    if (!this.#setupDue) return at;
    this.#setupDue = false;
    const end = this.#setup.encode(nowUs, out, at);
    if (end > at) this.#request = 'setup';
    return end;
  }

  #encodeCycle(out: Uint8Array, at: number): number {
    const { address } = this.joint.drive;
    if (this.#writeDue) {
      this.#writeDue = false;
      const object = this.#chooseWrite();
      if (object !== null) return encodeEpos4Write(this.#writer, address, object, this.#requestValue, out, at);
    }
    if (this.#readsLeft === 0) return at;
    this.#readsLeft--;
    this.#request = 'read';
    this.#asked = this.#chooseRead();
    return encodeEpos4Read(this.#writer, address, this.#asked, out, at);
  }

  /** The control word while the state is not yet the wanted one, else the target where it has changed. */
  #chooseWrite(): CanopenObject | null {
    if (this.#state === null) return null;
    const target = this.#wantedTarget();
    if (target === null) this.#enablement.block();
    const isThere = this.#enablement.wanted ? this.#state === 'operationEnabled' : this.#state === 'switchOnDisabled';
    const waits = this.#isFault && !this.#clearsFault;
    if (!isThere && !waits) {
      // The target that it begins with is there before it begins.
      const isReady = this.#target !== null && target !== null && Math.abs(target - this.#target) <= this.#targetTolerance;
      if (!this.#enablement.wanted || isReady) return this.#write('controlword', OD.controlword, this.#wantedControlword());
    }
    if (target === null || target === this.#target || !this.#enablement.wanted) return null;
    return this.#write('target', this.#targetObject, target);
  }

  #write(request: 'controlword' | 'target', object: CanopenObject, value: number): CanopenObject {
    this.#request = request;
    this.#requestValue = value;
    return object;
  }

  #chooseRead(): CanopenObject {
    const object = SAMPLE[this.#next];
    if (object !== undefined) return object;
    this.#nextOther = (this.#nextOther + 1) % OTHERS.length;
    return OTHERS[this.#nextOther] ?? OD.torque;
  }

  #wantedControlword(): number {
    if (this.#enablement.wanted) return controlwordToward(this.#state);
    // The drive resets on the rising edge, so every other word is without the bit.
    return this.#clearsFault && this.#state === 'fault' && this.#controlword === CONTROL.disableVoltage ? CONTROL.faultReset : CONTROL.disableVoltage;
  }

  /** In the drive's units; until it obeys, what keeps it where it is. @returns null for a command without meaning */
  #wantedTarget(): number | null {
    const command = this.#command;
    const { setPoint } = this.joint.drive;
    const obeys = this.#enablement.wanted && this.#enablement.observed;
    if (setPoint === 'torque') {
      if (!obeys) return 0;
      const torqueNm = hostImpedanceNm(this.joint, command, this.#seen.positionRad, this.#seen.velocityRadPerSec);
      return torqueNm === null ? null : clamp(Math.round(torqueNm / this.#nmPerThousandth), -I16, I16);
    }
    const value = setPoint === 'velocity' ? (obeys ? command.velocityRadPerSec / this.#radPerSecPerRpm : 0) : ((obeys ? command.positionRad : this.#seen.positionRad) - this.#zeroOffsetRad) / this.#radPerCount;
    return Number.isFinite(value) ? clamp(Math.round(value), -I32, I32) : null;
  }

  #onSetup(): void {
    this.#setup.accept(this.#response);
    // A step that is answered makes way for the next in the same cycle.
    this.#setupDue = this.#setup.refusal === null;
    if (!this.#setup.done) return;
    const { productCode, softwareVersion, serialNumber } = this.#told;
    const hex = (value: number): string => value.toString(16).toUpperCase().padStart(4, '0');
    this.#identity = { model: `EPOS4 (${hex(productCode)}h)`, firmware: `${hex(Math.floor(softwareVersion / 0x1_0000))}h`, serialNumber: `${serialNumber}` };
  }

  #onValue(value: number, nowUs: number): void {
    const { drive } = this.joint;
    if (this.#next === 0) {
      this.#sampleStartUs = this.#askedUs;
      this.#sampleIsGood = true;
    }
    if (this.#asked === OD.statusword) {
      this.#onStatusword(value, nowUs);
      return;
    }
    if (this.#asked !== OD.position && this.#asked !== OD.velocity) {
      this.#next = 0;
      this.#onOther(value, nowUs);
      return;
    }
    this.#next++;
    const isPosition = this.#asked === OD.position;
    const inUnits = value * (isPosition ? this.#radPerCount : this.#radPerSecPerRpm);
    if (Math.abs(inUnits) > (isPosition ? drive.positionRangeRad : fastestToldRadPerSec(drive))) {
      this.#sampleIsGood = false;
      this.statistics.refused++;
    } else if (isPosition) this.#sample.positionRad = inUnits + this.#zeroOffsetRad;
    else this.#sample.velocityRadPerSec = inUnits;
  }

  #onStatusword(value: number, nowUs: number): void {
    this.#next++;
    const state = powerStateOf(value);
    // It has begun with a target of its own.
    if (state === 'operationEnabled' && this.#state !== state) this.#target = null;
    this.#state = state;
    if (!this.#isFault) this.#clearsFault = false;
    this.#enablement.onAnswer(nowUs);
    this.#enablement.observe(this.#state === 'operationEnabled');
    this.#impossible = !this.#sampleIsGood;
    if (this.#impossible) {
      if (this.#sequence > 0) this.#sequence++;
      return;
    }
    Object.assign(this.#seen, this.#sample);
    this.#sequence++;
    this.#sampledUs = this.#sampleStartUs;
  }

  #onOther(value: number, nowUs: number): void {
    const seen = this.#seen;
    const torqueNm = value * this.#nmPerThousandth;
    if (this.#asked === EPOS4_OD.powerStageTemperature) {
      if (Math.abs(value / 10) <= MOST_TEMP_C) seen.tempC = value / 10;
      else this.statistics.refused++;
    } else if (this.#asked === OD.errorCode) seen.errorCode = value;
    else if (this.#asked === OD.modeDisplay) {
      // It began anew, or somebody else told it: it is set up again, which a wrong mode does not survive.
      if (value !== epos4ModeOf(this.joint)) this.#begin(nowUs);
    } else if (Math.abs(torqueNm) <= this.joint.drive.torqueRangeNm) seen.torqueNm = torqueNm;
    else this.statistics.refused++;
  }
}
