/**
 * The drives on one SLCAN adapter. All frames of a cycle leave in one write, so that at most one cycle is queued. The
 * adapter is opened by `C`, `S8` (1 Mbit/s), `O`; whatever way it acknowledges, or not at all, is fine.
 */
import type { PermittedCommand, RobotInputs } from '../../protocols/joints.ts';
import type { JointProfile } from '../../protocols/profile.ts';
import { US_PER_MS } from '../../protocols/units.ts';
import { encodeMitSpecial, MIT_FRAME_BYTES, MIT_HOST_CAN_ID } from '../../protocols/wire/mit.ts';
import { emptyCanFrame, encodeSlcanCommand, encodeSlcanFrame, SLCAN_FRAME_MAX_BYTES, SlcanReader, type CanFrame } from '../../protocols/wire/slcan.ts';
import type { Clock } from '../clock.ts';
import type { Link, LinkUser } from '../link.ts';
import { MitDrive } from './mit-drive.ts';

const CAN_1_MBIT = 8;
/** A bare CR first ends half a line that an earlier host may have left in the adapter. */
const HANDSHAKE = concat([
  Uint8Array.of(0x0d),
  encodeSlcanCommand({ kind: 'close' }),
  encodeSlcanCommand({ kind: 'bitRate', code: CAN_1_MBIT }),
  encodeSlcanCommand({ kind: 'open' }),
]);
const HANDSHAKE_ANSWERS = 4;
/** No drive frame for this long: the adapter may have restarted, so the handshake is repeated. */
const SILENCE_US = 500 * US_PER_MS;
/** A shorter absence of one drive is for the loop to judge; people are told after this. */
const DRIVE_NOTICE_US = 1_000 * US_PER_MS;

interface Station {
  readonly joint: JointProfile;
  /** Place in the robot's joints. */
  readonly index: number;
  readonly drive: MitDrive;
  heardUs: number;
  told: boolean;
}

export class SlcanBus implements LinkUser {
  readonly #stations: Station[];
  readonly #byCanId = new Map<number, Station>();
  readonly #reader: SlcanReader;
  readonly #frame: CanFrame = { ...emptyCanFrame(), length: MIT_FRAME_BYTES };
  readonly #out: Uint8Array;
  readonly #views: (Uint8Array | undefined)[] = [];
  /** Errors that answer the handshake are normal: `C` to a closed adapter, a CR to an empty line. */
  #handshakeAnswers = 0;
  #handshakeUs = 0;
  #heardUs = 0;
  #unpoweredUs = 0;
  #anythingHeard = false;
  #adapterTold = false;

  constructor(
    joints: readonly JointProfile[],
    private readonly link: Link,
    private readonly clock: Clock,
  ) {
    this.#stations = joints.flatMap((joint, index) =>
      joint.drive.link === link.id ? [{ joint, index, drive: new MitDrive(joint), heardUs: 0, told: false }] : [],
    );
    for (const station of this.#stations) this.#byCanId.set(station.joint.drive.canId, station);
    this.#out = new Uint8Array(this.#stations.length * SLCAN_FRAME_MAX_BYTES);
    this.#reader = new SlcanReader({
      onCanFrame: (frame) => this.#onCanFrame(frame),
      onAck: () => this.#onAnswer(true),
      onError: () => this.#onAnswer(false),
      onText: () => (this.#anythingHeard = true),
      onDiscarded: (byteCount) => (this.link.stats.bytesDiscarded += byteCount),
    });
  }

  onOpen(): void {
    const nowUs = this.clock.nowUs();
    this.#heardUs = nowUs;
    this.#anythingHeard = false;
    this.#adapterTold = false;
    for (const station of this.#stations) {
      station.drive.onLinkOpen(nowUs);
      station.heardUs = nowUs;
      station.told = false;
    }
    this.#shakeHands(nowUs);
  }

  onBytes(chunk: Uint8Array): void {
    this.#reader.push(chunk);
  }

  onClosed(): void {
    this.#reader.reset();
    for (const { drive } of this.#stations) drive.onLinkClosed();
  }

  farewell(): Uint8Array {
    let end = 0;
    for (const { joint } of this.#stations) {
      encodeMitSpecial('exit', this.#frame.data);
      this.#frame.id = joint.drive.canId;
      end = encodeSlcanFrame(this.#frame, this.#out, end);
    }
    return concat([this.#out.subarray(0, end), encodeSlcanCommand({ kind: 'close' })]);
  }

  /**
   * Sends this cycle's frame to every drive of the bus.
   * @param powered false while the drives are known to have no power: their silence is then nothing to tell
   */
  send(command: PermittedCommand, nowUs: number, powered: boolean): void {
    if (!this.link.stats.up) return;
    let end = 0;
    for (const { drive, joint, index } of this.#stations) {
      const jointCommand = command.joints[index];
      if (jointCommand === undefined) continue;
      drive.encode(command.enable, jointCommand, nowUs, this.#frame.data);
      this.#frame.id = joint.drive.canId;
      end = encodeSlcanFrame(this.#frame, this.#out, end);
    }
    const bytes = (this.#views[end] ??= this.#out.subarray(0, end));
    if (this.link.write(bytes, this.#stations.length)) for (const { drive } of this.#stations) drive.onSent(nowUs);
    if (!powered) this.#unpoweredUs = nowUs;
    this.#watch(nowUs);
  }

  read(inputs: RobotInputs, nowUs: number): void {
    for (const { drive, index } of this.#stations) {
      const joint = inputs.joints[index];
      if (joint !== undefined) drive.read(joint, nowUs);
    }
  }

  #onCanFrame(frame: CanFrame): void {
    this.#anythingHeard = true;
    const id = frame.data[0] ?? 0;
    const station = this.#byCanId.get(id);
    const isReply = !frame.extended && !frame.remote && frame.length === MIT_FRAME_BYTES && (frame.id === MIT_HOST_CAN_ID || frame.id === id);
    if (station === undefined || !isReply) {
      // A frame of nobody we know: its line had a letter, 3 or 8 id digits, a length, the data and CR.
      this.link.stats.bytesDiscarded += (frame.extended ? 11 : 6) + (frame.remote ? 0 : 2 * frame.length) + (frame.timestampMs < 0 ? 0 : 4);
      return;
    }
    this.link.stats.framesReceived++;
    this.#heardUs = this.clock.nowUs();
    station.heardUs = this.#heardUs;
    station.drive.onFrame(frame.data, this.#heardUs);
  }

  #onAnswer(good: boolean): void {
    this.#anythingHeard = true;
    if (this.#handshakeAnswers > 0) this.#handshakeAnswers--;
    else if (!good) this.link.stats.framesRefused++;
  }

  #shakeHands(nowUs: number): void {
    this.#handshakeUs = nowUs;
    this.#handshakeAnswers = HANDSHAKE_ANSWERS;
    this.link.write(HANDSHAKE, 0);
  }

  #watch(nowUs: number): void {
    if (nowUs - Math.max(this.#heardUs, this.#handshakeUs) > SILENCE_US) {
      if (!this.#anythingHeard && !this.#adapterTold) {
        this.#adapterTold = true;
        this.link.notify('adapterSilent', `Nothing answers on ${this.link.id}. Check that the CAN adapter is on this port, that it speaks SLCAN, and that the drives have power.`);
      }
      this.#shakeHands(nowUs);
    }
    if (this.#anythingHeard) for (const station of this.#stations) this.#watchDrive(station, nowUs);
  }

  #watchDrive(station: Station, nowUs: number): void {
    const silent = nowUs - Math.max(station.heardUs, this.#unpoweredUs) > DRIVE_NOTICE_US;
    if (silent === station.told) return;
    if (!silent && station.heardUs < this.#unpoweredUs) return;
    station.told = silent;
    const who = `The drive of ${station.joint.name.en} (CAN id ${station.joint.drive.canId} on ${this.link.id})`;
    if (silent) this.link.notify('driveSilent', `${who} does not answer. Check its power and its CAN cable.`);
    else this.link.notify('linkUp', `${who} answers again.`);
  }
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}
