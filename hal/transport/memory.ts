/** A cable inside one process: bytes arrive during the call that sends them. For lock-step and tests. */
import { DariError } from '../../protocols/errors.ts';
import { TRANSPORT_WRITE_MAX_BYTES, type ByteTransport, type TransportFactory, type TransportHandlers } from './transport.ts';

/** The device's side of the cable. */
export interface MemoryDeviceEnd {
  /** Reaches the host at once; lost when no host has the port open. */
  write(bytes: Uint8Array): void;
  /** Called with what the host sends; valid only during the call. */
  onBytes: (chunk: Uint8Array) => void;
  /** The port is gone: the host is told, and cannot open it until `plug`. */
  unplug(): void;
  plug(): void;
}

export interface MemoryLink {
  readonly factory: TransportFactory;
  readonly device: MemoryDeviceEnd;
}

export function createMemoryLink(name: string): MemoryLink {
  const socket = new Socket(name);
  return { factory: () => new MemoryTransport(name, socket), device: socket };
}

class Socket implements MemoryDeviceEnd {
  onBytes: (chunk: Uint8Array) => void = () => {};
  plugged = true;
  host: MemoryTransport | undefined;

  constructor(private readonly name: string) {}

  write(bytes: Uint8Array): void {
    this.host?.deliver(bytes);
  }

  unplug(): void {
    this.plugged = false;
    this.host?.end(new DariError('portLost', `The port ${this.name} is gone. Check the cable; Dari connects again by itself, and the robot stays disarmed.`));
  }

  plug(): void {
    this.plugged = true;
  }
}

class MemoryTransport implements ByteTransport {
  #handlers: TransportHandlers | undefined;
  #used = false;

  constructor(
    readonly name: string,
    private readonly socket: Socket,
  ) {}

  async open(handlers: TransportHandlers): Promise<void> {
    if (this.#used) throw new DariError('portFailed', `The port ${this.name} was opened twice by one transport. Make a new transport for each attempt.`);
    this.#used = true;
    if (!this.socket.plugged) throw new DariError('portNotFound', `There is no port ${this.name}. Plug the device in.`);
    if (this.socket.host !== undefined) throw new DariError('portBusy', `The port ${this.name} is in use. Close the other program that uses it.`);
    this.socket.host = this;
    this.#handlers = handlers;
    handlers.onOpen();
  }

  write(bytes: Uint8Array): boolean {
    if (this.#handlers === undefined || bytes.length > TRANSPORT_WRITE_MAX_BYTES) return false;
    this.socket.onBytes(bytes);
    return true;
  }

  async close(): Promise<void> {
    this.end('closedByUs');
  }

  deliver(bytes: Uint8Array): void {
    this.#handlers?.onBytes(bytes);
  }

  end(cause: DariError | 'closedByUs'): void {
    const handlers = this.#handlers;
    if (handlers === undefined) return;
    this.#handlers = undefined;
    this.socket.host = undefined;
    handlers.onClosed(cause);
  }
}
