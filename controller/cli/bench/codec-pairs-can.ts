/** CAN frames behind an adapter, and the hub. */
import { OD } from '../../../protocols/wire/cia402.ts';
import { canDataFrame, COB, getLe, isDataFrame, putLe } from '../../../protocols/wire/canopen.ts';
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

const NODE = 1;
const [RECEIVE, TRANSMIT] = [COB.rpdo[0] + NODE, COB.tpdo[0] + NODE];

/** Controlword and target torque to the drive; statusword, position and torque from it. */
const cia402: CodecPair = {
  protocol: 'cia402',
  mostBytes: SLCAN_FRAME_MAX_BYTES,
  encoder: () => {
    const frame = emptyCanFrame();
    return (out, round) => {
      canDataFrame(frame, RECEIVE, OD.controlword.bytes + OD.targetTorque.bytes);
      putLe(frame.data, 0, OD.controlword.bytes, 0x0f);
      putLe(frame.data, OD.controlword.bytes, OD.targetTorque.bytes, round & 0xff);
      return encodeSlcanFrame(frame, out, 0);
    };
  },
  answers: (round) => {
    const [frame, out] = [emptyCanFrame(), new Uint8Array(SLCAN_FRAME_MAX_BYTES)];
    canDataFrame(frame, TRANSMIT, OD.statusword.bytes + OD.position.bytes + OD.torque.bytes);
    putLe(frame.data, 0, OD.statusword.bytes, 0x0237);
    putLe(frame.data, OD.statusword.bytes, OD.position.bytes, 1_000 * round);
    return out.slice(0, encodeSlcanFrame(frame, out, 0));
  },
  decoder: (onDecoded) =>
    new SlcanReader({
      onCanFrame: (frame) => {
        if (!isDataFrame(frame, TRANSMIT)) return;
        const statusword = getLe(frame.data, 0, OD.statusword.bytes, OD.statusword.signed);
        const position = getLe(frame.data, OD.statusword.bytes, OD.position.bytes, OD.position.signed);
        if (statusword > 0 && position >= 0) onDecoded();
      },
      onAck: () => {},
      onError: () => {},
      onText: () => {},
      onDiscarded: () => {},
    }),
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

export const canPairs: readonly CodecPair[] = [slcan, mit, cia402, hub];
