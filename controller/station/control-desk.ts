/** What each message of a browser does. Every request is answered: done, or refused with the reason. */
import type { WalkEntry } from '../../protocols/entered-walk.ts';
import { DariError } from '../../protocols/errors.ts';
import type { ClientMessage, ServerMessage, StopSeen, ToController, VirtualButton } from '../../protocols/messages.ts';
import type { ControllerRequest } from './children/controller-link.ts';
import type { LeaseKeeper } from './lease-keeper.ts';
import type { Log } from './log.ts';
import type { SessionService } from './session-service.ts';

export interface DeskContext {
  readonly lease: Pick<LeaseKeeper, 'take' | 'renew' | 'hold' | 'endHold' | 'require' | 'release'>;
  readonly sessions: Pick<SessionService, 'open' | 'close'>;
  readonly controller: { request(message: ControllerRequest): Promise<void>; stopRobot(actor: string): Promise<StopSeen>; send(message: ToController): void };
  /** @throws DariError when the hardware is real */
  readonly pressVirtual: (button: VirtualButton, pressed: boolean) => void;
  /** Puts a simulated patient into a virtual robot, or takes him out; nothing happens at a real one. */
  readonly seatVirtual: (inside: boolean) => void;
  /** @throws DariError `sessionUnknown`, `logUnreadable`, `trajectoryInvalid` */
  readonly makeTrajectory: (sessionId: string, name: string) => Promise<void>;
  /** @throws DariError `patientUnknown`, `entryInvalid` */
  readonly enterWalk: (patientId: string, entry: WalkEntry, actor: string) => Promise<void>;
  /** Of a game: where its targets appear. */
  readonly newSeed: () => number;
  readonly log: Log;
}

type Request = Extract<ClientMessage, { requestId: number }>;
type Result = { epoch?: number; sessionId?: string; seen?: StopSeen };

/** @returns the answer, or null for a message without one. Never rejects. */
export async function handleClientMessage(context: DeskContext, clientId: string, message: ClientMessage): Promise<ServerMessage | null> {
  if (message.type === 'ping') return { type: 'pong', sentMs: message.sentMs };
  if (!('requestId' in message)) {
    notice(context.lease, clientId, message);
    return null;
  }
  try {
    return { type: 'done', requestId: message.requestId, ...(await perform(context, clientId, message)) };
  } catch (error) {
    return refusal(context.log, message.requestId, error);
  }
}

/** Signs of life: what they are not worth is told by the silence that follows. */
function notice(lease: DeskContext['lease'], clientId: string, message: Exclude<ClientMessage, Request | { type: 'ping' }>): void {
  if (message.type === 'renewLease') lease.renew(clientId, message.epoch, message.sequence, message.challenge);
  else if (message.type === 'hold') lease.hold(clientId, message.epoch, message.sequence);
  else lease.endHold(clientId, message.epoch);
}

async function perform(context: DeskContext, clientId: string, message: Request): Promise<Result> {
  const { lease, sessions, controller } = context;
  // From anybody, before anything is looked at.
  if (message.type === 'stop' || (message.type === 'command' && message.command === 'stop')) return { seen: await controller.stopRobot(clientId) };
  // As a hand in the room: whoever is there.
  if (message.type === 'virtualHardware') {
    context.pressVirtual(message.button, message.pressed);
    return {};
  }
  if (message.type === 'takeLease') return { epoch: await lease.take(clientId, message.takeOver) };
  if (message.type === 'releaseLease') {
    lease.release(clientId, message.epoch);
    return {};
  }
  if (message.type === 'enterWalk') {
    await context.enterWalk(message.patientId, message.entry, clientId);
    return {};
  }
  lease.require(clientId, message.epoch);
  if (message.type === 'openSession') {
    const sessionId = await sessions.open({ patientId: message.patientId, permittedRangeRad: message.permittedRangeRad, confirmed: message.confirmed, plan: message.plan, epoch: message.epoch, actor: clientId });
    context.seatVirtual(true);
    return { sessionId };
  }
  if (message.type === 'moveLift') {
    await controller.request({ type: 'moveLift', epoch: message.epoch, actor: clientId, heightM: message.heightM });
    return {};
  }
  if (message.type === 'makeTrajectory') {
    await context.makeTrajectory(message.sessionId, message.name);
    return {};
  }
  if (message.type === 'playGame') {
    await controller.request({ type: 'playGame', epoch: message.epoch, targets: message.targets, seed: context.newSeed() });
    return {};
  }
  if (message.type === 'closeSession') return { sessionId: await sessions.close(message.note) };
  if (message.type === 'command' && message.command === 'prepare') context.seatVirtual(false);
  if (message.type === 'command') await controller.request({ type: 'command', epoch: message.epoch, actor: clientId, command: message.command, ...(message.empty === undefined ? {} : { empty: message.empty }) });
  else await controller.request({ type: 'parameters', epoch: message.epoch, actor: clientId, parameters: message.parameters, ...(message.reason === undefined ? {} : { reason: message.reason }) });
  return {};
}

function refusal(log: Log, requestId: number, error: unknown): ServerMessage {
  if (error instanceof DariError) return { type: 'refused', requestId, code: error.code, message: error.message };
  log.error({ error: error instanceof Error ? error.stack : String(error) }, 'a request failed');
  return { type: 'refused', requestId, code: 'internal', message: 'The station could not do this. See its log, and try again.' };
}
