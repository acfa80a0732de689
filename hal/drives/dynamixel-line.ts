/**
 * A half-duplex bus of Dynamixel servos. Each cycle sends the set-points of all of them and the question for their
 * status in one write; then single servos are asked or told one thing each, one after the other.
 *
 * The plain reads are used, not the fast ones: a servo that is missing then costs only those behind it in the list, and
 * it goes to the end of the list.
 */
import { US_PER_MS, US_PER_S } from '../../protocols/units.ts';
import { DXL_BROADCAST_ID, DXL_OVERHEAD_BYTES, DXL_STATUS_OVERHEAD_BYTES, DxlPacket, DxlSplitter, DxlWriter, dxlErrors, dxlInstructions } from '../../protocols/wire/dynamixel.ts';
import { dxlTable as table, type DxlItem } from '../../protocols/wire/dynamixel-table.ts';
import type { JointOf, LineCounters, LineProtocol, WireCost } from './drive.ts';
import { DynamixelDrive } from './dynamixel-drive.ts';
import { DXL_STATUS_BYTES } from './dynamixel-setup.ts';

const BITS_PER_BYTE = 10;
/** Return delay as delivered; set to 0 in the set-up. */
const RETURN_DELAY_US = 500;
/** A USB adapter's and this computer's share, of a servo that may not be there. */
const SEARCH_SLACK_US = 2 * US_PER_MS;
/**
 * The same of one that is: more than two cycles at 250 Hz, because what is sent into an answer that is only late is lost
 * with it.
 */
const SLACK_US = 10 * US_PER_MS;
/** Room that one question to a single servo needs, and its answer at most: the longest writes the indirect addresses. */
const REQUEST_MOST_BYTES = 128;
const GOALS: readonly DxlItem[] = [table.goalCurrent, table.goalPosition];

export class DynamixelLine implements LineProtocol {
  readonly drives: readonly DynamixelDrive[];
  readonly cost: WireCost;
  readonly turnTaking = true;
  readonly hasAdapter = false;
  readonly silenceAdvice: string;
  readonly #cyclePatienceUs: number;
  readonly #singlePatienceUs: number;
  readonly #writer = new DxlWriter();
  readonly #packet = new DxlPacket();
  readonly #splitter: DxlSplitter;
  /** In the order in which they are asked. */
  readonly #order: DynamixelDrive[];
  /** Who is still to answer this cycle's question: places in `#asked` from `#heard` on. */
  readonly #asked: DynamixelDrive[];
  #askedCount = 0;
  #heard = 0;
  #waitsFor: DynamixelDrive | null = null;
  #cycleDue = false;
  #turn = 0;
  #turnsLeft = 0;
  #nowUs = 0;

  constructor(
    joints: readonly JointOf<'dynamixel2'>[],
    baud: number,
    private readonly counters: LineCounters,
  ) {
    this.drives = joints.map((joint) => new DynamixelDrive(joint, this.#writer));
    this.#order = [...this.drives];
    this.#asked = [...this.drives];
    const goalBytes = joints.reduce((sum, { drive, torqueLimitNm }) => sum + (torqueLimitNm === 0 ? 0 : 1 + (drive.setPoint === 'torque' ? table.goalCurrent.bytes : table.goalPosition.bytes)), 0);
    this.cost = {
      requestBytes: 2 * (DXL_OVERHEAD_BYTES + 4) + goalBytes + joints.length,
      replyBytes: joints.length * (DXL_STATUS_OVERHEAD_BYTES + DXL_STATUS_BYTES),
    };
    const byteUs = (BITS_PER_BYTE * US_PER_S) / baud;
    this.#cyclePatienceUs = (this.cost.requestBytes + this.cost.replyBytes) * byteUs + SLACK_US;
    this.#singlePatienceUs = REQUEST_MOST_BYTES * byteUs + RETURN_DELAY_US;
    this.silenceAdvice = `Check that the servos have power, that their baud rate is ${baud}, and that the adapter's latency timer is 1 ms.`;
    this.#splitter = new DxlSplitter({
      onFrame: (frame) => this.#onFrame(frame),
      onDiscarded: (byteCount) => (counters.bytesDiscarded += byteCount),
      onChecksumError: (frame) => {
        counters.checksumErrors++;
        this.#driveOf(frame[4] ?? DXL_BROADCAST_ID)?.onBroken();
      },
    });
  }

  get replyPatienceUs(): number {
    if (this.#waitsFor === null) return this.#cyclePatienceUs;
    return this.#singlePatienceUs + (this.#waitsFor.online ? SLACK_US : SEARCH_SLACK_US);
  }

  get awaitsReply(): boolean {
    return this.#waitsFor !== null || this.#heard < this.#askedCount;
  }

  onOpen(nowUs: number): void {
    this.#forget();
    for (const drive of this.drives) drive.onLinkOpen(nowUs);
  }

  encodeOpening(_out: Uint8Array, at: number): number {
    return at;
  }

  onClosed(): void {
    this.#splitter.reset();
    this.#forget();
    for (const drive of this.drives) drive.onLinkClosed();
  }

  beginCycle(): void {
    this.#cycleDue = true;
    this.#turnsLeft = this.drives.length;
  }

  encode(nowUs: number, out: Uint8Array, at: number): number {
    if (this.#cycleDue) {
      this.#cycleDue = false;
      const end = this.#encodeCycle(nowUs, out, at);
      if (end > at) return end;
    }
    while (this.#turnsLeft > 0 && at + REQUEST_MOST_BYTES <= out.length) {
      this.#turnsLeft--;
      const drive = this.drives[this.#turn];
      this.#turn = (this.#turn + 1) % this.drives.length;
      const end = drive?.encodeRequest(nowUs, out, at) ?? at;
      if (drive === undefined || end === at) continue;
      this.#waitsFor = drive;
      return end;
    }
    return at;
  }

  onReplyTimeout(nowUs: number): void {
    this.#splitter.reset();
    const single = this.#waitsFor;
    this.#waitsFor = null;
    single?.onNoAnswer(nowUs);
    const missing = this.#asked[this.#heard];
    if (this.#heard >= this.#askedCount || missing === undefined) return;
    this.#heard = this.#askedCount;
    missing.onMissed(nowUs);
    this.#toTheEnd(missing);
  }

  push(chunk: Uint8Array, nowUs: number): void {
    this.#nowUs = nowUs;
    this.#splitter.push(chunk);
  }

  encodeFarewell(out: Uint8Array, at: number): number {
    this.#writer.begin(DXL_BROADCAST_ID, dxlInstructions.syncWrite).u16(table.torqueEnable.address).u16(table.torqueEnable.bytes);
    for (const { joint } of this.drives) this.#writer.u8(joint.drive.address).u8(0);
    return this.#writer.end(out, at);
  }

  #encodeCycle(nowUs: number, out: Uint8Array, at: number): number {
    this.#askedCount = 0;
    this.#heard = 0;
    for (const drive of this.#order) if (drive.online) this.#asked[this.#askedCount++] = drive;
    if (this.#askedCount === 0) return at;
    let end = at;
    for (let i = 0; i < this.#askedCount; i++) this.#asked[i]?.asked(nowUs);
    for (const item of GOALS) end = this.#encodeGoals(item, out, end);
    return this.#encodeQuestion(out, end);
  }

  #encodeGoals(item: DxlItem, out: Uint8Array, at: number): number {
    let count = 0;
    this.#writer.begin(DXL_BROADCAST_ID, dxlInstructions.syncWrite).u16(item.address).u16(item.bytes);
    for (let i = 0; i < this.#askedCount; i++) {
      const drive = this.#asked[i];
      if (drive?.goalItem !== item) continue;
      this.#writer.u8(drive.joint.drive.address).value(drive.goal(), item.bytes);
      count++;
    }
    return count === 0 ? at : this.#writer.end(out, at);
  }

  /** One address for all: a sync read; models that differ: a bulk read. */
  #encodeQuestion(out: Uint8Array, at: number): number {
    const first = this.#asked[0]?.statusAddress ?? 0;
    let alike = true;
    for (let i = 1; i < this.#askedCount; i++) if (this.#asked[i]?.statusAddress !== first) alike = false;
    this.#writer.begin(DXL_BROADCAST_ID, alike ? dxlInstructions.syncRead : dxlInstructions.bulkRead);
    if (alike) this.#writer.u16(first).u16(DXL_STATUS_BYTES);
    for (let i = 0; i < this.#askedCount; i++) {
      const drive = this.#asked[i];
      if (drive === undefined) continue;
      this.#writer.u8(drive.joint.drive.address);
      if (!alike) this.#writer.u16(drive.statusAddress).u16(DXL_STATUS_BYTES);
    }
    return this.#writer.end(out, at);
  }

  #onFrame(frame: Uint8Array): void {
    const packet = this.#packet.load(frame);
    const drive = this.#driveOf(packet.id);
    if (packet.instruction !== dxlInstructions.status || drive === undefined) {
      // An adapter's echo of what we sent, or a servo that nobody knows.
      this.counters.bytesDiscarded += frame.length;
      return;
    }
    this.counters.framesReceived++;
    const isStatus = drive.online && packet.count === 1 + DXL_STATUS_BYTES;
    if (this.#waitsFor === drive && !isStatus) {
      this.#waitsFor = null;
      drive.onAnswer(packet, this.#nowUs);
      return;
    }
    // Without an error so short an answer tells nothing: somebody else has written to it, or we had given it up.
    const isRefusal = packet.count === 1 && packet.error !== dxlErrors.none;
    if ((!isStatus && !isRefusal) || !drive.onStatus(packet, this.#nowUs)) return;
    for (let i = this.#heard; i < this.#askedCount; i++) if (this.#asked[i] === drive) this.#skipTo(i);
  }

  /** Those before it in the list have not answered, and will not. */
  #skipTo(place: number): void {
    for (let i = this.#heard; i < place; i++) this.#asked[i]?.onMissed(this.#nowUs);
    this.#heard = place + 1;
  }

  #driveOf(id: number): DynamixelDrive | undefined {
    for (const drive of this.drives) if (drive.joint.drive.address === id) return drive;
    return undefined;
  }

  #toTheEnd(drive: DynamixelDrive): void {
    const order = this.#order;
    let place = order.indexOf(drive);
    for (; place >= 0 && place + 1 < order.length; place++) order[place] = order[place + 1] ?? drive;
    order[order.length - 1] = drive;
  }

  #forget(): void {
    this.#waitsFor = null;
    this.#askedCount = 0;
    this.#heard = 0;
    this.#turn = 0;
  }
}
