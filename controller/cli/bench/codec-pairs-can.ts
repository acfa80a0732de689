/** CAN frames behind an adapter, and the hub. */
import { emptyMitCommand, emptyMitReply, MitCodec } from '../../../protocols/wire/mit.ts';
import { emptyHubState, encodeHubState, decodeHubState, HUB_FRAME_MAX_BYTES, HUB_STATE, HubFrameReader, HubFrameWriter, hubStateBytes } from '../../../protocols/wire/sensor-hub.ts';
import { emptyCanFrame, encodeSlcanFrame, SLCAN_FRAME_MAX_BYTES, SlcanReader } from '../../../protocols/wire/slcan.ts';
import { bareMit } from '../../../sim/drives/mit-drive.ts';
import type { CodecPair } from './codec-pair.ts';

const drive = bareMit(1);

const slcan: CodecPair = {
  protocol: 'slcan',
  mostBytes: SLCAN_FRAME_MAX_BYTES,
  encoder: () => {
    const frame = Object.assign(emptyCanFrame(), { id: 1, length: 8 });
    return (out, round) => {
      frame.data[round & 7] = round & 0xff;
      return encodeSlcanFrame(frame, out, 0);
    };
  },
  decoder: (onDecoded) => new SlcanReader({ onCanFrame: onDecoded, onAck: () => {}, onError: () => {}, onText: () => {}, onDiscarded: () => {} }),
};

const mit: CodecPair = {
  protocol: 'mit',
  mostBytes: SLCAN_FRAME_MAX_BYTES,
  encoder: () => {
    const codec = new MitCodec(drive);
    const frame = Object.assign(emptyCanFrame(), { id: 1, length: 8 });
    const command = { ...emptyMitCommand(), stiffnessNmPerRad: 300, dampingNmsPerRad: 2 };
    return (out, round) => {
      command.positionRad = 0.01 * (round & 63);
      codec.encodeCommand(command, frame.data);
      return encodeSlcanFrame(frame, out, 0);
    };
  },
  decoder: (onDecoded) => {
    const codec = new MitCodec(drive);
    const reply = emptyMitReply();
    return new SlcanReader({
      onCanFrame: (frame) => {
        codec.decodeReply(frame.data, reply);
        onDecoded();
      },
      onAck: () => {},
      onError: () => {},
      onText: () => {},
      onDiscarded: () => {},
    });
  },
};

const JOINTS = 4;
const LOADS = 4;

const hub: CodecPair = {
  protocol: 'sensor-hub',
  mostBytes: HUB_FRAME_MAX_BYTES,
  encoder: () => {
    const state = emptyHubState(JOINTS, LOADS);
    const payload = new Uint8Array(hubStateBytes(JOINTS, LOADS));
    const writer = new HubFrameWriter();
    return (out, round) => {
      state.challenge = round;
      encodeHubState(state, payload);
      return writer.write(HUB_STATE, round, payload, out);
    };
  },
  decoder: (onDecoded) => {
    const state = emptyHubState(JOINTS, LOADS);
    return new HubFrameReader({
      onHubFrame: (_type, _sequence, _timeUs, payload) => {
        if (decodeHubState(payload, state)) onDecoded();
      },
      onDiscarded: () => {},
    });
  },
};

export const canPairs: readonly CodecPair[] = [slcan, mit, hub];
