/** The serial cables of what is simulated, on virtual time: a device and its drives at one end, a host at the other. */
import { createRandom } from '../protocols/random.ts';
import type { LinkProfile } from '../protocols/profile.ts';
import type { SendBytes, VirtualDevice, VirtualDrive } from './drives/device.ts';
import { createLineFault, driveFaults, isDriveFault, type CableFaultOrder, type DriveFaultOrder, type LineFaultOrder } from './faults/catalogue.ts';
import type { LineDirection } from './faults/fault.ts';
import { FaultStack } from './faults/fault-stack.ts';
import { PacedLine } from './pacing.ts';

/** What sits at the far end of a cable. */
export interface CableEnd {
  readonly device: VirtualDevice;
  readonly drives: readonly { readonly address: number; readonly drive: VirtualDrive }[];
}

interface Cable extends CableEnd {
  readonly link: LinkProfile;
  readonly toDevice: PacedLine;
  readonly toHost: PacedLine;
  readonly faults: Readonly<Record<LineDirection, FaultStack>>;
  readonly deliver: SendBytes;
  host: SendBytes | null;
}

/** Weyl constant of the golden ratio: spreads the seeds of faults that were ordered one after the other. */
const GOLDEN = 0x9e37_79b9;

const LINE_BYTES = 16_384;
/**
 * USB adapters, and drives with USB of their own, hand what they have collected to the host in packets, of 512 bytes at
 * high speed (USB 2.0, 5.8.3): an answer is there at once. PyVESC decodes what has come as soon as it sees a few bytes.
 */
const ADAPTER_PACKET_BYTES = 512;

export class Cables {
  readonly #cables: readonly Cable[];
  readonly #seed: number;
  #faultsOrdered = 0;
  #nowUs = 0;

  constructor(links: readonly LinkProfile[], seed: number, endOf: (link: LinkProfile, send: SendBytes) => CableEnd) {
    this.#seed = seed;
    this.#cables = links.map((link) => {
      const [toDevice, toHost] = [new PacedLine(link.baud), new PacedLine(link.baud, LINE_BYTES, ADAPTER_PACKET_BYTES)];
      const faults = { toDevice: new FaultStack(toDevice), toHost: new FaultStack(toHost) };
      const end = endOf(link, (bytes) => faults.toHost.push(bytes, this.#nowUs));
      return { ...end, link, toDevice, toHost, faults, deliver: (bytes) => end.device.receive(bytes, this.#nowUs), host: null };
    });
  }

  /** Plugs a host in: it gets each chunk as it leaves the wire. @throws RangeError for an unknown link */
  connect(linkId: string, host: SendBytes): void {
    this.#cable(linkId).host = host;
  }

  /** Pulls the cable: what is on its way, in both directions, is gone. */
  disconnect(linkId: string): void {
    const cable = this.#cable(linkId);
    cable.host = null;
    cable.device.unplugged();
    cable.faults.toDevice.clear();
    cable.faults.toHost.clear();
  }

  /** Bytes that the host hands to the wire at `atUs` (not before now). */
  receive(linkId: string, bytes: Uint8Array, atUs: number): void {
    const { host, faults } = this.#cable(linkId);
    if (host !== null) faults.toDevice.push(bytes, Math.max(atUs, this.#nowUs));
  }

  /** A line step begins: devices handle what has arrived by `nowUs`, and send what is due. */
  arrive(nowUs: number): void {
    this.#nowUs = nowUs;
    for (const { faults, toDevice, deliver } of this.#cables) {
      faults.toDevice.step(nowUs);
      toDevice.release(nowUs, deliver);
    }
    for (const { device } of this.#cables) device.step(nowUs);
  }

  /** It ends at `nowUs`: hosts get what has crossed the wire until then. */
  leave(nowUs: number): void {
    this.#nowUs = nowUs;
    for (const { faults, toHost, host } of this.#cables) {
      faults.toHost.step(nowUs);
      toHost.release(nowUs, host ?? discard);
    }
  }

  /** @throws RangeError for an unknown link, or one without such a drive */
  fault(order: CableFaultOrder): void {
    const cable = this.#cable(order.link);
    if (isDriveFault(order)) this.#faultDrives(cable, order);
    else this.#faultLine(cable, order);
  }

  /** Lifts the faults of a link and its drives, or of all. @throws RangeError for an unknown link */
  clearFaults(linkId: string | null): void {
    for (const { faults, drives } of linkId === null ? this.#cables : [this.#cable(linkId)]) {
      faults.toDevice.lift(this.#nowUs);
      faults.toHost.lift(this.#nowUs);
      for (const { drive } of drives) for (const fault of Object.values(driveFaults)) fault.switchOff(drive);
    }
  }

  #faultLine({ faults, link }: Cable, order: LineFaultOrder): void {
    for (const direction of ['toHost', 'toDevice'] as const) {
      if (order.direction !== undefined && order.direction !== direction) continue;
      const random = createRandom(this.#seed + GOLDEN * ++this.#faultsOrdered);
      faults[direction].add((behind) => createLineFault(order, behind, random, link.baud));
    }
  }

  #faultDrives({ drives, link }: Cable, order: DriveFaultOrder): void {
    const meant = drives.filter(({ address }) => order.address === undefined || order.address === address);
    if (meant.length === 0) throw new RangeError(`there is no ${order.address === undefined ? 'drive' : `drive ${order.address}`} on the link "${link.id}"`);
    for (const { drive } of meant) driveFaults[order.kind].switchOn(drive, this.#nowUs);
  }

  #cable(linkId: string): Cable {
    const cable = this.#cables.find((candidate) => candidate.link.id === linkId);
    if (cable === undefined) throw new RangeError(`there is no link "${linkId}"; there are ${this.#cables.map(({ link }) => link.id).join(', ')}`);
    return cable;
  }
}

/** Nobody is plugged in. */
const discard: SendBytes = () => {};
