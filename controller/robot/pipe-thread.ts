/**
 * The pipe's thread: the only one that talks to the station, so that neither JSON nor a stalled reader costs the loop
 * anything. Telemetry and the figures of strides are dropped, never queued, when the station does not keep up.
 */
import { Socket } from 'node:net';
import { parentPort, workerData, type MessagePort } from 'node:worker_threads';
import { stepBack } from '../../hal/priority.ts';
import { fieldOffset, cycleLayout } from '../../protocols/session-log.ts';
import { toControllerSchema, type FromController } from '../../protocols/messages.ts';
import { encodePipeFrame, PIPE_JSON, PIPE_TELEMETRY, PipeReader } from '../../protocols/pipe.ts';
import { encodeTelemetry, TELEMETRY_RATE_HZ, telemetryChannels } from '../../protocols/telemetry.ts';
import type { StrideFigures } from '../../protocols/stride-figures.ts';
import { CycleRingReader } from './cycle-ring.ts';
import { LiveStrides } from './live-strides.ts';
import type { FromPipe, PipeSetup, ToPipe } from './pipe-messages.ts';

const STALLED_BYTES = 256 * 1024;
/** A station that takes nothing at all, not even messages, is as good as gone. */
const LOST_BYTES = 4 * 1024 * 1024;

class StationPipe {
  readonly #socket: Socket;
  readonly #ring: CycleRingReader;
  readonly #strides: LiveStrides;
  readonly #channels;
  readonly #nowUsAt = fieldOffset(cycleLayout(0, 0), 'nowUs');
  readonly #timer: NodeJS.Timeout;
  #sequence = 0;
  #closed = false;

  constructor(
    setup: PipeSetup,
    private readonly port: MessagePort,
  ) {
    this.#ring = new CycleRingReader(setup.ring);
    this.#strides = new LiveStrides(setup.profile, setup.ring, (figures) => this.#stride(figures));
    this.#channels = telemetryChannels(setup.profile);
    this.#socket = new Socket({ fd: setup.fd, readable: true, writable: true });
    const reader = new PipeReader((kind, payload) => this.#receive(kind, payload));
    this.#socket.on('data', (chunk: Buffer) => this.#push(reader, chunk));
    this.#socket.on('error', (error) => this.#lose(error.message));
    this.#socket.on('close', () => this.#lose('closed'));
    this.#socket.on('end', () => this.#lose('closed'));
    this.#timer = setInterval(() => this.#look(), 1_000 / TELEMETRY_RATE_HZ);
  }

  handle(message: ToPipe): void {
    if (message.type === 'send') this.#send(message.message);
    else if (message.type === 'session') this.#strides.begin(message.setup);
    else this.#end();
  }

  #push(reader: PipeReader, chunk: Buffer): void {
    try {
      reader.push(chunk);
    } catch (error) {
      this.#lose(error instanceof Error ? error.message : String(error));
    }
  }

  #receive(kind: number, payload: Uint8Array): void {
    const json = kind === PIPE_JSON ? parseJson(payload) : undefined;
    const parsed = toControllerSchema.safeParse(json);
    if (parsed.success) {
      this.port.postMessage({ type: 'received', message: parsed.data } satisfies FromPipe, []);
      return;
    }
    const [issue] = parsed.error.issues;
    const message = `A message from the station is not understood (${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}). Rebuild with: npm run build.`;
    const requestId = requestIdOf(json);
    this.#send(requestId === null ? { type: 'notice', code: 'messageInvalid', message } : { type: 'refused', requestId, code: 'messageInvalid', message });
  }

  #look(): void {
    if (this.#closed) return;
    this.#strides.take();
    if (!this.#stalled) this.#telemetry();
  }

  get #stalled(): boolean {
    return this.#socket.writableLength > STALLED_BYTES;
  }

  #stride(figures: StrideFigures): void {
    if (!this.#stalled) this.#send({ type: 'stride', figures });
  }

  #telemetry(): void {
    const row = this.#ring.newest();
    if (row === null) return;
    const packet = encodeTelemetry(this.#channels, this.#sequence++, row[this.#nowUsAt] ?? 0, row, 0);
    this.#socket.write(encodePipeFrame(PIPE_TELEMETRY, packet));
  }

  #send(message: FromController): void {
    if (this.#closed) return;
    if (this.#socket.writableLength > LOST_BYTES) this.#lose('the station takes nothing any more');
    else this.#socket.write(encodePipeFrame(PIPE_JSON, Buffer.from(JSON.stringify(message))));
  }

  #lose(reason: string): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#socket.destroy();
    this.port.postMessage({ type: 'closed', reason } satisfies FromPipe, []);
  }

  #end(): void {
    clearInterval(this.#timer);
    this.port.close();
    if (this.#closed) return;
    this.#closed = true;
    this.#socket.end(() => this.#socket.destroy());
  }
}

function parseJson(payload: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(payload).toString('utf8'));
  } catch {
    return undefined;
  }
}

function requestIdOf(json: unknown): number | null {
  if (typeof json !== 'object' || json === null || !('requestId' in json)) return null;
  return typeof json.requestId === 'number' && Number.isSafeInteger(json.requestId) && json.requestId >= 0 ? json.requestId : null;
}

// On Linux this is the thread's own priority: the station never comes before the loop.
stepBack();
if (parentPort !== null) {
  const port = parentPort;
  const pipe = new StationPipe(workerData as PipeSetup, port);
  port.on('message', (message: ToPipe) => pipe.handle(message));
}
