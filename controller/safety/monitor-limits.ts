/** The limits of the independent monitor and their reasons; none of them is shared with what it watches. */
import { degToRad, US_PER_MS } from '../../protocols/units.ts';

/** Own value: of the 3° and more from the hard range to the mechanical stop, this much for the patient's weight in the wall. */
export const RANGE_TOLERANCE_RAD = degToRad(1);
/** Own value: a joint that is taken over outside its range sags this far before the drive carries it. */
export const TAKEOVER_TOLERANCE_RAD = degToRad(2);
/** Own value: what a calibration may be wrong; further beyond its stop no joint can be. */
export const BEYOND_STOP_RAD = degToRad(5);
/** Own value: of the speed limit; a patient's kick is slower, so a greater step is the encoder's, not the joint's. */
export const JUMP_FACTOR = 4;
export const JUMP_NOISE_RAD = degToRad(0.5);
/** Own value: play of the gear and both encoders' tolerance; what a moving joint does between two frames comes on top. */
export const APART_RAD = degToRad(3);
/** Own value: the loop stops at 1.25; beyond this it has failed, or the drive does not obey. */
export const SPEED_FACTOR = 1.5;
/** Own value: long against the encoder's noise, short against the stop time. */
export const SPEED_WINDOW_US = 20 * US_PER_MS;
/** The device's clock leapt: no speed can be made of it. */
export const LONGEST_WINDOW_US = 200 * US_PER_MS;
/** Own value, of the peak torque: no motor makes as much, and a broken bridge stands at the end of its scale. */
export const IMPOSSIBLE_TORQUE_FACTOR = 2;
/** R1: a drive that obeys stays within its torque + 10 %. */
export const MOTOR_TORQUE_FACTOR = 1.1;
/** Own value: the sensor behind the gear also feels the blow of a foot. */
export const JOINT_TORQUE_FACTOR = 1.25;
export const TORQUE_TIME_US = 20 * US_PER_MS;
/** Own value: twice what a drive without torque reports. */
export const PUSHING_MOTOR_NM = 1;
/** Own values: more than friction and rotor show at the sensor when a leg without power is moved by hand; of a joint that may hold less than a leg's, in proportion. */
const PUSHING_LEG_NM = 10;
const LEG_LIMIT_NM = 45;
export const pushingJointNm = (interactionLimitNm: number): number => PUSHING_LEG_NM * Math.min(1, interactionLimitNm / LEG_LIMIT_NM);
/** Own value: the torque of a walking leg goes through zero at each turn; it is still driven. */
export const PUSHING_US = 500 * US_PER_MS;
/** Own value: by then a stop has braked, held and lowered the leg. What holds a joint outside for longer is no push, and what goes unseen for longer is no stop. */
export const LOWERED_US = 3_000 * US_PER_MS;
/** Own value: as long as hubs keep their relay closed; a drive that was heard since then is not silent. */
export const STILL_HEARD_US = 50 * US_PER_MS;
/** Own value: what a drive said longer ago is not of now. */
export const HEARD_US = 20 * US_PER_MS;
/** Own value: a walking leg is faster in every step, one that is held or lowered never. */
export const MOVING_RAD_PER_SEC = degToRad(40);
