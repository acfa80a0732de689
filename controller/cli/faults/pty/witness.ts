/** What is true of the robot: the simulator's own word on its control line, never what the controller measured. */
import { z } from 'zod/mini';
import type { RobotProfile } from '../../../../protocols/profile.ts';
import { US_PER_MS } from '../../../../protocols/units.ts';
import type { Judge } from './judge.ts';

/** The simulator's answer to `{"stats":true}`, as far as judges need it. */
const simulatorAnswer = z.object({
  stats: z.object({
    lagUs: z.object({ newMax: z.number() }),
    truth: z.object({
      nowUs: z.number(),
      joints: z.array(z.object({ positionRad: z.number(), velocityRadPerSec: z.number(), energised: z.boolean(), lastTorqueUs: z.number() })),
      pulledUs: z.record(z.string(), z.number()),
    }),
  }),
});
type SimulatorStats = z.infer<typeof simulatorAnswer>['stats'];
export type Truth = SimulatorStats['truth'];

/** A physics step, and one of the line. */
export const STEP_MS = 1.25;

export class Witness {
  #lagUs = 0;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(private readonly simulator: { control(order: object): void; simulatorLine(): Promise<unknown> }) {}

  async truth(): Promise<Truth> {
    return (await this.#ask()).truth;
  }

  /** The simulator's worst delay since the last call. */
  async simulatorStallMs(): Promise<number> {
    await this.#ask();
    const lagUs = this.#lagUs;
    this.#lagUs = 0;
    return lagUs / US_PER_MS;
  }

  /** One after the other: each line answers the order before it. */
  #ask(): Promise<SimulatorStats> {
    const answer = this.#turn.then(async () => {
      const line = this.simulator.simulatorLine();
      this.simulator.control({ stats: true });
      const { stats } = simulatorAnswer.parse(await line);
      this.#lagUs = Math.max(this.#lagUs, stats.lagUs.newMax);
      return stats;
    });
    this.#turn = answer.catch(() => {});
    return answer;
  }
}

/** @returns for how long after that moment the drive that went on longest made torque */
export const torqueAfterMs = (truth: Truth, sinceUs: number): number => Math.max(0, ...truth.joints.map(({ lastTorqueUs }) => (lastTorqueUs - sinceUs) / US_PER_MS));

/** @returns each drive that has power and obeys, in words */
export const whatIsEnergised = (profile: RobotProfile, { joints }: Truth): string[] => profile.joints.flatMap(({ id }, i) => (joints[i]?.energised === true ? [`the drive of ${id} energised`] : []));

/** Of all drives. @param why what has happened to them */
export function judgeReleased(profile: RobotProfile, judge: Judge, truth: Truth, why: string): void {
  for (const drive of whatIsEnergised(profile, truth)) judge.expect(false, `${drive} ${why}`);
}

/** None of these drives has made torque since then, and none is ready to. */
export function judgeStillness(profile: RobotProfile, judge: Judge, joints: readonly number[], sinceUs: number, truth: Truth): void {
  for (const i of joints) {
    const [joint, actual] = [profile.joints[i], truth.joints[i]];
    if (joint === undefined || actual === undefined) continue;
    judge.expect(!actual.energised, `the drive of ${joint.id} is energised`);
    judge.expect(actual.lastTorqueUs <= sinceUs, `the drive of ${joint.id} has made torque`);
  }
}

export const allJoints = (profile: RobotProfile): number[] => profile.joints.map((_, i) => i);

/** After a stop the legs are braked and lowered; then all drives are released. A little more than that. */
export const loweredMs = ({ stop, therapy }: RobotProfile): number => stop.maxTimeMs + therapy.softStopSec * 1_000 + 500;

/** When the last drive must have let go by itself or by its relay, and a little more. */
export const longestWatchdogMs = (profile: RobotProfile): number => Math.max(profile.hub.heartbeatTimeoutMs, ...profile.joints.map(({ drive }) => drive.watchdogMs)) + 50;
