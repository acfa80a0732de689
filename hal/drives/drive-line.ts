/**
 * One serial port with its drives, whatever they speak: sends each cycle's requests, in one write or one by one as
 * answers come, bounds what a babbling device can cost, and tells people who is silent, refused or doubled.
 */
import { emptyJointCommand, emptyJointInputs, type JointCommand, type PermittedCommand, type RobotInputs } from '../../protocols/joints.ts';
import type { SensedInputs } from '../../protocols/sensed-joint.ts';
import { US_PER_MS } from '../../protocols/units.ts';
import type { Clock } from '../clock.ts';
import type { Link, LinkUser } from '../link.ts';
import { ReadBudget } from '../read-budget.ts';
import { TRANSPORT_WRITE_MAX_BYTES } from '../transport/transport.ts';
import type { Drive, LineProtocol } from './drive.ts';

/** A shorter absence of one drive is for the loop to judge; people are told after this. */
const NOTICE_US = 1_000 * US_PER_MS;
/** For so many seconds nothing but garbage came: not what boots, but what speaks otherwise. */
const STRANGE_SECONDS = 2;
/** More replies than this share of the requests in a second: two drives answer to one address. */
const DOUBLED = 1.5;
const DOUBLED_LEAST = 20;

/** What a drive that only measures is told in every cycle. */
const RELEASED: Readonly<JointCommand> = emptyJointCommand();
/** Of a servo that answers, has no fault and is released. */
const GOOD_QUALITY = 255;

interface Seat {
  readonly drive: Drive;
  /** Place in the robot's joints; behind the driven ones it is read only, because no command has such a place. */
  readonly index: number;
  replies: number;
  requests: number;
  heardUs: number;
  told: 'fine' | 'silent' | 'refused' | 'doubled';
}

export class DriveLine implements LinkUser {
  readonly #seats: readonly Seat[];
  readonly #out = new Uint8Array(TRANSPORT_WRITE_MAX_BYTES);
  /** One view per length is kept, so that sending allocates nothing. */
  readonly #views: (Uint8Array | undefined)[] = [];
  readonly #budget: ReadBudget;
  #askedUs = 0;
  #unpoweredUs = 0;
  #checkedUs = 0;
  #heardAnything = false;
  /** Seconds in a row in which bytes came, but no frame. */
  #strangeSeconds = 0;
  #framesBefore = 0;
  #discardedBefore = 0;
  #silenceTold = false;
  readonly #reading = emptyJointInputs();

  /** @param indices place of each of the protocol's drives in the robot's joints */
  constructor(
    readonly protocol: LineProtocol,
    indices: readonly number[],
    private readonly link: Link,
    private readonly clock: Clock,
  ) {
    this.#seats = protocol.drives.map((drive, i) => ({ drive, index: indices[i] ?? -1, replies: 0, requests: 0, heardUs: 0, told: 'fine' }));
    this.#budget = new ReadBudget(link, protocol.cost.replyBytes);
  }

  onOpen(): void {
    const nowUs = this.clock.nowUs();
    this.#budget.onOpen();
    this.#checkedUs = nowUs;
    this.#unpoweredUs = nowUs;
    this.#heardAnything = false;
    this.#strangeSeconds = 0;
    this.#framesBefore = this.link.stats.framesReceived;
    this.#discardedBefore = this.link.stats.bytesDiscarded;
    this.#silenceTold = false;
    for (const seat of this.#seats) {
      seat.heardUs = nowUs;
      seat.told = 'fine';
    }
    this.protocol.onOpen(nowUs);
    const end = this.protocol.encodeOpening(this.#out, 0);
    if (end > 0) this.link.write(this.#out.subarray(0, end), 0);
  }

  onBytes(chunk: Uint8Array): void {
    this.#heardAnything = true;
    const taken = this.#budget.take(chunk.length);
    if (taken === 0) return;
    const nowUs = this.clock.nowUs();
    this.protocol.push(taken < chunk.length ? chunk.subarray(0, taken) : chunk, nowUs);
    if (this.protocol.turnTaking && !this.protocol.awaitsReply) this.#writeNext(nowUs);
  }

  onClosed(): void {
    this.protocol.onClosed();
  }

  farewell(): Uint8Array {
    return this.#out.subarray(0, this.protocol.encodeFarewell(this.#out, 0));
  }

  /**
   * Sends this cycle's frames to every drive of the line.
   * @param powered false while the drives are known to have no power: their silence is then nothing to tell
   */
  send(command: PermittedCommand, nowUs: number, powered: boolean): void {
    if (!this.link.stats.up) return;
    for (const { drive, index } of this.#seats) {
      const joint = command.joints[index];
      drive.command(joint !== undefined && command.enable, joint ?? RELEASED, nowUs);
    }
    this.protocol.beginCycle(nowUs);
    if (!this.protocol.turnTaking) this.#writeAll(nowUs);
    else if (!this.protocol.awaitsReply) this.#writeNext(nowUs);
    else if (nowUs - this.#askedUs > this.protocol.replyPatienceUs) {
      this.protocol.onReplyTimeout(nowUs);
      this.#writeNext(nowUs);
    }
    if (!powered) this.#unpoweredUs = nowUs;
    this.#watch(nowUs);
    this.#budget.endCycle(nowUs);
  }

  read(inputs: RobotInputs, nowUs: number): void {
    for (const { drive, index } of this.#seats) {
      const joint = inputs.joints[index];
      if (joint !== undefined) drive.read(joint, nowUs);
      else this.#readSensed(drive, inputs.sensed[index - inputs.joints.length], nowUs);
    }
  }

  #readSensed(drive: Drive, sensed: SensedInputs | undefined, nowUs: number): void {
    if (sensed === undefined) return;
    const reading = this.#reading;
    drive.read(reading, nowUs);
    sensed.positionRad = reading.motorPositionRad;
    // Measured at some time between question and answer, which may have waited here.
    sensed.ageUs = reading.driveAgeUs + drive.statistics.roundTripUs;
    sensed.sequence = reading.driveSequence;
    sensed.quality = reading.driveState === 'disabled' ? GOOD_QUALITY : 0;
    sensed.energised = reading.driveState === 'enabled';
  }

  #writeAll(nowUs: number): void {
    let end = 0;
    let frames = 0;
    for (;;) {
      const next = this.protocol.encode(nowUs, this.#out, end);
      if (next === end) break;
      end = next;
      frames++;
    }
    this.#write(end, frames, nowUs);
  }

  #writeNext(nowUs: number): void {
    const end = this.protocol.encode(nowUs, this.#out, 0);
    this.#askedUs = nowUs;
    this.#write(end, 1, nowUs);
  }

  #write(end: number, frames: number, nowUs: number): void {
    if (end === 0) return;
    const bytes = (this.#views[end] ??= this.#out.subarray(0, end));
    if (this.link.write(bytes, frames)) for (const { drive } of this.#seats) drive.onSent(nowUs);
  }

  #watch(nowUs: number): void {
    if (nowUs - this.#checkedUs < NOTICE_US) return;
    this.#checkedUs = nowUs;
    const quiet = !this.#heardAnything && (this.protocol.hasAdapter || nowUs - this.#unpoweredUs >= NOTICE_US);
    if (quiet && !this.#silenceTold) this.link.notify('adapterSilent', `Nothing answers on ${this.link.id}. ${this.protocol.silenceAdvice}`);
    this.#silenceTold ||= quiet;
    this.#watchForStranger();
    for (const seat of this.#seats) this.#watchDrive(seat, nowUs);
  }

  /** Once a second. */
  #watchForStranger(): void {
    const { framesReceived, bytesDiscarded } = this.link.stats;
    const strange = framesReceived === this.#framesBefore && bytesDiscarded > this.#discardedBefore;
    this.#framesBefore = framesReceived;
    this.#discardedBefore = bytesDiscarded;
    this.#strangeSeconds = strange ? this.#strangeSeconds + 1 : 0;
    if (this.#strangeSeconds === STRANGE_SECONDS)
      this.link.notify('wrongDevice', `What answers on ${this.link.id} does not speak the link's protocol. Check that the right device is on this port and that the baud rate is right; see who it is with: dari ports --identify`);
  }

  /** Once a second. */
  #watchDrive(seat: Seat, nowUs: number): void {
    const { drive } = seat;
    const replies = drive.statistics.replies - seat.replies;
    const requests = drive.statistics.requests - seat.requests;
    seat.replies += replies;
    seat.requests += requests;
    if (replies > 0) seat.heardUs = nowUs;
    const silent = this.#heardAnything && this.#strangeSeconds === 0 && nowUs - Math.max(seat.heardUs, this.#unpoweredUs) > NOTICE_US;
    const doubled = replies > DOUBLED_LEAST && replies > DOUBLED * requests;
    const state = drive.refusal !== null ? 'refused' : doubled ? 'doubled' : silent ? 'silent' : 'fine';
    if (state === seat.told || (state === 'fine' && replies === 0)) return;
    seat.told = state;
    const { joint } = drive;
    const who = `The drive of ${joint.name.en} (address ${joint.drive.address} on ${this.link.id})`;
    if (drive.refusal !== null) this.link.notify('driveRefused', `${who} is not used: ${drive.refusal}`);
    else if (doubled) this.link.notify('driveDoubled', `${who} answers ${replies} times to ${requests} requests: two drives have this address. Give each drive an address of its own.`);
    else if (silent) this.link.notify('driveSilent', `${who} does not answer. Check its power and its cable.`);
    else this.link.notify('linkUp', `${who} answers again.`);
  }
}
