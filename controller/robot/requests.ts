/** Answers what the station asks: one `done` or `refused` per request, whatever happens. */
import { filter, firstValueFrom, map } from 'rxjs';
import { DariError } from '../../protocols/errors.ts';
import type { FromController, LoopStats, StopSeen, ToController } from '../../protocols/messages.ts';
import type { RobotProfile } from '../../protocols/profile.ts';
import type { OperatorCommand } from '../../protocols/supervision.ts';
import { whyNoEffect } from './command-effect.ts';
import type { ControlLoop } from './control-loop.ts';
import { observeStop } from './observed-stop.ts';
import type { SessionKeeper } from './session-keeper.ts';

export interface RequestTools {
  readonly profile: RobotProfile;
  readonly loop: ControlLoop;
  readonly sessions: SessionKeeper;
  readonly nowUs: () => number;
  readonly send: (message: FromController) => void;
  readonly stats: (startOver: boolean) => LoopStats;
  readonly shutdown: () => void;
}

type StopRequest = Extract<ToController, { type: 'stop' }>;

export async function handleRequest(request: ToController, tools: RequestTools): Promise<void> {
  try {
    if (request.type === 'stop') tools.send({ type: 'done', requestId: request.requestId, seen: await stop(request, tools) });
    else {
      await act(request, tools);
      if ('requestId' in request && request.type !== 'stats') tools.send({ type: 'done', requestId: request.requestId });
    }
  } catch (error) {
    if (!(error instanceof DariError)) throw error;
    if ('requestId' in request) tools.send({ type: 'refused', requestId: request.requestId, code: error.code, message: error.message });
  }
}

function stop(request: StopRequest, { loop, profile, nowUs }: RequestTools): Promise<StopSeen> {
  loop.operator.stop(request.actor, nowUs());
  return observeStop(loop, profile);
}

async function act(request: Exclude<ToController, StopRequest>, tools: RequestTools): Promise<void> {
  const { loop, sessions, send } = tools;
  const { operator } = loop;
  const nowUs = tools.nowUs();
  switch (request.type) {
    case 'lease':
      operator.renewLease(request.epoch, request.sequence, request.challenge, nowUs);
      return;
    case 'hold':
      operator.hold(request.epoch, request.sequence, nowUs);
      return;
    case 'endHold':
      operator.endHold(request.epoch);
      return;
    case 'takeLease':
      operator.takeLease(request.epoch, nowUs);
      return;
    case 'releaseLease':
      operator.releaseLease(request.epoch, nowUs);
      return;
    case 'command':
      if (request.command === 'prepare' && request.empty !== true) throw new DariError('notPermittedNow', 'The self-test moves the robot. Look that nobody is in it, say so, then begin.');
      await confirm(request.command, operator.command(request.epoch, request.command, request.actor, nowUs), loop);
      return;
    case 'parameters':
      operator.setParameters(request, nowUs);
      return;
    case 'openSession':
      await sessions.open(request);
      return;
    case 'moveLift':
      operator.moveLift(request.epoch, request.heightM, request.actor, nowUs);
      return;
    case 'playGame':
      operator.requireLease(request.epoch, nowUs);
      loop.playGame(request);
      return;
    case 'closeSession':
      send({ type: 'sessionClosed', ...(await sessions.close()) });
      return;
    case 'shutdown':
      tools.shutdown();
      return;
    case 'stats':
      send({ type: 'stats', requestId: request.requestId, stats: tools.stats(request.startOver) });
  }
}

/** @throws DariError `notPermittedNow` when the robot did not follow */
async function confirm(command: OperatorCommand, sequence: number, loop: ControlLoop): Promise<void> {
  const why = await firstValueFrom(
    loop.cycle$.pipe(
      filter(({ intent }) => intent.commandSequence >= sequence || !intent.sessionOpen),
      map(({ output }) => whyNoEffect(command, output)),
    ),
  );
  if (why !== null) throw new DariError('notPermittedNow', why);
}
