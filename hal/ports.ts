/** Which serial ports this machine has. */
import { readdir } from 'node:fs/promises';
import { SerialPort } from 'serialport';

export interface PortInfo {
  readonly path: string;
  readonly manufacturer?: string;
  readonly serialNumber?: string;
  readonly vendorId?: string;
  readonly productId?: string;
}

const SERIAL_DEVICE = /^tty(USB|ACM|AMA|S)\d+$/;

/** By path. Without udev (containers), where node-serialport cannot ask, the device folder is looked through. */
export async function listPorts(): Promise<PortInfo[]> {
  const ports = await askUdev().catch(async () => scanDevices('/dev'));
  return ports.sort((a, b) => a.path.localeCompare(b.path, 'en', { numeric: true }));
}

async function askUdev(): Promise<PortInfo[]> {
  const ports = await SerialPort.list();
  return ports.map(({ path, manufacturer, serialNumber, vendorId, productId }) => ({
    path,
    ...(manufacturer === undefined ? {} : { manufacturer }),
    ...(serialNumber === undefined ? {} : { serialNumber }),
    ...(vendorId === undefined ? {} : { vendorId }),
    ...(productId === undefined ? {} : { productId }),
  }));
}

export async function scanDevices(folder: string): Promise<PortInfo[]> {
  const names = await readdir(folder).catch((): string[] => []);
  return names.filter((name) => SERIAL_DEVICE.test(name)).map((name) => ({ path: `${folder}/${name}` }));
}
