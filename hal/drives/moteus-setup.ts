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
  // Nm per turn at the controller → Nm/rad at the joint: once for the torque, once for the angle.
  const jointGain = (configured: number): number => (configured * drive.gearRatio * drive.gearRatio) / TURN_RAD;
  const gain = (name: 'kp' | 'kd', needed: number, unit: string, keep: (value: number) => void) =>
    question(encode, `conf get servo.pid_position.${name}`, `its gain ${name}`, (line) => {
      const value = jointGain(Number(line));
      keep(value);
      if (value >= needed * GAIN_TOLERANCE) return 'done';
      return { refusal: `its servo.pid_position.${name} is ${line}, which gives ${Number.isFinite(value) ? value.toFixed(2) : 'no'} ${unit} at the joint where the profile has ${needed}. Raise it in the drive, or lower the greatest ${name === 'kp' ? 'stiffness' : 'damping'} in the profile.` };
    });
  return [
    identity(joint, encode),
    watchdog(joint, encode),
    drain(encode),
    gain('kp', drive.stiffnessMaxNmPerRad, 'Nm/rad', (value) => (gains.stiffnessNmPerRad = value)),
    drain(encode),
    gain('kd', drive.dampingMaxNmsPerRad, 'Nms/rad', (value) => (gains.dampingNmsPerRad = value)),
    drain(encode),
    // As shipped it goes on braking with up to 5 Nm after its watchdog; here it is to let go.
    question(encode, 'conf set servo.timeout_mode 0', 'its release after the watchdog', (line) => (line === 'OK' ? 'done' : { refusal: `it cannot be told to let go after its watchdog (it says "${line}"). Update its firmware.` })),
    drain(encode),
    question(encode, 'conf get servo.timeout_mode', 'its release after the watchdog', (line) => (Number(line) === 0 && line !== '' ? 'done' : { refusal: `its servo.timeout_mode reads ${line}, not 0: it would not let go after its watchdog. Set it to 0 in the drive.` })),
  ];
}

function identity({ drive }: JointOf<'moteus'>, encode: FrameEncoder): SetupStep<MoteusAnswer> {
  const fill = (writer: MoteusWriter): void => {
    writer.read(TYPE.int32, 2, MOTEUS.modelNumber);
    writer.read(TYPE.int32, 3, MOTEUS.serialNumber);
  };
  return {
    what: 'its model number',
    encode: (out, at) => encode(fill, out, at),
    accept: ({ modelNumber, serialNumber }) => {
      if (Number.isNaN(modelNumber + serialNumber[2])) return 'other';
      if (modelNumber === drive.modelNumber) return 'done';
      return { refusal: `its model number is ${hex(modelNumber)} where the profile has ${hex(drive.modelNumber)}. Check which drive has this address, or correct the profile.` };
    },
  };
}

function watchdog({ drive }: JointOf<'moteus'>, encode: FrameEncoder): SetupStep<MoteusAnswer> {
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

/** A line typed at the console, and the one line that answers it. */
function question(encode: FrameEncoder, command: string, what: string, judge: (line: string) => SetupAnswer): SetupStep<MoteusAnswer> {
  const bytes = new TextEncoder().encode(`${command}\n`);
  const type = (writer: MoteusWriter): void => writer.text(true, bytes);
  let looks = LOOKS;
  let heard = '';
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
      return judge(line);
    },
  };
}

const hex = (value: number): string => `0x${(value >>> 0).toString(16)}`;
