/** The frames that go over each wire in every control cycle, as the drives use them. */
import { binaryPairs } from './codec-pairs-binary.ts';
import { canPairs } from './codec-pairs-can.ts';
import { servoPairs } from './codec-pairs-servo.ts';
import { textPairs } from './codec-pairs-text.ts';
import type { CodecPair } from './codec-pair.ts';

export interface CodecCase {
  readonly protocol: string;
  readonly direction: 'encode' | 'decode';
  readonly open: () => CodecRun;
}

interface CodecRun {
  readonly run: (times: number) => void;
  /** How many frames came out so far. */
  readonly frames: () => number;
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

const decodeCase = ({ protocol, mostBytes, encoder, answers, decoder }: CodecPair): CodecCase => ({
  protocol,
  direction: 'decode',
  open: () => {
    const encode = encoder();
    const wire = Array.from({ length: DISTINCT_FRAMES }, (_, round) => {
      if (answers !== undefined) return answers(round);
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

const pairs: readonly CodecPair[] = [...canPairs, ...servoPairs, ...binaryPairs, ...textPairs];

export const codecCases: readonly CodecCase[] = pairs.flatMap((pair) => [encodeCase(pair), decodeCase(pair)]);
