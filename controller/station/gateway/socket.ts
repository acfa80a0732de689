/** The live channel: control messages as validated JSON, telemetry as binary packets. */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type RawData, type WebSocket } from 'ws';
import type { Clock } from '../../../hal/clock.ts';
import { DariError } from '../../../protocols/errors.ts';
import { clientMessageSchema, type ClientMessage, type ServerMessage } from '../../../protocols/messages.ts';
import { firstMistake } from '../issue-text.ts';
import { Client } from './client.ts';
import { isOwnOrigin } from './loopback.ts';
import { MessageAllowance } from './message-allowance.ts';

const MAX_MESSAGE_BYTES = 16 * 1024;
const MAX_CLIENTS = 64;
const WS_GOING_AWAY = 1001;
const WS_POLICY = 1008;

export interface SocketOptions {
  readonly server: Server;
  readonly clock: Clock;
  welcome(clientId: string): ServerMessage;
  /** @returns what to answer, or null when the message has no answer. Never rejects. */
  handle(clientId: string, message: ClientMessage): Promise<ServerMessage | null>;
  gone(clientId: string): void;
}

export interface SocketGateway {
  readonly clientCount: number;
  broadcast(message: ServerMessage): void;
  /** To one page, if it is still there. */
  send(clientId: string, message: ServerMessage): void;
  broadcastTelemetry(packet: Uint8Array): void;
  close(): void;
}

export function openSocketGateway(options: SocketOptions): SocketGateway {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_MESSAGE_BYTES, perMessageDeflate: false, clientTracking: false });
  const clients = new Map<Client, WebSocket>();
  const encoder = new TextEncoder();

  const onUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    const refusal = refuse(request, clients.size);
    if (refusal === null) sockets.handleUpgrade(request, socket, head, (accepted) => admit(accepted, options, clients));
    else answer(socket, refusal);
  };
  options.server.on('upgrade', onUpgrade);

  return {
    get clientCount() {
      return clients.size;
    },
    broadcast(message) {
      const text = encoder.encode(JSON.stringify(message));
      for (const client of clients.keys()) client.sendText(text);
    },
    send(clientId, message) {
      for (const client of clients.keys()) if (client.id === clientId) client.sendMessage(message);
    },
    broadcastTelemetry(packet) {
      const nowUs = options.clock.nowUs();
      for (const client of clients.keys()) client.sendTelemetry(packet, nowUs);
    },
    close() {
      options.server.off('upgrade', onUpgrade);
      for (const socket of clients.values()) {
        socket.close(WS_GOING_AWAY, 'the station stops');
        // A browser that is asleep would not answer the closing handshake; the rest of the goodbye is not worth waiting for.
        socket.terminate();
      }
      sockets.close();
    },
  };
}

interface Refusal {
  readonly status: string;
  readonly code: string;
  readonly message: string;
}

function refuse(request: IncomingMessage, clientCount: number): Refusal | null {
  if (request.url !== '/ws') return { status: '404 Not Found', code: 'notFound', message: 'The live channel is at /ws.' };
  if (!isOwnOrigin(request.headers.origin, request.headers.host))
    return { status: '403 Forbidden', code: 'originRefused', message: 'Only the page of this station may connect. Open the address that dari start printed.' };
  if (clientCount >= MAX_CLIENTS) return { status: '503 Service Unavailable', code: 'tooManyClients', message: `${MAX_CLIENTS} pages are connected already. Close some.` };
  return null;
}

function answer(socket: Duplex, refusal: Refusal): void {
  const body = JSON.stringify({ code: refusal.code, message: refusal.message });
  const head = [`HTTP/1.1 ${refusal.status}`, 'Connection: close', 'Content-Type: application/json; charset=utf-8', `Content-Length: ${Buffer.byteLength(body)}`];
  socket.on('error', () => socket.destroy());
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}

function admit(socket: WebSocket, options: SocketOptions, clients: Map<Client, WebSocket>): void {
  const client = new Client(randomUUID(), socket);
  const allowance = new MessageAllowance();
  clients.set(client, socket);
  socket.on('error', () => socket.terminate());
  socket.on('close', () => {
    clients.delete(client);
    options.gone(client.id);
  });
  socket.on('message', (data, isBinary) => {
    const read = readMessage(data, isBinary);
    // STOP is never rate-limited.
    if (read.type !== 'stop' && !allowance.take(options.clock.nowUs())) {
      socket.close(WS_POLICY, 'too many messages');
      return;
    }
    if (read.type === 'refused') client.sendMessage(read);
    else void options.handle(client.id, read).then((reply) => reply !== null && client.sendMessage(reply));
  });
  client.sendMessage(options.welcome(client.id));
}

type Refused = Extract<ServerMessage, { type: 'refused' }>;

function readMessage(data: RawData, isBinary: boolean): ClientMessage | Refused {
  if (isBinary) return invalid(undefined, 'binary messages are not understood');
  let value: unknown;
  try {
    value = JSON.parse((data as Buffer).toString('utf8'));
  } catch {
    return invalid(undefined, 'it is not JSON');
  }
  const parsed = clientMessageSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  return invalid(value, firstMistake(parsed.error.issues, 'message'));
}

/** Answers to the request's id when it had one, else to 0, which no request uses. */
function invalid(value: unknown, why: string): Refused {
  const id = typeof value === 'object' && value !== null && 'requestId' in value ? value.requestId : 0;
  const requestId = typeof id === 'number' && Number.isSafeInteger(id) && id >= 0 ? id : 0;
  const error = new DariError('messageInvalid', `The message was not understood (${why}). Reload the page; if that does not help, page and station are of different versions.`);
  return { type: 'refused', requestId, code: error.code, message: error.message };
}
