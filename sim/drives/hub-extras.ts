/**
 * What the hub reads and drives beside joints and safety: a resting patient, and the belt, the support and the lift that the
 * profile drives. Where it only reads them they stand and hang slack, until somebody fills their records.
 */
import type { Random } from '../../protocols/random.ts';
import type { RobotProfile } from '../../protocols/profile.ts';
import {
  decodeLiftSetPoint,
  decodeSupportSetPoint,
  decodeTreadmillSetPoint,
  EMG_BLOCK_SAMPLES,
  emptyBodyWeightSupport,
  emptyEmgBlock,
  emptyGrip,
  emptyHeartRate,
  emptyLift,
  emptyTreadmill,
  encodeBodyWeightSupport,
  encodeEmgBlock,
  encodeGrip,
  encodeHeartRate,
  encodeLift,
  encodeTreadmill,
  HUB_EMG,
  HUB_GRIP,
  HUB_HEART_RATE,
  HUB_LIFT,
  HUB_LIFT_SETPOINT,
  HUB_SUPPORT,
  HUB_SUPPORT_SETPOINT,
  HUB_TREADMILL,
  HUB_TREADMILL_SETPOINT,
} from '../../protocols/wire/hub-inputs.ts';
import { VirtualLift } from '../body/lift.ts';
import { VirtualSupport } from '../body/support.ts';
import { VirtualTreadmill } from '../body/treadmill.ts';
import { STEP_US } from './device.ts';

/** Own figures: surface electrodes at rest, with the amplifier's noise; a heart at rest. */
const EMG_REST_RMS_UV = 5;
/** Grows with the torque of a muscle, about in proportion (C.J. De Luca, J. Appl. Biomech. 13 (1997) 135-163); own figure. */
const EMG_UV_PER_NM = 20;
const RESTING_PER_MIN = 70;
const MS_PER_MIN = 60_000;
const EMG_BLOCK_MS = 10;
/** The sum of four uniform values of -0.5 … 0.5 has this standard deviation. */
const SPREAD_OF_FOUR = 1 / Math.sqrt(3);

type SendFrame = (type: number, payload: Uint8Array) => void;

export class HubExtras {
  /** Mean amplitude per EMG channel. */
  readonly emgRmsUv: number[];
  readonly heartRate = { ...emptyHeartRate(), perMin: RESTING_PER_MIN, skinContact: true };
  readonly grip = emptyGrip();
  readonly treadmill = { ...emptyTreadmill(), ready: true };
  /** null: this robot drives none. */
  readonly belt: VirtualTreadmill | null;
  readonly support: VirtualSupport | null;
  readonly lift: VirtualLift | null;
  readonly bodyWeightSupport = { ...emptyBodyWeightSupport(), locked: true };
  readonly #beltSetPoint = { speedMps: 0, enable: false };
  readonly #supportSetPoint = { unloadingN: 0, lock: true };
  readonly #liftSetPoint = { heightM: 0, enable: false };
  readonly #lift = emptyLift();
  #movedUs = 0;
  readonly #emg = emptyEmgBlock();
  readonly #streams: { readonly periodUs: number; sent: number; readonly send: () => void }[] = [];

  constructor(
    profile: RobotProfile,
    private readonly random: Random,
    send: SendFrame,
  ) {
    const { emg, heartRate, grip, treadmill, bodyWeightSupport, armLift } = profile.hub.inputs ?? {};
    this.belt = profile.treadmill === undefined ? null : new VirtualTreadmill(profile.treadmill);
    this.support = profile.bodyWeightSupport === undefined ? null : new VirtualSupport(profile.bodyWeightSupport);
    this.lift = profile.class !== 'arm' || profile.armLift === undefined ? null : new VirtualLift(profile.armLift, profile.geometry.shoulderHeightM);
    this.#lift.heightM = this.lift?.heightM ?? 0;
    this.emgRmsUv = Array.from({ length: emg?.channels ?? 0 }, () => EMG_REST_RMS_UV);
    if (emg !== undefined) {
      const samples = Math.max(1, Math.min(Math.round((emg.rateHz * EMG_BLOCK_MS) / 1_000), Math.floor(EMG_BLOCK_SAMPLES / emg.channels)));
      Object.assign(this.#emg, { channels: emg.channels, rateHz: emg.rateHz, samplesPerChannel: samples });
      this.#stream(emg.rateHz / samples, () => send(HUB_EMG, this.#emgBlock()));
    }
    if (heartRate !== undefined) this.#stream(heartRate.rateHz, () => send(HUB_HEART_RATE, this.#heartRateFrame()));
    if (grip !== undefined) this.#stream(grip.rateHz, () => send(HUB_GRIP, encodeGrip(this.grip)));
    if (treadmill !== undefined) this.#stream(treadmill.rateHz, () => send(HUB_TREADMILL, encodeTreadmill(this.treadmill)));
    if (bodyWeightSupport !== undefined) this.#stream(bodyWeightSupport.rateHz, () => send(HUB_SUPPORT, encodeBodyWeightSupport(this.bodyWeightSupport)));
    if (armLift !== undefined) this.#stream(armLift.rateHz, () => send(HUB_LIFT, encodeLift(this.#lift)));
  }

  /** A channel per joint, from the first one on. @param torqueNm of each joint's own muscles */
  show(torqueNm: ArrayLike<number>): void {
    for (let channel = 0; channel < this.emgRmsUv.length; channel++) this.emgRmsUv[channel] = EMG_REST_RMS_UV + EMG_UV_PER_NM * Math.abs(torqueNm[channel] ?? 0);
  }

  /** Set-points from the host. */
  receive(type: number, payload: Uint8Array, nowUs: number): void {
    if (type === HUB_TREADMILL_SETPOINT && decodeTreadmillSetPoint(payload, this.#beltSetPoint)) this.belt?.take(this.#beltSetPoint, nowUs);
    else if (type === HUB_SUPPORT_SETPOINT && decodeSupportSetPoint(payload, this.#supportSetPoint)) this.support?.take(this.#supportSetPoint, nowUs);
    else if (type === HUB_LIFT_SETPOINT && decodeLiftSetPoint(payload, this.#liftSetPoint)) this.lift?.take(this.#liftSetPoint, nowUs);
  }

  /** @param powered the relay in the emergency-stop chain feeds the motors of treadmill and lift; the support does not hang on it */
  step(nowUs: number, powered: boolean): void {
    for (; this.#movedUs + STEP_US <= nowUs; this.#movedUs += STEP_US) this.#move(this.#movedUs + STEP_US, powered);
    for (const stream of this.#streams)
      while (stream.sent * stream.periodUs <= nowUs) {
        stream.sent++;
        stream.send();
      }
  }

  #move(nowUs: number, powered: boolean): void {
    if (this.belt !== null) {
      this.belt.step(nowUs, STEP_US, powered);
      this.treadmill.leftMps = this.belt.speedMps;
      this.treadmill.rightMps = this.belt.speedMps;
      this.treadmill.stopRopePulled = this.belt.stopRopePulled;
      this.treadmill.fault = this.belt.fault;
    }
    if (this.lift !== null) {
      this.lift.step(nowUs, STEP_US, powered);
      this.#lift.heightM = this.lift.heightM;
      this.#lift.moving = this.lift.moving;
      this.#lift.fault = this.lift.fault;
    }
    if (this.support === null) return;
    this.support.step(nowUs, STEP_US);
    this.bodyWeightSupport.unloadingN = this.support.unloadingN;
    this.bodyWeightSupport.locked = this.support.locked;
    this.bodyWeightSupport.fault = this.support.fault;
  }

  #stream(rateHz: number, send: () => void): void {
    this.#streams.push({ periodUs: 1e6 / rateHz, sent: 0, send });
  }

  #emgBlock(): Uint8Array {
    const { channels, samplesPerChannel, samplesUv } = this.#emg;
    for (let i = 0; i < channels * samplesPerChannel; i++) samplesUv[i] = ((this.emgRmsUv[i % channels] ?? 0) * this.#noise()) / SPREAD_OF_FOUR;
    return encodeEmgBlock(this.#emg);
  }

  #heartRateFrame(): Uint8Array {
    this.heartRate.beatIntervalMs = MS_PER_MIN / this.heartRate.perMin;
    return encodeHeartRate(this.heartRate);
  }

  #noise(): number {
    return this.random.next() + this.random.next() + this.random.next() + this.random.next() - 2;
  }
}
