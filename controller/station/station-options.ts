/** What a station is told by the composition root: the only place that knows real from simulated. */
import type { Clock, Scheduler } from '../../hal/clock.ts';
import type { RobotProfile } from '../../protocols/profile.ts';
import type { Log } from './log.ts';

export interface StationOptions {
  readonly version: string;
  readonly profile: RobotProfile;
  readonly profilePath: string;
  /** Exists and is private; holds `sessions/`. */
  readonly dataFolder: string;
  readonly pageFolder: string;
  /** 0 = any free one. */
  readonly port: number;
  readonly robotProgram: string;
  /** Where every byte of every link is written down; exists. */
  readonly bytesFolder?: string;
  readonly robot: { readonly kind: 'ports'; readonly ports: ReadonlyMap<string, string> } | { readonly kind: 'simulator'; readonly program: string; readonly seed: number; readonly patientPath?: string | undefined };
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly log: Log;
  now(): Date;
  /** A link's trouble, for the person who started the station. */
  onNotice(code: string, message: string): void;
}
