/** What can be simulated, on virtual time: a whole robot, or bare drives on a bench. Whoever runs it makes time pass. */
import type { LinkProfile } from '../protocols/profile.ts';
import type { Prompt } from './body/prompt.ts';
import { LINE_STEP_US, STEP_US, type SendBytes } from './drives/device.ts';
import type { FaultOrder } from './faults/catalogue.ts';
import type { RobotTruth } from './truth.ts';

export interface Machine {
  readonly links: readonly LinkProfile[];
  /** Its bytes get where they should when it is moved on this often; more often changes nothing. */
  readonly beatUs: number;
  readonly nowUs: number;
  /** Plugs a host in: it gets each chunk as it leaves the wire. @throws RangeError for an unknown link */
  connect(linkId: string, host: SendBytes): void;
  /** Pulls the cable: what is on its way, in both directions, is gone. */
  disconnect(linkId: string): void;
  /** Bytes that the host hands to the wire at `atUs` (not before now). */
  receive(linkId: string, bytes: Uint8Array, atUs: number): void;
  /** Runs whole line steps up to `targetUs`; the rest waits for the next call. */
  advanceTo(targetUs: number): void;
  /** true: the line is open, drive power is cut */
  setEstop(open: boolean): void;
  /** @throws RangeError when there is none */
  setPatientButton(pressed: boolean): void;
  /** @throws RangeError when there is none */
  setBrake(engaged: boolean): void;
  /** The simulated patient is in the robot, or beside it; robots only. @throws RangeError when there is none */
  setPatient(inside: boolean): void;
  /** What somebody says to the patient; null: he may do as he likes. Robots only. @throws RangeError when there is none */
  prompt(prompt: Prompt | null): void;
  /** @throws RangeError for an unknown link, or one without such a drive */
  fault(order: FaultOrder): void;
  /** Lifts the faults of one link, or of all (null). @throws RangeError for an unknown link */
  clearFaults(linkId: string | null): void;
  /** Robots only. */
  truth?(): RobotTruth;
  dispose(): void;
}

/**
 * SLCAN adapters and the hub buffer by themselves and speak unasked, so one wake-up per physics step does; who takes
 * turns on a wire waits for each answer.
 */
export const beatUsOf = (links: readonly LinkProfile[]): number => (links.every(({ protocol }) => protocol === 'slcan' || protocol === 'sensor-hub') ? STEP_US : LINE_STEP_US);
