/** Faults that need real processes on real pseudo-terminals, by the numbers of the hazard table; each has a file. */
import { cablePulled } from './f01-cable-pulled.ts';
import { anotherPort } from './f02-another-port.ts';
import type { Fault } from './fault.ts';

export const ptyFaults: readonly Fault[] = [cablePulled, anotherPort];
