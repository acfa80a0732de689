/**
 * Drives on a bench, for people who test a host of their own: one kind, each with a load, under power since a while.
 * One port for those that share a bus, else one port per drive.
 */
import type { DriveProfile, LinkProtocol } from '../protocols/drive-profile.ts';
import type { LinkProfile } from '../protocols/profile.ts';
import { Cables } from './cables.ts';
import { BenchLoad } from './drives/bench-load.ts';
import { LINE_STEP_US, STEP_US, type SendBytes, type VirtualDrive } from './drives/device.ts';
import { createVirtualLine } from './drives/lines.ts';
import { bareMit } from './drives/mit-drive.ts';
import { bareUnitree } from './drives/unitree-drive.ts';
import type { FaultOrder } from './faults/catalogue.ts';
import { beatUsOf, type Machine } from './machine.ts';

interface BareKind {
  readonly protocol: LinkProtocol;
  /** What the product is delivered with. */
  readonly baud: number;
  /** How many share a port. */
  readonly perPort: number;
  readonly most: number;
  /** By its number, from 1. */
  readonly profile: (number: number) => DriveProfile;
}

/** USB adapters have no baud of their own; this is what the FTDI chip of a CANUSB is commonly opened with. */
const SLCAN_BAUD = 921_600;

const slcanMit: BareKind = { protocol: 'slcan', baud: SLCAN_BAUD, perPort: 127, most: 127, profile: bareMit };

/** By the words of `dari sim --drive`. */
const kinds = {
  'slcan-mit': slcanMit,
  mit: slcanMit,
  unitree: { protocol: 'unitree', baud: 4_000_000, perPort: 14, most: 14, profile: bareUnitree },
} satisfies Record<string, BareKind>;

export type BareKindName = keyof typeof kinds;
export const bareKindNames = Object.keys(kinds) as readonly BareKindName[];
export const isBareKind = (name: string): name is BareKindName => Object.hasOwn(kinds, name);
export const mostBareDrives = (name: BareKindName): number => kinds[name].most;

export interface BareDrivesOptions {
  readonly kind: BareKindName;
  readonly count: number;
  /** Instead of the product's own. */
  readonly baud?: number;
  readonly seed: number;
}

/** Longer than the longest boot: who opens a port meets drives that answer. */
const POWERED_BEFORE_US = 3_000_000;

export class BareDrives implements Machine {
  readonly links: readonly LinkProfile[];
  readonly beatUs: number;
  /** In the order of their numbers; the truth, for tests. */
  readonly loads: readonly BenchLoad[];
  readonly #cables: Cables;
  readonly #drives: VirtualDrive[] = [];
  #nowUs = 0;
  #powered = true;

  constructor({ kind, count, baud, seed }: BareDrivesOptions) {
    const { protocol, perPort, profile, ...standard }: BareKind = kinds[kind];
    const profiles = Array.from({ length: count }, (_, i) => profile(i + 1));
    const ports = Math.ceil(count / perPort);
    this.loads = profiles.map((drive) => new BenchLoad(drive));
    this.links = Array.from({ length: ports }, (_, i) => ({ id: ports === 1 && perPort > 1 ? kind : `${kind}-${i + 1}`, protocol, baud: baud ?? standard.baud }));
    this.beatUs = beatUsOf(this.links);
    this.#cables = new Cables(this.links, seed, (link, send) => {
      const first = this.links.indexOf(link) * perPort;
      return this.#serve(link, profiles.slice(first, first + perPort), this.loads.slice(first, first + perPort), send);
    });
    this.advanceTo(POWERED_BEFORE_US);
  }

  get nowUs(): number {
    return this.#nowUs;
  }

  connect(linkId: string, host: SendBytes): void {
    this.#cables.connect(linkId, host);
  }

  disconnect(linkId: string): void {
    this.#cables.disconnect(linkId);
  }

  receive(linkId: string, bytes: Uint8Array, atUs: number): void {
    this.#cables.receive(linkId, bytes, atUs);
  }

  advanceTo(targetUs: number): void {
    while (this.#nowUs + LINE_STEP_US <= targetUs) this.#step();
  }

  /** The bench has one supply. */
  setEstop(open: boolean): void {
    this.#powered = !open;
  }

  setPatientButton(): void {
    throw new RangeError('bare drives have no patient button; simulate a robot for that');
  }

  setBrake(): void {
    throw new RangeError('bare drives have no brake; simulate a robot for that');
  }

  fault(order: FaultOrder): void {
    this.#cables.fault(order);
  }

  clearFaults(linkId: string | null): void {
    this.#cables.clearFaults(linkId);
  }

  dispose(): void {}

  #step(): void {
    this.#cables.arrive(this.#nowUs);
    if (this.#nowUs % STEP_US === 0) this.#stepDrives();
    this.#nowUs += LINE_STEP_US;
    if (this.#nowUs % STEP_US === 0) for (const load of this.loads) load.step(STEP_US / 1e6);
    this.#cables.leave(this.#nowUs);
  }

  #stepDrives(): void {
    for (const drive of this.#drives) {
      drive.setPower(this.#powered, this.#nowUs);
      drive.step(this.#nowUs, STEP_US / 1e6);
    }
  }

  #serve(link: LinkProfile, profiles: readonly DriveProfile[], loads: readonly BenchLoad[], send: SendBytes) {
    const seats = profiles.flatMap((drive, i) => (loads[i] === undefined ? [] : [{ drive, joint: loads[i] }]));
    const { device, drives } = createVirtualLine(link, seats, send);
    this.#drives.push(...drives);
    return { device, drives: drives.map((drive, i) => ({ drive, address: profiles[i]?.address ?? 0 })) };
  }
}
