/** What these tests use of the `canopen` package (Nova Dynamics, MIT), which brings no types. */
declare module 'canopen' {
  export interface CanMessage {
    id: number;
    data: Buffer;
    len: number;
  }
  export class Device {
    constructor(options: { id: number });
    readonly eds: { addEntry(index: number, entry: object): { value: unknown }; addSubEntry(index: number, sub: number, entry: object): { value: unknown } };
    readonly sdo: {
      addServer(id: number): void;
      upload(request: { serverId: number; index: number; subIndex?: number; dataType?: number; timeout?: number }): Promise<unknown>;
      download(request: { serverId: number; index: number; subIndex?: number; data: unknown; dataType?: number; timeout?: number }): Promise<unknown>;
    };
    readonly sdoServer: { addClient(id: number, cobIdTx?: number, cobIdRx?: number): void };
    readonly nmt: { startNode(id: number): void; enterPreOperational(id: number): void; resetNode(id: number): void };
    init(): void;
    setTransmitFunction(send: (message: CanMessage) => void): void;
    receive(message: CanMessage): void;
    on(event: string, listener: (...values: never[]) => void): void;
  }
  export const DataType: Readonly<Record<string, number>>;
  export const ObjectType: Readonly<Record<string, number>>;
  export const AccessType: Readonly<Record<string, string>>;
}
