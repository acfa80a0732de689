/** The worker's thin shell: real sockets, real timers. A worker's timers run on while the page is busy drawing. */
import { BEAT_MS, StationSocket } from './station-socket.ts';
import { sharedClockMs, type FromWorker, type ToWorker } from './worker-messages.ts';

interface WorkerScope {
  postMessage(message: FromWorker, transfer?: Transferable[]): void;
  addEventListener(type: 'message', listener: (event: MessageEvent<ToWorker>) => void): void;
}
const scope = self as unknown as WorkerScope;

const socket = new StationSocket({
  open: (url, events) => {
    const webSocket = new WebSocket(url);
    webSocket.binaryType = 'arraybuffer';
    webSocket.addEventListener('open', () => events.onOpen());
    webSocket.addEventListener('close', () => events.onClose());
    webSocket.addEventListener('message', (event: MessageEvent<unknown>) => {
      if (typeof event.data === 'string') events.onText(event.data);
      else if (event.data instanceof ArrayBuffer) events.onBytes(event.data);
    });
    return webSocket;
  },
  nowMs: sharedClockMs,
  after: (delayMs, then) => {
    setTimeout(then, delayMs);
  },
  post: (message, transfer) => scope.postMessage(message, transfer === undefined ? [] : [transfer]),
});

scope.addEventListener('message', (event) => socket.take(event.data));
setInterval(() => socket.beat(), BEAT_MS);
