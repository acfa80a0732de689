/**
 * The drives behind one SLCAN adapter. The adapter is opened by `C`, `S8` (1 Mbit/s), `O`; whatever way it
 * acknowledges, or not at all, is fine.
 */
import { US_PER_MS } from '../../protocols/units.ts';
import { emptyCanFrame, encodeSlcanCommand, encodeSlcanFrame, SLCAN_FRAME_MAX_BYTES, SlcanReader, type CanFrame } from '../../protocols/wire/slcan.ts';
import type { Drive, LineCounters, LineProtocol, WireCost } from './drive.ts';

const CAN_1_MBIT = 8;
/** A bare CR first ends half a line that an earlier host may have left in the adapter. */
const HANDSHAKE = Uint8Array.from([
  0x0d,
  ...encodeSlcanCommand({ kind: 'close' }),
  ...encodeSlcanCommand({ kind: 'bitRate', code: CAN_1_MBIT }),
  ...encodeSlcanCommand({ kind: 'open' }),
]);
const HANDSHAKE_ANSWERS = 4;
/**
 * Own values. Nobody has answered for longer than a cycle and an answer take: bytes may have been lost on the way out, with them
 * the end of a line, and what is left of two lines can be as long as one. No checksum would tell; so many CRs are not all lost.
 */
const UNANSWERED_US = 6 * US_PER_MS;
const LINE_ENDS = new Uint8Array(4).fill(0x0d);
/** No drive frame for this long: the adapter may have restarted, so the handshake is repeated. */
const SILENCE_US = 500 * US_PER_MS;

/** A drive on a CAN bus. */
export interface CanDrive extends Drive {
  /** Bytes of one cycle of the drive as SLCAN lines. */
  readonly cost: WireCost;
  /** Fills the drive's next frame of this cycle. @returns false when there is no more */
  nextFrame(nowUs: number, frame: CanFrame): boolean;
  /** @returns whether the frame is the drive's */
  onCanFrame(frame: CanFrame, nowUs: number): boolean;
  /** Fills the frame that leaves the drive released. */
  farewellFrame(frame: CanFrame): void;
}

/** Frames of the bus itself that open a cycle, e.g. CANopen's SYNC. */
export interface BusFrames {
  readonly cost: WireCost;
  /** Fills the cycle's frame of that number, from 0. @returns false when there is no such */
  fill(cycleFrame: number, frame: CanFrame): boolean;
}

const NO_BUS_FRAMES: BusFrames = { cost: { requestBytes: 0, replyBytes: 0 }, fill: () => false };

export class SlcanLine implements LineProtocol {
  readonly turnTaking = false;
  readonly replyPatienceUs = 0;
  readonly awaitsReply = false;
  readonly hasAdapter = true;
  readonly silenceAdvice = 'Check that the CAN adapter is on this port, that it speaks SLCAN, and that the drives have power.';
  readonly cost: WireCost;
  readonly #reader: SlcanReader;
  readonly #frame = emptyCanFrame();
  /** Errors that answer the handshake or bare line ends are normal: `C` to a closed adapter, a CR to an empty line. So many may come. */
  #harmlessAnswers = 0;
  #handshakeUs = 0;
  #handshakeDue = false;
  #lineEndsDue = false;
  #heardUs = 0;
  #nowUs = 0;
  #busFrame = 0;
  #turn = 0;

  constructor(
    readonly drives: readonly CanDrive[],
    private readonly counters: LineCounters,
    private readonly busFrames: BusFrames = NO_BUS_FRAMES,
  ) {
    this.cost = {
      requestBytes: drives.reduce((sum, { cost }) => sum + cost.requestBytes, busFrames.cost.requestBytes),
      replyBytes: drives.reduce((sum, { cost }) => sum + cost.replyBytes, busFrames.cost.replyBytes),
    };
    this.#reader = new SlcanReader({
      onCanFrame: (frame) => this.#onCanFrame(frame),
      onAck: () => this.#onAnswer(true),
      onError: () => this.#onAnswer(false),
      onText: () => {},
      onDiscarded: (byteCount) => (this.counters.bytesDiscarded += byteCount),
    });
  }

  onOpen(nowUs: number): void {
    this.#heardUs = nowUs;
    this.#handshakeUs = nowUs;
    for (const drive of this.drives) drive.onLinkOpen(nowUs);
  }

  encodeOpening(out: Uint8Array, at: number): number {
    this.#harmlessAnswers = HANDSHAKE_ANSWERS;
    out.set(HANDSHAKE, at);
    return at + HANDSHAKE.length;
  }

  onClosed(): void {
    this.#reader.reset();
    for (const drive of this.drives) drive.onLinkClosed();
  }

  beginCycle(nowUs: number): void {
    this.#busFrame = 0;
    this.#turn = 0;
    this.#lineEndsDue = nowUs - this.#heardUs > UNANSWERED_US;
    this.#handshakeDue = nowUs - Math.max(this.#heardUs, this.#handshakeUs) > SILENCE_US;
  }

  encode(nowUs: number, out: Uint8Array, at: number): number {
    if (this.#handshakeDue) {
      this.#handshakeDue = false;
      this.#handshakeUs = nowUs;
      return this.encodeOpening(out, at);
    }
    if (this.#lineEndsDue) {
      this.#lineEndsDue = false;
      this.#harmlessAnswers = LINE_ENDS.length;
      out.set(LINE_ENDS, at);
      return at + LINE_ENDS.length;
    }
    const frame = this.#frame;
    if (this.busFrames.fill(this.#busFrame, frame)) {
      this.#busFrame++;
      return encodeSlcanFrame(frame, out, at);
    }
    for (;;) {
      const drive = this.drives[this.#turn];
      if (drive === undefined || at + SLCAN_FRAME_MAX_BYTES > out.length) return at;
      if (drive.nextFrame(nowUs, frame)) return encodeSlcanFrame(frame, out, at);
      this.#turn++;
    }
  }

  onReplyTimeout(): void {}

  push(chunk: Uint8Array, nowUs: number): void {
    this.#nowUs = nowUs;
    this.#reader.push(chunk);
  }

  /** The channel stays open: closing it would throw away what the adapter has not yet sent. */
  encodeFarewell(out: Uint8Array, at: number): number {
    let end = at;
    for (const drive of this.drives) {
      drive.farewellFrame(this.#frame);
      end = encodeSlcanFrame(this.#frame, out, end);
    }
    return end;
  }

  #onCanFrame(frame: CanFrame): void {
    for (const drive of this.drives) {
      if (!drive.onCanFrame(frame, this.#nowUs)) continue;
      this.counters.framesReceived++;
      this.#heardUs = this.#nowUs;
      return;
    }
    // A frame of nobody we know: its line had a letter, 3 or 8 id digits, a length, the data and CR.
    this.counters.bytesDiscarded += (frame.extended ? 11 : 6) + (frame.remote ? 0 : 2 * frame.length) + (frame.timestampMs < 0 ? 0 : 4);
  }

  #onAnswer(good: boolean): void {
    if (this.#harmlessAnswers > 0) this.#harmlessAnswers--;
    else if (!good) this.counters.framesRefused++;
  }
}
