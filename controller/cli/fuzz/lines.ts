/** Garbage into whole lines: what the host publishes and sends, and what a virtual drive does, whatever arrives. */
import type { DriveProfile } from '../../../protocols/drive-profile.ts';
import type { JointProfile } from '../../../protocols/profile.ts';
import { degToRad } from '../../../protocols/units.ts';
import { FOUND_CYCLES, FuzzDevice, FuzzPair, NEVER, recordDialogue } from './line-rig.ts';
import type { FrameMaker } from './mutator.ts';
import { FINITE_MAX } from './numbers.ts';
import type { Oracle } from './oracle.ts';
import type { FuzzSubject, FuzzTarget } from './target.ts';

const PUSH_US = 50;
const PERIOD_US = 4_000;
const LINE_STEP_US = 250;
/** Fields are whole numbers: a value at its range's end may come out half a step beyond. */
const ROUNDING = 1.001;
/** No checksum, or one that a line may go without: a mutated line that is a valid command is one. */
const UNGUARDED: readonly DriveProfile['protocol'][] = ['mit', 'cia402', 'odrive-ascii', 'moteus'];

const piecesOf =
  (pieces: readonly Uint8Array[]): FrameMaker =>
  (random, out, at) => {
    const piece = pieces[random.int(pieces.length)];
    if (piece === undefined || at + piece.length > out.length) return at;
    out.set(piece, at);
    return at + piece.length;
  };

/** What the loop wants of the drive while garbage comes, and what it wanted before. */
const MODES = [
  { name: 'told to release', before: NEVER, now: false, mayEnable: false },
  { name: 'wanted, but never released before', before: 0, now: true, mayEnable: false },
  { name: 'enabled', before: FOUND_CYCLES / 2, now: true, mayEnable: true },
] as const;
/** Finding the drive takes long. */
const RESETS_PER_MODE = 40;

/** @throws RangeError when host and virtual drive do not even understand each other without garbage */
function openHost(drive: DriveProfile, joint: JointProfile, oracle: Oracle): FuzzSubject {
  const dialogues = [recordDialogue(drive, joint, false), recordDialogue(drive, joint, true)];
  if (dialogues[1]?.energised !== true) throw new RangeError(`the host does not enable the virtual ${drive.protocol} drive`);
  /** Its drive hears all that the host sends; the host hears only garbage, once it has found the drive. */
  const pair = new FuzzPair(drive, joint);
  const { device, host } = pair;
  let resets = 0;
  let mode: (typeof MODES)[number] = MODES[0];
  let cycleUs = 0;
  const find = (): void => {
    mode = MODES[(resets / RESETS_PER_MODE) % MODES.length] ?? MODES[0];
    host.close();
    pair.cut = false;
    device.restart();
    host.open(device.nowUs);
    pair.run(FOUND_CYCLES, mode.before);
    pair.cut = true;
    if (device.energised !== mode.mayEnable) oracle.report('energised', `the host has ${mode.mayEnable ? 'not ' : ''}enabled the drive (${mode.name})`);
  };
  find();
  return {
    encode: piecesOf(dialogues.flatMap(({ toHost }) => toHost)),
    push: (chunk) => {
      pair.step(PUSH_US);
      host.receive(chunk, device.nowUs);
      oracle.frames = host.counters.framesReceived;
      if (device.nowUs < cycleUs) return;
      cycleUs = device.nowUs + PERIOD_US;
      host.cycle(mode.now, device.nowUs);
      if (device.energised && !mode.mayEnable) oracle.report('energised', `garbage made the host enable the drive (${mode.name})`);
    },
    reset: () => {
      if (++resets % RESETS_PER_MODE === 0) find();
    },
    check: () => {
      const inputs = host.read(device.nowUs);
      if (inputs === undefined) return;
      const within = (what: string, value: number, range: number): void => oracle.value(`published ${what}`, value, -range * ROUNDING, range * ROUNDING);
      // No number says at once that the drive told what it cannot be; input trust acts on none.
      if (!Number.isNaN(inputs.motorPositionRad)) within('position', inputs.motorPositionRad, drive.positionRangeRad + Math.abs(degToRad(drive.zeroOffsetDeg)));
      within('velocity', inputs.motorVelocityRadPerSec, drive.velocityRangeRadPerSec);
      within('torque', inputs.motorTorqueNm, drive.torqueRangeNm);
      oracle.value('published temperature', inputs.driveTempC, -273, 1_000);
      oracle.value('published error code', inputs.driveErrorCode, 0, 2 ** 32);
      oracle.value('published age', inputs.driveAgeUs, 0, Infinity);
      oracle.value('published sequence', inputs.driveSequence, 0, FINITE_MAX);
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
