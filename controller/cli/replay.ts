/** `dari replay`: proves that a recorded session holds everything its decisions came from. */
import { DariError } from '../../protocols/errors.ts';
import { readSession } from '../recording/read-session.ts';
import { verifyReplay } from '../robot/verify-replay.ts';
import type { Command, CommandArguments } from './command.ts';

export const replayCommand: Command = {
  name: 'replay',
  summary: 'Re-runs the decisions of a recorded session from its inputs and compares them bit for bit.',
  usage: 'replay LOG --verify [--json]',
  options: [
    { name: 'verify', help: 'compare; the exit code is 1 when anything differs or is missing' },
    { name: 'json', help: 'one JSON line with the result' },
  ],
  positionals: 1,
  run: replayLog,
};

async function replayLog(args: CommandArguments): Promise<number> {
  const [log = ''] = args.positionals;
  if (!args.options.has('verify')) throw new DariError('usage', 'Say what to do with the log: dari replay LOG --verify.');
  const session = await readSession(log);
  const report = await verifyReplay(session);
  const { complete, corruptChunks, lostBytes } = session.condition;
  const verified = report.differences === 0 && report.missingCycles === 0 && corruptChunks === 0 && complete;
  if (args.options.has('json')) {
    process.stdout.write(`${JSON.stringify({ log, sessionId: session.header.sessionId, verified, ...report, complete, corruptChunks, lostBytes })}\n`);
    return verified ? 0 : 1;
  }
  const lines = [`${report.cycles} cycles re-run, ${report.differences} differences`];
  if (report.first !== null) lines.push(`First: ${report.first.field} in cycle ${report.first.cycle}: recorded ${report.first.recorded}, decided now ${report.first.replayed}`);
  if (report.missingCycles > 0) lines.push(`${report.missingCycles} cycles are missing from the log`);
  if (!complete || corruptChunks > 0) lines.push(`The file is not whole: ${corruptChunks} damaged chunks, ${lostBytes} bytes lost, ${complete ? 'sealed' : 'never sealed'}`);
  process.stdout.write(`${lines.join('\n')}\n`);
  return verified ? 0 : 1;
}
