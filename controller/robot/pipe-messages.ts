/** What the loop's thread and the pipe's thread say to each other. */
import type { FromController, ToController } from '../../protocols/messages.ts';
import type { RobotProfile } from '../../protocols/profile.ts';
import type { SessionSetup } from '../../protocols/supervision.ts';
import type { CycleRingMemory } from './cycle-ring.ts';

export interface PipeSetup {
  readonly fd: number;
  readonly profile: RobotProfile;
  readonly ring: CycleRingMemory;
}

export type ToPipe =
  | { readonly type: 'send'; readonly message: FromController }
  /** A session began; null: it is over. */
  | { readonly type: 'session'; readonly setup: SessionSetup | null }
  /** Sends what is waiting, closes the pipe and ends the thread. */
  | { readonly type: 'end' };

export type FromPipe =
  | { readonly type: 'received'; readonly message: ToController }
  /** The station is gone. */
  | { readonly type: 'closed'; readonly reason: string };
