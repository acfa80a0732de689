import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { explainConnectError, tcpTransport } from '../../../hal/transport/tcp.ts';
import { transportContract } from './contract.ts';

const ignore = { onOpen: () => {}, onBytes: () => {}, onClosed: () => {} };

/** A serial-over-Ethernet converter: serves one host, keeps what its device sends while there is none. */
class Converter {
  readonly received: number[] = [];
  readonly #server: Server;
  #host: Socket | undefined;
  #kept: Uint8Array[] = [];

  private constructor(private readonly greets: boolean) {
    this.#server = createServer((socket) => this.#serve(socket));
  }

  static async start(greets = true): Promise<Converter> {
    const converter = new Converter(greets);
    await new Promise<void>((resolve) => converter.#server.listen(0, '127.0.0.1', resolve));
    return converter;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get host(): Socket | undefined {
    return this.#host;
  }

  write(bytes: Uint8Array): void {
    if (this.#host === undefined) this.#kept.push(bytes);
    else this.#host.write(bytes);
  }

  stop(): void {
    this.#server.close();
    this.#host?.destroy();
  }

  #serve(socket: Socket): void {
    socket.on('error', () => {});
    if (this.#host !== undefined) {
      socket.destroy();
      return;
    }
    this.#host = socket;
    socket.on('close', () => (this.#host = undefined));
    if (!this.greets) return;
    socket.on('data', (chunk) => this.received.push(...chunk));
    for (const bytes of this.#kept.splice(0)) socket.write(bytes);
  }
}

transportContract('TcpTransport on a real socket', async () => {
  const converter = await Converter.start();
  const { port } = converter;
  return {
    make: () => tcpTransport('127.0.0.1', port),
    deviceWrite: (bytes) => converter.write(bytes),
    received: () => converter.received,
    unplug: () => converter.stop(),
    dispose: () => converter.stop(),
  };
});

describe('a converter on the network', () => {
  let converter: Converter | undefined;
  afterEach(() => converter?.stop());

  test('one that stops reading is cut off within a second: what waited does not leave later', async () => {
    converter = await Converter.start(false);
    const transport = tcpTransport('127.0.0.1', converter.port);
    const closed: unknown[] = [];
    await transport.open({ ...ignore, onClosed: (cause) => closed.push(cause) });
    converter.host!.pause();
    const chunk = new Uint8Array(1_000);
    let longestMs = 0;
    await vi.waitFor(() => {
      const startedMs = performance.now();
      while (transport.write(chunk));
      longestMs = Math.max(longestMs, performance.now() - startedMs);
      expect(closed).toEqual([expect.objectContaining({ code: 'portLost', message: expect.stringContaining('stands still') })]);
    }, { timeout: 20_000, interval: 10 });
    expect(longestMs).toBeLessThan(100);
    expect(transport.write(chunk)).toBe(false);
    await transport.close();
    expect(closed).toHaveLength(1);
  });

  test('a port where nothing listens says what to check', async () => {
    const gone = await Converter.start();
    const { port } = gone;
    gone.stop();
    await expect(tcpTransport('127.0.0.1', port).open(ignore)).rejects.toMatchObject({ code: 'portNotFound', message: expect.stringContaining('TCP server') });
  });

  test('closing while it connects ends the attempt', async () => {
    converter = await Converter.start();
    const transport = tcpTransport('127.0.0.1', converter.port);
    const opening = transport.open(ignore);
    await transport.close();
    await expect(opening).rejects.toMatchObject({ code: 'portLost' });
  });
});

test.each([
  ['ENOTFOUND', 'portNotFound', 'host name'],
  ['EHOSTUNREACH', 'portNotFound', 'network cable'],
  ['ETIMEDOUT', 'portNotFound', 'network cable'],
  ['EACCES', 'portFailed', 'EACCES'],
])('%s is told as %s with what to do', (code, expected, advice) => {
  const error = explainConnectError('tcp://converter:4001', Object.assign(new Error(`connect ${code}`), { code }));
  expect(error).toMatchObject({ code: expected, message: expect.stringContaining(advice) });
});
