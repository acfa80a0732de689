import { describe, expect, test } from 'vitest';
import { bench, text } from './cia402-bench.ts';

describe('the SDO server', () => {
  test('tells its identity; the name and version come in segments', () => {
    const { bus } = bench();
    expect(bus.ask('t60184018100400000000')).toEqual(['t5818431810042A000000']);
    expect(bus.read(1, 0x1018, 1)).toBe(0xfb);
    expect(bus.read(1, 0x1000)).toBe(0x20192);
    expect(text(bus.upload(1, 0x1008))).toBe('EPOS4 50/15');
    expect(text(bus.upload(1, 0x100a))).toBe('1.0.0');
    expect(bus.read(1, 0x6502)).toBe(0x3ad);
  });

  test.each([
    ['4000500000000000', '06020000', 'no object'],
    ['4018100900000000', '06090011', 'no sub-index'],
    ['2B41600000000000', '06010002', 'read-only'],
    ['2B60600008000000', '06070012', 'too long'],
    ['2F40600006000000', '06070013', 'too short'],
    ['2F60600005000000', '06090030', 'a mode it has not'],
    ['2B07600009000000', '06090031', 'too high'],
    ['2B076000FFFF0000', '06090032', 'too low'],
    ['A008100000000000', '05040001', 'block upload'],
    ['6000000000000000', '05040001', 'a segment of nothing'],
    ['2310160011111111', '06020000', 'an object that is not there'],
  ])('aborts %s with %s (%s)', (request, code) => {
    const { bus } = bench();
    const [reply] = bus.ask(`t6018${request}`);
    expect(reply?.slice(0, 7)).toBe('t581880');
    expect(Buffer.from(reply!.slice(13), 'hex').readUInt32LE().toString(16).toUpperCase().padStart(8, '0')).toBe(code);
  });

  test('takes a value in segments, as with force_segment', () => {
    const { bus } = bench();
    expect(bus.ask('t60182181600004000000')).toEqual(['t58186081600000000000']);
    expect(bus.ask('t601807D2040000000000')).toEqual(['t58182000000000000000']);
    expect(bus.read(1, 0x6081)).toBe(1234);
  });

  test('aborts a transfer whose toggle bit is wrong, and forgets it', () => {
    const { bus } = bench();
    bus.ask('t60184008100000000000');
    expect(bus.ask('t60187000000000000000')).toEqual(['t58188008100000000305']);
    expect(bus.ask('t60186000000000000000')).toEqual(['t58188000000001000405']);
  });

  test('takes an expedited value whose size is not told', () => {
    const { bus } = bench();
    expect(bus.ask('t60182260600008000000')).toEqual(['t58186060600000000000']);
    expect(bus.read(1, 0x6061)).toBe(8);
  });

  test('says nothing while stopped', () => {
    const { bus } = bench();
    bus.ask('t00020201');
    expect(bus.ask('t60184041600000000000')).toEqual([]);
  });
});
