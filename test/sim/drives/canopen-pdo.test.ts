import { describe, expect, test } from 'vitest';
import { bench } from './cia402-bench.ts';

describe('PDOs', () => {
  test('go and come only while operational', () => {
    const { bus } = bench();
    expect(bus.ask('t0800')).toEqual([]);
    bus.ask('t20120600');
    expect(bus.read(1, 0x6041) & 0x6f).toBe(0x40);
    bus.ask('t00020101');
    expect(bus.ask('t0800').map((line) => line.slice(0, 5))).toEqual(['t2818', 't3812']);
    expect(bus.ask('t20120600')[0]).toMatch(/^t181231/);
    expect(bus.read(1, 0x6041) & 0x6f).toBe(0x21);
  });

  test('are mapped anew in the order of CORC, also with its disabled identifier cut to 32 bits', () => {
    const { bus } = bench();
    // generateTPDOConfigSDO({STATUS_WORD}, 1, 1): 0x800000000 + 0x181 stands as 0x181 in 32 bits.
    expect(bus.write(1, 0x1800, 1, 0x4000_0181, 4)).toBe('');
    expect(bus.write(1, 0x1a00, 0, 0, 1)).toBe('');
    expect(bus.write(1, 0x1800, 2, 1, 1)).toBe('');
    expect(bus.write(1, 0x1a00, 1, 0x6041_0010, 4)).toBe('');
    expect(bus.write(1, 0x1a00, 2, 0x6061_0008, 4)).toBe('');
    expect(bus.write(1, 0x1a00, 0, 2, 1)).toBe('');
    expect(bus.write(1, 0x1800, 1, 0x4000_0181, 4)).toBe('');
    bus.write(1, 0x6060, 0, 10, 1);
    bus.ask('t00020101');
    // The captured TPDO of the design is t1813210000: ready to switch on, and a byte.
    expect(bus.ask('t0800')[0]).toMatch(/^t18135002(0A)$/);
    // The captured RPDO t2013060000 is longer than the mapping; the rest is ignored.
    expect(bus.ask('t2013060000')).toEqual([]);
    expect(bus.ask('t0800')[0]).toMatch(/^t18133102(0A)$/);
  });

  test('are read and saved in the order of canopen-python', () => {
    const { bus } = bench();
    expect(bus.read(1, 0x1801, 1)).toBe(0x4000_0281);
    expect(bus.read(1, 0x1801, 2)).toBe(1);
    expect(bus.upload(1, 0x1801, 6)).toBe('06090011');
    expect([bus.read(1, 0x1a01), bus.read(1, 0x1a01, 1), bus.read(1, 0x1a01, 2)]).toEqual([2, 0x6064_0020, 0x606c_0020]);
    expect(bus.write(1, 0x1801, 1, 0xc000_0281, 4)).toBe('');
    expect(bus.write(1, 0x1801, 2, 255, 1)).toBe('');
    expect(bus.write(1, 0x1801, 3, 100, 2)).toBe('');
    expect(bus.write(1, 0x1801, 5, 50, 2)).toBe('');
    expect(bus.write(1, 0x1a01, 0, 0, 1)).toBe('');
    expect(bus.write(1, 0x1a01, 1, 0x6064_0020, 4)).toBe('');
    expect(bus.write(1, 0x1a01, 0, 1, 1)).toBe('');
    expect(bus.write(1, 0x1801, 1, 0x4000_0281, 4)).toBe('');
    bus.ask('t00020101', 0);
    expect(bus.run(501).filter((line) => line === 't281400000000')).toHaveLength(10);
  });

  test.each([
    [0x1a00, 1, 0x6041_0010, '06010000', 'while the map is in force'],
    [0x1a00, 0, 9, '06090031', 'more than eight'],
    [0x1800, 1, 0x4000_0182, '06090030', 'another identifier while valid'],
  ])('refuse %i sub %i = %i (%s, %s)', (index, sub, value, code) => {
    const { bus } = bench();
    expect(bus.write(1, index, sub, value, sub === 0 ? 1 : 4)).toBe(code);
  });

  test.each([
    [0x5000_0010, '06020000'],
    [0x1018_0920, '06090011'],
    [0x6502_0020, '06040041'],
    [0x6041_0020, '06040041'],
  ])('refuse to carry %i (%s)', (entry, code) => {
    const { bus } = bench();
    bus.write(1, 0x1a00, 0, 0, 1);
    expect(bus.write(1, 0x1a00, 1, entry, 4)).toBe(code);
  });

  test('refuse more than 8 bytes, and report a frame that is too short', () => {
    const { bus } = bench();
    bus.write(1, 0x1a00, 0, 0, 1);
    for (const sub of [1, 2, 3]) bus.write(1, 0x1a00, sub, 0x6064_0020, 4);
    expect(bus.write(1, 0x1a00, 0, 3, 1)).toBe('06040042');
    bus.ask('t00020101');
    expect(bus.ask('t201106')).toEqual(['t08181082110000000000']);
  });

  test('with a synchronous type wait for the SYNC', () => {
    const { bus } = bench();
    bus.write(1, 0x1400, 2, 1, 1);
    bus.ask('t00020101');
    expect(bus.ask('t20120600')).toEqual([]);
    expect(bus.ask('t0800').find((line) => line.startsWith('t181'))).toMatch(/^t181231/);
  });
});
