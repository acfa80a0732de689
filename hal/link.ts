/** One port of the robot: opens it, counts what passes, and opens it again after a loss, with growing pauses. */
import { DariError } from '../protocols/errors.ts';
import type { LinkInputs } from '../protocols/joints.ts';
import type { Scheduler } from './clock.ts';
import type { NoticeHandler } from './notice.ts';
import type { ByteTransport, TransportFactory, TransportHandlers } from './transport/transport.ts';

const FIRST_RETRY_MS = 100;
const LONGEST_RETRY_MS = 1_000;
/** Patience for the last bytes before closing, when the queue is full. */
const FAREWELL_ATTEMPTS = 20;
const FAREWELL_PAUSE_MS = 5;

/** What speaks over the link. Called only while the port is open, except `onClosed`. */
export interface LinkUser {
  onOpen(): void;
  onBytes(chunk: Uint8Array): void;
  onClosed(): void;
  /** Last bytes before we close the port ourselves: leave the devices released. */
  farewell(): Uint8Array;
}

export interface LinkStatistics extends LinkInputs {
  /** Frames that came with a wrong checksum; their bytes are among the discarded. */
  checksumErrors: number;
  /** All that passed the port, garbage too. */
  bytesReceived: number;
  bytesSent: number;
}

export interface LinkOptions {
  readonly id: string;
  readonly factory: TransportFactory;
  readonly scheduler: Scheduler;
  readonly onNotice: NoticeHandler;
}

export class Link {
  readonly id: string;
  readonly stats: LinkStatistics = { up: false, framesReceived: 0, framesSent: 0, bytesDiscarded: 0, checksumErrors: 0, framesRefused: 0, bytesReceived: 0, bytesSent: 0 };
  #user: LinkUser | undefined;
  #transport: ByteTransport | undefined;
  #cancelRetry: () => void = () => {};
  #retryMs = FIRST_RETRY_MS;
  #closing = false;
  /** Trouble already told, so that it is not told at every attempt. */
  #told: string | undefined;

  constructor(private readonly options: LinkOptions) {
    this.id = options.id;
  }

  start(user: LinkUser): void {
    if (this.#user !== undefined) return;
    this.#user = user;
    this.#connect();
  }

  /** @param frames how many frames these bytes are, for the statistics */
  write(bytes: Uint8Array, frames: number): boolean {
    const { stats } = this;
    if (!stats.up || this.#transport === undefined) return false;
    const taken = this.#transport.write(bytes);
    if (taken) {
      stats.framesSent += frames;
      stats.bytesSent += bytes.length;
    } else stats.framesRefused += frames;
    return taken;
  }

  notify(code: 'adapterSilent' | 'driveSilent' | 'driveRefused' | 'driveDoubled' | 'deviceBabbles' | 'wrongDevice' | 'linkUp', message: string): void {
    this.options.onNotice({ linkId: this.id, code, message });
  }

  async close(): Promise<void> {
    if (this.#closing) return;
    this.#closing = true;
    this.#cancelRetry();
    if (this.stats.up && this.#user !== undefined) await this.#sayFarewell(this.#user.farewell());
    await this.#transport?.close();
  }

  async #sayFarewell(bytes: Uint8Array): Promise<void> {
    for (let attempt = 0; attempt < FAREWELL_ATTEMPTS && this.stats.up; attempt++) {
      if (this.#transport?.write(bytes) === true) return;
      await new Promise<void>((resolve) => this.options.scheduler.after(FAREWELL_PAUSE_MS, resolve));
    }
  }

  #connect(): void {
    const transport = this.options.factory();
    this.#transport = transport;
    transport.open(this.#handlers(transport)).catch((error: unknown) => {
      this.#tell(error instanceof DariError ? error : new DariError('portFailed', `The port ${transport.name} could not be opened. Check the adapter.`, { cause: error }));
      this.#retry();
    });
  }

  #handlers(transport: ByteTransport): TransportHandlers {
    return {
      onOpen: () => {
        if (this.#told !== undefined) this.notify('linkUp', `Connected again to ${transport.name} (${this.id}).`);
        this.#told = undefined;
        this.#retryMs = FIRST_RETRY_MS;
        this.stats.up = true;
        this.#user?.onOpen();
      },
      onBytes: (chunk) => {
        this.stats.bytesReceived += chunk.length;
        this.#user?.onBytes(chunk);
      },
      onClosed: (cause) => {
        this.stats.up = false;
        this.#user?.onClosed();
        if (cause !== 'closedByUs') this.#tell(cause);
        this.#retry();
      },
    };
  }

  #retry(): void {
    if (this.#closing) return;
    this.#cancelRetry = this.options.scheduler.after(this.#retryMs, () => this.#connect());
    this.#retryMs = Math.min(2 * this.#retryMs, LONGEST_RETRY_MS);
  }

  #tell(error: DariError): void {
    if (this.#closing || this.#told === error.message) return;
    this.#told = error.message;
    this.options.onNotice({ linkId: this.id, code: error.code, message: error.message });
  }
}
