/** The frames that go over each wire in every control cycle, as the drives use them. */
import type { Splitter } from '../../../protocols/splitter.ts';
import { emptyMitCommand, emptyMitReply, MitCodec } from '../../../protocols/wire/mit.ts';
import { emptyHubState, encodeHubState, decodeHubState, HUB_FRAME_MAX_BYTES, HUB_STATE, HubFrameReader, HubFrameWriter, hubStateBytes } from '../../../protocols/wire/sensor-hub.ts';
import { emptyCanFrame, encodeSlcanFrame, SLCAN_FRAME_MAX_BYTES, SlcanReader } from '../../../protocols/wire/slcan.ts';
import { mitDrive } from '../fuzz/drives.ts';

export interface CodecCase {
  readonly protocol: string;
  readonly direction: 'encode' | 'decode';
  open(): CodecRun;
}

interface CodecRun {
  run(times: number): void;
  /** How many frames came out so far. */
  frames(): number;
}

/** One frame of a protocol: made by `encode` into the buffer, taken apart by the splitter that `split` makes. */
export interface CodecPair {
  readonly protocol: string;
  /** Room for one frame. */
  readonly mostBytes: number;
  /** @returns a function that writes one frame; its argument counts up, so that the content changes */
  encoder(): (out: Uint8Array, round: number) => number;
  /** @param onDecoded to be called once per frame that was decoded to its last field */
  decoder(onDecoded: () => void): Splitter;
}

const encodeCase = ({ protocol, mostBytes, encoder }: CodecPair): CodecCase => ({
  protocol,
  direction: 'encode',
  open: () => {
    const encode = encoder();
    const out = new Uint8Array(mostBytes);
    let frames = 0;
    const run = (times: number): void => {
      for (let i = 0; i < times; i++) if (encode(out, i) > 0) frames++;
    };
    return { run, frames: () => frames };
  },
});

/** The bytes differ from frame to frame, so that no branch is learnt by heart. */
const DISTINCT_FRAMES = 16;

const decodeCase = ({ protocol, mostBytes, encoder, decoder }: CodecPair): CodecCase => ({
  protocol,
  direction: 'decode',
  open: () => {
    const encode = encoder();
    const wire = Array.from({ length: DISTINCT_FRAMES }, (_, round) => {
      const out = new Uint8Array(mostBytes);
      return out.slice(0, encode(out, round));
    });
    let frames = 0;
    const splitter = decoder(() => frames++);
    const run = (times: number): void => {
      for (let i = 0; i < times; i++) {
        const frame = wire[i % DISTINCT_FRAMES];
        if (frame !== undefined) splitter.push(frame);
      }
    };
    return { run, frames: () => frames };
  },
});

const drive = mitDrive('2^n-1');

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

const pairs: readonly CodecPair[] = [slcan, mit, hub];

export const codecCases: readonly CodecCase[] = pairs.flatMap((pair) => [encodeCase(pair), decodeCase(pair)]);
