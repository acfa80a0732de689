/**
 * Loaded into a process before its own program (`--import`), so that the program needs no hook for it: at SIGUSR2 the
 * event loop stands still, and the wall clock is wrong, as the file says that the address of this module names.
 */
import { readFileSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';

export interface MischiefOrders {
  readonly blockMs?: number;
  readonly shiftMs?: number;
}

const file = new URL(import.meta.url).searchParams.get('orders') ?? '';

/** Read anew each time: a change reaches all threads of all processes at once. */
function orders(): MischiefOrders {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as MischiefOrders;
  } catch {
    return {};
  }
}

const RealDate = Date;
const shiftedMs = (): number => RealDate.now() + (orders().shiftMs ?? 0);

globalThis.Date = new Proxy(RealDate, {
  get: (target, key) => (key === 'now' ? shiftedMs : (Reflect.get(target, key) as unknown)),
  construct: (target, given: unknown[], self) => Reflect.construct(target, given.length === 0 ? [shiftedMs()] : given, self) as object,
  apply: () => new RealDate(shiftedMs()).toString(),
});

// A signal reaches the main thread only, whose event loop is the one that matters.
if (isMainThread) process.on('SIGUSR2', () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, orders().blockMs ?? 0));
