/** The loop's side of the pipe's thread. */
import { Worker } from 'node:worker_threads';
import type { FromController, ToController } from '../../protocols/messages.ts';
import type { SessionSetup } from '../../protocols/supervision.ts';
import type { FromPipe, PipeSetup, ToPipe } from './pipe-messages.ts';

export interface PipeClientOptions {
  readonly workerUrl: URL;
  readonly setup: PipeSetup;
  readonly onMessage: (message: ToController) => void;
  /** The station is gone; comes once. */
  readonly onClosed: (reason: string) => void;
}

export class PipeClient {
  readonly #worker: Worker;
  readonly #exited: Promise<void>;
  #closed = false;

  constructor(private readonly options: PipeClientOptions) {
    this.#worker = new Worker(options.workerUrl, { workerData: options.setup });
    this.#exited = new Promise((resolve) => this.#worker.once('exit', () => resolve()));
    this.#worker.on('message', (message: FromPipe) => {
      if (message.type === 'received') options.onMessage(message.message);
      else this.#close(message.reason);
    });
    this.#worker.on('error', (error) => this.#close(error instanceof Error ? error.message : String(error)));
    void this.#exited.then(() => this.#close('the pipe thread ended'));
  }

  send(message: FromController): void {
    this.#post({ type: 'send', message });
  }

  /** @param setup null: the session is over */
  session(setup: SessionSetup | null): void {
    this.#post({ type: 'session', setup });
  }

  /** What was sent before still goes out, if the station takes it. */
  async end(): Promise<void> {
    this.#closed = true;
    this.#post({ type: 'end' });
    await this.#exited;
  }

  #post(message: ToPipe): void {
    this.#worker.postMessage(message, []);
  }

  #close(reason: string): void {
    if (this.#closed) return;
    this.#closed = true;
    this.options.onClosed(reason);
  }
}
