/**
 * One joint as the independent monitor judges it: where it is, how fast, and with what torque. Its own arithmetic from
 * the profile; nothing of the envelope, the checks or the limits of the session goes in.
 *
 * Motion is judged only while a drive pushes. What stands outside its range without power was put there by hand, and
 * must be able to get power for a guided way back: so the bound of an unpushed joint goes with it, and while the joint is
 * pushed the bound only closes in behind it, down to the hard range.
 */
import type { JointProfile } from '../../protocols/profile.ts';
import type { MonitorReason } from '../../protocols/joints.ts';
import { degToRad, US_PER_S } from '../../protocols/units.ts';
import type { HubJoint, HubState } from '../../protocols/wire/sensor-hub.ts';
import {
  BEYOND_STOP_RAD,
  HEARD_US,
  IMPOSSIBLE_TORQUE_FACTOR,
  JOINT_TORQUE_FACTOR,
  JUMP_FACTOR,
  JUMP_NOISE_RAD,
  LONGEST_WINDOW_US,
  LOWERED_US,
  MOTOR_TORQUE_FACTOR,
  MOVING_RAD_PER_SEC,
  PUSHING_JOINT_NM,
  PUSHING_MOTOR_NM,
  PUSHING_US,
  RANGE_TOLERANCE_RAD,
  SPEED_FACTOR,
  SPEED_WINDOW_US,
  STILL_HEARD_US,
  TAKEOVER_TOLERANCE_RAD,
  TORQUE_TIME_US,
  USUAL_INTERACTION_NM,
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
  readonly #channel: number;
  #minRad = Number.NEGATIVE_INFINITY;
  #maxRad = Number.POSITIVE_INFINITY;
  #lastRad = Number.NaN;
  #lastUs = 0;
  #windowRad = Number.NaN;
  #windowUs = 0;
  /** From joint-side angles and the hub's clock, over a window; 0 until the first is over. */
  #speedRadPerSec = 0;
  /** The enable relay was closed when the hub last spoke; without power a drive's words mean nothing. */
  #powered = false;
  /** When its drive last spoke, since the relay closed; −Infinity: not yet. */
  #heardUs = Number.NEGATIVE_INFINITY;
  /** NaN: its drive does not tell. */
  #motorNm = Number.NaN;
  /** NaN, too. */
  #motorRadPerSec = Number.NaN;
  #pushedUs = Number.NEGATIVE_INFINITY;
  /** When the hub last gave an angle that can be true. */
  #seenUs = Number.NEGATIVE_INFINITY;
  #calmUs = 0;
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
    this.#pushingNm = PUSHING_JOINT_NM * Math.min(1, interactionLimitNm / USUAL_INTERACTION_NM);
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
    return !(forUs <= LOWERED_US && nowUs - this.#heardUs <= STILL_HEARD_US && Math.abs(this.#motorRadPerSec) <= MOVING_RAD_PER_SEC);
  }

  /** Its drive, which had power and spoke, speaks no more. */
  silent(nowUs: number, longestUs: number): boolean {
    return this.#heardUs > Number.NEGATIVE_INFINITY && !(nowUs - this.#heardUs <= longestUs);
  }

  /** What its drive reports in a frame of its own. @param radPerSec NaN: it does not tell @param enabled it says so itself */
  onDrive(torqueNm: number, radPerSec: number, enabled: boolean, nowUs: number): void {
    if (!this.#powered) return;
    this.#heardUs = nowUs;
    this.#motorRadPerSec = radPerSec;
    this.#motorNm = torqueNm;
    if (enabled || !(Math.abs(torqueNm) <= PUSHING_MOTOR_NM)) this.#pushedUs = nowUs;
  }

  /** The port of a drive that is not decoded here spoke: the drive counts as pushing. */
  onUndecoded(nowUs: number): void {
    if (!this.#powered) return;
    this.#heardUs = nowUs;
    this.#pushedUs = nowUs;
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
    if (quality === UNUSABLE || !this.#possible(positionRad, deviceUs)) return 'none';
    this.#seenUs = nowUs;
    const pushed = this.pushed(nowUs);
    this.#measureSpeed(positionRad, deviceUs);
    this.#moveBounds(positionRad, pushed);
    if (!pushed || !this.#tooStrong(torqueNm)) this.#calmUs = nowUs;
    if (!pushed) return 'none';
    if (positionRad >= this.#minRad && positionRad <= this.#maxRad) this.#insideUs = nowUs;
    else if (!this.#heldInward(positionRad < this.#minRad ? 1 : -1, torqueNm, nowUs)) return 'range';
    if (this.#tooFast(torqueNm)) return 'speed';
    return nowUs - this.#calmUs >= TORQUE_TIME_US ? 'torque' : 'none';
  }

  /** Nothing pushes any more, whatever was last heard. */
  #release(): void {
    this.#heardUs = Number.NEGATIVE_INFINITY;
    this.#pushedUs = Number.NEGATIVE_INFINITY;
    this.#motorNm = Number.NaN;
  }

  #possible(positionRad: number, deviceUs: number): boolean {
    if (!(positionRad >= this.#stopMinRad && positionRad <= this.#stopMaxRad)) return false;
    const elapsedSec = ((deviceUs - this.#lastUs) >>> 0) / US_PER_S;
    const jumped = Math.abs(positionRad - this.#lastRad) > JUMP_FACTOR * this.#speedLimitRadPerSec * elapsedSec + JUMP_NOISE_RAD;
    if (jumped) {
      // When it is believed again, the way there was none of the joint's.
      this.#windowRad = Number.NaN;
      return false;
    }
    this.#lastRad = positionRad;
    this.#lastUs = deviceUs;
    return true;
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
    if (nowUs - this.#insideUs > LOWERED_US || nowUs - this.#heardUs > HEARD_US) return false;
    return !(inward * this.#motorNm <= this.#pushingNm) && inward * torqueNm > this.#pushingNm;
  }

  #tooStrong(torqueNm: number): boolean {
    return Math.abs(this.#motorNm) > this.#peakNm * MOTOR_TORQUE_FACTOR || Math.abs(torqueNm) > this.#peakNm * JOINT_TORQUE_FACTOR;
  }

  /** A drive that works against the motion is all that brakes the patient's own: its power is not cut for that. */
  #tooFast(torqueNm: number): boolean {
    if (Math.abs(this.#speedRadPerSec) <= SPEED_FACTOR * this.#speedLimitRadPerSec) return false;
    const braking = Math.sign(torqueNm) !== Math.sign(this.#speedRadPerSec) && Math.abs(torqueNm) > this.#pushingNm;
    return !braking;
  }
}
