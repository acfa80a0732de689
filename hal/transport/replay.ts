/**
 * Plays a recorded wire back as a transport, on any clock: the device's bytes come at their recorded times after the
 * opening, the port goes and comes as it did, and what the host writes is compared with what it wrote then. On a
 * ManualClock a file from the field becomes a unit test.
 */
import { DariError } from '../../protocols/errors.ts';
import { US_PER_MS } from '../../protocols/units.ts';
import type { Clock, Scheduler } from '../clock.ts';
import type { ByteLog, ByteLogRecord } from './byte-log.ts';
import { TRANSPORT_WRITE_MAX_BYTES, type ByteTransport, type TransportFactory, type TransportHandlers } from './transport.ts';

export interface ByteDifference {
  /** On the recording's clock, since its first record. */
  readonly timeUs: number;
  readonly recorded: Uint8Array;
  /** From the first byte that is another. */
  readonly written: Uint8Array;
}

/** From one opening of the port to its closing. */
interface Stretch {
  readonly openedUs: number;
  readonly fromDevice: readonly ByteLogRecord[];
  /** What the host handed over: taken and refused. */
  readonly fromHost: readonly ByteLogRecord[];
  readonly closed: ByteLogRecord | undefined;
}

export class ByteReplay {
  /** Bytes that the host wrote as it did then. */
  matchedBytes = 0;
  /** Where the host first wrote something else than it did then; nothing is compared after it. */
  difference: ByteDifference | null = null;
  readonly #stretches: readonly Stretch[];
  #next = 0;
  #startedUs: number | null = null;

  constructor(
    private readonly log: ByteLog,
    private readonly clock: Clock,
    private readonly scheduler: Scheduler,
  ) {
    this.#stretches = stretchesOf(log.records);
  }

  /** Everything that came from the device then has been played. */
  get finished(): boolean {
    return this.#next >= this.#stretches.length && this.#nowUs() >= (this.log.records.at(-1)?.timeUs ?? 0) - this.#firstUs;
  }

  readonly factory: TransportFactory = () => new ReplayTransport(`recording of ${this.log.header.link}`, () => this.#take(), this, this.clock, this.scheduler);

  /** The port is there when it was there. @throws DariError `portNotFound` */
  #take(): Stretch {
    this.#startedUs ??= this.clock.nowUs();
    const stretch = this.#stretches[this.#next];
    if (stretch === undefined) throw new DariError('portNotFound', 'The recording is over. Nothing needs to be done.');
    if (this.#nowUs() < stretch.openedUs - this.#firstUs) throw new DariError('portNotFound', 'The port is not there at this point of the recording. Nothing needs to be done.');
    this.#next++;
    return stretch;
  }

  get #firstUs(): number {
    return this.#stretches[0]?.openedUs ?? 0;
  }

  #nowUs(): number {
    return this.clock.nowUs() - (this.#startedUs ?? this.clock.nowUs());
  }
}

class ReplayTransport implements ByteTransport {
  #handlers: TransportHandlers | undefined;
  #stretch: Stretch | undefined;
  #used = false;
  #openedUs = 0;
  #incoming = 0;
  #cancel: () => void = () => {};
  /** Place in what the host wrote then: record, and byte in it. */
  #record = 0;
  #byte = 0;

  constructor(
    readonly name: string,
    private readonly take: () => Stretch,
    private readonly replay: ByteReplay,
    private readonly clock: Clock,
    private readonly scheduler: Scheduler,
  ) {}

  async open(handlers: TransportHandlers): Promise<void> {
    if (this.#used) throw new DariError('portFailed', `${this.name} was opened twice by one transport. Make a new transport for each attempt.`);
    this.#used = true;
    this.#stretch = this.take();
    this.#handlers = handlers;
    this.#openedUs = this.clock.nowUs();
    handlers.onOpen();
    this.#plan();
  }

  write(bytes: Uint8Array): boolean {
    if (this.#handlers === undefined || bytes.length > TRANSPORT_WRITE_MAX_BYTES) return false;
    const record = this.#stretch?.fromHost[this.#record];
    if (record?.kind === 'refused' && this.#byte === 0 && Buffer.compare(record.payload, bytes) === 0) {
      this.#record++;
      return false;
    }
    this.#compare(bytes);
    return true;
  }

  async close(): Promise<void> {
    this.#end('closedByUs');
  }

  #plan(): void {
    const stretch = this.#stretch;
    const next = stretch?.fromDevice[this.#incoming] ?? stretch?.closed;
    if (stretch === undefined || next === undefined || this.#handlers === undefined) return;
    const dueUs = this.#openedUs + next.timeUs - stretch.openedUs;
    this.#cancel = this.scheduler.after(Math.max(0, dueUs - this.clock.nowUs()) / US_PER_MS, () => this.#play(next));
  }

  #play(record: ByteLogRecord): void {
    if (record.kind === 'closed') {
      const text = Buffer.from(record.payload).toString();
      this.#end(text === 'closedByUs' ? text : new DariError('portLost', text));
      return;
    }
    this.#incoming++;
    this.#handlers?.onBytes(record.payload);
    this.#plan();
  }

  #end(cause: DariError | 'closedByUs'): void {
    const handlers = this.#handlers;
    this.#handlers = undefined;
    this.#cancel();
    handlers?.onClosed(cause);
  }

  #compare(bytes: Uint8Array): void {
    const { replay } = this;
    for (let i = 0; i < bytes.length && replay.difference === null; i++) {
      const record = this.#stretch?.fromHost[this.#record];
      if (record?.kind !== 'toDevice' || record.payload[this.#byte] !== bytes[i]) {
        replay.difference = { timeUs: record?.timeUs ?? 0, recorded: record?.payload.slice(this.#byte) ?? new Uint8Array(0), written: bytes.slice(i) };
        return;
      }
      replay.matchedBytes++;
      if (++this.#byte < record.payload.length) continue;
      this.#byte = 0;
      this.#record++;
    }
  }
}

/** A record before the first opening (that one was lost) begins a stretch too. */
function stretchesOf(records: readonly ByteLogRecord[]): Stretch[] {
  const starts = records.flatMap((record, index) => (record.kind === 'opened' || index === 0 ? [index] : []));
  return starts.map((start, i) => {
    const part = records.slice(start, starts[i + 1] ?? records.length);
    return {
      openedUs: part[0]?.timeUs ?? 0,
      fromDevice: part.filter(({ kind }) => kind === 'fromDevice'),
      fromHost: part.filter(({ kind }) => kind === 'toDevice' || kind === 'refused'),
      closed: part.find(({ kind }) => kind === 'closed'),
    };
  });
}
