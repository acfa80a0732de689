/**
 * Drives on a bench, for people who test a host of their own: one kind, each with a load, under power since a while.
 * One port for those that share a bus, else one port per drive.
 */
import type { DriveProfile, LinkProtocol } from '../protocols/drive-profile.ts';
import type { LinkProfile } from '../protocols/profile.ts';
import { Cables } from './cables.ts';
import { bareAkV3 } from './drives/ak-v3-drive.ts';
import { BenchLoad } from './drives/bench-load.ts';
import { bareCia402 } from './drives/cia402-drive.ts';
import { bareCubemarsV1 } from './drives/cubemars-v1-drive.ts';
import { bareCubemarsV3 } from './drives/cubemars-v3-drive.ts';
import { LINE_STEP_US, STEP_US, type SendBytes, type VirtualDrive } from './drives/device.ts';
import { bareDynamixel } from './drives/dynamixel-drive.ts';
import { bareEpos4 } from './drives/epos4-drive.ts';
import { createVirtualLine } from './drives/lines.ts';
import { bareMit } from './drives/mit-drive.ts';
import { bareMoteus } from './drives/moteus-drive.ts';
import { bareOdrive } from './drives/odrive-drive.ts';
import { bareUnitree } from './drives/unitree-drive.ts';
import { bareVesc } from './drives/vesc-drive.ts';
import { isRobotFault, type FaultOrder } from './faults/catalogue.ts';
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
/** Pseudo-terminals that one simulator opens at most. */
const MOST_PORTS = 32;
/** An ODrive v3 has two axes, 0 and 1. */
const ODRIVE_AXES = 2;

const slcanMit: BareKind = { protocol: 'slcan', baud: SLCAN_BAUD, perPort: 127, most: 127, profile: bareMit };
const slcan402: BareKind = { protocol: 'slcan', baud: SLCAN_BAUD, perPort: 127, most: 127, profile: bareCia402 };

/**
 * By the words of `dari sim --drive`. Baud rates as delivered: VESC and ODrive UART, EPOS4 RS232 115 200; AK drives'
 * UART (R-Link) and fdcanusb lines of a moteus 921 600; Dynamixel X series 57 600 (control table, address 8);
 * GO-M8010-6 4 M (its manuals).
 */
const kinds = {
  vesc: { protocol: 'vesc', baud: 115_200, perPort: 1, most: MOST_PORTS, profile: bareVesc },
  'cubemars-v1': { protocol: 'cubemars-v1', baud: 921_600, perPort: 1, most: MOST_PORTS, profile: bareCubemarsV1 },
  'cubemars-v3': { protocol: 'cubemars-v3', baud: 921_600, perPort: 1, most: MOST_PORTS, profile: bareCubemarsV3 },
  'odrive-ascii': { protocol: 'odrive-ascii', baud: 115_200, perPort: ODRIVE_AXES, most: ODRIVE_AXES * MOST_PORTS, profile: (number) => bareOdrive((number - 1) % ODRIVE_AXES) },
  'slcan-402': slcan402,
  'slcan-mit': slcanMit,
  /** More uploads, at 500 Hz each, do not fit through the adapter's port. */
  'slcan-mit-v3': { protocol: 'slcan', baud: SLCAN_BAUD, perPort: 6, most: 6, profile: bareAkV3 },
  moteus: { protocol: 'moteus', baud: 921_600, perPort: 126, most: 126, profile: bareMoteus },
  dynamixel2: { protocol: 'dynamixel2', baud: 57_600, perPort: 252, most: 252, profile: bareDynamixel },
  epos4: { protocol: 'epos4', baud: 115_200, perPort: 1, most: MOST_PORTS, profile: bareEpos4 },
  unitree: { protocol: 'unitree', baud: 4_000_000, perPort: 14, most: 14, profile: bareUnitree },
  mit: slcanMit,
  cia402: slcan402,
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

  setPatient(): void {
    throw new RangeError('bare drives have no patient; simulate a robot for that');
  }

  prompt(): void {
    throw new RangeError('bare drives have no patient; simulate a robot for that');
  }

  setBrake(): void {
    throw new RangeError('bare drives have no brake; simulate a robot for that');
  }

  fault(order: FaultOrder): void {
    if (isRobotFault(order)) throw new RangeError(`bare drives have no joints, patient or hub for the fault ${order.kind}; simulate a robot for that`);
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
