/** A real serial port (or pseudo-terminal) by node-serialport. Main thread only: its poller lives on the default loop. */
import { readFileSync, statSync } from 'node:fs';
import { SerialPort } from 'serialport';
import { DariError } from '../../protocols/errors.ts';
import type { ByteTransport, TransportHandlers } from './transport.ts';
import { WriteQueue } from './write-queue.ts';

/** What is still under way gets this long to leave before the port is closed over it. */
const CLOSE_GRACE_MS = 100;

export const serialTransport = (path: string, baud: number): ByteTransport => new SerialTransport(path, baud);

class SerialTransport implements ByteTransport {
  readonly #port: SerialPort;
  readonly #queue = new WriteQueue();
  #handlers: TransportHandlers | undefined;
  #opening: Promise<void> | undefined;
  #closing: Promise<void> | undefined;

  constructor(
    readonly name: string,
    baud: number,
  ) {
    this.#port = new SerialPort({ path: name, baudRate: baud, autoOpen: false, lock: true, hupcl: true });
  }

  async open(handlers: TransportHandlers): Promise<void> {
    if (this.#opening !== undefined)
      throw new DariError('portFailed', `The port ${this.name} was opened twice by one transport. Make a new transport for each attempt.`);
    this.#opening = this.#open(handlers);
    return this.#opening;
  }

  write(bytes: Uint8Array): boolean {
    if (this.#handlers === undefined || !this.#port.isOpen) return false;
    const copy = this.#queue.take(bytes);
    if (copy === null) return false;
    this.#port.write(copy, this.#onWritten);
    return true;
  }

  async close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  readonly #onWritten = (error?: Error | null): void => {
    this.#queue.done();
    if (error !== null && error !== undefined) this.#fail(error);
  };

  /**
   * After a hang-up node-serialport may read "nothing" for ever without ever closing; a write then tells. Closing the
   * port ends that loop.
   */
  #fail(error: Error): void {
    if (this.#handlers === undefined) return;
    this.#ended(lost(this.name, error));
    if (this.#port.isOpen) this.#port.close(() => {});
  }

  async #open(handlers: TransportHandlers): Promise<void> {
    const port = this.#port;
    port.on('error', (error) => this.#fail(error));
    await new Promise<void>((resolve, reject) => {
      port.open((error) => (error === null ? resolve() : reject(explainOpenError(this.name, error))));
    });
    // What waited in the device is from before our time: a pty keeps it over a whole restart of the host.
    await new Promise<void>((resolve) => {
      port.flush(() => resolve());
    });
    if (!port.isOpen) throw lost(this.name);
    this.#handlers = handlers;
    port.once('close', (error: Error | null) => this.#ended(error === null ? 'closedByUs' : lost(this.name, error)));
    port.on('data', (chunk: Buffer) => this.#handlers?.onBytes(chunk));
    handlers.onOpen();
  }

  #ended(cause: DariError | 'closedByUs'): void {
    const handlers = this.#handlers;
    this.#handlers = undefined;
    this.#queue.clear();
    handlers?.onClosed(cause);
  }

  async #close(): Promise<void> {
    await this.#opening?.catch(() => {});
    await this.#queue.idle(CLOSE_GRACE_MS);
    if (this.#handlers === undefined) return;
    await new Promise<void>((resolve) => {
      if (this.#port.isOpen) this.#port.close(() => resolve());
      else this.#port.once('close', () => resolve());
    });
    this.#ended('closedByUs');
  }
}

const lost = (path: string, cause?: unknown): DariError =>
  new DariError('portLost', `The serial port ${path} is gone. Check the cable; Dari connects again by itself, and the robot stays disarmed.`, { cause });

/** node-serialport puts the system's error only into its message. */
export function explainOpenError(path: string, cause: Error): DariError {
  const { message } = cause;
  if (/No such (file|device)/.test(message))
    return new DariError('portNotFound', `There is no serial port ${path}. Plug the adapter in, and see which ports exist with: dari ports`, { cause });
  if (/Cannot lock port|resource busy|Resource temporarily unavailable/i.test(message))
    return new DariError('portBusy', `The serial port ${path} is in use by another program. Close it (a second "dari start"?) and try again.`, { cause });
  if (/Permission denied|not permitted|Access denied/i.test(message)) return new DariError('portPermission', permissionAdvice(path), { cause });
  if (/Inappropriate ioctl|Is a directory/.test(message))
    return new DariError('portFailed', `${path} is not a serial port. See which ports exist with: dari ports`, { cause });
  return new DariError('portFailed', `The serial port ${path} could not be opened (${message}). Unplug the adapter, plug it in again and retry.`, { cause });
}

function permissionAdvice(path: string): string {
  const group = owningGroup(path);
  if (group === undefined || group === 'root') return `You may not open the serial port ${path}. Ask the administrator of this machine for access to it.`;
  return `You may not open the serial port ${path}; it belongs to the group "${group}". Join it with: sudo usermod -aG ${group} $USER, then sign out and in again.`;
}

function owningGroup(path: string): string | undefined {
  try {
    const { gid } = statSync(path);
    for (const line of readFileSync('/etc/group', 'utf8').split('\n')) {
      const [name, , id] = line.split(':');
      if (name !== undefined && id === String(gid)) return name;
    }
  } catch {
    // No group file, or the node went away meanwhile: the advice then does without a name.
  }
  return undefined;
}
