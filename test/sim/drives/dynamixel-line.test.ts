import { describe, expect, test } from 'vitest';
import { STEP_US, u16, u32, packet, bench } from './dynamixel-bench.ts';

describe('reads and writes of several servos', () => {
  test('a sync read is answered in the order of its list, one after the other', () => {
    const { ask } = bench(3);
    const answers = ask(packet(254, 0x82, ...u16(132), ...u16(4), 3, 1, 2), 20_000);
    expect(answers.map(({ id, error, data }) => [id, error, data])).toEqual([3, 1, 2].map((id) => [id, 0, u32(2_048)]));
    // A status packet of 15 bytes takes 2.6 ms at 57 600 baud, and the next servo waits its 0.5 ms.
    expect(answers[1]!.atUs - answers[0]!.atUs).toBeGreaterThanOrEqual(2_604 + 500 - STEP_US);
  });

  test('the answers to a sync read end at a servo that is missing', () => {
    const { ask } = bench(3);
    expect(ask(packet(254, 0x82, ...u16(132), ...u16(4), 1, 7, 2), 20_000).map(({ id }) => id)).toEqual([1]);
  });

  test('a fast sync read is answered by one packet of id 254 with a block per servo', () => {
    const { ask, raw } = bench(2);
    const [answer] = ask(packet(254, 0x8a, ...u16(132), ...u16(4), 1, 2), 20_000);
    expect(raw).toHaveLength(8 + 2 * 8);
    expect(raw.slice(0, 10)).toEqual([0xff, 0xff, 0xfd, 0, 0xfe, 2 * 8 + 1, 0, 0x55, 0, 1]);
    expect(answer).toMatchObject({ id: 254, error: 0 });
    expect(answer!.data.slice(0, 5)).toEqual([1, ...u32(2_048)]);
    expect(answer!.data.slice(7, 13)).toEqual([0, 2, ...u32(2_048)]);
  });

  test('a fast sync read with a servo missing is never completed', () => {
    const { ask, raw } = bench(2);
    expect(ask(packet(254, 0x8a, ...u16(132), ...u16(4), 1, 7, 2), 20_000)).toEqual([]);
    expect(raw).toHaveLength(8 + 8);
    expect(ask(packet(254, 0x8a, ...u16(132), ...u16(4), 7, 1), 80_000)).toEqual([]);
    expect(raw).toHaveLength(0);
  });

  test('bulk reads, plain and fast, read each servo elsewhere', () => {
    const { ask, raw } = bench(2);
    const entries = [1, ...u16(144), ...u16(2), 2, ...u16(146), ...u16(1)];
    expect(ask(packet(254, 0x92, ...entries), 20_000).map(({ id, data }) => [id, data])).toEqual([
      [1, u16(120)],
      [2, [25]],
    ]);
    ask(packet(254, 0x9a, ...entries), 20_000);
    expect(raw).toHaveLength(8 + (2 + 4) + (1 + 4));
  });

  test('sync and bulk writes are silent and reach everyone who is listed', () => {
    const { ask, read } = bench(3);
    expect(ask(packet(254, 0x83, ...u16(65), ...u16(1), 1, 1, 3, 1), 20_000)).toEqual([]);
    expect([1, 2, 3].map((id) => read(id, 65, 1)[0])).toEqual([1, 0, 1]);
    expect(ask(packet(254, 0x93, 1, ...u16(65), ...u16(1), 0, 2, ...u16(112), ...u16(4), ...u32(77)), 20_000)).toEqual([]);
    expect(read(1, 65, 1)).toEqual([0]);
    expect(read(2, 112, 4)).toEqual(u32(77));
  });
});

test('two servos with one id spoil each other as soon as they do not say the same', () => {
  const { ask, loads } = bench(2, (profile) => ({ ...profile, address: 1 }));
  expect(ask(packet(1, 0x01))).toHaveLength(1);
  loads[1]!.position = 0.3;
  expect(ask(packet(254, 0x82, ...u16(132), ...u16(4), 1))).toEqual([]);
});

test('half a packet is forgotten when its rest does not come, so the next one is heard', () => {
  const { ask, advance } = bench();
  ask(packet(1, 0x01).slice(0, 6));
  advance(100_000);
  expect(ask(packet(1, 0x01))).toHaveLength(1);
});
