/**
 * An AK drive of the third version: obeys MIT frames in its own layout and servo frames, each as it comes, and tells its
 * state by timed upload. There is no motor mode to enter: what it is told it does, and a current of 0 A releases it. The
 * enter and exit frames of older versions, which some hosts go on sending, begin and end the same. Sources: CubeMars AK
 * series driver manual V3.0.1, section 4; TUM-Aries-Lab/motor-module `cube_mars_motor_can.py`.
 */
import type { MitDriveProfile } from '../../protocols/drive-profile.ts';
import { clamp } from '../../protocols/math.ts';
import { degToRad, radToDeg } from '../../protocols/units.ts';
import { MIT_FRAME_BYTES, MitCodec, emptyMitCommand, mitSpecialOf, type MitSpecial } from '../../protocols/wire/mit.ts';
import { decodeServoCommand, emptyServoCommand, emptyServoUpload, encodeServoUpload, SERVO_MODE, SERVO_UPLOAD_BYTES, SERVO_UPLOAD_ID } from '../../protocols/wire/servo-can.ts';
import { emptyCanFrame, type CanFrame } from '../../protocols/wire/slcan.ts';
import { AkDrive } from './ak-drive.ts';
import type { JointPort } from './device.ts';

/** Of the greatest stiffness, what the servo's position loop uses: our own figure. */
const POSITION_LOOP_SHARE = 0.2;
const RAD_PER_SEC_PER_RPM = (2 * Math.PI) / 60;

/** What a drive has that speaks the third version. */
export type AkV3Profile = MitDriveProfile & { readonly v3: NonNullable<MitDriveProfile['v3']> };

export class AkV3Drive extends AkDrive {
  readonly #codec: MitCodec;
  readonly #mit = emptyMitCommand();
  readonly #servo = emptyServoCommand();
  readonly #upload = emptyServoUpload();
  readonly #frame = emptyCanFrame();
  readonly #radPerSecPerErpm: number;
  #obeys: 'mit' | 'servo' = 'servo';
  /** Where a bounded motion has come to. */
  #wayRad = 0;
  #uploadUs = 0;

  constructor(
    private readonly drive: AkV3Profile,
    joint: JointPort,
  ) {
    super(drive, joint);
    this.#codec = new MitCodec(drive);
    this.#radPerSecPerErpm = RAD_PER_SEC_PER_RPM / (drive.v3.polePairs * drive.v3.gearRatio);
    Object.assign(this.#frame, { id: SERVO_UPLOAD_ID | drive.address, extended: true, length: SERVO_UPLOAD_BYTES });
  }

  onCanFrame(frame: CanFrame, nowUs: number): void {
    const { data, length } = frame;
    if (frame.remote || (frame.id & 0xff) !== this.drive.address) return;
    const mode = frame.id >>> 8;
    const special = length === MIT_FRAME_BYTES && (mode === SERVO_MODE.mit || mode === 0) ? mitSpecialOf(data) : null;
    if (special !== null) this.#onSpecial(special, nowUs);
    else if (this.faults.ignoresCommands) this.motor.feed(nowUs);
    else if (!frame.extended) return;
    else if (mode === SERVO_MODE.mit && length === MIT_FRAME_BYTES) {
      if (!this.motor.enter(nowUs)) return;
      this.#codec.decodeCommand(data, this.#mit);
      this.#obeys = 'mit';
    } else if (decodeServoCommand(mode, data, length, this.#servo)) this.#onServo(nowUs);
  }

  step(nowUs: number, durationS: number): void {
    const motor = this.motor;
    motor.beginStep(nowUs);
    motor.endStep(this.#obeys === 'mit' ? motor.impedanceNm(this.#mit) : this.#servoNm(durationS), durationS);
    if (!motor.isAwake) this.#uploadUs = nowUs;
    else if (nowUs >= this.#uploadUs) {
      this.#uploadUs += 1e6 / this.drive.v3.uploadHz;
      this.#tell(nowUs);
    }
  }

  #onSpecial(special: MitSpecial, nowUs: number): void {
    if (special === 'zero') this.motor.setZero(true);
    else if (special === 'exit') this.motor.exit();
    else if (this.motor.enter(nowUs)) {
      Object.assign(this.#mit, emptyMitCommand());
      this.#obeys = 'mit';
    }
  }

  #onServo(nowUs: number): void {
    const { mode, value } = this.#servo;
    if (mode === SERVO_MODE.origin) this.motor.setZero(value === 1);
    else if (mode === SERVO_MODE.current && value === 0) this.motor.exit();
    else if (this.motor.enter(nowUs)) {
      if (this.#obeys === 'mit' || mode !== SERVO_MODE.positionSpeed) this.#wayRad = this.motor.positionRad;
      this.#obeys = 'servo';
    }
  }

  #servoNm(durationS: number): number {
    const { mode, value, erpm } = this.#servo;
    const { velocityRadPerSec } = this.motor;
    const { torqueConstantNmPerA } = this.drive.v3;
    const damper = this.drive.dampingMaxNmsPerRad;
    if (mode === SERVO_MODE.current) return value * torqueConstantNmPerA;
    if (mode === SERVO_MODE.brake) return clamp(-damper * velocityRadPerSec, -Math.abs(value) * torqueConstantNmPerA, Math.abs(value) * torqueConstantNmPerA);
    if (mode === SERVO_MODE.duty) return damper * (value * this.drive.velocityRangeRadPerSec - velocityRadPerSec);
    if (mode === SERVO_MODE.speed) return damper * (value * this.#radPerSecPerErpm - velocityRadPerSec);
    if (mode === SERVO_MODE.positionSpeed) {
      const stride = Math.abs(erpm) * this.#radPerSecPerErpm * durationS;
      this.#wayRad += clamp(degToRad(value) - this.#wayRad, -stride, stride);
    } else this.#wayRad = degToRad(value);
    return POSITION_LOOP_SHARE * this.drive.stiffnessMaxNmPerRad * (this.#wayRad - this.motor.positionRad) - damper * velocityRadPerSec;
  }

  #tell(nowUs: number): void {
    const { report } = this.motor;
    this.motor.look();
    this.#upload.positionDeg = radToDeg(report.positionRad);
    this.#upload.erpm = report.velocityRadPerSec / this.#radPerSecPerErpm;
    this.#upload.currentA = report.torqueNm / this.drive.v3.torqueConstantNmPerA;
    this.#upload.tempC = report.tempC;
    this.#upload.errorCode = report.errorCode;
    encodeServoUpload(this.#upload, this.#frame.data);
    this.transmit?.(this.#frame, nowUs);
  }
}

export const isAkV3 = (drive: MitDriveProfile): drive is AkV3Profile => drive.v3 !== undefined;

/** CubeMars AK60-6 V3.0: ranges of the V3.0.1 manual's table, the torque constant of TMotorCANControl's, upload at 500 Hz. */
export const bareAkV3 = (address: number): AkV3Profile => ({
  protocol: 'mit',
  model: 'AK60-6 V3.0',
  link: 'bus',
  address,
  setPoint: 'impedance',
  watchdog: 'hubRelay',
  watchdogMs: 100,
  scaling: '2^n-1',
  v3: { torqueConstantNmPerA: 0.41, gearRatio: 6, polePairs: 14, uploadHz: 500 },
  positionRangeRad: 12.56,
  velocityRangeRadPerSec: 60,
  torqueRangeNm: 12,
  stiffnessMaxNmPerRad: 500,
  dampingMaxNmsPerRad: 5,
  direction: 1,
  zeroOffsetDeg: 0,
  continuousTorqueNm: 3,
  peakTorqueNm: 9,
  peakTimeSec: 10,
  tempWarnC: 75,
  tempLimitC: 90,
});
