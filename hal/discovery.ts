/**
 * Asks at a serial port who is there, for people who connect a robot; the running robot never does it. One protocol
 * after the other, at the baud rates such devices usually have, in an order in which no question is a command to
 * another: first who speaks by himself, then text, whose questions are unknown words to other text devices and garbage to
 * binary ones, then frames with checksums, last the fast buses. Nothing here makes a motor move.
 */
import { DariError } from '../protocols/errors.ts';
import type { Scheduler } from './clock.ts';
import { dynamixelInquiry, unitreeInquiry } from './identify/bus-drives.ts';
import { epos4Inquiry } from './identify/epos4.ts';
import type { AddressHints, Conversation, Inquiry, PortAnswer, Round } from './identify/inquiry.ts';
import { sensorHubInquiry } from './identify/sensor-hub.ts';
import { cubemarsV3Inquiry, vescInquiry } from './identify/servo-drives.ts';
import { slcanInquiry } from './identify/slcan.ts';
import { moteusInquiry, odriveInquiry } from './identify/text-drives.ts';
import { TRANSPORT_WRITE_MAX_BYTES, type ByteTransport } from './transport/transport.ts';

export const inquiries: readonly Inquiry[] = [sensorHubInquiry, slcanInquiry, odriveInquiry, moteusInquiry, vescInquiry, cubemarsV3Inquiry, epos4Inquiry, dynamixelInquiry, unitreeInquiry];

/** Most devices first, so that a port is seldom asked at more than two speeds. */
export const usualBauds: readonly number[] = [921_600, 115_200, 57_600, 1_000_000, 2_000_000, 4_000_000, 3_000_000];

const WRITE_AGAIN_MS = 2;
const WRITE_ATTEMPTS = 50;

export interface DiscoveryOptions {
  readonly scheduler: Scheduler;
  /** Only this speed, and then every protocol; a converter on the network has its own. */
  readonly baud?: number;
  readonly hints?: AddressHints;
}

/**
 * @param openAt a fresh transport for the port at a speed
 * @returns null when nobody is heard that Dari knows
 * @throws DariError `portNotFound`, `portBusy`, `portPermission`, `portFailed`
 */
export async function identifyPort(openAt: (baud: number) => ByteTransport, { scheduler, baud, hints = new Map() }: DiscoveryOptions): Promise<PortAnswer | null> {
  const bauds = baud === undefined ? usualBauds : [baud];
  let refused = 0;
  for (const speed of bauds) {
    const asked = baud === undefined ? inquiries.filter((inquiry) => inquiry.bauds.includes(speed)) : inquiries;
    try {
      const answer = await askAt(openAt(speed), speed, asked, scheduler, hints);
      if (answer !== null) return answer;
    } catch (error) {
      // Few adapters can do every speed; one that can do none is broken.
      if (!(error instanceof DariError) || error.code !== 'portFailed' || ++refused === bauds.length) throw error;
    }
  }
  return null;
}

async function askAt(transport: ByteTransport, baud: number, asked: readonly Inquiry[], scheduler: Scheduler, hints: AddressHints): Promise<PortAnswer | null> {
  const exchange = new Exchange(transport, scheduler);
  try {
    await exchange.open();
    for (const inquiry of asked) {
      const found = await exchange.hold(inquiry.start(hints));
      if (found !== null) return { ...found, baud };
      if (exchange.closed) break;
    }
    return null;
  } finally {
    await transport.close();
  }
}

/** Lets one conversation after the other have the port. */
class Exchange {
  closed = false;
  #listen: (chunk: Uint8Array) => void = () => {};
  #onChunk: () => void = () => {};

  constructor(
    private readonly transport: ByteTransport,
    private readonly scheduler: Scheduler,
  ) {}

  async open(): Promise<void> {
    await this.transport.open({
      onOpen: () => {},
      onBytes: (chunk) => {
        this.#listen(chunk);
        this.#onChunk();
      },
      onClosed: () => {
        this.closed = true;
        this.#onChunk();
      },
    });
  }

  async hold({ listen, talk }: Conversation): Promise<Omit<PortAnswer, 'baud'> | null> {
    this.#listen = listen;
    for (;;) {
      const step = talk.next();
      if (step.done === true) return step.value;
      if (this.closed) return null;
      await this.#round(step.value);
    }
  }

  async #round({ bytes, patienceMs, answered }: Round): Promise<void> {
    for (let at = 0; at < bytes.length; at += TRANSPORT_WRITE_MAX_BYTES) await this.#write(bytes.subarray(at, at + TRANSPORT_WRITE_MAX_BYTES));
    if (answered() || this.closed) return;
    await new Promise<void>((resolve) => {
      const cancel = this.scheduler.after(patienceMs, resolve);
      this.#onChunk = () => {
        if (!answered() && !this.closed) return;
        cancel();
        resolve();
      };
    });
    this.#onChunk = () => {};
  }

  async #write(bytes: Uint8Array): Promise<void> {
    for (let attempt = 0; attempt < WRITE_ATTEMPTS && !this.closed; attempt++) {
      if (this.transport.write(bytes)) return;
      await new Promise<void>((resolve) => void this.scheduler.after(WRITE_AGAIN_MS, resolve));
    }
  }
}
