/** A CubeMars V1/V2 drive: the host closes the impedance and sends currents. All that it tells of itself is its id. */
import type { DriveProfileOf } from '../../protocols/drive-profile.ts';
import { degToRad } from '../../protocols/units.ts';
import { CUBEMARS_STATUS_MASK, CUBEMARS_V1, CUBEMARS_VALUES_MASK } from '../../protocols/wire/cubemars.ts';
import { decodeSelectiveReply, decodeValuesReply, encodeSelectiveRequest, encodeServoCommand, encodeServoNumber, selectiveReplyBytes } from '../../protocols/wire/vesc.ts';
import { SHORT_FRAME_OVERHEAD_BYTES } from '../../protocols/wire/vesc-frame.ts';
import { emptyServoValues } from '../../protocols/wire/vesc-values.ts';
import type { JointOf } from './drive.ts';
import { ServoDrive } from './servo-drive.ts';
import type { SetupStep } from './setup.ts';

export class CubemarsV1Drive extends ServoDrive<DriveProfileOf<'cubemars-v1'>> {
  readonly cost = { requestBytes: 2 * (SHORT_FRAME_OVERHEAD_BYTES + 5), replyBytes: SHORT_FRAME_OVERHEAD_BYTES + selectiveReplyBytes(CUBEMARS_STATUS_MASK) };

  constructor(joint: JointOf<'cubemars-v1'>) {
    super(joint, CUBEMARS_V1);
  }

  protected override setupSteps(): readonly SetupStep<Uint8Array>[] {
    const values = emptyServoValues();
    return [
      {
        what: 'its full status',
        encode: (out, at) => encodeServoCommand(CUBEMARS_V1.frames, CUBEMARS_V1.getValues, out, at),
        accept: (payload) => {
          if (payload[0] !== CUBEMARS_V1.getValues) return 'other';
          if (decodeValuesReply(CUBEMARS_V1, payload, CUBEMARS_VALUES_MASK, values)) return 'done';
          return { refusal: 'its status is shorter than that of an AK drive of the V1/V2 series. Check which series the drive is and correct the protocol in the profile.' };
        },
      },
    ];
  }

  protected override encodeStatusRequest(out: Uint8Array, at: number): number {
    return encodeSelectiveRequest(CUBEMARS_V1, CUBEMARS_STATUS_MASK, out, at);
  }

  protected override decodeStatus(payload: Uint8Array): boolean {
    return decodeSelectiveReply(CUBEMARS_V1, payload, CUBEMARS_STATUS_MASK, this.values);
  }

  protected override encodeTorque(torqueNm: number, out: Uint8Array, at: number): number {
    return encodeServoNumber(CUBEMARS_V1.frames, CUBEMARS_V1.setCurrent, this.currentUnits(torqueNm), out, at);
  }

  protected override positionOf(reportedDeg: number): number {
    return degToRad(reportedDeg);
  }
}
