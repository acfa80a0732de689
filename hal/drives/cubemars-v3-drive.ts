/**
 * A CubeMars V3 drive: it closes the impedance itself, at its output shaft. All that it tells of itself is its id; how
 * it reads the contradictory places of its manual is checked against the profile once, by a full status.
 */
import type { DriveProfileOf } from '../../protocols/drive-profile.ts';
import { degToRad } from '../../protocols/units.ts';
import { CUBEMARS_STATUS_MASK, CUBEMARS_V3, decodeV3Status, emptyImpedanceCommand, encodeImpedance, type V3Extras } from '../../protocols/wire/cubemars.ts';
import { decodeSelectiveReply, encodeSelectiveRequest, encodeServoCommand, selectiveReplyBytes } from '../../protocols/wire/vesc.ts';
import { SHORT_FRAME_OVERHEAD_BYTES } from '../../protocols/wire/vesc-frame.ts';
import { emptyServoValues } from '../../protocols/wire/vesc-values.ts';
import type { JointOf } from './drive.ts';
import { ServoDrive } from './servo-drive.ts';
import type { SetupAnswer, SetupStep } from './setup.ts';

/** What a released joint may move between two questions. */
const SAME_POSITION_DEG = 5;
const IMPEDANCE_FRAME_BYTES = SHORT_FRAME_OVERHEAD_BYTES + 21;

export class CubemarsV3Drive extends ServoDrive<DriveProfileOf<'cubemars-v3'>> {
  readonly cost = {
    requestBytes: IMPEDANCE_FRAME_BYTES + SHORT_FRAME_OVERHEAD_BYTES + 5,
    replyBytes: SHORT_FRAME_OVERHEAD_BYTES + selectiveReplyBytes(CUBEMARS_STATUS_MASK),
  };
  readonly #impedance = emptyImpedanceCommand();
  readonly #full = emptyServoValues();

  constructor(joint: JointOf<'cubemars-v3'>) {
    super(joint, CUBEMARS_V3);
  }

  protected override setupSteps(): readonly SetupStep<Uint8Array>[] {
    return [
      { what: 'its full status', encode: (out, at) => encodeServoCommand(CUBEMARS_V3.frames, CUBEMARS_V3.getValues, out, at), accept: (payload) => this.#acceptStatus(payload) },
      { what: 'its short status', encode: (out, at) => this.encodeStatusRequest(out, at), accept: (payload) => this.#acceptSamePosition(payload) },
    ];
  }

  protected override encodeStatusRequest(out: Uint8Array, at: number): number {
    return encodeSelectiveRequest(CUBEMARS_V3, CUBEMARS_STATUS_MASK, out, at);
  }

  protected override decodeStatus(payload: Uint8Array): boolean {
    return decodeSelectiveReply(CUBEMARS_V3, payload, CUBEMARS_STATUS_MASK, this.values);
  }

  /** The drive makes the torque from the same command; gains are held to what the profile calls stable. */
  protected override encodeTorque(_torqueNm: number, out: Uint8Array, at: number): number {
    const { told, profile, direction } = this;
    const command = this.#impedance;
    const perGain = profile.gainUnit === 'nmPerRad' ? 1 : 1 / profile.torqueConstantNmPerA;
    command.positionRad = this.toDrivePositionRad(told.positionRad);
    command.velocityRadPerSec = direction * told.velocityRadPerSec;
    command.currentA = (direction * told.torqueNm) / profile.torqueConstantNmPerA;
    command.kp = perGain * Math.min(told.stiffnessNmPerRad, profile.stiffnessMaxNmPerRad);
    command.kd = perGain * Math.min(told.dampingNmsPerRad, profile.dampingMaxNmsPerRad);
    return encodeImpedance(command, out, at);
  }

  protected override positionOf(reportedDeg: number): number {
    return degToRad(reportedDeg);
  }

  #acceptStatus(payload: Uint8Array): SetupAnswer {
    if (payload[0] !== CUBEMARS_V3.getValues) return 'other';
    const { profile } = this;
    if (payload.length !== profile.statusBytes) return { refusal: `its status has ${payload.length} bytes, the profile says ${profile.statusBytes}. Correct statusBytes in the profile.` };
    const extras: V3Extras = { controlMode: 0, encoderDeg: 0, outerEncoderDeg: 0 };
    const fits = decodeV3Status(profile, payload, this.#full, extras) && Math.abs(degToRad(this.#full.positionDeg)) <= profile.positionRangeRad;
    return fits ? 'done' : this.#wrongPositionType();
  }

  /** In the short status the position is always in millionths of a degree. */
  #acceptSamePosition(payload: Uint8Array): SetupAnswer {
    if (!this.decodeStatus(payload)) return 'other';
    return Math.abs(this.values.positionDeg - this.#full.positionDeg) <= SAME_POSITION_DEG ? 'done' : this.#wrongPositionType();
  }

  #wrongPositionType(): SetupAnswer {
    return { refusal: `its position, read as ${this.profile.positionType}, makes no sense. Try the other positionType in the profile, and check where the joint stands.` };
  }
}
