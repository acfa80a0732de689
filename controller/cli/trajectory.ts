/** `dari trajectory`: what a therapist showed the robot in a recorded session, as a file that a session can replay. */
import { writeFileSync } from 'node:fs';
import { DariError } from '../../protocols/errors.ts';
import { ShownMovementReader } from '../metrics/shown-movement.ts';
import { readSession } from '../recording/read-session.ts';
import { assertTrajectoryFits } from '../robot/trajectory-fit.ts';
import { createLimits } from '../safety/limits.ts';
import type { Command, CommandArguments } from './command.ts';

export const trajectoryCommand: Command = {
  name: 'trajectory',
  summary:
    'Makes a trajectory of the movement that somebody showed the robot in a recorded session: of the strides, or of what the\n' +
    'arms repeated, in the transparent mode, the mean. Refuses what is no movement that repeats itself, and what robot or patient may not do.',
  usage: 'trajectory LOG --name NAME [--from SEC] [--to SEC] [--out FILE.json]',
  options: [
    { name: 'name', value: 'NAME', help: 'what it is called' },
    { name: 'from', value: 'SEC', help: 'seconds of the session from which on it was shown (0)' },
    { name: 'to', value: 'SEC', help: 'and until when (the end)' },
    { name: 'out', value: 'FILE', help: 'where it is written (standard output)' },
  ],
  positionals: 1,
  run: makeTrajectory,
};

async function makeTrajectory(args: CommandArguments): Promise<number> {
  const [log = ''] = args.positionals;
  const name = args.options.get('name');
  if (name === undefined || name === '' || name.length > 100) throw new DariError('usage', 'Give the trajectory a name of up to 100 letters: dari trajectory LOG --name NAME.');
  const session = await readSession(log);
  const { profile, setup } = session.header;
  const reader = new ShownMovementReader(profile, setup, { fromSec: secondsOption(args, 'from', 0), toSec: secondsOption(args, 'to', Infinity) });
  for await (const { rows, rowCount } of session.batches()) for (let i = 0; i < rowCount; i++) reader.row(rows, i * session.layout.width);
  const shown = reader.result(name);
  if (!shown.ok) throw new DariError('trajectoryInvalid', `${log} shows no movement to replay: ${shown.why}.`);
  assertTrajectoryFits(profile, shown.trajectory, createLimits(profile, setup), setup);
  const text = `${JSON.stringify(shown.trajectory, null, 2)}\n`;
  const out = args.options.get('out');
  if (out === undefined) process.stdout.write(text);
  else {
    writeFileSync(out, text);
    process.stdout.write(`${out}: "${name}", ${shown.trajectory.cycles} cycles of ${shown.trajectory.cycleSec.toFixed(2)} s\n`);
  }
  return 0;
}

/** @throws DariError `usage` */
function secondsOption(args: CommandArguments, name: string, fallback: number): number {
  const text = args.options.get(name);
  if (text === undefined) return fallback;
  const value = Number(text);
  if (text.trim() === '' || !(value >= 0)) throw new DariError('usage', `--${name} takes seconds from the beginning of the session, not "${text}".`);
  return value;
}
