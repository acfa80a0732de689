/**
 * Inquiry: what is asked at a port to find out whether one protocol is spoken there, and who speaks. Only questions of
 * identity, and commands that release: nothing that could move a motor.
 */
import type { DriveProtocol, LinkProtocol } from '../../protocols/drive-profile.ts';

/** One drive, as it tells; '' and absent for what its protocol does not tell. */
export interface FoundDrive {
  readonly protocol: DriveProtocol;
  readonly address: number;
  readonly model: string;
  readonly firmware: string;
  readonly serialNumber: string;
  /** Numbers that a profile is compared with. */
  readonly modelNumber?: number;
  readonly vendorId?: number;
  readonly productCode?: number;
}

/** Who speaks at a port. */
export interface PortAnswer {
  readonly protocol: LinkProtocol;
  readonly baud: number;
  /** Of the adapter or hub at the port; '' where the drive itself is there. */
  readonly model: string;
  readonly firmware: string;
  readonly serialNumber: string;
  /** Sensor hub: which joints and loads it has, and the hash of its calibration. */
  readonly hub?: { readonly joints: number; readonly footLoads: number; readonly calibration: string };
  readonly drives: readonly FoundDrive[];
}

export type Found = Omit<PortAnswer, 'baud'>;

/** One question and how long to wait; `answered` may end the wait. */
export interface Round {
  /** Empty: only listen. */
  readonly bytes: Uint8Array;
  readonly patienceMs: number;
  readonly answered: () => boolean;
}

/** Addresses worth asking beside the usual ones, by what the link speaks. */
export type AddressHints = ReadonlyMap<LinkProtocol, readonly number[]>;

export interface Conversation {
  /** What comes in meanwhile; valid only during the call. */
  readonly listen: (chunk: Uint8Array) => void;
  /** Questions one after the other; in the end who was found. */
  readonly talk: Generator<Round, Found | null, void>;
}

export interface Inquiry {
  readonly protocols: readonly LinkProtocol[];
  /** What such devices are delivered with or usually set to. */
  readonly bauds: readonly number[];
  readonly start: (hints: AddressHints) => Conversation;
}

/** A USB chip may hold an answer back for 16 ms, and this computer may be busy. */
export const PATIENCE_MS = 120;

export const ascii = (text: string): Uint8Array => Uint8Array.from(text, (letter) => letter.charCodeAt(0));

/** What an encoder of the house appends, as bytes of its own. */
export function bytesOf(encode: (out: Uint8Array, at: number) => number): Uint8Array {
  const out = new Uint8Array(1_024);
  return out.slice(0, encode(out, 0));
}

export const hex = (value: number, digits: number): string => (value >>> 0).toString(16).toUpperCase().padStart(digits, '0');

export const lone = (protocol: DriveProtocol & LinkProtocol, drives: readonly FoundDrive[]): Found => ({ protocol, model: '', firmware: '', serialNumber: '', drives });
