/** What the loop's thread and the recorder's thread say to each other; cycles go through the ring instead. */
import type { ErrorCode } from '../../protocols/errors.ts';
import type { SessionEvent } from '../../protocols/session-log.ts';
import type { SealedSession } from '../recording/session-file.ts';
import type { SessionHeader } from '../recording/session-header.ts';
import type { CycleRingMemory } from './cycle-ring.ts';

export interface RecorderSetup {
  readonly ring: CycleRingMemory;
}

export type ToRecorder =
  /** Makes the file; answered with `opened` or `refused`. */
  | { readonly type: 'open'; readonly path: string; readonly header: SessionHeader }
  /** Rows are the session's from this ring index on. */
  | { readonly type: 'begin'; readonly fromIndex: number }
  | { readonly type: 'event'; readonly event: SessionEvent }
  /** Rows before this ring index still belong to it; answered with `sealed` or `refused`. */
  | { readonly type: 'close'; readonly toIndex: number }
  /** The session never began: its file goes away. */
  | { readonly type: 'discard' };

/** Ends the thread, after everything before it. */
export const END_RECORDER = 'end';

export type FromRecorder =
  | { readonly type: 'opened' }
  | { readonly type: 'sealed'; readonly sealed: SealedSession }
  | { readonly type: 'refused'; readonly code: ErrorCode; readonly message: string }
  /** While recording: nothing more is written to this file. */
  | { readonly type: 'failed'; readonly code: ErrorCode; readonly message: string }
  /** Rows that came too fast to be recorded, in total. */
  | { readonly type: 'rowsLost'; readonly total: number };
