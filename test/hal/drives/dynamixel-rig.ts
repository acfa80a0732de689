import type { DriveProfileOf } from '../../../protocols/drive-profile.ts';
import { DxlPacket, DxlSplitter, DxlWriter, dxlInstructions } from '../../../protocols/wire/dynamixel.ts';
import type { DxlItem } from '../../../protocols/wire/dynamixel-table.ts';
import { bareDynamixel, type DynamixelDrive } from '../../../sim/drives/dynamixel-drive.ts';
import { createLineRig } from './line-rig.ts';

export const BAUD = 1_000_000;
export const servo = (address: number, change: Partial<DriveProfileOf<'dynamixel2'>> = {}): DriveProfileOf<'dynamixel2'> => ({ ...bareDynamixel(address), ...change });
export const rigOf = (drives: readonly DriveProfileOf<'dynamixel2'>[], deviceDrives = drives) => createLineRig(drives, { baud: BAUD, deviceDrives });
export const hex = (bytes: readonly number[]): string => bytes.map((byte) => byte.toString(16).padStart(2, '0').toUpperCase()).join(' ');

/** Reads and writes a servo's table behind the host's back. */
export function register(rig: ReturnType<typeof rigOf>, i: number, item: DxlItem): number {
  const out = new Uint8Array(item.bytes);
  (rig.virtual.drives[i] as DynamixelDrive).read(item.address, item.bytes, out);
  return out.reduce((value, byte, k) => value + byte * 256 ** k, 0);
}

export function poke(rig: ReturnType<typeof rigOf>, id: number, item: DxlItem, value: number): void {
  const out = new Uint8Array(64);
  rig.virtual.device.receive(out.subarray(0, new DxlWriter().begin(id, dxlInstructions.write).u16(item.address).value(value, item.bytes).end(out, 0)), rig.clock.nowUs());
}

export function instructionsIn(bytes: readonly number[]): number[] {
  const found: number[] = [];
  const packet = new DxlPacket();
  const splitter = new DxlSplitter({ onFrame: (frame) => found.push(packet.load(frame).instruction), onDiscarded: () => {} });
  splitter.push(Uint8Array.from(bytes));
  return found;
}
