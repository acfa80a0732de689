// Stands in for the robot process below the pipe contract, with a frame codec of its own. What it hears goes to the file
// named by the port of `leg-right`, one JSON message a line; the port of `leg-left` names what it does wrong.
import fs from 'node:fs';
import { Socket } from 'node:net';
import { parseArgs } from 'node:util';

const { values } = parseArgs({ options: { profile: { type: 'string' }, ports: { type: 'string' }, 'parent-fd': { type: 'string' }, simulated: { type: 'boolean' } } });
const { 'leg-left': fault, 'leg-right': journal } = JSON.parse(values.ports);
const pipe = new Socket({ fd: Number(values['parent-fd']), readable: true, writable: true });
const note = (message) => fs.appendFileSync(journal, `${JSON.stringify(message)}\n`);

function frame(kind, payload) {
  const head = Buffer.alloc(5);
  head.writeUInt32LE(payload.length);
  head[4] = kind;
  pipe.write(Buffer.concat([head, payload]));
}
const send = (message) => frame(0, Buffer.from(JSON.stringify(message)));
const state = (name) => send({ type: 'state', state: name, action: 'none', cause: 'none', readyBlocker: 'none' });

let session = null;
let holder = 0;
let challenge = 1000;
const answers = {
  takeLease: ({ epoch }) => {
    holder = epoch;
  },
  command: ({ command }) => {
    if (command === 'start' && fault === 'dies-on-start') process.kill(process.pid, 'SIGKILL');
    if (command === 'start' && fault === 'talks-nonsense-on-start') frame(0, Buffer.from('{"type":"nonsense"}'));
    if (command === 'start') state('running');
    if (command === 'prepare') state('selfTest');
    if (command === 'disarm') send({ type: 'event', event: { atUs: 1, kind: 'lease', subject: 'expired', oldValue: '1', newValue: '0' } });
  },
  parameters: () => {},
  stop: () => {
    state('stopped');
    return fault === 'stop-unseen' ? { code: 'stopUnconfirmed', message: 'Nobody saw the robot stop. Press the hardware emergency stop.' } : undefined;
  },
  openSession: (message) => {
    if (fault === 'refuses-sessions') return { code: 'setupInvalid', message: 'Too tall. Correct it.' };
    if (fault === 'dies-on-open') process.kill(process.pid, 'SIGKILL');
    session = message.sessionId;
    fs.writeFileSync(message.logPath, 'not really a recording');
    return undefined;
  },
  closeSession: () => {
    if (fault === 'cannot-seal') return { code: 'diskFull', message: 'The disk is full. Free some space.' };
    seal();
    return undefined;
  },
  shutdown: () => {
    seal();
    note({ type: 'ended', why: 'shutdown' });
    pipe.end(() => process.exit(0));
  },
};

function seal() {
  if (session !== null) send({ type: 'sessionClosed', sessionId: session, sha256: 'cd'.repeat(32), bytes: 22, cycles: 1 });
  session = null;
}

function hear(message) {
  note(message);
  if (message.type !== 'stop' && fault === 'deaf') return;
  const refused = answers[message.type]?.(message);
  if (message.requestId === undefined) return;
  const seen = message.type === 'stop' ? { seen: { robot: 'standing', state: 'stopped', cause: 'operatorStop', afterMs: 210 } } : {};
  send(refused === undefined ? { type: 'done', requestId: message.requestId, ...seen } : { type: 'refused', requestId: message.requestId, ...refused });
}

let pending = Buffer.alloc(0);
pipe.on('data', (chunk) => {
  pending = Buffer.concat([pending, chunk]);
  while (pending.length >= 5 && pending.length >= 5 + pending.readUInt32LE()) {
    const end = 5 + pending.readUInt32LE();
    const message = JSON.parse(pending.subarray(5, end).toString());
    pending = pending.subarray(end);
    hear(message);
  }
});
pipe.on('close', () => {
  note({ type: 'ended', why: 'pipe closed' });
  process.exit(0);
});
// What was being sent when the other side closed; its end comes next.
pipe.on('error', () => {});
process.on('SIGINT', () => {});

note({ type: 'started', pid: process.pid, simulated: values.simulated === true });
if (fault === 'never-starts') process.exit(3);
send({ type: 'hello', pid: process.pid });
state('connecting');
setTimeout(() => state('ready'), 20);
setInterval(() => holder > 0 && send({ type: 'challenge', epoch: holder, challenge: ++challenge }), 50);
setInterval(() => frame(1, Buffer.alloc(64, 7)), 16);
