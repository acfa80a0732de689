/** The page's side of the connection: requests with answers, and what the worker reports. */
import type { ClientMessage } from '../../protocols/messages.ts';
import type { TelemetryFrame } from '../../protocols/telemetry.ts';
import type { FromWorker, PageMessage, ToWorker } from './worker-messages.ts';

export type Answer = { readonly ok: true; readonly epoch: number | null; readonly sessionId: string | null } | { readonly ok: false; readonly code: string; readonly message: string };

/** What the station says of its own accord. */
export type StationNews = Exclude<PageMessage, { type: 'done' | 'refused' }>;

export interface LinkEvents {
  onLink(up: boolean): void;
  onMessage(message: StationNews): void;
  onTelemetry(frame: TelemetryFrame, receivedMs: number, dropped: number): void;
  onRoundTrip(milliseconds: number): void;
  onMisunderstood(): void;
}

type Distribute<T> = T extends { requestId: number } ? Omit<T, 'requestId'> : never;
export type ClientRequest = Distribute<ClientMessage>;

export interface StationLink {
  /** Resolves with the station's answer; never rejects. Unanswered in time, or the link lost: refused. */
  request(request: ClientRequest): Promise<Answer>;
  /** Reports that the page is drawn and seen. */
  alive(): void;
  hidden(): void;
  setLease(epoch: number | null): void;
  /** A hold-to-run button is pressed: call every `HOLD_RENEW_MS`, with a sequence that grows over all presses. */
  hold(epoch: number, sequence: number): void;
  endHold(epoch: number): void;
}

const ANSWER_MS = 5_000;
/** The station reads a whole recording first, which for an hour of it may take so long. */
const PATIENT_MS: Partial<Record<ClientRequest['type'], number>> = { makeTrajectory: 60_000 };
export const NO_ANSWER = 'noAnswer';

export interface WorkerEnd {
  send(message: ToWorker): void;
  onMessage: (message: FromWorker) => void;
}

export function connectStation(worker: WorkerEnd, url: string, events: LinkEvents): StationLink {
  const waiting = new Map<number, (answer: Answer) => void>();
  let requestId = 0;
  let taken = 0;
  const settle = (id: number, answer: Answer): void => {
    waiting.get(id)?.(answer);
    waiting.delete(id);
  };
  const noAnswer: Answer = { ok: false, code: NO_ANSWER, message: '' };
  const onServer = (message: PageMessage): void => {
    if (message.type === 'done') settle(message.requestId, { ok: true, epoch: message.epoch ?? null, sessionId: message.sessionId ?? null });
    else if (message.type === 'refused') settle(message.requestId, { ok: false, code: message.code, message: message.message });
    else events.onMessage(message);
  };
  worker.onMessage = (message) => {
    switch (message.type) {
      case 'link':
        if (!message.up) for (const id of waiting.keys()) settle(id, noAnswer);
        events.onLink(message.up);
        break;
      case 'message':
        onServer(message.message);
        break;
      case 'telemetry':
        taken++;
        events.onTelemetry(message.frame, message.receivedMs, message.dropped);
        break;
      case 'roundTrip':
        events.onRoundTrip(message.milliseconds);
        break;
      case 'misunderstood':
        events.onMisunderstood();
        break;
    }
  };
  worker.send({ type: 'connect', url });
  return {
    request(request) {
      const id = ++requestId;
      return new Promise((resolve) => {
        waiting.set(id, resolve);
        setTimeout(() => settle(id, noAnswer), PATIENT_MS[request.type] ?? ANSWER_MS);
        worker.send({ type: 'send', message: { ...request, requestId: id } });
      });
    },
    alive: () => worker.send({ type: 'alive', taken }),
    hidden: () => worker.send({ type: 'hidden' }),
    setLease: (epoch) => worker.send({ type: 'lease', epoch }),
    hold: (epoch, sequence) => worker.send({ type: 'send', message: { type: 'hold', epoch, sequence } }),
    endHold: (epoch) => worker.send({ type: 'send', message: { type: 'endHold', epoch } }),
  };
}

export function startSocketWorker(): WorkerEnd {
  const worker = new Worker(new URL('./socket-worker.ts', import.meta.url), { type: 'module' });
  const end: WorkerEnd = {
    send: (message) => worker.postMessage(message, []),
    onMessage: () => undefined,
  };
  worker.addEventListener('message', (event: MessageEvent<FromWorker>) => end.onMessage(event.data));
  return end;
}
