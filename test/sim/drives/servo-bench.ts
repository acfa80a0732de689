/** One virtual drive of the VESC family on a free joint, spoken to in bytes as another's host would. */
import type { JointPort, SendBytes, VirtualDevice, VirtualDrive } from '../../../sim/drives/device.ts';
import { TestLoad } from '../../hal/drives/line-rig.ts';

export const hex = (bytes: Iterable<number>): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0').toUpperCase()).join(' ');
export const bytesOf = (text: string): Uint8Array => Uint8Array.from(text.split(' '), (byte) => Number.parseInt(byte, 16));

/** A frame around a payload, by its own small CRC so that the codec under test does not judge itself. */
export function frame(start: number, stop: number, payload: readonly number[]): Uint8Array {
  let crc = 0;
  for (const byte of payload) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit++) crc = ((crc << 1) ^ ((crc & 0x8000) === 0 ? 0 : 0x1021)) & 0xffff;
  }
  return Uint8Array.of(start, payload.length, ...payload, crc >> 8, crc & 0xff, stop);
}

export const i32 = (value: number): number[] => [value >> 24, value >> 16, value >> 8, value].map((byte) => byte & 0xff);

export function servoBench(make: (joint: JointPort, send: SendBytes) => VirtualDrive & { readonly device: VirtualDevice }, load = new TestLoad()) {
  let answer: number[] = [];
  const drive = make(load, (bytes) => answer.push(...bytes));
  let nowUs = 0;

  /** Time goes on; `every` is sent once per cycle of 4 ms, as a streaming host does. */
  function run(ms: number, every?: Uint8Array): void {
    for (let i = 0; i < ms; i++) {
      if (every !== undefined && i % 4 === 0) drive.device.receive(every, nowUs);
      for (let quarter = 0; quarter < 4; quarter++) drive.device.step((nowUs += 250));
      drive.step(nowUs, 0.001);
      load.step(0.001);
    }
  }

  function ask(...requests: readonly Uint8Array[]): number[] {
    answer = [];
    for (const request of requests) drive.device.receive(request, nowUs);
    return answer;
  }

  drive.setPower(true, 0);
  return { drive, load, run, ask, take: () => answer.splice(0), now: () => nowUs };
}
