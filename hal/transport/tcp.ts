/**
 * A serial port behind the network: a serial-over-Ethernet converter in its raw "TCP server" mode, `tcp://host:port`.
 * The converter sets the baud rate, so it must be configured to the profile's.
 */
import { connect, isIP, type Socket } from 'node:net';
import { DariError } from '../../protocols/errors.ts';
import { US_PER_MS } from '../../protocols/units.ts';
import { systemClock, systemScheduler } from '../clock.ts';
import { shortenSendBuffer } from './send-buffer.ts';
import type { ByteTransport, TransportHandlers } from './transport.ts';
import { WriteQueue } from './write-queue.ts';

const CONNECT_TIMEOUT_MS = 3_000;
/** What comes in this time is from before us, and who is cut off in it was not welcome: most converters serve one host. */
const SETTLE_MS = 50;
const CLOSE_GRACE_MS = 100;
/** Then the system asks once a second whether the far end is alive, ten times (Node's fixed figures). */
const KEEP_ALIVE_AFTER_MS = 1_000;
/** A queue full for this long: the network stands still. The connection is cut, so that nothing old leaves later. */
const STALL_US = 250 * US_PER_MS;

export const tcpTransport = (host: string, port: number): ByteTransport => new TcpTransport(host, port);

class TcpTransport implements ByteTransport {
  readonly name: string;
  readonly #queue = new WriteQueue();
  #socket: Socket | undefined;
  #handlers: TransportHandlers | undefined;
  #opening: Promise<void> | undefined;
  #closing: Promise<void> | undefined;
  #takenUs = 0;

  constructor(
    private readonly host: string,
    private readonly port: number,
  ) {
    this.name = `tcp://${isIP(host) === 6 ? `[${host}]` : host}:${port}`;
  }

  async open(handlers: TransportHandlers): Promise<void> {
    if (this.#opening !== undefined || this.#closing !== undefined)
      throw new DariError('portFailed', `The connection to ${this.name} was opened twice by one transport. Make a new transport for each attempt.`);
    this.#opening = this.#open(handlers);
    return this.#opening;
  }

  write(bytes: Uint8Array): boolean {
    const socket = this.#socket;
    if (this.#handlers === undefined || socket === undefined) return false;
    const nowUs = systemClock.nowUs();
    const copy = this.#queue.take(bytes);
    if (copy === null) {
      if (this.#queue.full && nowUs - this.#takenUs > STALL_US) this.#cut(socket);
      return false;
    }
    this.#takenUs = nowUs;
    socket.write(copy, this.#onWritten);
    return true;
  }

  async close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  readonly #onWritten = (): void => this.#queue.done();

  async #open(handlers: TransportHandlers): Promise<void> {
    const socket = connect({ host: this.host, port: this.port, noDelay: true, keepAlive: true, keepAliveInitialDelay: KEEP_ALIVE_AFTER_MS });
    this.#socket = socket;
    let cause: Error | undefined;
    socket.on('error', (error) => (cause = error));
    await this.#connected(socket);
    await shortenSendBuffer(socket);
    await settled(socket);
    if (socket.destroyed) throw this.#refused(cause);
    this.#handlers = handlers;
    socket.once('close', () => this.#ended(this.#lost(cause)));
    socket.on('data', (chunk: Buffer) => this.#handlers?.onBytes(chunk));
    handlers.onOpen();
  }

  async #connected(socket: Socket): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const cancel = systemScheduler.after(CONNECT_TIMEOUT_MS, () => {
        reject(explainConnectError(this.name, Object.assign(new Error('timed out'), { code: 'ETIMEDOUT' })));
        socket.destroy();
      });
      socket.once('connect', () => {
        cancel();
        resolve();
      });
      socket.once('error', (error) => {
        cancel();
        reject(explainConnectError(this.name, error));
      });
      socket.once('close', () => {
        cancel();
        reject(this.#lost());
      });
    });
  }

  #cut(socket: Socket): void {
    this.#ended(new DariError('portLost', `The network to ${this.name} stands still, so the connection was cut; Dari connects again by itself, and the robot stays disarmed. Check the network between this computer and the converter.`));
    socket.resetAndDestroy();
  }

  #ended(cause: DariError | 'closedByUs'): void {
    const handlers = this.#handlers;
    this.#handlers = undefined;
    this.#queue.clear();
    handlers?.onClosed(cause);
  }

  async #close(): Promise<void> {
    const socket = this.#socket;
    if (socket === undefined) return;
    if (this.#handlers === undefined) socket.destroy();
    await this.#opening?.catch(() => {});
    await this.#queue.idle(CLOSE_GRACE_MS);
    const closed = new Promise<void>((resolve) => {
      if (socket.closed) resolve();
      else socket.once('close', () => resolve());
    });
    this.#ended('closedByUs');
    // An orderly end lets what the system still holds arrive; one that does not come through is not waited for.
    socket.end();
    const cancel = systemScheduler.after(CLOSE_GRACE_MS, () => socket.destroy());
    await closed;
    cancel();
  }

  #refused(cause?: Error): DariError {
    return new DariError('portBusy', `${this.name} took the connection and closed it at once. Most converters serve one computer at a time: close the other program (a second "dari start"?), or raise the converter's number of connections.`, { cause });
  }

  #lost(cause?: Error): DariError {
    return new DariError('portLost', `The connection to ${this.name} is gone. Check the converter's power and the network cable; Dari connects again by itself, and the robot stays disarmed.`, { cause });
  }
}

async function settled(socket: Socket): Promise<void> {
  const drop = (): void => {};
  socket.on('data', drop);
  await new Promise<void>((resolve) => {
    const cancel = systemScheduler.after(SETTLE_MS, resolve);
    socket.once('close', () => {
      cancel();
      resolve();
    });
  });
  socket.off('data', drop);
}

export function explainConnectError(name: string, cause: Error & { code?: string }): DariError {
  switch (cause.code) {
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new DariError('portNotFound', `Nothing on the network is called as ${name} says. Check the host name, or write the converter's IP address.`, { cause });
    case 'ECONNREFUSED':
      return new DariError('portNotFound', `Nothing takes connections at ${name}. Check the port number, and that the converter is in "TCP server" (raw socket) mode.`, { cause });
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'EHOSTDOWN':
    case 'ETIMEDOUT':
      return new DariError('portNotFound', `${name} does not answer. Check the converter's power, its network cable and that this computer is on the same network.`, { cause });
    case undefined:
    default:
      return new DariError('portFailed', `The connection to ${name} failed (${cause.message}). Check the converter and the network, then try again.`, { cause });
  }
}
