/** The robot as the control loop sees it: one read per cycle, one checked write. */
import type { PermittedCommand, RelayOrder, RobotInputs } from '../protocols/joints.ts';

export interface RobotIo {
  /**
   * Fills and returns the inputs of this cycle (one of two records, alternating). Pure look at what has arrived; does
   * no I/O, never throws, allocates nothing.
   */
  read(cycle: number, nowUs: number, latenessUs: number): RobotInputs;
  /**
   * Sends one command to every drive that is up, and the hub's heartbeat when the relay is to be kept closed and the
   * independent guard gives the answer. Refuses (throws DariError `commandForged`) anything the envelope did not make. At most one
   * cycle of commands is ever queued.
   */
  write(command: PermittedCommand, nowUs: number, relay: RelayOrder): void;
  /**
   * Instead of `write`, to prove watchdogs: the hub gets its heartbeat, so that the drives keep their power, and the
   * drives hear nothing. What they obeyed before goes on only as long as their own watchdogs let it.
   */
  starveDrives(nowUs: number): void;
  /** Asks the hub for the brakes of the robot; the hub's frames tell whether they are on. */
  requestBrakes(engaged: boolean, nowUs: number): void;
  /** Opens the links and keeps reopening lost ones until `close`. */
  start(): void;
  /** Releases the drives, then frees the ports. */
  close(): Promise<void>;
}
