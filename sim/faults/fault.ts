/**
 * Contracts of what can be wrong with a cable or with a drive. A fault of a line stands in front of one direction of the
 * wire, or in front of another fault, and looks just like what stands behind it: so faults stack in any order. Bytes
 * meet it as their sender hands them over, usually one frame at a time. Randomness is an argument; a fault never waits.
 */
import { z } from 'zod/mini';
import type { VirtualDrive } from '../drives/device.ts';

/** One direction of a cable, from the sender on. */
export interface ByteFlow {
  /** Bytes handed over at `nowUs`; valid only during the call. */
  push(bytes: Uint8Array, nowUs: number): void;
  /** Time goes on (every `LINE_STEP_US`). */
  step(nowUs: number): void;
  /** The fault is lifted: what it holds back goes on at once. */
  flush(nowUs: number): void;
  /** The cable was pulled: what is held back is gone. */
  clear(): void;
}

/** A fault that does nothing yet: each kind replaces what it spoils. */
export abstract class LineFault implements ByteFlow {
  constructor(protected readonly behind: ByteFlow) {}

  push(bytes: Uint8Array, nowUs: number): void {
    this.behind.push(bytes, nowUs);
  }

  step(nowUs: number): void {
    this.behind.step(nowUs);
  }

  flush(nowUs: number): void {
    this.behind.flush(nowUs);
  }

  clear(): void {
    this.behind.clear();
  }
}

/** A fault inside a drive. */
export interface DriveFault {
  switchOn(drive: VirtualDrive, nowUs: number): void;
  switchOff(drive: VirtualDrive): void;
}

export type LineDirection = 'toHost' | 'toDevice';

/** What every order of a line fault says; without a direction both are meant. */
export const lineOrder = {
  link: z.string(),
  direction: z.optional(z.enum(['toHost', 'toDevice'])),
};

/** What every order of a drive fault says; without an address all drives of the link are meant. */
export const driveOrder = {
  link: z.string(),
  address: z.optional(z.int()),
};

/** Probability, or part of the whole. */
export const share = z.number().check(z.minimum(0), z.maximum(1));
/** A longer wait is a mute line. */
export const delayMs = z.number().check(z.minimum(0), z.maximum(5_000));
