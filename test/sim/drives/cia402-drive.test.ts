/**
 * The drive as hosts written by others meet it: byte sequences of canopen-python (sdo/client.py, nmt.py, pdo/base.py,
 * profiles/p402.py) over python-can's slcan, and of CORC (core/robot/Drive.cpp).
 */
import { describe, expect, test } from 'vitest';
import { bareCia402, Cia402Drive } from '../../../sim/drives/cia402-drive.ts';
import { TestLoad } from '../../hal/drives/line-rig.ts';
import { CanBench } from './can-bench.ts';

function bench(count = 1) {
  const loads = Array.from({ length: count }, () => new TestLoad());
  const drives = loads.map((load, i) => new Cia402Drive(bareCia402(i + 1), load));
  const bus = new CanBench(drives, loads);
  bus.ask('C\rS8\r\rO\rO');
  bus.run(400);
  return { bus, drive: drives[0]!, load: loads[0]! };
}

const COUNTS = 655_360;
const text = (bytes: number[] | string): string => (typeof bytes === 'string' ? bytes : String.fromCharCode(...bytes));

/** Start, then the walk of p402: 6, 7, F. */
function enabled(mode: number) {
  const made = bench();
  made.bus.write(1, 0x6060, 0, mode, 1);
  made.bus.ask('t00020101');
  for (const word of ['06', '07', '0F']) made.bus.ask(`t2012${word}00`);
  return made;
}

describe('starting up', () => {
  test('is silent while it boots, then says so once and is pre-operational', () => {
    const load = new TestLoad();
    const bus = new CanBench([new Cia402Drive(bareCia402(1), load)], [load]);
    bus.ask('C\rS8\rO');
    expect(bus.run(290)).toEqual([]);
    expect(bus.run(50)).toEqual(['t701100']);
    expect(bus.run(500)).toEqual([]);
    expect(bus.read(1, 0x6041) & 0x6f).toBe(0x40);
  });

  test('restarts its communication, and itself, and says so (nmt.wait_for_bootup)', () => {
    const { bus } = bench();
    expect(bus.ask('t00028201', 30)).toEqual(['t701100']);
    bus.write(1, 0x6081, 0, 77, 4);
    expect(bus.ask('t00028201', 30)).toEqual(['t701100']);
    expect(bus.read(1, 0x6081)).toBe(77);
    expect(bus.ask('t00028100', 400)).toEqual(['t701100']);
    expect(bus.read(1, 0x6081)).not.toBe(77);
  });

  test('answers node guarding with a toggle bit, and beats when told', () => {
    const { bus } = bench();
    expect([...bus.ask('r7011'), ...bus.ask('r7011')]).toEqual(['t70117F', 't7011FF']);
    bus.write(1, 0x1017, 0, 10, 2);
    const beats = bus.run(100);
    expect(beats.length).toBeGreaterThanOrEqual(9);
    expect(new Set(beats)).toEqual(new Set(['t70117F']));
    expect(bus.ask('t00020101', 25)).toContain('t701105');
    expect(bus.ask('t00020201', 25)).toContain('t701104');
  });
});

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

describe('power state machine', () => {
  test('walks 6, 7, F and back, and tells each state at once (p402)', () => {
    const { bus, drive } = bench();
    bus.write(1, 0x6060, 0, 10, 1);
    bus.ask('t00020101');
    const walk = ['06', '07', '0F', '07', '0F', '06', '0F', '00'].map((word) => bus.ask(`t2012${word}00`).find((line) => line.startsWith('t181'))?.slice(5, 7));
    expect(walk).toEqual(['31', '33', '37', '33', '37', '31', '37', '50']);
    bus.ask('t20120700');
    expect(bus.read(1, 0x6041) & 0x6f).toBe(0x40);
    expect(drive.energised).toBe(false);
  });

  test('stops quickly from motion and then lets go', () => {
    const { bus, drive, load } = enabled(9);
    bus.write(1, 0x60ff, 0, COUNTS / 2, 4);
    bus.run(400);
    expect(load.velocity).toBeCloseTo(Math.PI, 1);
    bus.ask('t20120200', 0);
    bus.run(5);
    expect(bus.read(1, 0x6041) & 0x6f).toBe(0x07);
    bus.run(300);
    expect(Math.abs(load.velocity)).toBeLessThan(0.02);
    expect(bus.read(1, 0x6041) & 0x6f).toBe(0x40);
    expect(drive.energised).toBe(false);
  });

  test('a fault is reported, resets only on a rising edge, and only when its cause is gone', () => {
    const { bus, drive } = enabled(8);
    bus.write(1, 0x6065, 0, 1_000, 4);
    const heard = [bus.ask('t301400100000', 0), bus.run(600)].flat();
    expect(heard.some((line) => line.startsWith('t08181186'))).toBe(true);
    expect(bus.read(1, 0x603f)).toBe(0x8611);
    expect(bus.read(1, 0x1003, 1)).toBe(0x8611);
    expect(bus.read(1, 0x1001)).toBe(1);
    expect(bus.read(1, 0x6041) & 0x4f).toBe(0x08);
    expect(drive.energised).toBe(false);
    bus.ask('t20120F00');
    expect(bus.read(1, 0x6041) & 0x4f).toBe(0x08);
    expect(bus.ask('t20128000')).toContain('t08180000000000000000');
    expect(bus.read(1, 0x6041) & 0x6f).toBe(0x40);
    expect(bus.read(1, 0x603f)).toBe(0);
  });

  test("CORC's reset of a fault (06, 80, 0F) ends released, because 0F is no way out of switch-on-disabled", () => {
    const { bus, drive } = bench();
    bus.ask('t00020101');
    for (const word of ['06', '80', '0F']) bus.ask(`t2012${word}00`);
    expect(drive.energised).toBe(false);
  });
});

describe('modes', () => {
  test('torque: pushes with the share of the rated torque that it is told, within its limits', () => {
    const { bus, load } = enabled(10);
    load.held = true;
    bus.ask('t5012F401');
    expect(load.torqueNm).toBeCloseTo(20, 5);
    bus.write(1, 0x60b2, 0, 100, 2);
    bus.run(2);
    expect(load.torqueNm).toBeCloseTo(24, 5);
    bus.write(1, 0x6072, 0, 250, 2);
    bus.run(2);
    expect(load.torqueNm).toBeCloseTo(10, 5);
    expect(bus.read(1, 0x6077)).toBe(250);
    expect(bus.read(1, 0x6041) & 0x800).toBe(0x800);
  });

  test('profile torque (Copley, Kinco: 4) rises with its slope', () => {
    const { bus, load } = enabled(4);
    load.held = true;
    bus.write(1, 0x6087, 0, 1_000, 4);
    bus.ask('t5012F401', 100);
    expect(load.torqueNm).toBeGreaterThan(3);
    expect(load.torqueNm).toBeLessThan(5);
    bus.run(500);
    expect(load.torqueNm).toBeCloseTo(20, 1);
  });

  test('cyclic position follows, cyclic velocity runs, and both keep the speed limit', () => {
    const { bus, load } = enabled(8);
    bus.write(1, 0x607a, 0, COUNTS / 8, 4);
    bus.run(1_500);
    expect(load.position).toBeCloseTo(Math.PI / 4, 2);
    bus.write(1, 0x6060, 0, 9, 1);
    bus.write(1, 0x6080, 0, 800, 4);
    bus.write(1, 0x60ff, 0, 10 * COUNTS, 4);
    bus.run(600);
    // 800 rpm of the motor behind a gear of 80.
    expect(load.velocity).toBeLessThan((10 / 60) * 2 * Math.PI + 0.02);
    expect(load.velocity).toBeGreaterThan(0.8);
  });

  test('profile position takes a set-point on the rising edge, says so, and arrives', () => {
    const { bus, load } = enabled(1);
    bus.write(1, 0x607a, 0, COUNTS / 4, 4);
    bus.run(500);
    expect(load.position).toBeCloseTo(0, 3);
    bus.ask('t20121F00');
    expect(bus.read(1, 0x6041) & 0x1400).toBe(0x1000);
    bus.ask('t20120F00');
    expect(bus.read(1, 0x6041) & 0x1000).toBe(0);
    bus.run(4_000);
    expect(load.position).toBeCloseTo(Math.PI / 2, 2);
    expect(bus.read(1, 0x6041) & 0x400).toBe(0x400);
  });

  test('profile velocity ramps up and halts', () => {
    const { bus, load } = enabled(3);
    bus.write(1, 0x60ff, 0, COUNTS / 4, 4);
    bus.run(50);
    expect(load.velocity).toBeLessThan(1);
    bus.run(800);
    expect(load.velocity).toBeCloseTo(Math.PI / 2, 1);
    bus.ask('t20120F01', 500);
    expect(Math.abs(load.velocity)).toBeLessThan(0.05);
  });

  test('homing at the present place: the counter reads the home offset', () => {
    const { bus, load } = enabled(6);
    load.held = true;
    load.position = 0.5;
    bus.write(1, 0x607c, 0, 100, 4);
    const heard = bus.ask('t20121F00');
    expect(heard.some((line) => line.startsWith('t181'))).toBe(true);
    expect(bus.read(1, 0x6041) & 0x3400).toBe(0x1400);
    expect(bus.read(1, 0x6064)).toBe(100);
  });
});

describe("losing the host's heartbeat", () => {
  const beat = 't77F105';
  const watched = (option: number) => {
    const made = enabled(10);
    made.load.held = true;
    made.bus.write(1, 0x6007, 0, option, 2);
    made.bus.write(1, 0x1016, 1, 0x7f_0064, 4);
    made.bus.ask(`t5012F401\r${beat}`);
    return made;
  };

  test('is no matter before a heartbeat has been heard, or while none is watched', () => {
    const { bus, drive } = enabled(10);
    bus.run(1_000);
    expect(drive.energised).toBe(true);
    bus.write(1, 0x1016, 1, 0x7f_0064, 4);
    bus.run(1_000);
    expect(drive.energised).toBe(true);
  });

  test('with option 1: one EMCY for one loss (CiA 301, 7.2.7.1), fault once it has stopped', () => {
    const { bus } = watched(1);
    bus.run(90);
    expect(bus.run(900).filter((line) => line.startsWith('t081'))).toEqual(['t08183081110000000000']);
    expect(bus.read(1, 0x6041) & 0x4f).toBe(0x08);
  });

  test('with option 2: lets go after the time, with EMCY 8130 and back to pre-operational', () => {
    const { bus, drive, load } = watched(2);
    for (let i = 0; i < 20; i++) bus.ask(beat, 50);
    expect(drive.energised).toBe(true);
    expect(bus.run(40)).toEqual([]);
    const heard = bus.run(50);
    expect(heard).toContain('t08183081110000000000');
    expect([drive.energised, load.torqueNm]).toEqual([false, 0]);
    expect(bus.ask('t0800')).toEqual([]);
    expect(bus.read(1, 0x6041) & 0x6f).toBe(0x40);
    expect(bus.ask(beat)).toContain('t08180000000000000000');
    expect(drive.energised).toBe(false);
  });

  test.each([
    [0, true, 0x27],
    [1, false, 0x08],
    [3, false, 0x40],
  ])('with option %i: energised %s, state %i', (option, energised, state) => {
    const { bus, drive } = watched(option);
    bus.run(300);
    expect(drive.energised).toBe(energised);
    expect(bus.read(1, 0x6041) & (state === 0x08 ? 0x4f : 0x6f)).toBe(state);
  });

  test('being stopped or reset by NMT is a loss of the connection too', () => {
    const { drive, bus } = watched(2);
    bus.ask('t00028201');
    expect(drive.energised).toBe(false);
  });
});

describe('trouble inside', () => {
  test('a reset in mid-run ends released, with a boot-up message', () => {
    const { bus, drive } = enabled(10);
    drive.reset(bus.nowUs);
    expect(bus.run(400)).toEqual(['t701100']);
    expect(drive.energised).toBe(false);
    expect(bus.ask('t0800')).toEqual([]);
  });

  test('without power it is silent, and comes back released', () => {
    const { bus, drive } = enabled(10);
    drive.setPower(false, bus.nowUs);
    expect(bus.ask('t60184041600000000000', 10)).toEqual([]);
    drive.setPower(true, bus.nowUs);
    bus.run(400);
    expect(drive.energised).toBe(false);
    expect(bus.read(1, 0x6041) & 0x6f).toBe(0x40);
  });

  test('faults show as they should: frozen, deaf, in another mode, another drive', () => {
    const { bus, drive, load } = enabled(10);
    drive.faults.frozenReport = true;
    const before = bus.read(1, 0x6064);
    load.position = 1;
    expect(bus.read(1, 0x6064)).toBe(before);
    drive.faults.frozenReport = false;
    drive.faults.ignoresCommands = true;
    bus.ask('t20120000');
    expect(drive.energised).toBe(true);
    drive.faults.ignoresCommands = false;
    drive.faults.wrongMode = true;
    expect(bus.read(1, 0x6061)).toBe(3);
    drive.faults.wrongIdentity = true;
    expect(bus.read(1, 0x1018, 4)).toBe(43);
  });

  test('too hot, it faults at once with the code of CiA 402', () => {
    const { bus, drive, load } = enabled(10);
    load.held = true;
    bus.ask('t5012B80B');
    for (let i = 0; i < 400 && drive.energised; i++) bus.run(1_000);
    expect(drive.energised).toBe(false);
    expect(bus.read(1, 0x603f)).toBe(0x4310);
    bus.ask('t20128000');
    expect(bus.read(1, 0x6041) & 0x4f).toBe(0x08);
  });
});
