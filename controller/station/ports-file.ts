/**
 * `--ports FILE`: which serial port carries which link of the profile. A port is a device, `tcp://host:port`, or a USB
 * adapter's serial number, which finds the adapter under whatever name it has just now.
 */
import fs from 'node:fs';
import { z } from 'zod/mini';
import { DariError } from '../../protocols/errors.ts';
import { formatPortAddress, parsePortAddress } from '../../protocols/port-address.ts';
import type { RobotProfile } from '../../protocols/profile.ts';
import { firstMistake } from './issue-text.ts';

const usbPort = z.strictObject({ usbSerial: z.string().check(z.minLength(1)), interface: z.optional(z.int().check(z.nonnegative())) });
const schema = z.strictObject({ links: z.record(z.string(), z.union([z.string().check(z.minLength(1)), usbPort], { error: 'must be a port, e.g. "/dev/ttyUSB0", "tcp://192.168.0.7:4001" or {"usbSerial": "A1B2"}' })) });

/** @returns the address of each link's port. @throws DariError `portsFileInvalid`, naming what is missing, unknown or used twice */
export function readPortsFile(file: string, profile: RobotProfile): ReadonlyMap<string, string> {
  const parsed = schema.safeParse(parse(file));
  if (!parsed.success) throw invalid(file, firstMistake(parsed.error.issues, 'the file'), profile);
  const ports = new Map(Object.entries(parsed.data.links).map(([id, port]) => [id, addressOf(port)]));
  const known = profile.links.map((link) => link.id);
  for (const id of known) if (!ports.has(id)) throw invalid(file, `the link "${id}" has no port`, profile);
  for (const id of ports.keys()) if (!known.includes(id)) throw invalid(file, `the profile ${profile.id} has no link "${id}"`, profile);
  for (const [id, port] of ports) if (parsePortAddress(port) === null) throw invalid(file, `"${port}" is no port for the link "${id}"`, profile);
  const paths = [...ports.values()];
  const twice = paths.find((port, index) => paths.indexOf(port) !== index);
  if (twice !== undefined) throw invalid(file, `the port ${twice} is given to two links`, profile);
  return ports;
}

function addressOf(port: string | z.infer<typeof usbPort>): string {
  if (typeof port === 'string') return port;
  return formatPortAddress({ kind: 'usb', serialNumber: port.usbSerial, ...(port.interface === undefined ? {} : { interfaceNumber: port.interface }) });
}

function parse(file: string): unknown {
  let text: string;
  try {
    text = fs.readFileSync(file, 'utf8');
  } catch (error) {
    throw new DariError('portsFileInvalid', `The ports file ${file} cannot be read. Check the path given to --ports and its permissions.`, { cause: error });
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new DariError('portsFileInvalid', `The ports file ${file} is not valid JSON (${error instanceof Error ? error.message : String(error)}). Correct it and try again.`, { cause: error });
  }
}

function invalid(file: string, what: string, profile: RobotProfile): DariError {
  const example = JSON.stringify({ links: Object.fromEntries(profile.links.map((link, index) => [link.id, `/dev/ttyUSB${index}`])) });
  return new DariError('portsFileInvalid', `${file}: ${what}. It looks like this: ${example}. The ports of this machine: dari ports`);
}
