/**
 * One Dynamixel servo, without an impedance loop of its own: the host closes it on torque (current mode), or the servo
 * closes its position loop under the joint's torque limit (current-based position mode).
 *
 * Torque, hardware error and bus watchdog are part of every cycle's answer, so what is told of the servo is what it
 * says. They stand in indirect data, which a reset undoes: a watchdog that reads 0 shows that the servo began anew.
 */
import type { JointCommand, JointInputs } from '../../protocols/joints.ts';
import { clamp } from '../../protocols/math.ts';
import { fastestToldRadPerSec } from '../../protocols/drive-profile.ts';
import { degToRad, US_PER_MS } from '../../protocols/units.ts';
import { dxlErrors, dxlInstructions, encodeDxlRead, encodeDxlWrite, type DxlPacket, type DxlWriter } from '../../protocols/wire/dynamixel.ts';
import { DXL_RAD_PER_COUNT, DXL_VELOCITY_UNIT_RAD_PER_SEC, DXL_WATCHDOG_TRIPPED, dxlModelOf, dxlTable as table, type DxlItem } from '../../protocols/wire/dynamixel-table.ts';
import { emptyDriveStatistics, type Drive, type DriveCapability, type DriveIdentity, type JointOf } from './drive.ts';
import { currentUnitsOf, dynamixelSetup, modeOf, profileRefusal, statusAddressOf, statusAt, watchdogUnitsOf } from './dynamixel-setup.ts';
import { Enablement } from './enablement.ts';
import { hostImpedanceNm } from './host-impedance.ts';
import { Setup } from './setup.ts';

/** A servo that does not answer is asked again after this, so that its silence does not cost the others their turn. */
const REST_US = 100 * US_PER_MS;
/** A servo that has been silent for so long is looked for anew; single answers are lost on any wire. */
const SILENCE_US = 100 * US_PER_MS;
/** So many answers with a wrong checksum, and none without, are no accident. */
const BROKEN_MOST = 25;
/** A servo that drops out of the cycle is told to release so often, heard or not: the others' traffic feeds its watchdog. */
const RELEASES = 3;
/** How often its operating mode, which the cycle cannot carry, is looked at. */
const MODE_LOOK_US = 40 * US_PER_MS;
/** Its own milliseconds must have gone on after this long, or its answer is an old one. */
const TICK_PATIENCE_US = 3 * US_PER_MS;

type Request = 'none' | 'setup' | 'torque' | 'watchdog' | 'reboot' | 'mode';

export class DynamixelDrive implements Drive {
  readonly capability: DriveCapability;
  readonly statistics = emptyDriveStatistics();
  /** null: it only measures, and is never told one. */
  readonly goalItem: DxlItem | null;
  /** Where its cycle's bytes stand. */
  readonly statusAddress: number;
  readonly #direction: number;
  readonly #zeroOffsetRad: number;
  readonly #watchdogUnits: number;
  readonly #enablement: Enablement;
  readonly #profileRefusal: string | null;
  #setup: Setup<DxlPacket>;
  #identity: DriveIdentity | null = null;
  readonly #command = { positionRad: 0, velocityRadPerSec: 0, stiffnessNmPerRad: 0, dampingNmsPerRad: 0, torqueNm: 0 };
  readonly #seen = { positionRad: 0, velocityRadPerSec: 0, torqueNm: 0, tempC: 0, counts: 0, hardwareError: 0, torqueOn: false, watchdog: 0, tick: -1 };
  #linkOpen = false;
  #sequence = 0;
  /** Its newest answer told what it cannot be: nobody is to go on with the one before. */
  #impossible = false;
  #answeredUs = -Infinity;
  #askedUs = -Infinity;
  #onlineUs = 0;
  #broken = 0;
  #releasesLeft = 0;
  #request: Request = 'none';
  #restUntilUs = -Infinity;
  #modeLookedUs = 0;
  #modeIsWrong = false;
  /** The watchdog has tripped and is being cleared by us, so that it reads 0 for a while. */
  #clearsWatchdog = false;
  #wasOn = false;
  #rebootDue = false;

  constructor(
    readonly joint: JointOf<'dynamixel2'>,
    private readonly writer: DxlWriter,
  ) {
    const { drive } = joint;
    this.capability = drive;
    this.goalItem = joint.torqueLimitNm === 0 ? null : drive.setPoint === 'torque' ? table.goalCurrent : table.goalPosition;
    this.statusAddress = statusAddressOf(drive);
    this.#direction = drive.direction;
    this.#zeroOffsetRad = degToRad(drive.zeroOffsetDeg);
    this.#watchdogUnits = watchdogUnitsOf(drive);
    this.#enablement = new Enablement(drive.watchdogMs * US_PER_MS);
    this.#profileRefusal = profileRefusal(drive);
    this.#setup = this.#newSetup();
  }

  get identity(): DriveIdentity | null {
    return this.#identity;
  }

  get refusal(): string | null {
    if (this.#profileRefusal !== null || this.#setup.refusal !== null) return this.#profileRefusal ?? this.#setup.refusal;
    if (this.#broken > BROKEN_MOST) return `its answers arrive broken: two servos may have the id ${this.joint.drive.address}. Give each servo an id of its own; if they have, check the cable and the baud rate.`;
    return this.#modeIsWrong ? 'it runs in another operating mode than it was told. Switch it off and on; if that does not help, replace it.' : null;
  }

  /** It takes part in the cycle. */
  get online(): boolean {
    return this.#linkOpen && this.#setup.done && this.refusal === null;
  }

  onLinkOpen(nowUs: number): void {
    this.#enablement.onLinkOpen(nowUs);
    this.#linkOpen = true;
    this.#identity = null;
    this.#modeIsWrong = false;
    this.#broken = 0;
    this.#wasOn = false;
    this.#seen.torqueOn = false;
    this.#begin(-Infinity);
  }

  onLinkClosed(): void {
    this.#enablement.onLinkClosed();
    this.#linkOpen = false;
  }

  command(enable: boolean, command: Readonly<JointCommand>, nowUs: number): void {
    this.#enablement.choose(enable, nowUs);
    // What is not known yet is not enabled when it becomes known.
    if (!this.online) this.#enablement.block();
    if (enable) this.#wasOn = true;
    else if (this.#wasOn) {
      this.#wasOn = false;
      this.#rebootDue = this.#seen.hardwareError !== 0;
    }
    Object.assign(this.#command, command);
  }

  onSent(nowUs: number): void {
    this.#enablement.onSent(nowUs);
  }

  /** It is part of the question that this cycle asks. */
  asked(nowUs: number): void {
    this.#askedUs = nowUs;
    this.statistics.requests++;
  }

  /** The set-point in the units of `goalItem`; one without meaning releases the servo. */
  goal(): number {
    const isOn = this.#enablement.wanted && this.#enablement.observed;
    const { drive } = this.joint;
    if (drive.setPoint === 'position') {
      const angleRad = this.#direction * (this.#command.positionRad - this.#zeroOffsetRad);
      if (isOn && Number.isFinite(angleRad)) return Math.round(clamp(angleRad, -drive.positionRangeRad, drive.positionRangeRad) / DXL_RAD_PER_COUNT);
      if (isOn) this.#enablement.block();
      return this.#seen.counts;
    }
    if (!isOn) return 0;
    const torqueNm = hostImpedanceNm(this.joint, this.#command, this.#seen.positionRad, this.#seen.velocityRadPerSec);
    if (torqueNm === null) {
      this.#enablement.block();
      return 0;
    }
    // The register holds a whole number of units within the current limit that was set.
    const most = Math.floor(currentUnitsOf(drive, drive.peakTorqueNm));
    return clamp(Math.round(this.#direction * currentUnitsOf(drive, torqueNm)), -most, most);
  }

  /** The servo's part of a cycle's answer. @returns whether it has that form */
  onStatus(status: DxlPacket, nowUs: number): boolean {
    if (!this.online) return false;
    this.statistics.replies++;
    this.#broken = 0;
    if (status.error !== dxlErrors.none) {
      this.statistics.refused++;
      return true;
    }
    const watchdog = status.u8(statusAt.busWatchdog);
    if (watchdog === 0 && !this.#clearsWatchdog) {
      this.#enablement.observe(false);
      this.#begin(nowUs);
      return true;
    }
    if (!this.#take(status, nowUs)) {
      this.statistics.refused++;
      if (this.#impossible && this.#sequence > 0) this.#sequence++;
      return true;
    }
    if (watchdog === this.#watchdogUnits) this.#clearsWatchdog = false;
    this.#seen.watchdog = watchdog;
    this.#seen.torqueOn = status.u8(statusAt.torqueEnable) === 1;
    this.#seen.hardwareError = status.u8(statusAt.hardwareError);
    this.#sequence++;
    this.#answeredUs = nowUs;
    this.statistics.roundTripUs = nowUs - this.#askedUs;
    this.#enablement.onAnswer(nowUs);
    this.#enablement.observe(this.#seen.torqueOn && watchdog === this.#watchdogUnits);
    return true;
  }

  /** An answer with this servo's id had a wrong checksum. */
  onBroken(): void {
    if (++this.#broken !== BROKEN_MOST + 1) return;
    this.#enablement.block();
    this.#releasesLeft = RELEASES;
  }

  /** It was asked in this cycle and has not answered. */
  onMissed(nowUs: number): void {
    if (!this.online || nowUs - Math.max(this.#answeredUs, this.#onlineUs) <= SILENCE_US) return;
    this.#enablement.observe(false);
    this.#begin(nowUs);
  }

  /** Appends what this servo alone is to be told or asked next. */
  encodeRequest(nowUs: number, out: Uint8Array, at: number): number {
    this.#request = this.#nextRequest(nowUs);
    const id = this.joint.drive.address;
    switch (this.#request) {
      case 'setup':
        return this.#setup.encode(nowUs, out, at);
      case 'torque':
        return encodeDxlWrite(this.writer, id, table.torqueEnable.address, this.#enablement.wanted ? 1 : 0, 1, out, at);
      case 'watchdog':
        this.#clearsWatchdog = true;
        return encodeDxlWrite(this.writer, id, table.busWatchdog.address, this.#seen.watchdog === DXL_WATCHDOG_TRIPPED ? 0 : this.#watchdogUnits, 1, out, at);
      case 'reboot':
        this.#rebootDue = false;
        return this.writer.begin(id, dxlInstructions.reboot).end(out, at);
      case 'mode':
        this.#modeLookedUs = nowUs;
        return encodeDxlRead(this.writer, id, table.operatingMode.address, 1, out, at);
      case 'none':
        break;
    }
    return at;
  }

  /** The answer to `encodeRequest`. */
  onAnswer(status: DxlPacket, nowUs: number): void {
    const request = this.#request;
    this.#request = 'none';
    if (request === 'setup') {
      this.#setup.accept(status);
      if (this.#setup.done) {
        this.#onlineUs = nowUs;
        this.#modeLookedUs = nowUs;
      }
    } else if (request === 'reboot') this.#begin(nowUs);
    else if (request === 'mode' && status.count === 2 && status.u8(1) !== modeOf(this.joint.drive)) {
      this.#enablement.block();
      this.#releasesLeft = RELEASES;
      this.#modeIsWrong = true;
    }
  }

  onNoAnswer(nowUs: number): void {
    if (this.#request === 'reboot') this.#begin(nowUs);
    else if (!this.online) this.#restUntilUs = nowUs + REST_US;
    this.#request = 'none';
    this.statistics.retries++;
  }

  read(joint: JointInputs, nowUs: number): void {
    const seen = this.#seen;
    const isKnown = this.online && this.#sequence > 0;
    joint.driveState = !isKnown ? 'absent' : seen.hardwareError !== 0 ? 'fault' : this.#enablement.observed ? 'enabled' : 'disabled';
    joint.driveErrorCode = isKnown ? seen.hardwareError : 0;
    joint.motorPositionRad = this.#impossible ? Number.NaN : seen.positionRad;
    joint.motorVelocityRadPerSec = seen.velocityRadPerSec;
    joint.motorTorqueNm = seen.torqueNm;
    joint.driveTempC = seen.tempC;
    joint.driveAgeUs = isKnown ? Math.max(0, nowUs - this.#answeredUs) : Infinity;
    joint.driveSequence = isKnown ? this.#sequence : 0;
  }

  #nextRequest(nowUs: number): Request {
    if (this.#releasesLeft > 0) {
      this.#releasesLeft--;
      return 'torque';
    }
    if (this.refusal !== null || nowUs < this.#restUntilUs) return 'none';
    if (!this.#setup.done) return 'setup';
    const { torqueOn, watchdog, hardwareError } = this.#seen;
    if (this.#sequence === 0) return 'none';
    if (this.#enablement.wanted) {
      if (!torqueOn && hardwareError === 0 && watchdog === this.#watchdogUnits) return 'torque';
    } else if (torqueOn) return 'torque';
    else if (this.#rebootDue) return 'reboot';
    else if (watchdog !== this.#watchdogUnits) return 'watchdog';
    return nowUs - this.#modeLookedUs >= MODE_LOOK_US ? 'mode' : 'none';
  }

  /** @returns false for values that this servo cannot have, or that are old */
  #take(status: DxlPacket, nowUs: number): boolean {
    const { drive } = this.joint;
    const counts = status.i32(statusAt.position);
    const positionRad = counts * DXL_RAD_PER_COUNT;
    const velocityRadPerSec = status.i32(statusAt.velocity) * DXL_VELOCITY_UNIT_RAD_PER_SEC;
    const torqueNm = (status.i16(statusAt.current) * drive.currentUnitMa * drive.torqueConstantNmPerA) / 1_000;
    const tick = status.u16(statusAt.tick);
    const seen = this.#seen;
    const isOld = tick === seen.tick && nowUs - this.#answeredUs > TICK_PATIENCE_US;
    const canBe = Math.abs(positionRad) <= drive.positionRangeRad && Math.abs(velocityRadPerSec) <= fastestToldRadPerSec(drive) && Math.abs(torqueNm) <= drive.torqueRangeNm;
    this.#impossible = !canBe;
    if (isOld || !canBe) return false;
    seen.tick = tick;
    seen.counts = counts;
    seen.positionRad = this.#direction * positionRad + this.#zeroOffsetRad;
    seen.velocityRadPerSec = this.#direction * velocityRadPerSec;
    seen.torqueNm = this.#direction * torqueNm;
    seen.tempC = status.u8(statusAt.temperature);
    return true;
  }

  /** What is known of the servo is void; it is set up anew. */
  #begin(nowUs: number): void {
    this.#setup = this.#newSetup();
    this.#enablement.block();
    this.#releasesLeft = this.#seen.torqueOn ? RELEASES : 0;
    this.#sequence = 0;
    this.#impossible = false;
    this.#answeredUs = -Infinity;
    this.#request = 'none';
    this.#clearsWatchdog = false;
    this.#rebootDue = false;
    this.#restUntilUs = nowUs + REST_US;
    this.#seen.hardwareError = 0;
    this.#seen.torqueOn = false;
    this.#seen.watchdog = this.#watchdogUnits;
    this.#seen.tick = -1;
  }

  /** Its line gives it one turn at a time, so it needs no patience of its own. */
  #newSetup(): Setup<DxlPacket> {
    const steps = dynamixelSetup(this.joint.drive, this.joint.torqueLimitNm, this.writer, ({ modelNumber, firmware }) => {
      this.#identity = { model: dxlModelOf(modelNumber).name, firmware: `${firmware}`, serialNumber: '' };
    });
    return new Setup(steps, 0);
  }
}
