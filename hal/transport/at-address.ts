/** From a port's address to the transport that reaches it. */
import { DariError } from '../../protocols/errors.ts';
import { parsePortAddress } from '../../protocols/port-address.ts';
import { listPorts, portWithSerial, type PortInfo } from '../ports.ts';
import { serialTransport } from './serial.ts';
import { tcpTransport } from './tcp.ts';
import type { ByteTransport, TransportFactory, TransportHandlers } from './transport.ts';

export interface AddressTools {
  list(): Promise<readonly PortInfo[]>;
  openDevice(path: string, baud: number): ByteTransport;
}

const machine: AddressTools = { list: listPorts, openDevice: serialTransport };

/** @throws DariError `portsFileInvalid` for text that is no address */
export function transportAt(text: string, baud: number, tools: AddressTools = machine): TransportFactory {
  const address = parsePortAddress(text);
  if (address === null)
    throw new DariError('portsFileInvalid', `"${text}" is no port. Write a device (/dev/ttyUSB0), a converter (tcp://192.168.0.7:4001) or a USB serial number (usb:A1B2); the ports of this machine: dari ports`);
  switch (address.kind) {
    case 'device':
      return () => tools.openDevice(address.path, baud);
    case 'tcp':
      return () => tcpTransport(address.host, address.port);
    case 'usb':
      return () => new UsbTransport(text, async () => tools.openDevice(portWithSerial(await tools.list(), address.serialNumber, address.interfaceNumber).path, baud));
    default:
      return address satisfies never;
  }
}

/** Looks its port up at every opening, so an adapter that comes back under another name is found again. */
class UsbTransport implements ByteTransport {
  #device: ByteTransport | undefined;
  #opening: Promise<void> | undefined;

  constructor(
    private readonly address: string,
    private readonly find: () => Promise<ByteTransport>,
  ) {}

  get name(): string {
    return this.#device === undefined ? this.address : `${this.#device.name} (${this.address})`;
  }

  async open(handlers: TransportHandlers): Promise<void> {
    if (this.#opening !== undefined) throw new DariError('portFailed', `The port ${this.name} was opened twice by one transport. Make a new transport for each attempt.`);
    this.#opening = this.#open(handlers);
    return this.#opening;
  }

  write(bytes: Uint8Array): boolean {
    return this.#device?.write(bytes) ?? false;
  }

  async close(): Promise<void> {
    await this.#opening?.catch(() => {});
    await this.#device?.close();
  }

  async #open(handlers: TransportHandlers): Promise<void> {
    this.#device = await this.find();
    await this.#device.open(handlers);
  }
}
