/**
 * ByteTransport: two byte ends, from a factory, single-use.
 *
 * - `open` resolves when bytes may flow and rejects with a DariError that says what to do; a transport is never
 *   reopened: after `onClosed` make a new one.
 * - Bytes that were queued in the device before opening are flushed, not delivered.
 * - `onOpen` comes once, when bytes may flow, just before `open` resolves; never when it rejects.
 * - `onBytes` gets each chunk once, in order, valid only during the call; never before `onOpen`, never after
 *   `onClosed`.
 * - `write` never blocks and never throws: it copies nothing larger than its queue allows and returns false (nothing
 *   taken) when the queue is full or the port is gone. The caller counts it.
 * - `onClosed` comes exactly once after `onOpen`, whoever closed, whatever failed. A lost port may be noticed only at
 *   the next write (a hung-up terminal reads as empty), so who only listens must write now and then. Do not trust it
 *   alone: behind a relay a dead far end is invisible, so frame age decides.
 * - `close` resolves when the port is free for others.
 */
import type { DariError } from '../../protocols/errors.ts';

export interface TransportHandlers {
  onOpen(): void;
  onBytes(chunk: Uint8Array): void;
  onClosed(cause: DariError | 'closedByUs'): void;
}

export interface ByteTransport {
  /** For messages: a path, an address. */
  readonly name: string;
  /** @throws DariError `portNotFound`, `portBusy`, `portPermission`, `portFailed` */
  open(handlers: TransportHandlers): Promise<void>;
  write(bytes: Uint8Array): boolean;
  close(): Promise<void>;
}

/** What one `write` takes at most: several cycles of any link, far below any kernel buffer. */
export const TRANSPORT_WRITE_MAX_BYTES = 1_024;

/** Makes a fresh transport for each attempt to connect. */
export type TransportFactory = () => ByteTransport;
