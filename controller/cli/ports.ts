/** `dari ports`: which serial ports this machine has, who answers there, and which of them is which link of a robot. */
import path from 'node:path';
import { systemScheduler } from '../../hal/clock.ts';
import { identifyPort } from '../../hal/discovery.ts';
import type { AddressHints, FoundDrive, PortAnswer } from '../../hal/identify/inquiry.ts';
import { listPorts, type PortInfo } from '../../hal/ports.ts';
import { addressHints, hasAddress, matchRobot, objectionTo, type AskedPort, type RobotMatch } from '../../hal/robot-match.ts';
import { transportAt } from '../../hal/transport/at-address.ts';
import { DariError } from '../../protocols/errors.ts';
import { parsePortAddress } from '../../protocols/port-address.ts';
import type { RobotProfile } from '../../protocols/profile.ts';
import { readPortsFile } from '../station/ports-file.ts';
import { integerOption } from './arguments.ts';
import type { Command, CommandArguments } from './command.ts';
import { loadProfile } from './profiles.ts';

interface ListedPort extends AskedPort {
  /** What is spoken there; null: nothing that Dari knows. */
  readonly device?: string | null;
  /** Why the port could not be asked. */
  readonly problem?: string;
}

export const portsCommand: Command = {
  name: 'ports',
  summary: 'Lists the serial ports of this machine. With --identify each one (or the ports named) is asked who is there; no motor moves.',
  usage: 'ports [PORT …] [--identify] [--baud N] [--profile P [--ports FILE]] [--json]',
  options: [
    { name: 'identify', help: 'ask at each port who is there; stop the station first' },
    { name: 'baud', value: 'N', help: 'ask at this speed only (those that such devices usually have)' },
    { name: 'profile', value: 'P', help: 'ask, and say which port is which link of this robot; prints a ports file' },
    { name: 'ports', value: 'FILE', help: 'with --profile: check this ports file instead' },
    { name: 'json', help: 'one JSON line for programs' },
  ],
  positionals: 0,
  async run(args) {
    const profile = args.options.has('profile') ? loadProfile(args.options.get('profile')).profile : null;
    const ports = await lookAround(args, profile);
    const file = args.options.get('ports');
    if (file !== undefined && profile === null) throw new DariError('usage', 'A ports file belongs to a robot. Name it with --profile P.');
    const match = profile === null ? null : matchRobot(profile, ports);
    const complaints = profile === null || file === undefined ? [] : checkFile(profile, readPortsFile(path.resolve(file), profile), ports);
    if (args.options.has('json')) process.stdout.write(`${JSON.stringify({ ports, ...(match === null ? {} : { match }), ...(file === undefined ? {} : { complaints }) })}\n`);
    else process.stdout.write(`${[...describePorts(ports), ...(match === null ? [] : file === undefined ? describeMatch(match) : describeCheck(file, complaints))].join('\n')}\n`);
    const wrong = ports.some((port) => port.problem !== undefined) || complaints.length > 0 || (match !== null && file === undefined && match.portsFile === null);
    return wrong ? 1 : 0;
  },
};

async function lookAround(args: CommandArguments, profile: RobotProfile | null): Promise<ListedPort[]> {
  const known = await listPorts();
  const named = args.positionals.map((address): PortInfo => known.find((port) => hasAddress(port, address)) ?? { path: address });
  const found = named.length > 0 ? named : known;
  if (!args.options.has('identify') && profile === null) return found;
  const baud = args.options.has('baud') ? integerOption(args, 'baud', 0, 1) : undefined;
  const hints: AddressHints = profile === null ? new Map() : addressHints(profile);
  // All at once: each port waits for its own answers.
  return Promise.all(found.map(async (port) => identify(port, baud, hints)));
}

async function identify(port: PortInfo, baud: number | undefined, hints: AddressHints): Promise<ListedPort> {
  // A converter has its speed set in itself, so it is asked once and for everything.
  const speed = parsePortAddress(port.path)?.kind === 'tcp' ? (baud ?? 0) : baud;
  try {
    const answer = await identifyPort((at) => transportAt(port.path, at)(), { scheduler: systemScheduler, hints, ...(speed === undefined ? {} : { baud: speed }) });
    return { ...port, answer, device: answer?.protocol ?? null };
  } catch (error) {
    if (error instanceof DariError) return { ...port, problem: String(error) };
    throw error;
  }
}

/** What of a ports file does not fit what answers. */
export function checkFile(profile: RobotProfile, file: ReadonlyMap<string, string>, ports: readonly AskedPort[]): string[] {
  return profile.links.flatMap((link) => {
    const address = file.get(link.id) ?? '';
    const port = ports.find((candidate) => hasAddress(candidate, address));
    if (port === undefined) return [`${link.id}: ${address} is not there. Plug the adapter in, or correct the file.`];
    if (port.answer === undefined || port.answer === null) return [`${link.id}: nobody answers at ${address}. Check the device's power and cable.`];
    const objection = objectionTo(port.answer, profile, link);
    return objection === null ? [] : [`${link.id}: ${address} is another device: ${objection}. Check which adapter is on which cable.`];
  });
}

function describePorts(ports: readonly ListedPort[]): string[] {
  return ports.length === 0 ? ['No serial port found. Plug the adapter in, or try the simulator: dari start'] : ports.flatMap(describePort);
}

function describePort(port: ListedPort): string[] {
  const { answer } = port;
  const who = port.problem ?? (answer === undefined ? undefined : answer === null ? 'nothing that Dari knows answers' : describeAnswer(answer));
  const head = [port.path, port.manufacturer, port.serialNumber, who].filter((part) => part !== undefined).join('  ');
  return [head, ...(answer?.drives ?? []).map(describeDrive)];
}

function describeAnswer({ protocol, baud, model, firmware, serialNumber, hub }: PortAnswer): string {
  const rest = [model, firmware, serialNumber, hub === undefined ? '' : `${hub.joints} joints, ${hub.footLoads} foot loads, calibration ${hub.calibration}`].filter((part) => part !== '');
  return [protocol, ...(baud === 0 ? [] : [`${baud} baud`]), ...rest].join('  ');
}

function describeDrive({ protocol, address, model, firmware, serialNumber }: FoundDrive): string {
  return `  ${[`address ${address}`, protocol, model, firmware, serialNumber].filter((part) => part !== '').join('  ')}`;
}

function describeMatch({ links, portsFile }: RobotMatch): string[] {
  const rows = links.flatMap(({ link, ports, remarks }) => [`${link}: ${ports.length === 0 ? 'no port fits' : ports.join(' or ')}`, ...remarks.map((remark) => `  ${remark}`)]);
  if (portsFile !== null) return ['', ...rows, '', 'Ports file, for --ports FILE:', JSON.stringify(portsFile)];
  const alike = links.filter(({ ports }) => ports.length > 1).map(({ link }) => link);
  const advice = alike.length === 0 ? 'Connect what is missing and ask again.' : `The devices of ${alike.join(' and ')} answer alike: unplug the one of ${alike[0] ?? ''} and ask again to see which it is.`;
  return ['', ...rows, '', `No ports file can be made yet. ${advice}`];
}

const describeCheck = (file: string, complaints: readonly string[]): string[] => ['', ...(complaints.length === 0 ? [`${file} fits.`] : complaints)];
