/** What passes between the page and the worker that holds its connection. */
import type { ClientMessage, ServerMessage } from '../../protocols/messages.ts';
import type { TelemetryFrame } from '../../protocols/telemetry.ts';

export type ToWorker =
  | { readonly type: 'connect'; readonly url: string }
  /** The page is being drawn and seen; it has taken so many telemetry frames since it began. */
  | { readonly type: 'alive'; readonly taken: number }
  | { readonly type: 'hidden' }
  /** The lease to keep, or null. */
  | { readonly type: 'lease'; readonly epoch: number | null }
  | { readonly type: 'send'; readonly message: ClientMessage };

/** What is for the page; the rest is dealt with by the worker itself. */
export type PageMessage = Exclude<ServerMessage, { type: 'pong' | 'challenge' }>;

export type FromWorker =
  | { readonly type: 'link'; readonly up: boolean }
  | { readonly type: 'message'; readonly message: PageMessage }
  /** `dropped`: frames not handed over, because the page did not keep up. */
  | { readonly type: 'telemetry'; readonly frame: TelemetryFrame; readonly receivedMs: number; readonly dropped: number }
  | { readonly type: 'roundTrip'; readonly milliseconds: number }
  /** The station sent something that this page does not understand. */
  | { readonly type: 'misunderstood' };

/** One time line for page and worker, milliseconds. */
export const sharedClockMs = (): number => performance.timeOrigin + performance.now();
