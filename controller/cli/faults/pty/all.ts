/** Faults that need real processes on real pseudo-terminals, by the numbers of the hazard table; each has a file. */
import { cablePulled } from './f01-cable-pulled.ts';
import { anotherPort } from './f02-another-port.ts';
import { processStalled } from './f12-process-stalled.ts';
import { controllerKilled } from './f13-controller-killed.ts';
import { operatorLost } from './f14-operator-lost.ts';
import { twoOperators } from './f15-two-operators.ts';
import { emergencyStop } from './f16-estop.ts';
import { diskFull } from './f18-disk-full.ts';
import { wallClockJumps } from './f19-wall-clock.ts';
import type { Fault } from './fault.ts';

/**
 * Those at the robot process before those at a station. In each place first what leaves a robot prepared; the first case
 * at a station needs one that is not.
 */
export const ptyFaults: readonly Fault[] = [emergencyStop, diskFull, processStalled, cablePulled, anotherPort, operatorLost, twoOperators, wallClockJumps, controllerKilled];
