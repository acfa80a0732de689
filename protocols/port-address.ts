/**
 * Where a link's serial port is, as one line of text:
 * `/dev/ttyUSB0` a device of this machine, `tcp://host:port` a serial-over-Ethernet converter, `usb:SERIAL` whatever
 * port the USB adapter with that serial number has just now, `usb:SERIAL#2` interface 2 of an adapter with several.
 */
export type PortAddress =
  | { readonly kind: 'device'; readonly path: string }
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number }
  | { readonly kind: 'usb'; readonly serialNumber: string; readonly interfaceNumber?: number };

const HIGHEST_PORT = 65_535;

/** @returns null for text that is none */
export function parsePortAddress(text: string): PortAddress | null {
  const tcp = /^tcp:\/\/(?:\[([0-9A-Fa-f:.]+)\]|([^\s:/[\]]+)):(\d{1,5})\/?$/.exec(text);
  const host = tcp?.[1] ?? tcp?.[2];
  if (host !== undefined) {
    const port = Number(tcp?.[3]);
    return port >= 1 && port <= HIGHEST_PORT ? { kind: 'tcp', host, port } : null;
  }
  const usb = /^usb:([^#\s]+)(?:#(\d{1,2}))?$/.exec(text);
  if (usb?.[1] !== undefined) return { kind: 'usb', serialNumber: usb[1], ...(usb[2] === undefined ? {} : { interfaceNumber: Number(usb[2]) }) };
  return text === '' || /^(tcp|usb):/.test(text) ? null : { kind: 'device', path: text };
}

export function formatPortAddress(address: PortAddress): string {
  switch (address.kind) {
    case 'device':
      return address.path;
    case 'tcp':
      return `tcp://${address.host.includes(':') ? `[${address.host}]` : address.host}:${address.port}`;
    case 'usb':
      return `usb:${address.serialNumber}${address.interfaceNumber === undefined ? '' : `#${address.interfaceNumber}`}`;
    default:
      return address satisfies never;
  }
}
