/** This machine's own stalls, as this process and the simulator feel them: not what the robot process makes of a fault. */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { RobotProfile } from '../../../../protocols/profile.ts';
import type { Witness } from './witness.ts';

const LOOK_MS = 2;
const NS_PER_MS = 1e6;

/** A stall that stops a robot by itself: inputs too old, or the loop too late. */
export const stopsRobotMs = ({ watchdogs, controlRateHz }: RobotProfile): number => Math.min(watchdogs.inputMaxAgeMs, (watchdogs.overrunPeriods * 1_000) / controlRateHz);

export class StallMeter {
  readonly #delay = monitorEventLoopDelay({ resolution: LOOK_MS });

  constructor() {
    this.#delay.enable();
  }

  /** @returns the worst since the last call of either, ms */
  async worstMs(witness: Witness): Promise<number> {
    const ownMs = this.ownMs();
    return Math.max(await witness.simulatorStallMs(), ownMs);
  }

  /** As this process alone has felt it. */
  ownMs(): number {
    const ownMs = Math.max(0, this.#delay.max / NS_PER_MS - LOOK_MS);
    this.#delay.reset();
    return ownMs;
  }

  end(): void {
    this.#delay.disable();
  }
}
