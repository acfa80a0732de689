/**
 * Which port is which link of a robot: by who answers there, never by the port's name. Where two ports answer alike, as
 * the two legs of a robot whose drives tell nothing of themselves, only a person can tell them apart.
 */
import type { DriveProfile, LinkProtocol } from '../protocols/drive-profile.ts';
import { formatPortAddress } from '../protocols/port-address.ts';
import { hubChannelsOf, type LinkProfile, type RobotProfile } from '../protocols/profile.ts';
import { seatsOn } from './drives/seats.ts';
import type { AddressHints, FoundDrive, PortAnswer } from './identify/inquiry.ts';
import type { PortInfo } from './ports.ts';

export interface AskedPort extends PortInfo {
  /** Who answered; null: nobody that Dari knows; absent: not asked. */
  readonly answer?: PortAnswer | null;
}

export interface LinkMatch {
  readonly link: string;
  /** Ports that could be this link: one, none, or several that answer alike. */
  readonly ports: readonly string[];
  /** Why ports of the right kind are not it, or what is not sure. */
  readonly remarks: readonly string[];
}

/** As it stands in a ports file. */
export type PortEntry = string | { readonly usbSerial: string; readonly interface?: number };

export interface RobotMatch {
  readonly links: readonly LinkMatch[];
  /** The ports file; null unless each link has exactly one port. */
  readonly portsFile: { readonly links: Readonly<Record<string, PortEntry>> } | null;
}

/** Addresses that the profile expects, by what its links speak. */
export function addressHints(profile: RobotProfile): AddressHints {
  const hints = new Map<LinkProtocol, number[]>();
  for (const link of profile.links) hints.set(link.protocol, [...(hints.get(link.protocol) ?? []), ...drivesOn(profile, link).map((drive) => drive.address)]);
  return hints;
}

export function matchRobot(profile: RobotProfile, ports: readonly AskedPort[]): RobotMatch {
  const judged = profile.links.map((link) => judgeLink(profile, link, ports));
  settle(judged);
  const links = judged.map(({ link, candidates, remarks }): LinkMatch => ({ link, ports: candidates.map((port) => port.path), remarks }));
  if (judged.some(({ candidates }) => candidates.length !== 1)) return { links, portsFile: null };
  return { links, portsFile: { links: Object.fromEntries(judged.flatMap(({ link, candidates }) => candidates.map((port) => [link, entryOf(port, ports)]))) } };
}

/** The adapter's serial number where it has one, so that another name next time is no matter. */
export function entryOf(port: PortInfo, ports: readonly PortInfo[]): PortEntry {
  const { serialNumber, interfaceNumber } = port;
  if (serialNumber === undefined) return port.path;
  const twins = ports.filter((other) => other.serialNumber === serialNumber);
  if (twins.length === 1) return { usbSerial: serialNumber };
  const tellsApart = interfaceNumber !== undefined && twins.every((twin) => twin === port || twin.interfaceNumber !== interfaceNumber);
  return tellsApart ? { usbSerial: serialNumber, interface: interfaceNumber } : port.path;
}

/** Does a port answer to this address, as a ports file has it? */
export const hasAddress = (port: PortInfo, address: string): boolean =>
  port.path === address ||
  (port.serialNumber !== undefined &&
    [formatPortAddress({ kind: 'usb', serialNumber: port.serialNumber }), ...(port.interfaceNumber === undefined ? [] : [formatPortAddress({ kind: 'usb', serialNumber: port.serialNumber, interfaceNumber: port.interfaceNumber })])].includes(address));

const drivesOn = (profile: RobotProfile, link: LinkProfile): DriveProfile[] => seatsOn(profile, link.id).map(({ seat }) => seat.drive);

interface Judged {
  readonly link: string;
  candidates: AskedPort[];
  readonly remarks: string[];
}

function judgeLink(profile: RobotProfile, link: LinkProfile, ports: readonly AskedPort[]): Judged {
  const judged: Judged = { link: link.id, candidates: [], remarks: [] };
  for (const port of ports) {
    const { answer } = port;
    if (answer === undefined || answer === null || answer.protocol !== link.protocol) continue;
    const objection = objectionTo(answer, profile, link);
    if (objection !== null) judged.remarks.push(`${port.path}: ${objection}`);
    else judged.candidates.push(port);
    if (objection === null && link.protocol === 'slcan' && answer.drives.length === 0) judged.remarks.push(`${port.path}: no drive answers on its bus; they may have no power`);
  }
  return judged;
}

/** Why this answer is not from the link's devices; null: it may be. */
export function objectionTo(answer: PortAnswer, profile: RobotProfile, link: LinkProfile): string | null {
  if (answer.protocol !== link.protocol) return `speaks ${answer.protocol}, not ${link.protocol}`;
  if (link.id === profile.hub.link) return hubObjection(answer, profile);
  // Drives behind an adapter may be without power while it answers.
  if (link.protocol === 'slcan' && answer.drives.length === 0) return null;
  for (const drive of drivesOn(profile, link)) {
    const found = answer.drives.find((candidate) => candidate.address === drive.address && candidate.protocol === drive.protocol);
    if (found === undefined) return `no ${drive.protocol} drive has address ${drive.address}`;
    const difference = differenceOf(found, drive);
    if (difference !== null) return `the drive with address ${drive.address} ${difference}`;
  }
  return null;
}

function hubObjection({ hub }: PortAnswer, profile: RobotProfile): string | null {
  if (hub === undefined) return null;
  const joints = hubChannelsOf(profile);
  if (hub.joints === joints && hub.footLoads === profile.hub.footLoads) return null;
  return `the hub has ${hub.joints} joints and ${hub.footLoads} foot loads, the profile ${joints} and ${profile.hub.footLoads}`;
}

function differenceOf(found: FoundDrive, drive: DriveProfile): string | null {
  const differs = (what: string, has: number | undefined, wanted: number): string | null => (has === undefined || has === wanted ? null : `has ${what} ${has}, the profile says ${wanted}`);
  switch (drive.protocol) {
    case 'cia402':
      return differs('vendor', found.vendorId, drive.vendorId) ?? differs('product', found.productCode, drive.productCode);
    case 'epos4':
      return differs('product', found.productCode, drive.productCode);
    case 'dynamixel2':
    case 'moteus':
      return differs('model number', found.modelNumber, drive.modelNumber);
    case 'vesc':
      return found.model === drive.model ? null : `is a "${found.model}", the profile says "${drive.model}"`;
    case 'mit':
    case 'cubemars-v1':
    case 'cubemars-v3':
    case 'odrive-ascii':
    case 'unitree':
      return null;
    default:
      return drive satisfies never;
  }
}

/** A port that is the only one for a link is not another link's. */
function settle(judged: readonly Judged[]): void {
  for (let changed = true; changed; ) {
    changed = false;
    for (const { candidates: [only, ...others] } of judged) {
      if (only === undefined || others.length > 0) continue;
      for (const other of judged) {
        if (other.candidates.length < 2 || !other.candidates.includes(only)) continue;
        other.candidates = other.candidates.filter((port) => port !== only);
        changed = true;
      }
    }
  }
}
