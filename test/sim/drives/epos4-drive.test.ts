/** An EPOS4 on its serial port, asked with the bytes of other people's hosts. */
import { describe, expect, test } from 'vitest';
import { crc16Xmodem } from '../../../protocols/checksums.ts';
import { Epos4Splitter } from '../../../protocols/wire/epos4.ts';
import { bareEpos4, EPOS4_BOOT_US, Epos4Drive } from '../../../sim/drives/epos4-drive.ts';
import { Epos4Line } from '../../../sim/drives/epos4-line.ts';
import { TestLoad } from '../../hal/drives/line-rig.ts';

const STEP_US = 250;
const le = (value: number, bytes: number): number[] => Array.from({ length: bytes }, (_, k) => Math.floor((value < 0 ? value + 2 ** (8 * bytes) : value) / 256 ** k) & 0xff);

/** A frame as the Communication Guide builds it. */
function frame(opcode: number, data: readonly number[]): number[] {
  const plain = [opcode, data.length / 2, ...data];
  const crc = crc16Xmodem(Uint8Array.from(plain, (_, k) => plain[k ^ 1]!));
  return [0x90, 0x02, ...[...plain, crc & 0xff, crc >> 8].flatMap((byte) => (byte === 0x90 ? [byte, byte] : [byte]))];
}

function bench(count = 1) {
  const loads = Array.from({ length: count }, () => new TestLoad());
  const drives = loads.map((load, k) => new Epos4Drive(bareEpos4(k + 1), load));
  const answers: number[][] = [];
  const raw: number[] = [];
  const splitter = new Epos4Splitter({ onFrame: (bytes) => answers.push([...bytes]), onDiscarded: () => {} });
  const line = new Epos4Line(drives, (bytes) => {
    raw.push(...bytes);
    splitter.push(bytes);
  });
  let nowUs = 0;
  const advance = (us: number): void => {
    for (const end = nowUs + us; nowUs < end; ) {
      nowUs += STEP_US;
      line.step(nowUs);
      if (nowUs % 1_000 !== 0) continue;
      for (const drive of drives) drive.step(nowUs, 0.001);
      for (const load of loads) load.step(0.001);
    }
  };
  const ask = (bytes: readonly number[], waitUs = 3_000): number[] => {
    answers.length = 0;
    raw.length = 0;
    line.receive(Uint8Array.from(bytes), nowUs);
    advance(waitUs);
    return answers[0] ?? [];
  };
  const number = (bytes: readonly number[]): number => bytes.reduce((value, byte, k) => value + byte * 256 ** k, 0);
  /** @returns [error, data] */
  const read = (index: number, sub = 0, node = 1): number[] => {
    const answer = ask(frame(0x60, [node, ...le(index, 2), sub]));
    return [number(answer.slice(2, 6)), number(answer.slice(6, 10))];
  };
  const write = (index: number, value: number, sub = 0, node = 1): number => number(ask(frame(0x68, [node, ...le(index, 2), sub, ...le(value, 4)])).slice(2, 6));
  for (const drive of drives) drive.setPower(true, 0);
  advance(EPOS4_BOOT_US + 1_000);
  const enable = (mode: number): void => {
    write(0x6060, mode);
    for (const word of [0x00, 0x06, 0x07, 0x0f]) write(0x6040, word);
  };
  return { line, drives, loads, raw, ask, advance, read, write, enable };
}

describe('frames', () => {
  test('a read is answered by error code and four data bytes, a write by an error code', () => {
    const { ask, raw } = bench();
    expect(ask(frame(0x60, [1, 0x41, 0x60, 0]))).toEqual([0, 4, 0, 0, 0, 0, 0x50, 0x04, 0, 0]);
    expect(raw).toHaveLength(14);
    expect(ask(frame(0x68, [1, 0x60, 0x60, 0, 10, 0, 0, 0]))).toEqual([0, 2, 0, 0, 0, 0]);
    expect(raw).toHaveLength(10);
  });

  test('a 90h in the data goes and comes twice', () => {
    const { ask, write, raw } = bench();
    expect(write(0x607a, 0x9090)).toBe(0);
    expect(ask(frame(0x60, [1, 0x7a, 0x60, 0])).slice(6)).toEqual([0x90, 0x90, 0, 0]);
    expect(raw.filter((byte) => byte === 0x90).length).toBeGreaterThanOrEqual(5);
  });

  test('errors are those of the guide', () => {
    const { ask, read, write } = bench();
    const code = (bytes: readonly number[]): number => bytes.slice(2, 6).reduce((value, byte, k) => value + byte * 256 ** k, 0);
    // A read is answered in 14 bytes also then: SerialEpos4.py looks for the error code only in those.
    expect(ask(frame(0x60, [1, 0xff, 0x5f, 0]))).toEqual([0, 4, ...le(0x0602_0000, 4), 0, 0, 0, 0]);
    expect(read(0x5fff)[0]).toBe(0x0602_0000);
    expect(read(0x1018, 9)[0]).toBe(0x0609_0011);
    expect(write(0x6041, 1)).toBe(0x0601_0002);
    expect(write(0x6060, 77)).toBe(0x0609_0030);
    expect(write(0x2000, 200)).toBe(0x0609_0030);
    expect(code(ask(frame(0x44, [1, 0])))).toBe(0x0504_0001);
    const wrong = frame(0x60, [1, 0x41, 0x60, 0]);
    wrong[wrong.length - 1]! ^= 0x55;
    expect(code(ask(wrong))).toBe(0x0504_0004);
    expect(read(0x6041, 0, 5)[0]).toBe(0x0504_0000);
  });

  test('half a frame is given up after the frame timeout, 500 ms as delivered', () => {
    const { ask, read, advance } = bench();
    expect(read(0x2005)).toEqual([0, 500]);
    ask(frame(0x68, [1, 0x60, 0x60, 0, 10, 0, 0, 0]).slice(0, 7));
    advance(600_000);
    expect(read(0x6041)[0]).toBe(0);
  });

  test('a name is read by a segmented read, whose first data come at once', () => {
    const { ask } = bench();
    const answer = ask(frame(0x81, [1, 0x08, 0x10, 0]));
    expect(answer.slice(2, 6)).toEqual([0, 0, 0, 0]);
    expect(answer.slice(6, 10)).toEqual([5, 0, 0, 0]);
    expect(answer[10]).toBe(5);
    expect(String.fromCharCode(...answer.slice(11, 16))).toBe('EPOS4');
    expect(ask(frame(0x62, [0, 0])).slice(2, 6)).toEqual(le(0x0504_0001, 4));
  });

  test('another node is reached through the one on the port', () => {
    const { write, read, loads } = bench(2);
    loads[1]!.position = 0.5;
    expect(read(0x6064, 0, 2)).toEqual([0, Math.round((0.5 / (2 * Math.PI)) * 655_360)]);
    expect(write(0x6060, 10, 0, 2)).toBe(0);
    expect(read(0x6060)[1]).toBe(1);
  });
});

describe('the drive', () => {
  test('tells who it is', () => {
    const { read } = bench();
    expect([1, 2, 3].map((sub) => read(0x1018, sub)[1])).toEqual([0xfb, 0x6150_0000, 0x0160_0000]);
    expect(read(0x1000)[1]).toBe(0x0002_0192);
    expect(read(0x2200, 1)[1]).toBe(480);
    expect(read(0x3201, 1)[1]).toBe(250);
  });

  test('goes through its states by the control words of andresfaguirref/Epos4-python-serial and moves relatively', () => {
    const { enable, read, write, advance, loads } = bench();
    enable(1);
    // What that host compares the status word with.
    expect(read(0x6041)[1]).toBe(0x0437);
    write(0x607a, 65_536);
    write(0x6040, 0xff);
    write(0x6040, 0x0f);
    advance(8_000_000);
    expect(loads[0]!.position).toBeCloseTo(2 * Math.PI * 0.1, 1);
    write(0x6040, 0);
    expect(read(0x6041)[1]! & 0x6f).toBe(0x40);
  });

  test('gives cyclic torque in thousandths of the rated torque, within its current limit', () => {
    const { enable, write, read, advance, loads, drives } = bench();
    expect(write(0x3001, 10_000, 2)).toBe(0);
    enable(10);
    expect(drives[0]!.energised).toBe(true);
    loads[0]!.held = true;
    write(0x6071, 500);
    advance(2_000);
    expect(loads[0]!.torqueNm).toBeCloseTo(15, 5);
    expect(read(0x6077)[1]).toBe(500);
    write(0x6071, -2_900);
    advance(2_000);
    expect(loads[0]!.torqueNm).toBeCloseTo(-60, 5);
    expect(write(0x3001, 15_000, 2)).toBe(0x0800_0022);
  });

  test('gives its peak for a few seconds and then no more than its nominal current, until the winding has cooled', () => {
    const { enable, write, advance, loads } = bench();
    enable(10);
    loads[0]!.held = true;
    write(0x6071, 3_000);
    advance(2_000_000);
    expect(loads[0]!.torqueNm).toBeCloseTo(90, 5);
    advance(3_000_000);
    expect(loads[0]!.torqueNm).toBeLessThan(40);
    advance(60_000_000);
    expect(loads[0]!.torqueNm).toBeCloseTo(30, 0);
    write(0x6071, 0);
    advance(30_000_000);
    write(0x6071, 3_000);
    advance(100_000);
    expect(loads[0]!.torqueNm).toBeCloseTo(90, 5);
  });

  test('follows cyclic velocity in motor rpm and cyclic position in counts', () => {
    const { enable, write, read, advance, loads } = bench();
    enable(9);
    write(0x60ff, 160);
    advance(2_000_000);
    // 160 rpm of the motor, 80 turns of it per turn of the joint.
    expect(loads[0]!.velocity).toBeCloseTo((2 * 2 * Math.PI) / 60, 1);
    expect(read(0x606c)[1]).toBeGreaterThan(140);
    write(0x6040, 0);
    enable(8);
    const here = read(0x6064)[1]!;
    write(0x607a, here + 1_500);
    advance(1_000_000);
    expect(Math.abs(read(0x6064)[1]! - here - 1_500)).toBeLessThan(300);
  });

  test('keeps to its last target when the host falls silent, because on serial it has no watchdog', () => {
    const { enable, write, advance, loads, drives } = bench();
    enable(10);
    loads[0]!.held = true;
    write(0x6071, 100);
    advance(5_000_000);
    expect(drives[0]!.energised).toBe(true);
    expect(loads[0]!.torqueNm).toBeCloseTo(3, 5);
  });

  test('faults on a following error, brakes, and is reset by the edge of control word 80h', () => {
    const { enable, write, read, advance, loads } = bench();
    enable(8);
    loads[0]!.held = true;
    write(0x607a, 60_000);
    advance(1_000_000);
    expect(read(0x6041)[1]! & 0x4f).toBe(0x08);
    expect(read(0x603f)[1]).toBe(0x8611);
    expect(read(0x1003)[1]).toBe(1);
    expect(read(0x1003, 1)[1]).toBe(0x8611);
    write(0x6040, 0x80);
    expect(read(0x6041)[1]! & 0x4f).toBe(0x40);
    expect(read(0x603f)[1]).toBe(0);
  });

  test('is silent while it boots, after NMT reset as after power, and comes back disabled with its defaults', () => {
    const { enable, ask, read, advance, drives } = bench();
    enable(10);
    ask(frame(0x70, [1, 0, 129, 0]));
    expect(drives[0]!.energised).toBe(false);
    expect(ask(frame(0x60, [1, 0x41, 0x60, 0]))).toEqual([]);
    advance(EPOS4_BOOT_US);
    expect(read(0x6041)[1]! & 0x6f).toBe(0x40);
    expect(read(0x6060)[1]).toBe(1);
    drives[0]!.setPower(false, 0);
    expect(ask(frame(0x60, [1, 0x41, 0x60, 0]))).toEqual([]);
  });

  test('shows its faults on the wire as the contract says', () => {
    const { write, read, drives, loads } = bench();
    const { faults } = drives[0]!;
    faults.wrongIdentity = true;
    expect(read(0x1018, 2)[1]).toBe(0x6150_0001);
    faults.wrongMode = true;
    expect(read(0x6061)[1]).toBe(3);
    faults.ignoresCommands = true;
    expect(write(0x6040, 6)).toBe(0);
    expect(read(0x6041)[1]! & 0x6f).toBe(0x40);
    faults.frozenReport = true;
    loads[0]!.position = 1;
    expect(read(0x6064)[1]).toBe(0);
  });
});
