/** `dari stop`: stops the robot, without login and lease, and says what was seen of it. */
import { apiErrorSchema } from '../../protocols/api.ts';
import { DariError, errorCatalogue, type ErrorCode } from '../../protocols/errors.ts';
import { stopSeenSchema, type StopSeen } from '../../protocols/messages.ts';
import { readLockNote } from '../station/folder-lock.ts';
import type { Command } from './command.ts';
import { openDataFolder } from './data-folder.ts';

/** The station's own patience with the robot process is shorter. */
const ANSWER_MS = 5_000;
const PRESS = 'Press the hardware emergency stop.';

export const stopCommand: Command = {
  name: 'stop',
  summary: 'Stops the robot of a running station: at once, for anybody. The stop stands until a person acknowledges it at the screen.',
  usage: 'stop [--url URL] [--data DIR] [--json]',
  options: [
    { name: 'url', value: 'URL', help: 'address of the station (the one that uses the data folder)' },
    { name: 'data', value: 'DIR', help: "data folder of the station (the user's)" },
    { name: 'json', help: 'one JSON line for programs' },
  ],
  positionals: 0,
  async run(args) {
    const url = args.options.get('url') ?? stationUrl(openDataFolder(args.options.get('data')));
    const seen = await requestStop(url);
    process.stdout.write(args.options.has('json') ? `${JSON.stringify(seen)}\n` : `${describe(seen)}\n`);
    return 0;
  },
};

function stationUrl(folder: string): string {
  const note = readLockNote(folder);
  if (note === null) throw new DariError('controllerFailed', `No station uses the data folder ${folder}, so nothing was stopped. Name the station with --url URL. If a robot moves: ${PRESS}`);
  return note.url;
}

/** @throws DariError with the station's reason, or `controllerFailed` when it cannot be reached */
async function requestStop(url: string): Promise<StopSeen> {
  let answer: Response;
  let body: unknown;
  try {
    answer = await fetch(new URL('/api/stop', url), { method: 'POST', signal: AbortSignal.timeout(ANSWER_MS) });
    body = await answer.json();
  } catch (error) {
    throw new DariError('controllerFailed', `The station at ${url} did not answer. ${PRESS}`, { cause: error });
  }
  const seen = stopSeenSchema.safeParse(body);
  if (answer.ok && seen.success) return seen.data;
  const refused = apiErrorSchema.safeParse(body);
  if (!refused.success) throw new DariError('controllerFailed', `What answered at ${url} is no station of Dari. ${PRESS}`);
  throw new DariError(Object.hasOwn(errorCatalogue, refused.data.code) ? (refused.data.code as ErrorCode) : 'controllerFailed', refused.data.message);
}

function describe({ robot, state, cause, afterMs }: StopSeen): string {
  const what = robot === 'standing' ? 'The robot is seen to stand, held by its drives' : 'The drives are seen to have let go';
  return `${what}, ${(afterMs / 1_000).toFixed(2)} s after the request (${state}, ${cause}). It stays so until a person acknowledges it at the screen.`;
}
