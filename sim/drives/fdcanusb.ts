/**
 * The far end of a moteus line: an fdcanusb adapter with controllers on its CAN FD bus, or one controller's own UART.
 * The adapter lives on USB power and acknowledges also when the controllers have none; a UART is silent then. Sources:
 * mjbots/fdcanusb `README.md` and `fw/can_manager.cc`; mjbots/moteus `fw/uart_fdcanusb_micro_server.h`.
 *
 * The adapter also takes lines with checksums, which the real one does not: mjbots' hosts protect them on every port
 * that is not the adapter's USB device, a pseudo-terminal too. It answers each line as the line came.
 */
import { CAN_FD_MAX_BYTES, canFdLength, decodeFrame, emptyFdFrame, encodeRcv, encodeText, FDCANUSB_LINE_MAX_BYTES, FdcanusbSplitter, sendSubcommands, type FdFrame } from '../../protocols/wire/fdcanusb.ts';
import { MOTEUS_NOP } from '../../protocols/wire/moteus.ts';
import type { DriveProfile } from '../../protocols/drive-profile.ts';
import type { JointPort, SendBytes, VirtualDevice, VirtualLine } from './device.ts';
import { MoteusDrive } from './moteus-drive.ts';

/** A controller as the line meets it. */
export interface FdNode {
  readonly isAlive: boolean;
  onFrame(frame: Readonly<FdFrame>, nowUs: number, answer: FdFrame): boolean;
}

/** The adapter's own configuration as shipped (README, "Configurable Values"). */
const adapterSettings: Readonly<Record<string, number>> = {
  'can.bitrate': 1_000_000,
  'can.fd_bitrate': 5_000_000,
  'can.automatic_retransmission': 0,
  'can.fdcan_frame': 1,
  'can.bitrate_switch': 1,
  'can.restricted_mode': 0,
  'can.bus_monitor': 0,
  'can.termination': 1,
  'can.autostart': 1,
};

export function createMoteusLine(seats: readonly { readonly drive: DriveProfile; readonly joint: JointPort }[], send: SendBytes): VirtualLine {
  const isUart = seats.some(({ drive }) => drive.protocol === 'moteus' && drive.line === 'uart');
  const drives = seats.flatMap(({ drive, joint }) => (drive.protocol === 'moteus' ? [new MoteusDrive(drive, joint)] : []));
  return { device: new Fdcanusb(isUart ? 'uart' : 'fdcanusb', drives, send), drives };
}

export class Fdcanusb implements VirtualDevice {
  readonly #splitter: FdcanusbSplitter;
  readonly #frame = emptyFdFrame();
  readonly #answer = emptyFdFrame();
  readonly #line = new Uint8Array(FDCANUSB_LINE_MAX_BYTES);
  readonly #settings = new Map(Object.entries(adapterSettings));
  #nowUs = 0;
  #busOn = true;
  /** The last line had one; a UART then wants them until its controller starts anew. */
  #checksums = false;

  constructor(
    private readonly style: 'fdcanusb' | 'uart',
    private readonly nodes: readonly FdNode[],
    private readonly send: SendBytes,
  ) {
    this.#splitter = new FdcanusbSplitter(
      {
        onFrame: (line, hadChecksum) => this.#onLine(line, hadChecksum),
        onDiscarded: () => {},
        onChecksumError: () => this.#say('ERR checksum'),
      },
      () => this.style === 'uart' && this.#checksums,
    );
  }

  receive(bytes: Uint8Array, nowUs: number): void {
    this.#nowUs = nowUs;
    this.#splitter.push(bytes);
  }

  step(): void {
    if (this.#isDead()) this.#checksums = false;
  }

  unplugged(): void {
    this.#splitter.reset();
    this.#busOn = true;
  }

  #isDead(): boolean {
    return this.style === 'uart' && !this.nodes.some(({ isAlive }) => isAlive);
  }

  #onLine(line: Uint8Array, hadChecksum: boolean): void {
    if (this.#isDead()) return;
    this.#checksums = hadChecksum;
    const words = String.fromCharCode(...line).split(' ');
    const [group, verb] = words;
    const sends = sendSubcommands.some((subcommand) => subcommand === verb) && (this.style === 'fdcanusb' || verb === 'send');
    if (group === 'can' && sends && verb !== undefined) this.#onSend(line, 'can '.length + verb.length + 1);
    else if (this.style === 'fdcanusb' && group === 'can') this.#onCan(verb);
    else if (this.style === 'fdcanusb' && group === 'conf') this.#onConf(words);
    else this.#say('ERR unknown command');
  }

  #onSend(line: Uint8Array, at: number): void {
    const fault = this.#busOn ? decodeFrame(line, at, this.#frame) : 'not in BusOn state';
    if (fault !== null) {
      this.#say(`ERR ${fault}`);
      return;
    }
    this.#say('OK');
    for (const node of this.nodes) {
      const answer = this.#answer;
      if (!node.onFrame(this.#frame, this.#nowUs, answer)) continue;
      if (this.style === 'fdcanusb') {
        // On the bus a frame has one of CAN FD's lengths; the controller fills it up with NOP.
        const length = canFdLength(answer.length);
        answer.data.fill(MOTEUS_NOP, answer.length, Math.min(length, CAN_FD_MAX_BYTES));
        answer.length = length;
      }
      this.send(this.#line.subarray(0, encodeRcv(answer, this.style, this.#protects, this.#line, 0)));
    }
  }

  #onCan(verb: string | undefined): void {
    if (verb === 'status') {
      this.#say(`mode:${this.#busOn ? 'BUSON' : 'BUSOFF'}`);
      this.#say('OK');
    } else if (verb !== 'on' && verb !== 'off') this.#say('ERR unknown subcommand');
    else if (this.#busOn === (verb === 'on')) this.#say(`ERR already in Bus${this.#busOn ? 'On' : 'Off'}`);
    else {
      this.#busOn = verb === 'on';
      this.#say('OK');
    }
  }

  #onConf([, verb, name = '', text = '']: readonly string[]): void {
    const value = this.#settings.get(name);
    if (verb === 'enumerate') for (const [key, setting] of this.#settings) this.#say(`${key} ${setting}`);
    else if (verb === 'get' || verb === 'set') {
      const wanted = Number(text);
      if (value === undefined || (verb === 'set' && (text === '' || Number.isNaN(wanted)))) {
        this.#say(`ERR error ${verb === 'get' ? 'reading' : 'setting'}`);
        return;
      }
      if (verb === 'get') this.#say(String(value));
      else this.#settings.set(name, wanted);
    } else if (verb !== 'load' && verb !== 'write' && verb !== 'default') {
      this.#say('ERR unknown command');
      return;
    }
    this.#say('OK');
  }

  get #protects(): boolean {
    return this.style === 'uart' || this.#checksums;
  }

  #say(text: string): void {
    if (!this.#isDead()) this.send(encodeText(text, this.#protects, '\r\n'));
  }
}
