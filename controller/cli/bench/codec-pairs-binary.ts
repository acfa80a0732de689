/** Length-and-checksum protocols. */
import { DXL_PACKET_MAX_BYTES, dxlInstructions, DxlPacket, DxlSplitter, DxlWriter } from '../../../protocols/wire/dynamixel.ts';
import { decodeEpos4Response, emptyEpos4Response, encodeEpos4Response, EPOS4_SHORT_MAX_BYTES, Epos4Splitter, Epos4Writer } from '../../../protocols/wire/epos4.ts';
import { decodeUnitreeReply, emptyUnitreeReply, encodeUnitreeReply, UNITREE_REPLY_BYTES, UnitreeSplitter } from '../../../protocols/wire/unitree.ts';
import type { CodecPair } from './codec-pair.ts';

/** Current, velocity and position: what a servo answers to a read of its state. */
const DXL_STATE_BYTES = 10;

const dynamixel: CodecPair = {
  protocol: 'dynamixel2',
  mostBytes: DXL_PACKET_MAX_BYTES,
  encoder: () => {
    const writer = new DxlWriter();
    return (out, round) => writer.begin(1, dxlInstructions.status).u8(0).u16(round & 0x3ff).u32(round).u32(2_048 + (round & 0xff)).end(out, 0);
  },
  decoder: (onDecoded) => {
    const packet = new DxlPacket();
    return new DxlSplitter({
      onFrame: (frame) => {
        packet.load(frame);
        if (packet.count === 1 + DXL_STATE_BYTES && packet.error === 0 && packet.i16(1) >= 0 && packet.i32(7) > 0) onDecoded();
      },
      onDiscarded: () => {},
    });
  },
};

const epos4: CodecPair = {
  protocol: 'epos4',
  mostBytes: EPOS4_SHORT_MAX_BYTES,
  encoder: () => {
    const writer = new Epos4Writer();
    return (out, round) => encodeEpos4Response(writer, 0, 0x9000 + (round & 0xff), out, 0);
  },
  decoder: (onDecoded) => {
    const response = emptyEpos4Response();
    return new Epos4Splitter({
      onFrame: (frame) => {
        if (decodeEpos4Response(frame, response) && response.raw >= 0x9000) onDecoded();
      },
      onDiscarded: () => {},
    });
  },
};

const unitree: CodecPair = {
  protocol: 'unitree',
  mostBytes: UNITREE_REPLY_BYTES,
  encoder: () => {
    const reply = { ...emptyUnitreeReply(), velocityRadPerSec: 0.5, tempC: 40 };
    return (out, round) => {
      reply.positionRad = 0.01 * (round & 0xff);
      return encodeUnitreeReply(reply, out, 0);
    };
  },
  decoder: (onDecoded) => {
    const reply = emptyUnitreeReply();
    return new UnitreeSplitter(
      {
        onFrame: (frame) => {
          if (decodeUnitreeReply(frame, reply)) onDecoded();
        },
        onDiscarded: () => {},
      },
      'reply',
    );
  },
};

export const binaryPairs: readonly CodecPair[] = [dynamixel, epos4, unitree];
