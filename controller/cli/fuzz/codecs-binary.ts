/** Length-and-checksum protocols: their splitters hand over frames as they stand on the wire. */
import type { Random } from '../../../protocols/random.ts';
import type { FrameSink, Splitter } from '../../../protocols/splitter.ts';
import { DXL_PACKET_MAX_BYTES, dxlInstructions, DxlPacket, DxlSplitter, DxlWriter, encodeDxlFastBlock, encodeDxlFastStart } from '../../../protocols/wire/dynamixel.ts';
import { decodeEpos4Response, emptyEpos4Response, EPOS4_FRAME_MAX_BYTES, EPOS4_OPCODE, Epos4Splitter, epos4ValueOf, Epos4Writer } from '../../../protocols/wire/epos4.ts';
import {
  decodeUnitreeCommand,
  decodeUnitreeReply,
  emptyUnitreeCommand,
  emptyUnitreeReply,
  encodeUnitreeCommand,
  encodeUnitreeReply,
  UNITREE_COMMAND_BYTES,
  UNITREE_GAIN_MAX,
  UnitreeSplitter,
  type UnitreeFrameKind,
} from '../../../protocols/wire/unitree.ts';
import { anyBytes, anyNumber, oneOf } from './numbers.ts';
import type { Oracle } from './oracle.ts';
import type { FuzzSubject, FuzzTarget } from './target.ts';

interface BinaryCodec {
  readonly split: (sink: FrameSink & { onChecksumError(): void }) => Splitter;
  readonly encode: FuzzSubject['encode'];
  readonly decode: (frame: Uint8Array) => void;
}

function binarySubject(oracle: Oracle, { split, encode, decode }: BinaryCodec): FuzzSubject {
  const splitter = split({
    onFrame: (frame) => {
      oracle.framed(frame.length);
      decode(frame);
    },
    onDiscarded: (bytes) => oracle.discarded(bytes),
    onChecksumError: () => {},
  });
  return { encode, push: (chunk) => splitter.push(chunk), reset: () => splitter.reset() };
}

function openUnitree(oracle: Oracle, kind: UnitreeFrameKind): FuzzSubject {
  const [command, reply] = [emptyUnitreeCommand(), emptyUnitreeReply()];
  const motion = (random: Random) => ({ id: random.int(16), status: random.int(8), torqueNm: anyNumber(random, 100), velocityRadPerSec: anyNumber(random, 400), positionRad: anyNumber(random, 1e5) });
  const encode: FuzzSubject['encode'] = (random, out, at) =>
    kind === 'command'
      ? encodeUnitreeCommand({ ...motion(random), stiffnessNmPerRad: Math.abs(anyNumber(random, 20)), dampingNmsPerRad: Math.abs(anyNumber(random, 20)) }, out, at)
      : encodeUnitreeReply({ ...motion(random), tempC: anyNumber(random, 100), errorCode: random.int(8), force: random.int(5_000) }, out, at);
  const checkMotion = (frame: typeof command | typeof reply): void => {
    oracle.value('Unitree torque', frame.torqueNm, -128, 128);
    oracle.value('Unitree velocity', frame.velocityRadPerSec, -805, 805);
    oracle.value('Unitree position', frame.positionRad, -411_800, 411_800);
  };
  const decode = (frame: Uint8Array): void => {
    if (decodeUnitreeCommand(frame, command)) {
      checkMotion(command);
      // Its top bit is the vendor's, so a foreign frame may hold twice what ours ask for.
      oracle.value('Unitree stiffness', command.stiffnessNmPerRad, 0, 2 * UNITREE_GAIN_MAX + 1);
      oracle.value('Unitree damping', command.dampingNmsPerRad, 0, 2 * UNITREE_GAIN_MAX + 1);
    }
    if (!decodeUnitreeReply(frame, reply)) return;
    checkMotion(reply);
    oracle.value('Unitree temperature', reply.tempC, -128, 127);
    oracle.value('Unitree force', reply.force, 0, 4_095);
  };
  return binarySubject(oracle, { split: (sink) => new UnitreeSplitter(sink, kind), encode, decode });
}

const DXL_INSTRUCTIONS = Object.values(dxlInstructions);
const DXL_FAST_BYTES = 12;

function openDynamixel(oracle: Oracle): FuzzSubject {
  const writer = new DxlWriter();
  const packet = new DxlPacket();
  const fast = (random: Random, out: Uint8Array, at: number): number => {
    const servos = 1 + random.int(6);
    let end = encodeDxlFastStart(servos * (DXL_FAST_BYTES + 4), out, at);
    for (let i = 0; i < servos; i++) end = encodeDxlFastBlock(random.int(256), 1 + random.int(252), anyBytes(random, DXL_FAST_BYTES), out, at, end);
    return end;
  };
  const encode: FuzzSubject['encode'] = (random, out, at) => {
    if (random.int(6) === 0) return fast(random, out, at);
    writer.begin(random.int(253), DXL_INSTRUCTIONS[random.int(DXL_INSTRUCTIONS.length)] ?? 1);
    // Half of them want stuffing.
    for (let i = random.int(40); i > 0; i--) writer.u8(random.int(2) === 0 ? oneOf(random, [0xff, 0xfd, 0x00]) : random.int(256));
    return writer.end(out, at);
  };
  const decode = (frame: Uint8Array): void => {
    packet.load(frame);
    oracle.value('Dynamixel id', packet.id, 0, 0xfe);
    oracle.value('Dynamixel parameters', packet.count, 0, frame.length);
    oracle.value('Dynamixel error', packet.error, 0, 0x7f);
    for (const at of [0, 1, packet.count - 1, packet.count, packet.count + 5]) {
      oracle.value('Dynamixel u16', packet.u16(at), 0, 0xffff);
      oracle.value('Dynamixel i16', packet.i16(at), -0x8000, 0x7fff);
      oracle.value('Dynamixel i32', packet.i32(at), -(2 ** 31), 2 ** 31 - 1);
      oracle.value('Dynamixel u32', packet.value(at, 4), 0, 2 ** 32 - 1);
    }
  };
  return binarySubject(oracle, { split: (sink) => new DxlSplitter(sink), encode, decode });
}

const EPOS4_OPCODES = Object.values(EPOS4_OPCODE);
/** Starting bytes and checksum; each of the others and the checksum may have been sent twice. */
const EPOS4_AROUND = 4;

function openEpos4(oracle: Oracle): FuzzSubject {
  const writer = new Epos4Writer();
  const response = emptyEpos4Response();
  const splitter = new Epos4Splitter({
    onFrame: (frame) => {
      oracle.framed(frame.length + EPOS4_AROUND, 2 * frame.length + EPOS4_AROUND + 2);
      if (!decodeEpos4Response(frame, response)) return;
      oracle.value('EPOS4 error', response.error, 0, 2 ** 32 - 1);
      oracle.value('EPOS4 i16', epos4ValueOf({ bytes: 2, signed: true }, response.raw), -0x8000, 0x7fff);
      oracle.value('EPOS4 i32', epos4ValueOf({ bytes: 4, signed: true }, response.raw), -(2 ** 31), 2 ** 31 - 1);
      oracle.value('EPOS4 u8', epos4ValueOf({ bytes: 1, signed: false }, response.raw), 0, 0xff);
    },
    onDiscarded: (bytes) => oracle.discarded(bytes),
  });
  const encode: FuzzSubject['encode'] = (random, out, at) => {
    writer.begin(EPOS4_OPCODES[random.int(EPOS4_OPCODES.length)] ?? 0);
    // Half of them want stuffing.
    for (let i = random.int(20); i > 0; i--) writer.value(random.int(2) === 0 ? oneOf(random, [0x90, 0x02, 0x00]) : random.int(256), 1);
    return writer.end(out, at);
  };
  return { encode, push: (chunk) => splitter.push(chunk), reset: () => splitter.reset() };
}

export const binaryTargets: readonly FuzzTarget[] = [
  { protocol: 'dynamixel2', side: 'codec', capacityBytes: DXL_PACKET_MAX_BYTES, account: 'exact', open: openDynamixel },
  { protocol: 'epos4', side: 'codec', capacityBytes: EPOS4_FRAME_MAX_BYTES, account: 'loose', open: openEpos4 },
  ...(['command', 'reply'] as const).map((kind): FuzzTarget => ({ protocol: 'unitree', side: 'codec', capacityBytes: UNITREE_COMMAND_BYTES, account: 'exact', open: (oracle) => openUnitree(oracle, kind) })),
];
