/**
 * A serial-to-CAN adapter with drives on its bus. It lives on USB power: it acknowledges also when the drives have
 * none, and then nobody answers on the bus.
 */
import {
  SLCAN_ERROR,
  SLCAN_FRAME_MAX_BYTES,
  SlcanReader,
  decodeSlcanCommand,
  encodeSlcanFrame,
  slcanBitRates,
  slcanCommandAnswer,
  slcanFrameAck,
  type AdapterStyle,
  type CanFrame,
  type SlcanCommand,
} from '../../protocols/wire/slcan.ts';
import { CanBus } from './can-bus.ts';
import type { CanNode, CanTransmit, SendBytes, VirtualDevice } from './device.ts';

const TIMESTAMP_WRAP_MS = 60_000;

export class SlcanAdapter implements VirtualDevice, CanNode {
  readonly #reader: SlcanReader;
  readonly #bus: CanBus;
  readonly #line = new Uint8Array(SLCAN_FRAME_MAX_BYTES);
  #nowUs = 0;
  #channel: 'closed' | 'open' | 'listening' = 'closed';
  #bitRate = 0;
  #timestamps = false;
  #transmit: CanTransmit = () => false;

  constructor(
    private readonly style: AdapterStyle,
    nodes: readonly CanNode[],
    private readonly send: SendBytes,
  ) {
    this.#reader = new SlcanReader({
      onCanFrame: (frame) => this.#onHostFrame(frame),
      onText: (line) => this.#onCommand(decodeSlcanCommand(line)),
      onDiscarded: () => this.#refuse(),
      // A lone CR is how hosts clear a half-typed command; BEL never comes from a host.
      onAck: () => {},
      onError: () => {},
    });
    this.#bus = new CanBus([this, ...nodes]);
  }

  get canBitRate(): number {
    return this.#channel === 'closed' ? 0 : this.#bitRate;
  }

  get listenOnly(): boolean {
    return this.#channel === 'listening';
  }

  attach(transmit: CanTransmit): void {
    this.#transmit = transmit;
  }

  receive(bytes: Uint8Array, nowUs: number): void {
    this.#nowUs = nowUs;
    this.#reader.push(bytes);
  }

  step(nowUs: number): void {
    this.#bus.advance(nowUs);
  }

  onCanFrame(frame: CanFrame, nowUs: number): void {
    frame.timestampMs = this.#timestamps ? Math.floor(nowUs / 1_000) % TIMESTAMP_WRAP_MS : -1;
    this.send(this.#line.subarray(0, encodeSlcanFrame(frame, this.#line, 0)));
  }

  unplugged(): void {
    this.#reader.reset();
    this.#close();
    this.#bitRate = 0;
    this.#timestamps = false;
  }

  #onCommand(command: SlcanCommand | null): void {
    if (command === null || !this.#carryOut(command)) this.#refuse();
    else this.send(slcanCommandAnswer(this.style, command));
  }

  /** @returns false when the channel's state does not allow it */
  #carryOut(command: SlcanCommand): boolean {
    const closed = this.#channel === 'closed';
    switch (command.kind) {
      case 'bitRate':
        if (closed) this.#bitRate = slcanBitRates[command.code] ?? 0;
        return closed;
      case 'timestamps':
        if (closed) this.#timestamps = command.on;
        return closed;
      case 'open':
      case 'listen':
        if (!closed || this.#bitRate === 0) return false;
        this.#channel = command.kind === 'open' ? 'open' : 'listening';
        return true;
      case 'close':
        this.#close();
        return true;
      case 'flags':
        return !closed;
      case 'version':
      case 'serialNumber':
        break;
    }
    return true;
  }

  #onHostFrame(frame: CanFrame): void {
    if (this.#channel !== 'open' || !this.#transmit(frame, this.#nowUs)) this.#refuse();
    else this.send(slcanFrameAck(this.style, frame.extended));
  }

  #close(): void {
    this.#channel = 'closed';
    this.#bus.forget(this);
  }

  #refuse(): void {
    if (this.style !== 'canable') this.send(SLCAN_ERROR);
  }
}
