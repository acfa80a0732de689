import { crc16Dynamixel } from '../../../protocols/checksums.ts';
import { DxlPacket, DxlSplitter } from '../../../protocols/wire/dynamixel.ts';
import type { DriveProfileOf } from '../../../protocols/drive-profile.ts';
import { bareDynamixel, DYNAMIXEL_BOOT_US, DynamixelDrive } from '../../../sim/drives/dynamixel-drive.ts';
import { DynamixelLine } from '../../../sim/drives/dynamixel-line.ts';
import { TestLoad } from '../../hal/drives/line-rig.ts';

export const STEP_US = 250;
const BAUD = 57_600;
export const u16 = (value: number): number[] => [value & 0xff, (value >> 8) & 0xff];
export const u32 = (value: number): number[] => [...u16(value), ...u16(value >> 16)];

/** A packet as DynamixelSDK makes it; nothing here needs stuffing. */
export function packet(id: number, instruction: number, ...parameters: number[]): number[] {
  const bytes = [0xff, 0xff, 0xfd, 0, id, ...u16(parameters.length + 3), instruction, ...parameters];
  return [...bytes, ...u16(crc16Dynamixel(Uint8Array.from(bytes)))];
}

interface Status {
  readonly id: number;
  readonly error: number;
  readonly data: number[];
  readonly atUs: number;
}

export function bench(count = 1, change: (profile: DriveProfileOf<'dynamixel2'>) => DriveProfileOf<'dynamixel2'> = (profile) => profile) {
  const loads = Array.from({ length: count }, () => new TestLoad(0.05, 0.05));
  const servos = loads.map((load, i) => new DynamixelDrive(change(bareDynamixel(i + 1)), load, BAUD));
  const raw: number[] = [];
  const answers: Status[] = [];
  const parsed = new DxlPacket();
  let nowUs = 0;
  const splitter = new DxlSplitter({
    onFrame: (frame) => {
      parsed.load(frame);
      answers.push({ id: parsed.id, error: parsed.u8(0), data: [...parsed.parameters.subarray(1, parsed.count)], atUs: nowUs });
    },
    onDiscarded: () => {},
  });
  const line = new DynamixelLine(servos, BAUD, (bytes) => {
    raw.push(...bytes);
    splitter.push(bytes);
  });
  const advance = (us: number): void => {
    for (const end = nowUs + us; nowUs < end; ) {
      nowUs += STEP_US;
      line.step(nowUs);
      if (nowUs % 1_000 !== 0) continue;
      for (const servo of servos) servo.step(nowUs, 0.001);
      for (const load of loads) load.step(0.001);
    }
  };
  /** Sends, and gives the status packets that come within the time. */
  const ask = (bytes: readonly number[], waitUs = 5_000): Status[] => {
    answers.length = 0;
    raw.length = 0;
    const askedUs = nowUs;
    line.receive(Uint8Array.from(bytes), nowUs);
    advance(waitUs);
    return answers.map((answer) => ({ ...answer, atUs: answer.atUs - askedUs }));
  };
  const write = (id: number, address: number, ...data: number[]): number => ask(packet(id, 0x03, ...u16(address), ...data))[0]?.error ?? -1;
  const read = (id: number, address: number, length: number): number[] => ask(packet(id, 0x02, ...u16(address), ...u16(length)))[0]?.data ?? [];
  const i32 = (id: number, address: number): number => new DataView(Uint8Array.from(read(id, address, 4)).buffer).getInt32(0, true);
  for (const servo of servos) servo.setPower(true, nowUs);
  advance(DYNAMIXEL_BOOT_US + 1_000);
  return { line, servos, loads, raw, ask, advance, write, read, i32 };
}
