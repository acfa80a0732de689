/** Answers what the station asks: one `done` or `refused` per request, whatever happens. */
import { DariError } from '../../protocols/errors.ts';
import type { FromController, LoopStats, ToController } from '../../protocols/messages.ts';
import type { ControlLoop } from './control-loop.ts';
import type { SessionKeeper } from './session-keeper.ts';

export interface RequestTools {
  readonly loop: ControlLoop;
  readonly sessions: SessionKeeper;
  readonly nowUs: () => number;
  readonly send: (message: FromController) => void;
  readonly stats: () => LoopStats;
  readonly shutdown: () => void;
}

export async function handleRequest(request: ToController, tools: RequestTools): Promise<void> {
  try {
    await act(request, tools);
    if ('requestId' in request && request.type !== 'stats') tools.send({ type: 'done', requestId: request.requestId });
  } catch (error) {
    if (!(error instanceof DariError)) throw error;
    if ('requestId' in request) tools.send({ type: 'refused', requestId: request.requestId, code: error.code, message: error.message });
  }
}

async function act(request: ToController, tools: RequestTools): Promise<void> {
  const { loop, sessions, send } = tools;
  const { operator } = loop;
  const nowUs = tools.nowUs();
  switch (request.type) {
    case 'lease':
      operator.renewLease(request.epoch, request.sequence, nowUs);
      return;
    case 'takeLease':
      operator.takeLease(request.epoch, nowUs);
      return;
    case 'releaseLease':
      operator.releaseLease(request.epoch, nowUs);
      return;
    case 'command':
      operator.command(request.epoch, request.command, request.actor, nowUs);
      return;
    case 'stop':
      operator.stop(request.actor, nowUs);
      return;
    case 'parameters':
      operator.setParameters(request, nowUs);
      return;
    case 'openSession':
      await sessions.open(request);
      return;
    case 'closeSession':
      send({ type: 'sessionClosed', ...(await sessions.close()) });
      return;
    case 'shutdown':
      tools.shutdown();
      return;
    case 'stats':
      send({ type: 'stats', requestId: request.requestId, stats: tools.stats() });
  }
}
