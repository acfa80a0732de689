/**
 * Robot, controller, station and browser share this machine here. When it holds one of them up for longer than the
 * limits allow, the robot stops, as it must; whoever trains then acknowledges and starts again. Tests that need a walk
 * as their beginning do the same, for these causes only and not for ever. What comes after such a stop is not its cause: a leg
 * whose drives let go by themselves swings out, and is reported as too fast. The treadmill's word comes through the hub, every
 * 10 ms, and is the first to be missed. A page that has not drawn for two seconds has lost its control.
 */
import type { Cause } from '../../protocols/supervision.ts';

const CAUSES_OF_A_STALL: ReadonlySet<Cause> = new Set<Cause>(['driveSilent', 'driveNotEnabled', 'hubSilent', 'loopOverrun', 'treadmillFault', 'operatorLost']);

export const MOST_NEW_STARTS = 5;

export const isMachineStall = (cause: string | undefined | null): boolean => CAUSES_OF_A_STALL.has((cause ?? 'none') as Cause);
