/** One step of a preparation: looks at each cycle, writes the cycle's command itself, and knows when it is over. */
import type { RobotIo } from '../../hal/robot-io.ts';
import type { RobotInputs } from '../../protocols/joints.ts';
import type { PreparationAsk, PreparationReason, PreparationStep } from '../../protocols/preparation.ts';
import type { RobotProfile } from '../../protocols/profile.ts';
import type { SupervisorState } from '../../protocols/supervision.ts';
import { US_PER_S } from '../../protocols/units.ts';
import type { CheckId } from '../safety/policy.ts';
import type { TrustedJoint } from '../safety/trusted-joint.ts';
import type { PreparationMotion } from './preparation-motion.ts';

/** What a task sees in one cycle; reused. */
export interface Look {
  inputs: RobotInputs;
  joints: readonly TrustedJoint[];
  state: SupervisorState;
  /** A person holds the button of a hold-to-run motion. */
  held: boolean;
}

export interface TaskTools {
  readonly profile: RobotProfile;
  readonly io: RobotIo;
  readonly motion: PreparationMotion;
}

export type Verdict = 'running' | 'passed' | 'failed';

const NOTHING: readonly CheckId[] = [];

export abstract class PreparationTask<Phase extends string> {
  abstract readonly step: PreparationStep;
  ask: PreparationAsk = 'none';
  /** Joint that it is at, or that failed; −1: none. */
  joint = -1;
  reason: PreparationReason = 'none';
  /** Checks whose findings belong to this step now. */
  expects: readonly CheckId[] = NOTHING;
  /** What the supervisor may be in meanwhile. */
  states: readonly SupervisorState[] = ['selfTest'];
  protected elapsedUs = 0;
  protected readonly periodUs: number;

  constructor(
    protected readonly tools: TaskTools,
    protected phase: Phase,
  ) {
    this.periodUs = US_PER_S / tools.profile.controlRateHz;
  }

  /** One cycle. Writes exactly one command. */
  run(look: Look): Verdict {
    this.elapsedUs += this.periodUs;
    return this.cycle(look);
  }

  protected abstract cycle(look: Look): Verdict;

  protected enter(phase: Phase): Verdict {
    this.phase = phase;
    this.elapsedUs = 0;
    return 'running';
  }

  protected fail(reason: PreparationReason, joint = -1): Verdict {
    this.reason = reason;
    this.joint = joint;
    return 'failed';
  }

  /** Drives released, power kept. */
  protected release({ inputs, joints }: Look): void {
    const { io, motion } = this.tools;
    io.write(motion.release(joints), inputs.nowUs, 'keepClosed');
  }

  protected hold({ inputs, joints }: Look, supported: boolean): void {
    const { io, motion } = this.tools;
    io.write(motion.hold(joints, supported), inputs.nowUs, 'keepClosed');
  }

  protected lower({ inputs, joints }: Look): void {
    const { io, motion } = this.tools;
    io.write(motion.lower(joints), inputs.nowUs, 'keepClosed');
  }
}

/** @returns the first joint whose drive is not in this state, or −1 */
export function firstNot(state: 'disabled' | 'enabled', { joints }: RobotInputs): number {
  for (let j = 0; j < joints.length; j++) if (joints[j]?.driveState !== state) return j;
  return -1;
}
