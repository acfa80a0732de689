/**
 * A page without a screen, as a process of its own, so that it can be stopped, frozen and killed like a browser:
 * `node faults-page.js URL`. Lines of JSON on stdin are sent to the station; what the station says is printed, and
 * `{"type":"seen"}` whenever the telemetry shows another state. It answers challenges by itself, and after
 * `{"type":"press"}` holds the button of a hold-to-run motion until `{"type":"letGo"}`.
 */
import { createInterface } from 'node:readline';
import { WebSocket } from 'ws';
import { z } from 'zod/mini';
import { clientMessageSchema, serverMessageSchema, type ClientMessage } from '../../../../protocols/messages.ts';
import { causes, HOLD_RENEW_MS, supervisorStates, type Cause, type SupervisorState } from '../../../../protocols/supervision.ts';
import { decodeTelemetry } from '../../../../protocols/telemetry.ts';

const orderSchema = z.union([clientMessageSchema, z.strictObject({ type: z.literal('press'), epoch: z.number() }), z.strictObject({ type: z.literal('letGo'), epoch: z.number() })]);
export type PageOrder = z.infer<typeof orderSchema>;

export interface SeenByPage {
  readonly type: 'seen';
  readonly state: SupervisorState;
  readonly cause: Cause;
}

const url = process.argv[2] ?? '';
const socket = new WebSocket(`${url.replace('http', 'ws')}/ws`, { origin: url });
socket.binaryType = 'arraybuffer';
let channels: string[] = [];
let seen = '';
let leaseSequence = 0;
let holdSequence = 0;
let pressed: NodeJS.Timeout | undefined;

const print = (value: unknown): void => void process.stdout.write(`${JSON.stringify(value)}\n`);
const send = (message: ClientMessage): void => socket.send(JSON.stringify(message));

function showTelemetry(packet: ArrayBuffer): void {
  const values = decodeTelemetry(packet)?.values;
  const [state, cause] = [supervisorStates[values?.[channels.indexOf('state')] ?? -1], causes[values?.[channels.indexOf('cause')] ?? -1]];
  if (state === undefined || cause === undefined || seen === `${state} ${cause}`) return;
  seen = `${state} ${cause}`;
  print({ type: 'seen', state, cause } satisfies SeenByPage);
}

function take(text: string): void {
  const message = serverMessageSchema.parse(JSON.parse(text));
  if (message.type === 'welcome') channels = message.channels.map(({ name }) => name);
  if (message.type === 'challenge') send({ type: 'renewLease', epoch: message.epoch, sequence: ++leaseSequence, challenge: message.challenge });
  else print(message.type === 'welcome' ? { ...message, profile: null } : message);
}

function obey(order: PageOrder): void {
  if (order.type !== 'press' && order.type !== 'letGo') return send(order);
  clearInterval(pressed);
  if (order.type === 'letGo') return send({ type: 'endHold', epoch: order.epoch });
  const hold = (): void => send({ type: 'hold', epoch: order.epoch, sequence: ++holdSequence });
  pressed = setInterval(hold, HOLD_RENEW_MS);
  hold();
}

socket.on('message', (data: ArrayBuffer, isBinary: boolean) => (isBinary ? showTelemetry(data) : take(Buffer.from(data).toString('utf8'))));
socket.on('open', () => createInterface({ input: process.stdin }).on('line', (line) => obey(orderSchema.parse(JSON.parse(line)))).on('close', () => process.exit(0)));
socket.on('close', () => process.exit(0));
socket.on('error', () => process.exit(1));
