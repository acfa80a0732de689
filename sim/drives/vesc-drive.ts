/**
 * A VESC with firmware 6.05 on a geared motor. Its position loop divides the rotor's angle by the gear ratio
 * (`p_pid_ang_div`), so that positions are degrees of one turn of the joint, and its encoder keeps them without power.
 * Source: vedderb/bldc `comm/commands.c`.
 */
import type { DriveProfileOf } from '../../protocols/drive-profile.ts';
import { degToRad, US_PER_MS } from '../../protocols/units.ts';
import { getU16, getU32, putI16, putI32, putU32, putU8 } from '../../protocols/wire/big-endian.ts';
import { payloadStart, sealFrame } from '../../protocols/wire/vesc-frame.ts';
import {
  decodeSetLimits,
  decodeServoNumber,
  emptyVescLimits,
  encodeLimitsReply,
  encodeRotorPosition,
  encodeServoCommand,
  encodeValuesReply,
  encodeVescFirmware,
  SERVO_SCALE,
  VESC,
  VESC_ROTOR_POSITION_SCALE,
  VESC_VALUES_MASK,
  vescRequests,
  VescSplitter,
  type VescFirmware,
  type VescLimits,
} from '../../protocols/wire/vesc.ts';
import type { JointPort, SendBytes } from './device.ts';
import { ServoDevice, wrappedDeg } from './servo-device.ts';

/** `timeout.c`. */
const DEFAULT_TIMEOUT_MS = 1_000;
const TIMEOUT_CHECK_US = 10_000;
/** `mcconf_default.h`. */
const DEFAULT_LIMITS: Readonly<VescLimits> = {
  currentScaleMin: 1,
  currentScaleMax: 1,
  erpmMin: -100_000,
  erpmMax: 100_000,
  dutyMin: 0.005,
  dutyMax: 0.95,
  wattMin: -1_500_000,
  wattMax: 1_500_000,
  inputCurrentMinA: -60,
  inputCurrentMaxA: 99,
};
const OTHER_HARDWARE: Pick<VescFirmware, 'hardware' | 'uuid'> = { hardware: '410', uuid: 'ffeeddccbbaa998877665544' };

export class VescDrive extends ServoDevice {
  protected override readonly tellsOtherId = false;
  readonly #limits = emptyVescLimits();

  constructor(private readonly vesc: DriveProfileOf<'vesc'>, joint: JointPort, send: SendBytes) {
    // As the profile's schema has it set: it then lets go within `watchdogMs`.
    const timeoutUs = vesc.watchdog === 'proof' ? vesc.watchdogMs * US_PER_MS - TIMEOUT_CHECK_US : DEFAULT_TIMEOUT_MS * US_PER_MS;
    super(vesc, joint, send, { dialect: VESC, timeoutUs, timeoutCheckUs: TIMEOUT_CHECK_US, averagesCurrent: true, brakeHolds: false }, (sink) => new VescSplitter(sink, vescRequests));
    this.onPowerLost();
  }

  protected override onCommand(payload: Uint8Array): void {
    const command = payload[0] ?? 0;
    switch (command) {
      case VESC.firmware:
        this.#answer(encodeVescFirmware(this.#firmware(), this.out, 0));
        break;
      case VESC.alive:
        this.feed();
        break;
      case VESC.reboot:
        this.reset(this.nowUs);
        break;
      case VESC.estop:
        if (payload.length >= 3) this.ignoreInput(getU16(payload, 1) * US_PER_MS);
        break;
      case VESC.setCurrentRelative:
        this.#setRelative(payload);
        break;
      case VESC.setLimits:
        this.#setLimits(payload);
        break;
      case VESC.getLimits:
        this.#answer(encodeLimitsReply(this.#limits, 2 * this.vesc.polePairs, this.vesc.gearRatio, this.out, 0));
        break;
      case VESC.getSetupValues:
        this.#sendSetupValues(VESC.getSetupValues, 0xffff_ffff);
        break;
      case VESC.getSetupSelective:
        if (payload.length >= 5) this.#sendSetupValues(VESC.getSetupSelective, getU32(payload, 1));
        break;
      case VESC.pingCan:
        this.#answer(encodeServoCommand(VESC.frames, VESC.pingCan, this.out, 0));
        break;
    }
  }

  protected override sendValues(): void {
    this.#answer(encodeValuesReply(VESC, VESC_VALUES_MASK, this.values, this.out, 0));
  }

  protected override sendRotorPosition(): void {
    this.#answer(encodeRotorPosition(VESC, this.values.positionDeg * VESC_ROTOR_POSITION_SCALE, this.out, 0));
  }

  protected override reportedPositionDeg(): number {
    return wrappedDeg(this.motor.positionRad);
  }

  /** The shorter way round. */
  protected override goTo(targetDeg: number): void {
    const now = this.motor.positionRad;
    const off = wrappedDeg(degToRad(targetDeg) - now);
    this.motor.position(now + degToRad(off > 180 ? off - 360 : off));
  }

  /** Limits that were not stored. */
  protected override onPowerLost(): void {
    Object.assign(this.#limits, DEFAULT_LIMITS);
    this.#applyLimits();
  }

  #answer(end: number): void {
    this.send(this.out.subarray(0, end));
  }

  #firmware(): VescFirmware {
    const uuid = this.vesc.address.toString(16).padStart(2, '0').padEnd(24, '5');
    const told = this.faults.wrongIdentity ? OTHER_HARDWARE : { hardware: this.vesc.model, uuid };
    return { major: 6, minor: 5, ...told };
  }

  #setRelative(payload: Uint8Array): void {
    const raw = decodeServoNumber(payload);
    const peakA = this.vesc.peakTorqueNm / this.vesc.torqueConstantNmPerA;
    if (raw !== null) this.setCurrent((peakA * raw) / SERVO_SCALE.currentRelative);
  }

  #setLimits(payload: Uint8Array): void {
    const answer = decodeSetLimits(payload, this.#limits);
    if (answer === null) return;
    this.#applyLimits();
    if (answer.acknowledge) this.#answer(encodeServoCommand(VESC.frames, VESC.setLimits, this.out, 0));
  }

  /** `commands_apply_mcconf_hw_limits`; the rest of the limits is told back, and bounds nothing here. */
  #applyLimits(): void {
    const limits = this.#limits;
    if (limits.currentScaleMin > 1) limits.currentScaleMin = 1;
    if (limits.currentScaleMax > 1) limits.currentScaleMax = 1;
    this.motor.currentScale = usable(Math.min(limits.currentScaleMin, limits.currentScaleMax));
    this.motor.speedLimitRadPerSec = usable(Math.min(-limits.erpmMin, limits.erpmMax)) * this.radPerSecPerErpm;
  }

  /** COMM_GET_VALUES_SETUP: the values of the whole vehicle, here one controller without wheels. */
  #sendSetupValues(command: number, mask: number): void {
    const values = this.values;
    const out = this.out;
    const start = payloadStart(0, 1);
    let end = putU8(command, out, start);
    if (command === VESC.getSetupSelective) end = putU32(mask, out, end);
    const i16 = (bit: number, raw: number): void => {
      if ((mask & (1 << bit)) !== 0) end = putI16(raw, out, end);
    };
    const i32 = (bit: number, raw: number): void => {
      if ((mask & (1 << bit)) !== 0) end = putI32(raw, out, end);
    };
    const u8 = (bit: number, raw: number): void => {
      if ((mask & (1 << bit)) !== 0) end = putU8(raw, out, end);
    };
    i16(0, values.fetTempC * 10);
    i16(1, values.motorTempC * 10);
    i32(2, values.motorCurrentA * 100);
    i32(3, values.inputCurrentA * 100);
    i16(4, values.duty * 1_000);
    i32(5, values.erpm);
    i32(6, 0);
    i16(7, values.inputVoltageV * 10);
    i16(8, 1_000);
    i32(9, values.ampHours * 10_000);
    i32(10, values.ampHoursCharged * 10_000);
    i32(11, values.wattHours * 10_000);
    i32(12, values.wattHoursCharged * 10_000);
    i32(13, 0);
    i32(14, 0);
    i32(15, values.positionDeg * 1_000_000);
    u8(16, values.fault);
    u8(17, values.controllerId);
    u8(18, 1);
    i32(19, 0);
    i32(20, 0);
    i32(21, this.nowUs / US_PER_MS);
    this.#answer(sealFrame(VESC.frames, end - start, out, 0));
  }
}

/** A limit that is negative or no number lets nothing through. */
const usable = (limit: number): number => (limit > 0 ? limit : 0);

/** A 60 V, 60 A controller as it leaves the factory, on a 9 : 1 actuator: command timeout 1 000 ms. */
export const bareVesc = (address: number): DriveProfileOf<'vesc'> => ({
  protocol: 'vesc',
  model: '60_MK6',
  link: 'bus',
  address,
  setPoint: 'torque',
  watchdog: 'proof',
  positionRangeRad: 3.15,
  velocityRangeRadPerSec: 20,
  torqueRangeNm: 60,
  stiffnessMaxNmPerRad: 150,
  dampingMaxNmsPerRad: 5,
  direction: 1,
  zeroOffsetDeg: 0,
  continuousTorqueNm: 16,
  peakTorqueNm: 48,
  peakTimeSec: 10,
  watchdogMs: DEFAULT_TIMEOUT_MS + TIMEOUT_CHECK_US / US_PER_MS,
  tempWarnC: 75,
  tempLimitC: 90,
  torqueConstantNmPerA: 0.8,
  gearRatio: 9,
  polePairs: 21,
});
