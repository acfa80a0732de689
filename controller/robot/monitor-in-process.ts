/** The independent monitor without a thread of its own: for virtual time, and for tools that move nobody. */
import { NO_ANSWER, type Guard } from '../../hal/guard.ts';
import type { MonitorInputs } from '../../protocols/joints.ts';
import type { RobotProfile } from '../../protocols/profile.ts';
import { Monitor } from '../safety/monitor.ts';

export class MonitorInProcess implements Guard {
  readonly #monitor: Monitor;
  #answered = 0;

  constructor(profile: RobotProfile) {
    this.#monitor = new Monitor(profile);
  }

  onBytes(link: number, chunk: Uint8Array, nowUs: number): void {
    this.#monitor.push(link, chunk, nowUs);
  }

  takeAnswer(nowUs: number): number {
    const answer = this.#monitor.answer(nowUs);
    if (this.#monitor.challenges === this.#answered) return NO_ANSWER;
    this.#answered = this.#monitor.challenges;
    return answer;
  }

  read(monitor: MonitorInputs, nowUs: number): void {
    this.#monitor.answer(nowUs);
    monitor.ageUs = 0;
    monitor.reason = this.#monitor.reason;
    monitor.joint = this.#monitor.joint;
  }

  async close(): Promise<void> {}
}
