/** `dari ports`: which serial ports this machine has. */
import { listPorts } from '../../hal/ports.ts';
import type { Command } from './command.ts';

export const portsCommand: Command = {
  name: 'ports',
  summary: 'Lists the serial ports of this machine.',
  usage: 'ports [--json]',
  options: [{ name: 'json', help: 'one JSON line for programs' }],
  positionals: 0,
  async run(args) {
    const ports = await listPorts();
    if (args.options.has('json')) {
      process.stdout.write(`${JSON.stringify({ ports })}\n`);
      return 0;
    }
    if (ports.length === 0) process.stdout.write('No serial port found. Plug the adapter in, or try the simulator: dari start\n');
    for (const port of ports) process.stdout.write(`${[port.path, port.manufacturer, port.serialNumber].filter(Boolean).join('  ')}\n`);
    return 0;
  },
};
