/** A fault of the hazard table, as it is done to real processes. */
import type { Random } from '../../../../protocols/random.ts';
import type { FaultRoom } from './room.ts';
import type { StationRoom } from './station-room.ts';

export interface CaseResult {
  /** What was measured, e.g. `detectMs`; of all cases the quantiles are told. */
  readonly figures: Readonly<Record<string, number>>;
  /** What should not have happened, in plain words; empty: passed. */
  readonly breaches: readonly string[];
  /** This machine stood still for so long that the robot stopped for that: the case says nothing, and is told of as such. */
  readonly machineStallMs?: number;
}

interface AnyFault<Place extends string, Room> {
  /** As in the hazard table. */
  readonly id: string;
  readonly what: string;
  readonly place: Place;
  /**
   * One case. It begins with a robot that is ready and a session that is open, and leaves it so; the campaign checks that.
   * @param index of the case: where a fault has several kinds, they take turns
   */
  run(room: Room, random: Random, index: number): Promise<CaseResult>;
}

/** `robot`: the robot process alone, with this process in the place of its station; `station`: a station as people start it. */
export type Fault = AnyFault<'robot', FaultRoom> | AnyFault<'station', StationRoom>;
export type RobotFault = Extract<Fault, { place: 'robot' }>;
export type StationFault = Extract<Fault, { place: 'station' }>;

/** @returns the one whose turn it is; a whole round of cases has each once */
export function inTurn<T>(kinds: readonly [T, ...T[]], index: number): T {
  return kinds[index % kinds.length] ?? kinds[0];
}
