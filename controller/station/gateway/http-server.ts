/** The listening socket, taken before anything else is started, so that a second station notices at once. */
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DariError } from '../../../protocols/errors.ts';

const LOOPBACK = '127.0.0.1';
const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 30_000;

export interface HttpServer {
  readonly server: Server;
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  /** Until the first call, every request is answered with 503. */
  serve(listener: RequestListener): void;
  close(): Promise<void>;
}

/** @param port 0 = any free one. @throws DariError `addressInUse` */
export async function listen(port: number): Promise<HttpServer> {
  let listener: RequestListener = (_request, response) => {
    response.writeHead(503, { 'Content-Type': 'application/json; charset=utf-8', 'Cache-Control': 'no-store', 'Retry-After': '1' });
    response.end(JSON.stringify({ code: 'starting', message: 'Dari is starting. Try again in a moment.' }));
  };
  const server = createServer({ headersTimeout: HEADERS_TIMEOUT_MS, requestTimeout: REQUEST_TIMEOUT_MS }, (request, response) => listener(request, response));
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(describeFailure(error, port)));
    server.listen(port, LOOPBACK, resolve);
  });
  return {
    server,
    url: `http://${LOOPBACK}:${(server.address() as AddressInfo).port}`,
    serve(next) {
      listener = next;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function describeFailure(error: NodeJS.ErrnoException, port: number): DariError {
  if (error.code === 'EADDRINUSE')
    return new DariError('addressInUse', `Port ${port} is in use, perhaps by another Dari at http://${LOOPBACK}:${port}. Use that one, stop it first, or choose another port with --port N (0 = any free one).`, { cause: error });
  if (error.code === 'EACCES') return new DariError('addressInUse', `Port ${port} needs special rights. Choose one above 1023 with --port N (0 = any free one).`, { cause: error });
  return new DariError('addressInUse', `Port ${port} cannot be used (${error.message}). Choose another one with --port N (0 = any free one).`, { cause: error });
}
