/** `dari ports`: which serial ports this machine has and, when asked, who answers there. */
import { identifyPort, type DeviceKind } from '../../hal/discovery.ts';
import { listPorts, type PortInfo } from '../../hal/ports.ts';
import { DariError } from '../../protocols/errors.ts';
import { integerOption } from './arguments.ts';
import type { Command } from './command.ts';

const DEFAULT_BAUD = 921_600;

interface ListedPort extends PortInfo {
  /** What answered; null: nothing that Dari knows. */
  readonly device?: DeviceKind | null;
  /** Why the port could not be asked. */
  readonly problem?: string;
}

export const portsCommand: Command = {
  name: 'ports',
  summary: 'Lists the serial ports of this machine. With --identify each one (or the ports named) is asked who is there; no motor moves.',
  usage: 'ports [PORT …] [--identify] [--baud N] [--json]',
  options: [
    { name: 'identify', help: 'ask at each port who is there; stop the station first' },
    { name: 'baud', value: 'N', help: `speed to ask at (${DEFAULT_BAUD})` },
    { name: 'json', help: 'one JSON line for programs' },
  ],
  positionals: 0,
  async run(args) {
    const found = args.positionals.length > 0 ? args.positionals.map((path) => ({ path })) : await listPorts();
    const baud = integerOption(args, 'baud', DEFAULT_BAUD, 1);
    const ports: ListedPort[] = [];
    for (const port of found) ports.push(args.options.has('identify') ? await identify(port, baud) : port);
    if (args.options.has('json')) process.stdout.write(`${JSON.stringify({ ports })}\n`);
    else if (ports.length === 0) process.stdout.write('No serial port found. Plug the adapter in, or try the simulator: dari start\n');
    else for (const port of ports) process.stdout.write(`${describePort(port)}\n`);
    return ports.some((port) => port.problem !== undefined) ? 1 : 0;
  },
};

async function identify(port: PortInfo, baud: number): Promise<ListedPort> {
  try {
    return { ...port, device: await identifyPort(port.path, baud) };
  } catch (error) {
    if (error instanceof DariError) return { ...port, problem: String(error) };
    throw error;
  }
}

function describePort(port: ListedPort): string {
  const who = port.problem ?? (port.device === undefined ? undefined : (port.device ?? 'nothing that Dari knows answers'));
  return [port.path, port.manufacturer, port.serialNumber, who].filter((part) => part !== undefined).join('  ');
}
