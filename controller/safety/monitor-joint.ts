/**
 * One joint as the independent monitor judges it: where it is, how fast, and with what torque. Its own arithmetic from
 * the profile; nothing of the envelope, the checks or the limits of the session goes in.
 *
 * Motion is judged only while a drive pushes. What stands outside its range without power was put there by hand, and must be able to get power
 * for a guided way back: the bound of an unpushed joint goes with it, that of a pushed one only closes in behind it, down to the hard range.
 *
 * An encoder that leaps as no joint can, away from what the motor says, is the wrong one. Until both agree again the joint
 * is unseen, so the loop has the time of a stop, and what the motor says is judged by the same bounds.
 */
import type { JointProfile } from '../../protocols/profile.ts';
import type { MonitorReason } from '../../protocols/joints.ts';
import { degToRad, US_PER_S } from '../../protocols/units.ts';
import type { HubJoint, HubState } from '../../protocols/wire/sensor-hub.ts';
import { MonitoredMotor } from './monitor-motor.ts';
import {
  BEYOND_STOP_RAD, HEARD_US, IMPOSSIBLE_TORQUE_FACTOR, JOINT_TORQUE_FACTOR, JUMP_FACTOR, JUMP_NOISE_RAD,
  LONGEST_WINDOW_US, LOWERED_US, MOTOR_TORQUE_FACTOR, MOVING_RAD_PER_SEC, PUSHING_MOTOR_NM, PUSHING_US,
  pushingJointNm, RANGE_TOLERANCE_RAD, SPEED_FACTOR, SPEED_WINDOW_US, STILL_HEARD_US, TAKEOVER_TOLERANCE_RAD,
  TORQUE_TIME_US,
} from './monitor-limits.ts';

/** Quality of an angle that means nothing (`wire/sensor-hub.ts`). */
const UNUSABLE = 0;
/** Of a joint that the hub's frames do not hold. */
const NOT_MEASURED: Readonly<HubJoint> = { positionRad: 0, torqueNm: 0, quality: UNUSABLE };

export class MonitoredJoint {
  readonly #hardMinRad: number;
  readonly #hardMaxRad: number;
  readonly #stopMinRad: number;
  readonly #stopMaxRad: number;
  readonly #speedLimitRadPerSec: number;
  readonly #peakNm: number;
  readonly #pushingNm: number;
  /** So long its speed may be of before its drive let it go. A limb as heavy as a leg loses little in that time. */
  readonly #lagUs: number;
  readonly #channel: number;
  #minRad = Number.NEGATIVE_INFINITY;
  #maxRad = Number.POSITIVE_INFINITY;
  #lastRad = Number.NaN;
  #lastUs = 0;
  #windowRad = Number.NaN;
  #windowUs = 0;
  /** From joint-side angles and the hub's clock, over a window; 0 until the first is over. Where the motor is judged, its own. */
  #speedRadPerSec = 0;
  /** The enable relay was closed when the hub last spoke; without power a drive's words mean nothing. */
  #powered = false;
  readonly #motor = new MonitoredMotor();
  /** The encoder leapt, and its motor has not agreed since. */
  #leapt = false;
  #pushedUs = Number.NEGATIVE_INFINITY;
  /** When the hub last gave an angle that can be true. */
  #seenUs = Number.NEGATIVE_INFINITY;
  #calmUs = 0;
  /** When its drive last braked it from a speed that is too high. */
  #brakedUs = Number.NEGATIVE_INFINITY;
  /** When it was last within its bounds. */
  #insideUs = Number.NEGATIVE_INFINITY;

  constructor({ mechanicalStopDeg, hardRangeDeg, speedLimitDegPerSec, interactionLimitNm, drive, hubChannel }: JointProfile) {
    this.#channel = hubChannel;
    this.#stopMinRad = degToRad(mechanicalStopDeg.min) - BEYOND_STOP_RAD;
    this.#stopMaxRad = degToRad(mechanicalStopDeg.max) + BEYOND_STOP_RAD;
    this.#hardMinRad = degToRad(hardRangeDeg.min);
    this.#hardMaxRad = degToRad(hardRangeDeg.max);
    this.#speedLimitRadPerSec = degToRad(speedLimitDegPerSec);
    this.#peakNm = drive.peakTorqueNm;
    this.#pushingNm = pushingJointNm(interactionLimitNm);
    this.#lagUs = this.#pushingNm < pushingJointNm(Infinity) ? SPEED_WINDOW_US : Number.NEGATIVE_INFINITY;
  }

  pushed(nowUs: number): boolean {
    return nowUs - this.#pushedUs <= PUSHING_US;
  }

  moves(nowUs: number): boolean {
    return this.pushed(nowUs) && !(Math.abs(this.#speedRadPerSec) <= MOVING_RAD_PER_SEC);
  }

  /** It is pushed, and nobody but its own drive sees where it goes: for the time of a stop, then as long as that one says that it is held or lowered. */
  unseen(nowUs: number, stopUs: number): boolean {
    const forUs = nowUs - this.#seenUs;
    if (!this.pushed(nowUs) || forUs <= stopUs) return false;
    return !(forUs <= LOWERED_US && nowUs - this.#motor.heardUs <= STILL_HEARD_US && Math.abs(this.#motor.radPerSec) <= MOVING_RAD_PER_SEC);
  }

  /** Its drive, which had power and spoke, speaks no more. */
  silent(nowUs: number, longestUs: number): boolean {
    return this.#motor.heardUs > Number.NEGATIVE_INFINITY && !(nowUs - this.#motor.heardUs <= longestUs);
  }

  /** What its drive reports in a frame of its own, in the joint's direction. @param radPerSec and positionRad NaN: it does not tell @param enabled it says so itself */
  onDrive(torqueNm: number, radPerSec: number, positionRad: number, enabled: boolean, nowUs: number): void {
    if (!this.#powered) return;
    this.#motor.hear(torqueNm, radPerSec, positionRad, nowUs);
    if (enabled || !(Math.abs(torqueNm) <= PUSHING_MOTOR_NM)) this.#pushedUs = nowUs;
  }

  /** The port of a drive that is not decoded here spoke: the drive counts as pushing. */
  onUndecoded(nowUs: number): void {
    if (this.#powered) this.#motor.heardUs = this.#pushedUs = nowUs;
  }

  /**
   * One reading of the hub. An angle that cannot be true is not judged: the joint is then unseen.
   * @param deviceUs the hub's own time, u32
   */
  onHub({ joints, enableRelayClosed }: HubState, deviceUs: number, nowUs: number): MonitorReason {
    const { positionRad, torqueNm: toldNm, quality } = joints[this.#channel] ?? NOT_MEASURED;
    // A torque that no motor makes is a broken sensor's, and says nothing: the loop, which sees it too, stops.
    const torqueNm = Math.abs(toldNm) <= IMPOSSIBLE_TORQUE_FACTOR * this.#peakNm ? toldNm : 0;
    this.#powered = enableRelayClosed;
    if (!enableRelayClosed) this.#release();
    else if (!(Math.abs(torqueNm) <= this.#pushingNm)) this.#pushedUs = nowUs;
    const believed = quality !== UNUSABLE && this.#believable(positionRad, deviceUs, nowUs);
    if (believed) this.#see(positionRad, deviceUs, nowUs);
    else if (this.#leapt && this.#motor.tells(nowUs)) this.#speedRadPerSec = this.#motor.radPerSec;
    else return 'none';
    return this.#judge(believed ? positionRad : this.#motor.jointRad, torqueNm, nowUs);
  }

  #judge(positionRad: number, torqueNm: number, nowUs: number): MonitorReason {
    const pushed = this.pushed(nowUs);
    this.#moveBounds(positionRad, pushed);
    if (!pushed || !this.#tooStrong(torqueNm)) this.#calmUs = nowUs;
    if (!pushed) return 'none';
    if (positionRad >= this.#minRad && positionRad <= this.#maxRad) this.#insideUs = nowUs;
    else if (!this.#heldInward(positionRad < this.#minRad ? 1 : -1, torqueNm, nowUs)) return 'range';
    if (this.#tooFast(torqueNm, nowUs)) return 'speed';
    return nowUs - this.#calmUs >= TORQUE_TIME_US ? 'torque' : 'none';
  }

  /** Nothing pushes any more, whatever was last heard. */
  #release(): void {
    this.#motor.forget();
    this.#pushedUs = Number.NEGATIVE_INFINITY;
  }

  #believable(positionRad: number, deviceUs: number, nowUs: number): boolean {
    const elapsedSec = ((deviceUs - this.#lastUs) >>> 0) / US_PER_S;
    const jumped = Math.abs(positionRad - this.#lastRad) > JUMP_FACTOR * this.#speedLimitRadPerSec * elapsedSec + JUMP_NOISE_RAD;
    if (jumped || !(positionRad >= this.#stopMinRad && positionRad <= this.#stopMaxRad)) {
      // When it is believed again, the way there was none of the joint's.
      this.#windowRad = Number.NaN;
      this.#leapt = true;
    } else if (this.#leapt) this.#leapt = this.#motor.contradicts(positionRad, nowUs);
    return !this.#leapt;
  }

  #see(positionRad: number, deviceUs: number, nowUs: number): void {
    this.#seenUs = nowUs;
    this.#lastRad = positionRad;
    this.#lastUs = deviceUs;
    this.#motor.agree(positionRad);
    this.#measureSpeed(positionRad, deviceUs);
  }

  #measureSpeed(positionRad: number, deviceUs: number): void {
    const elapsedUs = (deviceUs - this.#windowUs) >>> 0;
    const known = !Number.isNaN(this.#windowRad) && elapsedUs <= LONGEST_WINDOW_US;
    if (known && elapsedUs < SPEED_WINDOW_US) return;
    this.#speedRadPerSec = known ? ((positionRad - this.#windowRad) * US_PER_S) / elapsedUs : 0;
    this.#windowRad = positionRad;
    this.#windowUs = deviceUs;
  }

  #moveBounds(positionRad: number, pushed: boolean): void {
    const minRad = positionRad < this.#hardMinRad ? positionRad - TAKEOVER_TOLERANCE_RAD : this.#hardMinRad - RANGE_TOLERANCE_RAD;
    const maxRad = positionRad > this.#hardMaxRad ? positionRad + TAKEOVER_TOLERANCE_RAD : this.#hardMaxRad + RANGE_TOLERANCE_RAD;
    this.#minRad = pushed ? Math.max(this.#minRad, minRad) : minRad;
    this.#maxRad = pushed ? Math.min(this.#maxRad, maxRad) : maxRad;
  }

  /** Motor, where it tells, and sensor agree that the drive pushes it back: a person pushes it out, and else nothing holds it off its stop. @param inward the way back */
  #heldInward(inward: 1 | -1, torqueNm: number, nowUs: number): boolean {
    if (nowUs - this.#insideUs > LOWERED_US || nowUs - this.#motor.heardUs > HEARD_US) return false;
    return !(inward * this.#motor.torqueNm <= this.#pushingNm) && inward * torqueNm > this.#pushingNm;
  }

  #tooStrong(torqueNm: number): boolean {
    return Math.abs(this.#motor.torqueNm) > this.#peakNm * MOTOR_TORQUE_FACTOR || Math.abs(torqueNm) > this.#peakNm * JOINT_TORQUE_FACTOR;
  }

  /** A drive that works against the motion is all that brakes the patient's own: its power is not cut for that. */
  #tooFast(torqueNm: number, nowUs: number): boolean {
    if (Math.abs(this.#speedRadPerSec) <= SPEED_FACTOR * this.#speedLimitRadPerSec) return false;
    if (Math.sign(torqueNm) === Math.sign(this.#speedRadPerSec) || Math.abs(torqueNm) <= this.#pushingNm) return !(nowUs - this.#brakedUs <= this.#lagUs);
    this.#brakedUs = nowUs;
    return false;
  }
}
