/** Where faults are done: opened when one needs it, one at a time, since they share this machine. */
import { FaultRoom, type FaultRoomOptions } from './room.ts';
import { StationRoom, type StationRoomOptions } from './station-room.ts';

export type PlaceOptions = FaultRoomOptions & StationRoomOptions;

export class Places {
  #open: FaultRoom | StationRoom | null = null;

  constructor(private readonly options: PlaceOptions) {}

  async robot(): Promise<FaultRoom> {
    if (this.#open instanceof FaultRoom) return this.#open;
    await this.close();
    return (this.#open = await FaultRoom.open(this.options));
  }

  async station(): Promise<StationRoom> {
    if (this.#open instanceof StationRoom) return this.#open;
    await this.close();
    return (this.#open = await StationRoom.open(this.options));
  }

  async close(): Promise<void> {
    const open = this.#open;
    this.#open = null;
    await open?.close();
  }
}
