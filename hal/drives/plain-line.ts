/** A line whose drives each ask for themselves: one drive on its own port, or several that differ by address. */
import type { FrameSink, Splitter } from '../../protocols/splitter.ts';
import type { LineCounters, LineDrive, LineProtocol, WireCost } from './drive.ts';

export interface PlainDrive extends LineDrive {
  /** Bytes of one cycle of this drive. */
  readonly cost: WireCost;
  /** Turn-taking lines only: an answer to its last request is due. */
  readonly awaitsReply: boolean;
  /** Turn-taking lines only: it did not come in time. */
  onReplyTimeout(nowUs: number): void;
  /** @returns whether the frame is this drive's and has its form; a wrong value in it is for the drive to refuse */
  onFrame(frame: Uint8Array, nowUs: number): boolean;
}

/** What a splitter tells a line. */
export interface LineSink extends FrameSink {
  onChecksumError(): void;
}

export interface PlainLineOptions {
  readonly drives: readonly PlainDrive[];
  readonly counters: LineCounters;
  readonly splitter: (sink: LineSink) => Splitter;
  /** Half-duplex, or strictly request and response: how long an answer may take. null: requests do not wait. */
  readonly replyPatienceUs: number | null;
  readonly silenceAdvice: string;
  /** Sent once when the port opens, e.g. an end of line that clears what an earlier host left. */
  readonly opening?: Uint8Array;
}

export class PlainLine implements LineProtocol {
  readonly drives: readonly PlainDrive[];
  readonly cost: WireCost;
  readonly turnTaking: boolean;
  readonly replyPatienceUs: number;
  readonly silenceAdvice: string;
  readonly hasAdapter = false;
  readonly #splitter: Splitter;
  #turn = 0;
  #asked: PlainDrive | undefined;
  #nowUs = 0;

  constructor(private readonly options: PlainLineOptions) {
    const { drives, counters } = options;
    this.drives = drives;
    this.turnTaking = options.replyPatienceUs !== null;
    this.replyPatienceUs = options.replyPatienceUs ?? 0;
    this.silenceAdvice = options.silenceAdvice;
    this.cost = {
      requestBytes: drives.reduce((sum, { cost }) => sum + cost.requestBytes, 0),
      replyBytes: drives.reduce((sum, { cost }) => sum + cost.replyBytes, 0),
    };
    this.#splitter = options.splitter({
      onFrame: (frame) => this.#onFrame(frame),
      onDiscarded: (byteCount) => (counters.bytesDiscarded += byteCount),
      onChecksumError: () => counters.checksumErrors++,
    });
  }

  get awaitsReply(): boolean {
    return this.#asked?.awaitsReply ?? false;
  }

  onOpen(nowUs: number): void {
    this.#asked = undefined;
    for (const drive of this.drives) drive.onLinkOpen(nowUs);
  }

  encodeOpening(out: Uint8Array, at: number): number {
    const { opening } = this.options;
    if (opening === undefined) return at;
    out.set(opening, at);
    return at + opening.length;
  }

  onClosed(): void {
    this.#splitter.reset();
    this.#asked = undefined;
    for (const drive of this.drives) drive.onLinkClosed();
  }

  beginCycle(): void {}

  /** The drives by turns, from where the line stopped: on a wire that is too slow all get slower, and none starves. */
  encode(nowUs: number, out: Uint8Array, at: number): number {
    for (let tried = 0; tried < this.drives.length; tried++) {
      const drive = this.drives[this.#turn];
      this.#turn = (this.#turn + 1) % this.drives.length;
      const end = drive?.encode(nowUs, out, at) ?? at;
      if (end > at) {
        this.#asked = drive;
        return end;
      }
    }
    return at;
  }

  onReplyTimeout(nowUs: number): void {
    this.#asked?.onReplyTimeout(nowUs);
  }

  push(chunk: Uint8Array, nowUs: number): void {
    this.#nowUs = nowUs;
    this.#splitter.push(chunk);
  }

  encodeFarewell(out: Uint8Array, at: number): number {
    return this.drives.reduce((end, drive) => drive.encodeFarewell(out, end), at);
  }

  #onFrame(frame: Uint8Array): void {
    for (const drive of this.drives) {
      if (!drive.onFrame(frame, this.#nowUs)) continue;
      this.options.counters.framesReceived++;
      return;
    }
    this.options.counters.bytesDiscarded += frame.length;
  }
}
