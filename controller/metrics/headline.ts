/** What a session amounts to, beside its steps, distance and times that the controller counts. */
import type { Work } from './work.ts';

const SEC_PER_MIN = 60;

/**
 * Active time of one leg's stride: its time where the robot's net work on the leg is not positive, so that the patient moved
 * the robot over the whole stride, else none (own). A stride of one leg is half of a stride of both, so the legs add up to the
 * walk time.
 * @param works of the leg's joints over the stride
 */
export const activeTimeSec = (works: readonly Work[], strideTimeSec: number): number => (works.reduce((sum, { netJ }) => sum + netJ, 0) <= 0 ? strideTimeSec / 2 : 0);

/** Dose: steps per minute of the whole session, pauses included (own; repetitions per time in therapy, as C. Lang et al., Arch Phys Med Rehabil 90:1692, 2009, count them). null: no time passed. */
export const dosePerMin = (steps: number, durationSec: number): number | null => (durationSec > 0 ? (steps * SEC_PER_MIN) / durationSec : null);
