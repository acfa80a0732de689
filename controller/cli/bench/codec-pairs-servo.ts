/** The VESC family: the set-point of a cycle, and the status that answers it. */
import { CUBEMARS_STATUS_MASK, CUBEMARS_V1, CUBEMARS_V3, CubemarsV3Splitter, encodeImpedance } from '../../../protocols/wire/cubemars.ts';
import { VESC_PAYLOAD_MAX_BYTES, type ServoFrameSink } from '../../../protocols/wire/vesc-frame.ts';
import { emptyServoValues } from '../../../protocols/wire/vesc-values.ts';
import { decodeSelectiveReply, encodeSelectiveReply, encodeServoNumber, VESC, VESC_STATUS_MASK, VescSplitter, type ServoDialect } from '../../../protocols/wire/vesc.ts';
import type { Splitter } from '../../../protocols/splitter.ts';
import type { CodecPair } from './codec-pair.ts';

/** Nobody asks for so much at once. */
const MOST_BYTES = VESC_PAYLOAD_MAX_BYTES + 6;

function answersOf(dialect: ServoDialect, mask: number): (round: number) => Uint8Array {
  const values = { ...emptyServoValues(), fetTempC: 40, qCurrentA: 2.5 };
  return (round) => {
    const out = new Uint8Array(MOST_BYTES);
    values.positionDeg = round;
    return out.slice(0, encodeSelectiveReply(dialect, mask, values, out, 0));
  };
}

function decoderOf(dialect: ServoDialect, mask: number, split: (sink: ServoFrameSink) => Splitter): CodecPair['decoder'] {
  return (onDecoded) => {
    const values = emptyServoValues();
    return split({
      onFrame: (payload) => {
        if (decodeSelectiveReply(dialect, payload, mask, values)) onDecoded();
      },
      onDiscarded: () => {},
    });
  };
}

const currentEncoder =
  (dialect: ServoDialect): CodecPair['encoder'] =>
  () =>
  (out, round) =>
    encodeServoNumber(dialect.frames, dialect.setCurrent, round & 0xfff, out, 0);

const vesc: CodecPair = {
  protocol: 'vesc',
  mostBytes: MOST_BYTES,
  encoder: currentEncoder(VESC),
  answers: answersOf(VESC, VESC_STATUS_MASK),
  decoder: decoderOf(VESC, VESC_STATUS_MASK, (sink) => new VescSplitter(sink)),
};

const cubemarsV1: CodecPair = {
  protocol: 'cubemars-v1',
  mostBytes: MOST_BYTES,
  encoder: currentEncoder(CUBEMARS_V1),
  answers: answersOf(CUBEMARS_V1, CUBEMARS_STATUS_MASK),
  decoder: decoderOf(CUBEMARS_V1, CUBEMARS_STATUS_MASK, (sink) => new VescSplitter(sink)),
};

const cubemarsV3: CodecPair = {
  protocol: 'cubemars-v3',
  mostBytes: MOST_BYTES,
  encoder: () => {
    const command = { positionRad: 0, velocityRadPerSec: 0.5, currentA: 1.5, kp: 300, kd: 2 };
    return (out, round) => {
      command.positionRad = 0.01 * (round & 63);
      return encodeImpedance(command, out, 0);
    };
  },
  answers: answersOf(CUBEMARS_V3, CUBEMARS_STATUS_MASK),
  decoder: decoderOf(CUBEMARS_V3, CUBEMARS_STATUS_MASK, (sink) => new CubemarsV3Splitter(sink)),
};

export const servoPairs: readonly CodecPair[] = [vesc, cubemarsV1, cubemarsV3];
