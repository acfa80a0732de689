/**
 * What the STOP button says, as a pure state machine. It shows what was observed, not what was asked for:
 * `requested` until braking is observed, `standing` when all joints are seen at rest, `unconfirmed` when either does
 * not come in time: then the person must press the hardware emergency stop. Times in milliseconds.
 */
import type { SupervisorState } from '../../protocols/supervision.ts';

export type StopPhase = 'idle' | 'requested' | 'braking' | 'standing' | 'unconfirmed';

export interface StopRequest {
  readonly phase: StopPhase;
  /** When STOP was pressed, or when braking was first observed. */
  readonly sinceMs: number;
}

export interface StopObservation {
  readonly atMs: number;
  readonly state: SupervisorState;
  readonly drivesEnabled: boolean;
  readonly fastestJointDegPerSec: number;
}

export interface StopTimes {
  readonly maxStopMs: number;
  readonly restSpeedDegPerSec: number;
}

export const BRAKING_WITHIN_MS = 300;
export const STANDING_MARGIN_MS = 100;
/** "Standing still" is read for at least this long. */
export const SHOWN_MS = 3_000;

export const stopIdle: StopRequest = { phase: 'idle', sinceMs: 0 };

/** Pressing again asks again: the clock restarts unless the robot is already seen braking. */
export const stopPressed = (request: StopRequest, nowMs: number): StopRequest =>
  request.phase === 'braking' || request.phase === 'standing' ? request : { phase: 'requested', sinceMs: nowMs };

const movingStates: ReadonlySet<SupervisorState> = new Set(['armed', 'running', 'paused', 'selfTest', 'homing', 'recovering']);

const moving = (state: SupervisorState): boolean => movingStates.has(state);

const isBraking = (seen: StopObservation): boolean => {
  if (seen.state === 'stopping' || seen.state === 'stopped' || seen.state === 'emergency') return true;
  return !moving(seen.state) && !seen.drivesEnabled;
};

/** Armed again, or acknowledged and read: the button then forgets the stop. */
const isOver = (request: StopRequest, seen: StopObservation): boolean => moving(seen.state) || ((seen.state === 'ready' || seen.state === 'idle') && seen.atMs - request.sinceMs > SHOWN_MS);

/** Takes in one telemetry frame that arrived after the press. */
export function stopObserved(request: StopRequest, seen: StopObservation, times: StopTimes): StopRequest {
  if (request.phase === 'idle' || seen.atMs < request.sinceMs) return request;
  if (request.phase === 'standing') return isOver(request, seen) ? stopIdle : request;
  if (!isBraking(seen)) return stopOverdue(request, seen.atMs, times);
  if (seen.fastestJointDegPerSec <= times.restSpeedDegPerSec) return { phase: 'standing', sinceMs: seen.atMs };
  if (request.phase === 'requested') return { phase: 'braking', sinceMs: seen.atMs };
  return stopOverdue(request, seen.atMs, times);
}

/** Time passing without a good observation. */
export function stopOverdue(request: StopRequest, nowMs: number, times: StopTimes): StopRequest {
  const allowedMs = request.phase === 'requested' ? BRAKING_WITHIN_MS : request.phase === 'braking' ? times.maxStopMs + STANDING_MARGIN_MS : Infinity;
  return nowMs - request.sinceMs > allowedMs ? { phase: 'unconfirmed', sinceMs: request.sinceMs } : request;
}
