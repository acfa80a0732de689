/** What is the same wherever a person is at the controls: of a robot process, or at a page of a station. */
import { systemClock, systemScheduler } from '../../../../hal/clock.ts';
import type { RobotProfile } from '../../../../protocols/profile.ts';
import type { OperatorCommand, SupervisorState } from '../../../../protocols/supervision.ts';
import { US_PER_MS } from '../../../../protocols/units.ts';
import { whatIsEnergised, type Truth } from './witness.ts';

const DISARM_LIMIT_MS = 20_000;
const RETRY_MS = 50;
const STAY_ATTEMPTS = 5;

export abstract class Place {
  abstract readonly profile: RobotProfile;
  /** As the person sees it. */
  abstract readonly state: SupervisorState;
  /** No drive is on, and who could switch one on is there to be asked. */
  abstract readonly disarmed: boolean;
  /** Self-test and way home are done. */
  abstract readonly prepared: boolean;

  /** The simulator's own word. */
  abstract truth(): Promise<Truth>;
  /** @returns whether the robot did it */
  abstract command(command: OperatorCommand): Promise<boolean>;
  /** Does what it takes, again and again. @returns whether the robot is there */
  abstract bringTo(state: 'ready' | 'armed' | 'running'): Promise<boolean>;
  abstract close(): Promise<void>;

  /** Whatever stopped it has been seen by a person, and no drive is on; it may be idle, to be prepared anew. @returns whether it is so */
  async disarm(): Promise<boolean> {
    const endUs = systemClock.nowUs() + DISARM_LIMIT_MS * US_PER_MS;
    while (!this.disarmed && systemClock.nowUs() < endUs) {
      await this.command(this.state === 'stopped' || this.state === 'emergency' ? 'acknowledge' : 'disarm');
      await pause(RETRY_MS);
    }
    return this.disarmed;
  }

  /** Brings the robot there and waits; a stall of this machine may have stopped it meanwhile. @returns whether it is there */
  async stayAt(state: 'armed' | 'running', ms: number): Promise<boolean> {
    for (let attempt = 0; attempt < STAY_ATTEMPTS; attempt++) {
      if (!(await this.bringTo(state))) return false;
      await pause(ms);
      if (this.state === state) return true;
    }
    return false;
  }

  /** What a case should not have left behind, in plain words. */
  async whatIsLeft(): Promise<readonly string[]> {
    return [...(this.disarmed ? [] : [`it ended ${this.state}`]), ...whatIsEnergised(this.profile, await this.truth()).map((drive) => `it ended with ${drive}`)];
  }
}

export const pause = (ms: number): Promise<void> => new Promise((resolve) => systemScheduler.after(ms, resolve));
