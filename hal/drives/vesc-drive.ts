/**
 * A VESC: the host closes the impedance and sends currents. Its speed limit is set and read back; its command timeout
 * is in a part of its configuration that no short command reads, so it is proven by letting it trip.
 */
import type { DriveProfileOf } from '../../protocols/drive-profile.ts';
import { degToRad } from '../../protocols/units.ts';
import {
  decodeLimitsReply,
  decodeSelectiveReply,
  decodeVescFirmware,
  emptyVescLimits,
  encodeSelectiveRequest,
  encodeServoCommand,
  encodeServoNumber,
  encodeSetLimits,
  selectiveReplyBytes,
  VESC,
  VESC_STATUS_MASK,
} from '../../protocols/wire/vesc.ts';
import { SHORT_FRAME_OVERHEAD_BYTES } from '../../protocols/wire/vesc-frame.ts';
import type { JointOf } from './drive.ts';
import { ServoDrive } from './servo-drive.ts';
import type { SetupAnswer, SetupStep } from './setup.ts';

/** Older firmware has no status byte and cannot tell its limits. */
const FIRMWARE_LEAST_MAJOR = 6;
/** Limits travel as single-precision numbers. */
const LIMIT_TOLERANCE = 1e-6;

export class VescDrive extends ServoDrive<DriveProfileOf<'vesc'>> {
  readonly cost = { requestBytes: 2 * (SHORT_FRAME_OVERHEAD_BYTES + 5), replyBytes: SHORT_FRAME_OVERHEAD_BYTES + selectiveReplyBytes(VESC_STATUS_MASK) };
  readonly #limits = emptyVescLimits();
  readonly #readBack = emptyVescLimits();

  constructor(joint: JointOf<'vesc'>) {
    super(joint, VESC);
  }

  protected override setupSteps(): readonly SetupStep<Uint8Array>[] {
    return [
      { what: 'who it is', encode: (out, at) => encodeServoCommand(VESC.frames, VESC.firmware, out, at), accept: (payload) => this.#acceptFirmware(payload) },
      { what: 'its limits', encode: (out, at) => encodeServoCommand(VESC.frames, VESC.getLimits, out, at), accept: (payload) => this.#acceptLimits(payload) },
      {
        what: 'its new limits',
        encode: (out, at) => encodeSetLimits(this.#limits, out, at),
        accept: (payload) => (payload[0] === VESC.setLimits ? 'done' : 'other'),
      },
      { what: 'its limits again', encode: (out, at) => encodeServoCommand(VESC.frames, VESC.getLimits, out, at), accept: (payload) => this.#acceptReadBack(payload) },
    ];
  }

  protected override encodeStatusRequest(out: Uint8Array, at: number): number {
    return encodeSelectiveRequest(VESC, VESC_STATUS_MASK, out, at);
  }

  protected override decodeStatus(payload: Uint8Array): boolean {
    return decodeSelectiveReply(VESC, payload, VESC_STATUS_MASK, this.values);
  }

  protected override encodeTorque(torqueNm: number, out: Uint8Array, at: number): number {
    return encodeServoNumber(VESC.frames, VESC.setCurrent, this.currentUnits(torqueNm), out, at);
  }

  /** 0 … 360 of one turn: what is beyond half a turn is on the other side of zero. */
  protected override positionOf(reportedDeg: number): number {
    return degToRad(reportedDeg > 180 ? reportedDeg - 360 : reportedDeg);
  }

  #acceptFirmware(payload: Uint8Array): SetupAnswer {
    if (payload[0] !== VESC.firmware) return 'other';
    const firmware = decodeVescFirmware(payload);
    if (firmware === null || firmware.major < FIRMWARE_LEAST_MAJOR) {
      return { refusal: `its firmware ${payload[1] ?? 0}.${payload[2] ?? 0} is too old. Update it to ${FIRMWARE_LEAST_MAJOR}.00 or newer with VESC Tool.` };
    }
    this.identity = { model: firmware.hardware, firmware: `${firmware.major}.${String(firmware.minor).padStart(2, '0')}`, serialNumber: firmware.uuid };
    if (firmware.hardware === this.profile.model) return 'done';
    return { refusal: `it is a VESC "${firmware.hardware}", the profile says "${this.profile.model}". Connect the right controller, or correct the model in the profile.` };
  }

  /** Its own limits stay, but no speed above the profile's. */
  #acceptLimits(payload: Uint8Array): SetupAnswer {
    const limits = this.#limits;
    if (!decodeLimitsReply(payload, limits)) return 'other';
    const usable = limits.currentScaleMax > 0 && limits.currentScaleMin > 0 && limits.erpmMax > 0 && limits.erpmMin < 0 && Object.values(limits).every(Number.isFinite);
    if (!usable) return { refusal: 'one of its limits of current or speed is 0 or no number. Set its limits with VESC Tool.' };
    const { velocityRangeRadPerSec, polePairs, gearRatio } = this.profile;
    const erpm = (velocityRangeRadPerSec * polePairs * gearRatio * 60) / (2 * Math.PI);
    limits.erpmMax = Math.min(limits.erpmMax, erpm);
    limits.erpmMin = Math.max(limits.erpmMin, -erpm);
    return 'done';
  }

  #acceptReadBack(payload: Uint8Array): SetupAnswer {
    const { erpmMax, erpmMin } = this.#limits;
    if (!decodeLimitsReply(payload, this.#readBack)) return 'other';
    const kept = Math.abs(this.#readBack.erpmMax - erpmMax) <= LIMIT_TOLERANCE * erpmMax && Math.abs(this.#readBack.erpmMin - erpmMin) <= LIMIT_TOLERANCE * -erpmMin;
    return kept ? 'done' : { refusal: `it did not take its speed limit of ${Math.round(erpmMax)} ERPM. Check its limits with VESC Tool.` };
  }
}
