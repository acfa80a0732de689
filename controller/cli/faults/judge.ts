/** What judges a case, whatever the robot: by the simulator's truth, and by what the controller says. */
import type { Bench } from './lockstep/fault.ts';

export interface Worst {
  /** Of a driven joint beyond the permitted range; of a measured one, from what was true to what was believed. */
  excursionDeg: number;
  /** Of the motor. */
  torqueNm: number;
  /** Of the limb on the orthosis. */
  cuffNm: number;
}

/** How a case goes on, in simulated time. */
export interface Pace {
  readonly longestUs: number;
  /** A fault after which nothing may happen. */
  readonly nothingUs: number;
  /** With its cause gone the robot is watched for so long again. */
  readonly watchUs: number;
  /** So long after that a person acknowledges what still stands; Infinity: nobody does. */
  readonly acknowledgeUs: number;
}

export interface Judge {
  readonly pace: Pace;
  readonly findings: readonly string[];
  readonly worst: Worst;
  /** When the wanted action, or a worse one, was first taken. */
  readonly detectedUs: number | null;
  /** When every joint stood or was released; null: it never was asked for. */
  readonly stoppedUs: number | null;
  /** The cause may go away from then on; null: not yet. */
  readonly liftFromUs: number | null;
  /** The fault could be seen, so it had to be detected. */
  readonly exposed: boolean;
  breach(finding: string): void;
  /** After every physics step. */
  moved(): void;
  /** Before a cycle, with what the one before commanded. */
  beforeCycle(bench: Bench): void;
  /** After a cycle: what its decision says. */
  afterCycle(decidedUs: number): void;
  /** The cause is gone. */
  lifted(): void;
  /** A person has acknowledged. */
  acknowledged(): void;
  /** At the end of a case. */
  conclude(): void;
}
