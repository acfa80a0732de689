/** `dari sim`: the virtual robot alone, for people who want to test a host of their own. */
import { runSimulator } from '../../sim/simulator.ts';
import { integerOption } from './arguments.ts';
import type { Command } from './command.ts';
import { programUrl } from './install.ts';
import { DEFAULT_PROFILE, loadProfile } from './profiles.ts';

export const simCommand: Command = {
  name: 'sim',
  summary: 'Runs the virtual robot on pseudo-terminals until it is stopped (Ctrl-C).',
  usage: 'sim [--profile P] [--link DIR] [--seed N] [--json]',
  options: [
    { name: 'profile', value: 'P', help: `robot profile, a name or a .json file (${DEFAULT_PROFILE})` },
    { name: 'link', value: 'DIR', help: 'also put a link to each port into this folder' },
    { name: 'seed', value: 'N', help: 'seed of sensor noise (1)' },
    { name: 'json', help: 'one JSON line with the ports' },
  ],
  positionals: 0,
  async run(args) {
    const { profile } = loadProfile(args.options.get('profile'));
    const linkDir = args.options.get('link');
    const simulator = await runSimulator({
      profile,
      ...(linkDir === undefined ? {} : { linkDir }),
      seed: integerOption(args, 'seed', 1),
      workerUrl: programUrl('sim-metronome'),
      onReady: (ports) => {
        if (args.options.has('json')) process.stdout.write(`${JSON.stringify({ ports })}\n`);
        else for (const port of ports) process.stdout.write(`${port.name}  ${port.path}  ${port.protocol}  ${port.baud} baud\n`);
      },
    });
    await stopSignal();
    await simulator.stop();
    return 0;
  },
};

function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve());
  });
}
