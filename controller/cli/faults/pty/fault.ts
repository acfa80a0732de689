/** A fault of the hazard table, as it is done to real processes. */
import type { Random } from '../../../../protocols/random.ts';
import type { CaseResult } from './judge.ts';
import type { FaultRoom } from './room.ts';
import type { StationRoom } from './station-room.ts';

/** One of the ways in which a fault is done. */
export interface Kind<Room> {
  readonly name: string;
  /** One case. It begins with a robot that is ready and a session that is open, and leaves it disarmed; the campaign checks that. */
  run(room: Room, random: Random): Promise<CaseResult>;
}

interface AnyFault<Place extends string, Room> {
  /** As in the hazard table. */
  readonly id: string;
  readonly what: string;
  readonly place: Place;
  /** Cases take turns. First those that leave the robot prepared. */
  readonly kinds: readonly [Kind<Room>, ...Kind<Room>[]];
}

/** `robot`: the robot process alone, with this process in the place of its station; `station`: a station as people start it. */
export type Fault = AnyFault<'robot', FaultRoom> | AnyFault<'station', StationRoom>;
export type RobotFault = Extract<Fault, { place: 'robot' }>;
export type StationFault = Extract<Fault, { place: 'station' }>;

/** @returns the one whose turn it is; a whole round of cases has each once */
export function inTurn<T>(kinds: readonly [T, ...T[]], index: number): T {
  return kinds[index % kinds.length] ?? kinds[0];
}
