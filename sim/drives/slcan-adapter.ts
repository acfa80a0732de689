/**
 * A serial-to-CAN adapter with drives on its bus. It lives on USB power: it acknowledges also when the drives have
 * none, and then nobody answers on the bus.
 */
import {
  SLCAN_ERROR,
  SLCAN_FRAME_MAX_BYTES,
  SlcanReader,
  decodeSlcanCommand,
  emptyCanFrame,
  encodeSlcanFrame,
  slcanBitRates,
  slcanCommandAnswer,
  slcanFrameAck,
  type AdapterStyle,
  type CanFrame,
  type SlcanCommand,
} from '../../protocols/wire/slcan.ts';
import type { CanNode, SendBytes, VirtualDevice } from './device.ts';

/** What AK drives are set to; at another rate nobody on the bus understands. */
const BUS_BIT_RATE = 1_000_000;
const TIMESTAMP_WRAP_MS = 60_000;

export class SlcanAdapter implements VirtualDevice {
  readonly #reader: SlcanReader;
  readonly #answer = emptyCanFrame();
  readonly #line = new Uint8Array(SLCAN_FRAME_MAX_BYTES);
  #nowUs = 0;
  #channel: 'closed' | 'open' | 'listening' = 'closed';
  #bitRate = 0;
  #timestamps = false;

  constructor(
    private readonly style: AdapterStyle,
    private readonly nodes: readonly CanNode[],
    private readonly send: SendBytes,
  ) {
    this.#reader = new SlcanReader({
      onCanFrame: (frame) => this.#onCanFrame(frame),
      onText: (line) => this.#onCommand(decodeSlcanCommand(line)),
      onDiscarded: () => this.#refuse(),
      // A lone CR is how hosts clear a half-typed command; BEL never comes from a host.
      onAck: () => {},
      onError: () => {},
    });
  }

  receive(bytes: Uint8Array, nowUs: number): void {
    this.#nowUs = nowUs;
    this.#reader.push(bytes);
  }

  step(): void {}

  unplugged(): void {
    this.#reader.reset();
    this.#channel = 'closed';
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
        this.#channel = 'closed';
        return true;
      case 'flags':
        return !closed;
      case 'version':
      case 'serialNumber':
        break;
    }
    return true;
  }

  #onCanFrame(frame: CanFrame): void {
    if (this.#channel !== 'open') {
      this.#refuse();
      return;
    }
    this.send(slcanFrameAck(this.style, frame.extended));
    if (this.#bitRate !== BUS_BIT_RATE) return;
    for (const node of this.nodes) {
      if (!node.onCanFrame(frame, this.#nowUs, this.#answer)) continue;
      this.#answer.timestampMs = this.#timestamps ? Math.floor(this.#nowUs / 1_000) % TIMESTAMP_WRAP_MS : -1;
      this.send(this.#line.subarray(0, encodeSlcanFrame(this.#answer, this.#line, 0)));
    }
  }

  #refuse(): void {
    if (this.style !== 'canable') this.send(SLCAN_ERROR);
  }
}
