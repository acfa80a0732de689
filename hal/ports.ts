/** Which serial ports this machine has, and which of them is the one with a given USB serial number. */
import { readdir, readFile, realpath } from 'node:fs/promises';
import path from 'node:path';
import { SerialPort } from 'serialport';
import { DariError } from '../protocols/errors.ts';

export interface PortInfo {
  readonly path: string;
  readonly manufacturer?: string;
  readonly serialNumber?: string;
  /** Of an adapter with several ports, which have one serial number together. */
  readonly interfaceNumber?: number;
  readonly vendorId?: string;
  readonly productId?: string;
}

const SERIAL_DEVICE = /^tty(USB|ACM|AMA|S)\d+$/;
/** From a serial device up to the USB device that it belongs to: interface, device, and the port of a converter chip. */
const LEVELS_UP = 4;
/** serial_core.h of Linux: a built-in port that is planned for, but not there. */
const NO_UART = '0';

/** By path. On Linux from the system's own folders, also without udev (containers). */
export async function listPorts(): Promise<PortInfo[]> {
  const ports = process.platform === 'linux' ? await scanDevices('/dev', '/sys/class/tty') : await askSystem().catch(() => []);
  return ports.sort((a, b) => a.path.localeCompare(b.path, 'en', { numeric: true }));
}

async function askSystem(): Promise<PortInfo[]> {
  const ports = await SerialPort.list();
  return ports.map(({ path, manufacturer, serialNumber, vendorId, productId }) => withoutGaps({ path, manufacturer, serialNumber, vendorId, productId }));
}

export async function scanDevices(deviceFolder: string, systemFolder: string): Promise<PortInfo[]> {
  const names = await readdir(deviceFolder).catch((): string[] => []);
  const found = await Promise.all(names.filter((name) => SERIAL_DEVICE.test(name)).map(async (name) => describe(`${deviceFolder}/${name}`, path.join(systemFolder, name))));
  return found.filter((port) => port !== null);
}

async function describe(device: string, system: string): Promise<PortInfo | null> {
  if ((await attribute(system, 'type')) === NO_UART) return null;
  let folder = await realpath(path.join(system, 'device')).catch(() => null);
  let interfaceNumber: number | undefined;
  for (let level = 0; level < LEVELS_UP && folder !== null; level++, folder = path.dirname(folder)) {
    const number = await attribute(folder, 'bInterfaceNumber');
    if (number !== undefined) interfaceNumber ??= Number.parseInt(number, 16);
    const vendorId = await attribute(folder, 'idVendor');
    if (vendorId === undefined) continue;
    const [manufacturer, serialNumber, productId] = await Promise.all(['manufacturer', 'serial', 'idProduct'].map(async (name) => attribute(folder ?? '', name)));
    return withoutGaps({ path: device, manufacturer, serialNumber, interfaceNumber, vendorId, productId });
  }
  return { path: device };
}

export interface LatencyTimer {
  readonly device: string;
  readonly latencyMs: number;
}

/** How long USB chips that can be told hold what came in, before they hand it on (Linux: ftdi_sio). */
export async function latencyTimers(folder = '/sys/bus/usb-serial/devices'): Promise<LatencyTimer[]> {
  const devices = await readdir(folder).catch((): string[] => []);
  const timers = await Promise.all(devices.map(async (device) => ({ device, latencyMs: Number(await attribute(path.join(folder, device), 'latency_timer')) })));
  return timers.filter(({ latencyMs }) => Number.isFinite(latencyMs));
}

async function attribute(folder: string, name: string): Promise<string | undefined> {
  const text = await readFile(path.join(folder, name), 'utf8').catch(() => '');
  return text.trim() === '' ? undefined : text.trim();
}

type Gaps<T> = { readonly [K in keyof T]: T[K] | undefined };

const withoutGaps = ({ path, manufacturer, serialNumber, interfaceNumber, vendorId, productId }: Gaps<PortInfo> & { path: string }): PortInfo => ({
  path,
  ...(manufacturer === undefined ? {} : { manufacturer }),
  ...(serialNumber === undefined ? {} : { serialNumber }),
  ...(interfaceNumber === undefined ? {} : { interfaceNumber }),
  ...(vendorId === undefined ? {} : { vendorId }),
  ...(productId === undefined ? {} : { productId }),
});

/** @throws DariError `portNotFound` when no port has the number, or more than one */
export function portWithSerial(ports: readonly PortInfo[], serialNumber: string, interfaceNumber?: number): PortInfo {
  const fitting = ports.filter((port) => port.serialNumber === serialNumber && (interfaceNumber === undefined || port.interfaceNumber === interfaceNumber));
  const [port, another] = fitting;
  if (port === undefined) {
    const others = ports.flatMap((candidate) => (candidate.serialNumber === undefined ? [] : [`${candidate.path} (${candidate.serialNumber})`]));
    throw new DariError('portNotFound', `No USB adapter with the serial number ${serialNumber} is plugged in. ${others.length === 0 ? 'Plug it in' : `There are: ${others.join(', ')}. Plug the right one in`}, and see which ports exist with: dari ports`);
  }
  if (another !== undefined)
    throw new DariError('portNotFound', `${fitting.map((candidate) => `${candidate.path} (interface ${candidate.interfaceNumber ?? '?'})`).join(' and ')} have the serial number ${serialNumber}. Name the interface too: {"usbSerial": "${serialNumber}", "interface": ${port.interfaceNumber ?? 0}}`);
  return port;
}
