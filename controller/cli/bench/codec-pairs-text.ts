/** Protocols of text lines. */
import { decodeRcv, emptyFdFrame, encodeRcv, FDCANUSB_LINE_MAX_BYTES, FdcanusbSplitter } from '../../../protocols/wire/fdcanusb.ts';
import { MOTEUS, MoteusReader, MoteusWriter, TYPE } from '../../../protocols/wire/moteus.ts';
import { decodeOdriveFeedback, encodeOdriveReply, encodeOdriveSetPoint, formatOdriveFloat, ODRIVE_LINE_MAX_BYTES, OdriveSplitter } from '../../../protocols/wire/odrive.ts';
import type { CodecPair } from './codec-pair.ts';

const REGISTERS_ANSWERED = 4;

/** The answer to a query of mode, position, velocity and torque. */
const moteus: CodecPair = {
  protocol: 'moteus',
  mostBytes: FDCANUSB_LINE_MAX_BYTES,
  encoder: () => {
    const writer = new MoteusWriter();
    const frame = emptyFdFrame();
    frame.id = 0x100;
    return (out, round) => {
      writer.reset(frame.data).reply(TYPE.int16, REGISTERS_ANSWERED, MOTEUS.mode);
      writer.value(TYPE.int16, 'count', 10);
      writer.value(TYPE.int16, 'position', 0.001 * (round & 0xff));
      writer.value(TYPE.int16, 'velocity', 0.5);
      writer.value(TYPE.int16, 'torque', 1.5);
      frame.length = writer.length;
      return encodeRcv(frame, 'uart', true, out, 0);
    };
  },
  decoder: (onDecoded) => {
    const frame = emptyFdFrame();
    let answered = 0;
    const reader = new MoteusReader({ onReply: () => void answered++ });
    return new FdcanusbSplitter({
      onFrame: (line) => {
        answered = 0;
        if (decodeRcv(line, frame) && reader.parse(frame.data, frame.length) && answered === REGISTERS_ANSWERED) onDecoded();
      },
      onDiscarded: () => {},
    });
  },
};

const odrive: CodecPair = {
  protocol: 'odrive-ascii',
  mostBytes: ODRIVE_LINE_MAX_BYTES,
  encoder: () => {
    const values = new Float64Array(2);
    return (out, round) => {
      values[0] = 0.01 * (round & 0xff);
      values[1] = -0.25;
      return encodeOdriveSetPoint('p', 0, values, 2, out, 0);
    };
  },
  answers: (round) => encodeOdriveReply(`${formatOdriveFloat(0.01 * round)} ${formatOdriveFloat(-0.25)}`, true),
  decoder: (onDecoded) => {
    const feedback = { positionTurns: 0, velocityTurnsPerSec: 0 };
    return new OdriveSplitter(
      {
        onFrame: (line) => {
          if (decodeOdriveFeedback(line, feedback)) onDecoded();
        },
        onDiscarded: () => {},
      },
      'required',
    );
  },
};

export const textPairs: readonly CodecPair[] = [odrive, moteus];
