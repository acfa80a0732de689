/**
 * The independent guard beside the loop, as the HAL knows it: it gets the raw bytes of every port before anything parses
 * them, and it alone knows the answers to the hub's challenges. Nothing else goes either way, so it can only stop.
 */
import type { MonitorInputs } from '../protocols/joints.ts';

export interface Guard {
  /**
   * What arrived at a port, in the order of arrival; valid only during the call. Allocates nothing.
   * @param link its place among the links of the profile
   */
  onBytes(link: number, chunk: Uint8Array, nowUs: number): void;
  /** @returns the answer to the newest challenge, each once; −1: there is none, or something is wrong */
  takeAnswer(nowUs: number): number;
  read(monitor: MonitorInputs, nowUs: number): void;
  close(): Promise<void>;
}

export const NO_ANSWER = -1;
