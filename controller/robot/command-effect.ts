/** Only what is observed of the robot counts as done: whether a command that went out had its effect, and if not, why. */
import type { StepOutput } from '../../protocols/session-log.ts';
import type { OperatorCommand, SupervisorState } from '../../protocols/supervision.ts';

/** What must be seen of the robot in the cycle that took the command. */
const effectOf: Record<OperatorCommand, (state: SupervisorState) => boolean> = {
  arm: (state) => state === 'armed',
  disarm: (state) => state === 'stopping' || state === 'ready',
  start: (state) => state === 'running',
  pause: (state) => state === 'paused',
  resume: (state) => state === 'running',
  acknowledge: (state) => state !== 'stopped' && state !== 'emergency',
  stop: (state) => state !== 'running' && state !== 'armed' && state !== 'paused',
  prepare: (state) => state === 'selfTest',
  home: (state) => state === 'homing',
  recover: (state) => state === 'recovering',
};

/**
 * @param seen of the cycle that took the command
 * @returns null when the robot followed
 */
export function whyNoEffect(command: OperatorCommand, { state, cause, readyBlocker }: Pick<StepOutput, 'state' | 'cause' | 'readyBlocker'>): string | null {
  if (effectOf[command](state)) return null;
  const why = cause === 'none' ? readyBlocker : cause;
  return `"${command}" had no effect: the robot is ${state}${why === 'none' ? '' : ` (${why})`}. Remove the cause, then try again.`;
}
