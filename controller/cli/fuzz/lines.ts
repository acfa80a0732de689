/** Garbage into whole lines: what the host publishes and sends, and what a virtual drive does, whatever arrives. */
import type { DriveProfile } from '../../../protocols/drive-profile.ts';
import type { JointProfile } from '../../../protocols/profile.ts';
import { FuzzDevice, FuzzHost, recordDialogue } from './line-rig.ts';
import type { FrameMaker } from './mutator.ts';
import type { Oracle } from './oracle.ts';
import type { FuzzSubject, FuzzTarget } from './target.ts';

const PUSH_US = 50;
const PERIOD_US = 4_000;
const LINE_STEP_US = 250;
/** Fields are whole numbers: a value at its range's end may come out half a step beyond. */
const ROUNDING = 1.001;
/** A mutated line of text, or of hexadecimal digits, that is a valid command is one. */
const UNGUARDED: readonly DriveProfile['protocol'][] = ['mit', 'cia402', 'odrive-ascii'];

const piecesOf =
  (pieces: readonly Uint8Array[]): FrameMaker =>
  (random, out, at) => {
    const piece = pieces[random.int(pieces.length)];
    if (piece === undefined || at + piece.length > out.length) return at;
    out.set(piece, at);
    return at + piece.length;
  };

/** @throws RangeError when host and virtual drive do not even understand each other without garbage */
function openHost(drive: DriveProfile, joint: JointProfile, oracle: Oracle): FuzzSubject {
  const dialogues = [recordDialogue(drive, joint, false), recordDialogue(drive, joint, true)];
  if (dialogues[1]?.energised !== true) throw new RangeError(`the host does not enable the virtual ${drive.protocol} drive`);
  /** A drive that hears only what the host sends. */
  const witness = new FuzzDevice(drive, 0, () => {});
  const host = new FuzzHost(drive, joint, (bytes) => witness.line.device.receive(bytes, witness.nowUs));
  // By turns: the loop wants the drives released; it wants them enabled, but has never released them.
  let enable = false;
  let cycleUs = 0;
  let sequence = 0;
  host.open(witness.nowUs);
  Object.assign(host.command, { positionRad: 0.5, stiffnessNmPerRad: 50, torqueNm: 10 });
  return {
    encode: piecesOf(dialogues.flatMap(({ toHost }) => toHost)),
    push: (chunk) => {
      witness.advance(PUSH_US);
      host.receive(chunk, witness.nowUs);
      oracle.frames = host.counters.framesReceived;
      if (witness.nowUs < cycleUs) return;
      cycleUs = witness.nowUs + PERIOD_US;
      host.cycle(enable, witness.nowUs);
      if (witness.energised) oracle.report('energised', `garbage made the host enable the drive (${enable ? 'never released before' : 'told to release'})`);
    },
    reset: () => {
      host.close();
      sequence = 0;
      enable = !enable;
      witness.advance(PERIOD_US);
      host.open(witness.nowUs);
    },
    check: () => {
      const inputs = host.read(witness.nowUs);
      if (inputs === undefined) return;
      const within = (what: string, value: number, range: number): void => oracle.value(`published ${what}`, value, -range * ROUNDING, range * ROUNDING);
      within('position', inputs.motorPositionRad, drive.positionRangeRad + Math.abs(drive.zeroOffsetDeg));
      within('velocity', inputs.motorVelocityRadPerSec, drive.velocityRangeRadPerSec);
      within('torque', inputs.motorTorqueNm, drive.torqueRangeNm);
      oracle.value('published temperature', inputs.driveTempC, -273, 1_000);
      oracle.value('published error code', inputs.driveErrorCode, 0, 2 ** 32);
      oracle.value('published age', inputs.driveAgeUs, 0, Infinity);
      oracle.value('published sequence', inputs.driveSequence, sequence, Infinity);
      sequence = inputs.driveSequence;
      oracle.discardedBytes = host.counters.bytesDiscarded;
    },
  };
}

function openDevice(drive: DriveProfile, joint: JointProfile, oracle: Oracle): FuzzSubject {
  const released = recordDialogue(drive, joint, false);
  const enabled = recordDialogue(drive, joint, true);
  const device = new FuzzDevice(drive, 0, () => oracle.frames++);
  let withEnabling = false;
  const make = [piecesOf(released.toDevice), piecesOf(enabled.toDevice)] as const;
  return {
    encode: (random, out, at) => make[withEnabling ? 1 : 0](random, out, at),
    push: (chunk) => {
      device.line.device.receive(chunk, device.nowUs);
      device.advance(LINE_STEP_US);
      const { torqueNm } = device.load;
      oracle.value('torque of the virtual drive', torqueNm, -drive.peakTorqueNm * ROUNDING, drive.peakTorqueNm * ROUNDING);
    },
    reset: () => {
      device.restart();
      withEnabling = !withEnabling;
    },
    check: (pureNoise) => {
      const mayBe = pureNoise ? false : withEnabling || UNGUARDED.includes(drive.protocol);
      if (device.energised && !mayBe) oracle.report('energised', 'garbage enabled the virtual drive');
    },
  };
}

export const lineTargets = (drive: DriveProfile, joint: JointProfile): readonly FuzzTarget[] => [
  { protocol: drive.protocol, side: 'host', open: (oracle) => openHost(drive, joint, oracle) },
  { protocol: drive.protocol, side: 'device', open: (oracle) => openDevice(drive, joint, oracle) },
];
