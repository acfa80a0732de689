/** SLCAN and what travels in its frames. */
import type { Random } from '../../../protocols/random.ts';
import { emptyMitCommand, emptyMitReply, encodeMitSpecial, MitCodec, mitSpecialOf, type MitCommand } from '../../../protocols/wire/mit.ts';
import { decodeServoCommand, decodeServoUpload, emptyServoCommand, emptyServoUpload } from '../../../protocols/wire/servo-can.ts';
import { adapterStyles, decodeSlcanCommand, emptyCanFrame, encodeSlcanCommand, encodeSlcanFrame, slcanBitRates, slcanCommandAnswer, slcanFrameAck, SLCAN_ERROR, SLCAN_FRAME_MAX_BYTES, SlcanReader, type CanFrame } from '../../../protocols/wire/slcan.ts';
import { bareAkV3 } from '../../../sim/drives/ak-v3-drive.ts';
import { bareMit } from '../../../sim/drives/mit-drive.ts';
import { FINITE_MAX } from './numbers.ts';
import type { Oracle } from './oracle.ts';
import type { FuzzSubject, FuzzTarget } from './target.ts';

type FrameFiller = (random: Random, frame: CanFrame) => void;

/** Bytes of a frame's line, its CR included. */
const lineBytes = ({ extended, remote, length, timestampMs }: CanFrame): number => 1 + (extended ? 8 : 3) + 1 + (remote ? 0 : 2 * length) + (timestampMs < 0 ? 0 : 4) + 1;

function fillAnything(random: Random, frame: CanFrame): void {
  frame.extended = random.int(4) === 0;
  frame.remote = random.int(8) === 0;
  frame.id = random.int(frame.extended ? 0x2000_0000 : 0x800);
  frame.length = random.int(9);
  frame.timestampMs = random.int(4) === 0 ? random.int(60_000) : -1;
  for (let i = 0; i < 8; i++) frame.data[i] = random.int(256);
}

function checkFrame(oracle: Oracle, frame: CanFrame): void {
  oracle.value('CAN id', frame.id, 0, frame.extended ? 0x1fff_ffff : 0x7ff);
  oracle.value('CAN length', frame.length, 0, 8);
  oracle.value('CAN time stamp', frame.timestampMs, -1, 59_999);
}

const answers = [...adapterStyles.flatMap((style) => [slcanFrameAck(style, false), slcanFrameAck(style, true), slcanCommandAnswer(style, { kind: 'version' }), slcanCommandAnswer(style, { kind: 'flags' })]), SLCAN_ERROR].filter(({ length }) => length > 0);
const commands = [...(['open', 'listen', 'close', 'version', 'serialNumber', 'flags'] as const).map((kind) => encodeSlcanCommand({ kind })), encodeSlcanCommand({ kind: 'bitRate', code: 8 }), encodeSlcanCommand({ kind: 'timestamps', on: true })];

/** A protocol on CAN frames, behind the adapter's lines. */
export function slcanSubject(oracle: Oracle, fill: FrameFiller, onFrame: (frame: CanFrame) => void): FuzzSubject {
  const frame = emptyCanFrame();
  const reader = new SlcanReader({
    onCanFrame: (received) => {
      oracle.framed(lineBytes(received));
      checkFrame(oracle, received);
      onFrame(received);
    },
    onAck: () => oracle.framed(1, 2),
    onError: () => oracle.framed(1),
    onText: (line) => {
      oracle.framed(line.length + 1);
      const command = decodeSlcanCommand(line);
      if (command?.kind === 'bitRate') oracle.value('bit rate code', command.code, 0, slcanBitRates.length - 1);
    },
    onDiscarded: (bytes) => oracle.discarded(bytes),
  });
  return {
    encode: (random, out, at) => {
      const lines = random.int(16) === 0 ? commands : random.int(8) === 0 ? answers : [];
      const line = lines[random.int(lines.length)];
      if (line !== undefined) {
        out.set(line, at);
        return at + line.length;
      }
      fill(random, frame);
      return encodeSlcanFrame(frame, out, at);
    },
    push: (chunk) => reader.push(chunk),
    reset: () => reader.reset(),
  };
}

const anyCommand = (random: Random): MitCommand => ({
  positionRad: 40 * (random.next() - 0.5),
  velocityRadPerSec: 200 * (random.next() - 0.5),
  stiffnessNmPerRad: 600 * random.next(),
  dampingNmsPerRad: 6 * random.next(),
  torqueNm: 300 * (random.next() - 0.5),
});

function openMit(oracle: Oracle): FuzzSubject {
  const drive = bareMit(1);
  const codecs = [{ ...drive, scaling: '2^n-1' as const }, { ...drive, scaling: '2^n' as const }, { ...drive, reply: 'busVoltage' as const }, bareAkV3(1)].map((profile) => ({ profile, codec: new MitCodec(profile) }));
  const [servo, upload] = [emptyServoCommand(), emptyServoUpload()];
  const [reply, command] = [emptyMitReply(), emptyMitCommand()];
  const within = (what: string, value: number, range: number): void => oracle.value(`MIT ${what}`, value, -range, range);
  const fill: FrameFiller = (random, frame) => {
    fillAnything(random, frame);
    const kind = random.int(4);
    if (kind === 0) return;
    Object.assign(frame, { id: drive.address, extended: false, remote: false, length: 8, timestampMs: -1 });
    const codec = codecs[random.int(codecs.length)]?.codec;
    if (kind === 1) encodeMitSpecial((['enter', 'exit', 'zero'] as const)[random.int(3)] ?? 'exit', frame.data);
    else if (kind === 2) codec?.encodeCommand(anyCommand(random), frame.data);
    else codec?.encodeReply({ ...reply, ...anyCommand(random), id: drive.address, tempC: random.int(400) - 200, errorCode: random.int(8) }, frame.data);
  };
  return slcanSubject(oracle, fill, (frame) => {
    mitSpecialOf(frame.data);
    for (const { profile, codec } of codecs) {
      codec.decodeReply(frame.data, reply);
      within('position', reply.positionRad, profile.positionRangeRad);
      within('velocity', reply.velocityRadPerSec, profile.velocityRangeRadPerSec);
      within('torque', reply.torqueNm, profile.torqueRangeNm);
      within('temperature', reply.tempC, 128);
      codec.decodeCommand(frame.data, command);
      within('commanded position', command.positionRad, profile.positionRangeRad);
      within('commanded velocity', command.velocityRadPerSec, profile.velocityRangeRadPerSec);
      within('commanded torque', command.torqueNm, profile.torqueRangeNm);
      oracle.value('MIT stiffness', command.stiffnessNmPerRad, 0, profile.stiffnessMaxNmPerRad);
      oracle.value('MIT damping', command.dampingNmsPerRad, 0, profile.dampingMaxNmsPerRad);
    }
    decodeServoUpload(frame.data, upload);
    oracle.value('AK position', upload.positionDeg, -3_276.8, 3_276.7);
    oracle.value('AK speed', upload.erpm, -327_680, 327_670);
    oracle.value('AK current', upload.currentA, -327.68, 327.67);
    if (decodeServoCommand((frame.id >> 8) & 0xff, frame.data, frame.length, servo)) oracle.value('AK set-point', servo.value, -FINITE_MAX, FINITE_MAX);
  });
}

export const canTargets: readonly FuzzTarget[] = [
  { protocol: 'slcan', side: 'codec', capacityBytes: SLCAN_FRAME_MAX_BYTES, account: 'delimited', open: (oracle) => slcanSubject(oracle, fillAnything, () => {}) },
  { protocol: 'mit', side: 'codec', capacityBytes: SLCAN_FRAME_MAX_BYTES, account: 'delimited', open: openMit },
];
