/**
 * A serial-to-CAN adapter with drives on its bus, in one of three styles: Lawicel's CANUSB, `slcanpty` of can-utils (a
 * pty before a CAN interface whose bit rate it does not set, and which sends in any state), CANable (which answers
 * nothing). It lives on USB power: it acknowledges also when the drives have none, until its queue is full of frames that
 * nobody takes.
 */
import {
  CANABLE_BIT_RATE_7,
  emptyCanFrame,
  encodeSlcanFrame,
  SLCAN_ERROR,
  SLCAN_FLAG,
  SLCAN_FRAME_MAX_BYTES,
  SlcanReader,
  decodeSlcanCommand,
  slcanBitRates,
  slcanCommandAnswer,
  slcanFrameAck,
  slcanTimingBitRate,
  type AdapterStyle,
  type CanFrame,
  type SlcanCommand,
} from '../../protocols/wire/slcan.ts';
import { CanBus, copyCanFrame } from './can-bus.ts';
import type { CanNode, CanTransmit, SendBytes, VirtualDevice } from './device.ts';
import { Sja1000Filter } from './sja1000-filter.ts';

const TIMESTAMP_WRAP_MS = 60_000;
/** Received frames that wait to be polled (Lawicel CAN232 manual). */
const RECEIVE_QUEUE_FRAMES = 32;
/** What the interface behind `slcanpty` is set to. */
const INTERFACE_BIT_RATE = 1_000_000;

export class SlcanAdapter implements VirtualDevice, CanNode {
  readonly #reader: SlcanReader;
  readonly #bus: CanBus;
  readonly #line = new Uint8Array(SLCAN_FRAME_MAX_BYTES);
  readonly #filter = new Sja1000Filter();
  readonly #received: readonly CanFrame[] = Array.from({ length: RECEIVE_QUEUE_FRAMES }, emptyCanFrame);
  #head = 0;
  #waiting = 0;
  #nowUs = 0;
  #channel: 'closed' | 'open' | 'listening' = 'closed';
  #bitRate = 0;
  #timestamps = false;
  #polled = false;
  /** Latched until they are read. */
  #flags = 0;
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
    if (this.style === 'slcanpty') return INTERFACE_BIT_RATE;
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
    if (this.#channel === 'closed' || !this.#filter.passes(frame)) return;
    frame.timestampMs = this.#timestamps ? Math.floor(nowUs / 1_000) % TIMESTAMP_WRAP_MS : -1;
    if (!this.#polled) this.#forward(frame);
    else this.#keep(frame);
  }

  unplugged(): void {
    this.#reader.reset();
    this.#close();
    this.#bitRate = 0;
    this.#timestamps = false;
    this.#polled = false;
    this.#flags = 0;
    this.#filter.reset();
  }

  #onCommand(command: SlcanCommand | null): void {
    if (command === null || !this.#carryOut(command)) this.#refuse();
    else if (command.kind === 'flags') this.send(slcanCommandAnswer(this.style, command, this.#readFlags()));
    else if (command.kind === 'pollOne' && this.#waiting > 0) this.#forwardOldest();
    else {
      if (command.kind === 'pollAll') while (this.#waiting > 0) this.#forwardOldest();
      this.send(slcanCommandAnswer(this.style, command));
    }
  }

  /** @returns false when the channel's state, or the adapter, does not allow it */
  #carryOut(command: SlcanCommand): boolean {
    const closed = this.#channel === 'closed' || this.style === 'slcanpty';
    switch (command.kind) {
      case 'open':
      case 'listen':
        return this.#open(command.kind);
      case 'close':
        this.#close();
        return true;
      case 'version':
      case 'detailedVersion':
      case 'serialNumber':
        return true;
      case 'flags':
        return this.#channel !== 'closed' || this.style === 'slcanpty';
      case 'pollOne':
      case 'pollAll':
        return this.#channel !== 'closed' && this.#polled;
      case 'dataRate':
        return false;
      case 'bitRate':
      case 'bitTiming':
      case 'timestamps':
      case 'autoPoll':
      case 'acceptanceCode':
      case 'acceptanceMask':
        break;
    }
    return closed && this.#configure(command);
  }

  /** Only while the channel is closed. @returns false when the adapter cannot */
  #configure(command: Extract<SlcanCommand, { kind: 'bitRate' | 'bitTiming' | 'timestamps' | 'autoPoll' | 'acceptanceCode' | 'acceptanceMask' }>): boolean {
    const isLawicel = this.style === 'lawicel';
    switch (command.kind) {
      case 'bitRate':
        this.#bitRate = command.code === 7 && this.style === 'canable' ? CANABLE_BIT_RATE_7 : (slcanBitRates[command.code] ?? 0);
        return true;
      case 'bitTiming':
        this.#bitRate = slcanTimingBitRate(command.btr0, command.btr1);
        return true;
      case 'timestamps':
        this.#timestamps = command.on;
        return true;
      case 'autoPoll':
        this.#polled = !command.on && isLawicel;
        return command.on || isLawicel;
      // slcanpty takes these registers and does nothing with them; CANable's `M` and `m` mean something else.
      case 'acceptanceCode':
        if (isLawicel) this.#filter.code = command.value;
        return true;
      case 'acceptanceMask':
        if (isLawicel) this.#filter.mask = command.value;
        break;
    }
    return true;
  }

  #open(kind: 'open' | 'listen'): boolean {
    if (this.style === 'slcanpty' ? kind === 'listen' : this.#channel !== 'closed' || this.#bitRate === 0) return false;
    this.#channel = kind === 'open' ? 'open' : 'listening';
    return true;
  }

  #close(): void {
    this.#channel = 'closed';
    this.#waiting = 0;
    this.#bus.forget(this);
  }

  #onHostFrame(frame: CanFrame): void {
    if (this.#channel !== 'open' && this.style !== 'slcanpty') this.#refuse();
    else if (!this.#transmit(frame, this.#nowUs)) {
      this.#flags |= SLCAN_FLAG.transmitFull;
      this.#refuse();
    } else this.send(slcanFrameAck(this.#polled ? 'slcanpty' : this.style, frame.extended));
  }

  #readFlags(): number {
    const unheard = this.#bus.isStuck(this) ? SLCAN_FLAG.errorWarning | SLCAN_FLAG.errorPassive | SLCAN_FLAG.busError : 0;
    const flags = this.style === 'slcanpty' ? 0 : this.#flags | unheard;
    this.#flags = 0;
    return flags;
  }

  #keep(frame: CanFrame): void {
    const slot = this.#received[(this.#head + this.#waiting) % RECEIVE_QUEUE_FRAMES];
    if (this.#waiting === RECEIVE_QUEUE_FRAMES || slot === undefined) {
      this.#flags |= SLCAN_FLAG.receiveFull | SLCAN_FLAG.dataOverrun;
      return;
    }
    copyCanFrame(frame, slot);
    this.#waiting++;
  }

  #forwardOldest(): void {
    const frame = this.#received[this.#head];
    this.#head = (this.#head + 1) % RECEIVE_QUEUE_FRAMES;
    this.#waiting--;
    if (frame !== undefined) this.#forward(frame);
  }

  #forward(frame: CanFrame): void {
    this.send(this.#line.subarray(0, encodeSlcanFrame(frame, this.#line, 0)));
  }

  #refuse(): void {
    if (this.style !== 'canable') this.send(SLCAN_ERROR);
  }
}
