/** What is asked of a moteus before it is used: who it is, its watchdog, its gains, and what it does when we are gone. */
import { MOTEUS, TYPE, type MoteusWriter } from '../../protocols/wire/moteus.ts';
import type { JointOf } from './drive.ts';
import type { SetupAnswer, SetupStep } from './setup.ts';

const TURN_RAD = 2 * Math.PI;
/** Configured gains are decimal text and single precision. */
const GAIN_TOLERANCE = 0.999;
/** One unit of the 16-bit time. */
export const TIMEOUT_UNIT_S = 0.001;
/** A console is asked again after so many looks for its answer. */
const LOOKS = 5;
const TEXT_MAX_BYTES = 48;

/** What one frame of a moteus said; NaN, and null where NaN says something, for what it did not. */
export interface MoteusAnswer {
  mode: number;
  position: number;
  velocity: number;
  torque: number;
  tempC: number;
  fault: number;
  timeoutS: number | null;
  milliseconds: number;
  modelNumber: number;
  firmwareVersion: number;
  readonly serialNumber: [number, number, number];
  /** From the console. */
  text: string | null;
  /** A register that it does not have. */
  missing: number;
}

export const emptyMoteusAnswer = (): MoteusAnswer => ({
  mode: NaN,
  position: NaN,
  velocity: NaN,
  torque: NaN,
  tempC: NaN,
  fault: NaN,
  timeoutS: null,
  milliseconds: NaN,
  modelNumber: NaN,
  firmwareVersion: NaN,
  serialNumber: [NaN, NaN, NaN],
  text: null,
  missing: NaN,
});

/** Gains at scale 1, as configured in the drive, in joint units. */
export interface MoteusGains {
  stiffnessNmPerRad: number;
  dampingNmsPerRad: number;
}

/** Writes the frame that `fill` makes as a line. @returns the index after it */
export type FrameEncoder = (fill: (writer: MoteusWriter) => void, out: Uint8Array, at: number) => number;

export function moteusSetup(joint: JointOf<'moteus'>, encode: FrameEncoder, gains: MoteusGains): readonly SetupStep<MoteusAnswer>[] {
  const { drive } = joint;
  const first = [confirmed(identity(joint, encode)), confirmed(watchdog(joint, encode))];
  const kept = (name: 'kp' | 'kd', configured: number): boolean => {
    // Nm per turn at the controller → Nm/rad at the joint: once for the torque, once for the angle.
    const gain = (configured * drive.gearRatio * drive.gearRatio) / TURN_RAD;
    if (name === 'kp') gains.stiffnessNmPerRad = gain;
    else gains.dampingNmsPerRad = gain;
    return gain >= (name === 'kp' ? drive.stiffnessMaxNmPerRad : drive.dampingMaxNmsPerRad) * GAIN_TOLERANCE;
  };
  if (drive.gains !== undefined) {
    kept('kp', drive.gains.kpNmPerTurn);
    kept('kd', drive.gains.kdNmPerTurnPerSec);
    return first;
  }
  const gain = (name: 'kp' | 'kd', what: string): SetupStep<MoteusAnswer> =>
    question(encode, `conf get servo.pid_position.${name}`, `its gain ${name}`, (line) =>
      kept(name, line === '' ? NaN : Number(line))
        ? 'done'
        : { refusal: `its servo.pid_position.${name} is ${line}, which at the joint is less than the greatest ${what} of the profile. Raise it in the drive, or lower that in the profile.` },
    );
  return [
    ...first,
    drain(encode),
    gain('kp', 'stiffness'),
    drain(encode),
    gain('kd', 'damping'),
    drain(encode),
    // As shipped it goes on braking with up to 5 Nm after its watchdog; here it is to let go.
    question(encode, 'conf set servo.timeout_mode 0', 'its release after the watchdog', (line) => (line === 'OK' ? 'done' : { refusal: `it cannot be told to let go after its watchdog (it says "${line}"). Update its firmware.` })),
    drain(encode),
    question(encode, 'conf get servo.timeout_mode', 'its release after the watchdog', (line) => (line === '0' ? 'done' : { refusal: `its servo.timeout_mode reads ${line}, not 0: it would not let go after its watchdog. Set it to 0 in the drive.` })),
  ];
}

/** The line to an adapter has no checksum, so nothing that is said once makes a drive unfit. */
function confirmed(step: Required<SetupStep<MoteusAnswer>>): SetupStep<MoteusAnswer> {
  let first: string | null = null;
  return {
    what: step.what,
    encode: (out, at) => step.encode(out, at),
    accept: (frame) => {
      const answer = step.accept(frame);
      const refusal = typeof answer === 'string' ? null : answer.refusal;
      const isNew = refusal !== null && refusal !== first;
      if (answer !== 'other') first = refusal;
      return isNew ? 'other' : answer;
    },
  };
}

function identity({ drive }: JointOf<'moteus'>, encode: FrameEncoder): Required<SetupStep<MoteusAnswer>> {
  const fill = (writer: MoteusWriter): void => {
    writer.read(TYPE.int32, 2, MOTEUS.modelNumber);
    writer.read(TYPE.int32, 3, MOTEUS.serialNumber);
  };
  return {
    what: 'its model number',
    encode: (out, at) => encode(fill, out, at),
    accept: ({ modelNumber }) => {
      if (Number.isNaN(modelNumber)) return 'other';
      if (modelNumber === drive.modelNumber) return 'done';
      return { refusal: `its model number is ${hex(modelNumber)} where the profile has ${hex(drive.modelNumber)}. Check which drive has this address, or correct the profile.` };
    },
  };
}

function watchdog({ drive }: JointOf<'moteus'>, encode: FrameEncoder): Required<SetupStep<MoteusAnswer>> {
  const wantedS = drive.watchdogMs / 1_000;
  const fill = (writer: MoteusWriter): void => {
    writer.write(TYPE.float, 1, MOTEUS.timeout);
    writer.value(TYPE.float, 'time', wantedS);
    writer.read(TYPE.float, 1, MOTEUS.timeout);
  };
  return {
    what: 'its watchdog',
    encode: (out, at) => encode(fill, out, at),
    accept: ({ timeoutS, mode }) => {
      if (timeoutS === null || !Number.isNaN(mode)) return 'other';
      if (Math.abs(timeoutS - wantedS) < TIMEOUT_UNIT_S) return 'done';
      return { refusal: `its watchdog reads ${timeoutS} s and not ${wantedS} s. Check the drive's firmware.` };
    },
  };
}

/** Takes what the console still has to say to somebody before us. */
const drain = (encode: FrameEncoder): SetupStep<MoteusAnswer> => ({
  what: 'its console',
  encode: (out, at) => encode(look, out, at),
  accept: ({ text }) => (text === '' ? 'done' : 'other'),
});

const look = (writer: MoteusWriter): void => writer.poll(TEXT_MAX_BYTES);

/** A line typed at the console, and the one line that answers it; it counts when it has come twice. */
function question(encode: FrameEncoder, command: string, what: string, judge: (line: string) => SetupAnswer): SetupStep<MoteusAnswer> {
  const bytes = new TextEncoder().encode(`${command}\n`);
  const type = (writer: MoteusWriter): void => writer.text(true, bytes);
  let looks = LOOKS;
  let heard = '';
  let before: string | null = null;
  return {
    what,
    encode: (out, at) => {
      if (looks < LOOKS) {
        looks++;
        return encode(look, out, at);
      }
      looks = 0;
      heard = '';
      return encode(type, out, at);
    },
    accept: ({ text }) => {
      if (text === null) return 'other';
      heard += text;
      const [line = '', rest] = heard.trimStart().split(/[\r\n]/, 2);
      if (rest === undefined) return 'other';
      looks = LOOKS;
      const again = line === before;
      before = again ? null : line;
      return again ? judge(line) : 'other';
    },
  };
}

const hex = (value: number): string => `0x${(value >>> 0).toString(16)}`;
