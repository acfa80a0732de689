/**
 * A CiA 402 drive on CANopen. Its two PDOs answer the SYNC of each cycle, so they are the poll; its power state, mode and
 * fault are what they say. It releases by itself when this host's heartbeat stays out (1016h, 6007h); that, a restart and
 * any other loss of the operational state bring it back to the beginning of its set-up, and it is then blocked.
 */
import { clamp } from '../../protocols/math.ts';
import type { JointCommand, JointInputs } from '../../protocols/joints.ts';
import { fastestToldRadPerSec } from '../../protocols/drive-profile.ts';
import { degToRad, US_PER_MS } from '../../protocols/units.ts';
import { CONTROL, controlwordToward, isTemperatureError, OD, powerStateOf, STATUS, type PowerState } from '../../protocols/wire/cia402.ts';
import { canDataFrame, COB, decodeEmcy, decodeHeartbeat, encodeHeartbeat, encodeSdoDownload, encodeSync, getLe, isDataFrame, NMT_STATE, putLe, SDO_BYTES } from '../../protocols/wire/canopen.ts';
import type { CanFrame } from '../../protocols/wire/slcan.ts';
import { CanopenSetup } from './canopen-setup.ts';
import { cia402Pdos, cia402Steps, HOST_NODE, modeOf, STEP_AFTER_BOOT, type Cia402Told } from './cia402-setup.ts';
import { emptyDriveStatistics, type DriveCapability, type DriveIdentity, type JointOf } from './drive.ts';
import { Enablement } from './enablement.ts';
import { hostImpedanceNm } from './host-impedance.ts';
import type { BusFrames, CanDrive } from './slcan-line.ts';

const STATUS_BYTES = 8;
const MOTION_BYTES = 7;
/** As SLCAN lines: `t`, 3 id digits, length and CR around the data's digits; the adapter's `z` CR. */
const lineBytes = (dataBytes: number): number => 6 + 2 * dataBytes;
const ACK_BYTES = 2;
/** So many frames in a row that say something else are believed. */
const STRAYS_THAT_COUNT = 2;
const I32 = 0x7fff_ffff;
const I16 = 0x7fff;

/** SYNC, on which the drives report and which they all hear at once, and the heartbeat that they watch. */
export const cia402BusFrames: BusFrames = {
  cost: { requestBytes: lineBytes(0) + lineBytes(1), replyBytes: 2 * ACK_BYTES },
  fill(cycleFrame, frame) {
    if (cycleFrame === 0) encodeSync(frame);
    else if (cycleFrame === 1) encodeHeartbeat(frame, HOST_NODE, NMT_STATE.operational);
    return cycleFrame < 2;
  },
};

export class Cia402Drive implements CanDrive {
  readonly capability: DriveCapability;
  readonly cost;
  readonly statistics = emptyDriveStatistics();
  readonly #setup: CanopenSetup;
  readonly #told: Cia402Told = { name: '', version: '', serialNumber: 0 };
  readonly #enablement: Enablement;
  readonly #node: number;
  readonly #mode: number;
  readonly #rpdoBytes: number;
  readonly #zeroOffsetRad: number;
  readonly #radPerCount: number;
  readonly #radPerSecPerUnit: number;
  readonly #nmPerThousandth: number;
  readonly #command: JointCommand = { positionRad: 0, velocityRadPerSec: 0, stiffnessNmPerRad: 0, dampingNmsPerRad: 0, torqueNm: 0 };
  #identity: DriveIdentity | null = null;
  #linkOpen = false;
  #state: PowerState | null = null;
  /** As the newest frame has it: an adapter's serial line has no checksum, so that a state counts when two frames say it. */
  #toldState: PowerState | null = null;
  /** It warns in its status word; as the newest frame has it, and as the one before had it too. */
  #toldWarning = false;
  #warns = false;
  #strayModes = 0;
  #strayBeats = 0;
  #errorCode = 0;
  #emergencyCode = 0;
  #positionRad = 0;
  #velocityRadPerSec = 0;
  #torqueNm = 0;
  #sequence = 0;
  /** Its newest frame told what it cannot be: nobody is to go on with the one before. */
  #impossible = false;
  /** Position and torque come before the velocity that was taken with them: they count when it is there too. */
  readonly #status = { positionRad: 0, torqueNm: 0, atUs: 0, isNew: false };
  #sampledUs = -Infinity;
  #heardUs = -Infinity;
  #sentUs = -Infinity;
  #wasWanted = false;
  /** A fault is to be cleared: released by a command after one that enabled. */
  #clearsFault = false;
  #lastControlword = 0;
  #cycleFrame = 0;

  constructor(readonly joint: JointOf<'cia402'>) {
    const { drive } = joint;
    this.capability = drive;
    this.#node = drive.address;
    this.#mode = modeOf(joint);
    this.#rpdoBytes = cia402Pdos(joint).rpdo.reduce((sum, { bytes }) => sum + bytes, 0);
    this.cost = { requestBytes: lineBytes(this.#rpdoBytes), replyBytes: ACK_BYTES + lineBytes(STATUS_BYTES) + lineBytes(MOTION_BYTES) };
    this.#setup = new CanopenSetup(drive.address, cia402Steps(joint, this.#told));
    this.#enablement = new Enablement(drive.watchdogMs * US_PER_MS);
    this.#zeroOffsetRad = degToRad(drive.zeroOffsetDeg);
    this.#radPerCount = (drive.direction * 2 * Math.PI) / drive.countsPerTurn;
    this.#radPerSecPerUnit = (drive.direction * 2 * Math.PI) / drive.velocityUnitsPerTurnPerSec;
    this.#nmPerThousandth = (drive.direction * drive.ratedTorqueNm) / 1_000;
  }

  get identity(): DriveIdentity | null {
    return this.#identity;
  }

  get refusal(): string | null {
    const { refusal, unanswered } = this.#setup;
    if (refusal !== null || unanswered === null || this.#heardUs === -Infinity) return refusal;
    return `it does not answer when it is asked or told ${unanswered}. Switch it off and on, and check its cable.`;
  }

  onLinkOpen(nowUs: number): void {
    this.#linkOpen = true;
    this.#enablement.onLinkOpen(nowUs);
    this.#heardUs = -Infinity;
    this.#begin(0);
  }

  onLinkClosed(): void {
    this.#linkOpen = false;
    this.#enablement.onLinkClosed();
  }

  command(enable: boolean, command: Readonly<JointCommand>, nowUs: number): void {
    this.#enablement.choose(enable, nowUs);
    if (enable) this.#clearsFault = false;
    else if (this.#wasWanted) this.#clearsFault = true;
    this.#wasWanted = enable;
    const copy = this.#command;
    copy.positionRad = command.positionRad;
    copy.velocityRadPerSec = command.velocityRadPerSec;
    copy.stiffnessNmPerRad = command.stiffnessNmPerRad;
    copy.dampingNmsPerRad = command.dampingNmsPerRad;
    copy.torqueNm = command.torqueNm;
    this.#cycleFrame = 0;
  }

  nextFrame(nowUs: number, frame: CanFrame): boolean {
    if (this.#cycleFrame > 0) return false;
    this.#cycleFrame = 1;
    this.statistics.retries = this.#setup.retries;
    if (this.#setup.done) this.#fillSetPoint(frame);
    else if (!this.#setup.nextFrame(nowUs, frame)) return false;
    this.#sentUs = nowUs;
    this.statistics.requests++;
    return true;
  }

  onSent(nowUs: number): void {
    this.#enablement.onSent(nowUs);
  }

  onCanFrame(frame: CanFrame, nowUs: number): boolean {
    const node = this.#node;
    if (isDataFrame(frame, COB.tpdo[0] + node)) this.#onStatus(frame, nowUs);
    else if (isDataFrame(frame, COB.tpdo[1] + node)) this.#onMotion(frame);
    else if (isDataFrame(frame, COB.sdoReply + node)) this.#onSdo(frame, nowUs);
    else if (isDataFrame(frame, COB.heartbeat + node)) this.#onHeartbeat(frame);
    else if (isDataFrame(frame, COB.emcy + node)) this.#emergencyCode = Math.max(0, decodeEmcy(frame, node));
    else return false;
    this.#heardUs = nowUs;
    return true;
  }

  /** By SDO, because that is obeyed in the pre-operational state too. */
  farewellFrame(frame: CanFrame): void {
    canDataFrame(frame, COB.sdoRequest + this.#node, SDO_BYTES);
    encodeSdoDownload(frame.data, OD.controlword.index, OD.controlword.sub, CONTROL.disableVoltage, OD.controlword.bytes);
  }

  read(joint: JointInputs, nowUs: number): void {
    joint.driveState = this.#driveState();
    joint.driveErrorCode = this.#isFault ? this.#errorCode || this.#emergencyCode : 0;
    joint.motorPositionRad = this.#impossible ? Number.NaN : this.#positionRad;
    joint.motorVelocityRadPerSec = this.#velocityRadPerSec;
    joint.motorTorqueNm = this.#torqueNm;
    joint.driveTempC = this.#tempC;
    joint.driveAgeUs = Math.max(0, nowUs - this.#sampledUs);
    joint.driveSequence = this.#sequence;
  }

  /**
   * CiA 402 has no object for a temperature. It has a warning, bit 7 of the status word, "e.g. temperature limit", whose cause the drive may
   * tell in 603Fh: of heat, or of nothing else, it stands for half-way between the profile's two limits. On the limit the drive itself trips.
   */
  get #tempC(): number {
    const { tempWarnC, tempLimitC } = this.joint.drive;
    return this.#warns && !this.#isFault && (this.#errorCode === 0 || isTemperatureError(this.#errorCode)) ? (tempWarnC + tempLimitC) / 2 : 0;
  }

  get #isFault(): boolean {
    return this.#state === 'fault' || this.#state === 'faultReaction';
  }

  /** The set-up begins at this step; what is known of the drive is void. */
  #begin(step: number): void {
    this.#setup.restart(step);
    this.#enablement.block();
    this.#identity = null;
    this.#state = null;
    this.#toldState = null;
    this.#toldWarning = this.#warns = false;
    this.#strayModes = 0;
    this.#strayBeats = 0;
    this.#errorCode = 0;
    this.#emergencyCode = 0;
    this.#sequence = 0;
    this.#impossible = false;
    this.#status.isNew = false;
    this.#sampledUs = -Infinity;
    this.#lastControlword = 0;
  }

  #fillSetPoint(frame: CanFrame): void {
    canDataFrame(frame, COB.rpdo[0] + this.#node, this.#rpdoBytes);
    const target = this.#target();
    if (target === null) this.#enablement.block();
    const controlword = this.#controlword();
    this.#lastControlword = controlword;
    putLe(frame.data, 0, 2, controlword);
    putLe(frame.data, 2, this.#rpdoBytes - 2, target ?? 0);
  }

  #controlword(): number {
    if (this.#enablement.wanted) return controlwordToward(this.#state);
    // The drive resets on the rising edge, so every other word is without the bit.
    const rises = this.#clearsFault && this.#state === 'fault' && this.#lastControlword !== CONTROL.faultReset;
    if (this.#clearsFault && !this.#isFault) this.#clearsFault = false;
    return rises ? CONTROL.faultReset : CONTROL.disableVoltage;
  }

  /** In the drive's units; until it obeys, what keeps it where it is. @returns null for a command without meaning */
  #target(): number | null {
    const command = this.#command;
    const obeys = this.#enablement.wanted && this.#enablement.observed;
    const { setPoint } = this.joint.drive;
    if (setPoint === 'torque') {
      if (!obeys) return 0;
      const torqueNm = hostImpedanceNm(this.joint, command, this.#positionRad, this.#velocityRadPerSec);
      return torqueNm === null ? null : clamp(Math.round(torqueNm / this.#nmPerThousandth), -I16, I16);
    }
    const value = setPoint === 'velocity' ? (obeys ? command.velocityRadPerSec / this.#radPerSecPerUnit : 0) : ((obeys ? command.positionRad : this.#positionRad) - this.#zeroOffsetRad) / this.#radPerCount;
    return Number.isFinite(value) ? clamp(Math.round(value), -I32, I32) : null;
  }

  #onStatus(frame: CanFrame, nowUs: number): void {
    if (!this.#setup.done) return;
    const { drive } = this.joint;
    const { data } = frame;
    const positionRad = getLe(data, 2, 4, true) * this.#radPerCount;
    const torqueNm = getLe(data, 6, 2, true) * this.#nmPerThousandth;
    const statusword = getLe(data, 0, 2, false);
    const state = powerStateOf(statusword);
    if (frame.length !== STATUS_BYTES || state === null) {
      this.statistics.refused++;
      return;
    }
    if (Math.abs(positionRad) > drive.positionRangeRad || Math.abs(torqueNm) > drive.torqueRangeNm) {
      this.#refuse();
      return;
    }
    if (state === this.#toldState) this.#state = state;
    this.#toldState = state;
    const warning = (statusword & STATUS.warning) !== 0;
    if (warning === this.#toldWarning) this.#warns = warning;
    this.#toldWarning = warning;
    this.#status.positionRad = positionRad + this.#zeroOffsetRad;
    this.#status.torqueNm = torqueNm;
    this.#status.atUs = nowUs;
    this.#status.isNew = true;
    this.statistics.replies++;
    this.statistics.roundTripUs = nowUs - this.#sentUs;
    this.#enablement.onAnswer(nowUs);
    if (this.#state !== 'operationEnabled') this.#enablement.observe(false);
  }

  #onMotion(frame: CanFrame): void {
    if (!this.#setup.done) return;
    const { data } = frame;
    const velocityRadPerSec = getLe(data, 0, 4, true) * this.#radPerSecPerUnit;
    if (frame.length !== MOTION_BYTES) {
      this.statistics.refused++;
      return;
    }
    if (Math.abs(velocityRadPerSec) > fastestToldRadPerSec(this.joint.drive)) {
      this.#refuse();
      return;
    }
    if (this.#status.isNew) this.#sample(velocityRadPerSec);
    this.#errorCode = getLe(data, 4, 2, false);
    this.#strayModes = getLe(data, 6, 1, true) === this.#mode ? 0 : this.#strayModes + 1;
    const inMode = this.#strayModes === 0 || (this.#strayModes < STRAYS_THAT_COUNT && this.#enablement.observed);
    this.#enablement.observe(inMode && this.#state === 'operationEnabled');
  }

  #sample(velocityRadPerSec: number): void {
    const { positionRad, torqueNm, atUs } = this.#status;
    this.#positionRad = positionRad;
    this.#torqueNm = torqueNm;
    this.#velocityRadPerSec = velocityRadPerSec;
    this.#sampledUs = atUs;
    this.#status.isNew = false;
    this.#impossible = false;
    this.#sequence++;
  }

  #refuse(): void {
    this.#impossible = true;
    this.#status.isNew = false;
    this.statistics.refused++;
    if (this.#sequence > 0) this.#sequence++;
  }

  #onSdo(frame: CanFrame, nowUs: number): void {
    if (!this.#setup.accept(frame)) {
      this.statistics.refused++;
      return;
    }
    this.statistics.replies++;
    this.statistics.roundTripUs = nowUs - this.#sentUs;
    this.#afterSetup();
  }

  #onHeartbeat(frame: CanFrame): void {
    const state = decodeHeartbeat(frame, this.#node);
    if (state < 0) this.statistics.refused++;
    else if (this.#setup.accept(frame)) this.#afterSetup();
    else if (state === NMT_STATE.bootUp) this.#begin(STEP_AFTER_BOOT);
    else {
      this.#strayBeats = state === NMT_STATE.operational ? 0 : this.#strayBeats + 1;
      if (this.#setup.done && this.#strayBeats >= STRAYS_THAT_COUNT) this.#begin(0);
    }
  }

  #afterSetup(): void {
    if (!this.#setup.done) return;
    const { name, version, serialNumber } = this.#told;
    this.#identity = { model: name, firmware: version, serialNumber: String(serialNumber) };
  }

  #driveState(): JointInputs['driveState'] {
    if (!this.#linkOpen || !this.#setup.done || this.#state === null || this.#sampledUs === -Infinity) return 'absent';
    if (this.#isFault) return 'fault';
    return this.#enablement.observed ? 'enabled' : 'disabled';
  }
}
